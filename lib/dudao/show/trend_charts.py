"""A county's levels over the years: beside the nation's, pay of teachers beside civil servants'."""

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from dudao.base.rounding import plain
from dudao.case import Case
from dudao.facts.items import STAGES, item
from dudao.indicators.declared import growth
from dudao.indicators.single_measures import PAY_ITEMS
from dudao.show import charts
from dudao.show.plot import Plot, steps

COLUMNS = 3  # panels in a row: the labels of five side by side would lie on each other
PAY_COLOURS = (charts.COUNTY, charts.NATION)
NATION, COUNTY = (charts.NATION, "全国"), (charts.COUNTY, "本县")


def _trend(axes: Plot, title: str, county: pd.Series, nation: pd.Series) -> None:
    """Draw one panel; the newest level of the county is labelled beside it, the first above.

    Where the nation's line runs above, the first level is labelled below: no number lies on a line.
    """
    axes.line(nation.index, nation, charts.NATION, marker="o", markersize=3)
    axes.line(county.index, county, charts.COUNTY, marker="s", markersize=5)
    for at, (year, value) in enumerate(county.items()):
        last = at == len(county) - 1
        below = not last and nation.get(year, nation.max()) > value
        style = {"ha": "right", "va": "top" if below else "bottom"}
        style = {"ha": "left", "va": "center"} if last else style
        shift = (7, 0) if last else (2, -7 if below else 7)
        axes.text(year, value, plain(value, 0), shift=shift, color=charts.COUNTY, **style)
    axes.head(title)
    years = sorted({*nation.index, *county.index})
    axes.write("below", {year: f"{year}" for year in (years[0], years[-1])})
    axes.set_across(years[0] - 0.6, years[-1] + 0.42 * max(len(years), 3))
    high = max([*county, *nation]) * 1.22
    axes.set_up(0, high)
    axes.levels(steps(high, 4))
    axes.edge()


def _trend_panels(
    case: Case, title: str, message: str, panels: dict[str, tuple[pd.Series, pd.Series]]
) -> charts.Chart:
    """Draw one panel per stage: the county's level over the years beside the nation's.

    panels: title of the panel -> (county by year, nation by year).
    """
    rows = -(-len(panels) // COLUMNS) or 1
    columns = min(len(panels), COLUMNS) or 1
    with charts.drawing(0.7 + 1.75 * rows, rows, columns) as grid:
        for axes, (name, (county, nation)) in zip(grid, panels.items(), strict=False):
            _trend(axes, name, county, nation)
        for axes in grid[len(panels) :]:
            axes.is_shown = False
        if panels:
            for marker, size, entry in (("o", 3, NATION), ("s", 5, COUNTY)):
                grid[0].sheet.add_key([entry], marker, markersize=size, linewidth=1.5)
        else:
            grid[0].say_instead(charts.NOTHING)
        shown = [
            f"{name}本县"
            + "、".join(f"{year}年{plain(value, 2)}" for year, value in county.items())
            for name, (county, _) in panels.items()
        ]
        return charts.finish(grid[0], title, message, shown, case=case)


def _growth_message(rates: Sequence[float]) -> str:
    """Say how many stages fell; nothing where no growth is known."""
    reported = [rate for rate in rates if not math.isnan(rate)]
    fallen = sum(rate < 0 for rate in reported)
    if not reported:
        return ""
    return (
        f"{len(reported)}个学段中{fallen}个下降" if fallen else f"{len(reported)}个学段都没有下降"
    )


def per_pupil_trend(case: Case, stages: Sequence[str], nation: Any) -> charts.Chart:
    """Draw per-pupil expenditure of each reported stage against the nation's."""
    panels, rates, facts = {}, [], case.facts
    for stage in stages:
        years = (facts.year.base_year, facts.year.data_year)
        levels = [facts.get("per_pupil_expenditure", stage, year) for year in years]
        county = pd.Series({f.data_year: f.value for f in levels if f.is_reported}, dtype=float)
        if not county.empty:
            rate = growth(facts, "per_pupil_expenditure_growth", stage).value
            rates.append(rate)
            grown = f"　{rate:+.2f}%" if not math.isnan(rate) else ""
            panels[f"{STAGES[stage]}{grown}"] = county, nation("per_pupil_expenditure", stage)
    return _trend_panels(case, "生均一般公共预算教育经费（元）", _growth_message(rates), panels)


def _pay_by_year(case: Case, code: str) -> dict[int, float]:
    by_year = [case.facts.get(code, data_year=year) for year in case.year.all]
    return {fact.data_year: fact.value for fact in by_year if fact.is_reported}


def _pay_bars(axes: Plot, side: int, code: str, levels: dict[int, float]) -> str:
    colour, shift = PAY_COLOURS[side], (side - 0.5) * 0.38
    positions = [year + shift for year in levels]
    for position, value in zip(positions, levels.values(), strict=True):
        axes.text(position, value, plain(value, 0), shift=(0, 3), ha="center", va="bottom")
        axes.bar(value / 2, 0.36, colour, height=value, left=position - 0.18)
    return _who(code) + "、".join(f"{year}年{plain(value)}" for year, value in levels.items())


def pay(case: Case) -> charts.Chart:
    """Draw average pay of compulsory teachers beside civil servants', year by year."""
    by_item = {code: _pay_by_year(case, code) for code in PAY_ITEMS}
    years = sorted({year for levels in by_item.values() for year in levels})
    with charts.drawing(2.9) as axes:
        shown = [_pay_bars(axes, side, *entry) for side, entry in enumerate(by_item.items())]
        highest = max(max(levels.values(), default=0) for levels in by_item.values()) or 1
        _finish_pay(axes, years, highest)
        shown, message = shown if years else [], _pay_message(by_item)
        return charts.finish(axes, "年平均工资收入（元）", message, shown, case=case)


def _who(code: str) -> str:
    return item(code).label.removesuffix("年平均工资收入")


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


def _finish_pay(axes: Plot, years: list[int], highest: float) -> None:
    if not years:
        axes.say_instead(charts.NOTHING)
        return
    axes.write("below", {year: f"{year}年" for year in years})
    axes.set_across(years[0] - 0.5, years[-1] + 0.5)
    axes.set_up(0, highest * 1.15)
    axes.levels(steps(highest * 1.15))
    axes.edge()
    axes.sheet.add_key(zip(PAY_COLOURS, map(_who, PAY_ITEMS), strict=True))
