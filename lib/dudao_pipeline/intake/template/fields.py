"""The list sheets: their titles and hints, and what each column accepts and says."""

from __future__ import annotations

from dataclasses import dataclass

from dudao.facts.items import PROGRAMMES
from dudao.facts.sheet_layout import (
    CLAIMS,
    EVIDENCE,
    EXCEPTIONS,
    FUNDS,
    KINDERGARTENS,
    LAST_ROUND,
    NUMBERS,
    SCHOOLS,
    SELF_RATINGS,
    Column,
    columns_of,
)
from dudao_pipeline.intake.template import styles
from dudao_pipeline.intake.template.cell_rules import words
from dudao_pipeline.intake.template.frame import CODE_COLUMN, POINT_COLUMN

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


@dataclass(frozen=True)
class Field:
    """One column: its choices are a drop-down's source, or a column letter of the hidden sheet."""

    width: float
    number_format: str = styles.GENERAL
    choices: str = ""
    limits: tuple[int, int] | None = None
    prompt: str = ""


@dataclass(frozen=True)
class ListSheet:
    """One list sheet: title, hint, the column right of which it scrolls."""

    title: str
    hint: str
    scrolls_from: str
    has_total_row: bool = False


def _field(column: Column) -> Field:
    number_format, limits = _FORMATS[column.format]
    listed = column.choices
    if column.sheet == FUNDS and column.header == "项目":
        listed = tuple(title for title, _ in PROGRAMMES.values())
    source = _LISTED.get("".join(listed)) or (words(*listed) if listed else "")
    return Field(column.width, number_format, source, limits, column.prompt)


SHEETS = {
    SCHOOLS: ListSheet(
        "义务教育学校资源配置报送表",
        "一校一行；九年一贯制、完全中学等按学段分行填报，学校代码相同。空白表示未报，"
        "不涉及填“不涉及”，0 就是 0。从第5行起逐行填写，可一次粘贴多行（只粘贴数值）。",
        "C",
        has_total_row=True,
    ),
    KINDERGARTENS: ListSheet(
        "幼儿园基本情况报送表",
        "一园一行。空白表示未报，不涉及填“不涉及”，0 就是 0。"
        "从第5行起逐行填写，可一次粘贴多行（只粘贴数值）。",
        "C",
        has_total_row=True,
    ),
    FUNDS: ListSheet(
        "教育专项资金分担情况报送表",
        "单位：万元。空白表示未报；某一级不承担的填“不涉及”；承担但当年为零的填0。"
        "其他年度的资金在下方空行另起一行填报。",
        "B",
    ),
    EVIDENCE: ListSheet(
        "佐证材料登记表",
        "已列出评价方案的参考材料：备好一份，在“已备”选“√”，没有勾选的不登记；可在下方添行。"
        "标“必填”的要点由评审人员认定，材料不齐不会判为达标。",
        "C",
    ),
    CLAIMS: ListSheet(
        "自查自评报告所列数据登记表",
        "报告正文印出的每个数字一行，照原文抄录（保留小数位，如12.30不改成12.3），不换算、不改正。",
        "D",
    ),
    EXCEPTIONS: ListSheet(
        "例外事项登记表",
        "检查提示为“警告”而情况属实的，在此登记理由和依据文件；按规定可另行计入的，填学校代码、指标代码和计入数量。没有例外的不填。不得出现个人姓名。",
        "C",
    ),
    LAST_ROUND: ListSheet(
        "上轮评价问题整改登记表",
        "上一轮评价反馈的问题，一个一行，写明整改情况；灰字为上年所报，请核实。没有问题的不填。不得出现个人姓名。",
        "D",
    ),
    SELF_RATINGS: ListSheet(
        "自评结论登记表",
        "已列出各评价要点：在“自评结论”选达标或未达标，留空即没有自评。标“必填”的要点由评审人员认定，"
        "没有自评结论和佐证材料不会判为达标。方案计分的再填自评得分。不得出现个人姓名。",
        "C",
    ),
}


def fields_of(sheet: str) -> dict[str, Field]:
    """Return what each column of a list sheet accepts, but for the numbers of the dictionary."""
    return {c.header: _field(c) for c in columns_of(sheet) if c.header != NUMBERS}
