"""Workbooks for people: sheets that print and filter; text is never taken for a formula."""

from __future__ import annotations

import math
import re
from collections.abc import Container, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from weakref import WeakKeyDictionary

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from dudao_pipeline.intake.template.styles import TEXTS, add_style, plain_font, width_of

_LONGEST = 32_767  # letters that a cell holds
STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# What a template's totals are made of: these functions over cells of the same sheet.
_HARMLESS = re.compile(
    r"=(?:(?:SUM|SUBTOTAL|COUNT|COUNTA|IF|ROUND)\(|[A-Z$]{1,5}\d++|[A-Z]{1,3}:[A-Z]{1,3}"
    r'|""|[\d.]++|[-+*/(),:=<> ])++'
)


def as_text(cell: Cell, text: str) -> Cell:
    """Write a text that no spreadsheet takes for a formula, even when it is edited."""
    # Not cell.value: it would look for dates, formulas and illegal letters in every text.
    cell._value, cell.data_type = ILLEGAL_CHARACTERS_RE.sub("", text)[:_LONGEST], "s"
    if text.startswith(STARTS_FORMULA):
        cell._style = copy(cell._style)  # cells of one look share it
        cell.quotePrefix = True
    return cell


def defuse(sheet: Worksheet) -> None:
    """Turn every formula but plain totals into the text that it is."""
    for row in sheet.iter_rows():
        for cell in row:
            value = cell.value
            if cell.data_type == "f" and not _HARMLESS.fullmatch(str(value)):
                as_text(cell, str(getattr(value, "text", None) or value))
            elif isinstance(value, str) and cell.data_type == "s":
                cell.quotePrefix = value.startswith(STARTS_FORMULA)


_THIN = Side(style="thin", color="999999")
_BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_TEXT, _NUMBER, _HEAD, _OPEN_HEAD = "表内文字", "表内数字", "表头", "待填表头"
_STYLES: WeakKeyDictionary = WeakKeyDictionary()  # workbook -> its styles by name and by format
_CENTRED = Alignment(wrap_text=True, horizontal="center", vertical="center")
_LOOKS = {
    _TEXT: {"font": plain_font(), "alignment": Alignment(wrap_text=True, vertical="center")},
    _NUMBER: {"font": plain_font(), "alignment": Alignment(vertical="center")},
    **{
        head: {
            "font": plain_font(bold=True),
            "fill": PatternFill("solid", fgColor=shade),
            "alignment": _CENTRED,
        }
        for head, shade in ((_HEAD, "EEF1F4"), (_OPEN_HEAD, "FFF4D6"))
    },
}
_WIDEST, _NARROWEST, _HEAD_WIDEST = 46, 8, 16
_LINE = 15.0  # points that a line of a cell needs
_HIGHEST = 409.0  # points: no row may be higher
_A4 = 9
_UNFIT_NAME = re.compile(r"[\[\]:*?/\\]")


@dataclass(frozen=True)
class Numeral:
    """A number with the format it is shown in: a cell that can be added up and filtered."""

    value: float
    form: str = "General"

    @classmethod
    def of(cls, value: float, decimals: int) -> Numeral:
        """Return a number that is shown with so many decimals."""
        return cls(value, f"0.{'0' * decimals}" if decimals else "0")


Content = str | float | int | bool | Numeral | None


def subtitle_of(record: Mapping, warning: str = "") -> str:
    """Return the line below a title: county, code, year, and that its figures are invented."""
    mark = mark_of(record["fictional"], warning)
    return f"{record['county_name']}（{record['county']}）　{record['year']}评价年度{mark}"


def mark_of(is_fictional: bool, warning: str = "") -> str:
    """Return what marks the title of invented figures; nothing for others."""
    return f"　【虚构数据{warning}】" if is_fictional else ""


def new_workbook(year: int) -> Workbook:
    """Return an empty workbook whose dates are those of a year: same content, same bytes."""
    book = Workbook()
    book.remove(book.active)
    _STYLES[book] = {
        name: add_style(book, name, border=_BORDER, **look) for name, look in _LOOKS.items()
    }
    book.properties.creator, book.properties.created = "dudao", datetime(year, 12, 31)
    return book


