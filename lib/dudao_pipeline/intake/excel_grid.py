"""The cells of an .xlsx file as text: the one place that knows openpyxl's reader."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from openpyxl import load_workbook
from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.utils.cell import range_boundaries
from openpyxl.worksheet._reader import MERGE_TAG, ROW_TAG, WorkSheetParser
from openpyxl.xml.functions import iterparse

from dudao.base.errors import FactsError

WIDEST, DEEPEST = 256, 1_048_576  # columns ever looked at; rows a spreadsheet has
SIGNIFICANT, PLACES = 15, 10  # digits that a spreadsheet means; what lies beyond is noise
FORMULA, FAULT, NUMBER, TEXT = "f", "e", "n", "s"
_LITERAL = re.compile(r'"[^"]*"|\[[^\]]*\]|[\\_*].')  # parts of a format that print as they are


class Raw(NamedTuple):
    """A cell that is not blank: its text, and whether it is formula, fault, number or text."""

    text: str
    kind: str


class Merge(NamedTuple):
    """A merged range."""

    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True)
class Grid:
    """One sheet: cells by row and column, its merges, and whether a user can see it."""

    title: str
    visible: bool
    rows: dict[int, dict[int, Raw]]
    merges: list[Merge]


class _Parser(WorkSheetParser):
    """Formulas are only noticed: translating shared ones may fail, and nobody reads them."""

    def parse_formula(self, element) -> str:
        return "="


def number_text(value: float) -> str:
    """Return a number as it is meant: no trailing .0, no binary noise, no exponent."""
    if isinstance(value, int):
        return str(value)
    text = format(Decimal(repr(round(float(f"{value:.{SIGNIFICANT}g}"), PLACES))), "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def _is_percent(cell: ReadOnlyCell) -> bool:
    return "%" in _LITERAL.sub("", cell.number_format or "")


def _raw(cell: ReadOnlyCell) -> Raw:
    value, kind = cell.value, cell.data_type
    if kind == FORMULA:
        return Raw("", FORMULA)
    if kind == FAULT:
        return Raw(str(value), FAULT)
    if isinstance(value, bool):
        return Raw("是" if value else "否", TEXT)
    if isinstance(value, datetime):
        return Raw(value.date().isoformat(), TEXT)
    if isinstance(value, date | time):
        return Raw(value.isoformat(), TEXT)
    if isinstance(value, int | float):
        percent = _is_percent(cell)
        return Raw(number_text(value * 100 if percent else value) + "%" * percent, NUMBER)
    return Raw(str(value).strip(), TEXT)


def _cells(sheet, parsed: list[dict]) -> dict[int, Raw]:
    """Return the cells of a row that are not blank, by column."""
    filled = (c for c in parsed if c["value"] is not None and c["column"] <= WIDEST)
    found = {c["column"]: _raw(ReadOnlyCell(sheet, **c)) for c in filled}
    return {column: raw for column, raw in found.items() if raw != Raw("", TEXT)}


def _grid(book, sheet) -> Grid:
    """Read rows and merges in one pass.

    openpyxl's own loops either fill in every missing cell, which a stray row or merge turns into
    minutes, or refuse the whole sheet for a validation list that WPS wrote its own way.
    """
    rows: dict[int, dict[int, Raw]] = {}
    merges: list[Merge] = []
    formats = {
        "date_formats": book._date_formats,
        "timedelta_formats": book._timedelta_formats,
    }
    with sheet._get_source() as source:
        parser = _Parser(source, sheet._shared_strings, epoch=book.epoch, **formats)
        for _, element in iterparse(source):
            if element.tag == ROW_TAG:
                number, parsed = parser.parse_row(element)
                element.clear()
                if number <= DEEPEST and (found := _cells(sheet, parsed)):
                    rows[number] = found
            elif element.tag == MERGE_TAG:
                merges += [Merge(*range_boundaries(child.get("ref"))) for child in element]
    return Grid(sheet.title, sheet.sheet_state == "visible", rows, merges)


def read_grids(path: Path) -> list[Grid]:
    """Return the sheets of a file that was found safe; one that cannot be read is refused."""
    with path.open("rb") as source, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about features that no reader here needs
        try:
            book = load_workbook(source, read_only=True, keep_links=False)
            return [_grid(book, sheet) for sheet in book.worksheets]
        # openpyxl raises whatever a broken part happens to trip over.
        except Exception as error:
            step = "请用Excel或WPS打开，另存为“Excel工作簿（.xlsx）”后重试。"
            raise FactsError(f"{path.name}：工作簿无法读取。{step}") from error
