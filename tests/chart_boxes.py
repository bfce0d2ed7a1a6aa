"""Measuring the text of a figure: what lies on other text, bars and lines, or out of the frame."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager

from dudao.show import charts
from dudao.show.drawing import Box, Line, Text

TOLERANCE = 1.1  # points: boxes of letters are a little larger than their ink
Edges = tuple[float, float, float, float]  # left, top, right, bottom


def _overlap(one: Edges, other: Edges) -> bool:
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return wide > TOLERANCE and high > TOLERANCE


def _is_inside(box: Edges, frame: Edges, tolerance: float) -> bool:
    near = all(box[at] > frame[at] - tolerance for at in (0, 1))
    return near and all(box[at] < frame[at] + tolerance for at in (2, 3))


def faults(figure: charts.Figure) -> list[str]:
    """Say which texts of a figure lie on each other and which leave its frame.

    A leaning text is measured against the frame alone: the box around it is no box of ink.
    """
    texts = [shape for shape in charts.shapes(figure) if isinstance(shape, Text) and shape.words]
    frame = (0, 0, charts.WIDTH, figure.height)
    found = [f"out of the frame: {t.words}" for t in texts if not _is_inside(t.box, frame, 0.5)]
    straight = [text for text in texts if text.turn % 90 == 0]
    for one, other in itertools.combinations(straight, 2):
        if _overlap(one.box, other.box):
            found.append(f"on each other: {one.words} / {other.words}")
    return found


def _crosses(box: Edges, line: Line) -> bool:
    """Whether a line runs through the middle of a text: what a reader cannot tell from its ink."""
    left, top, right, bottom = box
    inset = 2 * TOLERANCE
    for (x0, y0), (x1, y1) in itertools.pairwise(line.points):
        for step in range(41):
            x, y = x0 + step / 40 * (x1 - x0), y0 + step / 40 * (y1 - y0)
            if left + inset < x < right - inset and top + inset < y < bottom - inset:
                return True
    return False


def hidden(figure: charts.Figure) -> list[str]:
    """Say which texts in the plots of a figure a bar cuts or a line runs through."""
    found, shapes = [], list(charts.shapes(figure))
    bars = [(s.left, s.top, s.right, s.bottom) for s in shapes if isinstance(s, Box)]
    lines = [s for s in shapes if isinstance(s, Line) and s.ink != charts.GRID]
    written = {note.words for panel in figure.panels for note in panel.notes}
    for text in shapes:
        if not isinstance(text, Text) or text.words not in written or not text.words.strip():
            continue
        cut = [bar for bar in bars if _overlap(text.box, bar)]
        if not all(_is_inside(text.box, bar, 2 * TOLERANCE) for bar in cut):
            found.append(f"a bar cuts: {text.words}")
        if any(_crosses(text.box, line) for line in lines):
            found.append(f"a line crosses: {text.words}")
    return found


@contextmanager
def measured() -> Iterator[dict[str, list[str]]]:
    """Measure every figure that is rendered: its text alternative -> faults."""
    found: dict[str, list[str]] = {}
    render = charts.render

    def measuring(figure: charts.Figure, alt: str, *, mark: str = "") -> charts.Chart:
        chart = render(figure, alt, mark=mark)
        found[alt] = [*faults(figure), *hidden(figure)]
        return chart

    charts.render = measuring
    try:
        yield found
    finally:
        charts.render = render
