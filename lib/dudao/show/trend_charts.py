"""Trends: a county's level over the years beside the nation's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from dudao.base.rounding import plain
from dudao.case import Case
from dudao.facts.items import STAGES
from dudao.indicators.declared import growth
from dudao.show import charts

COLUMNS = 3  # panels in a row: the labels of five side by side would lie on each other


def _trend(panel: charts.Panel, county: pd.Series, nation: pd.Series) -> None:
    """Draw one panel; the newest level of the county is labelled beside it, the first above.

    Where the nation's line runs above, the first level is labelled below: no number lies on a line.
    """
    panel.line(nation.index, nation, charts.NATION)
    panel.marks(nation.index, nation, "dot", size=4, ink=charts.NATION)
    panel.line(county.index, county, charts.COUNTY)
    panel.marks(county.index, county, "square", size=6, ink=charts.COUNTY)
    for at, (year, value) in enumerate(county.items()):
        if at == len(county) - 1:
            style: dict[str, Any] = {"shift": (7, 0)}
        elif nation.get(year, nation.max()) > value:
            style = {"shift": (-2, 7), "across": "right", "down": "top"}
        else:
            style = {"shift": (-2, -7), "across": "right", "down": "bottom"}
        panel.write(year, value, plain(value, 0), charts.COUNTY, **style)
    years = sorted({*nation.index, *county.index})
    panel.x.ticks = [(year, f"{year}") for year in sorted({years[0], years[-1]})]
    panel.x.start, panel.x.end = years[0] - 0.6, years[-1] + 0.42 * max(len(years), 3)
    panel.y.start, panel.y.end = max([*county, *nation]) * 1.22, 0
    panel.y.number(4)
    panel.y.has_grid = panel.x.has_ticks = panel.y.has_ticks = True


def trend_panels(
    title: str,
    panels: dict[str, tuple[pd.Series, pd.Series]],
    *,
    message: str = "",
    mark: str = "",
) -> charts.Chart:
    """Draw one panel per stage: the county's level over the years beside the nation's.

    panels: title of the panel -> (county by year, nation by year).
    """
    rows, columns = -(-len(panels) // COLUMNS) or 1, min(len(panels), COLUMNS) or 1
    figure = charts.new_figure(0.7 + 1.75 * rows, len(panels) or 1, columns)
    for panel, (name, levels) in zip(figure.panels, panels.items(), strict=False):
        panel.title = name
        _trend(panel, *levels)
    if panels:
        figure.keys = [charts.Key("全国", charts.NATION, "line", "dot")]
        figure.keys.append(charts.Key("本县", charts.COUNTY, "line", "square"))
    else:
        figure.panels[0].say_only("没有可画的数据")
    caption = charts.entitle(figure, title, message)
    alt = "；".join(
        f"{name}本县" + "、".join(f"{year}年{plain(value, 2)}" for year, value in county.items())
        for name, (county, _) in panels.items()
    )
    return charts.render(figure, f"{caption}。{alt or '没有可画的数据'}", mark=mark)


def _growth_message(rates: Sequence[float]) -> str:
    """Say how many stages fell; nothing where no growth is known."""
    reported = [rate for rate in rates if rate == rate]
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
            grown = f"　{rate:+.2f}%" if rate == rate else ""
            panels[f"{STAGES[stage]}{grown}"] = county, nation("per_pupil_expenditure", stage)
    title = "生均一般公共预算教育经费（元）"
    message = _growth_message(rates)
    return trend_panels(title, panels, message=message, mark=charts.mark_of(case))
