"""Lettering of charts: a sign is read from the font once, where matplotlib reads it for each text.

matplotlib shapes a text twice, to measure and to draw it, and reads tables of a font of 16 MB each
time. Chinese signs, figures and marks stand one after the other and need no shaping: what comes
out is the same. A text with a sign that goes by its neighbours, or that the font lacks, is left to
matplotlib.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any

from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.font_manager import FontPath, FontProperties, fontManager, get_font
from matplotlib.ft2font import FT2Font, LoadFlags
from matplotlib.path import Path as Outline
from matplotlib.textpath import TextToPath, text_to_path

from dudao.facts.items import items
from dudao.law.framework import frameworks
from dudao.show import font

_FINE = 64  # parts of a point in which a font's signs are measured


@dataclass(frozen=True)
class _Sign:
    """A sign: its name in a picture, its outline, and the room that it takes."""

    name: str
    outline: str
    advance: int
    bottom: int
    right: int
    top: int


@dataclass(frozen=True)
class _Face:
    """One weight of the font, of which a sign is read when it is first written."""

    files: tuple[FontPath, ...]
    heights: tuple[int, int, int, int]  # of the font: above and below the line, between lines, em
    signs: dict[str, _Sign | None] = field(default_factory=dict)

    def signs_of(self, text: str) -> list[_Sign]:
        """Return the signs of a text; nothing where one does not simply follow the other."""
        signs = []
        for character in text:
            if character not in self.signs:
                self.signs[character] = self._read(character)
            if (sign := self.signs[character]) is None:
                return []
            signs.append(sign)
        return signs

    def _read(self, character: str) -> _Sign | None:
        opened = self.open()
        index = opened.get_char_index(ord(character))
        if not index or _goes_by_neighbours(character):
            return None
        glyph = opened.load_glyph(index, flags=LoadFlags.NO_HINTING)
        _, bottom, right, top = glyph.bbox
        name = text_to_path._get_glyph_repr(opened, index)
        points, steps = opened.get_path()
        path = Outline(points * _FINE, steps)
        outline = RendererSVG._convert_path(None, path, simplify=False)  # needs no renderer
        return _Sign(name, outline, glyph.horiAdvance, bottom, right, top)

    def open(self) -> FT2Font:
        """Return the font in the size in which outlines are read.

        Kept by matplotlib, which opens it anew in a fork: it would share the place in the file.
        """
        opened = get_font(self.files)
        opened.set_size(TextToPath.FONT_SCALE, TextToPath.DPI)
        return opened


def _goes_by_neighbours(character: str) -> bool:
    """Say whether a sign may move or change others: letters of alphabets, accents, controls."""
    kind = unicodedata.category(character)[0]
    return kind in "MC" or (kind == "L" and unicodedata.east_asian_width(character) not in "WF")


@cache
def _face(family: tuple[str, ...], weight: str | int) -> _Face:
    files = tuple(fontManager._find_fonts_by_props(FontProperties(family=family, weight=weight)))
    opened = get_font(files)
    table, em = opened.get_sfnt_table("OS/2"), opened.get_sfnt_table("head")["unitsPerEm"]
    names = ("sTypoAscender", "sTypoDescender", "sTypoLineGap")
    return _Face(files, (*(table[name] for name in names), em))


def load() -> None:
    """Read the signs that most charts show, for the processes that are forked from this.

    Those are the signs of the words that this package writes and of the tree's titles, and, but
    for captions, of the names of items. A process that needs no other opens no font.
    """
    sources = (path.read_text(encoding="utf-8") for path in Path(__file__).parent.rglob("*.py"))
    titles = (title for tree in frameworks() for title in tree.primary_titles.values())
    written = "".join((*sources, *titles))
    names = "".join(item.label for item in items().values())
    for weight, text in (("normal", written + names), ("bold", written)):
        face = _face((font.family(),), weight)
        for character in {sign for sign in text if not (sign.isascii() and sign.isalpha())}:
            face.signs_of(character)


class _Lettering(TextToPath):  # type: ignore[misc]
    """Texts as outlines for matplotlib, which asks for a font by `_get_font` and hands it back."""

    def _get_font(self, prop: FontProperties) -> _Face:
        return _face(tuple(prop.get_family()), prop.get_weight())

    def get_text_width_height_descent(
        self, s: str, prop: FontProperties, ismath: bool
    ) -> tuple[float, float, float]:
        signs = [] if ismath else self._get_font(prop).signs_of(s)
        if not signs:
            left: tuple[float, float, float]
            left = text_to_path.get_text_width_height_descent(s, prop, ismath)
            return left
        ends = [*accumulate((sign.advance for sign in signs), initial=0)]
        right = max(ends[-1], *(at + sign.right for at, sign in zip(ends, signs, strict=False)))
        bottom, top = min(sign.bottom for sign in signs), max(sign.top for sign in signs)
        scale = prop.get_size_in_points() / self.FONT_SCALE
        return right / _FINE * scale, (top - bottom) / _FINE * scale, -bottom / _FINE * scale

    def get_glyphs_with_font(
        self,
        font: _Face,
        s: str,
        glyph_map: dict[str, Any],
        return_new_glyphs_only: bool,
        **how: Any,
    ) -> Any:
        signs = font.signs_of(s)
        if not signs:
            opened = font.open()
            return text_to_path.get_glyphs_with_font(
                opened, s, glyph_map, return_new_glyphs_only, **how
            )
        ends = accumulate((sign.advance for sign in signs), initial=0)
        placed = [(sign.name, at / _FINE, 0.0, 1.0) for at, sign in zip(ends, signs, strict=False)]
        return placed, {s.name: s.outline for s in signs if s.name not in glyph_map}, []


class Renderer(RendererSVG):  # type: ignore[misc]
    """matplotlib's writer of SVG with this lettering."""

    def __init__(self, *arguments: Any, **how: Any) -> None:
        super().__init__(*arguments, **how)
        self._text2path = _Lettering()

    def _update_glyph_map_defs(self, glyph_map_new: dict[str, Any]) -> None:
        """Write the outlines of new signs, as matplotlib does that of a sign of its own."""
        ours = {name: at for name, at in glyph_map_new.items() if isinstance(at, str)}
        if len(ours) < len(glyph_map_new):
            super()._update_glyph_map_defs(glyph_map_new)
        elif ours:
            self.writer.start("defs")
            for name, outline in ours.items():
                self.writer.element("path", id=name, d=outline, transform="scale(0.015625)")
            self.writer.end("defs")
            self._glyph_map.update(ours)

    def _get_font_height_metrics(self, prop: FontProperties) -> tuple[float, float, float]:
        above, below, between, em = self._text2path._get_font(prop).heights
        scale = 1 / em * prop.get_size_in_points()
        return above * scale, -below * scale, between * scale
