"""Trends: a county's level over the years beside the nation's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from dudao.base.rounding import plain
from dudao.case import Case
from dudao.facts.items import STAGES
from dudao.indicators.declared import growth
from dudao.show import charts

COLUMNS = 3  # panels in a row: the labels of five side by side would lie on each other


def _trend(axes: Axes, title: str, county: pd.Series, nation: pd.Series) -> None:
    """Draw one panel; the newest level of the county is labelled beside it, the first above.

    Where the nation's line runs above, the first level is labelled below: no number lies on a line.
    """
    axes.plot(nation.index, nation, color=charts.NATION, marker="o", markersize=3, label="全国")
    axes.plot(county.index, county, color=charts.COUNTY, marker="s", markersize=5, label="本县")
    for at, (year, value) in enumerate(county.items()):
        last = at == len(county) - 1
        below = not last and nation.get(year, nation.max()) > value
        style = {"ha": "right", "va": "top" if below else "bottom"}
        style = {"ha": "left", "va": "center"} if last else style
        axes.annotate(
            plain(value, 0),
            (year, value),
            xytext=(7, 0) if last else (2, -7 if below else 7),
            textcoords="offset points",
            color=charts.COUNTY,
            **style,
        )
    axes.set_title(title)
    years = sorted({*nation.index, *county.index})
    shown = sorted({years[0], years[-1]})
    axes.set_xticks(shown, [f"{year}" for year in shown])
    axes.set_xlim(years[0] - 0.6, years[-1] + 0.42 * max(len(years), 3))
    axes.set_ylim(0, max([*county, *nation]) * 1.22)
    axes.locator_params(axis="y", nbins=4)
    axes.grid(axis="y", color=charts.GRID, linewidth=0.6)


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
    rows = -(-len(panels) // COLUMNS) or 1
    columns = min(len(panels), COLUMNS) or 1
    with charts.house_style():
        figure = charts.new_figure(7.2, 0.7 + 1.75 * rows)
        grid = figure.subplots(rows, columns, squeeze=False).ravel()
        for axes, (name, (county, nation)) in zip(grid, panels.items(), strict=False):
            _trend(axes, name, county, nation)
        for axes in grid[len(panels) :]:
            axes.set_axis_off()
        if panels:
            handles = grid[0].get_legend_handles_labels()
            figure.legend(*handles, loc="outside lower left", ncols=2, frameon=False)
        else:
            grid[0].text(0.5, 0.5, charts.NOTHING, ha="center", va="center")
            grid[0].set_axis_off()
        shown = [
            f"{name}本县"
            + "、".join(f"{year}年{plain(value, 2)}" for year, value in county.items())
            for name, (county, _) in panels.items()
        ]
        return charts.finish(figure, title, message, shown, mark=mark)


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
