"""The Chinese font of charts, from a dependency: its letters as outlines, each read once."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import TYPE_CHECKING

from dudao.facts.text import GETA

if TYPE_CHECKING:
    from matplotlib.ft2font import FT2Font

EM = 128  # units of an outline to the height of a line: finer than paper shows
ASCENT, DESCENT = 0.88, 0.12  # of the height of a line, above and below its base
_WEIGHTS = {False: "Regular", True: "Bold"}
_COMMANDS = {1: ("m", 1), 2: ("l", 1), 3: ("q", 2), 4: ("c", 3)}  # of a FreeType path: points


@dataclass(frozen=True)
class Letter:
    """A letter's name, its outline as SVG steps, and how far the next is, in units of EM."""

    name: str
    outline: str
    advance: float


def folder() -> Path:
    """Return where the font files of charts lie."""
    spec = importlib.util.find_spec("mpl_font")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("mpl_font")
    return Path(spec.origin).parent / "fonts" / "noto"


def path(*, bold: bool = False) -> Path:
    """Return the file of a weight."""
    return folder() / f"NotoSansCJKsc-{_WEIGHTS[bold]}.otf"


@cache
def _face(bold: bool) -> FT2Font:
    """Open a weight in memory: forked processes would move each other's place in an open file."""
    from matplotlib.ft2font import FT2Font

    with path(bold=bold).open("rb") as file:
        content = mmap(file.fileno(), 0, access=ACCESS_READ)
    return FT2Font(content)


def has(character: str) -> bool:
    """Say whether the font has a character."""
    return bool(_face(False).get_char_index(ord(character)))


@cache
def letter(character: str, *, bold: bool = False) -> Letter:
    """Return a letter; 〓 stands for a character that the font lacks, as printers set it."""
    from matplotlib.ft2font import LoadFlags

    if not has(character):
        return letter(GETA, bold=bold)
    face = _face(bold)
    advance = face.load_char(ord(character), LoadFlags.NO_SCALE).horiAdvance
    scale = EM / face.units_per_EM
    points, codes = face.get_path()
    whole = (points * (64 * scale, -64 * scale)).round().astype(int).tolist()
    name = f"{'b' if bold else 'r'}{ord(character):x}"
    return Letter(name, _outline(whole, codes.tolist()), advance * scale)


def _outline(points: list[list[int]], codes: list[int]) -> str:
    """Return a path as relative steps of SVG: each point as the way from the end of the last."""
    made: list[str] = []
    at, here, start = 0, [0, 0], [0, 0]
    while at < len(codes):
        if codes[at] not in _COMMANDS:
            made.append("z")
            at, here = at + 1, start
            continue
        command, number = _COMMANDS[codes[at]]
        ends = points[at : at + number]
        steps = [f"{x - here[0]} {y - here[1]}" for x, y in ends]
        made.append(command + " ".join(steps).replace(" -", "-"))
        at, here = at + number, ends[-1]
        start = here if command == "m" else start
    return "".join(made)


def width(words: str, size: float, *, bold: bool = False) -> float:
    """Return how wide a line of text is, in points."""
    return sum(letter(sign, bold=bold).advance for sign in words) * size / EM


def read(texts: Iterable[str]) -> None:
    """Read the letters of texts, before processes are forked that write them."""
    for sign in sorted({sign for text in texts for sign in text}):
        letter(sign)
