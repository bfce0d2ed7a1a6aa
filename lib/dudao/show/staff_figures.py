"""Figures of the teaching staff: pupils for each member against the norm, pay over the years."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dudao.base.rounding import plain
from dudao.case import Case
from dudao.facts.items import STAGES, item
from dudao.indicators.teachers import PAY_ITEMS
from dudao.judging import Verdict
from dudao.show import charts
from dudao.show.words import OPERATORS, RESULTS

NOTHING = "没有可画的数据"


def _stage_bar(panel: charts.Panel, at: int, row: Verdict) -> float:
    """Draw a stage; return how far bar and mark reach."""
    colour, value = charts.RESULTS[row.result], row.value if row.value == row.value else 0
    panel.bar(at, 0, value, colour, height=0.55)
    if row.threshold is not None:
        panel.limit(at, row.threshold)
    text = f"{plain(row.value, 2) or '缺数据'}　{RESULTS[row.result][0]}"
    right = max(value, row.threshold or 0)
    panel.write(right, at, text, colour, shift=(6, 0))
    return right


def _stage_name(row: Verdict) -> str:
    if row.threshold is None:
        return STAGES[row.stage]
    return f"{STAGES[row.stage]}（{OPERATORS[row.compare]}{plain(row.threshold)}）"


def pupils_per_staff(case: Case, verdicts: Sequence[Verdict]) -> charts.Chart:
    """Draw pupils for each member of staff, stage by stage, with the norm as a mark."""
    rows = [verdict for verdict in verdicts if verdict.item == "pupils_per_staff"]
    title = f"{case.year.data_year}年学生与教职工之比"
    figure = charts.new_figure(2.2)
    (panel,) = figure.panels
    reached = [_stage_bar(panel, at, row) for at, row in enumerate(rows)]
    panel.y.name([_stage_name(row) for row in rows])
    panel.x.end = max(reached, default=1) * 1.42 or 1
    panel.x.number(6)
    panel.x.title = "每名教职工负担的学生（人），黑线为标准，不超过为达标"
    title = charts.entitle(figure, title, charts.said_of(row.result for row in rows))
    shown = (f"{STAGES[r.stage]}{plain(r.value, 2) or '缺数据'}" for r in rows)
    return charts.render(figure, f"{title}。{'；'.join(shown)}", mark=charts.mark_of(case))


def _pay_by_year(case: Case, code: str) -> dict[int, float]:
    years = (case.year.base_year, case.year.data_year, case.year.progress_year)
    by_year = [case.facts.get(code, data_year=year) for year in years]
    return {fact.data_year: fact.value for fact in by_year if fact.is_reported}


def _pay_bars(figure: charts.Figure, side: int, code: str, levels: dict[int, float]) -> str:
    colour, shift = (charts.COUNTY, charts.NATION)[side], (side - 0.5) * 0.38
    label = item(code).label.removesuffix("年平均工资收入")
    (panel,) = figure.panels
    figure.keys.append(charts.Key(label, colour))
    for year, value in levels.items():
        middle = year + shift
        panel.box((middle - 0.18, middle + 0.18), (value, 0), colour)
        style: dict[str, Any] = {"shift": (0, -3), "across": "center", "down": "bottom"}
        panel.write(middle, value, plain(value, 0), **style)
    return f"{label}" + "、".join(f"{year}年{plain(value)}" for year, value in levels.items())


def pay(case: Case) -> charts.Chart:
    """Draw average pay of compulsory teachers beside civil servants', year by year."""
    by_item = {code: _pay_by_year(case, code) for code in PAY_ITEMS}
    years = sorted({year for levels in by_item.values() for year in levels})
    figure = charts.new_figure(2.9)
    alt = [_pay_bars(figure, side, *entry) for side, entry in enumerate(by_item.items())]
    (panel,) = figure.panels
    if years:
        panel.x.start, panel.x.end = years[0] - 0.5, years[-1] + 0.5
        panel.x.ticks = [(year, f"{year}年") for year in years]
        panel.y.start = max(max(levels.values(), default=0) for levels in by_item.values()) * 1.2
        panel.y.end = 0
        panel.y.number(6)
    else:
        panel.say_only(NOTHING)
        figure.keys.clear()
    title = charts.entitle(figure, "年平均工资收入（元）", _pay_message(by_item))
    words = "；".join(alt) if years else NOTHING
    return charts.render(figure, f"{title}。{words}", mark=charts.mark_of(case))


def _pay_message(by_item: dict[str, dict[int, float]]) -> str:
    """Compare both in the newest year that has both."""
    teachers, servants = (by_item[code] for code in PAY_ITEMS)
    common = sorted({*teachers} & {*servants})
    if not common:
        return ""
    year = common[-1]
    difference = teachers[year] - servants[year]
    word = "多" if difference > 0 else "少"
    shown = f"比公务员{word}{plain(abs(difference), 0)}元" if difference else "与公务员相同"
    return f"{year}年义务教育教师{shown}"
