"""Reviewers' opinions: a workbook goes out with what is to be reviewed and is read back in.

An opinion is kept with the role of who gives it, its date and the version of the data it is about;
what was said before stays. No person is named.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from dudao.base import workspace
from dudao.base.errors import FactsError
from dudao_pipeline.files import write
from dudao_pipeline.intake.returned_sheets import open_sheet, rows_below, text_of
from dudao_pipeline.intake.template.saving import to_bytes
from dudao_pipeline.publish.review import SEVERITIES
from dudao_pipeline.publish.workbooks import (
    add_heads,
    add_texts,
    fit_rows,
    mark_of,
    sheet_to_fill_in,
)

SHEET, HEAD = "复核", 3
TO_FILL = ("复核结论", "复核意见", "意见人职责", "复核日期")
HEADS = ("区划代码", "县（区）", "类别", "要点", "事项", *TO_FILL, "数据版本", "编号")
WIDTHS = (10, 16, 12, 10, 60, 12, 36, 16, 13, 14, 14)
_TITLE = re.compile(r"(?P<year>\d{4})年度")
OUTCOMES = ("属实", "不属实", "须补充", "已整改")


@dataclass(frozen=True)
class Opinion:
    """What a reviewer says of one finding of a county, in which role, when, about which data."""

    key: str
    outcome: str
    opinion: str
    role: str
    date: str
    data_version: str


def review_key(item: Mapping) -> str:
    """Return a short name of a finding: the same finding has it in the next version too."""
    text = f"{item['severity']}|{item['point']}|{item['what'].partition('：')[0]}"
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def _path(county: str, year: int) -> Path:
    return workspace.reviews() / str(year) / f"{county}.json"


def opinions_of(county: str, year: int) -> dict[str, list[Opinion]]:
    """Return what was said of a county's findings, by their keys, the newest first."""
    path = _path(county, year)
    if not path.is_file():
        return {}
    by_key: dict[str, list[Opinion]] = {}
    for entry in json.loads(path.read_text(encoding="utf-8")):
        by_key.setdefault(entry["key"], []).append(Opinion(**entry))
    return {key: own[::-1] for key, own in by_key.items()}


def _rows(counties: Sequence[dict]) -> Iterable[tuple[dict, dict, Opinion | None]]:
    for county in counties:
        opinions = opinions_of(county["county"], county["year"])
        for item in county["review"]:
            yield county, item, next(iter(opinions.get(review_key(item), ())), None)


def write_review(path: Path, counties: Sequence[dict], city: str, year: int) -> None:
    """Write the workbook of a city: a finding a row, what was said of it last, room to write."""
    title = f"{city} {year}年度复核表{mark_of(any(county['fictional'] for county in counties))}"
    how = "只填“复核结论”至“复核日期”四栏；职责如“市教育督导室复核员”，不写姓名。"
    sheet = sheet_to_fill_in(SHEET, year, title, how)
    add_heads(sheet, HEAD, dict(zip(HEADS, WIDTHS, strict=True)), TO_FILL)
    sheet.freeze_panes = sheet.cell(HEAD + 1, 1)
    sheet.auto_filter.ref = f"A{HEAD}:{get_column_letter(len(HEADS))}{HEAD}"
    for at, (county, item, opinion) in enumerate(_rows(counties), HEAD + 1):
        last = opinion or Opinion("", *("",) * 5)
        severity, data_version = SEVERITIES[item["severity"]], county["data_version"]
        values = (county["county"], county["name"], severity, item["point"], item["what"])
        filled = (last.outcome, last.opinion, last.role, last.date)
        add_texts(sheet, at, (*values, *filled, data_version, review_key(item)))
    fit_rows(sheet, HEAD + 1)
    choice = DataValidation(type="list", formula1=f'"{",".join(OUTCOMES)}"', allow_blank=True)
    column = get_column_letter(HEADS.index(TO_FILL[0]) + 1)
    choice.add(f"{column}{HEAD + 1}:{column}{max(sheet.max_row, HEAD + 1)}")
    sheet.add_data_validation(choice)
    write(path, to_bytes(sheet.parent))


def _opinion(row: Mapping[str, str], where: str) -> Opinion | None:
    """Return the opinion of a row; None where nothing is filled in."""
    outcome, opinion, role, day = (row[name] for name in TO_FILL)
    if not (outcome or opinion):
        return None
    if not role:
        raise FactsError(f"{where}填了复核意见而没有填意见人职责。请补填职责（不写姓名）。")
    try:
        day = date.fromisoformat(day.replace("/", "-")).isoformat()
    except ValueError:
        raise FactsError(f"{where}的复核日期“{day}”应写作年-月-日，如 2025-03-01。") from None
    return Opinion(row["编号"], outcome, opinion, role, day, row["数据版本"])


def read_reviews(path: Path) -> tuple[int, dict[str, list[Opinion]]]:
    """Return year and opinions, by county, of a filled-in workbook; FactsError names the row."""
    sheet = open_sheet(path, SHEET)
    by_county: dict[str, list[Opinion]] = {}
    for number, row in rows_below(sheet, path, HEAD, HEADS):
        opinion = _opinion(row, f"{path.name} 第{number}行")
        if opinion:
            by_county.setdefault(row["区划代码"], []).append(opinion)
    return _year(sheet, path), by_county


def _year(sheet: Worksheet, path: Path) -> int:
    title = _TITLE.search(text_of(sheet["A1"].value))
    if not title:
        raise FactsError(f"{path.name} 的{SHEET}!A1没有评价年度。请用本工具导出的复核表填写。")
    return int(title["year"])


def keep_reviews(paths: Iterable[Path]) -> int:
    """Add the opinions of workbooks to those kept; return how many are new.

    All workbooks are read before anything is written: a fault in one keeps nothing.
    """
    read = [read_reviews(path) for path in paths]
    new = 0
    for year, by_county in read:
        for county, opinions in by_county.items():
            path = _path(county, year)
            kept = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []
            fresh = [entry for entry in map(asdict, opinions) if entry not in kept]
            new += len(fresh)
            text = json.dumps([*kept, *fresh], ensure_ascii=False, indent=1, sort_keys=True)
            if fresh:
                write(path, text)
    return new
