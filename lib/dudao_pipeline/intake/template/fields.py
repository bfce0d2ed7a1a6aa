"""The columns of the list sheets: how each looks, what it accepts and says."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from dudao.base.yaml_text import read_own
from dudao.facts.items import PROGRAMMES, Item, items
from dudao.facts.sheet_layout import FUNDS, Column, columns_of
from dudao_pipeline.intake.checks.required import RECORDED_ONLY
from dudao_pipeline.intake.sheet_headers import DEMAND, SHEETS, TIER_COLUMNS, TOTAL, number_columns
from dudao_pipeline.intake.template import styles
from dudao_pipeline.intake.template.cell_rules import words
from dudao_pipeline.intake.template.frame import CODE_COLUMN, FIRST_ROW, POINT_COLUMN

TEXTS = read_own(Path(__file__).with_name("texts.yaml"))
LIST_SHEETS = tuple(TEXTS["sheets"])
OLDEST, LATEST = 1900, 2100  # years that a date of building or a figure can bear
# Format of a column -> number format, and the whole numbers that a cell accepts.
_FORMATS = {
    "": (styles.GENERAL, None),
    "text": (styles.TEXT, None),
    "day": (styles.DAY, None),
    "money": (styles.MONEY, None),
    "year": (styles.YEAR, (OLDEST, LATEST)),
    "ordinal": (styles.YEAR, (1, 99_999)),
}
_LISTED = {"@评价要点": POINT_COLUMN, "@指标代码": CODE_COLUMN}  # in the hidden sheet
_NUMBER_WIDTH, _WIDE = 13, 19
_FUND_ITEM = f"{next(iter(PROGRAMMES))}_{next(iter(TIER_COLUMNS.values()))}"
SUM_COLUMN = f"{TOTAL}（万元）"


@dataclass(frozen=True)
class Field:
    """One column as the workbook shows it.

    choices: a drop-down's source, or a column letter of the hidden sheet. limits: of whole numbers.
    item: what its numbers are. is_deciding: a rule in force reads it.
    """

    header: str
    width: float
    look: styles.Look
    number_format: str = styles.GENERAL
    choices: str = ""
    limits: tuple[int, int] | None = None
    prompt: str = ""
    item: Item | None = None
    is_deciding: bool = False


def _of_number(sheet: str, header: str, code: str) -> Field:
    item = items()[code]
    width = _WIDE if sheet == FUNDS or "（" in item.label else _NUMBER_WIDTH
    is_deciding = sheet in RECORDED_ONLY and code not in RECORDED_ONLY[sheet]
    look = styles.DECIDING if is_deciding else styles.NUMBER
    form = styles.number_format(item.unit)
    return Field(header, width, look, form, item=item, is_deciding=is_deciding)


def _of_column(column: Column) -> Field:
    number_format, limits = _FORMATS[column.format]
    listed = column.choices
    if column.sheet == FUNDS and column.header == "项目":
        listed = tuple(title for title, _ in PROGRAMMES.values())
    source = _LISTED.get("".join(listed)) or (words(*listed) if listed else "")
    if column.header == SUM_COLUMN:
        look = styles.TOTAL
    elif "fixed" in column.marks:
        look = styles.CENTRED if column.header == DEMAND else styles.FIXED
    else:
        is_short = column.width < _WIDE and (source or limits)
        look = styles.CHOICE if is_short else styles.WORDS
    return Field(
        *(column.header, column.width, look, number_format, source, limits, column.prompt),
        is_deciding="asked" in column.marks,
    )


@cache
def fields_of(sheet: str) -> tuple[Field, ...]:
    """Return the columns of a list sheet from left to right."""
    declared = {column.header: column for column in columns_of(sheet)}
    numbers = dict.fromkeys(TIER_COLUMNS, _FUND_ITEM) if sheet == FUNDS else number_columns(sheet)
    return tuple(
        _of_number(sheet, header, numbers[header])
        if header in numbers
        else _of_column(declared[header])
        for header in SHEETS[sheet].printed
    )


def first_row(sheet: str) -> int:
    """Return the first row for input, below the total row where there is one."""
    return FIRST_ROW + TEXTS["sheets"][sheet].get("total_row", False)
