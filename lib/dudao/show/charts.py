"""Drawing: a figure in the house's look, as deterministic SVG with a text alternative."""

from __future__ import annotations

import io
import re
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import matplotlib as mpl
from matplotlib.text import Text

from dudao.case import Case
from dudao.facts.plain_text import GETA
from dudao.show import font
from dudao.show.lettering import Renderer
from dudao.show.plot import INK, MUTED, POINTS, SIZE, Plot, Sheet

FICTIONAL, SCENARIO = "虚构数据", "情景推演，非实际数据"
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
_STYLE = {
    "font.size": SIZE,
    "svg.fonttype": "path",
    "svg.hashsalt": "dudao",
    "text.color": INK,
}
_STRIP = 0.25 * POINTS
_PLACES = re.compile(r'(?: (?:d|x|y)="|translate\()[^")]*')
_LONG = re.compile(r"-?\d+\.\d{3,}")
_MARKS = re.compile(r"<g(?P<group>(?: (?!style)[^>]*)?)>(?P<uses>\s*(?:<use [^>]*/>\s*)+)</g>")
_STYLED = re.compile(r' style="[^"]*"')
_MISSING_GLYPH = re.compile(r"Glyph (\d+)")


@dataclass(frozen=True)
class Chart:
    """A drawn figure: SVG, and the sentence that says what it shows."""

    svg: str
    alt: str

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> Any:
        data = {"image/svg+xml": self.svg, "text/plain": f"图：{self.alt}"}
        return data, {"image/svg+xml": {"alt": self.alt}}


@cache
def _settings() -> dict[str, Any]:
    """Return all of matplotlib's settings in the house's look."""
    return {**mpl.rcParamsDefault, **_STYLE, "font.family": [font.family()]}


@contextmanager
def house_style() -> Iterator[None]:
    """Draw in the house's look, whatever matplotlib settings surround it."""
    with mpl.rc_context(_settings()):
        yield


@contextmanager
def drawing(height: float, *grid: int) -> Iterator[Any]:
    """Give the plot of a figure in the house's look, or its plots, to be drawn and finished within.

    height: in inches; a figure is as wide as a page and lays itself out. grid: rows and columns of
    plots, which come row by row.
    """
    with house_style():
        plots = Sheet(height, *(grid or (1, 1))).plots
        yield plots if grid else plots[0]


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


def finish(
    plot: Plot,
    topic: str,
    message: str,
    clauses: Iterable[str],
    *,
    none: str = NOTHING,
    case: Case | None = None,
) -> Chart:
    """Return the figure of a plot under its caption, with words for those who do not see it.

    message: the one thing it says. clauses: what it shows, one by one; none: said in their place
    where nothing is drawn. case: whose figures it shows; invented or assumed ones are marked.
    """
    sheet, caption = plot.sheet, f"{topic}：{message}" if message else topic
    lines = [caption[at : at + TITLE_SIGNS] for at in range(0, len(caption), TITLE_SIGNS)]
    sheet.add_caption("\n".join(lines))
    # The words repeat figures of a table; counts stay in the picture.
    title = topic if any(map(str.isdigit, message)) else caption
    alt = f"{title}。{'；'.join(clauses) or none}"
    return render(sheet, alt, mark=mark_of(case) if case else "")


def render(sheet: Sheet, alt: str, *, mark: str = "") -> Chart:
    """Return the figure as SVG; a character that the font lacks is set as 〓, with a remark."""
    if mark:
        _write_mark(sheet, mark)
        alt = f"{mark}。{alt}"
    svg, missing = _drawn(sheet)
    if missing:
        remark = _replace(sheet, missing)
        alt = f"{_without(alt, missing)}。{remark}"
        svg, _ = _drawn(sheet)
    return Chart(_styled_once(_rounded(svg)), alt)


def _drawn(sheet: Sheet) -> tuple[str, set[str]]:
    """Return the figure as SVG, and the characters in it that the font lacks."""
    buffer = io.StringIO()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        metadata = {"Date": None, "Creator": None}
        renderer = Renderer(*sheet.figure.bbox.size, buffer, metadata=metadata)
        sheet.lay_out(renderer)
        sheet.figure.draw(renderer)
        renderer.finalize()
    matches = (_MISSING_GLYPH.search(str(warning.message)) for warning in caught)
    return buffer.getvalue(), {chr(int(match[1])) for match in matches if match}


def _without(words: str, missing: set[str]) -> str:
    return "".join(GETA if character in missing else character for character in words)


def _replace(sheet: Sheet, missing: set[str]) -> str:
    """Set 〓 for characters that the font lacks, as printers do; return the remark that says so."""
    for text in sheet.figure.findobj(Text):
        if missing & set(text.get_text()):
            text.set_text(_without(text.get_text(), missing))
    codes = "、".join(f"U+{ord(character):04X}" for character in sorted(missing))
    remark = f"{GETA}：字库中没有的字（{codes}）"
    sheet.add_strip(1, _STRIP)
    sheet.figure.text(0.005, 0.005, remark, ha="left", va="bottom", color=MUTED, size=7)
    return remark


def _write_mark(sheet: Sheet, mark: str) -> None:
    """Write a mark into a strip above the picture, clear of title, key and labels."""
    sheet.add_strip(0, _STRIP)
    style = {"ha": "right", "va": "top", "color": "#9a1a1a", "weight": "bold"}
    sheet.figure.text(0.995, 0.985, mark, **style)


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

    def rounded(part: re.Match[str]) -> str:  # most are signs of the font, in whole numbers
        return _LONG.sub(short, part[0]) if "." in part[0] else part[0]

    return _PLACES.sub(rounded, svg)
