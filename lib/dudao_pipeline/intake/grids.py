"""A sheet as cells of text by row and column, whatever file it came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

FORMULA, FAULT, NUMBER, TEXT, PICTURE, REPEATED = "f", "e", "n", "s", "p", "r"
UNREADABLE = (FORMULA, FAULT, PICTURE, REPEATED)


class Raw(NamedTuple):
    """A cell that is not blank: its text, and what it is."""

    text: str
    kind: str


class Merge(NamedTuple):
    """A merged range."""

    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True)
class Grid:
    """One sheet: cells by row and column, its merges, and whether a user can see it.

    cleaned: the cells whose text held what nobody sees, with the text as it was.
    """

    title: str
    visible: bool
    rows: dict[int, dict[int, Raw]]
    merges: list[Merge] = field(default_factory=list)
    cleaned: dict[tuple[int, int], str] = field(default_factory=dict)
