"""Every county's measures of an evaluation year, on all cores; unchanged counties are kept."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pandas as pd
import pyarrow as pa

from dudao.base.errors import DudaoError
from dudao.comparison.peers import ranks_store
from dudao.comparison.peers.county_measures import COLUMNS, opened
from dudao_pipeline.boundary import report

# Of the rows of thousands of counties each text is held once: objects would take much.
_TEXT = pa.dictionary(pa.int32(), pa.string())
_TYPES = {"fictional": pa.bool_(), "value": pa.float64()}
_SCHEMA = pa.schema([(name, _TYPES.get(name, _TEXT)) for name in COLUMNS])
Mapper = Callable[[Callable[..., Any], Sequence[Any]], Iterable[Any]]


def _measures(submission: tuple[str, int, str]) -> tuple[pa.Table, str]:
    """Return a county's measures, and what is told of it where the program failed."""
    county, year, digest = submission
    try:
        rows = opened(county, year, digest)
    except DudaoError:  # what keeps a county from being judged is told by its own notebook
        return _SCHEMA.empty_table(), ""
    except Exception as error:
        return _SCHEMA.empty_table(), report(error, f"{county}-{year} 未能与其他县相比")
    columns = zip(*rows, strict=True) if rows else [()] * len(COLUMNS)
    return pa.table(dict(zip(COLUMNS, columns, strict=True)), _SCHEMA), ""


def _before(year: int, digests: dict[str, str]) -> pa.Table:
    """Return the measures as they were written last, of counties with the same digest as now."""
    pointer = ranks_store.pointed(year)
    if pointer is None:
        return _SCHEMA.empty_table()
    written = ranks_store.read(pointer, ranks_store.MEASURES)
    unchanged = written[written["county"].map(digests) == written["digest"]]
    return pa.Table.from_pandas(unchanged, _SCHEMA, preserve_index=False)


def measured(
    year: int, digests: dict[str, str], mapper: Mapper = map
) -> tuple[pd.DataFrame, list[str]]:
    """Return the measures of a year, sorted by county, and what is told of those that failed.

    Only counties that changed are computed; of one at which the program failed there are none.
    mapper: applies a function to counties, here or on several processes.

    Columns COLUMNS; values in the unit of their item.
    """
    tables, failed = [_before(year, digests)], []
    kept = set(tables[0]["county"].unique().to_pylist())
    changed = [(county, year, digest) for county, digest in digests.items() if county not in kept]
    for table, why in mapper(_measures, changed):
        tables.append(table)
        failed += [why] if why else []
    joined = pa.concat_tables(tables).unify_dictionaries().to_pandas()
    counties = joined["county"].cat
    joined["county"] = counties.reorder_categories(sorted(counties.categories))
    return joined.sort_values("county", kind="stable", ignore_index=True), failed
