"""The tables of a web page as sheets: many systems hand out a page and call it an .xls."""

import re
from collections.abc import Iterator
from itertools import product

from lxml import html

from dudao.base.errors import FactsError
from dudao_pipeline.intake.clean_text import clean, struck
from dudao_pipeline.intake.csv_twin import ENCODINGS
from dudao_pipeline.intake.excel_grid import WIDEST
from dudao_pipeline.intake.excel_package import RAISED
from dudao_pipeline.intake.sheet import TEXT, Grid, Merge, Raw

_DECLARED = re.compile(r"<\?xml[^>]*\?>")
_HEIGHTS = {"sup": "superscript", "sub": "subscript"}
_STRUCK = ("s", "strike", "del")


def is_page(head: bytes) -> bool:
    """Say whether a file begins like a web page with a table, and not like another XML file."""
    start = head.replace(b"\0", b"").lower()
    return b"<" in start[:8] and (b"<html" in start or b"<table" in start)


def _decoded(content: bytes, name: str) -> str:
    for encoding in (
        ("utf-16", *ENCODINGS) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ENCODINGS
    ):
        try:
            return _DECLARED.sub("", content.decode(encoding), count=1)
        except UnicodeDecodeError:
            continue
    step = "请用Excel或WPS打开，另存为“Excel工作簿（.xlsx）”后重试。"
    raise FactsError(f"{name}：网页的编码既不是UTF-8也不是GB18030。{step}")


def _shown(element) -> str:
    """Return the text of an element as it looks: ² for a raised 2, struck signs struck through."""
    if not isinstance(element.tag, str) or element.tag in ("style", "script"):
        return ""
    parts = [element.text or ""]
    for child in element:
        parts += ["\n" if child.tag == "br" else _shown(child), child.tail or ""]
    text = "".join(parts).translate(RAISED.get(_HEIGHTS.get(element.tag, ""), {}))
    return struck(text) if element.tag in _STRUCK else text


def _span(cell, name: str, most: int) -> int:
    text = cell.get(name, "").strip()
    return min(max(int(text), 1), most) if text.isdecimal() else 1


def _grid(table, title: str) -> Grid:
    grid, taken = Grid(title, True, {}), set()
    lines = list(table.iter("tr"))
    for row, line in enumerate(lines, start=1):
        column = 1
        for cell in line.iterchildren("td", "th"):
            while (row, column) in taken:
                column += 1
            right = column + _span(cell, "colspan", WIDEST) - 1
            bottom = row + _span(cell, "rowspan", len(lines) - row + 1) - 1
            if text := clean(re.sub(r"[ \t\r\n]+", " ", _shown(cell))):
                grid.rows.setdefault(row, {})[column] = Raw(text, TEXT)
            if (right, bottom) != (column, row):
                grid.merges.append(Merge(column, row, right, bottom))
                taken |= {*product(range(row, bottom + 1), range(column, right + 1))}
            column = right + 1
    return grid


def read_page(content: bytes, title: str) -> Iterator[Grid]:
    """Yield the tables of a page that hold no other table, one a sheet; title: of the file."""
    page = html.fromstring(_decoded(content, title))
    tables = [table for table in page.iter("table") if table.find(".//table") is None]
    for number, table in enumerate(tables, start=1):
        yield _grid(table, title if len(tables) == 1 else f"{title}-{number}")
