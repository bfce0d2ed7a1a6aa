"""The sheet 县级指标: one row per item and stage, grouped by secondary indicator."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from dudao.facts.items import STAGES, SUBORDINATE, Item, items, spoken
from dudao.facts.sheet_layout import COUNTY, columns_of
from dudao_pipeline.intake.sheet_headers import (
    DEMAND,
    DEMANDED,
    OPTIONAL,
    SHEETS,
    STANDARD,
    YEAR_COLUMNS,
)
from dudao_pipeline.intake.template import cell_rules, styles
from dudao_pipeline.intake.template.fields import TEXTS
from dudao_pipeline.intake.template.frame import FIRST_ROW, HEADER_ROW, Frame, head

COLUMNS = SHEETS[COUNTY].printed
LOOKS = {
    "指标代码": styles.CODE,
    **dict.fromkeys(("单位", "学段", DEMAND), styles.CENTRED),
}
# Figures that several chapters rest on stand first, each with all its stages.
SHARED = ("enrolment", "classes", "full_time_teachers", "schools", "kindergartens", "schools_total")
SHARED_TITLE = "基本数据（各章共用）"


@dataclass(frozen=True)
class Line:
    """One row: an item of a stage, the points that use it, and what it is called there."""

    item: Item
    points: tuple[str, ...]
    stage: str
    name: str


def groups(frame: Frame) -> dict[str, list[tuple[Item, tuple[str, ...]]]]:
    """Return title of a group -> its items: by secondary indicator, then what chapters share.

    What is shared stands last: cells that other tables of an office point to keep their address.

    An item of several secondary indicators stands in its first.
    """
    secondaries = {point.id: point.secondary for point in frame.framework.points}
    titles = {s: f"{s} {frame.framework.secondary_titles[s]}" for s in secondaries.values()}
    by_title: dict[str, list] = {title: [] for title in (*titles.values(), SHARED_TITLE)}
    for item, points in frame.needed:
        is_shared = item.item in SHARED
        by_title[SHARED_TITLE if is_shared else titles[secondaries[points[0]]]].append(
            (item, points)
        )
    return {title: members for title, members in by_title.items() if members}


def _lines(frame: Frame, members: list[tuple[Item, tuple[str, ...]]]) -> Iterator[Line]:
    """Yield the rows of a group; a part is named with 其中 where its whole stands above it."""
    above: set[str] = set()
    for item, points in members:
        for stage in item.stages:
            if frame.short and not frame.decides(item.item, stage):
                continue
            name = spoken(item.item, stage)
            if name.startswith(SUBORDINATE) and _wholes()[item.item] not in above:
                name = name.removeprefix(SUBORDINATE)
            above.add(item.item)
            yield Line(item, points, stage, name)


@cache
def _wholes() -> dict[str, str]:
    """Return the whole of every part: what stands above it in the dictionary without 其中."""
    wholes, whole = {}, ""
    for code, item in items().items():
        if item.label.startswith(SUBORDINATE):
            wholes[code] = whole
        else:
            whole = code
    return wholes


def _group_row(sheet: Worksheet, row: int, title: str) -> None:
    """Write a group title beside the code column, which stays empty: it is no item."""
    styles.dress(sheet.cell(row, 1), styles.GROUP)
    styles.band(sheet, row, title, styles.GROUP, columns=(2, len(COLUMNS)))
    sheet.row_dimensions[row].height = 24


def _in_lines(points: tuple[str, ...]) -> str:
    """Return points two to a line, so that no number is broken."""
    lines = ("、".join(points[at : at + 2]) for at in range(0, len(points), 2))
    return "、\n".join(lines)


def _item_row(sheet: Worksheet, row: int, line: Line, frame: Frame) -> None:
    item, stage = line.item, line.stage
    texts = {
        "指标代码": item.item,
        "指标名称": line.name,
        "学段": STAGES[stage],
        "单位": item.unit,
        DEMAND: DEMANDED if frame.decides(item.item, stage) else OPTIONAL,
        STANDARD: frame.standards(item.item, stage),
        "定义": item.definition,
        "用于要点": _in_lines(line.points),
    }
    for column, name in enumerate(COLUMNS, start=1):
        cell = sheet.cell(row, column, texts.get(name) or None)
        if name in YEAR_COLUMNS:
            is_deciding = (item.item, stage, frame.years[name]) in frame.deciding
            look = styles.DECIDING if is_deciding else styles.NUMBER
            if frame.short and not is_deciding:
                look = styles.NOT_ASKED
            styles.dress(cell, look, styles.number_format(item.unit))
        elif name == "备注":
            styles.dress(cell, styles.WORDS)
        else:
            styles.dress(cell, LOOKS.get(name, styles.FIXED))
    if line.name.startswith(SUBORDINATE):
        styles.dress(sheet.cell(row, 2), styles.INDENTED)
    cell_rules.number(sheet, f"E{row}:G{row}", item)
    styles.fit(sheet, row)


def add(frame: Frame) -> None:
    """Add the sheet; group rows carry number and title of the secondary indicator."""
    title = f"{frame.county_name}教育指标报送表（{frame.year.year}年评价）"
    years = {name: f"{year}年（{name}）" for name, year in frame.years.items()}
    widths = {years.get(c.header, c.header): c.width for c in columns_of(COUNTY)}
    sheet = head(frame, COUNTY, (title, TEXTS["county_hint"]), widths)
    row = FIRST_ROW
    for title, members in groups(frame).items():
        lines = list(_lines(frame, members))
        if not lines:
            continue
        _group_row(sheet, row, title)
        for line in lines:
            row += 1
            _item_row(sheet, row, line, frame)
        row += 1
    sheet.freeze_panes = f"C{FIRST_ROW}"
    last = get_column_letter(len(COLUMNS))
    sheet.auto_filter.ref = f"A{HEADER_ROW}:{last}{row - 1}"
    styles.protect(sheet, rows_are_open=False)
    sheet.protection.autoFilter = False  # the sheet is locked, its filter is not
