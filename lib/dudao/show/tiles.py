"""The points of a scheme as tiles, a row for each primary: colour, sign and number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from dudao.case import Case
from dudao.judging import PointVerdict
from dudao.show import charts
from dudao.show.words import RESULTS

_SIGNS = {"not_met": "×"}  # the font of charts lacks ✗


def _sign(result: str) -> str:
    return _SIGNS.get(result, RESULTS[result][1])


def point_tiles(case: Case, points: Sequence[PointVerdict]) -> charts.Chart:
    """Draw every point of the scheme as a tile in the row of its primary."""
    titles = case.framework.primary_titles
    rows = [[p for p in points if p.point.primary == key] for key in titles]
    figure = charts.new_figure(1.0 + 0.3 * len(rows))
    (panel,) = figure.panels
    for at, row in enumerate(rows):
        for column, verdict in enumerate(row):
            colour, text = (
                charts.RESULTS[verdict.result],
                f"{_sign(verdict.result)} {verdict.point.id}",
            )
            panel.box((column + 0.03, column + 0.97), (at - 0.42, at + 0.42), colour)
            panel.write(column + 0.5, at, text, "#fff", across="center", size=8)
    panel.x.end = max(map(len, rows), default=0) or 1
    panel.y.name([f"{key} {title}" for key, title in titles.items()], room=0.5)
    panel.x.has_line = panel.y.has_line = False
    counts = Counter(p.result for p in points)
    present = [result for result in RESULTS if counts[result]]
    figure.keys = [
        charts.Key(f"{_sign(result)} {RESULTS[result][0]}", charts.RESULTS[result])
        for result in present
    ]
    message = "，".join(f"{RESULTS[name][0]}{counts[name]}个" for name in present)
    title = charts.entitle(figure, "各要点结果", message)
    listed = "、".join(f"{p.point.id}{RESULTS[p.result][0]}" for p in points)
    return charts.render(figure, f"{title}。{listed}", mark=charts.mark_of(case))
