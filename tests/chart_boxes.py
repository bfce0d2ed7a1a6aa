"""Measuring the text of a figure: what lies on other text, and what runs out of the frame."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from dudao.show import charts

TOLERANCE = 1.5  # pixels at 100 dpi: boxes of letters are a little larger than their ink


def _drawn(figure: Figure) -> list[Text]:
    """Return what is really drawn: matplotlib keeps tick labels outside the range of an axis."""
    drawn, draw = [], Text.draw

    def recording(text: Text, *arguments: object, **named: object) -> None:
        drawn.append(text)
        draw(text, *arguments, **named)

    Text.draw = recording
    try:
        FigureCanvasAgg(figure).draw()
    finally:
        Text.draw = draw
    unique = {id(text): text for text in drawn if text.get_visible() and text.get_text().strip()}
    return list(unique.values())


def _texts(figure: Figure) -> list[tuple[str, Bbox]]:
    """Return the texts that stand upright or level, with their boxes; a leaning box is no box."""
    straight = [text for text in _drawn(figure) if text.get_rotation() % 90 == 0]
    renderer = figure.canvas.get_renderer()
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


@contextmanager
def measured() -> Iterator[dict[str, list[str]]]:
    """Measure every figure that is rendered: its text alternative -> faults."""
    found: dict[str, list[str]] = {}
    render = charts.render

    def measuring(figure: Figure, alt: str, *, mark: str = "") -> charts.Chart:
        chart = render(figure, alt, mark=mark)
        found[alt] = faults(figure)
        return chart

    charts.render = measuring
    try:
        yield found
    finally:
        charts.render = render
