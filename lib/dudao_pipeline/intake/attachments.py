"""Evidence files: found beside the workbook, sealed by size and sha256, never moved by reading."""

from __future__ import annotations

import hashlib
from pathlib import Path, PurePosixPath, PureWindowsPath

FOLDER = "佐证材料"  # where a county may collect the files, beside the workbook


def is_plain_name(name: str) -> bool:
    """Say whether a text names a file and nothing around it: no folder, no drive, no address."""
    return name == PurePosixPath(name).name == PureWindowsPath(name).name and "://" not in name


def find(name: str, folder: Path) -> Path | None:
    """Return the file of that name in a folder or its collection of evidence."""
    if not name or not is_plain_name(name):
        return None
    places = (folder / name, folder / FOLDER / name)
    return next((path for path in places if path.is_file()), None)


def seal(path: Path | None) -> dict:
    """Return size in bytes and sha256 of a file; 0 and empty where there is none."""
    if path is None:
        return {"size": 0, "sha256": ""}
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"size": path.stat().st_size, "sha256": digest}
