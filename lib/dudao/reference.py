"""Reference tables: county codes, census, national per-pupil spending; each with its origin."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import pandas as pd

from dudao import workspace


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


@cache
def _table(name: str) -> pd.DataFrame:
    path = workspace.data() / "reference" / f"{name}.csv"
    text_columns = {"code": str, "city_code": str, "province_code": str}
    return pd.read_csv(path, dtype=text_columns)


@cache
def counties() -> dict[str, CountyName]:
    """Return the county code table by code."""
    rows = _table("county_codes").itertuples()
    return {r.code: CountyName(r.code, r.name, r.city_name, r.province_name) for r in rows}


def census(code: str) -> dict | None:
    """Return the census row of a county, or None where the census has no such code."""
    rows = _table("census_2020").query("code == @code")
    return None if rows.empty else rows.iloc[0].to_dict()


def national_per_pupil(item: str, stage: str) -> pd.Series:
    """Return the national per-pupil spending of a stage, index year, in yuan."""
    table = _table("per_pupil_national")
    rows = table[(table["item"] == item) & (table["stage"] == stage)]
    return rows.set_index("year")["value"].sort_index()
