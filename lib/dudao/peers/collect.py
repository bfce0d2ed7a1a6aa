"""Every county's measures of one evaluation year in one table, kept in the store.

The table carries a key over the year's submissions and the law. A reader that finds another key
computes the table in memory; only `dudao ingest` and `dudao run` write it.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pandas as pd

from dudao import versions, workspace
from dudao.case import open_case
from dudao.errors import DudaoError
from dudao.facts import store
from dudao.indicators.measure import Measure
from dudao.indicators.registry import MEASURES
from dudao.law.topics import OVERVIEW
from dudao.law.version import law_version

COLUMNS = {
    "county": "str",
    "fictional": "bool",
    "item": "str",
    "stage": "str",
    "detail": "str",
    "value": "float64",
    "digest": "str",
}
Mapper = Callable[[Callable, Sequence], Iterable]
IDENTITY = ["county", "item", "stage", "detail"]


def _path(year: int) -> Path:
    return workspace.store() / "peers" / f"{year}.parquet"


def _digests(year: int) -> dict[str, str]:
    """Return the digest of what is stored of every submission of a year, by county."""
    counties = [county for county, of_year in store.submissions() if of_year == year]
    return {county: store.content_of(county, year) for county in counties}


def _rules() -> str:
    return f"{law_version()} {versions.library()}"


def _key(digests: dict[str, str]) -> str:
    text = json.dumps([sorted(digests.items()), _rules()])
    return hashlib.sha256(text.encode()).hexdigest()


def _is_comparable(measure: Measure) -> bool:
    """Say whether a value may stand beside others: known, and not only a bound (90以上)."""
    return measure.applies and measure.is_known and not measure.bound


def _rows(submission: tuple[str, int, str]) -> list[dict]:
    county, year, digest = submission
    try:
        case = open_case(county, year, OVERVIEW)
        found = [measure for name in MEASURES for measure in case.measures(name)]
    except DudaoError:  # a county that cannot be judged has no place among the others
        return []
    common = {"county": county, "fictional": case.is_fictional, "digest": digest}
    return [
        {**common, **{name: getattr(m, name) for name in ("item", "stage", "detail", "value")}}
        for m in found
        if _is_comparable(m)
    ]


def _computed(
    year: int, digests: dict[str, str], before: pd.DataFrame | None, mapper: Mapper
) -> pd.DataFrame:
    """Return the table of a year; counties that did not change are taken over from `before`."""
    kept = pd.DataFrame(columns=list(COLUMNS))
    if before is not None and before.attrs.get("rules") == _rules():
        kept = before[before["digest"] == before["county"].map(digests)]
    known = set(kept["county"])
    changed = [(county, year, digest) for county, digest in digests.items() if county not in known]
    rows = [row for found in mapper(_rows, changed) for row in found]
    found = pd.concat([kept, pd.DataFrame(rows, columns=list(COLUMNS))]) if rows else kept
    table = found.astype(COLUMNS).drop_duplicates(IDENTITY)
    table = table.sort_values("county", kind="stable", ignore_index=True)
    table.attrs = {"key": _key(digests), "rules": _rules()}
    return table


def _stored(year: int) -> pd.DataFrame | None:
    path = _path(year)
    return pd.read_parquet(path, partitioning=None) if path.is_file() else None


def is_fresh(year: int) -> bool:
    """Say whether the stored table covers exactly what the store and the law hold now."""
    before = _stored(year)
    return before is not None and before.attrs.get("key") == _key(_digests(year))


def summary(year: int, mapper: Mapper = map) -> pd.DataFrame:
    """Return the measures of all counties of an evaluation year; nothing is written.

    mapper: applies a function to counties, here or on several processes.
    """
    digests, before = _digests(year), _stored(year)
    if before is not None and before.attrs.get("key") == _key(digests):
        return before
    return _computed(year, digests, before, mapper)


def refresh(year: int, mapper: Mapper = map) -> bool:
    """Write the table of a year if it is not fresh, in one step; say whether it was written."""
    if is_fresh(year):
        return False
    table, path = summary(year, mapper), _path(year)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    table.to_parquet(partial, index=False)
    partial.replace(path)
    return True
