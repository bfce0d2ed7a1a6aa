"""Evidence files: found beside the workbook, sealed by size and sha256, never moved by reading."""

from __future__ import annotations

import hashlib
from pathlib import Path, PurePosixPath, PureWindowsPath

from dudao.facts.findings import WARNING, Finding

FOLDER = "佐证材料"  # where a county may collect the files, beside the workbook
NOT_SEALED = {"size": 0, "sha256": ""}


def is_plain_name(name: str) -> bool:
    """Say whether a text names a file and nothing around it: no folder, no drive, no address."""
    return name == PurePosixPath(name).name == PureWindowsPath(name).name and "://" not in name


def find(name: str, folder: Path) -> Path | None:
    """Return the file of that name in a folder or its collection of evidence."""
    if not name or not is_plain_name(name):
        return None
    places = (folder / name, folder / FOLDER / name)
    return next((path for path in places if path.is_file()), None)


def _seal(path: Path) -> dict:
    with path.open("rb") as file:
        return {
            "size": path.stat().st_size,
            "sha256": hashlib.file_digest(file, "sha256").hexdigest(),
        }


def _absent(row: dict, workbook: Path) -> Finding:
    what = f"找不到佐证文件“{row['attachment']}”。"
    step = f"请把文件放在报送表旁或其“{FOLDER}”文件夹中，文件名一致。"
    why = "没有文件，评审时无法核对材料。"
    return Finding("E07", WARNING, workbook.name, row["sheet"], row["cell"], what, step, why)


def sealed(rows: list[dict], workbook: Path, findings: list[Finding]) -> list[dict]:
    """Return evidence rows with size and sha256 of their files; a file not found is a warning."""
    folder = workbook if workbook.is_dir() else workbook.parent
    found = []
    for row in rows:
        path = find(row["attachment"], folder)
        if row["attachment"] and path is None and is_plain_name(row["attachment"]):
            findings.append(_absent(row, workbook))
        found.append({**row, **(_seal(path) if path else NOT_SEALED)})
    return found
