"""Ranks of all counties of an evaluation year, stored beside their measures.

They are counted once for all counties and read by each for itself. A pointer names the folder
that holds and is replaced last. A reader that finds it stale counts in memory; only
`dudao ingest` and `dudao run` write.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dudao.base import versions, workspace
from dudao.base.files import replacing, write_json
from dudao.comparison.peers.county_measures import TEXTS, Mapper, digests, key_of, measured, rules

if TYPE_CHECKING:
    import pandas as pd

MEASURES, POOLS, RANKS = "measures.parquet", "pools.parquet", "places.parquet"
_ROWS_TOGETHER = 8192  # of ranks, sorted by county: a reader of one county decodes so many
_SETTLED = 50_000_000  # nanoseconds; a folder's time does not tell two changes in between apart


def _home() -> Path:
    return workspace.store() / "peers"


def _pointer(year: int) -> Path:
    return _home() / f"{year}.json"


def _stamp() -> int:
    """Return the time at which a submission last came or changed: the cheap sign of freshness."""
    folder = workspace.store() / "manifest"
    return folder.stat().st_mtime_ns if folder.is_dir() else 0


def _pointed(year: int) -> dict[str, Any] | None:
    """Return what the pointer says, if it speaks of the same law and program."""
    try:
        pointer = json.loads(_pointer(year).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if (
        not isinstance(pointer, dict)
        or not (_home() / str(pointer.get("folder")) / RANKS).is_file()
    ):
        return None
    return pointer if _is_frozen(pointer) or pointer["rules"] == rules() else None


def _is_frozen(pointer: dict[str, Any]) -> bool:
    """Say whether ranks were kept for one county's edition: no store can make them anew."""
    return bool(pointer.get("frozen"))


def _is_stamped(year: int, stamp: int) -> bool:
    """Say whether the pointer bears a stamp: in its time, so that equal stores are equal bytes."""
    return _pointer(year).stat().st_mtime_ns == stamp


def _fresh(year: int) -> dict[str, Any] | None:
    """Return what the pointer says, if it covers exactly what store and law hold now."""
    pointer = _pointed(year)
    if pointer is None or _is_frozen(pointer) or _is_stamped(year, _stamp()):
        return pointer
    return pointer if pointer["key"] == key_of(digests(year)) else None


def is_fresh(year: int) -> bool:
    """Say whether what is kept covers exactly what the store and the law hold now."""
    return _fresh(year) is not None


def _read(pointer: dict[str, Any], name: str, **how: Any) -> pd.DataFrame:
    import pandas as pd

    return pd.read_parquet(_home() / pointer["folder"] / name, partitioning=None, **how)


def _before(year: int) -> pd.DataFrame | None:
    pointer = _pointed(year)
    return _read(pointer, MEASURES, read_dictionary=[*TEXTS]) if pointer else None


def summary(year: int, mapper: Mapper = map) -> pd.DataFrame:
    """Return the measures of all counties of an evaluation year; nothing is written.

    mapper: applies a function to counties, here or on several processes.

    Columns as `county_measures.measured` gives them.
    """
    pointer = _fresh(year)
    return (
        _read(pointer, MEASURES, read_dictionary=[*TEXTS])
        if pointer
        else measured(year, digests(year), _before(year), mapper)
    )


