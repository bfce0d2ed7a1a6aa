"""Every county's measures of one evaluation year in one table; what did not change is kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from dudao.base import versions
from dudao.base.errors import FactsError
from dudao.facts import store
from dudao.law.topics import OVERVIEW
from dudao.law.version import law_version

if TYPE_CHECKING:
    import pandas as pd

    from dudao.case import Case
    from dudao.indicators.measure import Measure

COLUMNS = {
    "county": "str",
    "fictional": "bool",
    "item": "str",
    "stage": "str",
    "detail": "str",
    "value": "float64",
    "digest": "str",
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


def with_scenario(table: pd.DataFrame, case: Case) -> pd.DataFrame:
    """Return the table of a year with the case's own rows computed from its scenario, if any.

    table: columns county, fictional, item, stage, detail, value; the result has the same.
    """
    import pandas as pd

    if case.scenario is None:
        return table
    columns = table.columns.drop("digest")
    assumed = pd.DataFrame(comparable(case), columns=columns).drop_duplicates(IDENTITY)
    others = table.loc[table["county"] != case.county, columns]
    return pd.concat([others, assumed.astype(table.dtypes[columns])], ignore_index=True)


def _rows(submission: tuple[str, int, str]) -> list[dict[str, Any]]:
    from dudao.case import open_case

    county, year, digest = submission
    try:
        rows = comparable(open_case(county, year, OVERVIEW))
    except Exception:  # whatever keeps a county from being judged, told by its own notebook
        return []
    return [{**row, "digest": digest} for row in rows]


def measured(
    year: int, digests: dict[str, str], before: pd.DataFrame | None, mapper: Mapper
) -> pd.DataFrame:
    """Return the measures of a year, sorted by county; unchanged counties come from `before`.

    before: the table as it was, by the same law and program. mapper: applies a function to
    counties, here or on several processes.

    Columns COLUMNS; values in the unit of their item.
    """
    import pandas as pd

    kept = pd.DataFrame(columns=list(COLUMNS))
    if before is not None:
        kept = before[before["digest"] == before["county"].map(digests)]
    kept_counties = set(kept["county"])
    changed = [
        (county, year, digest) for county, digest in digests.items() if county not in kept_counties
    ]
    rows = [row for listed in mapper(_rows, changed) for row in listed]
    listed = pd.concat([kept, pd.DataFrame(rows, columns=list(COLUMNS))]) if rows else kept
    table = listed.astype(COLUMNS).drop_duplicates(IDENTITY)
    return table.sort_values("county", kind="stable", ignore_index=True)
