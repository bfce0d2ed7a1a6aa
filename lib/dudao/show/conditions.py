"""Levels of different units against their standards, in one picture."""

from __future__ import annotations

from collections.abc import Sequence

from dudao.base.rounding import fixed, plain
from dudao.case import Case
from dudao.judging import Verdict
from dudao.show import charts
from dudao.show.words import OPERATORS, RESULTS

WIDEST = 2.0  # times the standard; a longer bar says no more


def _limit(row: Verdict) -> str:
    return f"{OPERATORS[row.compare]}{plain(row.threshold)}{row.unit}"


def _value(row: Verdict) -> str:
    text = fixed(row.value, row.decimals)
    return f"{text}{row.unit}" if text else "缺数据"


def against_own_standard(case: Case, title: str, verdicts: Sequence[Verdict]) -> charts.Chart:
    """Draw each level in times of its own standard, coloured by result; goal lines are left out."""
    rows = [row for row in verdicts if row.role == "pass" and row.threshold]
    figure = charts.new_figure(1.0 + 0.3 * max(len(rows), 1))
    (panel,) = figure.panels
    for at, row in enumerate(rows):
        colour = charts.RESULTS[row.result]
        if row.value == row.value and row.threshold:
            panel.bar(at, 0, min(row.value / row.threshold, WIDEST), colour, height=0.55)
        panel.write(WIDEST * 1.02, at, f"{_value(row)}　{RESULTS[row.result][0]}", colour)
    panel.y.name([f"{row.label}（{_limit(row)}）" for row in rows])
    panel.line((1, 1), (panel.y.start, panel.y.end), width=1.8)
    panel.x.end, panel.x.ticks = WIDEST * 1.45, [(1, "标准")]
    panel.x.has_line = panel.y.has_line = False
    figure.note = "条长为数值与标准之比，最长画到2倍；“≤”的指标越短越好"
    title = charts.entitle(figure, title, charts.said_of(row.result for row in rows))
    clauses = [f"{r.label}{_value(r)}，标准{_limit(r)}，{RESULTS[r.result][0]}" for r in rows]
    alt = f"{title}。{'；'.join(clauses) or '没有施行中的标准'}"
    return charts.render(figure, alt, mark=charts.mark_of(case))
