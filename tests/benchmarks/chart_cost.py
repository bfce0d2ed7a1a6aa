"""Cost of drawing: three charts of a county."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

from dudao.base import reference
from dudao.case import open_case
from dudao.indicators import funding
from dudao.show import bar_charts, trend_charts

COUNTY, YEAR, TIMES = "990100", 2024, 7


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


def _seconds(draw: Callable[[], None]) -> float:
    started = time.process_time()
    draw()
    return time.process_time() - started


def main() -> None:
    """Print the computing of three charts, once warm."""
    draw = _three()
    draw()
    found = sorted(_seconds(draw) for _ in range(TIMES))
    print(f"three charts: {median(found):.3f} s of a core ({found[0]:.3f} to {found[-1]:.3f})")


if __name__ == "__main__":
    main()
