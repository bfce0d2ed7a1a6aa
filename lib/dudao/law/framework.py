"""The indicator tree: one file per scheme; primaries, secondaries and points with their origin.

What is wrong with a file as it is written is named, and nothing is mended.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from dudao.base import schemas
from dudao.base.errors import LawError, nearest
from dudao.law.areas import NATIONAL, areas_of, chain, law_files, read_yaml
from dudao.law.rules_check import HELP, SCHEMAS, unknown_topic
from dudao.law.thresholds import law_for
from dudao.law.topics import annexed_topics, notebook_of

ALL_OR_NOTHING, PER_CHECK, REVIEWER = "all_or_nothing", "per_check", "reviewer"
WAYS = {
    ALL_OR_NOTHING: "达标得满分，未达标不得分",
    PER_CHECK: "按达标检查所占比例",
    REVIEWER: "由评审人员评定",
}
LEVELS = (("primaries", "一级指标"), ("secondaries", "二级指标"), ("points", "评价要点"))
RECONSTRUCTED = "reconstructed"
ORIGINS = {"sourced": "有来源", RECONSTRUCTED: "重构"}


@dataclass(frozen=True)
class Grade:
    """A grade and the total marks from which it is given."""

    name: str
    at_least: float


@dataclass(frozen=True)
class Downgrade:
    """An event that lowers the grade by one step: a check that is not met."""

    title: str
    check: str


@dataclass(frozen=True)
class Scoring:
    """Total marks, grades from the best to the worst, and what lowers or forfeits them.

    An optional part of a scheme: without it, nothing is scored.
    """

    total: float = 0.0
    grades: tuple[Grade, ...] = ()
    downgrades: tuple[Downgrade, ...] = ()

    @property
    def is_on(self) -> bool:
        """Say whether the scheme gives marks at all."""
        return self.total > 0


def scoring_of(raw: dict[str, Any]) -> Scoring:
    """Read the optional `scoring` part of a scheme."""
    return Scoring(
        total=float(raw.get("total", 0)),
        grades=tuple(Grade(**grade) for grade in raw.get("grades", ())),
        downgrades=tuple(Downgrade(**event) for event in raw.get("downgrades", ())),
    )


@dataclass(frozen=True)
class Point:
    """One point of evaluation (评价要点): what it is about, and the evidence a reviewer expects.

    topics: what it is about. checks: ids of the only rules it takes from them; None: all of them.
    full_marks and scoring: only where the scheme gives marks.
    """

    id: str
    title: str
    origin: str
    secondary: str
    primary: str
    topics: tuple[str, ...]
    checks: tuple[str, ...] | None = None
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
        is_about = bool(set(topics) & set(self.topics))
        return is_about and (self.checks is None or check in self.checks)


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

    def shown_in(self, notebook: str) -> tuple[Point, ...]:
        """Return the points a notebook answers for, or those that an annex shows in detail."""
        annexed = set(annexed_topics(notebook))
        detailed = tuple(point for point in self.points if annexed & set(point.topics))
        return self.of_notebook(notebook) or detailed

    def points_of(self, topics: tuple[str, ...], check: str = "") -> tuple[str, ...]:
        """Return the ids of the points about some topics, or of those that take one rule."""
        if check:
            return tuple(point.id for point in self.points if point.takes(check, topics))
        return tuple(point.id for point in self.points if set(topics) & set(point.topics))

    def remark(self, year: int) -> str:
        """Return what a reader must know about using this scheme for a year (may be empty)."""
        return "" if year == self.stated_for else self.borrowed_note


def _point(raw: dict[str, Any], secondary: str, primary: str) -> Point:
    lists: dict[str, Any] = {
        name: tuple(raw[name]) for name in ("topics", "checks", "evidence") if name in raw
    }
    rest = {key: value for key, value in raw.items() if key not in lists}
    return Point(secondary=secondary, primary=primary, **lists, **{"origin": "sourced", **rest})


def _framework(path: Path) -> Framework:
    raw = read_yaml(path)
    primaries = raw["primaries"]
    names = ("scheme", "title", "number", "origin", "stated_for", "borrowed_note")
    return Framework(
        **{name: raw.get(name, "") for name in names},
        borrowed_for=tuple(raw.get("borrowed_for", ())),
        areas=areas_of(raw.get("area", NATIONAL)),
        file=path.name,
        points=tuple(
            _point(point, secondary["id"], primary["id"])
            for primary in primaries
            for secondary in primary["secondaries"]
            for point in secondary["points"]
        ),
        primary_titles={p["id"]: p["title"] for p in primaries},
        secondary_titles={s["id"]: s["title"] for p in primaries for s in p["secondaries"]},
        scoring=scoring_of(raw.get("scoring", {})),
    )


@cache
def _loaded(path: Path) -> Framework:
    if problem := scheme_problem(read_yaml(path)):
        raise LawError(f"评价方案 {path.name}：{problem}。请对照 {HELP} 更正后重试。")
    return _framework(path)


def frameworks() -> tuple[Framework, ...]:
    """Return every scheme on file: built-in first, then added ones."""
    return tuple(_loaded(path) for path in law_files("framework"))


def _rank(framework: Framework, year: int, area: str) -> tuple[int, bool]:
    """Return how near a scheme is: the more local first, then the one stated for the year."""
    local = max(chain(area).index(a) for a in framework.areas if a in chain(area))
    return local, framework.stated_for == year


def _check_problem(framework: Framework, area: str) -> str:
    """Return which check of a scheme the law of an area does not know, or no point takes."""
    rules = law_for(area).thresholds
    wanted: list[tuple[tuple[str, ...], str, tuple[Point, ...]]] = [
        (p.checks or (), f"评价要点{p.id}", (p,)) for p in framework.points
    ]
    events = framework.scoring.downgrades
    wanted += [((event.check,), f"降档“{event.title}”", framework.points) for event in events]
    for checks, where, points in wanted:
        for check in checks:
            if check not in rules:
                return f"{where}所列检查“{check}”不在标准中{nearest(check, rules)}"
            if not any(point.takes(check, rules[check].topics) for point in points):
                topics = "、".join(rules[check].topics)
                return f"{where}所列检查“{check}”属于主题{topics}，没有要点列入该主题"
    return ""


def framework_for(year: int, area: str = "") -> Framework:
    """Return the scheme for an evaluation year and area; LawError names the years that exist.

    Precedence: the more local area, then a scheme stated for the year, then the file added last.
    """
    return _framework_for(year, area, law_files("framework"), law_files("thresholds"))


@cache
def _framework_for(
    year: int, area: str, schemes: tuple[Path, ...], standards: tuple[Path, ...]
) -> Framework:
    """Choose and check a scheme once as long as the same law files are there."""
    valid = [f for f in frameworks() if set(f.areas) & set(chain(area))]
    fitting = [f for f in valid if year in f.years]
    if not fitting:
        years = "、".join(map(str, sorted({y for f in valid for y in f.years})))
        raise LawError(
            f"没有{year}年的评价方案。已有方案的评价年度：{years}。"
            f"如已取得该年度方案，请按 {HELP} 放入法规文件夹。"
        )
    best = max(_rank(framework, year, area) for framework in fitting)
    chosen = [framework for framework in fitting if _rank(framework, year, area) == best][-1]
    if problem := _check_problem(chosen, area):
        raise LawError(f"评价方案 {chosen.file}：{problem}。请对照 {HELP} 更正后重试。")
    return chosen


def _entries(raw: dict[str, Any]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield the entries of each level of the tree, with the level's name."""
    above = [raw]
    for key, word in LEVELS:
        above = [entry for parent in above for entry in parent[key]]
        yield word, above


