"""National and provincial figures beside a county's: for reading, they judge nobody."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from dudao.base import reference
from dudao.case import Case

_CHILDREN = "children_per_class"
_CENSUS_DAY = 2020  # the only year of the table of provinces


@dataclass(frozen=True)
class Benchmark:
    """A figure of the nation or of a province in a year."""

    area: str
    year: int
    value: float


def _latest(area: str, series: pd.Series, year: int) -> list[Benchmark]:
    """Return the newest figure that is not newer than the county's."""
    earlier = series[series.index <= year].dropna()
    return (
        [] if earlier.empty else [Benchmark(area, int(earlier.index[-1]), float(earlier.iloc[-1]))]
    )


def benchmarks(case: Case, item: str, stage: str) -> tuple[Benchmark, ...]:
    """Return what is known of the nation and of the county's province for a quantity."""
    year, province = case.year.data_year, case.stored.area[:2]
    nation = reference.national_rate(item, stage)
    if nation.empty:
        nation = reference.national_per_pupil(item, stage)
    figures = _latest("全国", nation, year)
    figures += _latest("全省", reference.provincial_per_pupil(province, item, stage), year)
    if item == _CHILDREN and stage == "preschool":
        counts = {"全国": "00", "全省": province}
        values = {a: reference.provincial_preschool(code, item) for a, code in counts.items()}
        figures += [
            Benchmark(a, _CENSUS_DAY, value) for a, value in values.items() if value is not None
        ]
    return tuple(figures)
