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
from dudao.show.tables import Cited, Marked, Table, bundle, tabulate
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


def _cited(verdict: Verdict) -> Cited:
    before = f"{area_mark(verdict.area)}{status_mark(verdict.law_status)}"
    return Cited(verdict.citation, verdict.url, before, verdict.note)


def verdict_table(verdicts: Sequence[Verdict]) -> Table:
    """Show every check: value, limit, result with sign, gap, basis, citation.

    A row is one line where there is nothing special to say.
    """
    columns = {
        "检查": lambda v: v.label + (f"【{ROLES[VETO]}】" if v.role == VETO else ""),
        "结果": lambda v: marked(v.result, v.law_status),
        "数值": lambda v: v.value_text,
        "标准": _limit,
        "差额": lambda v: v.gap.text if v.gap else "",
        "要点": lambda v: v.points_text,
        "方式": lambda v: WAYS_SHORT[v.basis],
        "依据与说明": _cited,
    }
    anchors = check_anchors(verdict.check for verdict in verdicts)
    numbers = ("数值", "标准", "差额")
    return tabulate("逐项判定", verdicts, columns, numbers=numbers, anchors=anchors)


def points_table(points: Sequence[PointVerdict]) -> Table:
    """Show the result of every point, and what to supply where it is undecided."""
    columns = {
        "要点": lambda v: v.point.id,
        "名称": lambda v: v.point.title,
        "结果": lambda v: marked(v.result),
        "方式": lambda v: WAYS_SHORT[v.basis],
        "需补充与说明": lambda v: (*v.to_supply, *v.law, v.note),
    }
    anchors = [f"point-{verdict.point.id}" for verdict in points]
    return tabulate("评价要点结果", points, columns, anchors=anchors)


def doubts_table(doubts: Sequence[dict[str, Any]]) -> Table:
    """Show what does not fit, with every place; nothing is mended."""
    columns = {
        "事项": lambda doubt: doubt["label"],
        "年度": lambda doubt: str(doubt["year"] or "未写明"),
        "算式": lambda doubt: doubt["working"],
        "性质": lambda doubt: Marked(DOUBTS[doubt["kind"]], "undecided"),
        "位置与说明": lambda doubt: (*doubt["places"], doubt["note"]),
    }
    return tabulate("矛盾与存疑", doubts, columns)


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
