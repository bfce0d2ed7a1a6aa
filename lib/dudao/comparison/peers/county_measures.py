"""Every county's measures of one evaluation year in one table; what did not change is kept."""

from __future__ import annotations

import hashlib
import json
from array import array
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from dudao.base import versions
from dudao.base.errors import DudaoError, FactsError
from dudao.facts import store
from dudao.law.topics import OVERVIEW
from dudao.law.version import law_version

if TYPE_CHECKING:
    import pandas as pd

    from dudao.case import Case

TEXTS = ("county", "item", "stage", "detail", "digest")  # columns that hold each text once
COLUMNS = ("county", "fictional", "item", "stage", "detail", "value", "digest")
Mapper = Callable[[Callable[..., Any], Sequence[Any]], Iterable[Any]]
Report = Callable[[BaseException, str], str]


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


class _Joined:
    """Rows of many counties as columns of numbers, since the objects of so many take much."""

    def __init__(self, before: pd.DataFrame | None = None) -> None:
        """Begin with the rows of a table of COLUMNS."""
        kinds = {"fictional": "b", "value": "d"}
        self.columns = {name: array(kinds.get(name, "i")) for name in COLUMNS}
        self.texts: dict[str, dict[str, int]] = {name: {} for name in TEXTS}
        if before is None:
            return
        for name, column in self.columns.items():
            cells = before[name]
            if name in TEXTS:
                self.texts[name] = {text: at for at, text in enumerate(cells.cat.categories)}
                cells = cells.cat.codes
            column.frombytes(cells.to_numpy(column.typecode).tobytes())

    def add(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Add rows of COLUMNS."""
        for row in rows:
            for (name, column), cell in zip(self.columns.items(), row, strict=True):
                texts = self.texts.get(name)
                column.append(cell if texts is None else texts.setdefault(cell, len(texts)))

    def table(self) -> pd.DataFrame:
        """Return all rows sorted by county, those of one in their order."""
        import numpy as np
        import pandas as pd

        columns: dict[str, Any] = {}
        while self.columns:  # one by one, for both together take twice as much
            name, column = self.columns.popitem()
            columns[name] = np.array(column, bool if name == "fictional" else column.typecode)
            if name in TEXTS:
                columns[name] = pd.Categorical.from_codes(columns[name], [*self.texts[name]])
        counties = columns["county"]
        columns["county"] = counties.reorder_categories(sorted(counties.categories))
        table = pd.DataFrame({name: columns[name] for name in COLUMNS}, copy=False)
        order = columns["county"].codes
        is_sorted = (order[:-1] <= order[1:]).all()
        return table if is_sorted else table.sort_values("county", kind="stable", ignore_index=True)


def with_scenario(table: pd.DataFrame, case: Case) -> pd.DataFrame:
    """Return the table of a year with the case's own rows computed from its scenario, if any.

    table: columns COLUMNS, values in the unit of their item; the result has the same, without a
    digest in the case's rows.
    """
    if case.scenario is None:
        return table
    joined = _Joined(table[table["county"] != case.county])
    joined.add(comparable(case))
    return joined.table()


def _rows(submission: tuple[str, int, str], report: Report) -> tuple[list[tuple[Any, ...]], str]:
    """Return a county's rows, and what is told of it where the program failed."""
    from dudao.case import open_case

    county, year, digest = submission
    try:
        return comparable(open_case(county, year, OVERVIEW), digest), ""
    except DudaoError:  # what keeps a county from being judged is told by its own notebook
        return [], ""
    except Exception as error:
        return [], report(error, f"{county}-{year} 未能与其他县相比")


def measured(
    year: int,
    digests: dict[str, str],
    before: pd.DataFrame | None,
    *,
    mapper: Mapper,
    report: Report,
) -> tuple[pd.DataFrame, list[str]]:
    """Return the measures of a year, sorted by county; unchanged counties come from `before`.

    Also what is told of counties at which the program failed, which have no measures.
    before: the table as it was, by the same law and program. mapper: applies a function to
    counties, here or on several processes. report: makes a text of an error and whose it is.

    Columns COLUMNS; values in the unit of their item.
    """
    kept = set()
    if before is not None:
        one_row_each = before.drop_duplicates("county")
        made_of = dict(zip(one_row_each["county"], one_row_each["digest"], strict=True))
        kept = {county for county, digest in made_of.items() if digests.get(county) == digest}
        before = before[before["county"].isin(kept)]
    changed = [(county, year, digest) for county, digest in digests.items() if county not in kept]
    joined, failed = _Joined(before), []
    for rows, why in mapper(partial(_rows, report=report), changed):
        joined.add(rows)
        failed += [why] if why else []
    return joined.table(), failed
