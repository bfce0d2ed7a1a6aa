"""The headers of the workbook's sheets, as template and readers have them from columns.csv."""

from dataclasses import dataclass
from functools import cache

from dudao.facts.items import TIERS, items
from dudao.facts.sheet_layout import (
    EVIDENCE,
    EXCEPTIONS,
    FUNDS,
    LAST_ROUND,
    SELF_RATINGS,
    SHEETS_IN_ORDER,
    Column,
    choices,
    columns_of,
)

OPTIONAL_SHEETS = (EXCEPTIONS, LAST_ROUND, SELF_RATINGS)

GUIDE_KEYS = {
    "县（区）代码": "county",
    "县（区）名称": "county_name",
    "评价年度": "year",
    "评价方案": "framework",
    "填报单位": "issuer",
    "数据来源": "title",
    "录入方式": "transcription",
    "适用省份代码": "law_area",
    "是否虚构": "fictional",
}
YEAR_COLUMNS = ("基准年", "数据年", "进展年")
TIER_COLUMNS = {f"{label}（万元）": tier for tier, label in TIERS.items()}
TOTAL = "合计"
# What the template says of a row: whether it decides, by which standard, and that a paper is there.
DEMAND, STANDARD, ON_FILE, POINT_TITLE = "填报要求", "适用标准", "已备", "要点名称"
DEMANDED, OPTIONAL = "必填", "选填"
NUMBERS = "（数字）"  # stands for the number columns that the dictionary, or a list of tiers, names
TICK, NO_PAPER = choices(EVIDENCE, ON_FILE)


@cache
def header_of(sheet: str, name: str) -> str:
    """Return the header of a sheet's column that is stored under a name; KeyError if none is."""
    return {column.name: column.header for column in columns_of(sheet)}[name]


@dataclass(frozen=True)
class SheetLayout:
    """The headers of one sheet: what a reader needs, the numbers among them, what only Excel shows.

    printed: every column as the workbook shows them.
    """

    name: str
    required: tuple[str, ...]
    numbers: tuple[str, ...]
    optional: tuple[str, ...]
    printed: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Return every column: those that a reader needs first, as a CSV twin has them."""
        return (*self.required, *self.optional)


@cache
def number_columns(sheet: str) -> dict[str, str]:
    """Return the number columns of a school sheet: header text to item code."""
    return {
        f"{item.label}（{item.unit}）": code
        for code, item in items().items()
        if sheet in item.sheets
    }


@cache
def added_columns(sheet: str) -> tuple[str, ...]:
    """Return the number columns of a school sheet that schools add up to: no largest, no least."""
    return tuple(header for header in number_columns(sheet) if "最" not in header)


@cache
def choice_columns(sheet: str) -> tuple[str, ...]:
    """Return the columns of a sheet that hold one of a few words, as 学段 and 城乡."""
    return tuple(column.header for column in columns_of(sheet) if column.choices)


def _in_order(sheet: str) -> list[Column]:
    """Return the columns of a sheet from left to right."""
    ordered = [column for column in columns_of(sheet) if not column.after]
    for column in (column for column in columns_of(sheet) if column.after):
        at = next(i for i, before in enumerate(ordered) if before.header == column.after)
        ordered.insert(at + 1, column)
    return ordered


def _layout(sheet: str) -> SheetLayout:
    figures = tuple(TIER_COLUMNS if sheet == FUNDS else number_columns(sheet))
    later = {h for h, code in number_columns(sheet).items() if items()[code].is_later}
    marks = {
        header: column.marks
        for column in _in_order(sheet)
        for header in (figures if column.header == NUMBERS else (column.header,))
    }
    required = tuple(h for h, own in marks.items() if "required" in own and h not in later)
    numbers = tuple(header for header, own in marks.items() if "number" in own)
    optional = tuple(header for header in marks if header not in required)
    return SheetLayout(sheet, required, numbers, optional, tuple(marks))


SHEETS = {sheet: _layout(sheet) for sheet in SHEETS_IN_ORDER}
