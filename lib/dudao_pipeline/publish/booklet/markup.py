"""The booklet: what the pages of a county show as typst markup, set behind title and contents."""

import base64
import itertools
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import typst
from bs4 import BeautifulSoup, NavigableString, Tag

from dudao.base.mime import TABLES
from dudao.show import font
from dudao.show.tables import NUMBER, Record, cell_class
from dudao_pipeline.publish.pages import fragments, pictures
from dudao_pipeline.publish.pages.arrangement import Block, Cell, Fold
from dudao_pipeline.publish.pages.page import HTML, IMAGES, SHOWN, TEXT
from dudao_pipeline.publish.summary import label

HEADINGS = {"h2": 2, "h3": 3, "h4": 4}
RESULTS = ("met", "not-met", "undecided", "not-applicable", "reference")
PICTURE = "\n#align(center, image("
SPACE = re.compile(r"\s+")
FORM = Path(__file__).with_name("booklet.typ")
_BUILT = {  # element -> how its parts are put together
    "mfrac": "frac({}, {})",
    "mroot": "root({1}, {0})",
    "msub": "{} _({})",
    "msup": "{} ^({})",
    "msubsup": "{} _({}) ^({})",
    "munder": "{} _({})",
    "munderover": "{} _({}) ^({})",
}
_ACCENTS = {"¯": "macron", "^": "hat", "~": "tilde", "˙": "dot", "→": "arrow"}
_ROWS = ("math", "mrow", "mstyle", "msqrt")
_LEAVES = ("mi", "mn", "mo", "mtext")
_AS_IT_IS = re.compile(r"[A-Za-z]|\d+(?:\.\d+)?|[-+=|()\[\]<>*!.×−≤≥·∑Δ]")
ACCESSIBLE = "ua-1"  # PDF/UA-1: tagged, with title, language and text alternatives


def text(value: str) -> str:
    """Return a text as a string of typst: nothing in it is markup."""
    clean = "".join(letter for letter in value if letter.isprintable())
    return f"#{json.dumps(clean, ensure_ascii=False)}"


