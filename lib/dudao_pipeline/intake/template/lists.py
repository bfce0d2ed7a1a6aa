"""The list sheets: schools, kindergartens, funds, evidence, printed figures, exceptions."""

from __future__ import annotations

from functools import cache

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from dudao.facts.items import PROGRAMMES, Item, items
from dudao.facts.sheet_layout import (
    COLUMNS,
    DEMAND,
    DEMANDED,
    EVIDENCE,
    FUNDS,
    ON_FILE,
    OPTIONAL,
    POINT_TITLE,
    SELF_RATINGS,
    SHEETS,
    TIER_COLUMNS,
    TOTAL,
    columns_of,
    number_columns,
)
from dudao_pipeline.intake.checks.required import RECORDED_ONLY
from dudao_pipeline.intake.template import cell_rules, fields, styles
from dudao_pipeline.intake.template.fields import Field
from dudao_pipeline.intake.template.frame import (
    CODE_COLUMN,
    FIRST_ROW,
    HEADER_ROW,
    POINT_COLUMN,
    Frame,
    head,
)
from dudao_pipeline.intake.template.frame import option_range as listed

PREPARED_ROWS = 30  # drawn with borders; the rows below them are open and formatted as well
LAST_ROW = 3004
NUMBER_WIDTH, WIDE = 13, 19
SUM_COLUMN = f"{TOTAL}（万元）"
# What the template says; nobody types there.
FIXED_COLUMNS = frozenset(column.header for column in COLUMNS if "fixed" in column.marks)
FUND_ITEM = f"{next(iter(PROGRAMMES))}_{next(iter(TIER_COLUMNS.values()))}"


def columns(name: str) -> tuple[str, ...]:
    """Return the columns as the workbook shows them."""
    return SHEETS[name].printed


def first_row(name: str) -> int:
    """Return the first row for input, below the total row where there is one."""
    return FIRST_ROW + fields.SHEETS[name].has_total_row


def _numbers(name: str) -> dict[str, Item]:
    """Return the number columns of a sheet with the item whose unit and meaning they have."""
    if name == FUNDS:
        return dict.fromkeys(TIER_COLUMNS, items()[FUND_ITEM])
    return {header: items()[code] for header, code in number_columns(name).items()}


@cache
def _field(name: str, column: str) -> Field:
    declared = fields.fields_of(name)
    if column in declared:
        return declared[column]
    item = _numbers(name)[column]
    width = WIDE if name == FUNDS or "（" in item.label else NUMBER_WIDTH
    return Field(width, styles.number_format(item.unit))


def _look(name: str, column: str, field: Field) -> styles.Look:
    if column == SUM_COLUMN:
        return styles.TOTAL
    if column in FIXED_COLUMNS:
        return styles.CENTRED if column == DEMAND else styles.FIXED
    if _is_deciding(name, column):
        return styles.DECIDING
    if column in _numbers(name):
        return styles.NUMBER
    is_short = field.width < WIDE and (field.choices or field.limits)
    return styles.CHOICE if is_short else styles.WORDS


def _is_deciding(name: str, column: str) -> bool:
    """Say whether a rule in force reads a number column of a list sheet."""
    codes = number_columns(name) if name in RECORDED_ONLY else {}
    return column in codes and codes[column] not in RECORDED_ONLY[name]


def _rule(sheet: Worksheet, frame: Frame, area: str, column: str) -> None:
    field = _field(sheet.title, column)
    counts = {POINT_COLUMN: len(frame.framework.points), CODE_COLUMN: len(items())}
    if field.choices in counts:
        source = listed(field.choices, counts[field.choices])
        cell_rules.choice(sheet, area, source, field.prompt)
    elif field.choices:
        cell_rules.choice(sheet, area, field.choices, field.prompt)
    elif field.limits:
        cell_rules.whole(sheet, area, field.limits, field.prompt)
    elif column in _numbers(sheet.title):
        cell_rules.number(sheet, area, _numbers(sheet.title)[column])
    elif field.prompt:
        cell_rules.hint(sheet, area, column, field.prompt)


def dress_row(sheet: Worksheet, row: int) -> None:
    """Give a row its looks, and a fund its locked total."""
    name = sheet.title
    for position, column in enumerate(columns(name), start=1):
        cell, field = sheet.cell(row, position), _field(name, column)
        styles.dress(cell, _look(name, column, field), field.number_format)
        if column == SUM_COLUMN:
            first, last = (get_column_letter(position - back) for back in (len(TIER_COLUMNS), 1))
            cell.value = _sum(f"{first}{row}:{last}{row}")


