"""Universal words: 全部、开齐开足、完全满足 state a figure that nobody printed.

One rule for all of them: such a word is an attested statement, tied to one check, to be proved
(待证) by the figures behind it. No word is taken for data, and none is dropped.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from dudao.base.yaml_text import read_own

FILE = Path(__file__).with_name("universal.yaml")


@dataclass(frozen=True)
class Word:
    """A universal word and what it says: 100 per cent, or a count of zero (unit empty)."""

    text: str
    value: float
    unit: str

    def fits(self, unit: str) -> bool:
        """Say whether the word can state a quantity of a unit: 100 % a share, zero a count."""
        return (unit == "%") == (self.unit == "%")


@cache
def words() -> dict[str, Word]:
    """Return every universal word by its text."""
    return {
        text: Word(text, float(r["value"]), r["unit"])
        for text, r in read_own(FILE)["words"].items()
    }
