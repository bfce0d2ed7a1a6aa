"""Figures of the teaching staff: pupils for each member against the norm, pay over the years."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from dudao.base.rounding import plain
from dudao.case import Case
from dudao.facts.items import STAGES, item
from dudao.indicators.teachers import PAY_ITEMS
from dudao.judging import Verdict
from dudao.show import charts
from dudao.show.words import RESULTS, limit_words


def _stage_bar(axes: Axes, position: int, row: Verdict) -> None:
    colour, is_known = charts.RESULTS[row.result], row.value == row.value
    axes.barh(position, row.value if is_known else 0, height=0.55, color=colour)
    if row.threshold is not None:
        edges = [position - 0.4, position + 0.4]
        axes.plot([row.threshold] * 2, edges, color=charts.INK, linewidth=1.8)
    text = f"{plain(row.value, 2) or '缺数据'}　{RESULTS[row.result][0]}"
    right = max(row.value if is_known else 0, row.threshold or 0)
    axes.text(right + 0.4, position, text, va="center", color=colour)


def _stage_name(row: Verdict) -> str:
    limit = limit_words(row.compare, row.threshold)
    return f"{STAGES[row.stage]}（{limit}）" if limit else STAGES[row.stage]


def pupils_per_staff(case: Case, verdicts: Sequence[Verdict]) -> charts.Chart:
    """Draw pupils for each member of staff, stage by stage, with the norm as a mark."""
    rows = [verdict for verdict in verdicts if verdict.item == "pupils_per_staff"]
    title = f"{case.year.data_year}年学生与教职工之比"
    with charts.house_style():
        figure = charts.new_figure(7.2, 2.2)
        axes = figure.subplots()
        for position, row in enumerate(rows):
            _stage_bar(axes, position, row)
        axes.set_yticks(range(len(rows)), [_stage_name(row) for row in rows])
        axes.invert_yaxis()
        axes.set_xlim(0, axes.get_xlim()[1] * 1.35)
        axes.set_xlabel("每名教职工负担的学生（人），黑线为标准，不超过为达标", loc="left")
        axes.tick_params(length=0)
        message = charts.said_of(row.result for row in rows)
        shown = (f"{STAGES[r.stage]}{plain(r.value, 2) or '缺数据'}" for r in rows)
        return charts.finish(figure, title, message, shown, mark=charts.mark_of(case))


def _pay_by_year(case: Case, code: str) -> dict[int, float]:
    by_year = [case.facts.get(code, data_year=year) for year in case.year.all]
    return {fact.data_year: fact.value for fact in by_year if fact.is_reported}


def _pay_bars(axes: Axes, side: int, code: str, levels: dict[int, float]) -> str:
    colour, shift = (charts.COUNTY, charts.NATION)[side], (side - 0.5) * 0.38
    places = [year + shift for year in levels]
    label = item(code).label.removesuffix("年平均工资收入")
    axes.bar(places, list(levels.values()), width=0.36, color=colour, label=label)
    for position, value in zip(places, levels.values(), strict=True):
        above = {"xytext": (0, 3), "textcoords": "offset points", "ha": "center", "va": "bottom"}
        axes.annotate(plain(value, 0), (position, value), **above)
    return f"{label}" + "、".join(f"{year}年{plain(value)}" for year, value in levels.items())


def pay(case: Case) -> charts.Chart:
    """Draw average pay of compulsory teachers beside civil servants', year by year."""
    title = "年平均工资收入（元）"
    by_item = {code: _pay_by_year(case, code) for code in PAY_ITEMS}
    years = sorted({year for levels in by_item.values() for year in levels})
    with charts.house_style():
        figure = charts.new_figure(7.2, 2.9)
        axes = figure.subplots()
        shown = [_pay_bars(axes, side, *entry) for side, entry in enumerate(by_item.items())]
        _finish_pay(axes, years)
        message, mark = _pay_message(by_item), charts.mark_of(case)
        return charts.finish(figure, title, message, shown if years else (), mark=mark)


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


def _finish_pay(axes: Axes, years: list[int]) -> None:
    axes.set_xticks(years, [f"{year}年" for year in years])
    if not years:
        middle = {"ha": "center", "va": "center", "transform": axes.transAxes}
        axes.text(0.5, 0.5, charts.NOTHING, **middle)
        axes.set_axis_off()
        return
    axes.set_ylim(0, axes.get_ylim()[1] * 1.25)
    axes.tick_params(length=0)
    axes.legend(frameon=False, loc="upper left", ncols=2)
