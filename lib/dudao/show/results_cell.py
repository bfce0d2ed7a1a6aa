"""The results cell: one output that serves reader, runner and regression test."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from dudao.base.mime import RESULTS
from dudao.case import Case
from dudao.judging.results import NOT_APPLICABLE, PointVerdict, Verdict
from dudao.law.rules_check import ROLES, VETO
from dudao.show.mark_tables import scored
from dudao.show.records import record
from dudao.show.tables import Cited, Marked, Table, bundle, table
from dudao.show.words import (
    DOUBTS,
    WAYS_SHORT,
    area_mark,
    limit_words,
    marked,
    signed,
    status_mark,
)


def limit_of(verdict: Verdict, between: str = "") -> str:
    """Return operator, standard and unit of a check; nothing where no standard is in force."""
    return limit_words(verdict.compare, verdict.threshold, verdict.unit, between)


def _limit(verdict: Verdict) -> str:
    missing = "尚未施行" if verdict.result == NOT_APPLICABLE else "标准未查到"
    return limit_of(verdict, " ") or missing


def check_anchors(checks: Iterable[str]) -> list[str]:
    """Return one id per check, in order; a rule that is applied to several parts is numbered."""
    seen: Counter[str] = Counter()
    names = []
    for check in checks:
        seen[check] += 1
        names.append(f"check-{check}" + (f"-{seen[check]}" if seen[check] > 1 else ""))
    return names


def _verdict_row(verdict: Verdict) -> tuple[Any, ...]:
    """Return a row that is one line where there is nothing special to say."""
    veto = f"【{ROLES[VETO]}】" if verdict.role == VETO else ""
    before = f"{area_mark(verdict.area)}{status_mark(verdict.law_status)}"
    return (
        f"{verdict.label}{veto}",
        marked(verdict.result, verdict.law_status),
        verdict.value_text,
        _limit(verdict),
        verdict.gap.text if verdict.gap else "",
        verdict.points_text,
        WAYS_SHORT[verdict.basis],
        Cited(verdict.citation, verdict.url, before, verdict.note),
    )


def verdict_table(verdicts: Sequence[Verdict]) -> Table:
    """Show every check: value, limit, result with sign, gap, basis, citation."""
    columns = ("检查", "结果", "数值", "标准", "差额", "要点", "方式", "依据与说明")
    return table(
        "逐项判定",
        columns,
        map(_verdict_row, verdicts),
        numbers=("数值", "标准", "差额"),
        anchors=check_anchors(verdict.check for verdict in verdicts),
    )


def points_table(points: Sequence[PointVerdict]) -> Table:
    """Show the result of every point, and what to supply where it is undecided."""
    rows = [
        (
            verdict.point.id,
            verdict.point.title,
            marked(verdict.result),
            WAYS_SHORT[verdict.basis],
            (*verdict.to_supply, *verdict.law, verdict.note),
        )
        for verdict in points
    ]
    columns = ("要点", "名称", "结果", "方式", "需补充与说明")
    anchors = [f"point-{verdict.point.id}" for verdict in points]
    return table("评价要点结果", columns, rows, anchors=anchors)


def doubts_table(doubts: Sequence[dict[str, Any]]) -> Table:
    """Show what does not fit, with every place; nothing is mended."""
    rows = [
        (
            doubt["label"],
            str(doubt["year"] or "未写明"),
            doubt["working"],
            Marked(DOUBTS[doubt["kind"]], "undecided"),
            (*doubt["places"], doubt["note"]),
        )
        for doubt in doubts
    ]
    return table("矛盾与存疑", ("事项", "年度", "算式", "性质", "位置与说明"), rows)


@dataclass(frozen=True)
class Results:
    """Tables for the reader, and the same records for the runner."""

    tables: tuple[Table, ...]
    data: dict[str, Any]

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> Any:
        return {RESULTS: self.data, **bundle(self.tables, repr(self))}

    def __repr__(self) -> str:
        counts = Counter(point["result"] for point in self.data["points"])
        return "评价要点结果：" + "，".join(f"{signed(k)} {n}个" for k, n in sorted(counts.items()))


def results(
    case: Case, verdicts: Sequence[Verdict], forms: Sequence[dict[str, Any]] = ()
) -> Results:
    """Roll the checks up to points and return what the results cell shows.

    forms: plain data of the forms that are published as a spreadsheet beside the page.
    """
    points = case.judge_points(list(verdicts))
    marks, scores = scored(case, verdicts, points)
    content = {**record(case, verdicts, points), **scores, **({"forms": [*forms]} if forms else {})}
    tables = [points_table(points), verdict_table(verdicts), *marks]
    if content["contradictions"]:
        tables.append(doubts_table(content["contradictions"]))
    return Results(tuple(tables), content)
