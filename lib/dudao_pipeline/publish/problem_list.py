"""The problem list as a workbook: figures in, four columns free for the county to fill in."""

from collections.abc import Mapping
from pathlib import Path

from dudao.law.topics import OVERVIEW
from dudao_pipeline.files import write
from dudao_pipeline.intake.problem_plans import (
    FIELDS,
    KEY,
    NAME,
    PLACE,
    SHEET,
    Plan,
    plans_of,
    problem_key,
)
from dudao_pipeline.intake.template.saving import to_bytes
from dudao_pipeline.publish.amounts import gap_text, limit_text, unproven_mark
from dudao_pipeline.publish.workbooks import add_sheet, mark_of, new_workbook

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


def _row(number: int, problem: Mapping, plan: Plan, law_status: str) -> tuple[str, ...]:
    figures: tuple[str, ...] = ("", "", "")
    if problem["value"] is not None:
        figures = problem["value_text"], limit_text(problem), gap_text(problem)
    return (
        str(number),
        "、".join(problem["points"]),
        "；".join(filter(None, (problem["what"] + unproven_mark(law_status), problem["note"]))),
        *figures,
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
    title = f"{overview['county_name']}问题清单{mark_of(overview['fictional'])}"
    place = PLACE.format(county=overview["county"], year=overview["year"])
    how = f"填写{'、'.join(FIELDS.values())}后，用 dudao ingest 读回；前三行和编号不改。"
    statuses = {
        check["check"]: check["law_status"]
        for record in records.values()
        for check in record.get("checks", ())
    }
    rows = [
        _row(
            number,
            problem,
            plans.get(problem_key(problem), Plan("")),
            statuses.get(problem["check"], ""),
        )
        for number, problem in enumerate(overview["problems"], 1)
    ]
    book, lines = new_workbook(overview["year"]), (title, f"{place}　{how}")
    listed = {"widths": WIDTHS, "to_fill": FIELDS.values(), "fixed_columns": 3}
    add_sheet(book, SHEET, [*WIDTHS], rows, title=lines, **listed)
    write(folder / NAME, to_bytes(book))
