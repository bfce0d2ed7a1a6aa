"""The sheets of the workbook and their columns: declared once for template, readers and store."""

import csv
import math
from dataclasses import dataclass
from pathlib import Path

GUIDE, COUNTY, SCHOOLS, KINDERGARTENS = "填写说明", "县级指标", "学校", "幼儿园"
FUNDS, EVIDENCE, CLAIMS, EXCEPTIONS = "专项资金", "佐证材料", "报告所列数据", "例外"
LAST_ROUND, SELF_RATINGS = "上轮问题", "自评"
TEACHING_POINT = "教学点"
OUT_OF_SCOPE = ("中等职业学校", "特殊教育学校")  # of the comparison of compulsory schools
COMBINED_STAGES = {
    "九年一贯制学校": ("primary", "junior"),
    "完全中学": ("junior", "senior"),
    "十二年一贯制学校": ("primary", "junior", "senior"),
}


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
SHEETS_IN_ORDER = tuple(dict.fromkeys(column.sheet for column in COLUMNS))
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


def choices(sheet: str, header: str) -> tuple[str, ...]:
    """Return the words that a column's cells may hold, as the template lists them."""
    return next(column.choices for column in columns_of(sheet) if column.header == header)


KINDERGARTEN_KINDS = choices(KINDERGARTENS, "办园性质")
RECTIFICATION = RECTIFIED, RECTIFYING, UNRECTIFIED = choices(LAST_ROUND, "整改状态")
RATED_MET, RATED_NOT_MET = choices(SELF_RATINGS, "自评结论")
