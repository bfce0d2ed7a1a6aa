"""What to run: county x year x notebook, every parameter checked before a kernel starts."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from dudao import reference, workspace
from dudao.errors import LawError, ParameterError, nearest
from dudao.facts import store
from dudao.facts.items import items_about
from dudao.law import EvaluationYear, framework_for, law_for
from dudao.law.framework import frameworks
from dudao.law.topics import OVERVIEW, annexed_topics, notebooks

ALL = "all"
_CODE = re.compile(r"\d{6}")


@dataclass(frozen=True, order=True)
class Job:
    """One notebook for one county and evaluation year."""

    county: str
    year: int
    notebook: str

    def __str__(self) -> str:
        return f"{self.county} {self.year} {self.notebook}"


@dataclass(frozen=True)
class Plan:
    """The jobs to run, and what was left out because the county reports nothing for it."""

    jobs: tuple[Job, ...]
    left_out: tuple[tuple[Job, str], ...]


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


def check_county(text: str) -> str:
    """Return the code of a county given by code or full name; refuse what the store lacks."""
    known = {county for county, _ in store.submissions()}
    if text in known:
        return text
    codes = {reference.counties()[code].name: code for code in known & set(reference.counties())}
    if text in codes:
        return codes[text]
    if _CODE.fullmatch(text):
        named = reference.counties().get(text)
        what = f"{named.name}（{text}）" if named else f"“{text}”不在区划代码表中，也"
        raise ParameterError(f"{what}没有入库的数据{nearest(text, known)}。")
    raise ParameterError(
        f"县（区）“{text}”不是六位代码，也不是已入库的县名{nearest(text, [*known, *codes])}。"
    )


def _check_year(text: str) -> int:
    if not re.fullmatch(r"\d{4}", text):
        raise ParameterError(f"评价年度“{text}”不是四位年份。")
    if not any(int(text) in framework.years for framework in frameworks()):
        framework_for(int(text))
    return int(text)


def _check_notebook(text: str) -> str:
    known = notebook_names()
    for name in known:
        if text in (name, name[:2]):
            return name
    raise ParameterError(
        f"没有名为“{text}”的分册{nearest(text, known)}。已有：{'、'.join(known)}。"
    )


def obstacle(job: Job) -> str:
    """Return why a job cannot say anything: no law in force, or nothing reported; else empty."""
    if job.notebook == OVERVIEW:
        return ""
    stored, year = store.read(job.county, job.year), EvaluationYear(job.year)
    points = framework_for(job.year, stored.area).shown_in(job.notebook)
    rules = law_for(stored.area).of_points(points)
    if rules and not any(rule.in_force(year.law_date(rule.date_rule)) for rule in rules):
        return f"{job.year}年没有已施行的标准"
    known = stored.facts.query("status == 'reported'")
    if annexed_topics(job.notebook):
        known = known[known["school"] != ""]
    reported = set(known["item"])
    wanted = items_about(topic for point in points for topic in point.topics)
    return "" if reported & set(wanted) else "没有报送本册所需的数据"


def _submissions(counties: Sequence[str], years: Sequence[str]) -> list[tuple[str, int]]:
    stored = store.submissions()
    wanted_counties = [check_county(text) for text in counties if text != ALL]
    wanted_years = [_check_year(text) for text in years if text != ALL]
    for county in wanted_counties:
        for year in wanted_years:
            store.meta(county, year)
    return [
        (county, year)
        for county, year in stored
        if (not wanted_counties or county in wanted_counties)
        and (not wanted_years or year in wanted_years)
    ]


def expand(counties: Sequence[str], years: Sequence[str], notebooks: Sequence[str]) -> Plan:
    """Expand what was asked for into jobs.

    A notebook named outright must have law and data; one reached by "all" is left out otherwise.
    """
    named = [_check_notebook(text) for text in notebooks if text != ALL]
    jobs, left_out = [], []
    for county, year in _submissions(counties, years):
        for notebook in named or notebook_names():
            job = Job(county, year, notebook)
            if not (reason := obstacle(job)):
                jobs.append(job)
            elif named and counties != [ALL]:
                raise LawError(f"{job}：{reason}。请先补报数据，或换一个年度。")
            else:
                left_out.append((job, reason))
    if not jobs:
        raise ParameterError("没有可运行的任务。请先运行 dudao ingest 导入数据。")
    return Plan(tuple(jobs), tuple(left_out))
