"""Tables of the last round's problems: what became of each, and of each point."""

from __future__ import annotations

from collections.abc import Iterable

from dudao.case import Case
from dudao.facts.sheet_layout import EVIDENCE, RECTIFICATION, RECTIFIED, RECTIFYING, UNRECTIFIED
from dudao.indicators import supervision
from dudao.indicators.supervision import LastProblem, PointProblems
from dudao.judging import PointVerdict
from dudao.show.tables import Marked, Table, Value, table
from dudao.show.words import RESULTS

MARKS = {RECTIFIED: "met", RECTIFYING: "undecided", UNRECTIFIED: "not_met"}
OVERDUE, LATE = "逾期未完成", "晚于时限完成"


def _state(problem: LastProblem) -> Marked:
    remark = OVERDUE if problem.is_overdue else LATE if problem.is_late else ""
    return Marked(problem.state, MARKS[problem.state], (remark,))


def _paper(problem: LastProblem, on_file: set[str]) -> Value:
    if not problem.paper:
        return "未填"
    return problem.paper, "已登记" if problem.paper in on_file else f"未见于“{EVIDENCE}”表"


def _row(problem: LastProblem, on_file: set[str]) -> tuple[Value, ...]:
    return (
        str(problem.number or ""),
        problem.point,
        (problem.problem, f"涉及：{problem.units}" if problem.units else ""),
        (problem.measure or "未填", problem.office),
        str(problem.deadline or "未填"),
        _state(problem),
        str(problem.done or ("未填" if problem.is_rectified else "—")),
        _paper(problem, on_file),
        problem.source,
    )


def problems_table(case: Case) -> Table:
    """Show every problem of the last round: measure, deadline, state, paper on file or not."""
    on_file = set(case.stored.evidence["title"])
    problems = supervision.last_round(case.facts)
    columns = (
        *("序号", "要点", "问题", "整改措施与责任单位", "整改时限", "整改状态", "完成日期"),
        *("佐证材料", "出处"),
    )
    rows = (_row(problem, on_file) for problem in problems)
    return table("上轮问题与整改", columns, rows, empty="没有登记上轮问题")


def _overdue(problems: tuple[LastProblem, ...]) -> Value:
    """Name the overdue problems, and the open ones of which nobody knows when they were due."""
    listed = "、".join(f"第{one.number}项" for one in problems if one.is_overdue)
    open_ones = (one for one in problems if not one.is_rectified and one.deadline is None)
    unknown = "、".join(f"第{one.number}项" for one in open_ones)
    remark = f"{unknown}未填时限" if unknown else ""
    return Marked(listed, "not_met", (remark,)) if listed else remark or "无"


def _point_row(case: Case, of_point: PointProblems) -> tuple[Value, ...]:
    titles = {point.id: point.title for point in case.framework.points}
    counts = (str(of_point.count(state)) for state in RECTIFICATION)
    total = str(len(of_point.problems))
    title = titles.get(of_point.point, "不在评价方案中")
    return of_point.point, title, total, *counts, _overdue(of_point.problems)


def by_point_table(case: Case) -> Table:
    """Count the problems of each point by state, and name those that are overdue."""
    by_point = supervision.last_round_by_point(case.facts)
    caption = f"上轮问题按要点汇总（截至{case.year.progress_year}年12月31日）"
    columns = ("要点", "名称", "问题数", *RECTIFICATION, OVERDUE)
    rows = (_point_row(case, one) for one in by_point)
    numbers = ("问题数", *RECTIFICATION)
    return table(caption, columns, rows, numbers=numbers, empty="没有登记上轮问题")


def results_now_table(case: Case, points: Iterable[PointVerdict]) -> Table:
    """Show every problem of the last round: its state as reported, and its point's result now."""
    results = {verdict.point.id: verdict.result for verdict in points}

    def result(point: str) -> Value:
        return Marked(RESULTS[results[point]][0], results[point]) if point in results else "—"

    rows = (
        (str(one.number or ""), one.point, one.problem, _state(one), result(one.point))
        for one in supervision.last_round(case.facts)
    )
    columns = ("序号", "要点", "上轮问题", "整改状态（本县所报）", "该要点本次结果")
    return table("上轮问题与本次结果", columns, rows, empty="没有登记上轮问题")
