"""The tables of a web page as sheets: many systems hand out a page and call it an .xls.

So they do with a page in parts (.mht) and with the XML that spreadsheet programs of 2003 wrote.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from email import message_from_bytes
from itertools import product

from lxml import etree, html

from dudao.base.errors import FactsError
from dudao_pipeline.intake.clean_text import clean, struck
from dudao_pipeline.intake.csv_twin import ENCODINGS
from dudao_pipeline.intake.excel_grid import WIDEST, number_text
from dudao_pipeline.intake.excel_package import RAISED
from dudao_pipeline.intake.file_safety import HEAD
from dudao_pipeline.intake.sheet import FAULT, NUMBER, TEXT, Grid, Merge, Raw

_DECLARED = re.compile(r"<\?xml[^>]*\?>")
_HEIGHTS = {"sup": "superscript", "sub": "subscript"}
_STRUCK = ("s", "strike", "del")
_XML = b"urn:schemas-microsoft-com:office:spreadsheet"
_SHEET = "{urn:schemas-microsoft-com:office:spreadsheet}"
_MAIL = b"mime-version:"


def is_page(head: bytes) -> bool:
    """Say whether a file begins like a web page with a table, and not like another XML file."""
    start = head.replace(b"\0", b"").lower().lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t")
    if start.startswith(_MAIL):
        return True
    is_book = _XML in start and b"<workbook" in start
    return start.startswith(b"<") and (is_book or b"<html" in start or b"<table" in start)


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


def _number_of(element, name: str, default: int) -> int:
    text = element.get(f"{_SHEET}{name}", "")
    return int(text) if text.isdecimal() else default


def _xml_grid(sheet) -> Grid:
    """Return a sheet of a workbook in the XML of 2003, whose rows and cells may skip some."""
    is_visible = sheet.find(".//{*}Visible") is None  # which says SheetHidden
    grid, row = Grid(sheet.get(f"{_SHEET}Name", ""), is_visible, {}), 0
    for line in sheet.iter(f"{_SHEET}Row"):
        row, column = _number_of(line, "Index", row + 1), 0
        for cell in line.iterchildren(f"{_SHEET}Cell"):
            column = _number_of(cell, "Index", column + 1)
            right = column + _number_of(cell, "MergeAcross", 0)
            bottom = row + _number_of(cell, "MergeDown", 0)
            data = cell.find(f"{_SHEET}Data")
            text = "" if data is None else clean("".join(data.itertext()))
            kind = None if data is None else data.get(f"{_SHEET}Type")
            if kind == "DateTime":
                text = text[:10]
            if text and column <= WIDEST:
                raw = _xml_raw(text, kind)
                grid.rows.setdefault(row, {})[column] = raw
            if (right, bottom) != (column, row):
                grid.merges.append(Merge(column, row, right, bottom))
            column = right
    return grid


def _xml_raw(text: str, kind: str | None) -> Raw:
    if kind == "Error":
        return Raw(text, FAULT)
    with suppress(ValueError):
        return Raw(number_text(float(text)), NUMBER) if kind == "Number" else Raw(text, TEXT)
    return Raw(text, TEXT)


def _pages(content: bytes) -> Iterator[bytes]:
    """Yield the pages of a file: itself, or those that it holds as a message holds them."""
    if not content[:HEAD].lstrip().lower().startswith(_MAIL):
        yield content
        return
    for part in message_from_bytes(content).walk():
        if part.get_content_type() == "text/html" and (page := part.get_payload(decode=True)):
            yield page


def read_page(content: bytes, title: str) -> Iterator[Grid]:
    """Yield the tables of a page that hold no other table, one a sheet; title: of the file."""
    if _XML in content[:HEAD]:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
        book = etree.fromstring(content, parser)
        yield from map(_xml_grid, book.iter(f"{_SHEET}Worksheet"))
        return
    pages = [html.fromstring(_decoded(page, title)) for page in _pages(content)]
    tables = [t for page in pages for t in page.iter("table") if t.find(".//table") is None]
    for number, table in enumerate(tables, start=1):
        yield _grid(table, title if len(tables) == 1 else f"{title}-{number}")
