"""How the workbook looks: fonts, fills, borders, number formats, row heights, printing."""

import math
import unicodedata
from copy import copy
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.styles.fonts import DEFAULT_FONT
from openpyxl.worksheet.worksheet import Worksheet

BODY, HEAD, PROSE = "宋体", "黑体", "仿宋"
GREY, INK, SUGGESTED = "FF7F7F7F", "FF000000", "FF808080"
GENERAL, TEXT, COUNT, YEAR, DAY = "General", "@", "#,##0", "0", "yyyy-mm-dd"
MONEY, RATE = "#,##0.00", "0.00"
AS_ENTERED = frozenset({"课时/周", "分钟/日", "小时/日"})
RATE_UNITS = frozenset({"%", "百分点", "人/教师"})
RANK_UNIT = "位"
SIZE = 10.5  # of the body: one of its full-width characters is two units of column width
LINE_HEIGHT, PADDING = 1.35, 5.0  # of a line in font sizes; of a row in points
LEAST_HEIGHT = 20.0
TEXTS = 16_384  # whose height is kept: the workbooks of all counties share their words
CENTRE = Alignment(horizontal="center", vertical="center")


def _box(color: str) -> Border:
    side = Side(style="thin", color=color)
    return Border(left=side, right=side, top=side, bottom=side)


_BOX, _PALE_BOX, _NO_BOX = _box("FFBFBFBF"), _box("FFD9D9D9"), Border()


def _fill(color: str) -> PatternFill:
    return PatternFill("solid", fgColor=f"FF{color}", bgColor=f"FF{color}")


@dataclass(frozen=True, eq=False)
class Look:
    """Everything about a cell but its content; each is one of the constants below."""

    font: Font
    align: str = "left"
    fill: PatternFill | None = None
    boxed: bool = True
    locked: bool = True
    indent: int = 0


TITLE = Look(Font(name=HEAD, size=16, bold=True), "center", boxed=False)
HINT = Look(Font(name=BODY, size=9, color=GREY), boxed=False)
HEADER = Look(Font(name=HEAD, size=SIZE), "center", _fill("DCE6F1"))
GROUP = Look(Font(name=HEAD, size=11), fill=_fill("EEF3F8"))
FIXED = Look(Font(name=BODY, size=SIZE), fill=_fill("F2F2F2"))
CENTRED = replace(FIXED, align="center")
INDENTED = replace(FIXED, indent=2)
CODE = replace(FIXED, font=Font(name="Consolas", size=8, color=GREY))
TOTAL = Look(Font(name=HEAD, size=SIZE), "right", _fill("E4E7EB"))
WORDS = Look(Font(name=BODY, size=SIZE), fill=_fill("FFFDE9"), locked=False)
NUMBER = replace(WORDS, align="right")
CHOICE = replace(WORDS, align="center")
DECIDING = replace(NUMBER, fill=_fill("FFE58A"))  # a rule in force reads the cell
DECIDING_CHOICE = replace(CHOICE, fill=_fill("FFE58A"))
DECIDING_HEADER = replace(HEADER, fill=_fill("FFD24D"))
NOT_ASKED = replace(CENTRED, font=Font(name=BODY, size=SIZE, color=GREY))
PARAGRAPH = Look(Font(name=PROSE, size=12), boxed=False)


# Workbook -> look and number format -> style. Not the NamedStyle: it holds its workbook for ever.
_named: WeakKeyDictionary = WeakKeyDictionary()


def dress(cell: Cell, look: Look, number_format: str = GENERAL) -> None:
    """Give a cell a look, which is a named style of the workbook."""
    named = _named.setdefault(cell.parent.parent, {})
    key = (look, number_format)
    if key not in named:
        parts = _parts(look, number_format)
        named[key] = add_style(cell.parent.parent, _free_name(cell.parent.parent), **parts)
    # `cell.style = name` looks the style up by its name, one after the other: a tenth as fast.
    cell._style = copy(named[key])


def _free_name(book: Workbook) -> str:
    """Return a name that no style of the workbook has; one that was opened has some of ours."""
    names = book.named_styles
    numbers = (f"报送表{number:02d}" for number in count(len(names)))
    return next(name for name in numbers if name not in names)


