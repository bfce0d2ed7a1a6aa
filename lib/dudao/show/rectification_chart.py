"""The last round's problems on a time line: when due, when done, what is still open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dudao.case import Case
from dudao.indicators import supervision
from dudao.indicators.supervision import LastProblem
from dudao.show import charts
from dudao.show.rectification import LATE, MARKS, OVERDUE

LEGEND = "菱形为时限，圆点为完成日期，横线为提前或逾期的时间"
QUARTERS = ((3, 31), (6, 30), (9, 30), (12, 31))
_LONG = 15  # signs of a problem beside the axis; the table has it in full


def _name(problem: LastProblem) -> str:
    text = problem.problem
    short = f"{text[:_LONG]}…" if len(text) > _LONG else text
    return f"{problem.number}　{short}"


def _word(problem: LastProblem) -> str:
    remark = OVERDUE if problem.is_overdue else LATE if problem.is_late else ""
    return f"{problem.state}（{remark}）" if remark else problem.state


def _row(panel: charts.Panel, at: int, problem: LastProblem) -> None:
    colour = charts.RESULTS[MARKS[problem.state]]
    end = problem.done if problem.is_rectified else problem.judged_on
    if problem.deadline and end and (problem.is_rectified or problem.is_overdue):
        days = problem.deadline.toordinal(), end.toordinal()
        panel.line(days, (at, at), colour, width=2, alpha=0.45)
    if problem.deadline:
        due = [problem.deadline.toordinal()]
        panel.marks(due, [at], "diamond", size=8, ink="#fff", edge=charts.INK)
    if problem.is_rectified and problem.done:
        panel.marks([problem.done.toordinal()], [at], "dot", size=7, ink=colour)
    lacking = "" if problem.deadline else "，未填时限"
    panel.write(panel.x.end, at, f"{_word(problem)}{lacking}", colour)


def _axis(axis: charts.Axis, problems: Sequence[LastProblem], last: date) -> None:
    days = [day for one in problems for day in (one.deadline, one.done) if day]
    low = min([date(last.year, 1, 1), *days]).toordinal()
    high = max([last, *days]).toordinal()
    room = (high - low) * 0.04
    axis.start, axis.end = low - room, high + room
    years = range(last.year - 2, last.year + 6)
    quarters = [date(year, *quarter) for year in years for quarter in QUARTERS]
    shown = [day for day in quarters if axis.start <= day.toordinal() <= axis.end]
    axis.ticks = [(d.toordinal(), f"{d:%Y-%m}") for d in shown[:: 1 + len(shown) // 8]]


def problems_chart(case: Case) -> charts.Chart:
    """Draw every problem of the last round from its deadline to the day it was done."""
    problems = supervision.last_round(case.facts)
    title, last = "上轮问题：整改时限与完成日期", date(case.year.progress_year, 12, 31)
    figure = charts.new_figure(1.3 + 0.38 * max(len(problems), 1))
    (panel,) = figure.panels
    _axis(panel.x, problems, last)
    panel.y.name([_name(problem) for problem in problems])
    panel.line(
        [last.toordinal()] * 2, (panel.y.start, panel.y.end), width=1.2, dashes=charts.DOTTED
    )
    for at, problem in enumerate(problems):
        _row(panel, at, problem)
    panel.frame_rows()
    if not problems:
        middle = (panel.x.start + panel.x.end) / 2
        panel.write(middle, 0, "没有登记上轮问题", across="center")
    figure.note = f"{LEGEND}，竖虚线为{last}"
    done = sum(one.is_rectified for one in problems)
    late = sum(one.is_overdue for one in problems)
    message = f"{len(problems)}个已整改{done}个" + (f"，{late}个逾期未完成" if late else "")
    title = charts.entitle(figure, title, message if problems else "")
    listed = "；".join(f"第{one.number}项{_word(one)}" for one in problems)
    alt = f"{title}。{listed or '没有登记上轮问题'}"
    return charts.render(figure, alt, mark=charts.mark_of(case))
