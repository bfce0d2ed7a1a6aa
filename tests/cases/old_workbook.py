"""A workbook of openpyxl as Excel 97 and WPS write it (.xls, .et): records in sectors of a file."""

import struct
from collections.abc import Iterable, Iterator
from datetime import date, datetime

from openpyxl import Workbook

FORMATS = {"0%": 9, "0.00%": 10}  # others are general, but for days
DAY, STRUCK_FONT, RAISED_FONT = 14, 5, 6
RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_SECTOR, _END, _FREE, _OF_TABLE = 512, 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def _record(kind: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def _begin(kind: int) -> bytes:
    return _record(0x809, struct.pack("<HHHHII", 0x600, kind, 0, 1996, 0, 6))


def _font(marks: int = 0, height: int = 0) -> bytes:
    return _record(0x31, struct.pack("<HHHHH4xBB", 220, marks, 8, 400, height, 1, 0) + b"A")


def _text(text: str) -> bytes:
    """Return a shared text; its raised digits are plain ones in another font."""
    runs, before = b"", False
    for at, sign in enumerate(text):
        if (is_raised := sign != sign.translate(RAISED)) != before:
            runs += struct.pack("<HH", at, RAISED_FONT * is_raised)
            before = is_raised
    head = struct.pack("<HB", len(text), 1 | 8 * bool(runs))
    head += struct.pack("<H", len(runs) // 4) if runs else b""
    return head + text.translate(RAISED).encode("utf-16-le") + runs


def _strings(texts: list[str]) -> Iterator[bytes]:
    """Yield the records of the shared texts: 8,224 bytes each, cut in the middle of a text."""
    kind, content = 0xFC, struct.pack("<II", len(texts), len(texts))
    for text in map(_text, texts):
        is_cut = len(text) > 8 and not text[2] & 8
        while len(content) + len(text) > 8224:
            room = (8224 - len(content) - 3) // 2 * 2 if is_cut else 0
            fits = room + 3 if room > 0 else 0
            yield _record(kind, content + text[:fits])
            text, is_cut = text[fits:], False
            kind, content = 0x3C, b"\1" if fits else b""
        content += text
    yield _record(kind, content)


class _Cells:
    """The cells of all sheets, with the texts and looks that they share."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.looks: dict[tuple[int, int], int] = {(0, 0): 0}

    def _cell(self, cell) -> bytes:
        value, font = cell.value, STRUCK_FONT if cell.font.strike else 0
        shown = DAY if isinstance(value, date) else FORMATS.get(cell.number_format, 0)
        look = self.looks.setdefault((font, shown), len(self.looks))
        at = struct.pack("<HHH", cell.row - 1, cell.column - 1, look)
        if isinstance(value, date):
            value = (datetime(value.year, value.month, value.day) - datetime(1899, 12, 30)).days
        if isinstance(value, int | float):
            return _record(0x203, at + struct.pack("<d", value))
        if value.startswith("="):  # it shows 7
            return _record(0x06, at + struct.pack("<dHIH", 7, 0, 0, 3) + b"\x1e\x07\0")
        self.texts.append(value)
        return _record(0xFD, at + struct.pack("<I", len(self.texts) - 1))

    def of(self, sheet) -> bytes:
        cells = (self._cell(c) for row in sheet.iter_rows() for c in row if c.value is not None)
        merges = (
            _record(0xE5, struct.pack("<5H", 1, top - 1, bottom - 1, left - 1, right - 1))
            for left, top, right, bottom in (m.bounds for m in sheet.merged_cells.ranges)
        )
        return b"".join((_begin(0x10), *cells, *merges, _record(0x0A)))


def _stream(book: Workbook) -> bytes:
    cells = _Cells()
    sheets = [(sheet, cells.of(sheet)) for sheet in book.worksheets]
    fonts = (*(_font() for _ in range(4)), _font(marks=8), _font(height=1))
    looks = (_record(0xE0, struct.pack("<HH16x", *look)) for look in cells.looks)
    before = b"".join((_begin(5), *fonts, *looks))
    after = b"".join((*_strings(cells.texts), _record(0x0A)))
    titles = [struct.pack("<BB", len(s.title), 1) + s.title.encode("utf-16-le") for s, _ in sheets]
    at = len(before) + sum(10 + len(title) for title in titles) + len(after)
    for (sheet, content), title in zip(sheets, titles, strict=True):
        is_hidden = sheet.sheet_state != "visible"
        before += _record(0x85, struct.pack("<IBB", at, is_hidden, 0) + title)
        at += len(content)
    return before + after + b"".join(content for _, content in sheets)


def _sectors(contents: Iterable[bytes]) -> bytes:
    return b"".join(content + bytes(-len(content) % _SECTOR) for content in contents)


def to_bytes(book: Workbook) -> bytes:
    """Return a workbook as Excel 97 and WPS write it."""
    return _file(_stream(book))


def of_excel_95(title: str, text: str) -> bytes:
    """Return a workbook as a Chinese Excel 95 wrote it: one sheet with one text, in GBK."""
    name, content = title.encode("gbk"), text.encode("gbk")
    begins = [_record(0x809, struct.pack("<HHHH", 0x500, kind, 0, 1996)) for kind in (5, 0x10)]
    before = begins[0] + _record(0x42, struct.pack("<H", 936)) + _record(0xE0, bytes(16))
    at = len(before) + 11 + len(name) + 4
    before += _record(0x85, struct.pack("<IBBB", at, 0, 0, len(name)) + name) + _record(0x0A)
    cell = _record(0x204, struct.pack("<HHHH", 0, 0, 0, len(content)) + content)
    return _file(before + begins[1] + cell + _record(0x0A))


def _file(stream: bytes) -> bytes:
    """Return a file: a head, the table of its sectors, the list of its streams, the workbook."""
    stream = stream.ljust(4096, b"\0")  # shorter ones stand elsewhere
    count = -(-len(stream) // _SECTOR)
    tables = next(n for n in range(1, 109) if n + 1 + count <= n * _SECTOR // 4)
    links = [_OF_TABLE] * tables + [_END] + [*range(tables + 2, tables + 1 + count), _END]
    links += [_FREE] * (tables * _SECTOR // 4 - len(links))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + struct.pack("<16x5H6x", 62, 3, 0xFFFE, 9, 6)
    head += struct.pack("<9I", 0, tables, tables, 0, 4096, _END, 0, _END, 0)
    head += struct.pack("<109I", *range(tables), *[_FREE] * (109 - tables))
    entries = b"".join(
        name.encode("utf-16-le").ljust(64, b"\0")
        + struct.pack("<HBB3I36x2I4x", 2 * len(name) + 2, kind, 1, _FREE, _FREE, child, start, size)
        for name, kind, child, start, size in (
            ("Root Entry", 5, 1, _END, 0),
            ("Workbook", 2, _FREE, tables + 1, len(stream)),
        )
    )
    return _sectors((head, struct.pack(f"<{len(links)}I", *links), entries, stream))
