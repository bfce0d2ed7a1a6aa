"""Drawing: a figure in the house's look, as deterministic SVG with a text alternative."""

import io
import re
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.layout_engine import LayoutEngine
from matplotlib.text import Annotation, Text

from dudao.base.errors import DudaoError
from dudao.case import Case
from dudao.facts.plain_text import GETA
from dudao.show import font
from dudao.show.lettering import Renderer

FICTIONAL, SCENARIO = "虚构数据", "情景推演，非实际数据"
INK, MUTED, GRID = "#1b1b1b", "#5f6368", "#dddddd"
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
NOTHING = "没有可画的数据"
TITLE_SIGNS = 42  # of a line of a title, at the width of a page
WIDTH = 7.2  # inches
SIZE, TITLE = 9, 10  # points of words and of the title of a plot
_STYLE = {
    "axes.edgecolor": MUTED,
    "axes.grid": False,
    "axes.labelcolor": INK,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": TITLE,
    "axes.unicode_minus": False,
    "font.size": SIZE,
    "svg.fonttype": "path",
    "svg.hashsalt": "dudao",
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
}
_STRIP = 0.25  # inches
_PAD, _GAP = 3.0, 8.0  # points around all, and between plots
_PLACES = re.compile(r'(?: (?:d|x|y)="|translate\()[^")]*')
_LONG = re.compile(r"-?\d+\.\d{3,}")
_MARKS = re.compile(r"<g(?P<group>(?: (?!style)[^>]*)?)>(?P<uses>\s*(?:<use [^>]*/>\s*)+)</g>")
_STYLED = re.compile(r' style="[^"]*"')
_MISSING_GLYPH = re.compile(r"Glyph (\d+)")


class GlyphError(DudaoError):
    """A character has no glyph in the font: a box would be printed in its place."""


@dataclass(frozen=True)
class Row:
    """A row of a figure as a narrow screen lists it, in letters of its own size.

    parts: colour and length of each part of its bar; "none" leaves room. mark: where a line
    stands across it. Both are shares of the longest bar.
    """

    name: str
    words: str
    parts: Sequence[tuple[str, float]] = ()
    mark: float | None = None


@dataclass(frozen=True)
class Narrow:
    """What a narrow screen shows in place of a figure: rows, or one plot below the other.

    plots: of each plot the cuts of the figure that it is put together from, side by side: left,
    top, width and height in points. key: what colours mean.
    """

    caption: str
    mark: str
    note: str
    rows: Sequence[Row] = ()
    plots: Sequence[Sequence[tuple[float, ...]]] = ()
    key: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Chart:
    """A drawn figure: SVG, the sentence that says what it shows, its form on a narrow screen."""

    svg: str
    alt: str
    narrow: Narrow | None = None

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> Any:
        data = {"image/svg+xml": self.svg, "text/plain": f"图：{self.alt}"}
        more = {"narrow": _plain(self.narrow)} if self.narrow else {}
        return data, {"image/svg+xml": {"alt": self.alt, **more}}


@contextmanager
def house_style() -> Iterator[None]:
    """Draw in the house's look, whatever matplotlib settings surround it."""
    with mpl.rc_context({**mpl.rcParamsDefault, **_STYLE, "font.family": [font.family()]}):
        yield


