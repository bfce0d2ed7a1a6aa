"""The points of a scheme as tiles, a row for each primary: colour, sign and number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from dudao.case import Case
from dudao.judging import PointVerdict
from dudao.show import charts
from dudao.show.words import RESULTS

_SIGNS = {"not_met": "×"}  # the font of charts lacks ✗


def _tile(axes: Axes, column: int, row: int, verdict: PointVerdict) -> None:
    colour = charts.RESULTS[verdict.result]
    sign = _SIGNS.get(verdict.result, RESULTS[verdict.result][1])
    axes.add_patch(Rectangle((column + 0.03, row - 0.42), 0.94, 0.84, color=colour))
    text = f"{sign} {verdict.point.id}"
    axes.text(column + 0.5, row, text, ha="center", va="center", color="white", size=8)


def point_tiles(case: Case, points: Sequence[PointVerdict]) -> charts.Chart:
    """Draw every point of the scheme as a tile in the row of its primary."""
    titles = case.framework.primary_titles
    rows = {key: [p for p in points if p.point.primary == key] for key in titles}
    with charts.house_style():
        figure = charts.new_figure(7.2, 1.0 + 0.3 * len(rows))
        axes = figure.subplots()
        for at, verdicts in enumerate(rows.values()):
            for column, point in enumerate(verdicts):
                _tile(axes, column, at, point)
        axes.set_xlim(0, max(map(len, rows.values()), default=1))
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.set_yticks(range(len(rows)), [f"{key} {title}" for key, title in titles.items()])
        axes.set_xticks([])
        axes.tick_params(length=0)
        for side in axes.spines.values():
            side.set_visible(False)
        present = [result for result in RESULTS if any(p.result == result for p in points)]
        for result in present:
            label = f"{_SIGNS.get(result, RESULTS[result][1])} {RESULTS[result][0]}"
            axes.add_patch(Rectangle((0, 0), 0, 0, color=charts.RESULTS[result], label=label))
        figure.legend(loc="outside lower left", ncols=4, frameon=False)
        counts = Counter(p.result for p in points)
        message = "，".join(
            f"{RESULTS[name][0]}{counts[name]}个" for name in RESULTS if counts[name]
        )
        listed = "、".join(f"{p.point.id}{RESULTS[p.result][0]}" for p in points)
        return charts.finish(figure, "各要点结果", message, [listed], mark=charts.mark_of(case))
