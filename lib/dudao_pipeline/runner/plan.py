"""Jobs, and what a user may ask for: every parameter is checked before a kernel starts."""

import ast
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from dudao.base import workspace
from dudao.base.errors import ParameterError, nearest
from dudao.facts import county_names, store
from dudao.law import framework_for
from dudao.law.framework import frameworks
from dudao.law.topics import notebooks
from dudao_pipeline.county_years import CountyYear

ALL = "all"
_PREFIX = re.compile(r"\d{2}|\d{4}")
_YEARS = re.compile(r"(?P<first>\d{4})(?:\s*[-–—至]\s*(?P<last>\d{4}))?")


@dataclass(frozen=True, order=True)
class Job:
    """One notebook for one county and evaluation year; an empty scenario is the real data."""

    county: str
    year: int
    notebook: str
    scenario: str = ""

    @property
    def county_year(self) -> CountyYear:
        """Return whose results the job makes a part of."""
        return CountyYear(self.county, self.year, self.scenario)

    @property
    def folder(self) -> Path:
        """Return the folder of the results."""
        return self.county_year.folder

    def __str__(self) -> str:
        scenario = f" 情景“{self.scenario}”" if self.scenario else ""
        return f"{self.county} {self.year} {self.notebook}{scenario}"


def notebook_names() -> list[str]:
    """Return the notebooks of the house that exist; a user's copies are not among them."""
    return [name for name in notebooks() if (workspace.notebooks() / f"{name}.ipynb").is_file()]


@cache
def parameters_of(notebook: str) -> tuple[str, ...]:
    """Return the names that the notebook's parameters cell declares."""
    path = workspace.notebooks() / f"{notebook}.ipynb"
    # Plain JSON: nbformat's validation would cost two seconds before anything is checked.
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if "parameters" in cell["metadata"].get("tags", ()):
            nodes = ast.parse("".join(cell["source"])).body
            return tuple(node.target.id for node in nodes if isinstance(node, ast.AnnAssign))
    raise ParameterError(f"{path.name} 没有标记为 parameters 的单元格。")


def check_names(notebook: str, names: Iterable[str]) -> None:
    """Refuse a parameter that the notebook does not declare, naming the nearest."""
    declared = parameters_of(notebook)
    for name in names:
        if name not in declared:
            raise ParameterError(f"{notebook} 没有参数“{name}”{nearest(name, declared)}。")


def check_counties(text: str) -> list[str]:
    """Return the codes of counties given by code, name, or first two or four digits."""
    stored = {county for county, _ in store.submissions()}
    asked = county_names.fold(text)
    if not stored or not _PREFIX.fullmatch(asked):
        return [county_names.code_of(asked, stored)]
    matching = sorted(code for code in stored if code.startswith(asked))
    if not matching:
        same = {code[:4] for code in stored if code.startswith(asked[:2])}
        begins = "、".join(sorted(same or {code[:2] for code in stored}))
        raise ParameterError(f"没有代码以“{asked}”开头、已入库的县，已入库的以{begins}开头。")
    return matching


def years_of(text: str) -> list[int]:
    """Return the years of `2024` or `2022-2024`."""
    match = _YEARS.fullmatch(county_names.fold(text))
    if not match:
        raise ParameterError(f"评价年度“{text}”不是四位年份，也不是 2022-2024 这样的范围。")
    first, last = int(match["first"]), int(match["last"] or match["first"])
    if first > last:
        raise ParameterError(f"评价年度“{text}”的起始年晚于终止年。")
    return list(range(first, last + 1))


def check_years(text: str) -> list[int]:
    """Return the years of `2024` or `2022-2024`; refuse what no scheme covers."""
    years = years_of(text)
    for year in years:
        if not any(year in framework.years for framework in frameworks()):
            framework_for(year)
    return years


def check_notebook(text: str) -> str:
    """Return the notebook of a number or name; refuse what does not exist."""
    names = notebook_names()
    for name in names:
        if text in (name, name[:2]):
            return name
    raise ParameterError(
        f"没有名为“{text}”的分册{nearest(text, names)}。已有：{'、'.join(names)}。"
    )
