"""A workbook in parts that many hands fill, and the parts put together again.

A part has the sheets and rows of one school or one office. Any subset of parts can be put
together; every cell knows its part, two parts with two values are told, nothing is guessed.
"""

import re
from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import dataclass, field
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import MultiCellRange
from openpyxl.worksheet.worksheet import Worksheet

from dudao.base.errors import DudaoError, FactsError
from dudao.base.yaml_text import read_given
from dudao.facts import cells
from dudao.facts.items import items
from dudao.facts.sheet_layout import (
    CLAIMS,
    COLUMNS,
    COUNTY,
    EVIDENCE,
    EXCEPTIONS,
    FUNDS,
    GUIDE,
    KINDERGARTENS,
    LAST_ROUND,
    SCHOOLS,
    SELF_RATINGS,
    columns_of,
)
from dudao.law import framework_for
from dudao.law.dates import EvaluationYear
from dudao_pipeline.files import fit_for_files
from dudao_pipeline.intake import cell_reading
from dudao_pipeline.intake.excel_grid import read_grids
from dudao_pipeline.intake.file_safety import check_file
from dudao_pipeline.intake.findings import ERROR, Finding, errors
from dudao_pipeline.intake.grid_reading import read_sheets
from dudao_pipeline.intake.headers import match, plain
from dudao_pipeline.intake.returned_lists import text_of
from dudao_pipeline.intake.row_reading import Reader, standard_word
from dudao_pipeline.intake.sheet import Sheet
from dudao_pipeline.intake.sheet_headers import (
    GUIDE_KEYS,
    SHEETS,
    TOTAL,
    YEAR_COLUMNS,
    header_of,
    number_columns,
)
from dudao_pipeline.intake.sheets import check_item
from dudao_pipeline.intake.submission_origin import entries_of, plain_key
from dudao_pipeline.intake.template import styles
from dudao_pipeline.intake.template.frame import HEADER_ROW
from dudao_pipeline.intake.template.grid import Grid
from dudao_pipeline.intake.template.saving import save

SCHOOL = "school"
LIST = "分表清单"  # the hidden sheet of a part that names all parts
PART_NAME = "本表部分"
_KEY = ("县（区）代码", "评价年度")
# Entries of the guide that a part has too: what the whole is made of where the parts are all.
REPEATED = tuple(label for label, key in GUIDE_KEYS.items() if key != "framework")
OFFICES = Path(__file__).with_name("offices.yaml")
GUIDE_COLUMNS = ("项目", "填写内容")
# By which columns a row is the same row in two parts; other sheets are lists of whole rows.
KEYS = {
    sheet: tuple(column.header for column in columns_of(sheet, "key"))
    for sheet in SHEETS
    if columns_of(sheet, "key")
}
_LISTS = (CLAIMS, EXCEPTIONS, LAST_ROUND)
_NUMERIC = {c.header for c in COLUMNS if c.type in ("int64", "float64") or c.reads == "year"}
LACKS_COLUMN = "S02"


@dataclass(frozen=True)
class Piece:
    """One part: its name, and which rows of each sheet it has."""

    name: str
    rows: dict[str, list[int]]


def offices(path: Path | None = None) -> dict[str, str]:
    """Return office by chapter or item code; FactsError for a file that does not say so."""
    called, step = f"分工文件“{path}”", "请照样例写：计财股: [2.1, 2.2]，一行一个科室。"
    try:
        raw = read_given((path or OFFICES).read_bytes(), called, FactsError, step)
        return {str(key): str(office) for office, keys in raw.items() for key in keys}
    except (OSError, AttributeError, TypeError) as error:
        raise FactsError(f"{called}读不出来。{step}") from error


def open_workbook(path: Path) -> Workbook:
    """Return a workbook to be divided or filled; FactsError for what is none of the template."""
    check_file(path, old=False)
    try:
        workbook = load_workbook(path, keep_links=False)
        for name in (GUIDE, COUNTY, SCHOOLS, KINDERGARTENS):
            workbook[name]
    except DudaoError:
        raise
    except Exception as error:
        raise FactsError(f"{path.name}：不是报送表，或缺少工作表。请用模板重试。") from error
    for name in SHEETS.keys() & set(workbook.sheetnames):
        if fault := _moved(Grid(workbook[name])):
            step = "表头和合计行要与模板一致，请勿增删行列；请用模板重新生成后填入。"
            raise FactsError(f"{path.name}/{name}：{fault}。{step}")
    return workbook


