"""Shapes on a page in points, from the upper left corner, and the SVG that shows them.

Text is written as outlines of letters, so that it looks alike wherever it is read; a drawing holds
each outline once. Same shapes, same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import cos, radians, sin
from typing import Any

from dudao.show import font

INK = "#1b1b1b"
Point = tuple[float, float]
_CIRCLE = "m-{r} 0a{r} {r} 0 1 0 {d} 0a{r} {r} 0 1 0-{d} 0"
# The outline of a mark around its middle, for half its size; a square is a point of a square pen.
_MARKS = {
    "dot": _CIRCLE,
    "ring": _CIRCLE,
    "diamond": "m0-{r}l{r} {r}-{r} {r}-{r}-{r}z",
    "square": "h0",
    "cross": "m-{r}-{r}l{d} {d}m0-{d}l-{d} {d}",
    "dash": "m-{r} 0h{d}",
    "bar": "m0-{r}v{d}",
}


@dataclass(frozen=True)
class Text:
    """A line of text, from its left end on its base line; turned around that point, in degrees."""

    x: float
    y: float
    words: str
    size: float = 9
    ink: str = INK
    bold: bool = False
    turn: float = 0

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Return left, top, right and bottom of what is written, as it is turned."""
        up, down = font.ASCENT * self.size, -font.DESCENT * self.size
        wide = font.width(self.words, self.size, bold=self.bold)
        turned = [_turned((x, y), self.turn) for x in (0, wide) for y in (up, down)]
        xs, ys = zip(*turned, strict=True)
        return self.x + min(xs), self.y - max(ys), self.x + max(xs), self.y - min(ys)


@dataclass(frozen=True)
class Box:
    """A filled rectangle, with white lines across it where it is hatched."""

    left: float
    top: float
    right: float
    bottom: float
    fill: str
    is_hatched: bool = False


@dataclass(frozen=True)
class Line:
    """A line through points."""

    points: tuple[Point, ...]
    ink: str = INK
    width: float = 1.5
    dashes: str = ""  # lengths of dash and gap
    alpha: float = 1


@dataclass(frozen=True)
class Marks:
    """Marks of one shape at several points, with an edge where one is named."""

    points: tuple[Point, ...]
    shape: str
    size: float
    ink: str
    alpha: float = 1
    edge: str = ""


Shape = Text | Box | Line | Marks


def _turned(point: Point, degrees: float) -> Point:
    x, y = point
    along, up = cos(radians(degrees)), sin(radians(degrees))
    return x * along - y * up, x * up + y * along


def _number(value: float) -> str:
    """Write a length to a tenth of a point, which is more than paper shows."""
    return f"{round(value, 1):g}" if value else "0"


def _at(point: Point) -> str:
    return f"M{_number(point[0])} {_number(point[1])}"


def _text(shape: Text) -> str:
    at, uses = 0.0, []
    for sign in shape.words:
        one = font.letter(sign, bold=shape.bold)
        if one.outline:
            place = f' x="{round(at)}"' if at else ""
            uses.append(f'<use href="#{one.name}"{place}/>')
        at += one.advance
    turn = f"rotate({-shape.turn:g})" if shape.turn else ""
    move = f"translate({_number(shape.x)} {_number(shape.y)}){turn}"
    colour = 'class="t"' if shape.ink == INK else f'style="fill:{shape.ink}"'
    scale = f"scale({shape.size / font.EM:.4g})"
    return f'<g {colour} transform="{move}{scale}">{"".join(uses)}</g>'


def _hatch(box: Box) -> str:
    """Return lines that climb from left to right through a box."""
    high, wide, step = box.bottom - box.top, box.right - box.left, 6.0
    lines = []
    for number in range(int((wide + high) / step) + 1):
        start = number * step - high  # where the line leaves the lower edge, from the left one
        low, end = max(start, 0.0), min(start + high, wide)
        if end > low:
            rise = _number(low - end)
            lines.append(
                f"{_at((box.left + low, box.bottom - low + start))}l{_number(end - low)} {rise}"
            )
    return f'<path style="stroke:#fff;stroke-width:1" d="{"".join(lines)}"/>'


def _box(shape: Box) -> str:
    wide, high = _number(shape.right - shape.left), _number(shape.bottom - shape.top)
    outline = f"{_at((shape.left, shape.top))}h{wide}v{high}h-{wide}z"
    drawn = f'<path style="fill:{shape.fill}" d="{outline}"/>'
    return drawn + _hatch(shape) if shape.is_hatched else drawn


def _line(shape: Line) -> str:
    style = f"fill:none;stroke:{shape.ink};stroke-width:{shape.width:g}"
    style += f";stroke-dasharray:{shape.dashes}" if shape.dashes else ""
    style += f";stroke-opacity:{shape.alpha:g}" if shape.alpha != 1 else ""
    first, *others = shape.points
    way = " ".join(f"{_number(x)} {_number(y)}" for x, y in others)
    return f'<path style="{style}" d="{_at(first)}L{way}"/>'


def _marks(shape: Marks) -> str:
    outline = _MARKS[shape.shape].format(r=_number(shape.size / 2), d=_number(shape.size))
    if shape.shape in ("dot", "diamond"):
        style = f"fill:{shape.ink}"
        style += f";fill-opacity:{shape.alpha:g}" if shape.alpha != 1 else ""
        style += f";stroke:{shape.edge}" if shape.edge else ""
    else:
        style = f"fill:none;stroke:{shape.ink}"
    if shape.shape == "square":
        style += f";stroke-width:{shape.size:g};stroke-linecap:square"
    if shape.alpha == 1:
        drawn = "".join(_at(point) + outline for point in shape.points)
        return f'<path style="{style}" d="{drawn}"/>'
    # One by one, so that what lies on each other is darker.
    drawn = "".join(f'<path d="{_at(point)}{outline}"/>' for point in shape.points)
    return f'<g style="{style}">{drawn}</g>'


_WRITE: dict[type, Callable[[Any], str]] = {Text: _text, Box: _box, Line: _line, Marks: _marks}


def _letters(shapes: Iterable[Shape]) -> Iterator[str]:
    """Yield the outlines of what is written, each once."""
    signs = {(sign, one.bold) for one in shapes if isinstance(one, Text) for sign in one.words}
    outlines = {one.name: one.outline for one in (font.letter(s, bold=b) for s, b in sorted(signs))}
    for name, outline in outlines.items():
        if outline:
            yield f'<path id="{name}" d="{outline}" class="l"/>'


def svg(shapes: Sequence[Shape], width: float, height: float) -> str:
    """Return shapes as an SVG of so many points, in the order in which they lie on each other."""
    wide, high = _number(width), _number(height)
    style = f".t{{fill:{INK}}}*{{stroke-linejoin:round;stroke-linecap:butt}}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}pt" height="{high}pt" '
        f'viewBox="0 0 {wide} {high}">',
        f"<defs><style>{style}</style></defs>",
        f"<defs>{''.join(_letters(shapes))}</defs>",
        *(_WRITE[type(one)](one) for one in shapes),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"
