"""The registers of a submission: printed figures, evidence, exceptions, ratings, problems."""

from __future__ import annotations

import re
from pathlib import Path

from dudao.facts import cells, units
from dudao.facts.layout import (
    CLAIMS,
    EVIDENCE,
    EXCEPTIONS,
    LAST_ROUND,
    RATED_MET,
    RATED_NOT_MET,
    RECTIFICATION,
    SELF_RATINGS,
)
from dudao.facts.text import half_width
from dudao_pipeline.intake import attachments
from dudao_pipeline.intake.findings import NOTICE, WARNING, Finding
from dudao_pipeline.intake.reading import Reader
from dudao_pipeline.intake.sheet import Sheet

EVIDENCE_COLUMNS = {
    "评价要点": "point",
    "材料名称": "title",
    "出具单位": "issuer",
    "文号": "number",
    "日期": "date",
    "文件": "attachment",
    "备注": "note",
}
AMOUNT = "计入数量"
EXCEPTION_COLUMNS = {
    "对象代码": "school",
    "对象名称": "name",
    "指标代码": "item",
    "事项": "matter",
    "理由": "reason",
    "依据文件": "document",
    "决定单位": "decided_by",
    "日期": "date",
}

LAST_ROUND_COLUMNS = {
    **{"序号": "number", "评价要点": "point", "问题": "problem", "涉及单位": "units"},
    **{"整改措施": "measure", "责任单位": "office", "整改时限": "deadline", "整改状态": "state"},
    **{"完成日期": "done", "佐证材料": "paper", "备注": "note"},
}
SELF_RATING_COLUMNS = {
    **{"评价要点": "point", "自评结论": "rating", "自评得分": "score", "说明": "reason"},
    **{"责任单位": "office", "日期": "date"},
}


_WITH_UNIT = re.compile(
    r"([^0-9]{0,2}[0-9][0-9,. ]*)((?:万|亿|千|百万)?[^0-9\s,.%]{1,6}?)(以上|余|多|以下|左右)?"
)


def _decimals(printed: str) -> int:
    found = re.search(r"\.(\d+)", printed)
    return len(found[1]) if found else 0


def _printed(line: dict[str, str]) -> tuple[str, str]:
    """Return a printed figure and its unit, which may stand in the same cell or in its own.

    A scale in the cell (9.39亿) is part of the unit: nothing is multiplied twice.
    """
    text, unit = line["原文数字"], line["单位"]
    match = _WITH_UNIT.fullmatch(half_width(text).strip())
    if match is None:
        return text, unit
    figure, written = f"{match[1]}{match[3] or ''}", match[2].strip()
    if not unit:
        return figure, written
    return (figure, unit) if units.factor(written, unit) == 1 else (text, unit)


def _claim(reader: Reader, row: int, line: dict[str, str]) -> dict | None:
    stage = reader.stage(row, line["学段"])
    # A printed figure stands as printed: its unit is a column of its own.
    figure, unit = _printed(line)
    parsed = None
    if cells.has_scale(figure):
        what = f"“{figure}”带有“万”或“亿”，与单位“{unit}”合不起来。"
        reader.refuse("T01", row, "原文数字", what, "请只填数字，单位写在“单位”列。")
    else:
        parsed = reader.number(row, "原文数字", figure, "%" if unit == "%" else "")
    number = reader.serial(row, "序号", line["序号"])
    year = reader.year(row, "年份", line["年份"], default=0, code="T05") or 0
    known = not line["指标代码"] or reader.item(row, line["指标代码"])
    if stage is None or parsed is None or not known:
        return None
    return {
        "number": number,
        "section": line["位置"],
        "name": line["名称"],
        "stage": stage,
        "data_year": year,
        "printed": line["原文数字"],
        "value": parsed.value,
        "decimals": _decimals(line["原文数字"]),
        "unit": unit,
        "qualifier": line["限定词"] or parsed.qualifier,
        "item": line["指标代码"],
        "formula": line.get("算式", ""),
        "basis_note": line["口径"],
        "note": line["备注"],
        **reader.place(row, "原文数字"),
    }