def band(sheet: Worksheet, row: int, text: str, look: Look, *, columns: tuple[int, int]) -> None:
    """Write a text over the columns of a row from the first to the last, which are one cell."""
    first, last = columns
    sheet.merge_cells(start_row=row, end_row=row, start_column=first, end_column=last)
    sheet.cell(row, first, text)
    for column in range(first, last + 1):
        dress(sheet.cell(row, column), look)


def plain_font(**parts: Any) -> Font:
    """Return the font of a new workbook, bold or of another size.

    One that names no font and no size is shown as each program likes.
    """
    named = ("name", "size", "family", "color", "scheme")
    return Font(**{name: getattr(DEFAULT_FONT, name) for name in named} | parts)


def add_style(book: Workbook, name: str, **parts: Any) -> StyleArray:
    """Add a named style to a workbook; return what a cell that has it copies as its `_style`."""
    style = NamedStyle(name, **parts)
    book.add_named_style(style)
    return style.as_tuple()


def _parts(look: Look, number_format: str) -> dict[str, object]:
    """Return the parts of a look by the names that openpyxl gives them."""
    return {
        "font": look.font,
        "fill": look.fill or PatternFill(),
        "border": _BOX if look.boxed else _NO_BOX,
        "alignment": Alignment(
            horizontal=look.align, vertical="center", wrap_text=True, indent=look.indent
        ),
        "number_format": number_format,
        "protection": Protection(locked=look.locked),
    }


def dress_column(target, look: Look, number_format: str) -> None:
    """Give the empty rows of a column a look, paler.

    LibreOffice would else not print the rows prepared above them, because they would look like the
    rest of the sheet.
    """
    for name, part in (_parts(look, number_format) | {"border": _PALE_BOX}).items():
        setattr(target, name, part)


def number_format(unit: str) -> str:
    """Return the number format of a unit: counts whole, money and rates with two decimals."""
    if unit in AS_ENTERED:
        return GENERAL
    if unit in RATE_UNITS:
        return RATE
    if unit == RANK_UNIT:
        return YEAR
    return MONEY if "元" in unit or unit == "㎡" else COUNT


@lru_cache(TEXTS)
def width_of(text: str) -> int:
    """Return how many places a text takes: two for a Chinese letter or mark."""
    return sum(2 if unicodedata.east_asian_width(c) in "FWA" else 1 for c in text)


@lru_cache(TEXTS)
def height(text: str, width: float, size: float) -> float:
    """Return the height that a text of a font size needs in a column width."""
    room = (width - 1.5) * SIZE / size
    lines = sum(max(math.ceil(width_of(line) / room), 1) for line in text.split("\n"))
    return round(max(lines * size * LINE_HEIGHT + PADDING, LEAST_HEIGHT), 1)


def fit(sheet: Worksheet, row: int) -> None:
    """Set the height of a row to what its words need."""
    # Not sheet[row]: to tell how wide a sheet is, openpyxl looks at each of its cells.
    fonts, least = sheet.parent._fonts, LEAST_HEIGHT
    for at, dimension in enumerate(sheet.column_dimensions.values(), start=1):
        cell = sheet.cell(row, at)
        if isinstance(cell.value, str) and cell.data_type != "f":
            size = fonts[cell._style.fontId if cell._style else 0].size
            least = max(least, height(cell.value, dimension.width, size))
    sheet.row_dimensions[row].height = least


def print_setup(sheet: Worksheet, repeated_rows: str, footer: str) -> None:
    """Print on A4 landscape, one page wide, with the header on every page."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_options.horizontalCentered = True
    margins = sheet.page_margins
    margins.left = margins.right = 0.5
    margins.top, margins.bottom, margins.header, margins.footer = 0.6, 0.7, 0.3, 0.35
    if repeated_rows:
        sheet.print_title_rows = repeated_rows
    sheet.oddFooter.left.text, sheet.oddFooter.left.size = footer, 9
    sheet.oddFooter.right.text, sheet.oddFooter.right.size = "第 &P 页　共 &N 页", 9


def protect(sheet: Worksheet, rows_are_open: bool) -> None:
    """Protect a sheet without a password; rows may be added and sorted where it is a list."""
    protection = sheet.protection
    protection.formatColumns = protection.formatRows = False
    protection.insertRows = protection.deleteRows = not rows_are_open
    protection.sort = protection.autoFilter = not rows_are_open
    protection.enable()
