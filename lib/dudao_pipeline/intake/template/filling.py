"""Putting data into the workbook's input cells: a submission, or last year's as a start."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from dudao.base.errors import FactsError
from dudao.facts.cells import BEFORE, NOT_APPLICABLE, REPORTED
from dudao.facts.items import PROGRAMMES, STAGES, TIERS, describe, item
from dudao.facts.sheet_layout import (
    COLUMNS,
    COUNTY,
    EVIDENCE,
    FUNDS,
    GUIDE,
    KINDERGARTENS,
    LAST_ROUND,
    RECTIFIED,
    SCHOOLS,
    SELF_RATINGS,
    TABLE_OF,
    Column,
    columns_of,
)
from dudao.law.dates import EvaluationYear
from dudao_pipeline.intake.checks.trend_checks import usual_range
from dudao_pipeline.intake.handed_in import Tables
from dudao_pipeline.intake.sheet_headers import (
    GUIDE_KEYS,
    ON_FILE,
    TICK,
    YEAR_COLUMNS,
    header_of,
    number_columns,
)
from dudao_pipeline.intake.template import cell_rules
from dudao_pipeline.intake.template.frame import HINT_ROW
from dudao_pipeline.intake.template.grid import Grid, suggest
from dudao_pipeline.intake.template.lists import LAST_ROW

if TYPE_CHECKING:
    import pandas as pd

FUND_ITEMS = {
    f"{code}_{tier}": (PROGRAMMES[code][0], f"{label}（万元）")
    for code in PROGRAMMES
    for tier, label in TIERS.items()
}
_YEAR_HEADERS = tuple(f"（{name}）" for name in YEAR_COLUMNS)
PRESCHOOL = "preschool"
RANGES = "上年范围"  # a hidden sheet: between what each school's figures usually lie
SHADED = "数字变为橙色，是与上年相差较大：请核对单位和数字，确实如此请在备注写明原因。"
_CARRIED = ("评价要点", "问题", "涉及单位", "整改措施", "责任单位")
_TO_CONFIRM = ("整改时限", "整改状态")
_LISTED = (EVIDENCE, SELF_RATINGS)  # the template lists rows in them
# What the template says; nobody types there.
_FIXED = frozenset(column.header for column in COLUMNS if "fixed" in column.marks)
_ENDS, _ANY = ("下限", "上限"), (0, 1e15)


def content(fact) -> float | int | str | None:
    """Return what a fact's cell says: number, number with qualifier, 不涉及, or nothing."""
    if fact.status == NOT_APPLICABLE:
        return "不涉及"
    if fact.status != REPORTED:
        return None
    number = int(fact.value) if float(fact.value).is_integer() else float(fact.value)
    words = [word for word in fact.qualifier.split("…") if word]
    before = "".join(word for word in words if word in BEFORE)
    after = "".join(word for word in words if word not in BEFORE)
    return f"{before}{number}{after}" if words else number


def _lost(fact) -> str:
    where = f"学校{fact.school}" if fact.school else COUNTY
    return f"{fact.data_year}年{describe(fact.item, fact.stage)}（{where}）"


def _fill_county(grid: Grid, facts: pd.DataFrame) -> list[str]:
    lost = []
    for fact in facts.itertuples():
        row = grid.rows.get((fact.item, STAGES[fact.stage]))
        header = grid.year_header(fact.data_year)
        if row and header:
            grid.put(row, {header: content(fact), "备注": fact.note})
        elif content(fact) is not None:
            lost.append(_lost(fact))
    return lost


def _fill_funds(grid: Grid, facts: pd.DataFrame) -> None:
    for fact in facts.itertuples():
        title, header = FUND_ITEMS[fact.item]
        if content(fact) is not None or (title, str(fact.data_year)) in grid.rows:
            row = grid.row_of(title, fact.data_year)
            grid.put(row, {header: content(fact), "备注": fact.note})


def _shown(column: Column, value: object) -> object:
    """Return a stored value as its cell shows it; what was not given leaves it empty."""
    if column.name == "stage":
        return STAGES.get(value)
    is_blank = isinstance(value, float) and math.isnan(value)
    is_unsaid = column.reads in ("year", "built") and not value
    return None if is_blank or is_unsaid else value


def _line(sheet: str, row: dict[str, object]) -> dict[str, object]:
    """Return a stored row by the headers of its sheet."""
    declared = (column for column in columns_of(sheet) if column.name)
    return {c.header: _shown(c, row.get(c.name, "")) for c in declared}


def _add_schools(grid: Grid, schools: pd.DataFrame) -> dict[tuple[str, str], int]:
    """Write one row per school and stage; return where each stands."""
    rows: dict[tuple[str, str], int] = {}
    is_kindergarten = schools["stage"] == PRESCHOOL
    mine = schools[is_kindergarten == (grid.name == KINDERGARTENS)]
    for row, school in enumerate(mine.to_dict("records"), start=grid.first):
        grid.put(row, _line(grid.name, school))
        rows[school["school"], school["stage"]] = row
    return rows


