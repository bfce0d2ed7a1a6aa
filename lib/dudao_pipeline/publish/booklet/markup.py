"""A published page as typst markup: headings, prose, tables, pictures, formulas."""

from __future__ import annotations

import base64
import itertools
import json
import re
import urllib.parse
from collections.abc import Iterator

from bs4 import BeautifulSoup, NavigableString, Tag

from dudao_pipeline.publish import pictures
from dudao_pipeline.publish.booklet.formulas import UnknownCommandError, typst_math

LEFT_OUT = {"details", "nav", "style", "script"}
HEADINGS = {"h2": 2, "h3": 3, "h4": 4}
RESULTS = ("met", "not-met", "undecided", "not-applicable", "reference")
SAID_ONCE = "on-paper"  # what is not printed is said on the title page
PICTURE = "\n#align(center, image("
NO_ALT = "图，见正文说明"  # of a picture that comes without a text alternative
SPACE = re.compile(r"\s+")
DATA = re.compile(r"data:(image/[\w+]+)(;base64)?,(.*)", re.DOTALL)


def text(value: str) -> str:
    """Return a text as a string of typst: nothing in it is markup."""
    clean = "".join(letter for letter in value if letter.isprintable())
    return f"#{json.dumps(clean, ensure_ascii=False)}"


class Page:
    """Markup of one page; pictures collect in `files`, by name."""

    def __init__(self, name: str, html: str) -> None:
        """Read a published page."""
        self.name, self.files, self.level = name, {}, 1
        self.main = BeautifulSoup(pictures.standing_alone(html), "lxml").find("main")

    def markup(self) -> str:
        """Return the body of the page."""
        blocks = list(self._blocks(self.main))
        for at, (one, after) in enumerate(itertools.pairwise(blocks)):
            if after.startswith(PICTURE) and not one.startswith((PICTURE, "\n")):
                blocks[at] = f"#block(sticky: true)[{one}]"  # what announces a picture stays by it
        return "\n".join(blocks)

    def _blocks(self, parent: Tag) -> Iterator[str]:
        for node in parent.children:
            if isinstance(node, NavigableString):
                if SPACE.sub("", node):
                    yield text(SPACE.sub(" ", node)) + "\n"
            elif node.name not in LEFT_OUT and SAID_ONCE not in node.get("class", ()):
                yield from self._block(node)

    def _block(self, node: Tag) -> Iterator[str]:
        if node.name in HEADINGS:
            # A level is never skipped, whatever the page does: a reading device follows them.
            self.level = min(HEADINGS[node.name], self.level + 1)
            yield f"\n#heading(level: {self.level})[{self._inline(node)}]\n"
        elif node.name == "table":
            yield self._table(node)
        elif node.name == "img":
            yield self._picture(node)
        elif node.name in ("ul", "ol"):
            sign = "+" if node.name == "ol" else "-"
            yield from (
                f"{sign} {self._inline(item)}" for item in node.find_all("li", recursive=False)
            )
            yield ""
        elif node.name in ("p", "math", "pre", "summary", "blockquote"):
            yield self._inline(node) + "\n"
        else:
            yield from self._blocks(node)

    def _inline(self, parent: Tag) -> str:
        if parent.name == "math":
            return _formula(parent)
        parts = []
        for node in parent.children:
            if isinstance(node, NavigableString):
                parts.append(text(SPACE.sub(" ", node)) if node else "")
            elif node.name == "br":
                parts.append("#linebreak()")
            elif node.name == "img":
                parts.append(self._picture(node))
            elif node.name in ("strong", "b"):
                parts.append(f"#strong[{self._inline(node)}]")
            elif node.name not in LEFT_OUT:
                parts.append(self._inline(node))
        return "".join(parts)

    def _picture(self, node: Tag) -> str:
        kind, is_base64, encoded = DATA.fullmatch(node["src"]).groups()
        suffix = "svg" if "svg" in kind else kind.rpartition("/")[2]
        name = f"{self.name}-{len(self.files) + 1}.{suffix}"
        self.files[name] = (
            base64.b64decode(encoded) if is_base64 else urllib.parse.unquote_to_bytes(encoded)
        )
        alt = json.dumps(node.get("alt") or NO_ALT, ensure_ascii=False)
        return f'{PICTURE}"{name}", width: 100%, alt: {alt}))\n'

    def _table(self, node: Tag) -> str:
        caption = node.find("caption")
        title = text(caption.get_text(" ", strip=True)) if caption else ""
        heads = node.select("thead tr")
        rows = node.select("tbody tr")
        columns = max((_width(row) for row in (*heads, *rows)), default=1)
        head = "".join(self._cells(row) for row in heads)
        body = "".join(self._cells(row) for row in rows)
        widths = f"({', '.join(_widths([*heads, *rows], columns))},)"
        header = f"table.header({head})," if head else ""
        return (
            f"\n#captioned([{title}])\n#table(columns: {widths}, {header}{body})\n"
            if columns
            else ""
        )

    def _cells(self, row: Tag) -> str:
        made = []
        right = {name[1:] for name in row.find_parent("table").get("class", ()) if name[0] == "n"}
        for at, cell in enumerate(row.find_all(["th", "td"], recursive=False), 1):
            classes = set(cell.get("class", ())) | ({"num"} if str(at) in right else set())
            result = next((name for name in RESULTS if name in classes), "")
            content = f"#mark-{result}" if result else ""
            align = "right" if "num" in classes else "left"
            span = int(cell.get("colspan", 1))
            inner = self._inline(cell)
            inner = f"#strong[{inner}]" if row.parent.name == "thead" else inner
            made.append(f"table.cell(colspan: {span}, align: {align})[{content} {inner}],")
        return "".join(made)


def _width(row: Tag) -> int:
    return sum(int(cell.get("colspan", 1)) for cell in row.find_all(["th", "td"], recursive=False))


def _widths(rows: list[Tag], columns: int) -> list[str]:
    """Share the width by what the columns hold, so that a long note does not starve figures."""
    longest = [4] * columns
    for row in rows:
        for at, cell in enumerate(row.find_all(["th", "td"], recursive=False)[:columns]):
            longest[at] = max(longest[at], min(len(cell.get_text()), 40))
    return [f"{length**0.6:.3f}fr" for length in longest]


def _formula(node: Tag) -> str:
    latex = node.get("alttext", "")
    try:
        formula = typst_math(latex)
    except UnknownCommandError:
        return f"#raw({json.dumps(latex, ensure_ascii=False)})"
    is_block = "true" if node.get("display") == "block" else "false"
    alt = json.dumps(f"公式：{latex}", ensure_ascii=False)
    return f"#math.equation(block: {is_block}, alt: {alt}, ${formula}$)"
