"""Charts on a narrow screen: rows of words and bars, or plots one below the other.

A chart as wide as a page shrinks on a telephone until nobody reads it. What it shows comes with
it (`dudao.show.charts.Narrow`): words become words of the page, plots are cut from the chart.
"""

import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from dudao.show.plot import INK

BODY = "whole"  # the id of what cuts are made of, until the page numbers it
PIXELS = 4 / 3  # of a point
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def with_narrow(chart: str, narrow: Mapping[str, Any]) -> str:
    """Return a chart as `pictures.drawn` made it, followed by its form on a narrow screen."""
    plots = narrow.get("plots", ())
    if plots:
        head, _, body = chart.removesuffix("</svg>").partition(">")
        chart = f'{head}><g id="{BODY}">{body}</g></svg>'
    mark = f" <b>{escape(narrow['mark'])}</b>" if narrow.get("mark") else ""
    parts = (
        f"<p>{escape(narrow.get('caption', ''))}{mark}</p>",
        "".join(map(_row, narrow.get("rows", ()))),
        "".join(map(_plot, plots)),
        _key(narrow.get("key", ())),
        f"<p>{escape(narrow['note'])}</p>" if narrow.get("note") else "",
    )
    return f'{chart}<div class="narrow{" plots" if plots else ""}">{"".join(parts)}</div>'


def _key(key: Sequence[tuple[str, str]]) -> str:
    entries = (f"<span>{_bar([(colour, 1)])} {escape(word)}</span>" for colour, word in key)
    return f'<p class="key">{" ".join(entries)}</p>' if key else ""


def _row(row: Mapping[str, Any]) -> str:
    parts, mark = row.get("parts", ()), row.get("mark")
    bar = _bar(parts, mark) if parts or mark is not None else ""
    words = f" <span>{escape(row['words'])}</span>" if row["words"] else ""
    return f"<div><p>{escape(row['name'])}{words}</p>{bar}</div>"


def _bar(parts: Sequence[tuple[str, float]], mark: float | None = None) -> str:
    """Return a bar as wide as its place; lengths are shares of it."""
    shapes, left = [], 0.0
    for colour, length in parts:
        if _COLOUR.fullmatch(colour):
            place = f'x="{left * 100:.4g}" y="2" width="{length * 100:.4g}" height="8"'
            shapes.append(f'<rect fill="{colour}" {place}/>')
        left += length
    if mark is not None:
        shapes.append(f'<rect fill="{INK}" x="{mark * 100 - 0.3:.4g}" width=".6" height="12"/>')
    head = '<svg aria-hidden="true" viewBox="0 0 100 12" preserveAspectRatio="none">'
    return f"{head}{''.join(shapes)}</svg>"


def _plot(cuts: Sequence[Sequence[float]]) -> str:
    """Return a plot, put together from cuts of the chart side by side, in the chart's size."""
    width, height = sum(cut[2] for cut in cuts), max(cut[3] for cut in cuts)
    shapes, at = [], 0.0
    for left, top, wide, tall in cuts:
        shapes.append(
            f'<svg x="{at:g}" width="{wide:g}" height="{tall:g}"'
            f' viewBox="{left:g} {top:g} {wide:g} {tall:g}"><use href="#{BODY}"/></svg>'
        )
        at += wide
    return (
        f'<svg class="plot" aria-hidden="true" width="{width * PIXELS:.0f}"'
        f' viewBox="0 0 {width:g} {height:g}">{"".join(shapes)}</svg>'
    )
