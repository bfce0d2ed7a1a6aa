"""The sheets of the workbook and their columns: declared once for template, readers and export."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path

from dudao.facts.items import TIERS, items

GUIDE, COUNTY, SCHOOLS, KINDERGARTENS = "填写说明", "县级指标", "学校", "幼儿园"
FUNDS, EVIDENCE, CLAIMS, EXCEPTIONS = "专项资金", "佐证材料", "报告所列数据", "例外"
LAST_ROUND, SELF_RATINGS = "上轮问题", "自评"
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
TEACHING_POINT = "教学点"
OUT_OF_SCOPE = ("中等职业学校", "特殊教育学校")  # of the comparison of compulsory schools
COMBINED_STAGES = {
    "九年一贯制学校": ("primary", "junior"),
    "完全中学": ("junior", "senior"),
    "十二年一贯制学校": ("primary", "junior", "senior"),
}
TOTAL = "合计"
# What the template says of a row: whether it decides, by which standard, and that a paper is there.
DEMAND, STANDARD, ON_FILE, POINT_TITLE = "填报要求", "适用标准", "已备", "要点名称"
DEMANDED, OPTIONAL = "必填", "选填"
NUMBERS = "（数字）"  # stands for the number columns that the dictionary, or a list of tiers, names


@dataclass(frozen=True)
class Column:
    """One column of a sheet, as columns.csv declares it; reader, store and template follow it.

    header: "" for what is stored and stands on no sheet. name, type: in the stored table, "" where
    it is not stored. marks: required (a reader needs the column), number, anchor (its cell stands
    for the row), scan (searched for personal data), asked (every rule about single schools needs
    it), fixed (the template fills it in). reads: how the cell is read, "" for text as it stands.
    choices: the words that it may hold, or @ and the column of the hidden sheet that lists them.
    """

    sheet: str
    header: str
    name: str
    type: str
    marks: frozenset[str]
    after: str
    reads: str
    width: float
    format: str
    choices: tuple[str, ...]
    prompt: str


def _read_columns() -> tuple[Column, ...]:
    """Read columns.csv: a row a column, in the order of the stored table.

    Where a column stands on its sheet it follows the row above, or the column that `after` names.
    """
    lines = Path(__file__).with_name("columns.csv").read_text(encoding="utf-8").splitlines()
    return tuple(
        Column(
            **{**row, "width": float(row["width"] or 0)}
            | {"marks": frozenset(row["marks"].split()), "choices": tuple(row["choices"].split())}
        )
        for row in csv.DictReader(lines)
    )


COLUMNS = _read_columns()
# The table of the store that keeps a sheet's rows; county items and funds become facts.
TABLE_OF = {
    SCHOOLS: "schools",
    KINDERGARTENS: "schools",
    CLAIMS: "claims",
    EVIDENCE: "evidence",
    EXCEPTIONS: "exceptions",
    LAST_ROUND: "last_round",
    SELF_RATINGS: "self_ratings",
}
# What is known of a school beside its figures: the columns of the stored table that say it.
_NAMING = ("school", "stage", "name", "note")
SCHOOL_ATTRIBUTES = {
    column.name: column.type
    for column in COLUMNS
    if column.name and TABLE_OF[column.sheet] == "schools" and column.name not in _NAMING
}
# How a value is stored that a sheet has no column for, or a cell says nothing of.
EMPTY = {"str": "", "int64": 0, "float64": math.nan}


def columns_of(sheet: str, mark: str = "") -> tuple[Column, ...]:
    """Return the columns of a sheet in the order of the stored table, or those with a mark."""
    return tuple(
        column
        for column in COLUMNS
        if column.sheet == sheet and column.header and (not mark or mark in column.marks)
    )


@cache
def header_of(sheet: str, name: str) -> str:
    """Return the header of a sheet's column that is stored under a name; KeyError if none is."""
    return {column.name: column.header for column in columns_of(sheet)}[name]


def choices(sheet: str, header: str) -> tuple[str, ...]:
    """Return the words that a column's cells may hold, as the template lists them."""
    return next(column.choices for column in columns_of(sheet) if column.header == header)


KINDERGARTEN_KINDS = choices(KINDERGARTENS, "办园性质")
RECTIFICATION = RECTIFIED, RECTIFYING, UNRECTIFIED = choices(LAST_ROUND, "整改状态")
RATED_MET, RATED_NOT_MET = choices(SELF_RATINGS, "自评结论")
TICK, NO_PAPER = choices(EVIDENCE, ON_FILE)


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


def _in_order(sheet: str) -> list[Column]:
    """Return the columns of a sheet from left to right."""
    ordered = [column for column in columns_of(sheet) if not column.after]
    for column in (column for column in columns_of(sheet) if column.after):
        at = next(i for i, before in enumerate(ordered) if before.header == column.after)
        ordered.insert(at + 1, column)
    return ordered


def _layout(sheet: str) -> SheetLayout:
    figures = tuple(TIER_COLUMNS if sheet == FUNDS else number_columns(sheet))

    def headers(*, number: bool = False, required: bool | None = None) -> tuple[str, ...]:
        wanted = (
            column
            for column in _in_order(sheet)
            if (not number or "number" in column.marks)
            and (required is None or required == ("required" in column.marks))
        )
        listed = (figures if one.header == NUMBERS else (one.header,) for one in wanted)
        return tuple(chain.from_iterable(listed))

    return SheetLayout(
        sheet, headers(required=True), headers(number=True), headers(required=False), headers()
    )


SHEETS = {sheet: _layout(sheet) for sheet in dict.fromkeys(column.sheet for column in COLUMNS)}
