"""Errors that a user reads: Chinese text saying what, where, and what to do next."""

import difflib
import unicodedata
from collections.abc import Iterable, Iterator


class DudaoError(Exception):
    """Base of every error whose text is meant for the user."""

    def _render_traceback_(self) -> list[str]:
        """Return what a notebook shows of the error (a hook of IPython): its text alone."""
        return [str(self)]


class LawError(DudaoError):
    """The law holds no such framework, threshold or date."""


class FactsError(DudaoError):
    """The data of a county are absent or cannot be used."""


class ScenarioError(DudaoError):
    """A scenario does not exist, says something wrong, or does not fit a county."""


class ParameterError(DudaoError):
    """A command was given a parameter that does not exist or is malformed."""


def nearest(wrong: str, candidates: Iterable[str]) -> str:
    """Return a Chinese hint that names the known words closest to a wrong one.

    A character that cannot be seen, or that looks like another, is named by its code point: else
    the message shows two words that look the same.
    """
    close = difflib.get_close_matches(str(wrong), list(candidates), n=3, cutoff=0.4)
    hint = f"，最接近的是：{'、'.join(close)}" if close else ""
    odd = "、".join(f"U+{ord(letter):04X}" for letter in dict.fromkeys(_unlike(str(wrong))))
    return f"{hint}（所填含看不见或形似的字符：{odd}）" if odd else hint


def _unlike(text: str) -> Iterator[str]:
    """Yield the characters of a text that are invisible, private, or look like another."""
    for letter in text:
        kind = unicodedata.category(letter)
        looks_like = kind in ("Lo", "So") and unicodedata.normalize("NFKC", letter) != letter
        if (
            kind in ("Cf", "Cc", "Co", "Cn", "Zl", "Zp")
            or looks_like
            or (kind == "Zs" and letter != " ")
        ):
            yield letter