def _sum(area: str) -> str:
    """Return a sum that stays empty where nothing was reported: missing is not zero."""
    return f'=IF(COUNT({area})=0,"",SUM({area}))'


def _total_row(sheet: Worksheet) -> None:
    numbers = _numbers(sheet.title)
    for position, column in enumerate(columns(sheet.title), start=1):
        cell, letter = sheet.cell(FIRST_ROW, position), get_column_letter(position)
        field = _field(sheet.title, column)
        styles.dress(cell, styles.TOTAL, field.number_format)
        if column in numbers:
            cell.value = _sum(f"{letter}{first_row(sheet.title)}:{letter}{LAST_ROW}")
    sheet.cell(FIRST_ROW, 1, TOTAL).alignment = styles.CENTRE
    sheet.row_dimensions[FIRST_ROW].height = 22


def _programmes(sheet: Worksheet, frame: Frame) -> None:
    for row, (title, _) in enumerate(PROGRAMMES.values(), start=FIRST_ROW):
        sheet.cell(row, 1, title)
        sheet.cell(row, 2, frame.year.data_year)
    for row, (programme, (_, stage)) in enumerate(PROGRAMMES.items(), start=FIRST_ROW):
        for header, tier in TIER_COLUMNS.items():
            if (f"{programme}_{tier}", stage, frame.year.data_year) in frame.deciding:
                cell = sheet.cell(row, columns(FUNDS).index(header) + 1)
                styles.dress(cell, styles.DECIDING, cell.number_format)


def _listed(sheet: Worksheet, frame: Frame) -> None:
    """List the papers or the points of the scheme, to be ticked; --short leaves out the rest."""
    row = FIRST_ROW
    for point in frame.framework.points:
        if frame.short and not point.qualitative:
            continue
        demand = DEMANDED if point.qualitative else OPTIONAL
        titles = point.evidence if sheet.title == EVIDENCE else (point.title,)
        header = "材料名称" if sheet.title == EVIDENCE else POINT_TITLE
        for title in titles:
            given = {"评价要点": point.id, header: title, DEMAND: demand}
            dress_row(sheet, row)
            for column, text in given.items():
                sheet.cell(row, columns(sheet.title).index(column) + 1, text)
            tick = ON_FILE if sheet.title == EVIDENCE else "自评结论"
            if point.qualitative:
                cell = sheet.cell(row, columns(sheet.title).index(tick) + 1)
                styles.dress(cell, styles.DECIDING_CHOICE)
            styles.fit(sheet, row)
            row += 1
    last = get_column_letter(len(columns(sheet.title)))
    sheet.auto_filter.ref = f"A{HEADER_ROW}:{last}{max(row - 1, FIRST_ROW)}"


def add(frame: Frame, name: str) -> None:
    """Add a list sheet: open below its header (or total row), formatted to the last row."""
    kind = fields.SHEETS[name]
    widths = {column: _field(name, column).width for column in columns(name)}
    title = f"{frame.county_name}{kind.title}（{frame.year.year}年评价）"
    sheet = head(frame, name, (title, kind.hint), widths)
    start = first_row(name)
    for position, column in enumerate(columns(name), start=1):
        letter = get_column_letter(position)
        _rule(sheet, frame, f"{letter}{start}:{letter}{LAST_ROW}", column)
        field = _field(name, column)
        look = _look(name, column, field)
        styles.dress_column(sheet.column_dimensions[letter], look, field.number_format)
    prepared = 2 * len(PROGRAMMES) if name == FUNDS else PREPARED_ROWS
    for row in range(start, start + prepared):
        dress_row(sheet, row)
        sheet.row_dimensions[row].height = 20
    if kind.has_total_row:
        _total_row(sheet)
    for position, column in enumerate(columns(name), start=1):
        is_asked = any(asked.header == column for asked in columns_of(name, "asked"))
        if is_asked or _is_deciding(name, column):
            styles.dress(sheet.cell(HEADER_ROW, position), styles.DECIDING_HEADER)
        elif frame.short and name in RECORDED_ONLY and column in number_columns(name):
            sheet.column_dimensions[get_column_letter(position)].hidden = True
    if name == FUNDS:
        _programmes(sheet, frame)
    elif name in (EVIDENCE, SELF_RATINGS):
        _listed(sheet, frame)
    sheet.freeze_panes = f"{kind.scrolls_from}{start}"
    styles.protect(sheet, rows_are_open=name != FUNDS)
