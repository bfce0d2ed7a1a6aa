"""Cost of drawing: three charts in the house's way against a notebook's default way."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from statistics import median

from dudao.base import reference
from dudao.case import open_case
from dudao.indicators import funding
from dudao.show import bar_charts, charts, trend_charts

COUNTY, YEAR, PAIRS = "990100", 2024, 7


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


def _as_notebooks_do(figure, alt: str, *, mark: str = "") -> charts.Chart:
    """Write the same figure in constrained layout, trimmed as the inline backend does."""
    if mark:
        figure.text(0.995, 0.985, mark, ha="right", va="top")
    figure.set_layout_engine("constrained")
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", bbox_inches="tight")
    return charts.Chart(buffer.getvalue(), alt)


def _seconds(draw: Callable[[], None], render: Callable) -> float:
    own, charts.render = charts.render, render
    started = time.perf_counter()
    try:
        draw()
    finally:
        charts.render = own
    return time.perf_counter() - started


def _pair(draw: Callable[[], None], own: Callable, *, ours_first: bool) -> tuple[float, float]:
    if ours_first:
        return _seconds(draw, own), _seconds(draw, _as_notebooks_do)
    theirs = _seconds(draw, _as_notebooks_do)
    return _seconds(draw, own), theirs


def main() -> None:
    """Print seconds of three charts in both ways, and the ratio of pairs with its spread."""
    draw, own = _three(), charts.render
    for render in (own, _as_notebooks_do):
        _seconds(draw, render)
    pairs = [_pair(draw, own, ours_first=turn % 2 == 0) for turn in range(PAIRS)]
    ratios = sorted(theirs / ours for ours, theirs in pairs)
    ours, theirs = (median(one) for one in zip(*pairs, strict=True))
    print(f"three charts: {ours:.2f} s, written as notebooks do {theirs:.2f} s")
    print(f"ratio {median(ratios):.1f} ({ratios[0]:.1f} to {ratios[-1]:.1f})")


if __name__ == "__main__":
    main()