class _Margins(LayoutEngine):  # type: ignore[misc]
    """Room for the words around each plot, measured once; plots of one size in rows and columns.

    matplotlib's constrained layout finds the same by drawing every label twice without ink.
    """

    _adjust_compatible = True
    _colorbar_gridspec = False
    caption: Text | None = None
    note: Text | None = None
    cuts: tuple[tuple[tuple[float, ...], ...], ...] = ()  # of each plot, as `Narrow` has them
    rect: tuple[float, float, float, float] = (0, 0, 1, 1)

    def set(self, *, rect: tuple[float, float, float, float]) -> None:
        """Keep to a part of the figure: left, bottom, width, height."""
        self.rect = rect

    def execute(self, fig: Figure) -> None:
        """Place title, note and plots."""
        renderer = fig.canvas.get_renderer()
        width, height = fig.bbox.size
        _, low, _, share = self.rect
        bottom, top = low * height + _PAD, height - _PAD
        if self.caption:
            self.caption.set_y(top / height)
            top -= self.caption.get_window_extent(renderer).height + 2 * _PAD
        top = min(top, (low + share) * height - _PAD)
        for legend in fig.legends:
            bottom += legend.get_window_extent(renderer).height + _PAD
        if self.note:
            self.note.set_y(bottom / height)
            bottom += self.note.get_window_extent(renderer).height + _PAD
        grid = fig.axes[0].get_subplotspec().get_gridspec()
        around = {axes: _around(axes, renderer) for axes in fig.axes}
        rows, columns = range(grid.nrows), range(grid.ncols)
        places = {axes: axes.get_subplotspec() for axes in fig.axes}
        lefts = [max(w.left for a, w in around.items() if n in places[a].colspan) for n in columns]
        aboves = [max(w.above for a, w in around.items() if n in places[a].rowspan) for n in rows]
        belows = [max(w.below for a, w in around.items() if n in places[a].rowspan) for n in rows]
        room = (width - 2 * _PAD - sum(lefts) - _GAP * (grid.ncols - 1)) / grid.ncols
        wide = min(a.widest(room) for a in around.values())
        high = (top - bottom - sum(aboves) - sum(belows) - _GAP * (grid.nrows - 1)) / grid.nrows
        cuts = []
        for axes, spec in places.items():
            row, column = spec.rowspan.start, spec.colspan.start
            x = _PAD + sum(lefts[: column + 1]) + column * (room + _GAP)
            y = top - sum(aboves[: row + 1]) - sum(belows[:row]) - row * (high + _GAP) - high
            axes.set_position((x / width, y / height, wide / width, high / height))
            if axes.axison:
                above, tall = height - y - high - aboves[row], aboves[row] + high + belows[row]
                # Names that plots of a row share stand beside the first alone.
                names = [(_PAD, above, lefts[0], tall)] if column and not lefts[column] else []
                cuts.append((*names, (x - lefts[column], above, lefts[column] + room, tall)))
        self.cuts = tuple(cuts)


@dataclass(frozen=True)
class _Around:
    """Points that words take left of, above and below a plot, and beyond where they begin."""

    left: float
    above: float
    below: float
    ends: tuple[tuple[float, float], ...]  # share of the width of the plot, points beyond it

    def widest(self, room: float) -> float:
        """Return how wide the plot may be, so that what is written keeps within the room."""
        return min([room, *((room - end) / share for share, end in self.ends if share > 0)])


def _around(axes: Axes, renderer: Renderer) -> _Around:
    """Measure the words of a plot: ticks, titles, and what is written in it and may run out."""
    if not axes.axison:
        return _Around(0, 0, 0, ())
    above, below, left = TITLE + 6 if axes.get_title(loc="left") else 0, 0, 0
    ends = [_end(text, axes, renderer) for text in axes.texts]
    for axis in (axes.xaxis, axes.yaxis):
        labels = [one for one in axis.get_ticklabels() if one.get_visible() and one.get_text()]
        boxes = [label.get_window_extent(renderer) for label in labels]
        tick = axis.get_major_ticks(1)[0]
        pad = tick.get_pad() + tick.get_tick_padding()
        name = SIZE + 5 if axis.get_label_text() else 0
        if axis is axes.yaxis:
            left = max((box.width + pad for box in boxes), default=0) + name
            continue
        ends += [_end(label, axes, renderer) for label in labels]
        high = max((box.height + pad for box in boxes), default=0)
        is_above = axis.get_ticks_position() == "top"
        above, below = above + high * is_above, below + high * (not is_above) + name
    return _Around(left, above, below, tuple(ends))


def _end(text: Text, axes: Axes, renderer: Renderer) -> tuple[float, float]:
    """Return at which share of the width a text stands, and how far it reaches to the right."""
    at = axes.transData.transform(text.xy) if isinstance(text, Annotation) else None
    at = text.get_transform().transform(text.get_position()) if at is None else at
    right = text.get_window_extent(renderer).x1
    return axes.transAxes.inverted().transform(at)[0], right - at[0]


