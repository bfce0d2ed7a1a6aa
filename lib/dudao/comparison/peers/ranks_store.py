"""Ranks of all counties of an evaluation year, stored beside their measures.

They are counted once for all counties and read by each for itself. A pointer names the folder
that holds and is replaced last. A reader that finds it stale counts in memory; the pipeline writes.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dudao.base import workspace
from dudao.comparison.peers.county_measures import counted, digests, key_of, rules

if TYPE_CHECKING:
    import pandas as pd

MEASURES, POOLS, RANKS = "measures.parquet", "pools.parquet", "places.parquet"


def home() -> Path:
    """Return the folder of measures and ranks."""
    return workspace.store() / "peers"


def pointer_of(year: int) -> Path:
    """Return the file that names the folder which holds for a year."""
    return home() / f"{year}.json"


def stamp_now() -> int:
    """Return the time at which a submission last came or changed: the cheap sign of freshness."""
    folder = workspace.store() / "manifest"
    return folder.stat().st_mtime_ns if folder.is_dir() else 0


def pointed(year: int) -> dict[str, Any] | None:
    """Return what the pointer says, if it speaks of the same law and program."""
    try:
        pointer = json.loads(pointer_of(year).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(pointer, dict) or not (home() / str(pointer.get("folder")) / RANKS).is_file():
        return None
    return pointer if is_frozen(pointer) or pointer["rules"] == rules() else None


def is_frozen(pointer: dict[str, Any]) -> bool:
    """Say whether ranks were kept for one county's edition: no store can make them anew."""
    return bool(pointer.get("frozen"))


def is_stamped(year: int, stamp: int) -> bool:
    """Say whether the pointer bears a stamp: in its time, so that equal stores are equal bytes."""
    return pointer_of(year).stat().st_mtime_ns == stamp


def fresh(year: int) -> dict[str, Any] | None:
    """Return what the pointer says, if it covers exactly what store and law hold now."""
    pointer = pointed(year)
    if pointer is None or is_frozen(pointer) or is_stamped(year, stamp_now()):
        return pointer
    return pointer if pointer["key"] == key_of(digests(year)) else None


def read(pointer: dict[str, Any], name: str, **how: Any) -> pd.DataFrame:
    """Return a table of the folder that a pointer names; how: as `pandas.read_parquet` takes it.

    Columns as the table has them: COLUMNS of `county_measures`, POOL_COLUMNS, RANK_COLUMNS.
    """
    import pandas as pd

    return pd.read_parquet(home() / pointer["folder"] / name, partitioning=None, **how)


def summary(year: int) -> pd.DataFrame:
    """Return the measures of all counties of an evaluation year; nothing is written.

    Columns as `county_measures.counted` gives them.
    """
    pointer = fresh(year)
    return read(pointer, MEASURES) if pointer else counted(year)


def of_county(year: int, county: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the quantities of all counties, and the ranks of one.

    Columns POOL_COLUMNS and RANK_COLUMNS.
    """
    pointer = fresh(year)
    if pointer:
        pools = read(pointer, POOLS)
        ranks = read(pointer, RANKS, filters=[("county", "==", county)])
    else:
        from dudao.comparison.peers.ranks import pools_and_ranks  # loads pandas

        pools, ranks = pools_and_ranks(summary(year))
        ranks = ranks[ranks["county"] == county]
    return pools, ranks
