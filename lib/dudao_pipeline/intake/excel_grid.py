"""The cells of a workbook as text: python-calamine reads values, a pass over the file more."""

import io
import math
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from xml.sax.saxutils import quoteattr

from lxml import etree
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from dudao.base.errors import DudaoError, FactsError
from dudao_pipeline.intake.cell_reading import FIRST_DAY
from dudao_pipeline.intake.clean_text import clean, has_changed, struck
from dudao_pipeline.intake.excel_marks import (
    LOWERED,
    RAISED,
    Marks,
    Package,
    has_runs,
    read_marks,
    show_run,
)
from dudao_pipeline.intake.file_safety import check_file, is_old
from dudao_pipeline.intake.findings import Finding
from dudao_pipeline.intake.grid_reading import read_sheets
from dudao_pipeline.intake.old_marks import read_old_marks
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
_FIRST_DAY_1904 = date(1904, 1, 1)
_MERGE = re.compile(r"([A-Za-z]{1,3})(\d{1,7}):([A-Za-z]{1,3})(\d{1,7})")
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TEXT_KINDS = ("s", "str", "inlineStr", "b", "d")
_HEIGHTS = {"superscript": RAISED, "subscript": LOWERED}


def number_text(value: float) -> str:
    """Return a number as it is meant: no trailing .0, no binary noise, no exponent."""
    if isinstance(value, int) or not math.isfinite(value):
        return str(value)
    text = format(Decimal(repr(round(float(f"{value:.{SIGNIFICANT}g}"), PLACES))), "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def _day(serial: float, first_day: date) -> str | None:
    """Return the day of a serial number, None where no calendar has one."""
    try:
        return (first_day + timedelta(days=serial)).isoformat() if serial >= 1 else None
    except OverflowError:
        return None


class _Reader:
    """The values of one sheet as text, with what its marks say of them."""

    def __init__(self, title: str, visible: bool, marks: Marks, first_day: date):
        self.marks = marks
        self.grid = Grid(title, visible, {}, comments=marks.comments, first_day=first_day)

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
            if at in self.marks.dates and (day := _day(value, self.grid.first_day)):
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
                    raw = self._raw(at, value)
                    self.put(at, Raw(struck(raw.text), TEXT) if at in self.marks.struck else raw)
        for at, is_picture in self.marks.formulas.items():
            shown = self.grid.rows.get(at[0], {}).get(at[1], Raw("", TEXT))
            self.put(at, Raw("", PICTURE) if is_picture else Raw(shown.text, FORMULA))
        for at, text in self.marks.errors.items():
            if at not in self.marks.formulas:
                self.put(at, Raw(text, FAULT if text else PICTURE))
        for at, text in self.marks.shown.items():
            self.put(at, self._text(at, text))
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


def _parsed(content: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, huge_tree=True, remove_comments=True)
    return etree.fromstring(content, parser)


def _written(tree: etree._Element) -> bytes:
    """Return the XML of a part without references to characters: calamine reads none in numbers."""
    return etree.tostring(tree, encoding="UTF-8")


def _gathered(tree: etree._Element) -> list[int]:
    """Put the filled rows of a sheet one below the other; return the row that each stands for.

    Columns beyond the widest that is looked at are left out.
    """
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
    return numbers


def _show_runs(tree: etree._Element) -> None:
    """Write into texts what their parts look like."""
    for run in tree.iter("{*}r"):
        text, marks = run.find("{*}t"), run.find("{*}rPr")
        if text is None or marks is None or not text.text:
            continue
        strike, raised = marks.find("{*}strike"), marks.find("{*}vertAlign")
        height = _HEIGHTS.get(raised.get("val", ""), 0) if raised is not None else 0
        is_struck = strike is not None and strike.get("val", "1") not in ("0", "false")
        text.text = show_run(text.text, height, is_struck)


def _show_kinds(tree: etree._Element) -> None:
    """Leave out what calamine refuses a whole file for: unknown errors, and unknown kinds of cells.

    The marks have the errors. A cell of no known kind is a number, or a text where it is none.
    """
    for cell in tree.iter("{*}c"):
        if cell.get("t") == "e":
            cell[:] = []
        elif cell.get("t") not in _TEXT_KINDS or (
            cell.get("t") == "inlineStr" and cell.find("{*}is") is None
        ):
            cell.attrib.pop("t", None)


def _is_1904(package: Package) -> bool:
    tree = package.tree(package.workbook)
    elements = () if tree is None else tree.iter()
    kinds = (e.get("date1904", "") for e in elements if e.tag.rpartition("}")[2] == "workbookPr")
    return next(kinds, "") in ("1", "true")


@dataclass(frozen=True)
class _Rewritten:
    """A package of nothing but cells, texts and formats: readers stumble over what stands beside.

    rows: by title, the row that each row of a sheet stands for, where they were moved.
    """

    package: Package
    marks: dict[str, Marks]
    rows: dict[str, list[int]] = field(default_factory=dict)

    def _parts(self) -> Iterator[tuple[str, str, str, bytes]]:
        """Yield id, kind, name and content of the parts that the workbook refers to."""
        for number, (title, mark) in enumerate(self.marks.items(), start=1):
            tree = _parsed(mark.slim or self.package.read(self.package.sheets[title][0]))
            for child in list(tree):
                if etree.QName(child).localname != "sheetData":
                    tree.remove(child)
            if _is_too_wide(mark):
                self.rows[title] = _gathered(tree)
            _show_runs(tree)
            _show_kinds(tree)
            yield f"r{number}", "worksheet", f"sheet{number}.xml", _written(tree)
        for kind in ("sharedStrings", "styles"):
            if content := self.package.read(self.package.related(kind)):
                if kind == "sharedStrings" and has_runs(content):
                    _show_runs(tree := _parsed(content))
                    content = _written(tree)
                yield kind, kind, f"{kind}.xml", content

    def write(self) -> io.BytesIO:
        """Return the package."""
        sheets = "".join(
            f'<sheet name={quoteattr(title)} sheetId="{number}" r:id="r{number}"/>'
            for number, title in enumerate(self.marks, start=1)
        )
        book = f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><workbookPr date1904='
        book += f'"{int(_is_1904(self.package))}"/><sheets>{sheets}</sheets></workbook>'
        related = []
        with zipfile.ZipFile(written := io.BytesIO(), "w") as target:
            target.writestr("[Content_Types].xml", f'<Types xmlns="{_PACKAGE}/content-types"/>')
            target.writestr("_rels/.rels", _relations(("r", "officeDocument", "xl/workbook.xml")))
            target.writestr("xl/workbook.xml", book)
            for key, kind, name, content in self._parts():
                target.writestr(f"xl/{name}", content)
                related.append((key, kind, name))
            target.writestr("xl/_rels/workbook.xml.rels", _relations(*related))
        written.seek(0)
        return written


def _relations(*related: tuple[str, str, str]) -> str:
    """Return the XML that refers to parts by id, kind and name."""
    listed = (
        f'<Relationship Id="{key}" Type="{_OFFICE}/{kind}" Target="{name}"/>'
        for key, kind, name in related
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{"".join(listed)}</Relationships>'


def _read(book: CalamineWorkbook, marked: _Rewritten, rows: dict[str, list[int]]) -> list[Grid]:
    first_day, grids = _FIRST_DAY_1904 if _is_1904(marked.package) else FIRST_DAY, []
    with book:
        for title, mark in marked.marks.items():
            reader = _Reader(title, marked.package.sheets[title][1], mark, first_day)
            numbers = rows.get(title)
            of = (lambda row, of_row=numbers: of_row[row - 1]) if numbers else (lambda row: row)
            grids.append(reader.read(book.get_sheet_by_name(title), of))
    return grids


def _grids(path: Path, wanted: Callable[[str], bool]) -> list[Grid]:
    """Read a file as it is, or rewritten where values alone would mislead or cannot be had."""
    with zipfile.ZipFile(path) as archive:
        package = Package(archive)
        if not package.sheets:
            step = "请用Excel或WPS打开，另存为“Excel工作簿（.xlsx）”后重试。"
            raise FactsError(f"里面没有工作表，不是Excel工作簿。{step}")
        marks = {title: read_marks(package, title) for title in package.sheets if wanted(title)}
        marked = _Rewritten(package, marks)
        changed = (m.slim is not None or m.is_odd or _is_too_wide(m) for m in marks.values())
        if not any(changed) and not has_runs(package.read(package.related("sharedStrings"))):
            content = io.BytesIO(path.read_bytes())  # calamine would go by the name
            with suppress(CalamineError):
                return _read(CalamineWorkbook.from_object(content), marked, {})
        return _read(CalamineWorkbook.from_object(marked.write()), marked, marked.rows)


def _old_grids(path: Path) -> list[Grid]:
    """Read a workbook of the old kind."""
    grids = []
    content = path.read_bytes()
    of_sheets, is_1904 = read_old_marks(content)
    first_day = _FIRST_DAY_1904 if is_1904 else FIRST_DAY
    with CalamineWorkbook.from_object(io.BytesIO(content)) as book:
        about = [one for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
        for one, marks in zip(about, of_sheets, strict=True):
            if _is_too_wide(marks):
                step = "请在该表按 Ctrl+End，删去数据以外的行和列，另存后重试。"
                raise FactsError(f"工作表“{one.name}”内容过多。{step}")
            visible = one.visible == SheetVisibleEnum.Visible
            sheet = book.get_sheet_by_name(one.name)
            grid = _Reader(one.name, visible, marks, first_day).read(sheet, lambda row: row)
            for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
                grid.merges.append(Merge(left + 1, top + 1, right + 1, bottom + 1))
            grids.append(grid)
    return grids


def read_grids(path: Path, wanted: Callable[[str], bool] = lambda title: True) -> list[Grid]:
    """Return the sheets of a file that was found safe; one that cannot be read is refused.

    wanted: says by its title whether a sheet is read at all; all of an old workbook are.
    """
    try:
        return _old_grids(path) if is_old(path) else _grids(path, wanted)
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
    return sheets, findings
