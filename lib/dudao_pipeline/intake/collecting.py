"""Parts of a workbook put together again, whichever have come back.

Every cell knows its part, two parts with two values are told, nothing is guessed.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from openpyxl import Workbook

from dudao.base.errors import DudaoError
from dudao.facts import cells
from dudao.facts.items import items
from dudao.facts.sheet_layout import (
    CLAIMS,
    COLUMNS,
    COUNTY,
    EXCEPTIONS,
    FUNDS,
    GUIDE,
    KINDERGARTENS,
    LAST_ROUND,
    SCHOOLS,
)
from dudao.law.dates import EvaluationYear
from dudao_pipeline.intake import cell_reading
from dudao_pipeline.intake.book_reading import read_sheets
from dudao_pipeline.intake.excel_grid import read_grids
from dudao_pipeline.intake.file_safety import check_file
from dudao_pipeline.intake.findings import ERROR, Finding, errors
from dudao_pipeline.intake.parts import ABOUT, LIST, PART_NAME, columns_named, meta_of
from dudao_pipeline.intake.returned_lists import text_of
from dudao_pipeline.intake.row_reading import Reader, standard_word
from dudao_pipeline.intake.sheet import Sheet
from dudao_pipeline.intake.sheet_headers import (
    SHEETS,
    YEAR_COLUMNS,
    number_columns,
)
from dudao_pipeline.intake.sheets import check_item
from dudao_pipeline.intake.submission_origin import entries_of, plain_key
from dudao_pipeline.intake.template.grid import Grid

_LISTS = (CLAIMS, EXCEPTIONS, LAST_ROUND)
_NUMERIC = {c.header for c in COLUMNS if c.type in ("int64", "float64") or c.reads == "year"}
LACKS_COLUMN = "S02"


@dataclass
class Collected:
    """What came of putting parts together."""

    put: int = 0
    parts: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    sources: list[tuple[str, str, object, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Part:
    """One part as it came back."""

    path: Path
    name: str
    meta: dict
    sheets: dict[str, Sheet]
    listed: list[str]
    findings: list[Finding]


def read_part(path: Path, year: EvaluationYear | None = None) -> Part:
    """Read a part; FactsError for what is no workbook, findings for what cannot be read in it.

    year: what the headers of a part are read by; else its guide states it.
    """
    check_file(path)
    grids = read_grids(path)
    listed = [
        r.text for g in grids if g.title == LIST for line in g.rows.values() for r in line.values()
    ]
    sheets, findings = read_sheets([g for g in grids if g.title != LIST], path.name, year)
    guide = sheets.pop(GUIDE, None)
    meta = entries_of(guide) if guide else {}
    if {"county", "year"} <= meta.keys():
        meta["county"], meta["year"] = plain_key(meta["county"], meta["year"])
    name = ""
    if guide:
        first, second = guide.header[:2]
        name = next((line[second] for _, line in guide.rows if line[first] == PART_NAME), "")
    return Part(path, name or path.stem, meta, sheets, listed, findings)


def meta_in(path: Path) -> dict[str, str]:
    """Return what a part says of its county and year; nothing of one that cannot be read."""
    try:
        return read_part(path).meta
    except DudaoError:  # told in its turn
        return {}


class Collection:
    """A workbook into which parts are put."""

    def __init__(self, workbook: Workbook):
        self.workbook, self.done = workbook, Collected()
        meta = meta_of(workbook)
        self.key = meta[ABOUT[0]], meta[ABOUT[1]]
        self.year = EvaluationYear(int(self.key[1])) if self.key[1].isdigit() else None
        self.grids = {name: Grid(workbook[name]) for name in SHEETS if name in workbook.sheetnames}
        self.sources: dict[tuple[str, int, str], tuple[object, str]] = {}
        self.contested: set[tuple[str, int, str]] = set()
        self.listed: dict[str, None] = {}
        # Where the workbook has a column, by its name in the template.
        self.headers: dict[str, dict[str, str]] = {}
        for name, grid in self.grids.items():
            self.headers[name] = {column: text for text, column in columns_named(grid).items()}
        # Sheets that list schools already: another one may be a misspelt code.
        self.listing = [
            name
            for name in (SCHOOLS, KINDERGARTENS)
            if name in self.grids and self.grids[name].rows
        ]

    def add(self, part: Part) -> None:
        """Put a part into the workbook, cell by cell."""
        self.done.parts.append(part.name)
        self._tell(part.findings)
        self.listed |= dict.fromkeys(part.listed)
        for name, sheet in part.sheets.items():
            if name not in self.grids or set(sheet.faults) - {LACKS_COLUMN}:
                continue
            if name in _LISTS:
                self._add_lines(part, name, sheet)
            else:
                self._add_keyed(part, name, sheet)

    def _tell(self, findings: Iterable[Finding]) -> None:
        for finding in findings:
            kept = self.done.problems if finding.severity == ERROR else self.done.notices
            kept.append(f"{finding.place}：{finding.what}{finding.next_step}")

    def _add_keyed(self, part: Part, name: str, sheet: Sheet) -> None:
        columns, headers, reader = self.grids[name].key, self.headers[name], Reader(sheet, [])
        if lacking := [column for column in columns if column not in sheet.header]:
            self.done.problems.append(
                f"{part.path.name}/{name}：缺少列“{'、'.join(lacking)}”，未汇总。"
            )
            return
        where = f"{part.path.name}/{name}"
        filled = {header for _, line in sheet.rows for header, text in line.items() if text}
        if lost := [header for header in sheet.header if header in filled - headers.keys()]:
            self.done.problems.append(f"{where}：报送表没有列“{'、'.join(lost)}”，未汇总。")
        for row, line in sheet.rows:
            key = tuple(standard_word(column, line[column]) for column in columns)
            if not key[0]:
                self.done.problems.append(f"{where}!A{row}：没有填{columns[0]}，这一行未汇总。")
                continue
            if name == COUNTY and key not in self.grids[name].rows:
                self.done.problems.append(
                    f"{where}!A{row}：报送表没有“{'·'.join(key)}”这一行，未汇总。"
                )
                continue
            if name == COUNTY and not check_item(reader, row, line):
                continue
            given = {
                header: text
                for header, text in line.items()
                if text
                and header not in columns
                and header in headers
                and (name != COUNTY or header in (*YEAR_COLUMNS, "备注"))
                and _is_known_number(reader, row, header, text)
            }
            at = self._row_of(name, key, where)
            for header, text in given.items():
                source = f"{where}!{sheet.cell(row, header)}"
                self._put(name, at, headers[header], _typed(name, header, text), place=source)
        self._tell(errors(reader.findings))

    def _row_of(self, name: str, key: tuple[str, ...], where: str) -> int:
        """Return the row of a key; a new one is told in a sheet that lists schools already."""
        grid = self.grids[name]
        is_new = key not in grid.rows
        at = grid.row_of(*(_typed(name, c, t) for c, t in zip(grid.key, key, strict=True)))
        if is_new and name in self.listing:
            listed = "·".join(key)
            self.done.changes.append(f"{name}!A{at}：原来没有“{listed}”，新增一行（{where}）。")
        return at

    def _put(self, name: str, row: int, header: str, value: object, *, place: str) -> None:
        grid, key = self.grids[name], (name, row, header)
        cell = grid.sheet.cell(row, grid.columns[header])
        if cell.data_type == "f":
            return
        if key in self.sources:
            old, source = self.sources[key]
            if text_of(old) != text_of(value):
                self.done.conflicts.append(
                    f"{name}!{cell.coordinate}：{source} 填“{old}”，{place} 填“{value}”，都未采用。"
                )
                self.contested.add(key)
                cell.value = None
            return
        if text_of(cell.value) not in ("", text_of(value)):
            self.done.changes.append(
                f"{name}!{cell.coordinate}：“{cell.value}”改为“{value}”（{place}）。"
            )
        self.sources[key] = (value, place)
        grid.put(row, {header: value})

    def _add_lines(self, part: Part, name: str, sheet: Sheet) -> None:
        grid, headers = self.grids[name], self.headers[name]
        for row, line in sheet.rows:
            kept = {headers[h]: _typed(name, h, t) for h, t in line.items() if t and h in headers}
            content = [kept.get(header) for header in grid.key]
            if not kept or tuple(map(text_of, content)) in grid.rows:
                continue
            at = grid.row_of(*content)
            source = f"{part.path.name}/{name}!A{row}"
            self.done.sources.append((name, f"A{at}", "整行", source))
            self.done.put += 1

    def finish(self) -> Collected:
        """Return what was done: what is missing by name, and where every cell comes from."""
        given = set(self.done.parts)
        self.done.missing = [name for name in self.listed if name not in given]
        for (name, row, header), (value, source) in self.sources.items():
            if (name, row, header) not in self.contested:
                at = self.grids[name].sheet.cell(row, self.grids[name].columns[header]).coordinate
                self.done.sources.append((name, at, value, source))
                self.done.put += 1
        return self.done


def _is_known_number(reader: Reader, row: int, column: str, text: str) -> bool:
    """Say whether the reader of a workbook knows a cell of numbers; it refuses another."""
    name = reader.sheet.name
    if name not in (COUNTY, SCHOOLS, KINDERGARTENS, FUNDS) or column not in SHEETS[name].numbers:
        return True
    line = dict(reader.sheet.rows)[row]
    code = line["指标代码"] if name == COUNTY else number_columns(name).get(column, "")
    unit = items()[code].unit if code in items() else "万元" if name == FUNDS else ""
    return reader.number(row, column, text, unit) is not None


def _typed(name: str, header: str, text: str) -> object:
    """Return a text as the workbook holds it: a plain number as a number, codes as text."""
    is_number = header in SHEETS[name].numbers or header in _NUMERIC
    if not is_number:
        return text
    parsed = cell_reading.parse(text)
    if parsed is None or parsed.status != cells.REPORTED or parsed.qualifier or parsed.remark:
        return text
    if not re.fullmatch(r"-?[\d.,\s]+", text):
        return text
    return int(parsed.value) if parsed.value.is_integer() else parsed.value


def collect(paths: Iterable[Path], workbook: Workbook, tell: Callable[[int], None]) -> Collected:
    """Put parts into a workbook; tell: is called with how many are done."""
    whole = Collection(workbook)
    wanted = whole.key
    for number, path in enumerate(paths, start=1):
        try:
            part = read_part(path, whole.year)
        except DudaoError as error:
            whole.done.problems.append(f"{error}这一份未汇总。")
            tell(number)
            continue
        of_part = (part.meta.get("county", wanted[0]), part.meta.get("year", wanted[1]))
        if of_part != wanted:
            stated = [text or "（未填）" for text in of_part]
            what = f"是{stated[0]}的{stated[1]}年分表，汇总的是{wanted[0]}的{wanted[1]}年"
            whole.done.problems.append(f"{path.name}：{what}，这一份未汇总。")
        else:
            whole.add(part)
        tell(number)
    return whole.finish()