def _moved(grid: Grid) -> str:
    """Say what of a sheet does not stand where the template has it, "" for nothing."""
    there = {
        text if column not in YEAR_COLUMNS else column for text, column in _named(grid).items()
    }
    if lacking := [column for column in SHEETS[grid.name].required if column not in there]:
        return f"第{HEADER_ROW}行没有列“{'、'.join(lacking[:3])}”"
    anchor = grid.columns[SHEETS[grid.name].required[0]]
    for row in range(HEADER_ROW + 1, grid.first):
        if plain(str(grid.sheet.cell(row, anchor).value or TOTAL)) != TOTAL:
            return f"第{row}行应是合计行"
    return ""


def _named(grid: Grid) -> dict[str, str]:
    """Return the columns of a sheet by header, as the template has them where they are known."""
    header = tuple(map(str, grid.columns))
    return dict(zip(header, match(Sheet("", grid.name, header, ())).header, strict=True))


def meta_of(workbook: Workbook) -> dict[str, str]:
    """Return what the guide sheet says, by its labels."""
    grid = Grid(workbook[GUIDE])
    rows = grid.triples(*GUIDE_COLUMNS)
    meta = {str(label): "" if value is None else str(value) for _, label, value in rows}
    return meta | dict(zip(_KEY, plain_key(*map(meta.get, _KEY)), strict=True))


def pieces_by_school(workbook: Workbook) -> list[Piece]:
    """Return one part per school and kindergarten, in the order of the sheets."""
    pieces: dict[str, Piece] = {}
    for name, (key, *_) in ((SCHOOLS, KEYS[SCHOOLS]), (KINDERGARTENS, KEYS[KINDERGARTENS])):
        grid = Grid(workbook[name])
        for row, code, label in grid.triples(key, header_of(name, "name")):
            piece = pieces.setdefault(str(code), Piece(f"{code}-{label or ''}", {}))
            piece.rows.setdefault(name, []).append(row)
    if not pieces:
        raise FactsError("“学校”“幼儿园”两表没有学校代码，无法按学校分表。请先填写名单。")
    return list(pieces.values())


def pieces_by_office(workbook: Workbook, given: dict[str, str]) -> list[Piece]:
    """Return one part per office; a row whose chapter nobody has is an error that names it."""
    meta = meta_of(workbook)
    area = meta.get("适用省份代码") or meta["县（区）代码"]
    if not meta["评价年度"].isdigit():
        raise FactsError("“填写说明”的评价年度不是四位年份，无法按科室分表。请更正后重试。")
    points = framework_for(int(meta["评价年度"]), area).points
    secondary = {point.id: point.secondary for point in points}
    pieces: dict[str, Piece] = {}
    lacking: set[str] = set()

    def give(sheet: str, row: int, key: str, chapter: str) -> None:
        office = given.get(key) or given.get(chapter)
        if office is None:
            lacking.add(chapter)
            return
        pieces.setdefault(office, Piece(office, {})).rows.setdefault(sheet, []).append(row)

    county = Grid(workbook[COUNTY])
    for row, code, used in county.triples("指标代码", "用于要点"):
        first = re.split(r"[、\s]", str(used or ""))[0]
        give(COUNTY, row, str(code), secondary.get(first, first))
    for row, *_ in Grid(workbook[FUNDS]).triples("项目", "资金年度"):
        give(FUNDS, row, "", "2.2")
    for sheet in (EVIDENCE, SELF_RATINGS):
        for row, point, _ in Grid(workbook[sheet]).triples("评价要点", "评价要点"):
            give(sheet, row, "", secondary.get(str(point), str(point)))
    if lacking:
        raise FactsError(
            f"分工中没有{'、'.join(sorted(lacking))}由哪个科室填报。请在分工文件中补上（--offices）。"
        )
    return list(pieces.values())


def _copy_row(source: Worksheet, row: int, target: Worksheet, at: int) -> None:
    for cell in source[row]:
        new = target.cell(at, cell.column, cell.value)
        if isinstance(cell.value, str) and cell.data_type == "f":
            new.value = None
        if cell.has_style:
            new.font, new.fill, new.border = copy(cell.font), copy(cell.fill), copy(cell.border)
            new.alignment, new.protection = copy(cell.alignment), copy(cell.protection)
            new.number_format = cell.number_format
    target.row_dimensions[at].height = source.row_dimensions[row].height


