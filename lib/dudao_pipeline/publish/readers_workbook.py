"""Results as workbooks for people: Chinese words, numbers with their format, codes last.

One of a county (要点结果, 逐项, 问题清单, 数据) and one of a city with all its counties.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any

import pandas as pd

from dudao.base.rounding import plain
from dudao.facts.cells import NOT_APPLICABLE, REPORTED
from dudao.facts.items import STAGES, items
from dudao.facts.store import Stored
from dudao.judging.results import NOT_MET
from dudao.law import EvaluationYear
from dudao.law.rules_check import LAW_STATUS, ROLES
from dudao.law.topics import annexed_topics, notebook_title
from dudao.show.words import BASES, OPERATORS, RESULTS, result_word
from dudao_pipeline.intake.template.saving import to_bytes
from dudao_pipeline.publish.amounts import failed, unproven_mark
from dudao_pipeline.publish.workbooks import (
    Content,
    Numeral,
    add_sheet,
    mark_of,
    new_workbook,
    subtitle_of,
)

NOT_TO_CITE, NOT_CONCERNED = "，不得引用", "不涉及"
MOST = 6  # decimals of a figure as reported
POINT_HEADS = ("要点", "要点名称", "结果", "依据", "需补充与说明")
PRINTED = 10  # columns of a wide sheet that go on paper; the rest is for the screen
Rows = list[tuple[Content, ...]]


def number(value: float | None, decimals: int | None = None) -> Numeral | None:
    """Return a figure with its format; without decimals, as many as it needs; None if unknown."""
    if value is None or math.isnan(value):
        return None
    if decimals is None or pd.isna(decimals):
        decimals = len(plain(value, MOST).partition(".")[2])
    return Numeral.of(value, decimals)


def limit(compare: str, threshold: float | None) -> Numeral | None:
    """Return a limit as a number that shows its operator."""
    shown = number(threshold)
    return shown and Numeral(shown.value, f'"{OPERATORS[compare]} "{shown.form}')


# What a sheet can show of a check, by the head of its column. A row: a check with its notebook,
# title of its point, gap_amount and gap_unit; of a city also its county.
CHECKS: Mapping[str, Callable[[Mapping], Content]] = {
    "县（区）": itemgetter("county_name"),
    "区划代码": itemgetter("county"),
    "要点": itemgetter("point"),
    "要点名称": itemgetter("point_title"),
    "检查": itemgetter("label"),
    "问题": lambda row: f"{row['label']}{unproven_mark(row['law_status'])}",
    "数值": lambda row: number(row["value"], row["decimals"]),
    "现值": lambda row: number(row["value"], row["decimals"]),
    "单位": itemgetter("unit"),
    "标准": lambda row: limit(row["compare"], row["threshold"]),
    "结果": lambda row: result_word(row["result"], row["law_status"]),
    "性质": lambda row: ROLES[row["role"]],
    "差额": lambda row: number(row["gap_amount"], 2),
    "差额单位": itemgetter("gap_unit"),
    "依据": lambda row: BASES[row["basis"]],
    "标准出处": itemgetter("citation"),
    "出处状态": lambda row: LAW_STATUS[row["law_status"]],
    "说明": itemgetter("note"),
    "数据年": lambda row: None if pd.isna(row["data_year"]) else row["data_year"],
    "学段": lambda row: STAGES[row["stage"]],
    "数据位置": lambda row: "、".join(row["sources"]),
    "涉及学校（园）": lambda row: "、".join(row.get("units", ())),
    "分册": lambda row: notebook_title(row["notebook"]),
    "检查代码": itemgetter("check"),
    "指标代码": itemgetter("item"),
}
COUNTY_HEADS = (
    *("要点", "要点名称", "检查", "数值", "单位", "标准", "结果", "性质", "差额", "差额单位"),
    *("依据", "标准出处", "出处状态", "说明", "数据年", "学段"),
)
CODE_HEADS = ("分册", "检查代码", "指标代码")
PROBLEM_HEADS = ("要点", "问题", "现值", "单位", "标准", "差额", "差额单位", "涉及学校（园）")
CITY_HEADS = (
    *("县（区）", "要点", "要点名称", "检查", "数值", "单位", "标准", "结果", "差额", "差额单位"),
    *("说明", "数据年", "区划代码", "检查代码", "指标代码"),
)


def _rows(heads: Sequence[str], checks: Iterable[Mapping]) -> Rows:
    shown = [CHECKS[head] for head in heads]
    return [tuple(content(check) for content in shown) for check in checks]


def county_workbook(
    records: Sequence[dict], stored: Stored | None, *, with_cells: bool = True
) -> bytes:
    """Return the workbook of a county's results, and of what it reported if that is at hand.

    with_cells: name the cells that figures come from.
    """
    last = records[-1]
    book = new_workbook(last["year"])
    title = (f"{last['county_name']}自查自评结果", subtitle_of(last, NOT_TO_CITE))
    own = [record for record in records if not annexed_topics(record["notebook"])]
    points = {point["id"]: point for record in own for point in record["points"]}
    checks = [
        _row(check, points, record["notebook"]) for record in own for check in record["checks"]
    ]
    add_sheet(book, "要点结果", POINT_HEADS, _point_rows(points), title=title, fixed_columns=2)
    places = ("数据位置",) if with_cells else ()
    heads = (*COUNTY_HEADS, *places, *CODE_HEADS)
    wide = {"fixed_columns": 3, "printed_columns": PRINTED}
    add_sheet(book, "逐项", heads, _rows(heads, checks), title=title, **wide)
    problems = [(at, *row) for at, row in enumerate(_rows(PROBLEM_HEADS, failed(checks)), 1)]
    lines = (*title, *_own_word(points, checks))
    add_sheet(book, "问题清单", ("序号", *PROBLEM_HEADS), problems, title=lines, fixed_columns=3)
    if stored is not None:
        years = EvaluationYear(last["year"]).all
        heads = ("指标", "学段", "单位", *(f"{one}年" for one in years), *places, "指标代码")
        rows = list(_data_rows(stored, years, with_cells=with_cells))
        add_sheet(book, "数据", heads, rows, title=title, fixed_columns=2)
    return to_bytes(book)


def _row(check: dict, points: Mapping[str, dict], notebook: str) -> dict:
    gap, first = check["gap"] or {}, points.get(check["points"][0], {})
    return check | {
        "notebook": notebook,
        "point": "、".join(check["points"]),
        "point_title": first.get("title", ""),
        "gap_amount": gap.get("amount"),
        "gap_unit": gap.get("unit", ""),
    }


def _point_rows(points: Mapping[str, dict]) -> Rows:
    return [
        (
            point["id"],
            point["title"],
            RESULTS[point["result"]][0],
            BASES[point.get("basis", "")],
            "；".join(filter(None, (*point.get("to_supply", ()), point.get("note", "")))),
        )
        for point in points.values()
    ]


def _data_rows(
    stored: Stored, years: tuple[int, ...], *, with_cells: bool
) -> Iterator[tuple[Content, ...]]:
    """Yield every quantity of the county that is reported in one of three years."""
    cells_of: dict[tuple[str, str], dict[int, Any]] = {}
    for row in stored.facts[stored.facts["school"] == ""].itertuples():
        cells_of.setdefault((row.item, row.stage), {})[row.data_year] = row
    for (code, stage), cells in cells_of.items():
        shown_cells = [cells.get(year) for year in years]
        if not any(cell is not None and cell.status == REPORTED for cell in shown_cells):
            continue
        declared = items()[code]
        first = next(cell for cell in shown_cells[1::-1] + shown_cells[2:] if cell)
        places = (f"{first.sheet}!{first.cell}",) if with_cells else ()
        shown = (_cell(cell) for cell in shown_cells)
        yield declared.label, STAGES[stage], declared.unit, *shown, *places, code


def _cell(row) -> Content:
    if row is None:
        return None
    if row.status == NOT_APPLICABLE:
        return NOT_CONCERNED
    shown = number(row.value)
    if shown is None or not row.qualifier:
        return shown
    return Numeral(shown.value, f'{shown.form}"（{row.qualifier}）"')


def city_workbook(table: pd.DataFrame, name: str) -> bytes:
    """Return the workbook of a city: points by county, every check, every problem.

    table: rows of its counties, columns as in tables.COLUMNS.
    """
    year = int(table["year"].iloc[0])
    book = new_workbook(year)
    mark = mark_of(bool(table["fictional"].any()), NOT_TO_CITE)
    title = (f"{name}各县（区）自查自评结果", f"{year}评价年度{mark}")
    heads, rows = _matrix(table)
    add_sheet(book, "要点", heads, rows, title=title, fixed_columns=2, head_width=9)
    checks = table.to_dict("records")
    unmet = [check for check in checks if check["result"] == NOT_MET]
    for sheet, listed in (("逐项", checks), ("问题清单", unmet)):
        rows = _rows(CITY_HEADS, listed)
        add_sheet(book, sheet, CITY_HEADS, rows, title=title, printed_columns=PRINTED)
    return to_bytes(book)


def _own_word(points: Mapping[str, Mapping], checks: Iterable[Mapping]) -> tuple[str, ...]:
    """Return a line on points that are not met though no check of them fails; none without."""
    failing = {point for check in failed(checks) for point in check["points"]}
    rated = [at for at, one in points.items() if one["result"] == NOT_MET and at not in failing]
    listed = "、".join(rated)
    return (f"另有{len(rated)}项为自评未达到（{listed}），没有数据，不在本表。",) if rated else ()


def _matrix(table: pd.DataFrame) -> tuple[tuple[str, ...], Rows]:
    """Return one row per county: how its points came out in number, then each point in words."""
    once = table.drop_duplicates(["county", "point"])
    points = sorted({(row.point, row.point_title) for row in once.itertuples() if row.point})
    words = [word for result, (word, _) in RESULTS.items() if result != "reference"]
    rows: Rows = []
    for (code, name), of_county in once.groupby(["county", "county_name"], sort=True):
        results = {
            row.point: RESULTS[row.point_result][0]
            for row in of_county.itertuples()
            if row.point_result in RESULTS
        }
        counted = [sum(one == word for one in results.values()) for word in words]
        rows.append((name, code, *counted, *(results.get(point, "") for point, _ in points)))
    titles = (f"{point} {title}" for point, title in points)
    return ("县（区）", "区划代码", *(f"{word}（个）" for word in words), *titles), rows
