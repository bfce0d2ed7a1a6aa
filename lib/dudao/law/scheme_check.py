"""What is wrong with a scheme as it is written: keys, ids, topics, marks. Nothing is mended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from dudao.base import schemas
from dudao.law.rules_check import SCHEMAS, unknown_topic

LEVELS = (("primaries", "一级指标"), ("secondaries", "二级指标"), ("points", "评价要点"))
RECONSTRUCTED = "reconstructed"
ORIGINS = {"sourced": "有来源", RECONSTRUCTED: "重构"}


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