@contextmanager
def drawing(height: float, *grid: int, **how: Any) -> Iterator[Any]:
    """Give the plot of a figure in the house's look, or its plots, to be drawn and finished within.

    height: in inches; a figure is as wide as a page and lays itself out. grid, how: rows and
    columns of plots, as `Figure.subplots` takes them.
    """
    with house_style():
        yield Figure(figsize=(WIDTH, height), layout=_Margins()).subplots(*grid, **how)


def explain(plot: Axes, words: str) -> None:
    """Write below a figure, from its left edge, what its marks mean; a plot may be too narrow."""
    layout = plot.figure.get_layout_engine()
    layout.note = plot.figure.supxlabel(words, x=0.01, ha="left", fontsize=SIZE)


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
    words = (FICTIONAL if case.is_fictional else "", SCENARIO if case.scenario else "")
    return "　".join(filter(None, words))


def bare(axes: Axes) -> None:
    """Leave of a plot of horizontal marks no more than its names and thin upright lines."""
    axes.tick_params(length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color=GRID, linewidth=0.6)
    axes.set_axisbelow(True)


def empty(axes: Axes, words: str) -> None:
    """Say in the middle of a plot why nothing is drawn in it."""
    axes.text(0.5, 0.5, words, ha="center", va="center", transform=axes.transAxes)
    axes.set_axis_off()


def finish(
    plot: Axes,
    topic: str,
    message: str,
    clauses: Iterable[str],
    *,
    none: str = NOTHING,
    case: Case | None = None,
    rows: Iterable[Row] = (),
    rows_note: str | None = None,
) -> Chart:
    """Return the figure of a plot under its caption, with words for those who do not see it.

    message: the one thing it says. clauses: what it shows, one by one; none: said in their place
    where nothing is drawn. case: whose figures it shows; invented or assumed ones are marked.
    rows: what a narrow screen lists; without them it shows the plots one below the other.
    rows_note: what the marks of rows mean, where they are not those of the figure.
    """
    figure, caption = plot.figure, f"{topic}：{message}" if message else topic
    lines = [caption[at : at + TITLE_SIGNS] for at in range(0, len(caption), TITLE_SIGNS)]
    layout = figure.get_layout_engine()
    layout.caption = figure.suptitle("\n".join(lines), x=0.01, ha="left", weight="bold")
    # The words repeat figures of a table; counts stay in the picture.
    title = topic if any(map(str.isdigit, message)) else caption
    alt = f"{title}。{'；'.join(clauses) or none}"
    mark = mark_of(case) if case else ""
    chart = render(figure, alt, mark=mark)
    note = layout.note.get_text() if layout.note else plot.get_xlabel() if rows else ""
    if not plot.axison:
        note = "".join(text.get_text() for text in plot.texts)
    elif rows_note is not None:
        note = rows_note
    narrow = Narrow(caption, mark, note, tuple(rows))
    if not narrow.rows and plot.axison:
        narrow = replace(narrow, plots=layout.cuts, key=tuple(_key(figure)))
    return replace(chart, narrow=narrow)


def _key(figure: Figure) -> Iterator[tuple[str, str]]:
    """Yield what the colours of a figure mean."""
    for legend in figure.legends:
        for handle, label in zip(legend.legend_handles, legend.get_texts(), strict=True):
            colour = getattr(handle, "get_markerfacecolor", None) or handle.get_facecolor
            yield to_hex(colour()), label.get_text()


def _plain(narrow: Narrow) -> dict[str, Any]:
    """Return a narrow form as plain data without what is empty, places to a tenth of a point."""
    record = asdict(narrow)
    record["plots"] = [[[round(at, 1) for at in cut] for cut in plot] for plot in narrow.plots]
    record["key"] = [list(entry) for entry in narrow.key]
    record["rows"] = [
        {
            "name": row.name,
            "words": row.words,
            "parts": [[colour, round(length, 3)] for colour, length in row.parts],
            "mark": None if row.mark is None else round(row.mark, 3),
        }
        for row in narrow.rows
    ]
    return {name: value for name, value in record.items() if value}


