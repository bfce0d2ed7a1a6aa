"""Evidence files: found beside the workbook, sealed by size and sha256, never moved by reading."""

import hashlib
import re
from pathlib import Path, PurePosixPath, PureWindowsPath

LONGEST_NAME = 255  # bytes
_SEPARATORS = re.compile(r"[;；、\n]")
_NAME = re.compile(r"\.[A-Za-z0-9]{2,5}$")
FOLDER = "佐证材料"  # where a county may collect the files, beside the workbook


def is_plain_name(name: str) -> bool:
    """Say whether a text names a file and nothing around it: no folder, no drive, no address."""
    return name == PurePosixPath(name).name == PureWindowsPath(name).name and "://" not in name


def is_too_long(name: str) -> bool:
    """Say whether no file can have this name: it has over 255 bytes (85 Chinese characters)."""
    return len(name.encode(errors="replace")) > LONGEST_NAME or "\0" in name


def several(name: str) -> list[str]:
    """Return the file names in a cell that holds more than one, else nothing."""
    parts = [part.strip() for part in _SEPARATORS.split(name) if part.strip()]
    is_list = len(parts) > 1 and all(_NAME.search(part) for part in parts)
    return parts if is_list else []


def find(name: str, folder: Path) -> Path | None:
    """Return the file of that name in a folder or its collection of evidence.

    A regular file inside it: a link could lead out, and would be copied to what is published.
    """
    if not name or not is_plain_name(name) or is_too_long(name):
        return None
    for path in (folder / name, folder / FOLDER / name):
        is_inside = not path.is_symlink() and path.resolve().is_relative_to(folder.resolve())
        if path.is_file() and is_inside:
            return path
    return None


def seal(path: Path | None) -> dict:
    """Return size in bytes and sha256 of a file; 0 and empty where there is none."""
    if path is None:
        return {"size": 0, "sha256": ""}
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"size": path.stat().st_size, "sha256": digest}
