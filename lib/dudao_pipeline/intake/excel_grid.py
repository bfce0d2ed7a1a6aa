"""The cells of a spreadsheet as text: of an .xlsx file in one pass over the XML of each sheet.

Rows that hold no figure, such as formats painted down to the last row, are left out block by block.
"""

import io
import math
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree
from xml.parsers import expat

import xlrd
from xlrd.sheet import Sheet as OldSheet

from dudao.base.errors import DudaoError, FactsError
from dudao_pipeline.intake.book_reading import read_sheets
from dudao_pipeline.intake.cell_reading import FIRST_DAY
from dudao_pipeline.intake.clean_text import clean, has_changed, struck
from dudao_pipeline.intake.excel_package import (
    ADDRESS,
    UTF_16,
    Address,
    Formats,
    Package,
    local,
    shown_text,
    unescaped,
)
from dudao_pipeline.intake.file_safety import check_file, is_old
from dudao_pipeline.intake.findings import Finding
from dudao_pipeline.intake.old_workbook import OldWorkbook, old_comments
from dudao_pipeline.intake.sheet import (
    FAULT,
    FORMULA,
    NUMBER,
    PICTURE,
    REPEATED,
    TEXT,
    Grid,
    Merge,
    Raw,
    Sheet,
    column_number,
)

WIDEST, DEEPEST = 256, 1_048_576  # columns ever looked at; rows a spreadsheet has
ELEMENT_LIMIT = 5_000_000  # of one sheet's rows with figures: some 1.2 million filled cells
MOST_RECODED = 64 << 20  # bytes of a sheet that is written in another encoding at once
SIGNIFICANT, PLACES = 15, 10  # digits that a spreadsheet means; what lies beyond is noise
PICTURE_FORMULA = "DISPIMG"  # how WPS keeps a picture in a cell
_FIRST_DAY_1904 = date(1904, 1, 1)
_SKIPPED_DAY = 60  # 29 February 1900, which spreadsheets count and no calendar has
_MERGE = re.compile(r"([A-Za-z]{1,3})(\d{1,7}):([A-Za-z]{1,3})(\d{1,7})")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[Ee][+-]?\d+)?", re.ASCII)
_TRUTHS = {"1": "是", "true": "是", "0": "否", "false": "否"}
_YES = ("1", "true")
_SAVE_AGAIN = "请用Excel或WPS打开，另存后重试。"
_SAVE_AS = "请用Excel或WPS打开，另存为“Excel工作簿（.xlsx）”后重试。"
_BLOCK = 1 << 20
_ROW = re.compile(rb"<(?:\w+:)?row[\s/>]")
_FIGURE_MARKS = (b"v>", b"is>", b"f>", b"<f", b":f ", b"</sheetData", b":sheetData", b"<!")


