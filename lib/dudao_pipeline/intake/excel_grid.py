"""The cells of an .xlsx file as text: python-calamine reads values, a pass over the XML more."""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

from lxml import etree
from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from dudao.base.errors import DudaoError, FactsError
from dudao_pipeline.intake.clean_text import clean, has_changed
from dudao_pipeline.intake.excel_marks import Marks, Package, read_marks
from dudao_pipeline.intake.file_safety import check_file
from dudao_pipeline.intake.findings import Finding
from dudao_pipeline.intake.grid_reading import read_sheets
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
    address,
    column_number,
)

WIDEST, DEEPEST = 256, 1_048_576  # columns ever looked at; rows a spreadsheet has
LARGEST_BOX = 4_000_000  # cells of the rectangle that calamine lays out; a stray cell widens it
SIGNIFICANT, PLACES = 15, 10  # digits that a spreadsheet means; what lies beyond is noise
_EPOCH, _EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)
_MERGE = re.compile(r"([A-Za-z]{1,3})(\d{1,7}):([A-Za-z]{1,3})(\d{1,7})")
_MAIN = ("xl/", "_rels/", "[content_types].xml")


def number_text(value: float) -> str:
    """Return a number as it is meant: no trailing .0, no binary noise, no exponent."""
    if isinstance(value, int) or not math.isfinite(value):
        return str(value)
    text = format(Decimal(repr(round(float(f"{value:.{SIGNIFICANT}g}"), PLACES))), "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def _day(serial: float, is_1904: bool) -> str | None:
    """Return the day of a serial number, None where no calendar has one."""
    try:
        moment = (_EPOCH_1904 if is_1904 else _EPOCH) + timedelta(days=serial)
    except OverflowError:
        return None
    return moment.date().isoformat() if serial >= 1 else None


class _Reader:
    """The values of one sheet as text, with what its marks say of them."""

    def __init__(self, title: str, visible: bool, marks: Marks, is_1904: bool):
        self.marks, self.is_1904 = marks, is_1904
        self.grid = Grid(title, visible, {})

    def _text(self, at: tuple[int, int], text: str) -> Raw:
        if at in self.marks.iso_dates and re.match(r"\d{4}-\d\d-\d\d", text):
            return Raw(text[:10], TEXT)
        cleaned = clean(text)
        if has_changed(text, cleaned):
            self.grid.cleaned[at] = text
        return Raw(cleaned, TEXT)

    def _raw(self, at: tuple[int, int], value: object) -> Raw:
        if isinstance(value, bool):
            return Raw("是" if value else "否", TEXT)
        if isinstance(value, datetime):
            return Raw(value.date().isoformat(), TEXT)
        if isinstance(value, date | time):
            return Raw(value.isoformat(), TEXT)
        if isinstance(value, timedelta):
            return Raw(str(value), TEXT)
        if isinstance(value, int | float):
            if at in self.marks.dates and (day := _day(value, self.is_1904)):
                return Raw(day, TEXT)
            percent = at in self.marks.percents
            return Raw(number_text(value * 100 if percent else value) + "%" * percent, NUMBER)
        return self._text(at, str(value))

    def put(self, at: tuple[int, int], raw: Raw) -> None:
        """Keep a cell that is not blank and that a spreadsheet can hold."""
        row, column = at
        if raw != Raw("", TEXT) and row <= DEEPEST and column <= WIDEST:
            self.grid.rows.setdefault(row, {})[column] = raw

    def read(self, sheet: CalamineSheet, numbers: Callable[[int], int]) -> Grid:
        """Read a sheet's values; numbers: what row stands at a row that calamine was given."""
        top, left = sheet.start or (0, 0)
        for down, line in enumerate(sheet.to_python() if sheet.start else ()):
            row = numbers(top + down + 1)
            for right, value in enumerate(line[: WIDEST - left]):
                if value != "":
                    at = (row, left + right + 1)
                    self.put(at, self._raw(at, value))
        for at, is_picture in self.marks.formulas.items():
            self.put(at, Raw("", PICTURE if is_picture else FORMULA))
        for at, text in self.marks.errors.items():
            if at not in self.marks.formulas:
                self.put(at, Raw(text, FAULT if text else PICTURE))
        for at in self.marks.repeated:
            self.put(at, Raw("", REPEATED))
        self.grid.merges.extend(filter(None, map(_merge, self.marks.merges)))
        for row in sorted(self.grid.rows):
            self.grid.rows[row] = dict(sorted(self.grid.rows.pop(row).items()))
        return self.grid


def _merge(reference: str) -> Merge | None:
    match = _MERGE.fullmatch(reference)
    if match is None:
        return None
    left, top, right, bottom = match.groups()
    return Merge(column_number(left), int(top), column_number(right), int(bottom))


def _is_too_wide(marks: Marks) -> bool:
    """Say whether a stray cell makes a rectangle that no machine should lay out."""
    if marks.box is None:
        return False
    top, left, bottom, right = marks.box
    return (bottom - top + 1) * (right - left + 1) > LARGEST_BOX or right > WIDEST


def _gathered(content: bytes) -> tuple[bytes, list[int]]:
    """Return a sheet with its filled rows one below the other, and the row that each stands for.

    Columns beyond the widest that is looked at are left out.
    """
    tree = etree.fromstring(content, etree.XMLParser(resolve_entities=False, huge_tree=True))
    numbers: list[int] = []
    at = 0
    for row in list(tree.iter("{*}row")):
        at = int(row.get("r") or at + 1)
        column = 0
        for cell in list(row):
            match = re.match(r"[A-Za-z]+", cell.get("r", ""))
            column = column_number(match[0]) if match else column + 1
            if column > WIDEST or len(cell) == 0:
                row.remove(cell)
            else:
                cell.set("r", address(len(numbers) + 1, column))
        if len(row):
            numbers.append(at)
            row.set("r", str(len(numbers)))
        else:
            row.getparent().remove(row)
    return etree.tostring(tree), numbers


def _repacked(package: Package, replaced: dict[str, bytes]) -> io.BytesIO:
    """Return the parts that hold figures as a package, with some sheets replaced."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as target:
        for key, entry in package.entries.items():
            if key.startswith(_MAIN) and not key.startswith("xl/media/"):
                content = replaced.get(key) or package.archive.read(entry)
                target.writestr(entry.filename.replace("\\", "/"), content)
    written.seek(0)
    return written


def _is_1904(package: Package) -> bool:
    tree = package.tree(package.workbook)
    elements = () if tree is None else tree.iter()
    kinds = (e.get("date1904", "") for e in elements if e.tag.rpartition("}")[2] == "workbookPr")
    return next(kinds, "") in ("1", "true")


def _grids(path: Path, wanted: Callable[[str], bool]) -> list[Grid]:
    with zipfile.ZipFile(path) as archive:
        package = Package(archive)
        titles = [title for title in package.sheets if wanted(title)]
        marks = {title: read_marks(package, title) for title in titles}
        replaced, rows = {}, {}
        for title, mark in marks.items():
            key = package.entry_key(package.sheets[title])
            if mark.slim is not None:
                replaced[key] = mark.slim
            if _is_too_wide(mark):
                content = mark.slim or package.archive.read(package.entries[key])
                replaced[key], rows[title] = _gathered(content)
        source = _repacked(package, replaced) if replaced else path
        is_1904 = _is_1904(package)
        with CalamineWorkbook.from_object(source) as book:
            grids = []
            for sheet in book.sheets_metadata:
                if sheet.typ != SheetTypeEnum.WorkSheet or not wanted(sheet.name):
                    continue
                is_visible = sheet.visible == SheetVisibleEnum.Visible
                reader = _Reader(sheet.name, is_visible, marks[sheet.name], is_1904)
                numbers = rows.get(sheet.name)
                of = (lambda row, of_row=numbers: of_row[row - 1]) if numbers else (lambda row: row)
                grids.append(reader.read(book.get_sheet_by_name(sheet.name), of))
            return grids


def read_grids(path: Path, wanted: Callable[[str], bool] = lambda title: True) -> list[Grid]:
    """Return the sheets of a file that was found safe; one that cannot be read is refused.

    wanted: says by its title whether a sheet is read at all.
    """
    try:
        return _grids(path, wanted)
    except DudaoError as error:
        raise FactsError(f"{path.name}：{error}") from error
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    # A broken part trips over whatever it happens to; Rust's panics are no Exception.
    except BaseException as error:
        step = "请用Excel或WPS打开，另存为“Excel工作簿（.xlsx）”后重试。"
        raise FactsError(f"{path.name}：工作簿无法读取。{step}") from error


def read_workbook(path: Path) -> tuple[dict[str, Sheet], list[Finding]]:
    """Read the sheets of a filled workbook by name; findings name every cell that cannot stand.

    A file that is unsafe or no workbook raises FactsError before a spreadsheet library sees it.
    """
    check_file(path)
    sheets, findings = read_sheets(read_grids(path), path.name)
    if not sheets and not findings:
        raise FactsError(f"{path.name}：没有工作表。请用模板填报后重试。")
    return sheets, findings
