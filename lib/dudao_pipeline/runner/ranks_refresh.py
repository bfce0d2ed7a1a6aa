"""Ranks of all counties, written where they are not fresh, and frozen for one county's edition."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dudao.base import versions, workspace
from dudao.base.short_lists import tell_first
from dudao.comparison.peers import ranks_store
from dudao.comparison.peers.county_measures import digests, key_of, rules
from dudao.facts import store
from dudao_pipeline.files import clear_leftovers, replacing, write_json

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from dudao_pipeline.runner.all_measures import Mapper

_ROWS_TOGETHER = 8192  # of ranks, sorted by county: a reader of one county decodes so many
_SETTLED = 50_000_000  # nanoseconds; a folder's time does not tell two changes in between apart
_MANY = 20  # counties that are computed without a word
_FEW = 6  # counties that cost this process less than starting others does
_TOLD = 5  # counties at which the program failed


def refresh_ranks(workers: int) -> None:
    """Write the places of every year in the store, where they are not fresh.

    What killed calls left half written in the store and among the results is cleared first.
    """
    for folder in (workspace.store(), workspace.outputs()):
        clear_leftovers(folder)

    def over_cores(function: Callable, counties: Sequence) -> Iterable:
        from dudao_pipeline.runner.pool import map_over

        if len(counties) <= _FEW:
            return map(function, counties)
        if len(counties) > _MANY:
            print(f"正在计算{len(counties)}个县的各项指标，供各县相比……", flush=True)
        return map_over(function, counties, workers)

    for year in sorted({year for _, year in store.submissions()}):
        refresh(year, over_cores)


def _settled_stamp() -> int:
    """Return the stamp once a change in the same tick of the clock can no longer go unseen."""
    while time.time_ns() - ranks_store.stamp_now() < _SETTLED:
        time.sleep(_SETTLED / 1e9)
    return ranks_store.stamp_now()


def refresh(year: int, mapper: Mapper = map) -> bool:
    """Write the ranks of a year if they are not fresh, in one step; say whether it was so."""
    stamp = _settled_stamp()
    pointer = ranks_store.pointed(year)
    if pointer and (ranks_store.is_frozen(pointer) or ranks_store.is_stamped(year, stamp)):
        return False
    now = digests(year)
    if pointer and pointer["key"] == key_of(now):
        os.utime(ranks_store.pointer_of(year), ns=(stamp, stamp))
        return False
    from dudao.comparison.peers.ranks import pools_and_ranks  # loads pandas
    from dudao_pipeline.runner.all_measures import measured

    table, failed = measured(year, now, mapper)
    for why in tell_first(failed, _TOLD, "另有{}个县未能与其他县相比。"):
        print(why, file=sys.stderr, flush=True)
    pools, ranks = pools_and_ranks(table)
    content = {"rules": rules(), "key": key_of(now)}
    folder = f"{year}-{content['key'][:16]}-{versions.digest([content['rules']])}"
    _write(ranks_store.home() / folder, table, pools, ranks)
    _point(year, {**content, "folder": folder, "counties": _shown(pools, ranks)}, stamp)
    for old in ranks_store.home().glob(f"{year}-*"):
        if old.name != folder:
            shutil.rmtree(old, ignore_errors=True)
    return True


def _write(folder: Path, table: pd.DataFrame, pools: pd.DataFrame, ranks: pd.DataFrame) -> None:
    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter

    with replacing(folder / ranks_store.POOLS) as partial:
        pools.to_parquet(partial, index=False)
    for name, content in ((ranks_store.MEASURES, table), (ranks_store.RANKS, ranks)):
        types = pa.Schema.from_pandas(_plain_ranks(content[:0]), preserve_index=False)
        with replacing(folder / name) as partial, ParquetWriter(partial, types) as writer:
            for group in _groups(content):
                writer.write_table(_as_arrow(group, types))


def _plain_ranks(ranks: pd.DataFrame) -> pd.DataFrame:
    """Return ranks as a reader of one county decodes them: texts, without a list of all.

    ranks: columns RANK_COLUMNS; the result has the same.
    """
    types = {"O": "str", "i": "int64"}
    return ranks.astype({name: types.get(kind.kind, kind) for name, kind in ranks.dtypes.items()})


def _as_arrow(ranks: pd.DataFrame, types: pa.Schema) -> pa.Table:
    """Return ranks as a reader of one county decodes them: texts, without a list of all."""
    import pyarrow as pa

    columns = []
    for field in types:
        column = pa.Array.from_pandas(ranks[field.name])
        decoded = column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
        columns.append(decoded.cast(field.type))
    return pa.Table.from_arrays(columns, schema=types)


def _groups(ranks: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Yield ranks some at a time: as a reader of one county decodes them, and in little memory."""
    for at in range(0, len(ranks), _ROWS_TOGETHER):
        yield ranks[at : at + _ROWS_TOGETHER]


def _point(year: int, content: dict[str, Any], stamp: int) -> None:
    with replacing(ranks_store.pointer_of(year)) as partial:
        partial.write_text(json.dumps(content, sort_keys=True), encoding="utf-8")
        os.utime(partial, ns=(stamp, stamp))


def shown(year: int) -> dict[str, str]:
    """Return by county the digest of what its overview shows of the others; nothing is written."""
    if pointer := ranks_store.fresh(year):
        return pointer["counties"]
    from dudao.comparison.peers.ranks import pools_and_ranks

    return _shown(*pools_and_ranks(ranks_store.summary(year)))


def _shown(pools: pd.DataFrame, ranks: pd.DataFrame) -> dict[str, str]:
    """Return by county the digest of everything that its overview can show of the others."""
    import numpy as np
    import pandas as pd

    from dudao.comparison.peers.ranks import POOL

    of_quantity = [versions.digest([repr(row)]) for row in pools.itertuples(index=False)]
    numbers = ranks.groupby(POOL, sort=False, observed=True).ngroup()
    ranks = ranks.assign(pool=pd.Categorical.from_codes(numbers, of_quantity))
    hashed = (pd.util.hash_pandas_object(group, index=False) for group in _groups(ranks))
    hashes = np.concatenate([np.empty(0, "uint64"), *hashed])
    starts = np.flatnonzero(np.diff(pd.Categorical(ranks["county"]).codes, prepend=-1))
    # A split without ranks is one empty part, which belongs to nobody.
    parts = np.split(hashes, starts[1:]) if len(starts) else []
    return {
        county: versions.digest([part.tobytes()])
        for county, part in zip(ranks["county"].iloc[starts], parts, strict=True)
    }


def freeze(county: str, year: int, target: Path) -> None:
    """Write the quantities of all counties and the ranks of one to a store of its own.

    Measures of the other counties stay out.
    """
    pools, ranks = ranks_store.of_county(year, county)
    home, folder = target / "peers", f"{year}-{county}"
    for name, content in ((ranks_store.POOLS, pools), (ranks_store.RANKS, _plain_ranks(ranks))):
        with replacing(home / folder / name) as partial:
            content.to_parquet(partial, index=False)
    shown_now = {county: shown(year).get(county, "")}
    write_json(home / f"{year}.json", {"frozen": True, "folder": folder, "counties": shown_now})