def number_text(value: float) -> str:
    """Return a number as it is meant: no trailing .0, no binary noise, no exponent."""
    if isinstance(value, int) or not math.isfinite(value):
        return str(value)
    if value.is_integer() and abs(value) < 10**SIGNIFICANT:  # nearly every number: nothing to round
        return str(int(value))
    text = format(Decimal(repr(round(float(f"{value:.{SIGNIFICANT}g}"), PLACES))), "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def _duration(days: float) -> timedelta:
    return timedelta(seconds=round(days * 86_400))


def _day_text(serial: float, first_day: date) -> str:
    """Return the day of a serial number, or the time of one below 1."""
    if serial < 1:
        return (datetime.min + _duration(max(serial, 0))).time().isoformat()
    skipped = serial < _SKIPPED_DAY and first_day == FIRST_DAY
    return (first_day + timedelta(days=serial + skipped)).isoformat()


def _number(value: float, style: int, formats: Formats, first_day: date) -> Raw:
    """Return a number as its format shows it: a day, a duration, a percentage, 2.5亿元."""
    with suppress(OverflowError, ValueError):  # of a day that no calendar has
        if style in formats.dates:
            return Raw(_day_text(value, first_day), TEXT)
        if style in formats.durations:
            return Raw(str(_duration(value)), TEXT)
    if style in formats.percents:
        return Raw(f"{number_text(value * 100)}%", NUMBER)
    look = formats.looks.get(style)
    return Raw(look.text(number_text(value)) if look else number_text(value), NUMBER)


def _merge(reference: str) -> Merge | None:
    match = _MERGE.fullmatch(reference)
    if match is None:
        return None
    left, top, right, bottom = match.groups()
    return Merge(column_number(left), int(top), column_number(right), int(bottom))


def _text(grid: Grid, at: Address, text: str) -> Raw:
    """Return a text as it was meant; the grid keeps what it was where that is another."""
    cleaned = clean(text)
    if has_changed(text, cleaned):
        grid.cleaned[at] = text
    return Raw(cleaned, TEXT)


def _put(grid: Grid, at: Address, raw: Raw) -> None:
    """Keep a cell that is not blank and that a spreadsheet can hold."""
    row, column = at
    if raw != Raw("", TEXT) and row <= DEEPEST and column <= WIDEST:
        grid.rows.setdefault(row, {})[column] = raw


@dataclass(slots=True)
class _Cell:
    """A cell as its elements say: where it is, its kind and format, and what stands in it.

    text, formula: None where the cell has none.
    """

    at: Address = (0, 0)
    kind: str = ""
    style: int = 0
    is_picture: bool = False
    text: str | None = None
    formula: str | None = None
    is_repeated: bool = False


class _Pass:
    """One sheet being parsed into a grid: where it is, and the cell that is open."""

    def __init__(self, package: Package, title: str):
        self.texts, self.formats = package.texts, package.formats
        first_day = _FIRST_DAY_1904 if package.is_1904 else FIRST_DAY
        is_visible, comments = package.sheets[title][1], package.comments(title)
        self.grid = Grid(title, is_visible, {}, comments=comments, first_day=first_day)
        self.row = self.column = self.elements = 0
        self.cell = _Cell()
        self.filled: set[Address] = set()
        self.read: list[str] = []
        self.runs: ElementTree.TreeBuilder | None = None  # of the text that a cell itself holds
        self.names: dict[str, str] = {}
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        if self.elements > ELEMENT_LIMIT:
            raise _too_much(self.grid.title)
        kind = self.names.get(name)
        if kind is None:
            kind = self.names[name] = local(name)
        if self.runs is not None:
            self.runs.start(kind, attributes)
        elif kind == "c":
            self._open(attributes)
        elif kind in ("v", "f"):
            self.read = []
            self.parser.CharacterDataHandler = self.read.append
        elif kind == "is":
            self.runs = ElementTree.TreeBuilder()
            self.runs.start(kind, attributes)
            self.parser.CharacterDataHandler = self.runs.data
        elif kind == "row":
            self.row = int(attributes.get("r") or self.row + 1)
            self.column = 0
            if attributes.get("hidden") in _YES:
                self.grid.hidden_rows.add(self.row)
        elif kind == "col" and attributes.get("hidden") in _YES:
            first, last = (int(attributes.get(name, "0")) for name in ("min", "max"))
            self.grid.hidden_columns.update(range(first, min(last, WIDEST) + 1))
        elif kind == "mergeCell" and (merge := _merge(attributes.get("ref", ""))):
            self.grid.merges.append(merge)

    def _end(self, name: str) -> None:
        kind = self.names[name]
        if self.runs is not None:
            self.runs.end(kind)
            if kind == "is":
                self._fill("is", shown_text(self.runs.close()))
                self.runs = self.parser.CharacterDataHandler = None
        elif kind == "c":
            self._close()
        elif kind == "v":
            self._fill(self.cell.kind, "".join(self.read))
            self.parser.CharacterDataHandler = None
        elif kind == "f":
            self.cell.formula = "".join(self.read)
            self.parser.CharacterDataHandler = None

    def _open(self, attributes: dict[str, str]) -> None:
        match = ADDRESS.fullmatch(attributes.get("r", ""))
        self.column = column_number(match[1]) if match else self.column + 1
        at = (int(match[2]) if match else self.row, self.column)
        style = attributes.get("s", "")
        number = int(style) if style.isdecimal() else 0
        self.cell = _Cell(at, attributes.get("t", ""), number, "vm" in attributes)

    def _fill(self, kind: str, text: str) -> None:
        cell = self.cell
        cell.is_repeated = cell.text is not None
        cell.kind, cell.text = kind, text

    def _close(self) -> None:
        """Keep the cell that ends, unless nothing was written into it."""
        cell = self.cell
        if cell.text is None and cell.formula is None:
            return
        if cell.is_repeated or cell.at in self.filled:
            raw = Raw("", REPEATED)
        elif cell.formula is not None:
            is_picture = PICTURE_FORMULA in cell.formula
            shown = "" if is_picture or cell.kind == "e" else self._value().text
            raw = Raw(shown, PICTURE if is_picture else FORMULA)
        elif cell.kind == "e":
            error = "" if cell.is_picture else cell.text
            raw = Raw(error, FAULT if error else PICTURE)
        else:
            raw = self._value()
        self.filled.add(cell.at)
        _put(self.grid, cell.at, raw)

    def _value(self) -> Raw:
        """Return what stands in the cell; one of no known kind is a number, or a text if none."""
        cell, text = self.cell, self.cell.text or ""
        if cell.kind == "s" and text:
            raw = _text(self.grid, cell.at, self.texts[text.strip()])
        elif cell.kind == "d" and re.match(r"\d{4}-\d\d-\d\d", text):
            raw = Raw(text[:10], TEXT)
        elif cell.kind not in ("is", "str", "b", "d") and _NUMBER.fullmatch(text):
            raw = _number(float(text), cell.style, self.formats, self.grid.first_day)
        else:
            text = _TRUTHS.get(text, text) if cell.kind == "b" else text
            text = unescaped(text) if cell.kind == "str" else text
            raw = _text(self.grid, cell.at, text)
        return Raw(struck(raw.text), TEXT) if cell.style in self.formats.struck else raw

    def finish(self) -> Grid:
        """Return the grid after the last block, in the order of its cells."""
        self.parser.Parse(b"", True)
        for row in sorted(self.grid.rows):
            self.grid.rows[row] = dict(sorted(self.grid.rows.pop(row).items()))
        return self.grid


def _too_much(title: str) -> FactsError:
    step = "请在该表按 Ctrl+End，删去数据以外的行和列，另存后重试。"
    return FactsError(f"工作表“{title}”内容过多。{step}")


def _blocks(source) -> Iterator[bytes]:
    """Yield a sheet in blocks that begin with a row, but for the first."""
    rest = b""
    while read := source.read(_BLOCK):
        block, rest = rest + read, b""
        starts = [match.start() for match in _ROW.finditer(block, max(0, len(block) - 4096))]
        if not starts:
            starts = [match.start() for match in _ROW.finditer(block)]
        if starts:
            block, rest = block[: starts[-1]], block[starts[-1] :]
        if block:
            yield block
    if rest:
        yield rest


def _is_blank(block: bytes) -> bool:
    """Say whether a block of rows holds no figure; rows without a number keep their place."""
    if not _ROW.match(block) or any(mark in block for mark in _FIGURE_MARKS):
        return False
    return b' r="' in block[:64]


def _grid(package: Package, title: str) -> Grid:
    """Return the cells of a sheet of a package."""
    state, part = _Pass(package, title), package.sheets[title][0]
    entry = package.entry(part)
    if entry is None:
        return state.grid
    with package.archive.open(entry) as packed:
        is_recoded = packed.peek(2)[:2] in UTF_16
        if is_recoded and entry.file_size > MOST_RECODED:
            raise FactsError(f"工作表“{title}”的编码（UTF-16）少见而内容过多。{_SAVE_AGAIN}")
        for block in _blocks(io.BytesIO(package.read(part)) if is_recoded else packed):
            if not _is_blank(block):
                state.parser.Parse(block)
    return state.finish()


def _grids(path: Path, wanted: Callable[[str], bool]) -> list[Grid]:
    with zipfile.ZipFile(path) as archive:
        package = Package(archive)
        if not package.sheets:
            raise FactsError(f"里面没有工作表，不是Excel工作簿。{_SAVE_AS}")
        return [_grid(package, title) for title in package.sheets if wanted(title)]


def _old_raw(book: OldWorkbook, sheet: OldSheet, at: Address, grid: Grid) -> Raw:
    """Return a cell of an old workbook that is not blank."""
    row, column = at[0] - 1, at[1] - 1
    kind, value = sheet.cell_type(row, column), sheet.cell_value(row, column)
    style = sheet.cell_xf_index(row, column)
    if kind == xlrd.XL_CELL_ERROR:
        return Raw(xlrd.error_text_from_code.get(value, "#N/A"), FAULT)
    if kind == xlrd.XL_CELL_BOOLEAN:
        raw = Raw("是" if value else "否", TEXT)
    elif kind == xlrd.XL_CELL_TEXT:
        raw = _text(grid, at, book.shown(sheet, row, column))
    else:
        raw = _number(value, style, book.formats, grid.first_day)
    return Raw(struck(raw.text), TEXT) if style in book.formats.struck else raw


def _old_grid(book: OldWorkbook, sheet: OldSheet, formulas: set[Address]) -> Grid:
    """Return a sheet of an old workbook."""
    first_day = _FIRST_DAY_1904 if book.is_1904 else FIRST_DAY
    grid = Grid(sheet.name, not sheet.visibility, {}, first_day=first_day)
    grid.comments.update(old_comments(sheet))
    for row in range(sheet.nrows):
        for column, kind in enumerate(sheet.row_types(row), start=1):
            if kind != xlrd.XL_CELL_EMPTY:
                at = row + 1, column
                raw = _old_raw(book, sheet, at, grid)
                if at in formulas:
                    raw = Raw("" if raw.kind == FAULT else raw.text, FORMULA)
                _put(grid, at, raw)
    grid.hidden_rows.update(row + 1 for row, one in sheet.rowinfo_map.items() if one.hidden)
    grid.hidden_columns.update(at + 1 for at, one in sheet.colinfo_map.items() if one.hidden)
    for top, bottom, left, right in sheet.merged_cells:
        grid.merges.append(Merge(left + 1, top + 1, right, bottom))
    return grid


def _old_grids(path: Path) -> list[Grid]:
    """Read a workbook of the old kind."""
    book, grids, rows = OldWorkbook(path.read_bytes()), [], 0
    for sheet, formulas in book.sheets():
        rows += sheet.nrows
        if rows > DEEPEST:  # stray cells in the last rows of many sheets: minutes for nothing
            raise _too_much(sheet.name)
        grids.append(_old_grid(book, sheet, formulas))
    return grids


def read_grids(path: Path, wanted: Callable[[str], bool] = lambda title: True) -> list[Grid]:
    """Return the sheets of a file that was found safe; one that cannot be read is refused.

    wanted: says by its title whether a sheet is read at all; all of an old workbook are.
    """
    try:
        return _old_grids(path) if is_old(path) else _grids(path, wanted)
    except DudaoError as error:
        raise FactsError(f"{path.name}：{error}") from error
    except MemoryError:
        raise
    except Exception as error:  # a broken part trips over whatever it happens to
        raise FactsError(f"{path.name}：工作簿无法读取。{_SAVE_AS}") from error


def read_workbook(path: Path) -> tuple[dict[str, Sheet], list[Finding]]:
    """Read the sheets of a filled workbook by name; findings name every cell that cannot stand.

    A file that is unsafe or no workbook raises FactsError before a spreadsheet library sees it.
    """
    check_file(path)
    return read_sheets(read_grids(path), path.name)
