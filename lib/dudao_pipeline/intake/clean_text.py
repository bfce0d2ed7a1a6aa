"""Text as it was meant: without what nobody sees, in the characters that everybody types."""

import re
import unicodedata
from functools import lru_cache

from dudao.facts.plain_text import BLANKS, PRIVATE

# The radicals of Unicode's supplement that stand for whole words in text copied from a PDF, and
# have no decomposition (Unicode, EquivalentUnifiedIdeograph.txt).
_RADICALS = dict(
    zip(
        "⺠⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰",
        "民虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟卤麦黄齐齿龙",
        strict=True,
    )
)
STRUCK = "\u0336"  # what strikes the sign before it through
_BREAKS = re.compile(r"\r\n?|[\v\f\u0085\u2028\u2029]")


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in ("Cf", "Cc") and character not in "\t\n"


def _is_pictured(text: str) -> bool:
    return text == "\ufe0f" or text >= "\U0001f000" or "☀" <= text <= "➿"


def visible(text: str) -> str:
    """Return a text without zero-width, direction and control characters; breaks are one kind.

    A joiner inside an emoji is part of it and stays.
    """
    text = _BREAKS.sub("\n", text)
    if text.isascii() and text.isprintable():
        return text
    kept: list[str] = []
    for character in text:
        in_picture = character == "\u200d" and bool(kept) and _is_pictured(kept[-1])
        if in_picture or not _is_invisible(character):
            kept.append(character)
    return "".join(kept)


def _word(character: str) -> str:
    if "\u2f00" <= character <= "\u2fdf" or "\uf900" <= character <= "\ufaff":
        return unicodedata.normalize("NFKC", character)
    if "\U0002f800" <= character <= "\U0002fa1f":
        return unicodedata.normalize("NFKC", character)
    return _RADICALS.get(character, character)


def words(text: str) -> str:
    """Return a text with radicals and compatibility forms as the words that they look like."""
    return text if text.isascii() else "".join(map(_word, text))


def clean(text: str) -> str:
    """Return the text of a cell as it is kept: visible, in plain words, without outer blanks."""
    return _clean_short(text) if len(text) <= _SHORT else _clean(text)


def _clean(text: str) -> str:
    return words(visible(text)).strip(BLANKS + "\t\n")


# The words of a template stand in every row and in every file of a batch.
_SHORT = 40
_clean_short = lru_cache(maxsize=1 << 15)(_clean)


def struck(text: str) -> str:
    """Return a text with every sign struck through."""
    return "".join(f"{sign}{STRUCK}" for sign in text)


def is_struck(text: str) -> bool:
    """Say whether every sign of a text is struck through."""
    return len(text) > 1 and set(text[1::2]) == {STRUCK}


def has_changed(before: str, after: str) -> bool:
    """Say whether cleaning changed more than the blanks around a text."""
    return before.strip() != after


def named(character: str) -> str:
    """Return a character as a message shows it, with its number where it is not plain."""
    code = f"U+{ord(character):04X}"
    if unicodedata.category(character)[0] in "CZ":
        return code
    return f"“{character}”" if character.isascii() else f"“{character}”（{code}）"


def private(text: str) -> list[str]:
    """Return the characters of a text that only the machine of its writer can show."""
    return [c for c in dict.fromkeys(text) if unicodedata.category(c) == PRIVATE]