class BookletPage:
    """Markup of what one page shows unfolded; its pictures collect in `files`, by name."""

    def __init__(self, name: str, blocks: Sequence[Block]) -> None:
        """Take the blocks of a page, as `pages.page.blocks_of` gives them."""
        self.name, self.files, self.level = name, {}, 1
        self.sources: dict[str, int] = {}
        self.blocks = [block for block in blocks if not isinstance(block, Fold)]

    def markup(self) -> str:
        """Return the body of the page."""
        parts = [part for cell in self.blocks for part in self._cell(cell)]
        parts += self._notes()
        for at, (one, after) in enumerate(itertools.pairwise(parts)):
            if after.startswith(PICTURE) and not one.startswith((PICTURE, "\n")):
                parts[at] = f"#block(sticky: true)[{one}]"  # what announces a picture stays by it
        return "\n".join(parts)

    def _cell(self, cell: Cell) -> Iterator[str]:
        if cell["cell_type"] == "markdown":
            yield from self._prose(fragments.prose(cell["source"], cell.get("attachments")))
        for output in cell.get("outputs", ()):
            yield from self._output(output)

    def _prose(self, html: str) -> Iterator[str]:
        for part in prose_markup(html):
            yield self._heading(*part) if isinstance(part, tuple) else part

    def _heading(self, level: int, content: str) -> str:
        # A level is never skipped, whatever the page does: a reading device follows them.
        self.level = min(level, self.level + 1)
        return f"\n#heading(level: {self.level})[{content}]\n"

    def _output(self, output: Mapping) -> Iterator[str]:
        if output["output_type"] != "display_data" and "data" not in output:
            yield text(output.get("text") or output.get("evalue", "")) + "\n"
            return
        data = output["data"]
        mime = next(mime for mime in SHOWN if mime in data)
        if mime == TABLES:
            yield from map(self._table, data[TABLES]["tables"])
        elif mime in (fragments.SVG, *IMAGES):
            yield self._picture(output, mime)
        elif mime in (HTML, TEXT):
            yield from (text(line) + "\n" for line in data.get(TEXT, "").splitlines())
        else:
            yield from self._prose(fragments.markdown_output(data[mime]))

    def _picture(self, output: Mapping, mime: str) -> str:
        shown, alt = fragments.figure(output, mime)
        if mime != fragments.SVG:
            suffix, content = mime.rpartition("/")[2], base64.b64decode(output["data"][mime])
        elif pictures.MARK in shown[:40]:
            suffix, content = "svg", pictures.standing_alone(shown)
        else:
            suffix, content = "svg", output["data"][mime].encode()
        name = f"{self.name}-{len(self.files) + 1}.{suffix}"
        self.files[name] = content
        return f'{PICTURE}"{name}", width: 100%, alt: {json.dumps(alt, ensure_ascii=False)}))\n'

    def _table(self, record: Record) -> str:
        if "left_out" in record:
            return text(record["left_out"]) + "\n"
        columns, rows = record["columns"], record["rows"]
        right = [column.get("kind") == NUMBER for column in columns]
        heads = [[column["label"]] for column in columns]
        body = [[self._lines(cell) for cell in row] for row in rows]
        whole = [record[name] for name in ("empty", "note") if name in record]
        head = [
            _cell_markup(lines, to_right=to_right and bool(rows), is_head=True)
            for lines, to_right in zip(heads, right, strict=True)
        ]
        cells = [
            _cell_markup(lines, to_right=to_right, mark=cell_class(cell))
            for row, own in zip(rows, body, strict=True)
            for cell, lines, to_right in zip(row, own, right, strict=True)
        ]
        cells += [_cell_markup([line], span=len(columns)) for line in whole]
        widths = ", ".join(_widths([heads, *body]))
        return (
            f"\n#captioned([{text(record['caption'])}])\n#table(columns: ({widths},), "
            f"table.header({''.join(head)}),{''.join(cells)})\n"
        )

    def _lines(self, cell: object) -> list[str]:
        """Return the lines of a cell; a source is the number of its note."""
        if isinstance(cell, list):
            return [line for part in cell for line in self._lines(part)]
        if isinstance(cell, str) or "room" in cell:
            return [cell if isinstance(cell, str) else ""]
        shown = f"[{self._note(cell['text'])}]" if cell.get("cited") else cell["text"]
        first = f"{cell.get('before', '')}{shown}{cell.get('after', '')}"
        return [first, *cell.get("lines", ())]

    def _note(self, source: str) -> int:
        return self.sources.setdefault(source, len(self.sources) + 1)

    def _notes(self) -> Iterator[str]:
        if self.sources:
            yield self._heading(2, text("出处"))
            yield from (f"+ {text(source)}" for source in self.sources)
            yield ""


def _cell_markup(
    lines: Sequence[str],
    *,
    to_right: bool = False,
    mark: str = "",
    span: int = 1,
    is_head: bool = False,
) -> str:
    inner = "#linebreak()".join(map(text, lines))
    inner = f"#strong[{inner}]" if is_head else inner
    sign = f"#mark-{mark}" if mark in RESULTS else ""
    align = "right" if to_right else "left"
    return f"table.cell(colspan: {span}, align: {align})[{sign} {inner}],"


def _widths(rows: Sequence[Sequence[Sequence[str]]]) -> list[str]:
    """Share the width by what the columns hold, so that a long note does not starve figures."""
    columns = zip(*([sum(map(len, lines)) for lines in row] for row in rows), strict=True)
    return [f"{max(4, *(min(n, 40) for n in lengths)) ** 0.6:.3f}fr" for lengths in columns]


Part = str | tuple[int, str]  # markup; of a heading its level and what it says


