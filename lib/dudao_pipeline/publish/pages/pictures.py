"""Charts in a page: drawn in it, short, with one table of letters for all of them.

A chart of ours is an SVG whose letters are outlines, the same in every chart. A page holds each
outline once (`Letters`) and each chart refers to it. What is not a chart of ours stays a closed
image.
"""

import html
import re
import urllib.parse
from functools import lru_cache

import numpy as np

LETTERS = 8192  # outlines kept: every chart of every county draws the same letters
UNITS = 50  # of 6400 to an em that make one of ours: 128 to an em are what paper shows
OURS = ("svg", "g", "path", "use", "defs", "style", "clipPath", "rect", "pattern")
MARK = 'class="chart"'  # how a chart in a page is recognized
UNQUOTED = " =:/;,.()!*+-@?$[]{}|~^_'"  # what stands in a quoted attribute and an address alike

_SHAPES = re.compile(rf"(?:[^<]*+</?(?:{'|'.join(OURS)})(?![A-Za-z:])[^<>]*+>)*+[^<]*+")
_GROUP = re.compile(r"<(/?)g\b([^<>]*)>")
_LEFT_OUT = re.compile(r"<\?xml.*?\?>|<!DOCTYPE.*?>|<!--.*?-->|<metadata>.*?</metadata>", re.DOTALL)
_SPACES = re.compile(r"\s+")
_SCALE = ' transform="scale(0.015625)"'  # of the outline of a letter, and of nothing else
_OUTLINE = re.compile(rf'(<path id="[^"]+") d="([MLQCz\d\s-]*)"(?={re.escape(_SCALE)})')
_LETTER = re.compile(rf'<path id="([^"]+)"(?: d="([^"]*)")?{re.escape(_SCALE)} ?/>')
_TEXT = re.compile(
    r'<g (?P<style>style="[^"]*" )?transform="(?P<move>[^"]*?) ?'
    r'scale\((?P<x>[\d.]+) -(?P<y>[\d.]+)\)">'
    r"(?P<inner>(?:<defs>(?:<path [^<>]*/>)*</defs>|<use [^<>]*/>)+)</g>"
)
_USE = re.compile(
    r'<use xlink:href="#(?P<id>[^"]+)"(?: transform="translate\((?P<x>\S+) (?P<y>\S+)\)")? ?/>'
)
_ID = re.compile(r' id="([^"]+)"')
_STEP = re.compile(r"([MLQCz])([^MLQCz]*)")
_AROUND = re.compile(r"\s*([MLQCzZ:;])\s*")
_DRAWN = re.compile(r'(<path)? (d|style|x|y)="([^"]*)"')
_FINE = re.compile(r"-?\d*\.\d{2,}")  # a tenth of a point is more than paper shows
_QUOTED = re.compile(r'="([\w#.-]+)"')
_BARE = re.compile(r"<use [^<>]*/>")
_LETTERS = re.compile(r'<path id="([^"]+)" d="([^"]*)" class="l"/>')
_NAME = re.compile(r'(?<= id=")[^"]+|(?<=href="#)[^"]+|(?<=url\(#)[^)]+')
_TEXT_COLOUR = 'style="fill:#1b1b1b"'
_STYLE = ".t{fill:#1b1b1b}*{stroke-linejoin:round;stroke-linecap:butt}"
_NAMESPACE = 'xmlns="http://www.w3.org/2000/svg"'


def drawn(svg: str, alt: str) -> str:
    """Return a chart of ours as it stands in a page, not yet numbered; else a closed image."""
    # The outlines of letters are most of a chart: once they are short, so is what is read below.
    text = _OUTLINE.sub(lambda letter: f'{letter[1]} d="{outline(letter[2])}"', svg)
    text = " ".join(_LEFT_OUT.sub("", text).split()).replace("> <", "><")
    if not _is_ours(text):
        return image(svg, alt)
    short = _TEXT.sub(_text, text)
    if _SCALE in short:
        return image(svg, alt)
    short = _without_bare_groups(_DRAWN.sub(_shorter, short))
    box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', short)
    body = re.sub(r"<defs><style[^>]*>[^<]*</style></defs>|<defs></defs>", "", short)
    body = body.partition(">")[2].removesuffix("</svg>").replace("xlink:href", "href")
    size = f'width="{box[1]}pt" height="{box[2]}pt" viewBox="0 0 {box[1]} {box[2]}"'
    return f'<svg {MARK} role="img" aria-label="{html.escape(alt)}" {size}>{body}</svg>'


def image(svg: str, alt: str) -> str:
    """Return a picture as a closed image: nothing in it runs, no name in it meets another's."""
    address = urllib.parse.quote(
        re.sub(r"=\"([^\"']*)\"", r"='\1'", _SPACES.sub(" ", svg)), safe=UNQUOTED
    )
    return f'<img src="data:image/svg+xml,{address}" alt="{html.escape(alt)}">'


