"""The last round's problems: what became of each and of each point, and when."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from dudao.case import Case
from dudao.facts.sheet_layout import EVIDENCE, RECTIFICATION, RECTIFIED, RECTIFYING, UNRECTIFIED
from dudao.indicators import supervision
from dudao.indicators.supervision import LastProblem
from dudao.judging.results import PointVerdict
from dudao.show import charts
from dudao.show.plot import INK, Plot
from dudao.show.tables import Marked, Table, Value, table, tabulate
from dudao.show.words import marked

MARKS = {RECTIFIED: "met", RECTIFYING: "undecided", UNRECTIFIED: "not_met"}
OVERDUE, LATE = "逾期未完成", "晚于时限完成"
NONE = "没有登记上轮问题"


def _remark(problem: LastProblem) -> str:
    return OVERDUE if problem.is_overdue else LATE if problem.is_late else ""


def _state(problem: LastProblem) -> Marked:
    return Marked(problem.state, MARKS[problem.state], (_remark(problem),))


def _paper(problem: LastProblem, on_file: set[str]) -> Value:
    if not problem.paper:
        return "未填"
    return problem.paper, "已登记" if problem.paper in on_file else f"未见于“{EVIDENCE}”表"


def problems_table(case: Case) -> Table:
    """Show every problem of the last round: measure, deadline, state, paper on file or not."""
    on_file = set(case.stored.evidence["title"])
    columns = {
        "序号": lambda one: str(one.number or ""),
        "要点": lambda one: one.point,
        "问题": lambda one: (one.problem, f"涉及：{one.units}" if one.units else ""),
        "整改措施与责任单位": lambda one: (one.measure or "未填", one.office),
        "整改时限": lambda one: str(one.deadline or "未填"),
        "整改状态": _state,
        "完成日期": lambda one: str(one.done or ("未填" if one.is_rectified else "—")),
        "佐证材料": lambda one: _paper(one, on_file),
        "出处": lambda one: one.source,
    }
    problems = supervision.last_round(case.facts)
    return tabulate("上轮问题与整改", problems, columns, empty=NONE)


def _overdue(problems: Sequence[LastProblem]) -> Value:
    """Name the overdue problems, and the open ones of which nobody knows when they were due."""
    listed = "、".join(f"第{one.number}项" for one in problems if one.is_overdue)
    open_ones = (one for one in problems if not one.is_rectified and one.deadline is None)
    unknown = "、".join(f"第{one.number}项" for one in open_ones)
    remark = f"{unknown}未填时限" if unknown else ""
    return Marked(listed, "not_met", (remark,)) if listed else remark or "无"


def by_point_table(case: Case) -> Table:
    """Count the problems of each point by state, and name those that are overdue."""
    titles = {point.id: point.title for point in case.framework.points}
    rows: list[tuple[Value, ...]] = []
    for point, problems in supervision.last_round_by_point(case.facts).items():
        counts = Counter(problem.state for problem in problems)
        states = (str(counts[state]) for state in RECTIFICATION)
        title = titles.get(point, "不在评价方案中")
        rows.append((point, title, str(len(problems)), *states, _overdue(problems)))
    caption = f"上轮问题按要点汇总（截至{case.year.progress_year}年12月31日）"
    columns = ("要点", "名称", "问题数", *RECTIFICATION, OVERDUE)
    numbers = ("问题数", *RECTIFICATION)
    return table(caption, columns, rows, numbers=numbers, empty=NONE)


def results_now_table(case: Case, points: Iterable[PointVerdict]) -> Table:
    """Show every problem of the last round: its state as reported, and its point's result now."""
    results = {verdict.point.id: verdict.result for verdict in points}
    columns = {
        "序号": lambda one: str(one.number or ""),
        "要点": lambda one: one.point,
        "上轮问题": lambda one: one.problem,
        "整改状态（本县所报）": _state,
        "该要点本次结果": lambda one: marked(results[one.point]) if one.point in results else "—",
    }
    problems = supervision.last_round(case.facts)
    return tabulate("上轮问题与本次结果", problems, columns, empty=NONE)


LEGEND = "菱形为时限，圆点为完成日期，横线为提前或逾期的时间"
QUARTERS = ((3, 31), (6, 30), (9, 30), (12, 31))
_LONG = 15  # signs of a problem beside the axis; the table has it in full


def _word(problem: LastProblem) -> str:
    remark = _remark(problem)
    return f"{problem.state}（{remark}）" if remark else problem.state


def _drawn(axes: Plot, position: int, problem: LastProblem, *, right: float) -> None:
    colour = charts.RESULTS[MARKS[problem.state]]
    end = problem.done if problem.is_rectified else problem.judged_on
    if problem.deadline and end and (problem.is_rectified or problem.is_overdue):
        days = [problem.deadline.toordinal(), end.toordinal()]
        axes.line(days, [position] * 2, colour, linewidth=2, alpha=0.45)
    if problem.deadline:
        due, style = [problem.deadline.toordinal()], {"marker": "D", "markersize": 6}
        axes.line(due, [position], "white", markeredgecolor=INK, **style)
    if problem.is_rectified and problem.done:
        axes.line([problem.done.toordinal()], [position], colour, marker="o", markersize=6)
    lacking = "" if problem.deadline else "，未填时限"
    axes.text(right, position, f"{_word(problem)}{lacking}", va="center", color=colour)


def _span(problems: Sequence[LastProblem], last: date) -> tuple[float, float]:
    days = [day for one in problems for day in (one.deadline, one.done) if day]
    first = min([date(last.year, 1, 1), *days])
    low, high = first.toordinal(), max([last, *days]).toordinal()
    room = (high - low) * 0.04
    return low - room, high + room


def _axis(axes: Plot, span: tuple[float, float], last: date, rows: int) -> None:
    years = range(last.year - 2, last.year + 6)
    days = [date(year, *quarter) for year in years for quarter in QUARTERS]
    shown = [day for day in days if span[0] <= day.toordinal() <= span[1]]
    axes.scale({day.toordinal(): f"{day:%Y-%m}" for day in shown[:: 1 + len(shown) // 8]})
    ends = [-0.5, rows - 0.5]
    axes.line([last.toordinal()] * 2, ends, INK, linestyle=":", linewidth=1.2)
    axes.set_across(*span)
    axes.sheet.explain(f"{LEGEND}，竖虚线为{last}")


def problems_chart(case: Case) -> charts.Chart:
    """Draw every problem of the last round from its deadline to the day it was done."""
    problems = supervision.last_round(case.facts)
    title, last = "上轮问题：整改时限与完成日期", date(case.year.progress_year, 12, 31)
    with charts.drawing(1.3 + 0.38 * max(len(problems), 1)) as axes:
        span = _span(problems, last)
        for position, problem in enumerate(problems):
            _drawn(axes, position, problem, right=span[1])
        _axis(axes, span, last, max(len(problems), 1))
        names = [
            f"{one.number}　{one.problem[:_LONG]}{'…' if len(one.problem) > _LONG else ''}"
            for one in problems
        ]
        axes.name_rows(names)
        if not problems:
            axes.text(sum(span) / 2, 0, NONE, ha="center", va="center")
        done = sum(one.is_rectified for one in problems)
        late = sum(one.is_overdue for one in problems)
        message = f"{len(problems)}个已整改{done}个" + (f"，{late}个逾期未完成" if late else "")
        message = message if problems else ""
        listed = [f"第{one.number}项{_word(one)}" for one in problems]
        return charts.finish(axes, title, message, listed, none=NONE, case=case)
