"""A list that the program wrote and a user filled in: its rows read back, and what is kept of them.

A row is known by a short key of what it is about, which the next list gives it again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from dudao.base.errors import FactsError
from dudao_pipeline.intake.file_safety import check_file

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet


def key_of(*about: str) -> str:
    """Return the short key of a row by what it is about."""
    return hashlib.sha256("|".join(about).encode()).hexdigest()[:10]


def kept_in(path: Path) -> list[dict[str, str]]:
    """Return the entries that were kept in a file, in their order; none where there is no file."""
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []


def text_of(value: object) -> str:
    """Return a cell as text; a date as 2025-03-01, a number without a needless point."""
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value).strip()


def open_sheet(path: Path, name: str) -> Worksheet:
    """Return a sheet of a workbook; FactsError names the file that has none of this name."""
    from openpyxl import load_workbook  # slow to load: plans are looked up without it

    check_file(path, old=False)
    try:
        book = load_workbook(path, data_only=True)
    except Exception as error:  # openpyxl raises many kinds for a damaged workbook
        raise FactsError(f"{path.name} 打不开，可能已损坏。请用本工具导出的表格填写。") from error
    if name not in book.sheetnames:
        raise FactsError(f"{path.name} 没有“{name}”工作表。请用本工具导出的表格填写。")
    return book[name]


def rows_below(
    sheet: Worksheet, path: Path, head: int, columns: Sequence[str]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield number and texts of every row below the heads; FactsError names missing columns."""
    heads = [text_of(cell.value) for cell in sheet[head]]
    lacking = [name for name in columns if name not in heads]
    if lacking:
        raise FactsError(
            f"{path.name} 第{head}行缺少“{'”“'.join(lacking)}”列。请用本工具导出的表格填写。"
        )
    for number, cells in enumerate(sheet.iter_rows(min_row=head + 1), head + 1):
        row = {name: text_of(cell.value) for name, cell in zip(heads, cells, strict=False)}
        if any(row.values()):
            yield number, row
