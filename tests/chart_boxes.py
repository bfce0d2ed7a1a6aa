"""Measuring the text of a figure: what lies on other text, bars and lines, or out of the frame."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from dudao.show import charts
from dudao.show.plot import Sheet

TOLERANCE = 1.1  # points: boxes of letters are a little larger than their ink


def _texts(figure: Figure) -> list[tuple[str, Bbox]]:
    """Return the texts that stand upright or level, with their boxes; a leaning box is no box."""
    written = [text for text in figure.findobj(Text) if text.get_text().strip()]
    straight = [text for text in written if text.get_rotation() % 90 == 0]
    renderer = FigureCanvasAgg(figure).get_renderer()
    return [(text.get_text(), text.get_window_extent(renderer)) for text in straight]


def faults(figure: Figure) -> list[str]:
    """Say which texts of a figure lie on each other and which leave its frame."""
    found, frame = [], figure.bbox
    boxes = _texts(figure)
    for text, box in boxes:
        outside = max(frame.x0 - box.x0, frame.y0 - box.y0, box.x1 - frame.x1, box.y1 - frame.y1)
        if outside > TOLERANCE:
            found.append(f"out of the frame by {outside:.0f}: {text}")
    for (one, a), (other, b) in itertools.combinations(boxes, 2):
        wide = min(a.x1, b.x1) - max(a.x0, b.x0)
        high = min(a.y1, b.y1) - max(a.y0, b.y0)
        if wide > TOLERANCE and high > TOLERANCE:
            found.append(f"on each other: {one} / {other}")
    return found


def _cut(box: Bbox, bar: Bbox) -> bool:
    """Whether the edge of a bar runs through a text: it lies neither beside the bar nor in it."""
    wide = min(box.x1, bar.x1) - max(box.x0, bar.x0)
    high = min(box.y1, bar.y1) - max(box.y0, bar.y0)
    inside = (
        box.x0 > bar.x0 - TOLERANCE
        and box.x1 < bar.x1 + TOLERANCE
        and box.y0 > bar.y0 - 2 * TOLERANCE
        and box.y1 < bar.y1 + 2 * TOLERANCE
    )
    return wide > TOLERANCE and high > TOLERANCE and not inside


def _strokes(sheet: Sheet) -> Iterator[tuple[float, float, float, float]]:
    """Yield the pieces of all lines that are drawn, in points."""
    for plot in sheet.plots:
        for line in plot.lines:
            if line.get_linestyle() == "None":
                continue
            points = line.get_transform().transform(line.get_xydata())
            for (x0, y0), (x1, y1) in itertools.pairwise(points):
                yield x0, y0, x1, y1


def _crosses(box: Bbox, stroke: tuple[float, float, float, float]) -> bool:
    """Whether a line runs through the middle of a text: what a reader cannot tell from its ink."""
    inner = box.padded(-2 * TOLERANCE)
    x0, y0, x1, y1 = stroke
    steps = [step / 40 for step in range(41)]
    return any(inner.contains(x0 + s * (x1 - x0), y0 + s * (y1 - y0)) for s in steps)


def hidden(sheet: Sheet) -> list[str]:
    """Say which texts in the plots of a figure a bar cuts or a line runs through."""
    found, renderer = [], FigureCanvasAgg(sheet.figure).get_renderer()
    strokes = list(_strokes(sheet))
    for plot in sheet.plots:
        bars = [bar.get_window_extent(renderer) for bar in plot.bars]
        for text in plot.texts:
            if not text.get_text().strip() or text.get_rotation() % 90:
                continue
            box = text.get_window_extent(renderer)
            if any(_cut(box, bar) for bar in bars):
                found.append(f"a bar cuts: {text.get_text()}")
            if any(_crosses(box, stroke) for stroke in strokes):
                found.append(f"a line crosses: {text.get_text()}")
    return found


@contextmanager
def measured() -> Iterator[dict[str, list[str]]]:
    """Measure every figure that is rendered: its text alternative -> faults."""
    found: dict[str, list[str]] = {}
    render = charts.render

    def measuring(sheet: Sheet, alt: str, *, mark: str = "") -> charts.Chart:
        chart = render(sheet, alt, mark=mark)
        found[alt] = [*faults(sheet.figure), *hidden(sheet)]
        return chart

    charts.render = measuring
    try:
        yield found
    finally:
        charts.render = render
