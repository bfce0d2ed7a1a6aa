"""Reading the workbook's CSV twin: one file a sheet, UTF-8 or GB18030."""

from __future__ import annotations

import csv
import io
from itertools import zip_longest
from pathlib import Path

from dudao.facts.layout import SHEETS
from dudao_pipeline.intake.findings import Finding
from dudao_pipeline.intake.sheet import Sheet

ENCODINGS = ("utf-8-sig", "gb18030")


def _decode(path: Path) -> str | None:
    content = path.read_bytes()
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _read(path: Path) -> Sheet | Finding:
    sheet = Sheet(path.parent.name, path.stem, (), ())
    text = _decode(path)
    if text is None:
        what = "文件编码既不是 UTF-8 也不是 GB18030。"
        return sheet.finding("S03", what, "请用 Excel 或 WPS 另存为“CSV UTF-8”。")
    lines = list(csv.reader(io.StringIO(text)))
    header = tuple(name.strip() for name in lines[0]) if lines else ()
    rows = tuple(
        (number, {name: value.strip() for name, value in zip_longest(header, line, fillvalue="")})
        for number, line in enumerate(lines[1:], start=2)
        if any(value.strip() for value in line)
    )
    return Sheet(path.parent.name, path.stem, header, rows)


def read_folder(folder: Path) -> tuple[dict[str, Sheet], list[Finding]]:
    """Read every sheet that a folder holds; findings name a file of unknown encoding."""
    sheets, findings = {}, []
    for name in SHEETS:
        path = folder / f"{name}.csv"
        if not path.is_file():
            continue
        found = _read(path)
        if isinstance(found, Finding):
            findings.append(found)
        else:
            sheets[name] = found
    return sheets, findings
