"""A workbook in parts that many hands fill: each has the sheets and rows of a school or office."""

import re
from copy import copy
from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import MultiCellRange
from openpyxl.worksheet.worksheet import Worksheet

from dudao.base.errors import DudaoError, FactsError
from dudao.base.yaml_text import read_given
from dudao.facts.sheet_layout import (
    COUNTY,
    EVIDENCE,
    FUNDS,
    GUIDE,
    KINDERGARTENS,
    SCHOOLS,
    SELF_RATINGS,
)
from dudao.law import framework_for
from dudao_pipeline.files import fit_for_files
from dudao_pipeline.intake.file_safety import check_file
from dudao_pipeline.intake.headers import match, plain
from dudao_pipeline.intake.sheet import Sheet
from dudao_pipeline.intake.sheet_headers import (
    GUIDE_KEYS,
    SHEETS,
    TOTAL,
    YEAR_COLUMNS,
    header_of,
)
from dudao_pipeline.intake.submission_origin import plain_key
from dudao_pipeline.intake.template import styles
from dudao_pipeline.intake.template.frame import HEADER_ROW
from dudao_pipeline.intake.template.grid import Grid
from dudao_pipeline.intake.template.saving import save

SCHOOL = "school"
LIST = "分表清单"  # the hidden sheet of a part that names all parts
PART_NAME = "本表部分"
ABOUT = "县（区）代码", "评价年度"  # entries of the guide that say whose a workbook is
# Entries of the guide that a part has too: what the whole is made of where the parts are all.
REPEATED = tuple(label for label, key in GUIDE_KEYS.items() if key != "framework")
OFFICES = Path(__file__).with_name("offices.yaml")
GUIDE_COLUMNS = ("项目", "填写内容")
Looks = dict[StyleArray, StyleArray]  # of the cells of one workbook, in another


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
    named = columns_named(grid)
    there = {*named} | ({*named.values()} & {*YEAR_COLUMNS})
    if lacking := [column for column in SHEETS[grid.name].required if column not in there]:
        return f"第{HEADER_ROW}行没有列“{'、'.join(lacking[:3])}”"
    anchor = grid.columns[SHEETS[grid.name].required[0]]
    for row in range(HEADER_ROW + 1, grid.first):
        if plain(str(grid.sheet.cell(row, anchor).value or TOTAL)) != TOTAL:
            return f"第{row}行应是合计行"
    return ""


def columns_named(grid: Grid) -> dict[str, str]:
    """Return the columns of a sheet by header, as the template has them where they are known."""
    header = tuple(map(str, grid.columns))
    return dict(zip(header, match(Sheet("", grid.name, header, ())).header, strict=True))


def meta_of(workbook: Workbook) -> dict[str, str]:
    """Return what the guide sheet says, by its labels."""
    grid = Grid(workbook[GUIDE])
    rows = grid.triples(*GUIDE_COLUMNS)
    meta = {str(label): "" if value is None else str(value) for _, label, value in rows}
    return meta | dict(zip(ABOUT, plain_key(*map(meta.get, ABOUT)), strict=True))


def pieces_by_school(workbook: Workbook) -> list[Piece]:
    """Return one part per school and kindergarten, in the order of the sheets."""
    pieces: dict[str, Piece] = {}
    for name in (SCHOOLS, KINDERGARTENS):
        grid = Grid(workbook[name])
        for row, code, label in grid.triples(grid.key[0], header_of(name, "name")):
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


def _copy_row(source: Worksheet, row: int, target: Worksheet, at: int, *, looks: Looks) -> None:
    for cell in source[row]:
        new = target.cell(at, cell.column, cell.value)
        if isinstance(cell.value, str) and cell.data_type == "f":
            new.value = None
        if cell.has_style:
            _copy_look(cell, new, looks)
    target.row_dimensions[at].height = source.row_dimensions[row].height


def _copy_look(cell: Cell, new: Cell, looks: Looks) -> None:
    """Give a cell the look of one of another workbook: fonts and fills are copied once a look."""
    if look := looks.get(cell._style):
        new._style = copy(look)
        return
    new.font, new.fill, new.border = copy(cell.font), copy(cell.fill), copy(cell.border)
    new.alignment, new.protection = copy(cell.alignment), copy(cell.protection)
    new.number_format = cell.number_format
    looks[copy(cell._style)] = copy(new._style)


def _sheet(source: Worksheet, rows: list[int], workbook: Workbook, looks: Looks) -> None:
    """Copy head and some rows of a sheet; its rules for input come along where they fit."""
    target = workbook.create_sheet(source.title)
    target.sheet_view.showGridLines = False
    for row in range(1, HEADER_ROW + 1):
        _copy_row(source, row, target, row, looks=looks)
    for letter, dimension in source.column_dimensions.items():
        target.column_dimensions[letter].width = dimension.width
        target.column_dimensions[letter].hidden = dimension.hidden
    last = get_column_letter(len([c for c in source[HEADER_ROW] if c.value]))
    target.merge_cells(f"A1:{last}1")
    target.merge_cells(f"A2:{last}2")
    for at, row in enumerate(rows, start=HEADER_ROW + 1):
        _copy_row(source, row, target, at, looks=looks)
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
    looks: Looks = {}
    for name in SHEETS:
        if rows := piece.rows.get(name):
            _sheet(workbook[name], rows, part, looks)
    listed = part.create_sheet(LIST)
    listed.sheet_state = "hidden"
    for row, name in enumerate(names, start=1):
        listed.cell(row, 1, name)
    part.active = 1
    save(part, path)


def file_name(name: str) -> str:
    """Return the file name of a part."""
    return f"{fit_for_files(name)}.xlsx"