class Letters:
    """The letters of a page's charts, each once, and the numbers of their marks."""

    def __init__(self) -> None:
        """Begin a page."""
        self._names: dict[str, str] = {}
        self._marks = 0

    def numbered(self, chart: str) -> str:
        """Return a chart whose letters stand in the table; of its marks no name stands twice."""
        names: dict[str, str] = {}
        for name, outline in _LETTERS.findall(chart):
            names[name] = self._names.setdefault(outline, f"L{_short(len(self._names))}")
        text = _LETTERS.sub("", chart).replace("<defs></defs>", "")
        for name in dict.fromkeys(_ID.findall(text)):
            names[name] = f"m{_short(self._marks)}"
            self._marks += 1
        text = _NAME.sub(lambda match: names.get(match[0], match[0]), text)
        return _BARE.sub(lambda use: _QUOTED.sub(r"=\1", use[0][:-2]) + " />", text)

    def table(self) -> str:
        """Return the letters; "" for a page without a chart."""
        paths = "".join(f'<path id={name} d="{at}"/>' for at, name in self._names.items())
        return paths and f'<svg class="letters" aria-hidden="true"><defs>{paths}</defs></svg>\n'


def standing_alone(chart: str) -> bytes:
    """Return a chart as `drawn` made it as a file of its own."""
    head, _, body = chart.partition(">")
    head = head.replace(MARK, _NAMESPACE)
    return f"{head}><defs><style>{_STYLE}</style></defs>{body}".encode()


def _is_ours(text: str) -> bool:
    """Whether only shapes are drawn: no address but of a shape in it, nothing that runs."""
    return (
        text.startswith("<svg ")
        and 'viewBox="0 0 ' in text
        and _SHAPES.fullmatch(text) is not None
        and not (" on" in text and re.search(r"\son\w+\s*=", text))
        and all(text.count(start) == text.count(f"{start}#") for start in ('href="', "url("))
        and "@import" not in text
        and "javascript:" not in text
    )


def _text(match: re.Match) -> str:
    """Return a line of text whose letters come in our units."""
    scale = UNITS / 64
    inner = _LETTER.sub(
        lambda letter: f'<path id="{letter[1]}" d="{letter[2] or ""}" class="l"/>', match["inner"]
    )
    inner = _USE.sub(_placed, inner)
    x, y = (f"{float(match[axis]) * scale:.6g}".lstrip("0") for axis in "xy")
    move = f"{match['move']} " if match["move"] else ""
    style = match["style"] or ""
    style = 'class="t" ' if style.replace(" ", "") == _TEXT_COLOUR else style
    return f'<g {style}transform="{move}scale({x} -{y})">{inner}</g>'


def _placed(match: re.Match) -> str:
    shift = ""
    for axis in "xy":
        if match[axis] and (units := round(float(match[axis]) * 64 / UNITS)):
            shift += f' {axis}="{units}"'
    return f'<use xlink:href="#{match["id"]}"{shift}/>'


def _short(number: int) -> str:
    """Return a number in few signs."""
    return np.base_repr(number, 36).lower()


def _shorter(match: re.Match) -> str:
    """Return an attribute without needless spaces; the points of lines and marks, coarser."""
    start, name, value = match.groups("")
    if name in ("d", "style"):
        value = _tight(value)
    if name in ("x", "y") or (name == "d" and start):
        value = _FINE.sub(lambda fine: f"{float(fine[0]):.1f}".removesuffix(".0"), value)
    return f'{start} {name}="{value}"'


@lru_cache(LETTERS)
def _tight(value: str) -> str:
    return _AROUND.sub(r"\1", value).strip("; ")


def _without_bare_groups(text: str) -> str:
    """Return a text without groups that say nothing; ids of groups are referred to by nobody."""
    kept: list[bool] = []

    def shorter(match: re.Match) -> str:
        if match[1]:
            return "</g>" if kept.pop() else ""
        if match[2].endswith("/"):
            return ""
        attributes = _ID.sub("", match[2])
        kept.append(bool(attributes.strip()))
        return f"<g{attributes}>" if kept[-1] else ""

    text = re.sub(r"<g>(?=</g>)|<g [^<>]*></g>", "", text).replace(" />", "/>")
    return _GROUP.sub(shorter, text)


@lru_cache(LETTERS)
def outline(path: str) -> str:
    """Return the outline of a letter in larger units, each point as the way from the last."""
    made: list[str] = []
    here, start, last = (0, 0), (0, 0), ""
    for command, numbers in _STEP.findall(path):
        if command == "z":
            made.append("z")
            here, last = start, "z"
            continue
        ends = [round(int(number) / UNITS) for number in numbers.split()]
        steps = [end - here[at % 2] for at, end in enumerate(ends)]
        here = (ends[-2], ends[-1])
        if command == "M":
            start = here
        elif command == "L":
            command = "h" if steps[1] == 0 else "v" if steps[0] == 0 else "l"
            steps = [step for step in steps if step] if command != "l" else steps
            if not steps:
                continue
        name = command.lower()
        parts = [f"{step}" if step < 0 else f" {step}" for step in steps]
        made.append("".join(parts) if name == last else name + "".join(parts).lstrip())
        last = name if name != "m" else "M"
    return "".join(made)