def _sheet(source: Worksheet, rows: list[int], workbook: Workbook) -> None:
    """Copy head and some rows of a sheet; its rules for input come along where they fit."""
    target = workbook.create_sheet(source.title)
    target.sheet_view.showGridLines = False
    for row in range(1, HEADER_ROW + 1):
        _copy_row(source, row, target, row)
    for letter, dimension in source.column_dimensions.items():
        target.column_dimensions[letter].width = dimension.width
        target.column_dimensions[letter].hidden = dimension.hidden
    last = get_column_letter(len([c for c in source[HEADER_ROW] if c.value]))
    target.merge_cells(f"A1:{last}1")
    target.merge_cells(f"A2:{last}2")
    for at, row in enumerate(rows, start=HEADER_ROW + 1):
        _copy_row(source, row, target, at)
    _copy_rules(source, rows, target)
    target.freeze_panes = source.freeze_panes and f"C{HEADER_ROW + 1}"
    styles.print_setup(target, f"1:{HEADER_ROW}", "")
    styles.protect(target, rows_are_open=source.title != COUNTY)


def _copy_rules(source: Worksheet, rows: list[int], target: Worksheet) -> None:
    """Give the copied rows the rules of their cells; lists on another sheet stay behind."""
    for rule in source.data_validations.dataValidation:
        if "!" in str(rule.formula1 or ""):
            continue
        for area in rule.sqref.ranges:
            held = [row for row in rows if area.min_row <= row <= area.max_row]
            for row in held:
                at = HEADER_ROW + 1 + rows.index(row)
                first, last = (get_column_letter(c) for c in (area.min_col, area.max_col))
                new = copy(rule)
                new.sqref = MultiCellRange(f"{first}{at}:{last}{at}")
                if rule.type == "custom" and rule.formula1:
                    old = f"{first}{area.min_row}"
                    new.formula1 = re.sub(rf"\b{old}\b", f"{first}{at}", rule.formula1)
                target.data_validations.dataValidation.append(new)


def write_piece(workbook: Workbook, piece: Piece, names: list[str], path: Path) -> None:
    """Write one part as a workbook of its own."""
    part = Workbook()
    part.remove(part.active)
    part.properties.creator = "dudao"
    part.properties.created = workbook.properties.created
    guide = part.create_sheet(GUIDE)
    meta = meta_of(workbook)
    repeated = {label: meta[label] for label in REPEATED if label in meta}
    entries = {"项目": "填写内容", **repeated, PART_NAME: piece.name}
    for row, (label, text) in enumerate(entries.items(), start=HEADER_ROW):
        look = styles.HEADER if row == HEADER_ROW else styles.FIXED
        for column, value in enumerate((label, text), start=1):
            styles.dress(guide.cell(row, column, value), look, styles.TEXT)
    guide["A1"], guide["A2"] = f"{piece.name}：分表", "只填黄色单元格，填好后把本文件交回汇总。"
    styles.dress(guide["A1"], styles.TITLE)
    styles.dress(guide["A2"], styles.HINT)
    guide.column_dimensions["A"].width, guide.column_dimensions["B"].width = 22, 60
    for name in SHEETS:
        if rows := piece.rows.get(name):
            _sheet(workbook[name], rows, part)
    listed = part.create_sheet(LIST)
    listed.sheet_state = "hidden"
    for row, name in enumerate(names, start=1):
        listed.cell(row, 1, name)
    part.active = 1
    save(part, path)


def file_name(name: str) -> str:
    """Return the file name of a part."""
    return f"{fit_for_files(name)}.xlsx"


# --- putting together ---------------------------------------------------------------------------


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
        self.key = meta[_KEY[0]], meta[_KEY[1]]
        self.year = EvaluationYear(int(self.key[1])) if self.key[1].isdigit() else None
        self.grids = {name: Grid(workbook[name]) for name in SHEETS if name in workbook.sheetnames}
        self.sources: dict[tuple[str, int, str], tuple[object, str]] = {}
        self.contested: set[tuple[str, int, str]] = set()
        self.listed: dict[str, None] = {}
        # Where the workbook has a column, by its name in the template.
        self.headers: dict[str, dict[str, str]] = {}
        for name, grid in self.grids.items():
            self.headers[name] = {column: text for text, column in _named(grid).items()}
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
            if name in KEYS:
                self._add_keyed(part, name, sheet)
            elif name in _LISTS:
                self._add_lines(part, name, sheet)

    def _tell(self, findings: Iterable[Finding]) -> None:
        for finding in findings:
            kept = self.done.problems if finding.severity == ERROR else self.done.notices
            kept.append(f"{finding.place}：{finding.what}{finding.next_step}")

    def _add_keyed(self, part: Part, name: str, sheet: Sheet) -> None:
        columns, headers, reader = KEYS[name], self.headers[name], Reader(sheet, [])
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
