"""Reference tables: county codes, census, national and provincial lines; each with its origin."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dudao.base import workspace

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class CountyName:
    """A county of the official code table."""

    code: str
    name: str
    city: str
    province: str

    @property
    def full_name(self) -> str:
        """Return province, city and county, leaving out names that say nothing."""
        city = "" if self.city in ("市辖区", "县") or "直辖" in self.city else self.city
        return f"{self.province}{city}{self.name}".replace(f"{city}{city}", city)


def _path(name: str) -> Path:
    return workspace.data() / "reference" / f"{name}.csv"


@cache
def table(name: str) -> pd.DataFrame:
    """Return a table of data/reference as its file has it; columns of codes are text."""
    import pandas as pd

    text_columns = {"code": str, "city_code": str, "province_code": str}
    return pd.read_csv(_path(name), dtype=text_columns)


@cache
def counties() -> dict[str, CountyName]:
    """Return the county code table by code."""
    names = ("code", "name", "city_name", "province_name")
    lines = _path("county_codes").read_text(encoding="utf-8").splitlines()
    return {r["code"]: CountyName(*(r[name] for name in names)) for r in csv.DictReader(lines)}


@cache
def _census_places() -> dict[str, int]:
    return {code: at for at, code in enumerate(table("census_2020")["code"])}


def census(code: str) -> dict[str, Any] | None:
    """Return the census row of a county, or None where the census has no such code."""
    at = _census_places().get(code)
    return None if at is None else table("census_2020").iloc[at].to_dict()


@cache
def _series(name: str, columns: tuple[str, ...]) -> dict[tuple[Any, ...], pd.Series]:
    """Return the values of a table by year, for each combination of the columns."""
    groups = table(name).set_index("year").sort_index().groupby(list(columns))["value"]
    return dict(iter(groups))


def _by_year(name: str, **wanted: str) -> pd.Series:
    import pandas as pd

    series = _series(name, tuple(wanted)).get(tuple(wanted.values()))
    return pd.Series(dtype=float) if series is None else series.copy()


def national_per_pupil(item: str, stage: str) -> pd.Series:
    """Return the national per-pupil spending of a stage, index year, in yuan."""
    return _by_year("per_pupil_national", item=item, stage=stage)


def national_rate(item: str, stage: str) -> pd.Series:
    """Return a national rate of a stage, index year; empty where none is known.

    In %, pupils per teacher for the two ratios; as printed in (three: computed from) the bulletins
    on education and its funding (`national_rates.meta.yml`); years not seen are absent.
    """
    return _by_year("national_rates", item=item, stage=stage)


def provincial_per_pupil(province_code: str, item: str, stage: str) -> pd.Series:
    """Return a province's per-pupil spending of a stage, index year; empty where none is known.

    In yuan, `_growth` items in %; as printed in the province's notice on education funding
    (`per_pupil_provincial.meta.yml`).
    """
    return _by_year("per_pupil_provincial", province_code=province_code, item=item, stage=stage)


def load() -> None:
    """Read every table, for a process that others are forked from."""
    counties()
    census("")
    for series in (national_per_pupil, national_rate):
        series("", "")
    provincial_per_pupil("", "", "")
