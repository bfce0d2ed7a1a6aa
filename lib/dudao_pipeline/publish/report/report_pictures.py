"""Pictures for a report on paper, as PNG: pairs of two years, shares of a whole, counts by result.

Drawn from plain data, at the width of a page of text; same data, same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from dudao.base.rounding import fixed, plain
from dudao.facts.items import TIERS
from dudao.show import charts

WIDTH, DOTS, SMALL, TINY = 5.9, 200, 8, 6.5  # inches; per inch, enough for A4; points
HEAD = 0.35  # inches for the legend
NARROW = 7  # percent: a narrower part has no number in it
Pair = tuple[str, float, float]
Shares = tuple[str, Mapping[str, float]]


def _new(rows: int, height: float) -> Figure:
    figure = Figure(figsize=(WIDTH, HEAD + height * rows), layout="constrained")
    figure.set_dpi(DOTS)
    return figure


def _png(figure: Figure, mark: str) -> bytes:
    if mark:
        figure.text(0.995, 0.99, mark, ha="right", va="top", color="#9a1a1a")
    written = io.BytesIO()
    FigureCanvasAgg(figure).print_png(written, metadata={"Software": None})
    return written.getvalue()


def _bare(axes: Axes, names: Sequence[str], size: int = 9) -> None:
    """Name the rows, the first on top; the numbers stand in the bars."""
    axes.set_yticks(range(len(names)), names, fontsize=size)
    axes.invert_yaxis()
    axes.tick_params(length=0)
    axes.xaxis.set_visible(False)
    for side in ("bottom", "left"):
        axes.spines[side].set_visible(False)


def pairs(rows: Sequence[Pair], years: tuple[int, int], *, mark: str = "") -> bytes:
    """Draw two years of several things side by side. rows: name, value of each year."""
    with charts.house_style():
        figure = _new(len(rows), 0.29)
        axes, most = figure.subplots(), max(max(row[1:]) for row in rows)
        shades = (charts.TIERS["provincial"], charts.NATION)
        for at, (year, shade) in enumerate(zip(years, shades, strict=True)):
            for position, row in enumerate(rows):
                x, value = position + (at - 0.5) * 0.38, float(row[1 + at])
                label = f"{year}年" if position == 0 else None
                axes.barh(x, value, height=0.36, color=shade, label=label)
                text = plain(value, 2)
                axes.text(value + most * 0.01, x, text, va="center", fontsize=TINY)
        _bare(axes, [row[0] for row in rows])
        axes.set_xlim(0, most * 1.15)
        figure.legend(loc="outside upper left", ncols=2, frameon=False)
        return _png(figure, mark)


def shares(rows: Sequence[Shares], *, mark: str = "") -> bytes:
    """Draw who pays what part of several funds. rows: name, amount by tier."""
    with charts.house_style():
        figure = _new(len(rows), 0.22)
        axes = figure.subplots()
        for position, (_, amounts) in enumerate(rows):
            left, total = 0.0, sum(amounts.values())
            for tier, amount in amounts.items():
                width = amount / total * 100
                axes.barh(position, width, left=left, color=charts.TIERS[tier], height=0.66)
                if width > NARROW:
                    ink = charts.INK if tier == "provincial" else "white"
                    _inside(axes, left + width / 2, position, text=fixed(width, 1), ink=ink)
                left += width
        _bare(axes, [name for name, _ in rows], SMALL)
        axes.set_xlim(0, 100)
        for tier, label in TIERS.items():
            axes.barh(0, 0, color=charts.TIERS[tier], label=label)
        figure.legend(loc="outside upper left", ncols=3, frameon=False)
        return _png(figure, mark)


def counts(
    rows: Mapping[str, Mapping[str, int]], words: Mapping[str, str], *, mark: str = ""
) -> bytes:
    """Draw how many points of each name came to which result. words: result -> its label."""
    with charts.house_style():
        figure = _new(len(rows), 0.19)
        axes = figure.subplots()
        for position, row in enumerate(rows.values()):
            left = 0
            for result, number in row.items():
                colour = charts.RESULTS[result]
                axes.barh(position, number, left=left, color=colour, height=0.62)
                if number:
                    _inside(axes, left + number / 2, position, text=str(number), ink="white")
                left += number
        _bare(axes, list(rows))
        for result, word in words.items():
            if any(row.get(result) for row in rows.values()):
                axes.barh(0, 0, color=charts.RESULTS[result], label=word)
        figure.legend(loc="outside upper left", ncols=4, frameon=False)
        return _png(figure, mark)


def _inside(axes: Axes, along: float, position: int, *, text: str, ink: str) -> None:
    axes.text(along, position, text, color=ink, ha="center", va="center", fontsize=SMALL)
