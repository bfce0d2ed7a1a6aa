"""The indicator tree: one file per scheme; primaries, secondaries and points with their origin."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from dudao.errors import LawError
from dudao.law.areas import NATIONAL, areas_of, chain, law_files
from dudao.law.scoring import REVIEWER, WAYS, Scoring, scoring_of
from dudao.law.topics import notebook_of
from dudao.law.yaml_files import read_yaml

ORIGINS = {"sourced": "有来源", "reconstructed": "重构"}


@dataclass(frozen=True)
class Point:
    """One point of evaluation (评价要点): what it is about, and the evidence a reviewer expects.

    topics: what it is about. checks: ids of the only rules it takes from them (empty: all).
    full_marks and scoring: only where the scheme gives marks.
    """

    id: str
    title: str
    origin: str
    secondary: str
    primary: str
    topics: tuple[str, ...]
    checks: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    qualitative: bool = False
    full_marks: float = 0.0
    scoring: str = REVIEWER

    @property
    def notebook(self) -> str:
        """Return the notebook that answers for the point: the one of its first topic."""
        return notebook_of(self.topics[0])

    def takes(self, check: str, topics: tuple[str, ...]) -> bool:
        """Say whether a rule, by id and topics, decides this point."""
        return bool(set(topics) & set(self.topics)) and (not self.checks or check in self.checks)


@dataclass(frozen=True)
class Framework:
    """One scheme: its name, its points in order, where and for which years it may be used."""

    scheme: str
    title: str
    number: str
    origin: str
    stated_for: int
    borrowed_for: tuple[int, ...]
    borrowed_note: str
    areas: tuple[str, ...]
    file: str
    points: tuple[Point, ...]
    primary_titles: dict[str, str]
    secondary_titles: dict[str, str]
    scoring: Scoring

    @property
    def years(self) -> tuple[int, ...]:
        """Return the evaluation years that it may be used for."""
        return (self.stated_for, *self.borrowed_for)

    def of_notebook(self, notebook: str) -> tuple[Point, ...]:
        """Return the points that a notebook answers for, in the order of the tree."""
        return tuple(point for point in self.points if point.notebook == notebook)

    def points_of(self, topics: tuple[str, ...], check: str = "") -> tuple[str, ...]:
        """Return the ids of the points about some topics, or of those that take one rule."""
        if check:
            return tuple(point.id for point in self.points if point.takes(check, topics))
        return tuple(point.id for point in self.points if set(topics) & set(point.topics))

    def remark(self, year: int) -> str:
        """Return what a reader must know about using this scheme for a year (may be empty)."""
        return "" if year == self.stated_for else self.borrowed_note


def _point(raw: dict, secondary: str, primary: str) -> Point:
    lists = {name: tuple(raw.get(name, ())) for name in ("topics", "checks", "evidence")}
    rest = {key: value for key, value in raw.items() if key not in lists}
    return Point(secondary=secondary, primary=primary, **lists, **rest)


def _points(primaries: list[dict]) -> tuple[Point, ...]:
    return tuple(
        _point(point, secondary["id"], primary["id"])
        for primary in primaries
        for secondary in primary["secondaries"]
        for point in secondary["points"]
    )


def _framework(path: Path) -> Framework:
    raw = read_yaml(path)
    primaries = raw["primaries"]
    names = ("scheme", "title", "number", "origin", "stated_for", "borrowed_note")
    return Framework(
        **{name: raw.get(name, "") for name in names},
        borrowed_for=tuple(raw.get("borrowed_for", ())),
        areas=areas_of(raw.get("area", NATIONAL)),
        file=path.name,
        points=_points(primaries),
        primary_titles={p["id"]: p["title"] for p in primaries},
        secondary_titles={s["id"]: s["title"] for p in primaries for s in p["secondaries"]},
        scoring=scoring_of(raw.get("scoring", {})),
    )


def _problem(framework: Framework) -> str:
    """Return what is wrong with a scheme, or nothing."""
    ids = [point.id for point in framework.points]
    if repeated := sorted({name for name in ids if ids.count(name) > 1}):
        return f"评价要点编号重复：{'、'.join(repeated)}"
    if without := [point.id for point in framework.points if not point.topics]:
        return f"评价要点没有写明主题（topics）：{'、'.join(without)}"
    if odd := [point.id for point in framework.points if point.scoring not in WAYS]:
        return f"评价要点的计分方式不在{'、'.join(WAYS)}之中：{'、'.join(odd)}"
    marks = sum(point.full_marks for point in framework.points)
    if abs(marks - framework.scoring.total) > 1e-9:
        return f"各要点满分之和为{marks:g}，总分写为{framework.scoring.total:g}"
    for point in framework.points:
        for topic in point.topics:
            notebook_of(topic)
    return ""


@cache
def _loaded(path: Path) -> Framework:
    try:
        framework = _framework(path)
    except (KeyError, TypeError, AttributeError) as error:
        raise LawError(f"评价方案 {path.name} 缺少或多出条目：{error}。请对照样例更正。") from error
    if problem := _problem(framework):
        raise LawError(f"评价方案 {path.name}：{problem}。请更正后重试。")
    return framework


def frameworks() -> tuple[Framework, ...]:
    """Return every scheme on file: built-in first, then added ones."""
    return tuple(_loaded(path) for path in law_files("framework"))


def _rank(framework: Framework, year: int, area: str) -> tuple[int, bool]:
    """Return how near a scheme is: the more local first, then the one stated for the year."""
    local = max(chain(area).index(a) for a in framework.areas if a in chain(area))
    return local, framework.stated_for == year


def framework_for(year: int, area: str = "") -> Framework:
    """Return the scheme for an evaluation year and area; LawError names the years that exist.

    Precedence: the more local area, then a scheme stated for the year, then the file added last.
    """
    known = [f for f in frameworks() if set(f.areas) & set(chain(area))]
    fitting = [f for f in known if year in f.years]
    if not fitting:
        years = "、".join(map(str, sorted({y for f in known for y in f.years})))
        raise LawError(
            f"没有{year}年的评价方案。已有方案的评价年度：{years}。"
            f"如已取得该年度方案，请按 docs/load-your-scheme.md 放入法规文件夹。"
        )
    best = max(_rank(framework, year, area) for framework in fitting)
    return [framework for framework in fitting if _rank(framework, year, area) == best][-1]
