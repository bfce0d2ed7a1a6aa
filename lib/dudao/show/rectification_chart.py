"""The last round's problems on a time line: when due, when done, what is still open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from matplotlib.axes import Axes
from matplotlib.dates import DateFormatter, date2num
from matplotlib.ticker import FixedLocator

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


def _row(axes: Axes, position: int, problem: LastProblem, *, right: float) -> None:
    colour = charts.RESULTS[MARKS[problem.state]]
    end = problem.done if problem.is_rectified else problem.judged_on
    if problem.deadline and end and (problem.is_rectified or problem.is_overdue):
        days = date2num([problem.deadline, end])
        axes.plot(days, [position] * 2, color=colour, linewidth=2, alpha=0.45)
    if problem.deadline:
        due = date2num(problem.deadline)
        axes.plot(due, position, "D", color="white", markeredgecolor=charts.INK, markersize=6)
    if problem.is_rectified and problem.done:
        axes.plot(date2num(problem.done), position, "o", color=colour, markersize=6)
    lacking = "" if problem.deadline else "，未填时限"
    axes.text(right, position, f"{_word(problem)}{lacking}", va="center", color=colour)


def _span(problems: Sequence[LastProblem], last: date) -> tuple[float, float]:
    days = [day for one in problems for day in (one.deadline, one.done) if day]
    first = min([date(last.year, 1, 1), *days])
    low, high = date2num(first), date2num(max([last, *days]))
    room = (high - low) * 0.04
    return low - room, high + room


def _axis(axes: Axes, span: tuple[float, float], last: date) -> None:
    years = range(last.year - 2, last.year + 6)
    days = [date2num(date(year, *quarter)) for year in years for quarter in QUARTERS]
    shown = [day for day in days if span[0] <= day <= span[1]]
    axes.xaxis.set_major_locator(FixedLocator(shown[:: 1 + len(shown) // 8]))
    axes.xaxis.set_major_formatter(DateFormatter("%Y-%m"))
    axes.axvline(date2num(last), color=charts.INK, linestyle=":", linewidth=1.2)
    axes.set_xlim(*span)
    charts.explain(axes.figure, f"{LEGEND}，竖虚线为{last}")
    charts.bare(axes)


def problems_chart(case: Case) -> charts.Chart:
    """Draw every problem of the last round from its deadline to the day it was done."""
    problems = supervision.last_round(case.facts)
    title, last = "上轮问题：整改时限与完成日期", date(case.year.progress_year, 12, 31)
    with charts.house_style():
        figure = charts.new_figure(7.2, 1.3 + 0.38 * max(len(problems), 1))
        axes = figure.subplots()
        span = _span(problems, last)
        for position, problem in enumerate(problems):
            _row(axes, position, problem, right=span[1])
        _axis(axes, span, last)
        axes.set_yticks(range(len(problems)), [_name(problem) for problem in problems])
        axes.set_ylim(max(len(problems), 1) - 0.5, -0.5)
        if not problems:
            axes.text(sum(span) / 2, 0, "没有登记上轮问题", ha="center", va="center")
        done = sum(one.is_rectified for one in problems)
        late = sum(one.is_overdue for one in problems)
        message = f"{len(problems)}个已整改{done}个" + (f"，{late}个逾期未完成" if late else "")
        message, mark = message if problems else "", charts.mark_of(case)
        listed = [f"第{one.number}项{_word(one)}" for one in problems]
        return charts.finish(figure, title, message, listed, none="没有登记上轮问题", mark=mark)
