"""Reviewers' opinions: a workbook goes out with what is to be reviewed and is read back in.

An opinion is kept with the role of who gives it, its date and the version of the data it is about;
what was said before stays. No person is named.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from dudao.base import workspace
from dudao.base.errors import FactsError
from dudao_pipeline.files import write, write_json
from dudao_pipeline.intake.returned_lists import kept_in, key_of, open_sheet, rows_below
from dudao_pipeline.intake.sheet import Grid
from dudao_pipeline.intake.template.saving import to_bytes
from dudao_pipeline.publish.review import SEVERITIES
from dudao_pipeline.publish.workbooks import add_sheet, mark_of, new_workbook

SHEET, HEAD = "复核", 3
TO_FILL = ("复核结论", "复核意见", "意见人职责", "复核日期")
WIDTHS = {
    **{"区划代码": 10, "县（区）": 16, "类别": 12, "要点": 10, "事项": 60},
    **dict(zip(TO_FILL, (12, 36, 16, 13), strict=True)),
    **{"数据版本": 14, "编号": 14},
}
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
    return key_of(item["severity"], item["point"], item["what"].partition("：")[0])


def _path(county: str, year: int) -> Path:
    return workspace.reviews() / str(year) / f"{county}.json"


def opinions_of(county: str, year: int) -> dict[str, list[Opinion]]:
    """Return what was said of a county's findings, by their keys, the newest first."""
    by_key: dict[str, list[Opinion]] = {}
    for entry in kept_in(_path(county, year)):
        by_key.setdefault(entry["key"], []).append(Opinion(**entry))
    return {key: opinions[::-1] for key, opinions in by_key.items()}


def _rows(counties: Sequence[dict]) -> Iterator[tuple[str, ...]]:
    """Yield a row per finding of each county, with what was said of it last."""
    for county in counties:
        opinions = opinions_of(county["county"], county["year"])
        for item in county["review"]:
            key = review_key(item)
            last = next(iter(opinions.get(key, ())), Opinion("", *("",) * 5))
            yield (
                *(county["county"], county["name"], SEVERITIES[item["severity"]], item["point"]),
                *(item["what"], last.outcome, last.opinion, last.role, last.date),
                *(county["data_version"], key),
            )


def write_review(path: Path, counties: Sequence[dict], city: str, year: int) -> None:
    """Write the workbook of a city: a finding a row, what was said of it last, room to write."""
    title = f"{city} {year}年度复核表{mark_of(any(county['fictional'] for county in counties))}"
    how = "只填“复核结论”至“复核日期”四栏；职责如“市教育督导室复核员”，不写姓名。"
    book, rows = new_workbook(year), list(_rows(counties))
    listed = {"widths": WIDTHS, "to_fill": TO_FILL, "fixed_columns": 0}
    sheet = add_sheet(book, SHEET, [*WIDTHS], rows, title=(title, how), **listed)
    choice = DataValidation(type="list", formula1=f'"{",".join(OUTCOMES)}"', allow_blank=True)
    column = get_column_letter([*WIDTHS].index(TO_FILL[0]) + 1)
    choice.add(f"{column}{HEAD + 1}:{column}{max(sheet.max_row, HEAD + 1)}")
    sheet.add_data_validation(choice)
    write(path, to_bytes(book))


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
    for number, row in rows_below(sheet, path, HEAD, [*WIDTHS]):
        opinion = _opinion(row, f"{path.name} 第{number}行")
        if opinion:
            by_county.setdefault(row["区划代码"], []).append(opinion)
    return _year(sheet, path), by_county


def _year(sheet: Grid, path: Path) -> int:
    title = _TITLE.search(sheet.text(1, 1))
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
            kept = kept_in(path)
            fresh = [entry for entry in map(asdict, opinions) if entry not in kept]
            new += len(fresh)
            if fresh:
                write_json(path, [*kept, *fresh])
    return new