def _fill_schools(grid: Grid, tables: Tables) -> list[str]:
    rows = _add_schools(grid, tables.schools)
    headers = {code: header for header, code in number_columns(grid.name).items()}
    facts, lost = tables.facts[tables.facts["school"] != ""], []
    is_kindergarten = facts["stage"] == PRESCHOOL
    for fact in facts[is_kindergarten == (grid.name == KINDERGARTENS)].itertuples():
        row, header = rows.get((fact.school, fact.stage)), headers.get(fact.item)
        if row and header and fact.data_year == tables.year.data_year:
            grid.put(row, {header: content(fact)})
        elif content(fact) is not None:
            lost.append(_lost(fact))
    return lost


def _fill_registers(workbook: Workbook, tables: Tables) -> None:
    """Write every register of a submission."""
    lines = {
        sheet: getattr(tables, table) for sheet, table in TABLE_OF.items() if table != "schools"
    }
    for name, table in lines.items():
        grid = Grid(workbook[name])
        listed = _taken_out(grid) if name in _LISTED else []
        for row, line in enumerate(table.to_dict("records"), start=grid.first):
            grid.put(row, _line(name, line))
        if name == EVIDENCE:
            for row in range(grid.first, grid.first + len(table)):
                grid.put(row, {ON_FILE: TICK})
        _put_back(grid, table, listed)
        grid.fit()


def _taken_out(grid: Grid) -> list[dict[str, object]]:
    """Empty the rows that the template lists to be ticked, and return what they said."""
    lines = []
    for row, point, _ in list(grid.triples("评价要点", "评价要点")):
        line = {header: grid.sheet.cell(row, at).value for header, at in grid.columns.items()}
        lines.append({**line, "评价要点": point})
        for at in grid.columns.values():
            grid.sheet.cell(row, at).value = None
    return lines


def _put_back(grid: Grid, table: pd.DataFrame, listed: list[dict[str, object]]) -> None:
    """List below a register what it does not hold of the listed rows, and complete its own."""
    keys = {column.header: column.name for column in columns_of(grid.name, "key")}
    held = {
        tuple(line[name] for name in keys.values()): row
        for row, line in enumerate(table.to_dict("records"), start=grid.first)
    }
    row = grid.first + len(table)
    for line in listed:
        at = held.get(tuple(line[header] for header in keys))
        if at is None:
            grid.put(row, line)
            row += 1
        else:
            grid.put(at, {header: line[header] for header in _FIXED if header in line})


def _check(workbook: Workbook, tables: Tables, years_back: int) -> None:
    """Refuse tables of another county or year than the workbook's."""
    origin = Grid(workbook[GUIDE])
    given = {label: value for _, label, value in origin.triples("项目", "填写内容")}
    county, year = given["县（区）代码"], EvaluationYear(int(given["评价年度"]) - years_back)
    if (tables.county, tables.year) != (county, year):
        raise FactsError(
            f"模板需要{county}的{year.year}年评价数据，"
            f"给出的是{tables.county}的{tables.year.year}年评价数据。请更换后重试。"
        )


def fill_origin(workbook: Workbook, meta: dict) -> None:
    """Write where a submission comes from into the guide sheet."""
    grid = Grid(workbook[GUIDE])
    for row, label, _ in grid.triples("项目", "填写内容"):
        key = GUIDE_KEYS.get(label)
        if key == "fictional":
            grid.put(row, {"填写内容": "是" if meta.get(key) else "否"})
        elif key not in (None, "framework", "county", "year"):
            grid.put(row, {"填写内容": meta.get(key)})


def fill(workbook: Workbook, tables: Tables) -> list[str]:
    """Write a submission into the input cells; return what the workbook has no cell for."""
    _check(workbook, tables, 0)
    facts = tables.facts
    is_fund = facts["item"].isin(list(FUND_ITEMS))
    of_county = facts[(facts["school"] == "") & ~is_fund]
    lost = _fill_county(Grid(workbook[COUNTY]), of_county)
    _fill_funds(Grid(workbook[FUNDS]), facts[is_fund])
    for name in (SCHOOLS, KINDERGARTENS):
        lost += _fill_schools(Grid(workbook[name]), tables)
    _fill_registers(workbook, tables)
    for name in (COUNTY, FUNDS, SCHOOLS, KINDERGARTENS):
        Grid(workbook[name]).fit()
    return lost


