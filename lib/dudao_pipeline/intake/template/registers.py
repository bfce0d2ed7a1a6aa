"""Filling the registers of the workbook: from a submission, or what last year left open."""

from __future__ import annotations

import math
from collections.abc import Callable

import pandas as pd
from openpyxl import Workbook

from dudao.facts.items import STAGES
from dudao.facts.layout import (
    CLAIMS,
    EVIDENCE,
    EXCEPTIONS,
    LAST_ROUND,
    ON_FILE,
    RECTIFIED,
    SELF_RATINGS,
    TICK,
)
from dudao.facts.tables import Tables
from dudao_pipeline.intake.registers import (
    AMOUNT,
    EVIDENCE_COLUMNS,
    EXCEPTION_COLUMNS,
    LAST_ROUND_COLUMNS,
    SELF_RATING_COLUMNS,
)
from dudao_pipeline.intake.template.grid import Grid, suggest
from dudao_pipeline.intake.template.lists import FIXED_COLUMNS

CLAIM_COLUMNS = {
    **{"序号": "number", "位置": "section", "名称": "name", "学段": "stage", "年份": "data_year"},
    **{"原文数字": "printed", "单位": "unit", "限定词": "qualifier", "指标代码": "item"},
    **{"口径": "basis_note", "算式": "formula", "备注": "note"},
}
REGISTERS = {
    EVIDENCE: EVIDENCE_COLUMNS,
    CLAIMS: CLAIM_COLUMNS,
    EXCEPTIONS: {**EXCEPTION_COLUMNS, AMOUNT: "amount"},
    LAST_ROUND: LAST_ROUND_COLUMNS,
    SELF_RATINGS: SELF_RATING_COLUMNS,
}
# The sheets that the template lists rows in, and by which columns a row is known again.
_LISTED = {
    EVIDENCE: {"评价要点": "point", "材料名称": "title"},
    SELF_RATINGS: {"评价要点": "point"},
}
_CARRIED = ("评价要点", "问题", "涉及单位", "整改措施", "责任单位")
_TO_CONFIRM = ("整改时限", "整改状态")


def _fill_register(grid: Grid, table: pd.DataFrame) -> None:
    columns = REGISTERS[grid.name]
    read: dict[str, Callable] = {
        "stage": STAGES.get,
        "data_year": lambda year: year or None,
        "score": lambda score: None if math.isnan(score) else score,
        "amount": lambda amount: None if math.isnan(amount) else amount,
    }
    for row, line in enumerate(table.to_dict("records"), start=grid.first):
        values = {
            label: read.get(code, lambda value: value)(line.get(code, ""))
            for label, code in columns.items()
        }
        grid.put(row, values)


def fill(workbook: Workbook, tables: Tables) -> None:
    """Write every register of a submission."""
    found = {
        EVIDENCE: tables.evidence,
        CLAIMS: tables.claims,
        EXCEPTIONS: tables.exceptions,
        LAST_ROUND: tables.last_round,
        SELF_RATINGS: tables.self_ratings,
    }
    for name, table in found.items():
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
    keys = _LISTED.get(grid.name, {})
    held = {
        tuple(line[code] for code in keys.values()): row
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
    lines = last.last_round[open_].to_dict("records")
    for number, line in enumerate(lines, start=1):
        row = grid.first + number - 1
        words = {label: line[LAST_ROUND_COLUMNS[label]] for label in _CARRIED}
        grid.put(row, {"序号": number, **words, "备注": _origin(line, last)})
        for label in _TO_CONFIRM:
            suggest(grid, row, label, line[LAST_ROUND_COLUMNS[label]] or None)
    grid.fit()
