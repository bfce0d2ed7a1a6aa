"""Digests of what a result depends on: the library and the reference data that it reads."""

import csv
import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from dudao.base import workspace

# Columns of columns.csv that say how a cell looks and is read before it is stored.
OF_WORKBOOK = ("after", "reads", "width", "format", "prompt")


def digest(parts: Iterable[str | bytes]) -> str:
    """Return a short digest of parts, each set off from the next."""
    hashed = hashlib.sha256()
    for part in parts:
        content = part.encode() if isinstance(part, str) else part
        hashed.update(f"{len(content)}:".encode() + content)
    return hashed.hexdigest()[:16]


def digest_of_files(paths: Iterable[Path]) -> str:
    """Return a digest of files by their place in the working copy and their content."""
    root = workspace.root()
    return digest(
        part
        for path in sorted(paths)
        for part in (path.relative_to(root).as_posix(), path.read_bytes())
    )


def of_columns(declared: str) -> str:
    """Return a digest of columns.csv without what only the workbook's template and readers use.

    A prompt, or the width of a column, changes no result.
    """
    rows = csv.DictReader(declared.splitlines())
    return digest(f"{name}={row[name]}" for row in rows for name in row if name not in OF_WORKBOOK)


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"]


@cache
def library() -> str:
    """Return the digest of the library and of the reference data it reads.

    The library is the package dudao: what a notebook can import, and all that a result depends on.
    Schemes and thresholds are left out: what a notebook uses of them has a digest of its own.
    """
    house = workspace.root() / "lib" / "dudao"
    columns = house / "facts" / "columns.csv"
    apart = {columns, *(house / "law" / name for name in ("framework", "thresholds"))}
    code = [path for path in _files(house) if not apart & {path, *path.parents}]
    of_files = digest_of_files([*code, *_files(workspace.data() / "reference")])
    return digest([of_files, of_columns(columns.read_text(encoding="utf-8"))])