def render(figure: Figure, alt: str, *, mark: str = "") -> Chart:
    """Return the figure as SVG; a character that the font lacks is set as 〓, with a remark."""
    if mark:
        _write_mark(figure, mark)
        alt = f"{mark}。{alt}"
    svg, missing = _drawn(figure)
    if missing:
        remark = _replace(figure, missing)
        alt = f"{_without(alt, missing)}。{remark}"
        svg, missing = _drawn(figure)
    for character in sorted(missing):
        raise GlyphError(
            f"图中的字符“{character}”（U+{ord(character):04X}）在字体中没有字形，"
            f"会印成方框。请核对该名称的用字，或更换字体后重试。"
        )
    return Chart(_styled_once(_rounded(svg)), alt)


def _drawn(figure: Figure) -> tuple[str, set[str]]:
    """Return the figure as SVG, and the characters in it that the font lacks."""
    buffer = io.StringIO()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        # savefig would draw everything once more before, only to lay the figure out, and a
        # layout would measure every text with a renderer of its own.
        canvas = FigureCanvasSVG(figure)
        figure.set_dpi(canvas.fixed_dpi)
        metadata = {"Date": None, "Creator": None}
        renderer = Renderer(*figure.bbox.size, buffer, metadata=metadata)
        canvas.get_renderer = lambda: renderer
        figure.draw(renderer)
        renderer.finalize()
    matches = (_MISSING_GLYPH.search(str(warning.message)) for warning in caught)
    return buffer.getvalue(), {chr(int(match[1])) for match in matches if match}


def _without(words: str, missing: set[str]) -> str:
    return "".join(GETA if character in missing else character for character in words)


def _replace(figure: Figure, missing: set[str]) -> str:
    """Set 〓 for characters that the font lacks, as printers do; return the remark that says so."""
    for text in figure.findobj(Text):
        if missing & set(text.get_text()):
            text.set_text(_without(text.get_text(), missing))
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            labels = [_without(label.get_text(), missing) for label in axis.get_ticklabels()]
            if any(GETA in label for label in labels):
                axis.set_ticks(axis.get_ticklocs(), labels)
    codes = "、".join(f"U+{ord(character):04X}" for character in sorted(missing))
    remark = f"{GETA}：字库中没有的字（{codes}）"
    _make_room_below(figure)
    figure.text(0.005, 0.005, remark, ha="left", va="bottom", color=MUTED, size=7)
    return remark


def _make_room_below(figure: Figure) -> None:
    """Make a figure taller by a strip at its foot, clear of all labels."""
    height, layout = figure.get_figheight(), figure.get_layout_engine()
    taller = height + _STRIP
    figure.set_figheight(taller)
    left, bottom, width, share = layout.rect
    at = (bottom * height + _STRIP) / taller
    layout.set(rect=(left, at, width, share * height / taller))


def _write_mark(figure: Figure, mark: str) -> None:
    """Write a mark into a strip above the picture, clear of title, legend and labels."""
    height = figure.get_figheight()
    figure.set_figheight(height + _STRIP)
    figure.get_layout_engine().set(rect=(0, 0, 1, height / (height + _STRIP)))
    figure.text(0.995, 0.985, mark, ha="right", va="top", color="#9a1a1a", weight="bold")


def _styled_once(svg: str) -> str:
    """Give the style of many equal marks to their group."""

    def hoisted(match: re.Match[str]) -> str:
        styles = _STYLED.findall(match["uses"])
        if len(set(styles)) != 1 or len(styles) != match["uses"].count("<use"):
            return match[0]
        return f"<g{match['group']}{styles[0]}>{_STYLED.sub('', match['uses'])}</g>"

    return _MARKS.sub(hoisted, svg)


def _rounded(svg: str) -> str:
    """Round places to a hundredth of a point: nobody sees more, and it is a third of the file."""

    def short(match: re.Match[str]) -> str:
        text = f"{float(match[0]):.2f}".rstrip("0").rstrip(".")
        return "0" if text == "-0" else text

    return _PLACES.sub(lambda part: _LONG.sub(short, part[0]), svg)
