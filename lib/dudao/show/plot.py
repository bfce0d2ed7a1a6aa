"""Plots on one sheet, of matplotlib's marks and texts, each laid out by the words around it.

An axis of matplotlib makes two texts and three marks for every word beside a plot, and measures
them several times; here a word is one text, and what looks alike is one mark.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import (
    Affine2D,
    Bbox,
    BboxTransformFrom,
    BboxTransformTo,
    blended_transform_factory,
)

from dudao.base.rounding import plain
from dudao.show.lettering import Renderer

INK, MUTED, GRID = "#1b1b1b", "#5f6368", "#dddddd"
WIDTH = 7.2  # inches
SIZE, TITLE = 9, 10  # points of words and of the title of a plot
POINTS = 72  # to an inch
_PAD, _GAP = 3.0, 8.0  # points around all, and between plots
_BESIDE = 3.5  # points from a plot to the words beside it
_SIGN, _THICK = 18, 6.3  # points of a colour in the key
_ABOVE_TITLE = 6  # points from a plot to its title, and that much for its letters' own room


@dataclass(frozen=True)
class _Around:
    """Points that words take left of, above and below a plot, and beyond where they begin."""

    left: float = 0
    above: float = 0
    below: float = 0
    ends: tuple[tuple[float, float], ...] = ()  # share of the width of the plot, points beyond it

    def widest(self, room: float) -> float:
        """Return how wide the plot may be, so that what is written keeps within the room."""
        return min([room, *((room - end) / share for share, end in self.ends if share > 0)])


class Plot:
    """One plot of a sheet: bars, lines and texts in it, words beside it.

    is_shown: whether it is more than a text in an empty place.
    """

    def __init__(self, sheet: Sheet) -> None:
        """Begin an empty plot from 0 to 1 both ways; the sheet gives it its place."""
        self.sheet, self.is_shown, self.title = sheet, True, ""
        self.place, self._view = Bbox.unit(), Bbox.unit()
        self.inside = BboxTransformTo(self.place)  # shares of the plot
        self.data = BboxTransformFrom(self._view) + self.inside
        self.bars: list[Rectangle] = []
        self.lines: list[Line2D] = []
        self.texts: list[Text] = []
        self._beside: dict[str, list[Text]] = {"left": [], "below": [], "above": []}

    def set_across(self, low: float, high: float) -> None:
        """Say what stands at the left and at the right edge."""
        self._view.intervalx = low, high

    def set_up(self, low: float, high: float) -> None:
        """Say what stands at the lower and at the upper edge."""
        self._view.intervaly = low, high

    def bar(
        self, row: float, width: float, colour: str, *, height: float, left: float = 0, **how: Any
    ) -> None:
        """Draw a level bar in the middle of a row."""
        style = {"facecolor": colour, "linewidth": 0, "transform": self.data} | how
        self.bars.append(Rectangle((left, row - height / 2), width, height, **style))
        self._add(self.bars[-1])

    def line(self, across: Sequence[float], up: Sequence[float], colour: str, **how: Any) -> None:
        """Draw a line, or marks."""
        style = {"color": colour, "transform": self.data} | how
        self.lines.append(Line2D(across, up, **style))
        self._add(self.lines[-1])

    def _add(self, mark: Rectangle | Line2D) -> None:
        self.sheet.figure.add_artist(mark)
        mark.set_clip_box(self.place)

    def text(
        self, x: float, y: float, words: str, *, shift: tuple[float, float] = (0, 0), **how: Any
    ) -> None:
        """Write in the plot; shift: points from the place."""
        style = {"transform": self.data + Affine2D().translate(*shift)} | how
        self.texts.append(self.sheet.figure.text(x, y, words, **style))

    def say_instead(self, words: str) -> None:
        """Say in the middle of a plot why nothing is drawn in it."""
        self.text(0.5, 0.5, words, ha="center", va="center", transform=self.inside)
        self.is_shown = False

    def head(self, title: str) -> None:
        """Write a title above the left edge."""
        self.title = title
        above = self.inside + Affine2D().translate(0, _ABOVE_TITLE)
        self.sheet.figure.text(0, 1, title, transform=above, fontsize=TITLE)

    def edge(self, side: str = "below") -> None:
        """Draw the lower or the left edge of the plot."""
        ends = ([0, 1], [0, 0]) if side == "below" else ([0, 0], [0, 1])
        style = {"color": MUTED, "linewidth": 0.8, "zorder": 2.5}
        self.sheet.figure.add_artist(Line2D(*ends, transform=self.inside, **style))

    def write(self, side: str, words: Mapping[float, str], **how: Any) -> None:
        """Write words on one side (left, below, above), each at its place along it."""
        shift, vertical, horizontal = {
            "left": ((-_BESIDE, 0), "center_baseline", "right"),
            "below": ((0, -_BESIDE), "top", "center"),
            "above": ((0, _BESIDE), "bottom", "center"),
        }[side]
        along = (self.inside, self.data) if side == "left" else (self.data, self.inside)
        transform = blended_transform_factory(*along) + Affine2D().translate(*shift)
        style = {"transform": transform, "va": vertical, "ha": horizontal} | how
        for at, word in words.items():
            x, y = (0, at) if side == "left" else (at, side == "above")
            self._beside[side].append(self.sheet.figure.text(x, y, word, **style))

    def name_rows(self, names: Iterable[str], **how: Any) -> None:
        """Name the rows of the plot, which lie at 0, 1, 2 and so on, the first on top."""
        rows = {float(row): name for row, name in enumerate(names)}
        self.write("left", rows, **how)
        self.set_up(max(len(rows), 1) - 0.5, -0.5)

    def scale(self, words: Mapping[float, str]) -> None:
        """Write what stands where from left to right, and draw a thin upright line at each."""
        self.write("below", words)
        self.edge()
        places, ends = self._thin(words)
        along = blended_transform_factory(self.data, self.inside)
        self._draw_thin(places, ends, along)

    def levels(self, words: Mapping[float, str]) -> None:
        """Write what stands how high, and draw a thin level line at each."""
        self.write("left", words)
        places, ends = self._thin(words)
        self._draw_thin(ends, places, blended_transform_factory(self.inside, self.data))

    def _thin(self, places: Iterable[float]) -> tuple[list[float], list[float]]:
        """Return lines from end to end as one mark: their places, and ends with a break after."""
        at = [place for place in places for _ in range(3)]
        return at, [0, 1, math.nan] * (len(at) // 3)

    def _draw_thin(self, x: list[float], y: list[float], transform: Any) -> None:
        thin = Line2D(x, y, color=GRID, linewidth=0.6, zorder=0.5, transform=transform)
        self.sheet.figure.add_artist(thin)

    def around(self, renderer: Renderer) -> _Around:
        """Measure the words beside the plot, and what is written in it and may run out of it."""
        if not self.is_shown:
            return _Around()
        words = (*self.texts, *(text for texts in self._beside.values() for text in texts))
        boxes = {text: text.get_window_extent(renderer) for text in words}
        left = [boxes[text].width + _BESIDE for text in self._beside["left"]]
        above = [boxes[text].height + _BESIDE for text in self._beside["above"]]
        below = [boxes[text].height + _BESIDE for text in self._beside["below"]]
        if self.title:
            above = [TITLE + _ABOVE_TITLE, *above]
        ends = tuple(self._end(text, boxes[text].x1) for text in words)
        return _Around(max(left, default=0), max(above, default=0), max(below, default=0), ends)

    def _end(self, text: Text, right: float) -> tuple[float, float]:
        """Return at which share of the width a text stands, and how far it reaches to the right."""
        at = text.get_transform().transform(text.get_position())[0]
        return (at - self.place.x0) / self.place.width, right - at


def steps(high: float, most: int = 5) -> dict[float, str]:
    """Return round numbers from zero up to a level, at most some, as they are written."""
    levels = MaxNLocator(most, steps=[1, 2, 2.5, 5, 10]).tick_values(0, high)
    return {level: plain(level) for level in levels if level <= high}


class Sheet:
    """A figure as wide as a page: caption, plots of one size in rows and columns, note, key.

    strips: points above and below that are left to what is written there.
    """

    def __init__(self, height: float, rows: int, columns: int) -> None:
        """Begin an empty sheet; height: in inches."""
        self.figure = Figure(figsize=(WIDTH, height), dpi=POINTS)
        self.rows, self.columns = rows, columns
        self.plots = [Plot(self) for _ in range(rows * columns)]
        self.caption: Text | None = None
        self.note: Text | None = None
        self.key: list[tuple[Line2D, Text]] = []
        self.strips = [0.0, 0.0]

    def add_caption(self, words: str) -> None:
        """Write above all what the figure shows."""
        self.caption = self.figure.suptitle(words, x=0.01, ha="left", weight="bold")

    def explain(self, words: str) -> None:
        """Write below the plots, from the left edge, what their marks mean."""
        self.note = self.figure.supxlabel(words, x=0.01, ha="left", fontsize=SIZE)

    def add_key(self, entries: Iterable[tuple[str, str]], marker: str = "None", **how: Any) -> None:
        """Say at the foot what colours mean: bars, unless another marker stands for them."""
        style = {"marker": marker, "linewidth": _THICK, "solid_capstyle": "butt"} | how
        for colour, word in entries:
            sign = self.figure.add_artist(Line2D([], [], color=colour, **style))
            self.key.append((sign, self.figure.text(0, 0, word, va="center")))

    def add_strip(self, below: int, points: float) -> None:
        """Make the sheet taller by a strip above or below, clear of all else."""
        self.strips[below] += points
        self.figure.set_figheight(self.figure.get_figheight() + points / POINTS)

    def lay_out(self, renderer: Renderer) -> None:
        """Place caption, key, note and plots by the room that words take."""
        width, height = self.figure.bbox.size
        bottom, top = self.strips[1] + _PAD, height - _PAD
        if self.caption:
            self.caption.set_y(top / height)
            top -= self.caption.get_window_extent(renderer).height + 2 * _PAD
        top = min(top, height - self.strips[0] - _PAD)
        if self.key:
            bottom += self._place_key(renderer, bottom) + _PAD
        if self.note:
            self.note.set_y(bottom / height)
            bottom += self.note.get_window_extent(renderer).height + _PAD
        for plot in self.plots:
            plot.place.bounds = 0, 0, width, height
        around = [plot.around(renderer) for plot in self.plots]
        lefts = [max(a.left for a in around[n :: self.columns]) for n in range(self.columns)]
        of_rows = [around[n * self.columns :][: self.columns] for n in range(self.rows)]
        aboves = [max(a.above for a in row) for row in of_rows]
        belows = [max(a.below for a in row) for row in of_rows]
        room = (width - 2 * _PAD - sum(lefts) - _GAP * (self.columns - 1)) / self.columns
        wide = min(a.widest(room) for a in around)
        high = (top - bottom - sum(aboves) - sum(belows) - _GAP * (self.rows - 1)) / self.rows
        for number, plot in enumerate(self.plots):
            row, column = divmod(number, self.columns)
            x = _PAD + sum(lefts[: column + 1]) + column * (room + _GAP)
            y = top - sum(aboves[: row + 1]) - sum(belows[:row]) - row * (high + _GAP) - high
            plot.place.bounds = x, y, wide, high

    def _place_key(self, renderer: Renderer, bottom: float) -> float:
        """Place signs and words of the key in one line; return how high it is."""
        width, height = self.figure.bbox.size
        boxes = [text.get_window_extent(renderer) for _, text in self.key]
        high: float = max(box.height for box in boxes)
        at, middle = 2 * _PAD, (bottom + high / 2) / height
        for (sign, text), box in zip(self.key, boxes, strict=True):
            ends = [at, at + _SIGN] if sign.get_linestyle() != "None" else [at + _SIGN / 2]
            sign.set_data([end / width for end in ends], [middle] * len(ends))
            text.set_position(((at + _SIGN + 2 * _PAD) / width, middle))
            at += _SIGN + box.width + 6 * _PAD
        return high
