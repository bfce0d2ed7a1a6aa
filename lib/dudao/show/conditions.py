"""Levels of different units against their standards, in one picture."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from dudao.base.rounding import fixed
from dudao.case import Case
from dudao.judging import Verdict
from dudao.show import charts
from dudao.show.results_cell import limit_of
from dudao.show.words import RESULTS

WIDEST = 2.0  # times the standard; a longer bar says no more


def _value(row: Verdict) -> str:
    text = fixed(row.value, row.decimals)
    return f"{text}{row.unit}" if text else "缺数据"


def _bar(axes: Axes, position: int, row: Verdict) -> None:
    colour = charts.RESULTS[row.result]
    if row.value == row.value and row.threshold:
        width = min(row.value / row.threshold, WIDEST)
        axes.barh(position, width, height=0.55, color=colour)
    text = f"{_value(row)}　{RESULTS[row.result][0]}"
    axes.text(WIDEST * 1.02, position, text, va="center", color=colour)


def _frame(axes: Axes, rows: Sequence[Verdict]) -> None:
    names = [f"{row.label}（{limit_of(row)}）" for row in rows]
    axes.axvline(1, color=charts.INK, linewidth=1.8)
    axes.set_yticks(range(len(rows)), names)
    axes.invert_yaxis()
    axes.set_xlim(0, WIDEST * 1.45)
    axes.set_xticks([1], ["标准"])
    charts.explain(axes.figure, "条长为数值与标准之比，最长画到2倍；“≤”的指标越短越好")
    axes.tick_params(length=0)
    axes.spines[["left", "bottom"]].set_visible(False)


def against_own_standard(case: Case, title: str, verdicts: Sequence[Verdict]) -> charts.Chart:
    """Draw each level in times of its own standard, coloured by result; goal lines are left out."""
    rows = [row for row in verdicts if row.role == "pass" and row.threshold]
    with charts.house_style():
        figure = charts.new_figure(7.2, 1.0 + 0.3 * max(len(rows), 1))
        axes = figure.subplots()
        for position, row in enumerate(rows):
            _bar(axes, position, row)
        _frame(axes, rows)
        message, mark = charts.said_of(row.result for row in rows), charts.mark_of(case)
        clauses = [f"{r.label}{_value(r)}，标准{limit_of(r)}，{RESULTS[r.result][0]}" for r in rows]
        return charts.finish(figure, title, message, clauses, none="没有施行中的标准", mark=mark)
