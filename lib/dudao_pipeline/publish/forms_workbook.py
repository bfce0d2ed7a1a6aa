"""The official forms as a spreadsheet beside the page: numbers stay numbers."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from dudao_pipeline.intake.template.saving import save
from dudao_pipeline.publish.workbooks import as_text

HEAD, FICTIONAL = 4, "虚构数据"
_THIN = Side(style="thin", color="999999")
_BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_SHADE = PatternFill("solid", fgColor="EEF1F4")
_WIDEST, _NARROWEST = 46, 9


def _title(sheet: Worksheet, form: dict, found: dict) -> None:
    as_text(sheet["A1"], f"{form['number']}　{form['title']}").font = Font(bold=True, size=14)
    mark = f"　【{FICTIONAL}】" if found["fictional"] else ""
    place = f"{found['county_name']}（{found['county']}）　{found['year']}评价年度{mark}"
    as_text(sheet["A2"], place)
    as_text(sheet["A3"], f"{form['note']}　数据版本{found['data_version']}")


def _width(text: str) -> int:
    return sum(2 if ord(letter) > 0x2E80 else 1 for letter in text)


def _write(sheet: Worksheet, form: dict) -> None:
    for column, name in enumerate(form["columns"], 1):
        cell = as_text(sheet.cell(HEAD, column), name)
        cell.font, cell.fill, cell.border = Font(bold=True), _SHADE, _BORDER
        cell.alignment = Alignment(wrap_text=True, horizontal="center", vertical="center")
        texts = [str(row[column - 1] or "") for row in form["rows"]]
        longest = max(map(_width, texts), default=0)
        width = min(max(longest + 2, _NARROWEST), _WIDEST)
        sheet.column_dimensions[get_column_letter(column)].width = width
    for at, row in enumerate(form["rows"], HEAD + 1):
        for column, (value, decimals) in enumerate(zip(row, form["decimals"], strict=True), 1):
            cell = sheet.cell(at, column)
            cell.border = _BORDER
            cell.alignment = Alignment(wrap_text=isinstance(value, str), vertical="center")
            if isinstance(value, str):
                as_text(cell, value)
            else:
                cell.value = value
                cell.number_format = "General" if decimals is None else f"0.{'0' * decimals}"


def write_forms(found: dict, path: Path) -> None:
    """Write one sheet per form of a results record: A4 landscape, heads repeated, no formula.

    A number that is not known is an empty cell; same record, same bytes.
    """
    book = Workbook()
    book.remove(book.active)
    book.properties.creator, book.properties.created = "dudao", datetime(found["year"], 12, 31)
    for form in found["forms"]:
        sheet = book.create_sheet(form["number"])
        _title(sheet, form, found)
        _write(sheet, form)
        sheet.freeze_panes = sheet.cell(HEAD + 1, 2)
        sheet.print_title_rows = f"{HEAD}:{HEAD}"
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
        sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True
    save(book, path)
