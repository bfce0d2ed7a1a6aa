"""What is wrong with a scheme as it is written: keys, ids, topics, marks. Nothing is mended."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dudao.base.errors import LawError
from dudao.law.areas import NATIONAL
from dudao.law.file_keys import area_problem, key_problem, list_problem
from dudao.law.scoring import WAYS
from dudao.law.topics import notebook_of

TOP = ("scheme", "title", "stated_for", "primaries")
TOP_MORE = ("number", "origin", "area", "borrowed_for", "borrowed_note", "scoring")
POINT = ("id", "title", "topics")
POINT_MORE = ("origin", "checks", "evidence", "qualitative", "full_marks", "scoring")
LEVELS = (("primaries", "一级指标"), ("secondaries", "二级指标"), ("points", "评价要点"))
SCORING = ("total", "grades")
RECONSTRUCTED = "reconstructed"
ORIGINS = {"sourced": "有来源", RECONSTRUCTED: "重构"}


def _branches(raw: dict[str, Any], depth: int = 0) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield every primary, secondary and point with its depth, in the order of the file."""
    for entry in raw[LEVELS[depth][0]]:
        yield depth, entry
        if depth < len(LEVELS) - 1:
            yield from _branches(entry, depth + 1)


def _shape_problem(raw: dict[str, Any], depth: int = 0) -> str:
    """Return the first entry of the tree that lacks or exceeds its keys."""
    key, word = LEVELS[depth]
    if problem := list_problem(raw, "", [key]):
        return problem
    for at, entry in enumerate(raw[key], 1):
        name = entry.get("id", f"第{at}个") if isinstance(entry, dict) else f"第{at}个"
        where, is_point = f"{word}{name}", depth == len(LEVELS) - 1
        inner = () if is_point else (LEVELS[depth + 1][0],)
        needed = POINT if is_point else ("id", "title", *inner)
        problem = key_problem(entry, where, needed, POINT_MORE if is_point else ("origin",))
        problem = problem or _id_problem(entry, where)
        if problem := problem or ("" if is_point else _shape_problem(entry, depth + 1)):
            return problem
    return ""


def _id_problem(entry: dict[str, Any], where: str) -> str:
    return "" if isinstance(entry["id"], str) else f"{where}的编号须加引号，如 id: '1.1'"


def _repeated(raw: dict[str, Any]) -> str:
    for depth, (_, word) in enumerate(LEVELS):
        ids = [entry["id"] for level, entry in _branches(raw) if level == depth]
        if repeated := sorted({name for name in ids if ids.count(name) > 1}):
            return f"{word}编号重复：{'、'.join(repeated)}"
    return ""


def _point_problem(point: dict[str, Any], is_scored: bool) -> str:
    where = f"评价要点{point['id']}"
    lists = [key for key in ("topics", "checks", "evidence") if key in point]
    if point.get("checks") == []:  # such a point takes no rule at all
        lists.remove("checks")
    if problem := list_problem(point, where, lists):
        return problem
    try:
        [notebook_of(topic) for topic in point["topics"]]
    except LawError as error:
        return f"{where}：{str(error).rstrip('。')}"
    if point.get("origin", "sourced") not in ORIGINS:
        return f"{where}的 origin 只能是{'、'.join(ORIGINS)}"
    if point.get("scoring", next(iter(WAYS))) not in WAYS:
        return f"{where}的计分方式“{point['scoring']}”不在{'、'.join(WAYS)}之中"
    marks = point.get("full_marks", 0)
    if isinstance(marks, bool) or not isinstance(marks, int | float) or marks < 0:
        return f"{where}的 full_marks“{marks}”应是不小于零的数"
    return f"{where}没有写明满分 full_marks" if is_scored and not marks else ""


def _years_problem(raw: dict[str, Any]) -> str:
    borrowed = raw.get("borrowed_for") or []
    years = [raw["stated_for"], *(borrowed if isinstance(borrowed, list) else [borrowed])]
    odd = [year for year in years if isinstance(year, bool) or not isinstance(year, int)]
    return f"评价年度“{odd[0]}”应是四位年份，如 stated_for: 2024" if odd else ""


def _scoring_problem(raw: dict[str, Any]) -> str:
    """Return what is wrong with totals, grades and downgrades, or nothing."""
    scoring, points = raw.get("scoring"), [e for d, e in _branches(raw) if d == len(LEVELS) - 1]
    marks = sum(point.get("full_marks", 0) for point in points)
    if scoring is None:
        return f"各要点写有满分（合计{marks:g}），但没有 scoring 一节" if marks else ""
    problem = key_problem(scoring, "scoring ", SCORING, ("downgrades",))
    problem = problem or list_problem(scoring, "scoring ", ["grades"])
    for key, needed in (("grades", ("name", "at_least")), ("downgrades", ("title", "check"))):
        for entry in () if problem else scoring.get(key, ()):
            problem = problem or key_problem(entry, f"scoring 的 {key} ", needed, ())
    if problem:
        return problem
    if abs(marks - scoring["total"]) > 1e-9:
        return f"各要点满分之和为{marks:g}，总分写为{scoring['total']:g}"
    limits = [grade["at_least"] for grade in scoring["grades"]]
    in_order = limits == sorted(limits, reverse=True) and limits[-1] == 0
    return "" if in_order else "等级应由高到低排列，最低一级的 at_least 写 0"


def scheme_problem(raw: Any) -> str:
    """Return the first thing that is wrong with a scheme file, or nothing."""
    if problem := key_problem(raw, "", TOP, TOP_MORE):
        return problem
    problem = area_problem(raw.get("area", NATIONAL)) or _years_problem(raw)
    problem = problem or _shape_problem(raw) or _repeated(raw)
    if problem:
        return problem
    for depth, entry in _branches(raw):
        if depth == len(LEVELS) - 1 and (fault := _point_problem(entry, bool(raw.get("scoring")))):
            return fault
    return _scoring_problem(raw)
