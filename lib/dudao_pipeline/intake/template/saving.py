"""Saving a workbook so that the same content gives the same bytes, and never half a file."""

from __future__ import annotations

import io
import os
import re
import zipfile
from pathlib import Path

from openpyxl import Workbook
from openpyxl.writer.excel import ExcelWriter

ZIP_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can hold
CORE = "docProps/core.xml"
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")


def _constant(name: str, content: bytes, stamp: bytes) -> bytes:
    """Put the workbook's own date where the writer put the clock's."""
    return _MODIFIED.sub(rb"\g<1>" + stamp + rb"\g<2>", content) if name == CORE else content


def to_bytes(workbook: Workbook) -> bytes:
    """Return the .xlsx of a workbook; no clock and no machine leaves a trace in it."""
    written, packed = io.BytesIO(), io.BytesIO()
    # Not `workbook.save`: what is packed again below need not be compressed twice.
    ExcelWriter(workbook, zipfile.ZipFile(written, "w")).save()
    stamp = workbook.properties.created.strftime("%Y-%m-%dT%H:%M:%SZ")
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(packed, "w") as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, ZIP_DATE)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 0
            target.writestr(entry, _constant(name, source.read(name), stamp.encode()))
    return packed.getvalue()


def save(workbook: Workbook, path: Path) -> None:
    """Write a workbook to a path: same content, same bytes, replaced in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = to_bytes(workbook)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        partial.write_bytes(content)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
