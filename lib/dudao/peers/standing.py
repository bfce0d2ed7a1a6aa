"""Where one county's values stand: place in its city and province, quartiles of all counties."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from dudao.case import Case
from dudao.facts.items import describe, item
from dudao.law import Threshold
from dudao.peers.collect import summary
from dudao.peers.lines import Line, lines
from dudao.peers.scenario import with_scenario

FEWEST = 5  # counties, itself included; among fewer a place says nothing
AREAS = {"city": 4, "province": 2, "all": 0}  # digits of a county code that its counties share
HIGHER, LOWER = "higher", "lower"  # which way is better
_DIRECTIONS = {">=": HIGHER, ">": HIGHER, "<=": LOWER, "<": LOWER}
_EQUAL = 0.5e-6  # values that differ less are equal: binary noise is no lead


@dataclass(frozen=True)
class Place:
    """A county's place among some counties; percentile and rank are None where too few report.

    percentile: the part of the counties, itself included, whose value is not higher.
    rank: 1 is best, equal values share it; None where no rule says which way is better.
    """

    counties: int
    percentile: float | None = None
    rank: int | None = None


@dataclass(frozen=True)
class Quartiles:
    """First quartile, median and third quartile of the counties that report (linear)."""

    first: float
    median: float
    third: float


@dataclass(frozen=True)
class Standing:
    """One value of a county beside the others: places, quartiles, reference lines.

    values: those of all counties in the store that report it, sorted, itself included.
    """

    item: str
    stage: str
    detail: str
    value: float
    direction: str
    city: Place
    province: Place
    all: Place
    values: tuple[float, ...]
    quartiles: Quartiles | None
    lines: tuple[Line, ...] = ()

    @property
    def label(self) -> str:
        """Return the Chinese name with stage and part."""
        name = describe(self.item, self.stage)
        return f"{name}·{self.detail}" if self.detail else name

    @property
    def unit(self) -> str:
        """Return the unit of the item."""
        return item(self.item).unit


def _place(values: np.ndarray, own: float, direction: str) -> Place:
    """Return the place of a value among values that include it."""
    if len(values) < FEWEST:
        return Place(len(values))
    higher, lower = values > own + _EQUAL, values < own - _EQUAL
    percentile = float((~higher).mean() * 100)
    ahead = {HIGHER: higher, LOWER: lower}.get(direction)
    return Place(len(values), percentile, None if ahead is None else 1 + int(ahead.sum()))


def _quartiles(values: np.ndarray) -> Quartiles | None:
    if len(values) < FEWEST:
        return None
    return Quartiles(*map(float, np.quantile(values, (0.25, 0.5, 0.75))))


def directions(rules: Iterable[Threshold]) -> dict[tuple[str, str], str]:
    """Return which way is better, by item and stage; nothing where rules say none or both."""
    found: dict[tuple[str, str], set[str]] = {}
    for rule in rules:
        found.setdefault((rule.item, rule.stage), set()).add(_DIRECTIONS.get(rule.compare, ""))
    return {key: words.pop() for key, words in found.items() if len(words) == 1}


def _begin(codes: np.ndarray, digits: str) -> np.ndarray:
    """Say which codes begin with some digits."""
    return codes.astype(f"U{len(digits)}") == digits if digits else np.ones(len(codes), bool)


def _standing(row, counties: np.ndarray, values: np.ndarray, direction: str) -> Standing:
    """counties: the codes of those whose values these are."""
    return Standing(
        item=row.item,
        stage=row.stage,
        detail=row.detail,
        value=row.value,
        direction=direction,
        **{
            name: _place(values[_begin(counties, row.county[:digits])], row.value, direction)
            for name, digits in AREAS.items()
        },
        values=tuple(np.sort(values).tolist()),
        quartiles=_quartiles(values),
    )


def standings_of(
    table: pd.DataFrame, county: str, better: dict[tuple[str, str], str]
) -> list[Standing]:
    """Place every value of a county among the counties of its kind, real or fictional.

    table: columns county, fictional, item, stage, detail, value.
    """
    own = table[table["county"] == county]
    pool = table[table["fictional"].isin(set(own["fictional"]))]
    by_key = {
        key: (rows["county"].to_numpy(str), rows["value"].to_numpy())
        for key, rows in pool.groupby(["item", "stage", "detail"], sort=False)
    }
    return [
        _standing(
            row, *by_key[row.item, row.stage, row.detail], better.get((row.item, row.stage), "")
        )
        for row in own.itertuples(index=False)
    ]


def standings(case: Case) -> list[Standing]:
    """Place every value of a county, with the national and provincial figures beside it."""
    better = directions(case.law.thresholds.values())
    table = with_scenario(summary(case.year.year), case)
    found = standings_of(table, case.county, better)
    return [replace(one, lines=lines(case, one.item, one.stage)) for one in found]
