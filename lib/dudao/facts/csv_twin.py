"""Reading one sheet of the workbook's CSV twin: UTF-8 or GB18030, header checked."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from dudao.errors import nearest
from dudao.facts.findings import ERROR, Finding
from dudao.facts.places import address

ENCODINGS = ("utf-8-sig", "gb18030")


@dataclass(frozen=True)
class Sheet:
    """A sheet as rows of text by header; row numbers as a spreadsheet shows them."""

    folder: str
    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, str]], ...]

    def cell(self, row: int, column: str) -> str:
        """Return the A1 address of a named column in a row."""
        return address(row, self.header.index(column) + 1)

    def finding(
        self, code: str, what: str, next_step: str, *, row: int = 0, column: str = ""
    ) -> Finding:
        """Return an error finding at a cell of this sheet."""
        cell = self.cell(row, column) if row else ""
        return Finding(code, ERROR, self.folder, self.name, cell, what, next_step)


def _decode(path: Path) -> str | None:
    content = path.read_bytes()
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _header_findings(sheet: Sheet, expected: tuple[str, ...]) -> list[Finding]:
    return [
        sheet.finding(
            "S02",
            f"缺少列“{column}”{nearest(column, set(sheet.header) - set(expected))}。",
            "请按模板恢复表头。",
        )
        for column in expected
        if column not in sheet.header
    ]


def _failed(path: Path, code: str, what: str, next_step: str) -> tuple[Sheet, list[Finding]]:
    sheet = Sheet(path.parent.name, path.stem, (), ())
    return sheet, [sheet.finding(code, what, next_step)]


def read_sheet(path: Path, expected: tuple[str, ...]) -> tuple[Sheet, list[Finding]]:
    """Read one CSV sheet; findings name a missing file, an unknown encoding, a missing column."""
    if not path.is_file():
        return _failed(path, "S01", "缺少工作表。", f"请补上 {path.name}（可只有表头）。")
    text = _decode(path)
    if text is None:
        return _failed(
            path,
            "S03",
            "文件编码既不是 UTF-8 也不是 GB18030。",
            "请用 Excel 或 WPS 另存为“CSV UTF-8”。",
        )
    lines = list(csv.reader(io.StringIO(text)))
    header = tuple(name.strip() for name in lines[0]) if lines else ()
    rows = tuple(
        (number, {name: value.strip() for name, value in zip_longest(header, line, fillvalue="")})
        for number, line in enumerate(lines[1:], start=2)
        if any(value.strip() for value in line)
    )
    sheet = Sheet(path.parent.name, path.stem, header, rows)
    return sheet, _header_findings(sheet, expected)
