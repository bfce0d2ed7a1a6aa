"""The problem list as a workbook: figures in, four columns free for the county to fill in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

from dudao.base.files import write
from dudao.base.rounding import plain
from dudao.law.topics import OVERVIEW
from dudao_pipeline.intake.problem_plans import (
    FIELDS,
    HEAD,
    KEY,
    NAME,
    PLACE,
    SHEET,
    Plan,
    plans_of,
    problem_key,
)
from dudao_pipeline.intake.template.saving import to_bytes
from dudao_pipeline.publish.amounts import gap_text, limit_text
from dudao_pipeline.publish.workbooks import add_heads, as_text, fit_rows, mark_of

WIDTHS = {
    "序号": 6,
    "要点": 11,
    "问题": 44,
    "现值": 14,
    "标准": 14,
    "差额": 14,
    "涉及学校（园）": 30,
    **dict.fromkeys(FIELDS.values(), 22),
    KEY: 13,
}
_EDGE = Side(style="thin", color="AAAAAA")


def _figures(problem: Mapping) -> tuple[str, str, str]:
    if problem["value"] is None:
        return "", "", ""
    return f"{plain(problem['value'])}{problem['unit']}", limit_text(problem), gap_text(problem)


def _row(number: int, problem: Mapping, plan: Plan) -> tuple[str, ...]:
    return (
        str(number),
        "、".join(problem["points"]),
        "；".join(filter(None, (problem["what"], problem["note"]))),
        *_figures(problem),
        "、".join(problem["units"]),
        *(getattr(plan, name) for name in FIELDS),
        problem_key(problem),
    )


def write_problem_list(folder: Path, records: Mapping[str, dict]) -> None:
    """Write the problems of a county's overview; a plan that was handed in stands in its row.

    Without an overview there is no list, and an old one goes.
    """
    overview = records.get(OVERVIEW)
    if not overview:
        (folder / NAME).unlink(missing_ok=True)
        return
    plans = plans_of(overview["county"], overview["year"])
    book = Workbook()
    sheet = book.active
    sheet.title = SHEET
    book.properties.creator, book.properties.created = "dudao", datetime(overview["year"], 12, 31)
    title = f"{overview['county_name']}问题清单{mark_of(overview['fictional'])}"
    as_text(sheet["A1"], title).font = Font(bold=True, size=14)
    place = PLACE.format(county=overview["county"], year=overview["year"])
    as_text(
        sheet["A2"],
        f"{place}　填写{'、'.join(FIELDS.values())}后，用 dudao ingest 读回；前三行和编号不改。",
    )
    for number, problem in enumerate(overview["problems"], 1):
        plan = plans.get(problem_key(problem), Plan(""))
        for column, value in enumerate(_row(number, problem, plan), 1):
            cell = as_text(sheet.cell(HEAD + number, column), value)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.border = Border(left=_EDGE, right=_EDGE, top=_EDGE, bottom=_EDGE)
    add_heads(sheet, HEAD, WIDTHS, FIELDS.values())
    fit_rows(sheet, HEAD + 1)
    sheet.freeze_panes = sheet.cell(HEAD + 1, 4)
    sheet.auto_filter.ref = f"A{HEAD}:{get_column_letter(len(WIDTHS))}{max(sheet.max_row, HEAD)}"
    write(folder / NAME, to_bytes(book))
