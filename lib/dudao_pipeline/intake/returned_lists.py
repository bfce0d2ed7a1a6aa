"""A list that the program wrote and a user filled in: its rows read back, and what is kept of them.

A row is known by a short key of what it is about, which the next list gives it again.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

from dudao.base.errors import FactsError
from dudao_pipeline.intake.file_safety import check_file
from dudao_pipeline.intake.sheet import Grid


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


def open_sheet(path: Path, name: str) -> Grid:
    """Return a sheet of a workbook; FactsError names the file that has none of this name."""
    from dudao_pipeline.intake.excel_grid import read_grids  # slow: plans are looked up without it

    check_file(path)
    grids = [grid for grid in read_grids(path, name.__eq__) if grid.title == name]
    if not grids:
        raise FactsError(f"{path.name} 没有“{name}”工作表。请用本工具导出的表格填写。")
    return grids[0]


def rows_below(
    sheet: Grid, path: Path, head: int, columns: Sequence[str]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield number and texts of every row below the heads; FactsError names missing columns."""
    heads = {raw.text: column for column, raw in sheet.rows.get(head, {}).items()}
    lacking = [name for name in columns if name not in heads]
    if lacking:
        raise FactsError(
            f"{path.name} 第{head}行缺少“{'”“'.join(lacking)}”列。请用本工具导出的表格填写。"
        )
    for number in sheet.rows:
        if number > head:
            yield number, {name: sheet.text(number, column) for name, column in heads.items()}
