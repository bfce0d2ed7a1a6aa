"""What a report states by universal words: 全部, 开齐开足 for all, 全面清零 for none."""

from dataclasses import dataclass
from pathlib import Path

from dudao.base.yaml_text import read_own
from dudao.facts.cells import UNIVERSAL
from dudao.facts.items import item

_SUBJECTS = Path(__file__).with_suffix(".yaml")


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


def word_of(text: str) -> Word | None:
    """Return the universal word that a cell holds, and nothing but it; else None."""
    return WORDS.get(text.strip().strip("“”\"'"))


def item_stated(name: str, word: Word, stage: str | None) -> str:
    """Return the item that a name states together with its word, "" if none.

    The first of the listed subjects that the words name, and that the word can state.
    """
    for entry in read_own(_SUBJECTS):
        stated = item(entry["item"])
        is_about = any(subject in f"{name}{word.text}" for subject in entry["about"])
        if is_about and word.fits(stated.unit) and stage in stated.stages:
            return stated.item
    return ""
