"""The sheet 县级指标: one row per item and stage, grouped by secondary indicator."""

from __future__ import annotations

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from dudao.facts.items import STAGES, Item
from dudao.facts.layout import COUNTY, SHEETS, YEAR_COLUMNS
from dudao_pipeline.intake.template import rules, styles
from dudao_pipeline.intake.template.frame import FIRST_ROW, Frame, head

WIDTHS = {
    "指标代码": 23,
    "指标名称": 29,
    "学段": 13,
    "单位": 11,
    **dict.fromkeys(YEAR_COLUMNS, 15),
    "备注": 20,
    "定义": 47,
    "统计报表": 11,
    "用于要点": 17,
}
HINT = (
    "只填浅黄色单元格。空白表示未报；确实没有的填“不涉及”；0 就是 0；"
    "带限定词的照填，如：90以上、2000余。只填数字，不写单位。"
)
LOOKS = {"指标代码": styles.CODE, "单位": styles.CENTRED, "学段": styles.CENTRED}
SUBORDINATE = "其中："


def groups(frame: Frame) -> dict[str, list[tuple[Item, tuple[str, ...]]]]:
    """Return secondary indicator -> its items; an item of several stands in its first."""
    secondaries = {point.id: point.secondary for point in frame.framework.points}
    found: dict[str, list] = {secondary: [] for secondary in secondaries.values()}
    for item, points in frame.needed:
        found[secondaries[points[0]]].append((item, points))
    return {secondary: members for secondary, members in found.items() if members}


def _group_row(sheet: Worksheet, row: int, title: str) -> None:
    """Write a group title beside the code column, which stays empty: it is no item."""
    last = get_column_letter(len(WIDTHS))
    sheet.cell(row, 2, title)
    sheet.merge_cells(f"B{row}:{last}{row}")
    for column in range(1, len(WIDTHS) + 1):
        styles.dress(sheet.cell(row, column), styles.GROUP)
    sheet.row_dimensions[row].height = 24


def _in_lines(points: tuple[str, ...]) -> str:
    """Return points two to a line, so that no number is broken."""
    lines = ("、".join(points[at : at + 2]) for at in range(0, len(points), 2))
    return "、\n".join(lines)


def _item_row(sheet: Worksheet, row: int, line: tuple[Item, tuple[str, ...], str]) -> None:
    item, points, stage = line
    texts = {
        "指标代码": item.item,
        "指标名称": item.label,
        "学段": STAGES[stage],
        "单位": item.unit,
        "定义": item.definition,
        "用于要点": _in_lines(points),
    }
    for column, name in enumerate(SHEETS[COUNTY].columns, start=1):
        cell = sheet.cell(row, column, texts.get(name))
        if name in YEAR_COLUMNS:
            styles.dress(cell, styles.NUMBER, styles.number_format(item.unit))
        elif name == "备注":
            styles.dress(cell, styles.WORDS)
        else:
            styles.dress(cell, LOOKS.get(name, styles.FIXED))
    if item.label.startswith(SUBORDINATE):
        styles.dress(sheet.cell(row, 2), styles.INDENTED)
    rules.number(sheet, f"E{row}:G{row}", item)
    styles.fit(sheet, row)


def add(frame: Frame) -> None:
    """Add the sheet; group rows carry number and title of the secondary indicator."""
    title = f"{frame.county_name}教育指标报送表（{frame.year.year}年评价）"
    years = {name: f"{year}年（{name}）" for name, year in frame.years.items()}
    widths = {years.get(name, name): WIDTHS[name] for name in SHEETS[COUNTY].columns}
    sheet = head(frame, COUNTY, (title, HINT), widths)
    row = FIRST_ROW
    for secondary, members in groups(frame).items():
        _group_row(sheet, row, f"{secondary} {frame.framework.secondary_titles[secondary]}")
        for item, points in members:
            for stage in item.stages:
                row += 1
                _item_row(sheet, row, (item, points, stage))
        row += 1
    sheet.freeze_panes = f"C{FIRST_ROW}"
    styles.protect(sheet, rows_are_open=False)
