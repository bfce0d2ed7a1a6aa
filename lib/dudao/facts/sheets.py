"""Rows of each sheet as facts, claims and evidence; every cell keeps its address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from dudao.errors import nearest
from dudao.facts import cells
from dudao.facts.csv_twin import Sheet, read_sheet
from dudao.facts.findings import Finding
from dudao.facts.items import PROGRAMMES, STAGE_CODES, TIERS, items
from dudao.law.dates import EvaluationYear

COUNTY, FUNDS, SCHOOLS, KINDERGARTENS = "县级指标", "专项资金", "学校", "幼儿园"
EVIDENCE, CLAIMS = "佐证材料", "报告所列数据"
YEAR_COLUMNS = ("基准年", "数据年", "进展年")
COUNTY_COLUMNS = ("指标代码", "指标名称", "学段", "单位", *YEAR_COLUMNS, "备注")
TIER_COLUMNS = {f"{label}（万元）": tier for tier, label in TIERS.items()}
FUND_COLUMNS = ("项目", "资金年度", *TIER_COLUMNS, "备注")
EVIDENCE_COLUMNS = {
    "评价要点": "point",
    "材料名称": "title",
    "出具单位": "issuer",
    "文号": "number",
    "日期": "date",
    "文件": "attachment",
    "备注": "note",
}
CLAIM_COLUMNS = (
    *("序号", "位置", "名称", "学段", "年份", "原文数字", "单位", "限定词"),
    *("指标代码", "口径", "备注"),
)
UNDATED = 0


def _place(sheet: Sheet, row: int, column: str) -> dict:
    return {"file": sheet.folder, "sheet": sheet.name, "cell": sheet.cell(row, column)}


def _read(folder: Path, name: str, expected, findings: list[Finding]) -> Sheet | None:
    sheet, problems = read_sheet(folder / f"{name}.csv", tuple(expected))
    findings += problems
    return None if problems else sheet


def _number(sheet: Sheet, row: int, column: str, text: str, findings: list[Finding]):
    parsed = cells.parse(text)
    if parsed is None:
        findings.append(
            sheet.finding(
                "T01",
                f"“{text}”不是数字。",
                "请填数字；没有数据请留空，不涉及请填“不涉及”。",
                row=row,
                column=column,
            )
        )
    return parsed


def _stage(sheet: Sheet, row: int, label: str, findings: list[Finding]) -> str | None:
    if label not in STAGE_CODES:
        what = f"学段“{label}”不在学段表中{nearest(label, STAGE_CODES)}。"
        findings.append(sheet.finding("T02", what, "请按模板选择。", row=row, column="学段"))
    return STAGE_CODES.get(label)


def _fact(sheet: Sheet, row: int, column: str, text: str, findings, **key) -> dict | None:
    parsed = _number(sheet, row, column, text, findings)
    if parsed is None:
        return None
    value = {"value": parsed.value, "status": parsed.status, "qualifier": parsed.qualifier}
    return {"school": "", "note": "", **key, **value, **_place(sheet, row, column)}


def _check_unit(sheet: Sheet, row: int, line: dict, findings: list[Finding]) -> None:
    known = items().get(line["指标代码"])
    if known and line["单位"] and line["单位"] != known.unit:
        what = f"单位“{line['单位']}”应为“{known.unit}”。"
        findings.append(sheet.finding("T07", what, "请换算后填报。", row=row, column="单位"))


def _county_facts(sheet: Sheet, year: EvaluationYear, findings) -> Iterator[dict | None]:
    years = (year.base_year, year.data_year, year.progress_year)
    for row, line in sheet.rows:
        stage = _stage(sheet, row, line["学段"], findings)
        if stage is None:
            continue
        _check_unit(sheet, row, line, findings)
        key = {"item": line["指标代码"], "stage": stage, "note": line["备注"]}
        for column, data_year in zip(YEAR_COLUMNS, years, strict=True):
            yield _fact(sheet, row, column, line[column], findings, data_year=data_year, **key)


def _fund_year(sheet: Sheet, row: int, text: str, year: EvaluationYear, findings) -> int | None:
    if not text:
        return year.data_year
    if not (text.isdigit() and len(text) == 4):
        what = f"资金年度“{text}”不是四位年份。"
        findings.append(sheet.finding("T03", what, "请填四位年份。", row=row, column="资金年度"))
        return None
    return int(text)


def _fund_facts(sheet: Sheet, year: EvaluationYear, findings) -> Iterator[dict | None]:
    codes = {title: (code, stage) for code, (title, stage) in PROGRAMMES.items()}
    for row, line in sheet.rows:
        title = line["项目"]
        if title not in codes:
            what = f"专项资金项目“{title}”不在项目表中{nearest(title, codes)}。"
            findings.append(sheet.finding("T04", what, "请按模板填写。", row=row, column="项目"))
            continue
        data_year = _fund_year(sheet, row, line["资金年度"], year, findings)
        if data_year is None:
            continue
        code, stage = codes[title]
        for column, tier in TIER_COLUMNS.items():
            key = {"item": f"{code}_{tier}", "stage": stage, "data_year": data_year}
            yield _fact(sheet, row, column, line[column], findings, note=line["备注"], **key)


def _unit_columns(sheet_name: str) -> dict[str, str]:
    """Return the number columns of a school sheet: header text to item code."""
    return {
        f"{item.label}（{item.unit}）": code
        for code, item in items().items()
        if sheet_name in item.sheets
    }


def _school_facts(sheet: Sheet, id_column: str, year: EvaluationYear, findings):
    columns = _unit_columns(sheet.name)
    for row, line in sheet.rows:
        stage = "preschool"
        if "学段" in sheet.header:
            stage = _stage(sheet, row, line["学段"], findings)
        if not line[id_column]:
            what = f"缺少{id_column}。"
            findings.append(
                sheet.finding("T06", what, "请填写，每校唯一。", row=row, column=id_column)
            )
        if stage is None or not line[id_column]:
            continue
        key = {"school": line[id_column], "stage": stage, "data_year": year.data_year}
        for column, code in columns.items():
            yield _fact(sheet, row, column, line[column], findings, item=code, **key)


def fact_rows(folder: Path, year: EvaluationYear, findings: list[Finding]) -> list[dict]:
    """Return the facts of the four data sheets as rows of the long table."""
    rows: list[dict | None] = []
    if sheet := _read(folder, COUNTY, COUNTY_COLUMNS, findings):
        rows += _county_facts(sheet, year, findings)
    if sheet := _read(folder, FUNDS, FUND_COLUMNS, findings):
        rows += _fund_facts(sheet, year, findings)
    if sheet := _read(folder, SCHOOLS, ("学校代码", "学段", *_unit_columns(SCHOOLS)), findings):
        rows += _school_facts(sheet, "学校代码", year, findings)
    columns = ("园所代码", *_unit_columns(KINDERGARTENS))
    if sheet := _read(folder, KINDERGARTENS, columns, findings):
        rows += _school_facts(sheet, "园所代码", year, findings)
    return [row for row in rows if row is not None]


def _decimals(printed: str) -> int:
    found = re.search(r"\.(\d+)", printed)
    return len(found[1]) if found else 0


def _whole_number(sheet: Sheet, row: int, line: dict, column: str, findings) -> int:
    """Return a whole number, 0 for an empty cell; anything else is a finding."""
    text = line[column]
    if text and not text.isdigit():
        what = f"{column}“{text}”不是整数。"
        findings.append(sheet.finding("T05", what, "请填整数。", row=row, column=column))
        return UNDATED
    return int(text or UNDATED)


def _claim(sheet: Sheet, row: int, line: dict, findings: list[Finding]) -> dict | None:
    stage = _stage(sheet, row, line["学段"], findings)
    parsed = _number(sheet, row, "原文数字", line["原文数字"], findings)
    if stage is None or parsed is None:
        return None
    return {
        "number": _whole_number(sheet, row, line, "序号", findings),
        "section": line["位置"],
        "name": line["名称"],
        "stage": stage,
        "data_year": _whole_number(sheet, row, line, "年份", findings),
        "printed": line["原文数字"],
        "value": parsed.value,
        "decimals": _decimals(line["原文数字"]),
        "unit": line["单位"],
        "qualifier": line["限定词"] or parsed.qualifier,
        "item": line["指标代码"],
        "basis_note": line["口径"],
        "note": line["备注"],
        **_place(sheet, row, "原文数字"),
    }


def claim_rows(folder: Path, findings: list[Finding]) -> list[dict]:
    """Return the figures that the county's report prints."""
    sheet = _read(folder, CLAIMS, CLAIM_COLUMNS, findings)
    rows = sheet.rows if sheet else ()
    claims = (_claim(sheet, row, line, findings) for row, line in rows)
    return [claim for claim in claims if claim is not None]


def evidence_rows(folder: Path, findings: list[Finding]) -> list[dict]:
    """Return the evidence register."""
    sheet = _read(folder, EVIDENCE, EVIDENCE_COLUMNS, findings)
    rows = sheet.rows if sheet else ()
    return [
        {
            **{code: line[label] for label, code in EVIDENCE_COLUMNS.items()},
            **_place(sheet, row, "材料名称"),
        }
        for row, line in rows
    ]
