"""Where one county's values stand: rank in its city and province, quartiles of all counties.

National and provincial figures stand beside them for reading: they judge nobody.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from dudao.base import reference
from dudao.case import Case
from dudao.comparison.peers.county_measures import with_scenario
from dudao.comparison.peers.ranks import FEWEST, POOL, pools_and_ranks
from dudao.comparison.peers.ranks_store import of_county, summary
from dudao.facts.items import describe, item
from dudao.law import Threshold

HIGHER, LOWER = "higher", "lower"  # which way is better
_DIRECTIONS = {">=": HIGHER, ">": HIGHER, "<=": LOWER, "<": LOWER}


@dataclass(frozen=True)
class Benchmark:
    """A figure of the nation or of a province in a year."""

    area: str
    year: int
    value: float


@dataclass(frozen=True)
class Rank:
    """A county's rank among some counties; percentile and rank are None where too few report.

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
    """One value of a county beside the others: ranks, quartiles, reference lines.

    marks: the values of the counties that report it, sorted, itself included; where they are more
    than thirty, the lowest, the tenths and the highest; none where they are fewer than five.
    """

    item: str
    stage: str
    detail: str
    value: float
    direction: str
    city: Rank
    province: Rank
    all: Rank
    marks: tuple[float, ...]
    quartiles: Quartiles | None
    lines: tuple[Benchmark, ...] = ()

    @property
    def label(self) -> str:
        """Return the Chinese name with stage and part."""
        return describe(self.item, self.stage, self.detail)

    @property
    def unit(self) -> str:
        """Return the unit of the item."""
        return item(self.item).unit


def _rank(counties: int, higher: int, lower: int, direction: str) -> Rank:
    """Return a rank from the numbers of counties, of those above, and of those below."""
    if counties < FEWEST:
        return Rank(counties)
    ahead = {HIGHER: higher, LOWER: lower}.get(direction)
    percentile = (counties - higher) / counties * 100
    return Rank(counties, percentile, None if ahead is None else 1 + ahead)


def directions(rules: Iterable[Threshold]) -> dict[tuple[str, str], str]:
    """Return which way is better, by item and stage; nothing where rules say none or both."""
    by_item: dict[tuple[str, str], set[str]] = {}
    for rule in rules:
        by_item.setdefault((rule.item, rule.stage), set()).add(_DIRECTIONS.get(rule.compare, ""))
    return {key: words.pop() for key, words in by_item.items() if len(words) == 1}


def _standing(row: Any, pool: Any, direction: str) -> Standing:
    def rank(area: str) -> Rank:
        counties, higher, lower = (
            int(getattr(row, f"{area}_{name}")) for name in ("counties", "higher", "lower")
        )
        return _rank(counties, higher, lower, direction)

    quartiles = Quartiles(pool.first, pool.median, pool.third)
    return Standing(
        item=row.item,
        stage=row.stage,
        detail=row.detail,
        value=row.value,
        direction=direction,
        city=rank("city"),
        province=rank("province"),
        all=rank("all"),
        marks=tuple(np.asarray(pool.marks).tolist()),
        quartiles=None if np.isnan(pool.median) else quartiles,
    )


def _standings(
    pools: pd.DataFrame, ranks: pd.DataFrame, better: dict[tuple[str, str], str]
) -> list[Standing]:
    by_quantity = {tuple(getattr(pool, name) for name in POOL): pool for pool in pools.itertuples()}
    return [
        _standing(
            row,
            by_quantity[tuple(getattr(row, name) for name in POOL)],
            better.get((row.item, row.stage), ""),
        )
        for row in ranks.itertuples()
    ]


def standings_of(
    table: pd.DataFrame, county: str, better: dict[tuple[str, str], str]
) -> list[Standing]:
    """Rank every value of a county among the counties of its kind, real or fictional.

    table: columns county, fictional, item, stage, detail, value.
    """
    pools, ranks = pools_and_ranks(table)
    return _standings(pools, ranks[ranks["county"] == county], better)


def _latest(area: str, series: pd.Series, year: int) -> list[Benchmark]:
    """Return the newest figure that is not newer than the county's."""
    earlier = [(of, value) for of, value in series.items() if of <= year and value == value]
    return [Benchmark(area, int(of), float(value)) for of, value in earlier[-1:]]


def benchmarks(case: Case, item: str, stage: str) -> tuple[Benchmark, ...]:
    """Return what is known of the nation and of the county's province for a quantity."""
    year, province = case.year.data_year, case.stored.area[:2]
    nation = reference.national_rate(item, stage)
    if nation.empty:
        nation = reference.national_per_pupil(item, stage)
    provincial = reference.provincial_per_pupil(province, item, stage)
    return (*_latest("全国", nation, year), *_latest("全省", provincial, year))


def standings(case: Case) -> list[Standing]:
    """Rank every value of a county, with the national and provincial figures beside it."""
    better = directions(case.law.thresholds.values())
    year = case.year.year
    if case.scenario:
        listed = standings_of(with_scenario(summary(year), case), case.county, better)
    else:
        listed = _standings(*of_county(year, case.county), better)
    return [replace(one, lines=benchmarks(case, one.item, one.stage)) for one in listed]
