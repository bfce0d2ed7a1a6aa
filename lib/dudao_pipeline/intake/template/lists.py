"""The list sheets: schools, kindergartens, funds, evidence, printed figures, exceptions."""

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from dudao.facts.items import PROGRAMMES, items
from dudao.facts.sheet_layout import EVIDENCE, FUNDS, KINDERGARTENS, SCHOOLS, SELF_RATINGS
from dudao_pipeline.intake.sheet_headers import (
    DEMAND,
    DEMANDED,
    ON_FILE,
    OPTIONAL,
    POINT_TITLE,
    TIER_COLUMNS,
    TOTAL,
)
from dudao_pipeline.intake.template import cell_rules, styles
from dudao_pipeline.intake.template.fields import SUM_COLUMN, TEXTS, Field, fields_of, first_row
from dudao_pipeline.intake.template.frame import (
    CODE_COLUMN,
    FIRST_ROW,
    HEADER_ROW,
    POINT_COLUMN,
    Frame,
    head,
    option_range,
)

PREPARED_ROWS = 30  # drawn with borders; the rows below them are open and formatted as well
LAST_ROW = 3004


def _rule(sheet: Worksheet, frame: Frame, area: str, field: Field) -> None:
    counts = {POINT_COLUMN: len(frame.framework.points), CODE_COLUMN: len(items())}
    if field.choices in counts:
        source = option_range(field.choices, counts[field.choices])
        cell_rules.choice(sheet, area, source, field.prompt)
    elif field.choices:
        cell_rules.choice(sheet, area, field.choices, field.prompt)
    elif field.limits:
        cell_rules.whole(sheet, area, field.limits, field.prompt)
    elif field.item:
        cell_rules.number(sheet, area, field.item)
    elif field.prompt:
        cell_rules.hint(sheet, area, field.header, field.prompt)


def dress_row(sheet: Worksheet, row: int) -> None:
    """Give a row its looks, and a fund its locked total."""
    for position, field in enumerate(fields_of(sheet.title), start=1):
        cell = sheet.cell(row, position)
        styles.dress(cell, field.look, field.number_format)
        if field.header == SUM_COLUMN:
            first, last = (get_column_letter(position - back) for back in (len(TIER_COLUMNS), 1))
            cell.value = _sum(f"{first}{row}:{last}{row}")


def _sum(area: str) -> str:
    """Return a sum that stays empty where nothing was reported: missing is not zero."""
    return f'=IF(COUNT({area})=0,"",SUM({area}))'


def _total_row(sheet: Worksheet) -> None:
    for position, field in enumerate(fields_of(sheet.title), start=1):
        cell, letter = sheet.cell(FIRST_ROW, position), get_column_letter(position)
        styles.dress(cell, styles.TOTAL, field.number_format)
        if field.item:
            cell.value = _sum(f"{letter}{first_row(sheet.title)}:{letter}{LAST_ROW}")
    sheet.cell(FIRST_ROW, 1, TOTAL).alignment = styles.CENTRE
    sheet.row_dimensions[FIRST_ROW].height = 22


def _programmes(sheet: Worksheet, frame: Frame, at: dict[str, int]) -> None:
    year = frame.year.data_year
    for row, (programme, (title, stage)) in enumerate(PROGRAMMES.items(), start=FIRST_ROW):
        sheet.cell(row, 1, title)
        sheet.cell(row, 2, year)
        for header, tier in TIER_COLUMNS.items():
            if (f"{programme}_{tier}", stage, year) in frame.deciding:
                cell = sheet.cell(row, at[header])
                styles.dress(cell, styles.DECIDING, cell.number_format)


def _listed(sheet: Worksheet, frame: Frame, at: dict[str, int]) -> None:
    """List the papers or the points of the scheme, to be ticked; --short leaves out the rest."""
    is_evidence, row = sheet.title == EVIDENCE, FIRST_ROW
    header, tick = ("材料名称", ON_FILE) if is_evidence else (POINT_TITLE, "自评结论")
    for point in frame.framework.points:
        if frame.short and not point.qualitative:
            continue
        demand = DEMANDED if point.qualitative else OPTIONAL
        for title in point.evidence if is_evidence else (point.title,):
            dress_row(sheet, row)
            for column, text in {"评价要点": point.id, header: title, DEMAND: demand}.items():
                sheet.cell(row, at[column], text)
            if point.qualitative:
                styles.dress(sheet.cell(row, at[tick]), styles.DECIDING_CHOICE)
            styles.fit(sheet, row)
            row += 1
    last = get_column_letter(len(at))
    sheet.auto_filter.ref = f"A{HEADER_ROW}:{last}{max(row - 1, FIRST_ROW)}"


def add(frame: Frame, name: str) -> None:
    """Add a list sheet: open below its header (or total row), formatted to the last row."""
    texts, listed, start = TEXTS["sheets"][name], fields_of(name), first_row(name)
    title = f"{frame.county_name}{texts['title']}（{frame.year.year}年评价）"
    widths = {field.header: field.width for field in listed}
    sheet = head(frame, name, (title, texts["hint"]), widths)
    for position, field in enumerate(listed, start=1):
        letter = get_column_letter(position)
        _rule(sheet, frame, f"{letter}{start}:{letter}{LAST_ROW}", field)
        dimension = sheet.column_dimensions[letter]
        styles.dress_column(dimension, field.look, field.number_format)
    prepared = 2 * len(PROGRAMMES) if name == FUNDS else PREPARED_ROWS
    for row in range(start, start + prepared):
        dress_row(sheet, row)
        sheet.row_dimensions[row].height = 20
    if start > FIRST_ROW:
        _total_row(sheet)
    for position, field in enumerate(listed, start=1):
        if field.is_deciding:
            styles.dress(sheet.cell(HEADER_ROW, position), styles.DECIDING_HEADER)
        elif frame.short and field.item and name in (SCHOOLS, KINDERGARTENS):
            sheet.column_dimensions[get_column_letter(position)].hidden = True
    at = {field.header: position for position, field in enumerate(listed, start=1)}
    if name == FUNDS:
        _programmes(sheet, frame, at)
    elif name in (EVIDENCE, SELF_RATINGS):
        _listed(sheet, frame, at)
    sheet.freeze_panes = f"{texts['scrolls_from']}{start}"
    styles.protect(sheet, rows_are_open=name != FUNDS)
