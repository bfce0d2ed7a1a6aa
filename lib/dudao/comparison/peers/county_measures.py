"""Every county's measures of one evaluation year in one table; what did not change is kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any

from dudao.base import versions
from dudao.base.errors import FactsError
from dudao.facts import store
from dudao.law.topics import OVERVIEW
from dudao.law.version import law_version

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from dudao.case import Case
    from dudao.indicators.measure import Measure

COLUMNS = {
    "county": "category",
    "fictional": "bool",
    "item": "category",
    "stage": "category",
    "detail": "category",
    "value": "float64",
    "digest": "category",
}
Mapper = Callable[[Callable[..., Any], Sequence[Any]], Iterable[Any]]
IDENTITY = ["county", "item", "stage", "detail"]


def digests(year: int) -> dict[str, str]:
    """Return the digest of what is stored of every submission of a year, by county.

    A submission that cannot be opened is left out: its county has no place among the others.
    """
    by_county = {}
    for county in [county for county, of_year in store.submissions() if of_year == year]:
        with suppress(FactsError):
            by_county[county] = store.content_of(county, year)
    return by_county


def rules() -> str:
    """Return the digest of law and program: with another one every measure is computed anew."""
    return f"{law_version()} {versions.library()}"


def key_of(digests: dict[str, str]) -> str:
    """Return the digest of submissions, law and program."""
    text = json.dumps([sorted(digests.items()), rules()])
    return hashlib.sha256(text.encode()).hexdigest()


def _is_comparable(measure: Measure) -> bool:
    """Say whether a value may stand beside others: known, and not only a bound (90以上)."""
    return measure.applies and measure.is_known and not measure.bound


def comparable(case: Case) -> list[dict[str, Any]]:
    """Return a county's measures that may stand beside others, as rows of the table."""
    whose = {"county": case.county, "fictional": case.is_fictional}
    return [
        {**whose, **{name: getattr(m, name) for name in ("item", "stage", "detail", "value")}}
        for m in case.all_measures()
        if _is_comparable(m)
    ]


@cache
def _schema() -> pa.Schema:
    """Return the types of COLUMNS: a text that many rows share is held once."""
    import pyarrow as pa

    text = pa.dictionary(pa.int32(), pa.string())
    types = {"category": text, "bool": pa.bool_(), "float64": pa.float64()}
    return pa.schema([(name, types[kind]) for name, kind in COLUMNS.items()])


def _joined(parts: Iterable[pd.DataFrame | pa.Table]) -> pd.DataFrame:
    """Return tables of COLUMNS under one another, as one, each row's identity once."""
    import pyarrow as pa

    tables = [
        part
        if isinstance(part, pa.Table)
        else pa.Table.from_pandas(part, _schema(), preserve_index=False)
        for part in parts
    ]
    whole = pa.concat_tables([_schema().empty_table(), *tables]).unify_dictionaries()
    return whole.to_pandas().drop_duplicates(IDENTITY, ignore_index=True)


def with_scenario(table: pd.DataFrame, case: Case) -> pd.DataFrame:
    """Return the table of a year with the case's own rows computed from its scenario, if any.

    table: columns COLUMNS, values in the unit of their item; the result has the same, without a
    digest in the case's rows.
    """
    if case.scenario is None:
        return table
    return _joined([table[table["county"] != case.county], _table(comparable(case))])


def _table(rows: list[dict[str, Any]]) -> pa.Table:
    import pyarrow as pa

    return pa.Table.from_pylist(rows, _schema())


def _rows(submission: tuple[str, int, str]) -> pa.Table:
    from dudao.case import open_case

    county, year, digest = submission
    try:
        rows = comparable(open_case(county, year, OVERVIEW))
    except Exception:  # whatever keeps a county from being judged, told by its own notebook
        rows = []
    return _table([{**row, "digest": digest} for row in rows])


def measured(
    year: int, digests: dict[str, str], before: pd.DataFrame | None, mapper: Mapper
) -> pd.DataFrame:
    """Return the measures of a year, sorted by county; unchanged counties come from `before`.

    before: the table as it was, by the same law and program. mapper: applies a function to
    counties, here or on several processes.

    Columns COLUMNS; values in the unit of their item.
    """
    kept, parts = set(), []
    if before is not None:
        one_row_each = before.drop_duplicates("county")
        made_of = dict(zip(one_row_each["county"], one_row_each["digest"], strict=True))
        kept = {county for county, digest in made_of.items() if digests.get(county) == digest}
        parts = [before[before["county"].isin(kept)]]
    changed = [(county, year, digest) for county, digest in digests.items() if county not in kept]
    table = _joined([*parts, *mapper(_rows, changed)])
    counties = table["county"].cat
    table["county"] = counties.reorder_categories(sorted(counties.categories))
    return table.sort_values("county", kind="stable", ignore_index=True)