@lru_cache(fragments.SOURCES)
def prose_markup(html: str) -> tuple[Part, ...]:
    """Return prose that `pages.fragments` made as markup."""
    return tuple(_blocks(BeautifulSoup(html, "lxml")))


def _blocks(parent: Tag) -> Iterator[Part]:
    for node in parent.children:
        if isinstance(node, NavigableString):
            if SPACE.sub("", node):
                yield text(SPACE.sub(" ", node)) + "\n"
        elif node.name in HEADINGS:
            yield HEADINGS[node.name], _inline(node)
        elif node.name in ("ul", "ol"):
            sign = "+" if node.name == "ol" else "-"
            yield from (f"{sign} {_inline(item)}" for item in node.find_all("li", recursive=False))
            yield ""
        elif node.name in ("p", "math", "pre", "blockquote", "tr"):
            yield _inline(node) + "\n"
        else:
            yield from _blocks(node)


def _inline(parent: Tag) -> str:
    if parent.name == "math":
        return _formula(parent)
    parts = []
    for node in parent.children:
        if isinstance(node, NavigableString):
            parts.append(text(SPACE.sub(" ", node)) if node else "")
        elif node.name == "br":
            parts.append("#linebreak()")
        elif node.name == "img":
            parts.append(text(node.get("alt", "")))
        elif node.name in ("strong", "b"):
            parts.append(f"#strong[{_inline(node)}]")
        else:
            parts.append(_inline(node))
    return "".join(parts)


class UnknownElementError(ValueError):
    """A formula uses what is not translated."""


def typst_math(node: Tag) -> str:
    """Return a formula as typst sets it; UnknownElementError where an element is not known."""
    if node.name in _LEAVES and not node.get_text().startswith("\\"):
        text = node.get_text()
        return text if _AS_IT_IS.fullmatch(text) else json.dumps(text, ensure_ascii=False)
    if node.name == "mspace":
        return "quad " * round(float(node.get("width", "1em").removesuffix("em")))
    parts = [typst_math(part) for part in node.find_all(recursive=False)]
    if node.name in _ROWS:
        row = " ".join(parts).replace('" "', "")  # the signs of a Chinese word are one text
        return f"sqrt({row})" if node.name == "msqrt" else row
    try:
        if node.name == "mover":
            return f"{_ACCENTS[node.contents[1].get_text()]}({parts[0]})"
        return _BUILT[node.name].format(*parts)
    except (KeyError, IndexError):
        raise UnknownElementError(node.name) from None


def _formula(node: Tag) -> str:
    latex = node.get("alttext", "")
    try:
        formula = typst_math(node)
    except UnknownElementError:
        return f"#raw({json.dumps(latex, ensure_ascii=False)})"
    is_block = "true" if node.get("display") == "block" else "false"
    alt = json.dumps(f"公式：{latex}", ensure_ascii=False)
    return f"#math.equation(block: {is_block}, alt: {alt}, ${formula}$)"


def _title(results: dict) -> str:
    """Return what sets all that follows behind a title page; `booklet.typ` says how it looks."""
    named = (results["county_name"], str(results["year"]), results["framework_title"])
    is_fictional = "true" if results["fictional"] else "false"
    given = ", ".join((*(text(one)[1:] for one in named), is_fictional))
    return f"#show: pages => booklet({given}, pages)"


def compile_booklet(pages: Sequence[BookletPage], results: dict) -> bytes:
    """Return one PDF of pages in order; same pages, same bytes.

    results: the results of any of them, for the title page.
    """
    parts, files = [FORM.read_text(encoding="utf-8"), _title(results)], {}
    for page in pages:
        parts += [f"#heading(level: 1)[{text(label(page.name))}]", page.markup()]
        files |= page.files
    sources = {"main.typ": "\n".join(parts).encode(), **files}
    return typst.compile(
        sources,
        font_paths=[str(font.folder())],
        ignore_system_fonts=True,
        pdf_standards=[ACCESSIBLE],
    )
