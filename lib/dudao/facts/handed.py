"""A submission that one process has read for others: Parquet is decoded once, not per notebook.

The folder is private to a run, and a name holds the digest of the manifest, so that a newer version
is never mistaken for the one that was read.
"""

from __future__ import annotations

import hashlib
import json
import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

FOLDER = "DUDAO_HANDED"  # names the folder, in the environment
COUNTY = "DUDAO_COUNTY"  # names county and evaluation year whose notebooks run one after the other
_kept: dict[str, Any] = {}  # what this process has read, by name


def _name(manifest: dict[str, Any]) -> str:
    text = json.dumps(manifest, sort_keys=True)
    return f"{hashlib.sha256(text.encode()).hexdigest()[:32]}.pickle"


def hand_over(
    manifest: dict[str, Any], read: Callable[[dict[str, Any]], Any], folder: Path
) -> None:
    """Keep what is read of a submission in the folder, and nothing that was there before."""
    target = folder / _name(manifest)
    if target.is_file():
        return
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    partial = target.with_suffix(".partial")
    partial.write_bytes(pickle.dumps(read(manifest)))
    partial.replace(target)


def taken(manifest: dict[str, Any]) -> Any:
    """Return what was handed over of a submission, or None."""
    folder = os.environ.get(FOLDER)
    if not folder:
        return None
    name = _name(manifest)
    if name in _kept:
        return _kept[name]
    path = Path(folder) / name
    return pickle.loads(path.read_bytes()) if path.is_file() else None


def keep(manifest: dict[str, Any]) -> Any:
    """Return what was handed over of a submission, or None; processes forked from this have it."""
    read = taken(manifest)
    if read is not None:
        _kept[_name(manifest)] = read
    return read


def at_hand(folder: str) -> str:
    """Return the name of what lies in a folder, which changes with what was handed over."""
    return ",".join(sorted(path.name for path in Path(folder).glob("*.pickle")))
