"""Writing so that a reader sees the old file or the new one, and an equal one stays."""

import os
from pathlib import Path


def write(path: Path, content: str | bytes) -> None:
    """Replace a file in one step; leave it alone if it already says the same."""
    data = content.encode() if isinstance(content, str) else content
    if path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        partial.write_bytes(data)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
