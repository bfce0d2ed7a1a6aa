"""What a check and a point come to: the words and the records of judging."""

from __future__ import annotations

from dataclasses import dataclass

from dudao.indicators.measure import Gap
from dudao.law import Point

MET, NOT_MET, UNDECIDED = "met", "not_met", "undecided"
NOT_APPLICABLE, REFERENCE = "not_applicable", "reference"


@dataclass(frozen=True)
class Verdict:
    """One check: what was found, what the law asks, the result and its basis."""

    points: tuple[str, ...]
    check: str
    label: str
    item: str
    stage: str
    data_year: int
    value: float
    unit: str
    threshold: float | None
    compare: str
    decimals: int
    role: str
    result: str
    basis: str
    gap: Gap | None
    citation: str
    url: str
    law_status: str
    sources: tuple[str, ...]
    missing: tuple[str, ...]
    stated: float
    qualifier: str
    note: str
    area: str
    units: tuple[str, ...] = ()

    @property
    def point(self) -> str:
        """Return the points it decides, as a reader writes them."""
        return "、".join(self.points)


@dataclass(frozen=True)
class PointVerdict:
    """The result of one point of evaluation, its basis, and what would decide it."""

    point: Point
    result: str
    basis: str
    to_supply: tuple[str, ...]
    note: str = ""
