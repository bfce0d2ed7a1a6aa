"""Every county's measures of one evaluation year in one table."""

from __future__ import annotations

import hashlib
import json
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

COLUMNS = ["county", "fictional", "item", "stage", "detail", "value", "digest"]


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


def comparable(case: Case, digest: str = "") -> list[tuple[Any, ...]]:
    """Return a county's measures that may stand beside others, as rows of COLUMNS.

    Such a value is known, and not only a bound (90以上). Of a quantity that two notebooks show for
    different years, the first counts.
    """
    once: dict[tuple[str, str, str], float] = {}
    for measure in case.all_measures():
        if measure.applies and measure.is_known and not measure.bound:
            once.setdefault((measure.item, measure.stage, measure.detail), measure.value)
    whose = case.county, case.is_fictional
    return [(*whose, *quantity, value, digest) for quantity, value in once.items()]


def opened(county: str, year: int, digest: str) -> list[tuple[Any, ...]]:
    """Open a stored county and return its measures that may stand beside others."""
    from dudao.case import open_case

    return comparable(open_case(county, year, OVERVIEW), digest)


def counted(year: int) -> pd.DataFrame:
    """Return the measures of all counties of a year, sorted by county, computed here and now.

    A county that cannot be judged has none: its own notebook, or who writes the ranks, tells why.
    Columns COLUMNS; values in the unit of their item.
    """
    import pandas as pd

    rows: list[tuple[Any, ...]] = []
    for county, digest in digests(year).items():
        with suppress(Exception):
            rows += opened(county, year, digest)
    return pd.DataFrame(rows, columns=COLUMNS)


def with_scenario(table: pd.DataFrame, case: Case) -> pd.DataFrame:
    """Return the table of a year with the case's own rows computed from its scenario, if any.

    table: columns COLUMNS, values in the unit of their item; the result has the same, without a
    digest in the case's rows.
    """
    if case.scenario is None:
        return table
    import pandas as pd

    own = pd.DataFrame(comparable(case), columns=COLUMNS)
    joined = pd.concat([table[table["county"] != case.county], own])
    return joined.sort_values("county", kind="stable", ignore_index=True)
