"""Marks, grades, downgrades: an optional part of a scheme. Without it, nothing is scored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

ALL_OR_NOTHING, PER_CHECK, REVIEWER = "all_or_nothing", "per_check", "reviewer"
WAYS = {
    ALL_OR_NOTHING: "达标得满分，未达标不得分",
    PER_CHECK: "按达标检查所占比例",
    REVIEWER: "由评审人员评定",
}


@dataclass(frozen=True)
class Grade:
    """A grade and the total marks from which it is given."""

    name: str
    at_least: float


@dataclass(frozen=True)
class Downgrade:
    """An event that lowers the grade by one step: a check that is not met."""

    title: str
    check: str


@dataclass(frozen=True)
class Scoring:
    """Total marks, grades from the best to the worst, and what lowers or forfeits them."""

    total: float = 0.0
    grades: tuple[Grade, ...] = ()
    downgrades: tuple[Downgrade, ...] = ()

    @property
    def is_on(self) -> bool:
        """Say whether the scheme gives marks at all."""
        return self.total > 0


def scoring_of(raw: dict[str, Any]) -> Scoring:
    """Read the optional `scoring` part of a scheme."""
    return Scoring(
        total=float(raw.get("total", 0)),
        grades=tuple(Grade(**grade) for grade in raw.get("grades", ())),
        downgrades=tuple(Downgrade(**event) for event in raw.get("downgrades", ())),
    )
