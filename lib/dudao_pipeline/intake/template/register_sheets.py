"""Filling the registers of the workbook: from a submission, or what last year left open."""

from __future__ import annotations

import math

import pandas as pd
from openpyxl import Workbook

from dudao.facts.items import STAGES
from dudao.facts.sheet_layout import (
    EVIDENCE,
    LAST_ROUND,
    ON_FILE,
    RECTIFIED,
    SELF_RATINGS,
    TABLE_OF,
    TICK,
    columns_of,
)
from dudao.facts.submission_tables import Tables
from dudao_pipeline.intake.template.grid import Grid, suggest
from dudao_pipeline.intake.template.lists import FIXED_COLUMNS

_CARRIED = ("评价要点", "问题", "涉及单位", "整改措施", "责任单位")
_TO_CONFIRM = ("整改时限", "整改状态")


_LISTED = (EVIDENCE, SELF_RATINGS)  # the template lists rows in them


def _shown(name: str, value: object) -> object:
    """Return a stored value as its cell shows it; a number that was not given leaves it empty."""
    if name == "stage":
        return STAGES.get(value)
    is_blank = isinstance(value, float) and math.isnan(value)
    return None if is_blank or (name == "data_year" and not value) else value


def _fill_register(grid: Grid, table: pd.DataFrame) -> None:
    declared = [column for column in columns_of(grid.name) if column.name]
    for row, line in enumerate(table.to_dict("records"), start=grid.first):
        grid.put(row, {c.header: _shown(c.name, line.get(c.name, "")) for c in declared})


def fill(workbook: Workbook, tables: Tables) -> None:
    """Write every register of a submission."""
    lines = {
        sheet: getattr(tables, table) for sheet, table in TABLE_OF.items() if table != "schools"
    }
    for name, table in lines.items():
        grid = Grid(workbook[name])
        listed = _taken_out(grid) if name in _LISTED else []
        _fill_register(grid, table)
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
            grid.put(at, {header: line[header] for header in FIXED_COLUMNS if header in line})


def _origin(line: dict, last: Tables) -> str:
    number = f"原序号{line['number']}" if line["number"] else ""
    return "，".join(filter(None, (f"{last.year.year}年评价时尚未完成", number)))


def carry_problems(workbook: Workbook, last: Tables) -> None:
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