def _warn_of_change(grid: Grid, row: int, fact) -> None:
    """Let the cell of a year ask again where its figure is improbable after last year's."""
    is_number = fact.status == REPORTED and not fact.qualifier
    usual = usual_range(fact.item, fact.value) if is_number else None
    if usual is None:
        return
    sheet, entry, last = grid.sheet, item(fact.item), cell_rules.Last(fact.value, *usual)
    years = (at for header, at in grid.columns.items() if header.endswith(_YEAR_HEADERS))
    base, data, progress = (sheet.cell(row, at).coordinate for at in years)
    cell_rules.without(sheet, f"{base}:{progress}")
    for cell in (base, progress):
        cell_rules.number(sheet, cell, entry)
    cell_rules.number_after(sheet, data, entry, last)
    cell_rules.shaded_after(sheet, data, last)


def _school_bounds(name: str, last: Tables) -> dict[str, dict[str, tuple[float, float]]]:
    """Return by row (code, and stage where the sheet has it) and item what is usual this year."""
    codes = list(number_columns(name).values())
    facts = last.facts[last.facts["data_year"] == last.year.data_year]
    is_here = (facts["stage"] == PRESCHOOL) == (name == KINDERGARTENS)
    bounds: dict[str, dict[str, tuple[float, float]]] = {}
    for fact in facts[is_here & facts["item"].isin(codes) & (facts["school"] != "")].itertuples():
        is_number = fact.status == REPORTED and not fact.qualifier
        if is_number and (usual := usual_range(fact.item, fact.value)):
            row = fact.school if name == KINDERGARTENS else f"{fact.school}|{STAGES[fact.stage]}"
            bounds.setdefault(row, {})[fact.item] = usual
    return bounds


def _warn_of_changes_at_schools(grid: Grid, last: Tables) -> None:
    """Shade a school's figure that is improbable after its last one; found by code and stage.

    The bounds stand on a hidden sheet, so that rows may be sorted, added and taken out.
    """
    name, sheet = grid.name, grid.sheet
    bounds = _school_bounds(name, last)
    watched = sorted({code for items in bounds.values() for code in items})
    if not watched:
        return
    hidden = sheet.parent.create_sheet(f"{name}{RANGES}")
    hidden.sheet_state = "hidden"
    hidden.append(["行", *(f"{item(code).label}{end}" for code in watched for end in _ENDS)])
    for row, items in bounds.items():
        hidden.append([row, *(end for code in watched for end in items.get(code, _ANY))])
    headers = {code: header for header, code in number_columns(name).items()}
    key = [header_of(name, "school"), *(["学段"] if name == SCHOOLS else [])]
    letters = [get_column_letter(grid.columns[column]) for column in key]
    for at, code in enumerate(watched):
        letter = get_column_letter(grid.columns[headers[code]])
        area = f"{letter}{grid.first}:{letter}{LAST_ROW}"
        cell_rules.shaded_beyond(sheet, area, letters, (hidden.title, 2 * at + 2))
    text = sheet.cell(HINT_ROW, 1).value
    sheet.cell(HINT_ROW, 1, f"{text}{SHADED}")


def _origin(line: dict, last: Tables) -> str:
    number = f"原序号{line['number']}" if line["number"] else ""
    return "，".join(filter(None, (f"{last.year.year}年评价时尚未完成", number)))


def _carry_problems(workbook: Workbook, last: Tables) -> None:
    """Carry over last year's problems that were not mended; state and deadline are grey.

    They are numbered anew, so that the county can go on below them.
    """
    grid, open_ = Grid(workbook[LAST_ROUND]), last.last_round["state"] != RECTIFIED
    name_of = {column.header: column.name for column in columns_of(LAST_ROUND)}
    lines = last.last_round[open_].to_dict("records")
    for number, line in enumerate(lines, start=1):
        row = grid.first + number - 1
        words = {label: line[name_of[label]] for label in _CARRIED}
        grid.put(row, {"序号": number, **words, "备注": _origin(line, last)})
        for label in _TO_CONFIRM:
            suggest(grid, row, label, line[name_of[label]] or None)
    grid.fit()


def fill_last_year(workbook: Workbook, last: Tables) -> None:
    """Start from last year's submission: its data year as grey 基准年, its schools unnumbered.

    Problems of the last round that were not mended are carried over.
    """
    _check(workbook, last, 1)
    facts = last.facts
    judged = facts[(facts["school"] == "") & (facts["data_year"] == last.year.data_year)]
    grid = Grid(workbook[COUNTY])
    for fact in judged.itertuples():
        if row := grid.rows.get((fact.item, STAGES[fact.stage])):
            suggest(grid, row, grid.year_header(last.year.data_year), content(fact))
            _warn_of_change(grid, row, fact)
    for name in (SCHOOLS, KINDERGARTENS):
        grid = Grid(workbook[name])
        _add_schools(grid, last.schools)
        _warn_of_changes_at_schools(grid, last)
        grid.fit()
    _carry_problems(workbook, last)