def _ranked(table: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    from dudao.comparison.peers.ranks import pools_and_ranks

    return pools_and_ranks(table)


def _shown(pools: pd.DataFrame, ranks: pd.DataFrame) -> dict[str, str]:
    """Return by county the digest of everything that its overview can show of the others."""
    import numpy as np
    import pandas as pd

    from dudao.comparison.peers.ranks import numbered

    of_quantity = [versions.digest([repr(row)]) for row in pools.itertuples(index=False)]
    ranks = ranks.assign(pool=pd.Categorical.from_codes(numbered(ranks), of_quantity))
    hashed = (pd.util.hash_pandas_object(group, index=False) for group in _groups(ranks))
    hashes = np.concatenate([np.empty(0, "uint64"), *hashed])
    starts = np.flatnonzero(np.diff(pd.Categorical(ranks["county"]).codes, prepend=-1))
    # A split without ranks is one empty part, which belongs to nobody.
    parts = np.split(hashes, starts[1:]) if len(starts) else []
    return {
        county: versions.digest([part.tobytes()])
        for county, part in zip(ranks["county"].iloc[starts], parts, strict=True)
    }


def _settled_stamp() -> int:
    """Return the stamp once a change in the same tick of the clock can no longer go unseen."""
    while time.time_ns() - _stamp() < _SETTLED:
        time.sleep(_SETTLED / 1e9)
    return _stamp()


def refresh(year: int, mapper: Mapper = map) -> bool:
    """Write the ranks of a year if they are not fresh, in one step; say whether it was so."""
    stamp = _settled_stamp()
    pointer = _pointed(year)
    if pointer and (_is_frozen(pointer) or _is_stamped(year, stamp)):
        return False
    now = digests(year)
    if pointer and pointer["key"] == key_of(now):
        os.utime(_pointer(year), ns=(stamp, stamp))
        return False
    table = measured(year, now, _before(year), mapper)
    pools, ranks = _ranked(table)
    content = {"rules": rules(), "key": key_of(now)}
    folder = f"{year}-{content['key'][:16]}-{versions.digest([content['rules']])}"
    _write(_home() / folder, table, pools, ranks)
    _point(year, {**content, "folder": folder, "counties": _shown(pools, ranks)}, stamp)
    for old in _home().glob(f"{year}-*"):
        if old.name != folder:
            shutil.rmtree(old, ignore_errors=True)
    return True


def _write(folder: Path, table: pd.DataFrame, pools: pd.DataFrame, ranks: pd.DataFrame) -> None:
    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter

    with replacing(folder / POOLS) as partial:
        pools.to_parquet(partial, index=False)
    for name, content in ((MEASURES, table), (RANKS, ranks)):
        types = pa.Schema.from_pandas(_plain(content[:0]), preserve_index=False)
        with replacing(folder / name) as partial, ParquetWriter(partial, types) as writer:
            for group in map(_plain, _groups(content)):
                writer.write_table(pa.Table.from_pandas(group, types, preserve_index=False))


def _point(year: int, content: dict[str, Any], stamp: int) -> None:
    with replacing(_pointer(year)) as partial:
        partial.write_text(json.dumps(content, sort_keys=True), encoding="utf-8")
        os.utime(partial, ns=(stamp, stamp))


def shown(year: int) -> dict[str, str]:
    """Return by county the digest of what its overview shows of the others; nothing is written."""
    pointer = _fresh(year)
    return pointer["counties"] if pointer else _shown(*_ranked(summary(year)))


def freeze(county: str, year: int, target: Path) -> None:
    """Write the quantities of all counties and the ranks of one to a store of its own.

    Measures of the other counties stay out.
    """
    pools, ranks = of_county(year, county)
    home, folder = target / "peers", f"{year}-{county}"
    for name, content in ((POOLS, pools), (RANKS, ranks)):
        with replacing(home / folder / name) as partial:
            content.to_parquet(partial, index=False)
    shown_now = {county: shown(year).get(county, "")}
    write_json(home / f"{year}.json", {"frozen": True, "folder": folder, "counties": shown_now})


def of_county(year: int, county: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the quantities of all counties, and the ranks of one.

    Columns POOL_COLUMNS and RANK_COLUMNS.
    """
    pointer = _fresh(year)
    if pointer:
        pools = _read(pointer, POOLS)
        ranks = _read(pointer, RANKS, filters=[("county", "==", county)])
    else:
        pools, ranks = _ranked(summary(year))
        ranks = _plain(ranks[ranks["county"] == county])
    return pools, ranks


def _groups(ranks: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Yield ranks some at a time: as a reader of one county decodes them, and in little memory."""
    for at in range(0, len(ranks), _ROWS_TOGETHER):
        yield ranks[at : at + _ROWS_TOGETHER]


def _plain(ranks: pd.DataFrame) -> pd.DataFrame:
    """Return ranks as a reader of one county decodes them: texts, without a list of all."""
    types = {"O": "str", "i": "int64"}
    return ranks.astype({name: types.get(kind.kind, kind) for name, kind in ranks.dtypes.items()})
