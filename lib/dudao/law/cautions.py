"""Cautions: figures that a document forbids to set as a target, to reward by or to publicise."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from dudao.law.areas import read_yaml
from dudao.law.values import Reference

FILE = Path(__file__).with_name("cautions.yaml")


@dataclass(frozen=True)
class Caution:
    """What a document says of some figures, since when, and which figures they are."""

    topic: str
    items: tuple[str, ...]
    words: tuple[str, ...]
    text: str
    start: date
    reference: Reference

    def names(self, printed: Iterable[str]) -> tuple[str, ...]:
        """Return the printed names that the caution is about, each once."""
        named = (name for name in printed if any(word in name for word in self.words))
        return tuple(dict.fromkeys(named))


@cache
def cautions() -> tuple[Caution, ...]:
    """Return every caution, in the order of the file."""
    return tuple(
        Caution(
            **{
                **entry,
                "items": tuple(entry["items"]),
                "words": tuple(entry["words"]),
                "reference": Reference(**entry["reference"]),
            }
        )
        for entry in read_yaml(FILE).values()
    )
