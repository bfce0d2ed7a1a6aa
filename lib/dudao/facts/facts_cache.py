"""A cache of submissions for child processes: Parquet is decoded once, not per notebook.

The folder is private to a run, and a name holds the digest of the manifest, so that a newer version
is never mistaken for the one that was read.
"""

import hashlib
import json
import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

FOLDER = "DUDAO_FACTS_CACHE"  # names the folder, in the environment
COUNTY = "DUDAO_COUNTY"  # names county and evaluation year whose notebooks run one after the other
_SAVED = "submission-"  # what the names of saved files begin with
_kept: dict[str, Any] = {}  # what this process has read, by name


def _name(manifest: dict[str, Any]) -> str:
    text = json.dumps(manifest, sort_keys=True)
    return f"{_SAVED}{hashlib.sha256(text.encode()).hexdigest()[:32]}.pickle"


def save(manifest: dict[str, Any], read: Callable[[dict[str, Any]], Any], folder: Path) -> None:
    """Save what is read of a submission in the folder, in place of what was saved there before."""
    target = folder / _name(manifest)
    if target.is_file():
        return
    folder.mkdir(exist_ok=True)
    for old in folder.glob(f"{_SAVED}*"):
        old.unlink()
    partial = target.with_suffix(".partial")
    partial.write_bytes(pickle.dumps(read(manifest)))
    partial.replace(target)


def load(manifest: dict[str, Any]) -> Any:
    """Return what is cached of a submission, or None."""
    folder = os.environ.get(FOLDER)
    if not folder:
        return None
    name = _name(manifest)
    if name in _kept:
        return _kept[name]
    path = Path(folder) / name
    return pickle.loads(path.read_bytes()) if path.is_file() else None


def keep(manifest: dict[str, Any]) -> Any:
    """Return what is cached of a submission, or None; processes forked from this have it too."""
    cached = load(manifest)
    if cached is not None:
        _kept[_name(manifest)] = cached
    return cached


def saved_versions(folder: str) -> str:
    """Return the names of the cached files in a folder, which change with their content."""
    return ",".join(sorted(path.name for path in Path(folder).glob(f"{_SAVED}*.pickle")))