def add_sheet(
    book: Workbook,
    name: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[Content]],
    *,
    title: Sequence[str] = (),
    fixed_columns: int = 1,
    printed_columns: int = 0,
    head_width: int = _HEAD_WIDEST,
    widths: Mapping[str, float] = MappingProxyType({}),
    to_fill: Container[str] = (),
) -> Worksheet:
    """Add a sheet with heads, filter, fixed heads, and print set-up: A4 across, heads repeated.

    title: lines above the heads. printed_columns: so many go on paper (0: all). head_width: how
    wide a head may make its column. widths: of columns whose texts do not say it. to_fill: the
    heads of columns that people fill in, which are shaded. None and NaN are empty cells; what is
    not known is no zero.
    """
    sheet = book.create_sheet(_UNFIT_NAME.sub("", name)[:31])
    head, styles = len(title) + 1, _STYLES[book]
    last_row, last_column = head + max(len(rows), 1), len(heads)
    for at, line in enumerate(title, 1):
        as_text(sheet.cell(at, 1), line).font = plain_font(bold=at == 1, size=14 if at == 1 else 11)
    for column, text in enumerate(heads, 1):
        cell = sheet.cell(head, column)
        cell._style = styles[_OPEN_HEAD if text in to_fill else _HEAD]
        as_text(cell, text)
    for at, row in enumerate(rows, head + 1):
        for column, content in enumerate(row, 1):
            # Not sheet.cell, which would look whether there is one.
            cell = sheet._cells[at, column] = Cell(sheet, at, column)
            _fill(cell, content, styles)
    _size(sheet, heads, rows, head, widest=head_width, widths=widths)
    fit_rows(sheet, head + 1, rows)
    sheet.freeze_panes = sheet.cell(head + 1, fixed_columns + 1)
    sheet.auto_filter.ref = f"A{head}:{get_column_letter(last_column)}{last_row}"
    sheet.print_title_rows = f"{head}:{head}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", _A4
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True
    if printed_columns:
        shown = get_column_letter(min(printed_columns, last_column))
        sheet.print_area = f"A1:{shown}{last_row}"
    sheet.oddFooter.center.text = "&P / &N"
    return sheet


def _fill(cell: Cell, content: Content, styles: dict[str, StyleArray]) -> None:
    if isinstance(content, Numeral):
        if content.form not in styles:
            cell._style = copy(styles[_NUMBER])
            cell.number_format = content.form
            styles[content.form] = cell._style
        cell._value, cell._style = content.value, styles[content.form]
        return
    cell._style = styles[_TEXT if isinstance(content, str) else _NUMBER]
    if isinstance(content, str):
        as_text(cell, content)
    elif isinstance(content, bool):
        as_text(cell, "是" if content else "否")
    elif content is not None and not math.isnan(content):
        cell._value = content


def _size(
    sheet: Worksheet,
    heads: Sequence[str],
    rows: Sequence[Sequence[Content]],
    head: int,
    *,
    widest: int,
    widths: Mapping[str, float],
) -> None:
    """Make columns as wide as what they hold, and the heads as high as their lines."""
    lines = 1
    for column, text in enumerate(heads, 1):
        texts = (row[column - 1] for row in rows)
        longest = max((width_of(_shown(content)) for content in texts), default=0)
        least = min(width_of(text) + 4, widest)  # the filter's button takes room
        width = widths.get(text) or min(max(longest + 2, least, _NARROWEST), _WIDEST)
        sheet.column_dimensions[get_column_letter(column)].width = width
        lines = max(lines, math.ceil((width_of(text) + 3) / (width - 1)))
    sheet.row_dimensions[head].height = _LINE * lines + 3


def fit_rows(sheet: Worksheet, first: int, rows: Iterable[Sequence[object]] | None = None) -> None:
    """Make rows, from the first one, as high as the lines that their texts need.

    rows: what stands in them, where that is at hand. Not every program does so when it opens a
    file; the lines of one row then lie on the next.
    """
    rows = sheet.iter_rows(min_row=first, values_only=True) if rows is None else rows
    widths = [column.width for column in sheet.column_dimensions.values()]
    for at, row in enumerate(rows, first):
        lines = max(
            (_lines(c, w) for c, w in zip(row, widths, strict=False) if isinstance(c, str)),
            default=1,
        )
        if lines > 1:
            sheet.row_dimensions[at].height = min(_LINE * lines + 2, _HIGHEST)


@lru_cache(TEXTS)
def _lines(text: str, width: float) -> int:
    return sum(max(math.ceil(width_of(part) / (width - 1.5)), 1) for part in text.split("\n"))


def _shown(content: Content) -> str:
    if isinstance(content, Numeral):
        return f"{content.value:.10g}{re.sub(r'[0#.General]', '', content.form)}"
    return "" if content is None else str(content)
