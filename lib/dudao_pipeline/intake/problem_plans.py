"""What a county plans to do about its problems: read from the list, kept beside the facts."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from dudao.base import workspace
from dudao.base.errors import FactsError
from dudao.facts import store
from dudao_pipeline.files import write_json
from dudao_pipeline.intake.file_safety import SPREADSHEETS
from dudao_pipeline.intake.returned_lists import kept_in, key_of, open_sheet, rows_below

NAME = "问题清单.xlsx"
SHEET, HEAD, KEY = "问题清单", 3, "编号"
PLACE = "区划代码{county}　评价年度{year}"
_PLACE = re.compile(r"区划代码(?P<county>\d{6})\s+评价年度(?P<year>\d{4})")
_FIGURE = re.compile(r"[\d.]+(?:%|个百分点)$")  # at the end of what went wrong
FIELDS = {"cause": "原因", "measure": "整改措施", "office": "责任单位", "deadline": "整改时限"}


@dataclass(frozen=True)
class Plan:
    """The county's entries for one problem; an empty text was left free."""

    key: str
    cause: str = ""
    measure: str = ""
    office: str = ""
    deadline: str = ""


def problem_key(problem: Mapping[str, Any]) -> str:
    """Return a short name of a problem of the overview's record; its figures do not enter it."""
    points = "、".join(problem["points"])
    what = _FIGURE.sub("", problem["what"].partition("：")[0])
    return key_of(problem["check"], points, what)


def plans_path(county: str, year: int) -> Path:
    """Return where the entries of a county and year are kept."""
    return workspace.store() / "plans" / f"{county}-{year}.json"


def plans_of(county: str, year: int) -> dict[str, Plan]:
    """Return the entries by the key of their problem; nothing where none was handed in."""
    return {entry["key"]: Plan(**entry) for entry in kept_in(plans_path(county, year))}


def is_problem_list(path: Path) -> bool:
    """Say whether a file is a problem list, by its name: a copy may have words around it."""
    return path.suffix.lower() in SPREADSHEETS and SHEET in path.stem


def read_plans(path: Path) -> tuple[str, int, list[Plan]]:
    """Return county, year and the filled-in rows; FactsError says what to mend, and where."""
    sheet = open_sheet(path, SHEET)
    heading = _PLACE.search(sheet.text(2, 1))
    if not heading:
        raise FactsError(
            f"{path.name} 的{SHEET}!A2没有写明区划代码和评价年度。请用本工具导出的表格填写，"
            "不改前三行。"
        )
    plans: dict[str, tuple[int, Plan]] = {}
    for number, row in rows_below(sheet, path, HEAD, (*FIELDS.values(), KEY)):
        entered = {name: row[head] for name, head in FIELDS.items()}
        if not any(entered.values()):
            continue
        if not row[KEY]:
            raise FactsError(
                f"{path.name} 第{number}行填了内容而没有编号，不知是哪个问题。"
                "请填在原有的行里；本工具没有列出的问题写进报告。"
            )
        if row[KEY] in plans:
            raise FactsError(
                f"{path.name} 第{plans[row[KEY]][0]}行与第{number}行编号相同。请只留一行。"
            )
        plans[row[KEY]] = number, Plan(row[KEY], **entered)
    return heading["county"], int(heading["year"]), [plan for _, plan in plans.values()]


def keep_plans(path: Path) -> tuple[str, int, int]:
    """Read a problem list and keep its entries; return county, year and how many there are.

    A county that has no data in the store is refused: its problems are not known.
    """
    county, year, plans = read_plans(path)
    store.meta(county, year)
    write_json(plans_path(county, year), [asdict(plan) for plan in plans])
    return county, year, len(plans)
