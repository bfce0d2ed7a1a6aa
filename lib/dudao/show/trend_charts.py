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
PAY = dict(zip(PAY_ITEMS, (charts.COUNTY, charts.NATION), strict=True))  # colour of each
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


def pay(case: Case) -> charts.Chart:
    """Draw average pay of compulsory teachers beside civil servants', year by year."""
    facts = {code: [case.facts.get(code, data_year=year) for year in case.year.all] for code in PAY}
    by_item = {c: {f.data_year: f.value for f in of if f.is_reported} for c, of in facts.items()}
    names = {code: item(code).label.removesuffix("年平均工资收入") for code in PAY}
    years = sorted({year for levels in by_item.values() for year in levels})
    shown, highest = [], max((max(v.values()) for v in by_item.values() if v), default=0) or 1
    with charts.drawing(2.9) as axes:
        for side, (code, levels) in enumerate(by_item.items()):
            for year, value in levels.items():
                at, above = year + (side - 0.5) * 0.38, {"ha": "center", "va": "bottom"}
                axes.text(at, value, plain(value, 0), shift=(0, 3), **above)
                axes.bar(value / 2, 0.36, PAY[code], height=value, left=at - 0.18)
            listed = "、".join(f"{year}年{plain(value)}" for year, value in levels.items())
            shown.append(names[code] + listed)
        if years:
            axes.write("below", {year: f"{year}年" for year in years})
            axes.set_across(years[0] - 0.5, years[-1] + 0.5)
            axes.set_up(0, highest * 1.15)
            axes.levels(steps(highest * 1.15))
            axes.edge()
            axes.sheet.add_key((colour, names[code]) for code, colour in PAY.items())
        else:
            axes.say_instead(charts.NOTHING)
        title, clauses = "年平均工资收入（元）", shown if years else []
        return charts.finish(axes, title, _pay_message(*by_item.values()), clauses, case=case)


def _pay_message(teachers: dict[int, float], servants: dict[int, float]) -> str:
    """Compare both in the newest year that has both."""
    common = {*teachers} & {*servants}
    if not common:
        return ""
    year = max(common)
    difference = teachers[year] - servants[year]
    word = "多" if difference > 0 else "少"
    shown = f"比公务员{word}{plain(abs(difference), 0)}元" if difference else "与公务员相同"
    return f"{year}年义务教育教师{shown}"
