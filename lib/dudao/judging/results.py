"""What a check and a point come to: the words and the records of judging."""

import math
from dataclasses import dataclass

import pandas as pd

from dudao.base.rounding import plain
from dudao.facts.cells import figure_text
from dudao.facts.sheet_layout import RATED_MET, RATED_NOT_MET
from dudao.indicators.measure import ATTESTED
from dudao.law import Point

MET, NOT_MET, UNDECIDED = "met", "not_met", "undecided"
NOT_APPLICABLE, REFERENCE = "not_applicable", "reference"
UNCONFIRMED = "unconfirmed"  # of a rule: no document was read that says so


@dataclass(frozen=True)
class Gap:
    """What to supply, rounded up to the unit that is bought: amount, unit, of which quantity.

    is_excess: there is too much of it, not too little. what: the quantity's name, or empty.
    """

    amount: float
    unit: str
    is_excess: bool = False
    what: str = ""

    @property
    def quantity(self) -> str:
        """Return amount and unit; an amount in 元 belongs to one pupil."""
        return f"{'每生' if self.unit == '元' else ''}{plain(self.amount)}{self.unit}"

    @property
    def text(self) -> str:
        """Return the gap as every page, table and report prints it."""
        return f"{'超出' if self.is_excess else '尚差'}{self.quantity}"


@dataclass(frozen=True)
class Verdict:
    """One check: what was found, what the law asks, the result and its basis.

    decimals: at which the value is printed: those of its rule, more where these hide the result.
    starts: the day on which the rule comes into force, where that is after the year judged.
    """

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
    starts: str = ""

    @property
    def is_known(self) -> bool:
        """Say whether there is a value at all."""
        return not math.isnan(self.value)

    @property
    def value_text(self) -> str:
        """Return the value as every page prints it: as decided, or as the report states it."""
        decimals = None if self.basis == ATTESTED else self.decimals
        return figure_text(self.value, self.unit, self.qualifier, decimals) or "缺数据"

    @property
    def effect(self) -> str:
        """Return what the check does to its points: the result, as far as its rule is sourced.

        A rule that is unconfirmed never makes a point not met by itself: it leaves it open.
        """
        return UNDECIDED if self.is_unproven else self.result

    @property
    def is_unproven(self) -> bool:
        """Say whether the check is not met by a rule that no document was read for."""
        return self.result == NOT_MET and self.law_status == UNCONFIRMED

    @property
    def points_text(self) -> str:
        """Return the points it decides, as a reader writes them; data keep the list."""
        return "、".join(self.points)


@dataclass(frozen=True)
class PointVerdict:
    """The result of one point of evaluation, its basis, and what would decide it.

    to_supply: what the county can supply. law: what waits for a document of law, which it names.
    """

    point: Point
    result: str
    basis: str
    to_supply: tuple[str, ...]
    note: str = ""
    law: tuple[str, ...] = ()


@dataclass(frozen=True)
class SelfRating:
    """The county's own conclusion on one point, with its own marks if the scheme gives any."""

    point: str
    rating: str
    score: float
    reason: str
    source: str

    @property
    def says_met(self) -> bool:
        """Say whether the county claims the point as met."""
        return self.rating == RATED_MET

    @property
    def says_not_met(self) -> bool:
        """Say whether the county admits the point as not met."""
        return self.rating == RATED_NOT_MET


def self_ratings(table: pd.DataFrame) -> dict[str, SelfRating]:
    """Return the self-ratings by point; the last line of a point counts.

    table: columns as `facts.schema` declares them.
    """
    return {
        row.point: SelfRating(
            row.point, row.rating, row.score, row.reason, f"{row.sheet}!{row.cell}"
        )
        for row in table.itertuples(index=False)
    }
