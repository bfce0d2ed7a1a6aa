"""Trends: a county's level over the years beside the nation's."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes

from dudao.base.rounding import plain
from dudao.case import Case
from dudao.facts.items import STAGES
from dudao.indicators.declared import growth
from dudao.show import charts


def _trend(axes: Axes, title: str, county: pd.Series, nation: pd.Series) -> None:
    axes.plot(nation.index, nation, color=charts.NATION, marker="o", markersize=3, label="全国")
    axes.plot(county.index, county, color=charts.COUNTY, marker="s", markersize=5, label="本县")
    for year, value in county.items():
        axes.annotate(
            plain(value, 0), (year, value), xytext=(0, 6), textcoords="offset points", ha="center"
        )
    axes.set_title(title)
    years = sorted({*nation.index, *county.index})
    axes.set_xticks(years[::-2], [f"{year}" for year in years[::-2]])
    axes.set_ylim(0, max([*county, *nation]) * 1.18)
    axes.grid(axis="y", color=charts.GRID, linewidth=0.6)


def trend_panels(
    title: str, panels: dict[str, tuple[pd.Series, pd.Series]], *, mark: str = ""
) -> charts.Chart:
    """Draw one panel per stage: the county's level over the years beside the nation's.

    panels: title of the panel -> (county by year, nation by year).
    """
    with charts.house_style():
        figure = charts.new_figure(7.2, 2.9)
        axes = figure.subplots(1, max(len(panels), 1), squeeze=False)[0]
        for ax, (name, (county, nation)) in zip(axes, panels.items(), strict=False):
            _trend(ax, name, county, nation)
        if panels:
            axes[0].legend(frameon=False, loc="lower right")
        else:
            axes[0].text(0.5, 0.5, "没有可画的数据", ha="center", va="center")
            axes[0].set_axis_off()
        figure.suptitle(title, x=0.01, ha="left", weight="bold")
        alt = "；".join(
            f"{name}本县"
            + "、".join(f"{year}年{plain(value, 2)}" for year, value in county.items())
            for name, (county, _) in panels.items()
        )
        return charts.render(figure, f"{title}。{alt or '没有可画的数据'}")


def per_pupil_trend(case: Case, stages: Sequence[str], nation) -> charts.Chart:
    """Draw per-pupil expenditure of each reported stage against the nation's."""
    panels, facts = {}, case.facts
    for stage in stages:
        years = (facts.year.base_year, facts.year.data_year)
        found = [facts.get("per_pupil_expenditure", stage, year) for year in years]
        county = pd.Series({f.data_year: f.value for f in found if f.is_reported}, dtype=float)
        if not county.empty:
            rate = growth(facts, "per_pupil_expenditure_growth", stage).value
            grown = f"　{rate:+.2f}%" if rate == rate else ""
            panels[f"{STAGES[stage]}{grown}"] = county, nation("per_pupil_expenditure", stage)
    title = "生均一般公共预算教育经费（元）"
    return trend_panels(title, panels, mark=charts.mark_of(case))
