"""Cost of drawing: three charts of ours against one of matplotlib, as notebooks write it."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from statistics import median

from matplotlib.figure import Figure

from dudao.base import reference
from dudao.case import open_case
from dudao.indicators import funding
from dudao.show import bar_charts, trend_charts

COUNTY, YEAR, PAIRS, BARS = "990100", 2024, 7, 13


def _three() -> Callable[[], None]:
    """Return a function that draws three charts of one county."""
    money = open_case(COUNTY, YEAR, "02_funding")
    basics = open_case(COUNTY, YEAR, "03_basic_education")
    paid = money.judge(money.measures("02_funding"))
    judged = basics.judge(basics.measures("03_basic_education"))
    preschool = bar_charts.about(
        basics, judged, "preschool_access", "preschool_guarantee", "preschool_quality"
    )

    def draw() -> None:
        trend_charts.per_pupil_trend(money, funding.JUDGED_STAGES, reference.national_per_pupil)
        bar_charts.cost_sharing(money, paid)
        bar_charts.against_standard(basics, "学前教育普及普惠", preschool)

    return draw


def _one_of_matplotlib() -> None:
    """Draw named bars with their numbers, trimmed as the inline backend does."""
    figure = Figure(figsize=(7.2, 4.5))
    axes = figure.subplots()
    axes.barh(range(BARS), range(BARS))
    axes.set_yticks(range(BARS), [f"Bar number {at}" for at in range(BARS)])
    for at in range(BARS):
        axes.text(at, at, f"{at} %", va="center")
    figure.savefig(io.StringIO(), format="svg", bbox_inches="tight")


def _seconds(draw: Callable[[], None]) -> float:
    started = time.perf_counter()
    draw()
    return time.perf_counter() - started


def main() -> None:
    """Print seconds of both, and the ratio of pairs with its spread."""
    draw = _three()
    for way in (draw, _one_of_matplotlib):
        way()
    pairs = [(_seconds(draw), _seconds(_one_of_matplotlib)) for _ in range(PAIRS)]
    ratios = sorted(theirs / ours for ours, theirs in pairs)
    ours, theirs = (median(one) for one in zip(*pairs, strict=True))
    print(f"three charts: {ours:.3f} s; one chart of matplotlib with {BARS} bars: {theirs:.3f} s")
    print(f"ratio {median(ratios):.0f} ({ratios[0]:.0f} to {ratios[-1]:.0f})")


if __name__ == "__main__":
    main()
