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


def _name(manifest: dict) -> str:
    text = json.dumps(manifest, sort_keys=True)
    return f"{hashlib.sha256(text.encode()).hexdigest()[:32]}.pickle"


def hand_over(manifest: dict, read: Callable[[dict], Any], folder: Path) -> None:
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


def taken(manifest: dict) -> Any:
    """Return what was handed over of a submission, or None."""
    folder = os.environ.get(FOLDER)
    path = Path(folder) / _name(manifest) if folder else None
    return pickle.loads(path.read_bytes()) if path and path.is_file() else None
