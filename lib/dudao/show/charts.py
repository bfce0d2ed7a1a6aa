"""Charts in the house's look: panels with axes, laid out by what is written around them, as SVG."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from dudao.case import Case
from dudao.facts.plain_text import GETA
from dudao.show import drawing, font
from dudao.show.drawing import Box, Line, Marks, Shape, Text

FICTIONAL, SCENARIO = "虚构数据", "情景推演，非实际数据"
INK, MUTED, GRID, WARNING = drawing.INK, "#5f6368", "#dddddd", "#9a1a1a"
COUNTY, NATION = "#8c1d18", "#3b5b7c"
TIERS = {"central": "#3b5b7c", "provincial": "#7f9cb8", "county": "#c0703a"}
# Readers who see no red or no green tell these apart too (a test simulates it), and every use
# has a word or a sign beside the colour.
RESULTS = {
    "met": "#00529b",
    "not_met": "#7d1d00",
    "undecided": "#8f7400",
    "reference": "#5f7391",
    "not_applicable": "#707070",
}
TITLE_SIGNS = 42  # of a line of a title, at the width of a page
WIDTH, INCH = 7.2 * 72, 72  # points; of a page of text
SIZE, TITLE, CAPTION, SMALL = 9.0, 10.0, 10.8, 7.0  # points
LINE = 1.2  # times the size of a letter, from one line to the next
EDGE, GAP, PAD = 3.0, 9.0, 3.5  # around all; between panels; between a plot and its words
TICK = 3.5  # length
STRIP = 18.0  # points for a mark above the picture
DOTTED = "1.8 3"  # lengths of dash and gap
_STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True)
class Chart:
    """A drawn figure: SVG and the sentence that says what it shows."""

    svg: str
    alt: str

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> Any:
        data = {"image/svg+xml": self.svg, "text/plain": f"图：{self.alt}"}
        return data, {"image/svg+xml": {"alt": self.alt}}


@dataclass
class Axis:
    """One axis of a panel: its ends, what stands at which value, how it looks.

    start: the left or upper end, end: the right or lower one, in the units of the data.
    """

    start: float = 0
    end: float = 1
    ticks: Sequence[tuple[float, str]] = ()
    title: str = ""
    size: float = SIZE
    turn: float = 0  # degrees by which the words lean
    has_line: bool = True
    has_ticks: bool = False
    has_grid: bool = False
    is_far: bool = False  # words above instead of below

    @property
    def pad(self) -> float:
        """Return how far words stand from the plot, in points."""
        return PAD + TICK * self.has_ticks

    def share(self, value: float) -> float:
        """Return where a value lies, from 0 at the start to 1 at the end."""
        return (value - self.start) / (self.end - self.start)

    def number(self, most: int) -> None:
        """Put round numbers from zero to the larger end, with at most so many steps."""
        largest = max(self.start, self.end)
        power = 10 ** len(str(int(largest))) / 100
        sizes = (step * power * ten for ten in (1, 10) for step in _STEPS)
        size = next((size for size in sizes if largest / size <= most), largest)
        values = [size * at for at in range(int(largest / size) + 1)]
        self.ticks = [(value, f"{round(value, 6):g}") for value in values]

    def name(self, names: Sequence[str], *, room: float = 0.6) -> None:
        """Name rows or columns, the first at 0; room: beside the first and the last."""
        self.ticks = list(enumerate(names))
        self.start, self.end = -room, max(len(names), 1) - 1 + room


@dataclass(frozen=True)
class _Note:
    """Words at a point of a panel, moved by points to the right and down."""

    x: float
    y: float
    words: str
    ink: str
    size: float
    across: str
    down: str
    shift: tuple[float, float]

    @property
    def left(self) -> float:
        """Return how far from its point the words begin, in points."""
        share = {"left": 0, "center": 0.5, "right": 1}[self.across]
        return self.shift[0] - share * font.width(self.words, self.size)

    @property
    def base(self) -> float:
        """Return how far below its point the base line lies, in points."""
        middle = (font.ASCENT - font.DESCENT) / 2
        share = {"top": font.ASCENT, "center": middle, "bottom": -font.DESCENT}[self.down]
        return self.shift[1] + share * self.size


@dataclass
class Panel:
    """A plot: shapes in the units of its two axes, and words at points of it."""

    title: str = ""
    x: Axis = field(default_factory=Axis)
    y: Axis = field(default_factory=Axis)
    shapes: list[Box | Line | Marks] = field(default_factory=list)
    notes: list[_Note] = field(default_factory=list)
    is_blank: bool = False  # without axes: only words

    def bar(
        self, row: float, start: float, end: float, fill: str, *, height: float = 0.6, **look: bool
    ) -> None:
        """Draw a level bar in a row."""
        self.box((start, end), (row - height / 2, row + height / 2), fill, **look)

    def box(
        self, xs: tuple[float, float], ys: tuple[float, float], fill: str, **look: bool
    ) -> None:
        """Draw a rectangle."""
        self.shapes.append(Box(xs[0], ys[0], xs[1], ys[1], fill, **look))

    def line(self, xs: Iterable[float], ys: Iterable[float], ink: str = INK, **look: Any) -> None:
        """Draw a line through points."""
        points = tuple(zip(map(float, xs), map(float, ys), strict=True))
        if points:
            self.shapes.append(Line(points, ink, **look))

    def marks(
        self,
        xs: Iterable[float],
        ys: Iterable[float],
        shape: str,
        **look: Any,
    ) -> None:
        """Draw a mark at every point."""
        points = tuple(zip(map(float, xs), map(float, ys), strict=True))
        if points:
            self.shapes.append(Marks(points, shape, **look))

    def limit(self, row: float, value: float, *, half: float = 0.4, **look: Any) -> None:
        """Draw a standard as a short upright line through a row."""
        self.line((value, value), (row - half, row + half), **{"width": 1.8, **look})

    def write(
        self,
        x: float,
        y: float,
        words: str,
        ink: str = INK,
        *,
        across: str = "left",
        down: str = "center",
        shift: tuple[float, float] = (0, 0),
        size: float = SIZE,
    ) -> None:
        """Write words at a point: beginning, ending or with their middle there."""
        self.notes.append(_Note(x, y, words, ink, size, across, down, shift))

    def frame_rows(self) -> None:
        """Let rows be read along a grid, without a line beside their names."""
        self.y.has_line, self.x.has_grid = False, True

    def say_only(self, words: str) -> None:
        """Leave the axes out and say why nothing is drawn."""
        self.is_blank, self.x, self.y = True, Axis(), Axis()
        self.write(0.5, 0.5, words, across="center")

    def around(self) -> tuple[float, float, float]:
        """Return the points that words and ticks take left of, above and below the plot."""
        if self.is_blank:
            return 0, 0, 0
        left = max((_wide(words, self.y.size) for _, words in self.y.ticks), default=0)
        left += self.y.pad if left else 0
        left += LINE * SIZE if self.y.title else 0
        boxes = [Text(0, 0, words, self.x.size, turn=self.x.turn).box for _, words in self.x.ticks]
        high = max((box[3] - box[1] for box in boxes), default=-self.x.pad) + self.x.pad
        above = TITLE * LINE + PAD if self.title else 0
        below = SIZE * LINE + PAD if self.x.title else 0
        return left, above + high * self.x.is_far, below + high * (not self.x.is_far)

    def widest(self, room: float) -> float:
        """Return how wide the plot may be, so that what is written keeps within the room."""
        ends = [(note.x, note.left + font.width(note.words, note.size)) for note in self.notes]
        for value, words in self.x.ticks:
            box = Text(0, 0, words, self.x.size, turn=self.x.turn).box
            ends.append((value, box[2] if self.x.turn else box[2] / 2))
        shares = ((self.x.share(value), end) for value, end in ends)
        return min([room, *((room - end) / share for share, end in shares if share > 0)])


@dataclass
class Key:
    """What a legend explains: a box, a line or a mark of a colour, and its words."""

    words: str
    ink: str
    shape: str = "box"
    mark: str = ""  # on a line


@dataclass
class Figure:
    """Panels in rows and columns under a caption; below them a note and a legend."""

    height: float
    panels: list[Panel]
    columns: int = 1
    caption: list[str] = field(default_factory=list)
    note: str = ""
    keys: list[Key] = field(default_factory=list)
    mark: str = ""
    remark: str = ""  # on letters that the font lacks


def new_figure(height: float, panels: int = 1, columns: int = 1) -> Figure:
    """Return a figure at the width of a page, so many inches high, with empty panels."""
    return Figure(height * INCH, [Panel() for _ in range(panels)], columns)


def entitle(figure: Figure, topic: str, message: str = "") -> str:
    """Write a figure's caption, topic and the one thing it says; return how its words begin.

    Words for those who do not see it repeat figures of a table; counts stay in the picture.
    """
    caption = f"{topic}：{message}" if message else topic
    figure.caption = [caption[at : at + TITLE_SIGNS] for at in range(0, len(caption), TITLE_SIGNS)]
    return topic if any(map(str.isdigit, message)) else caption


def said_of(results: Iterable[str]) -> str:
    """Say how many rows of a figure fall short and how many are open; nothing where none is.

    A message that leaves out what is open would call a figure without data one that is met.
    """
    counts = Counter(results)
    met, failed, waiting = (counts[result] for result in ("met", "not_met", "undecided"))
    if not met + failed + waiting:
        return "只有参考线，不作判定" if counts["reference"] else ""
    if not met + failed:
        return f"{waiting}项都待定"
    if not failed + waiting:
        return f"{met}项全部达标"
    parts = (
        f"{failed}项未达标" if failed else f"{met}项达标",
        f"{waiting}项待定" if waiting else "",
    )
    return f"{met + failed + waiting}项中{'、'.join(filter(None, parts))}"


def mark_of(case: Case) -> str:
    """Return what every figure of a case must say of its numbers; nothing if they are real."""
    said = (FICTIONAL if case.is_fictional else "", SCENARIO if case.scenario else "")
    return "　".join(filter(None, said))


def render(figure: Figure, alt: str, *, mark: str = "") -> Chart:
    """Return the figure as SVG; a character that the font lacks is set as 〓, with a remark."""
    missing = {sign for words in _words(figure) for sign in words if not font.has(sign)} - {"\n"}
    if mark:
        figure.mark, figure.height = mark, figure.height + STRIP
        alt = f"{mark}。{alt}"
    if missing:
        codes = "、".join(f"U+{ord(character):04X}" for character in sorted(missing))
        figure.remark, figure.height = f"{GETA}：字库中没有的字（{codes}）", figure.height + STRIP
        alt = "".join(GETA if character in missing else character for character in alt)
        alt = f"{alt}。{figure.remark}"
    return Chart(drawing.svg(list(shapes(figure)), WIDTH, figure.height), alt)


def _words(figure: Figure) -> Iterator[str]:
    yield from (*figure.caption, figure.note, *(key.words for key in figure.keys))
    for panel in figure.panels:
        yield from (panel.title, panel.x.title, panel.y.title)
        yield from (note.words for note in panel.notes)
        yield from (words for axis in (panel.x, panel.y) for _, words in axis.ticks)


def shapes(figure: Figure) -> Iterator[Shape]:
    """Yield all that a figure shows, in points of its page."""
    top, bottom = EDGE, figure.height - EDGE
    if figure.mark:
        at = WIDTH - EDGE - font.width(figure.mark, SIZE, bold=True)
        yield Text(at, top + font.ASCENT * SIZE, figure.mark, ink=WARNING, bold=True)
        caption = font.width("".join(figure.caption[:1]), CAPTION, bold=True)
        top += STRIP if EDGE + caption + GAP > at else 0
    for words in figure.caption:
        yield Text(EDGE, top + font.ASCENT * CAPTION, words, CAPTION, bold=True)
        top += LINE * CAPTION
    if figure.remark:
        yield Text(EDGE, bottom - font.DESCENT * SMALL, figure.remark, SMALL, MUTED)
        bottom -= STRIP
    for row in reversed(list(_legend_rows(figure.keys))):
        bottom -= LINE * SIZE
        for key, x in row:
            yield from _key(key, x, bottom + SIZE / 2)
    if figure.note:
        bottom -= LINE * SIZE
        yield Text(EDGE, bottom + font.ASCENT * SIZE, figure.note)
    yield from _panels(figure, top + PAD, bottom - PAD)


_KEY, _BETWEEN = 18.0, 18.0  # points that a legend's sign takes, and that are left before the next


def _legend_rows(keys: Iterable[Key]) -> Iterator[list[tuple[Key, float]]]:
    """Yield rows of a legend with the place of each key, as many in a row as there is room for."""
    row: list[tuple[Key, float]] = []
    x = EDGE
    for key in keys:
        wide = _KEY + SIZE * 0.8 + font.width(key.words, SIZE)
        if row and x + wide > WIDTH - EDGE:
            yield row
            row, x = [], EDGE
        row.append((key, x))
        x += wide + _BETWEEN
    if row:
        yield row


def _key(key: Key, x: float, y: float) -> Iterator[Shape]:
    middle = x + _KEY / 2
    if key.shape == "box":
        yield Box(x, y - 3.2, x + _KEY, y + 3.2, key.ink)
    elif key.shape == "line":
        yield Line(((x, y), (x + _KEY, y)), key.ink)
    mark = key.mark if key.shape in ("box", "line") else key.shape
    if mark:
        yield Marks(((middle, y),), mark, 5.5, key.ink)
    base = y + (font.ASCENT - font.DESCENT) / 2 * SIZE
    yield Text(x + _KEY + SIZE * 0.8, base, key.words)


def _panels(figure: Figure, top: float, bottom: float) -> Iterator[Shape]:
    """Lay panels out: all plots of the same size, with room for the words of each row and column.

    A column is as wide as its widest words; a row as high as its highest.
    """
    across, panels = figure.columns, figure.panels
    columns = [panels[at::across] for at in range(across)]
    rows = [panels[at : at + across] for at in range(0, len(panels), across)]
    lefts = [max(p.around()[0] for p in column) for column in columns]
    aboves, belows = ([max(p.around()[at] for p in row) for row in rows] for at in (1, 2))
    room = WIDTH - 2 * EDGE - sum(lefts) - GAP * (len(columns) - 1)
    each = room / len(columns)
    wide = min(panel.widest(each) for panel in panels)
    high = (bottom - top - sum(aboves) - sum(belows) - GAP * (len(rows) - 1)) / len(rows)
    y = top
    for above, below, row in zip(aboves, belows, rows, strict=True):
        x = EDGE
        for left, panel in zip(lefts, row, strict=False):
            yield from _Placed(panel, x + left, y + above, wide, high).shapes()
            x += left + each + GAP
        y += above + high + below + GAP


@dataclass(frozen=True)
class _Placed:
    """A panel with the place of its plot on the page, in points."""

    panel: Panel
    left: float
    top: float
    wide: float
    high: float

    def x(self, value: float) -> float:
        return self.left + self.panel.x.share(value) * self.wide

    def y(self, value: float) -> float:
        return self.top + self.panel.y.share(value) * self.high

    def shapes(self) -> Iterator[Shape]:
        """Yield grid, shapes, axes and words, in the order in which they lie on each other."""
        panel = self.panel
        if not panel.is_blank:
            yield from self._grid()
        yield from (self._moved(shape) for shape in panel.shapes if isinstance(shape, Box))
        yield from (self._moved(shape) for shape in panel.shapes if not isinstance(shape, Box))
        if not panel.is_blank:
            yield from self._frame()
            yield from self._x_words()
            yield from self._y_words()
        for note in panel.notes:
            at = self.x(note.x) + note.left, self.y(note.y) + note.base
            yield Text(*at, note.words, note.size, note.ink)

    def _moved(self, shape: Box | Line | Marks) -> Shape:
        if isinstance(shape, Box):
            xs = sorted((self.x(shape.left), self.x(shape.right)))
            ys = sorted((self.y(shape.top), self.y(shape.bottom)))
            return replace(shape, left=xs[0], top=ys[0], right=xs[1], bottom=ys[1])
        return replace(shape, points=tuple((self.x(x), self.y(y)) for x, y in shape.points))

    def _grid(self) -> Iterator[Shape]:
        right, bottom = self.left + self.wide, self.top + self.high
        for value, _ in self.panel.x.ticks if self.panel.x.has_grid else ():
            x = self.x(value)
            yield Line(((x, self.top), (x, bottom)), GRID, 0.6)
        for value, _ in self.panel.y.ticks if self.panel.y.has_grid else ():
            y = self.y(value)
            yield Line(((self.left, y), (right, y)), GRID, 0.6)

    def _frame(self) -> Iterator[Shape]:
        right, bottom = self.left + self.wide, self.top + self.high
        if self.panel.x.has_line:
            yield Line(((self.left, bottom), (right, bottom)), MUTED, 0.8)
        if self.panel.y.has_line:
            yield Line(((self.left, self.top), (self.left, bottom)), MUTED, 0.8)

    def _x_words(self) -> Iterator[Shape]:
        axis, bottom = self.panel.x, self.top + self.high
        base = self.top - axis.pad if axis.is_far else bottom + axis.pad + font.ASCENT * axis.size
        for value, words in axis.ticks:
            x = self.x(value)
            if axis.has_ticks:
                yield Line(((x, bottom), (x, bottom + TICK)), MUTED, 0.8)
            start = x if axis.turn else x - font.width(words, axis.size) / 2
            yield Text(start, base, words, axis.size, turn=axis.turn)
        if axis.title:
            high = 0 if axis.is_far or not axis.ticks else axis.size + axis.pad
            yield Text(self.left, bottom + high + PAD + font.ASCENT * SIZE, axis.title)
        if self.panel.title:
            yield Text(self.left, self.top - PAD - font.DESCENT * TITLE, self.panel.title, TITLE)

    def _y_words(self) -> Iterator[Shape]:
        axis = self.panel.y
        right = self.left - axis.pad
        for value, words in axis.ticks:
            y, lines = self.y(value), words.split("\n")
            if axis.has_ticks:
                yield Line(((self.left - TICK, y), (self.left, y)), MUTED, 0.8)
            middle = (font.ASCENT - font.DESCENT) / 2 - LINE * (len(lines) - 1) / 2
            for at, line in enumerate(lines):
                start = right - font.width(line, axis.size)
                yield Text(start, y + (middle + LINE * at) * axis.size, line, axis.size)
        if axis.title:
            x = right - max(_wide(words, axis.size) for _, words in axis.ticks) - PAD
            start = self.top + (self.high + font.width(axis.title, SIZE)) / 2
            yield Text(x, start, axis.title, turn=90)


def _wide(words: str, size: float) -> float:
    return max(font.width(line, size) for line in words.split("\n"))