def _scoring_problem(raw: dict[str, Any], points: list[dict[str, Any]]) -> str:
    """Return what is wrong with marks, total and grades, or nothing."""
    scoring, marks = raw.get("scoring"), sum(point.get("full_marks", 0) for point in points)
    if scoring is None:
        return f"各要点写有满分（合计{marks:g}），但没有 scoring 一节" if marks else ""
    if unmarked := [point["id"] for point in points if not point.get("full_marks")]:
        return f"评价要点{unmarked[0]}没有写明满分 full_marks"
    if abs(marks - scoring["total"]) > 1e-9:
        return f"各要点满分之和为{marks:g}，总分写为{scoring['total']:g}"
    limits = [grade["at_least"] for grade in scoring["grades"]]
    in_order = limits == sorted(limits, reverse=True) and limits[-1] == 0
    return "" if in_order else "等级应由高到低排列，最低一级的 at_least 写 0"


def _problems(raw: dict[str, Any]) -> Iterator[str]:
    yield schemas.fault(SCHEMAS, "framework", raw)
    levels = list(_entries(raw))
    for word, entries in levels:
        counts = Counter(entry["id"] for entry in entries)
        repeated = sorted(name for name, number in counts.items() if number > 1)
        yield f"{word}编号重复：{'、'.join(repeated)}" if repeated else ""
    points = levels[-1][1]
    for point in points:
        yield unknown_topic(point["topics"], f"评价要点{point['id']}")
    yield _scoring_problem(raw, points)


def scheme_problem(raw: Any) -> str:
    """Return the first thing that is wrong with a scheme file, or nothing."""
    return next((problem for problem in _problems(raw) if problem), "")