def read_claims(sheets: dict[str, Sheet], findings: list[Finding]) -> list[dict]:
    """Return the figures that the county's report prints."""
    if CLAIMS not in sheets:
        return []
    reader = Reader(sheets[CLAIMS], findings)
    found = (_claim(reader, row, line) for row, line in reader.sheet.rows)
    claims = [claim for claim in found if claim is not None]
    if narrative := [claim for claim in claims if not claim["item"]]:
        what = f"{len(narrative)}个数没有指标代码，只作记录，不参加核对。"
        step = "能对应指标的请填指标代码。"
        findings.append(reader.sheet.finding("C05", what, step, severity=NOTICE))
    return claims


def _cells(line: dict[str, str], columns: dict[str, str]) -> dict[str, str]:
    return {code: line[label] for label, code in columns.items()}


def read_evidence(sheets: dict[str, Sheet], folder: Path, findings: list[Finding]) -> list[dict]:
    """Return the evidence register, each file sealed; one that is not found is a warning."""
    if EVIDENCE not in sheets:
        return []
    reader = Reader(sheets[EVIDENCE], findings)
    rows = []
    for row, line in reader.sheet.rows:
        name = line["文件"]
        path = attachments.find(name, folder)
        if path is None and (parts := attachments.several(name)):
            what = f"一格写了{len(parts)}个文件名。"
            reader.refuse("E04", row, "文件", what, "一格只填一个文件，其余各占一行。")
        elif attachments.is_too_long(name):
            what = f"文件名“{cells.shown(name)}”过长，最多85个汉字。"
            reader.refuse("E04", row, "文件", what, "一格只填一个文件，请缩短文件名。")
        elif name and path is None and attachments.is_plain_name(name):
            findings.append(_not_found(reader.sheet, row, name))
        entry = {**_cells(line, EVIDENCE_COLUMNS), **reader.place(row, "材料名称")}
        rows.append({**entry, **attachments.seal(path)})
    return rows


def _not_found(sheet: Sheet, row: int, name: str) -> Finding:
    return sheet.finding(
        "E07",
        f"找不到佐证文件“{name}”。",
        f"请把文件放在报送表旁或其“{attachments.FOLDER}”文件夹中，文件名一致。",
        row=row,
        column="文件",
        severity=WARNING,
        why="没有文件，评审时无法核对材料。",
    )


def read_exceptions(sheets: dict[str, Sheet], findings: list[Finding]) -> list[dict]:
    """Return the declared exceptions: who, from what, how much, why, by which document."""
    if EXCEPTIONS not in sheets:
        return []
    reader, read = Reader(sheets[EXCEPTIONS], findings), []
    for row, line in reader.sheet.rows:
        amount = reader.number(row, AMOUNT, line.get(AMOUNT, ""), "")
        if amount is not None:
            cells = {**_cells(line, EXCEPTION_COLUMNS), "amount": amount.value}
            read.append({**cells, **reader.place(row, "对象代码")})
    return read


def read_last_round(sheets: dict[str, Sheet], findings: list[Finding]) -> list[dict]:
    """Return the problems that the last round found, and what became of each."""
    if LAST_ROUND not in sheets:
        return []
    reader, found = Reader(sheets[LAST_ROUND], findings), []
    for row, line in reader.sheet.rows:
        if reader.one_of(row, "整改状态", line["整改状态"], RECTIFICATION) is None:
            continue
        cells = _cells(line, LAST_ROUND_COLUMNS)
        number = reader.serial(row, "序号", line["序号"])
        found.append({**cells, "number": number, **reader.place(row, "问题")})
    return found


def read_self_ratings(sheets: dict[str, Sheet], findings: list[Finding]) -> list[dict]:
    """Return what the county itself concludes of each point, with its own marks if it gives any."""
    if SELF_RATINGS not in sheets:
        return []
    reader, found = Reader(sheets[SELF_RATINGS], findings), []
    allowed = ("", RATED_MET, RATED_NOT_MET)
    for row, line in reader.sheet.rows:
        score = reader.number(row, "自评得分", line["自评得分"], "分")
        if reader.one_of(row, "自评结论", line["自评结论"], allowed) is None or score is None:
            continue
        cells = {**_cells(line, SELF_RATING_COLUMNS), "score": score.value}
        found.append({**cells, **reader.place(row, "评价要点")})
    return found
