"""What a report states by universal words: which item a sentence is about, or a cell holds."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dudao.base.yaml_text import read_own
from dudao.facts.cells import UNIVERSAL
from dudao.facts.items import item

_SUBJECTS = Path(__file__).with_suffix(".yaml")
_SENTENCE = re.compile(r"[^。；;！!？?\n]+")


@dataclass(frozen=True)
class Word:
    """A universal word; its unit is that of what it says, empty for a count."""

    text: str
    unit: str

    @property
    def value(self) -> float:
        """Return what it says: all, in per cent, or a count of zero."""
        return 100 if self.unit == "%" else 0

    def fits(self, unit: str) -> bool:
        """Say whether the word can state a quantity of a unit: 100 % a share, zero a count."""
        return (unit == "%") == (self.unit == "%")


WORDS = {text: Word(text, unit) for text, unit in UNIVERSAL.items()}


@dataclass(frozen=True)
class Statement:
    """One sentence that states an item by a universal word."""

    sentence: str
    word: Word
    item: str
    stage: str


def word_of(text: str) -> Word | None:
    """Return the universal word that a cell holds, and nothing but it; else None."""
    return WORDS.get(text.strip().strip("“”\"'"))


def _word_in(sentence: str, unit: str) -> Word | None:
    """Return the longest universal word of a sentence that can state a quantity of a unit."""
    fitting = [word for text, word in WORDS.items() if text in sentence and word.fits(unit)]
    return max(fitting, key=lambda word: len(word.text), default=None)


def statements(text: str) -> Iterator[Statement]:
    """Yield what the sentences of a report state by universal words, in their order.

    A sentence states every item whose subject it names; the first subject that fits names it.
    """
    for match in _SENTENCE.finditer(text):
        sentence = match[0].strip()
        for entry in read_own(_SUBJECTS):
            word = _word_in(sentence, item(entry["item"]).unit)
            if word and any(subject in sentence for subject in entry["about"]):
                yield Statement(sentence, word, entry["item"], entry["stage"])
