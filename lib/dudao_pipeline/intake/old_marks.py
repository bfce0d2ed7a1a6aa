"""What python-calamine does not tell of an old workbook (.xls, .et): formulas, formats, comments.

One pass over the records of the stream that holds the workbook ([MS-XLS], [MS-CFB]).
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from dudao.base.errors import FactsError
from dudao_pipeline.intake.clean_text import struck
from dudao_pipeline.intake.excel_package import RAISED, Address, Formats, format_kind

_NONE = 0xFFFFFFFA  # a number of a sector from here on stands for none
_STREAMS = ("Workbook", "Book")  # of Excel 97 and WPS, of Excel 95
_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
# Kinds of records.
_FORMULA, _NOTE, _DATES_1904, _FILE_PASS, _FONT, _CONTINUE = 0x06, 0x1C, 0x22, 0x2F, 0x31, 0x3C
_OBJECT, _SHEET, _MANY_NUMBERS, _FORMAT_OF_CELLS, _STRINGS = 0x5D, 0x85, 0xBD, 0xE0, 0xFC
_SHARED_STRING, _TEXT_OF_OBJECT, _TRUTH_OR_ERROR, _FORMAT = 0xFD, 0x1B6, 0x205, 0x41E
_CELLS = (_FORMULA, _SHARED_STRING, _TRUTH_OR_ERROR, 0xD6, 0x203, 0x204, 0x27E)
_BEGIN, _END = 0x809, 0x0A
_EXTENT = 0x200
_MOST_ROWS, _MOST_COLUMNS = 65_536, 256  # of a sheet of this kind
_CUT = "文件不完整或已损坏。请重新下载，或用Excel、WPS打开后另存为.xlsx。"
_WORKSHEET = 0  # kind of a sheet; charts and sheets of macros are of others
_UNUSED_FONT = 4  # a number that no font has
_STRIKES = 0x08
_WIDE, _FAR_EAST, _RICH = 1, 4, 8  # how a text is written

Look = tuple[int, bool]  # of a font: raised, lowered or neither, and struck through
_HEIGHTS = {1: "superscript", 2: "subscript"}


@dataclass
class Marks:
    """What one sheet holds beside its values, by row and column, both counted from 1.

    styles: the number of the format of every filled cell. shown: texts that are struck through,
    raised or lowered in part, as they look. comments: what somebody wrote beside a cell.
    """

    styles: dict[Address, int] = field(default_factory=dict)
    formulas: set[Address] = field(default_factory=set)
    errors: dict[Address, str] = field(default_factory=dict)
    shown: dict[Address, str] = field(default_factory=dict)
    comments: dict[Address, str] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Return how many cells the rectangle of what is filled has."""
        if not self.styles:
            return 0
        rows, columns = zip(*self.styles, strict=True)
        return (max(rows) - min(rows) + 1) * (max(columns) - min(columns) + 1)


class _Compound:
    """The file system within a file: streams in sectors."""

    def __init__(self, content: bytes):
        self.content = content
        self.size = 1 << struct.unpack_from("<H", content, 30)[0]
        directory, cutoff, small, _, more = struct.unpack_from("<I4xIIII", content, 48)
        listed = list(struct.unpack_from("<109I", content, 76))
        for number in self._listing(more):
            *block, _ = self._numbers(number)
            listed += block
        self.table = [n for one in listed if one < _NONE for n in self._numbers(one)]
        self.entries = self._joined(directory)
        self.cutoff = cutoff
        self.small = [n for one in self._chain(small, self.table) for n in self._numbers(one)]

    def _sector(self, number: int) -> bytes:
        sector = self.content[(number + 1) * self.size : (number + 2) * self.size]
        if len(sector) < self.size:
            raise FactsError(_CUT)
        return sector

    def _numbers(self, number: int) -> tuple[int, ...]:
        return struct.unpack(f"<{self.size // 4}I", self._sector(number))

    def _listing(self, number: int) -> Iterator[int]:
        for _ in range(len(self.content) // self.size):
            if number >= _NONE:
                return
            yield number
            number = self._numbers(number)[-1]

    @staticmethod
    def _chain(number: int, table: list[int]) -> Iterator[int]:
        for _ in table:
            if number >= _NONE:
                return
            yield number
            number = table[number]

    def _joined(self, start: int) -> bytes:
        return b"".join(map(self._sector, self._chain(start, self.table)))

    def stream(self, names: tuple[str, ...]) -> bytes:
        """Return the first stream of one of the names, nothing if there is none."""
        streams: dict[str, tuple[int, int]] = {}
        for at in range(0, len(self.entries), 128):
            entry = self.entries[at : at + 128]
            length = max(struct.unpack_from("<H", entry, 64)[0] - 2, 0)
            streams[entry[:length].decode("utf-16-le", "replace")] = struct.unpack_from(
                "<II", entry, 116
            )
        store = self._joined(streams["Root Entry"][0])
        for name in (name for name in names if name in streams):
            start, length = streams[name]
            if length >= self.cutoff:
                return self._joined(start)[:length]
            pieces = (store[n * 64 : n * 64 + 64] for n in self._chain(start, self.small))
            return b"".join(pieces)[:length]
        return b""


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Yield kind and content of the records from a place on."""
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _text(content: bytes, at: int, length: int, is_wide: int) -> str:
    if is_wide:
        return content[at : at + 2 * length].decode("utf-16-le", "replace")
    return content[at : at + length].decode("latin-1")


class _Texts:
    """The texts that cells share, read over the records that they are written across."""

    def __init__(self, blocks: list[bytes], looks: dict[int, Look]):
        self.blocks, self.looks = blocks, looks
        self.block, self.at = 0, 8

    def _take(self, length: int) -> bytes:
        taken = b""
        while length > len(taken) and self.block < len(self.blocks):
            piece = self.blocks[self.block][self.at :][: length - len(taken)]
            taken, self.at = taken + piece, self.at + len(piece)
            if self.at >= len(self.blocks[self.block]):
                self.block, self.at = self.block + 1, 0
        return taken

    def _characters(self, left: int, is_wide: int) -> str:
        """Take characters; a record that goes on with them says anew how they are written."""
        text = ""
        while left and self.block < len(self.blocks):
            room = (len(self.blocks[self.block]) - self.at) // (1 + is_wide)
            length = min(left, room)
            text += _text(self._take(length * (1 + is_wide)), 0, length, is_wide)
            left -= length
            if left and self.block < len(self.blocks):
                is_wide = self._take(1)[0] & _WIDE
        return text

    def odd(self) -> dict[int, str]:
        """Return by number the texts that are struck, raised or lowered in part, as they look."""
        odd = {}
        number = 0
        while len(header := self._take(3)) == 3:
            length, flags = struct.unpack("<HB", header)
            runs = struct.unpack("<H", self._take(2))[0] if flags & _RICH else 0
            more = struct.unpack("<I", self._take(4))[0] if flags & _FAR_EAST else 0
            text = self._characters(length, flags & _WIDE)
            parts = list(struct.iter_unpack("<HH", self._take(4 * runs)))
            self._take(more)
            if any(font in self.looks for _, font in parts):
                odd[number] = text[: parts[0][0]]
                for (start, font), (end, _) in pairwise([*parts, (length, 0)]):
                    height, is_struck = self.looks.get(font, (0, False))
                    part = text[start:end].translate(RAISED.get(_HEIGHTS.get(height, ""), {}))
                    odd[number] += struck(part) if is_struck else part
            number += 1
        return odd


class _Globals:
    """What stands before the sheets: formats, fonts, where each sheet begins, shared texts."""

    def __init__(self, stream: bytes):
        self.starts: list[int] = []
        self.is_1904 = False
        codes: dict[str, str] = {}
        fonts: list[bool] = []
        looks: dict[int, Look] = {}
        formats: list[tuple[int, str]] = []
        texts: list[bytes] = []
        is_old = is_of_texts = False
        for kind, content in _records(stream, 0):
            if kind == _BEGIN:
                is_old = content[1] < 6  # Excel 95 and before
            elif kind == _FILE_PASS:
                raise FactsError("有密码保护。请去掉密码后另存为.xlsx。")
            elif kind == _SHEET:
                if content[5] == _WORKSHEET:
                    self.starts.append(struct.unpack_from("<I", content)[0])
            elif kind == _DATES_1904:
                self.is_1904 = content[:1] == b"\1"
            elif kind == _FORMAT:
                number, length = struct.unpack_from("<HB" if is_old else "<HH", content)
                code = _text(content, 3, length, 0) if is_old else ""
                codes[str(number)] = code or _text(content, 5, length, content[4] & _WIDE)
            elif kind == _FONT:
                fonts += [False] * (len(fonts) == _UNUSED_FONT)
                look = content[8], bool(content[2] & _STRIKES)
                if any(look):
                    looks[len(fonts)] = look
                fonts.append(look[1])
            elif kind == _FORMAT_OF_CELLS:
                font, number = struct.unpack_from("<HH", content)
                formats.append((font, str(number)))
            elif kind == _STRINGS or (kind == _CONTINUE and is_of_texts):
                texts.append(content)
            elif kind == _END:
                break
            is_of_texts = kind == _STRINGS or (kind == _CONTINUE and is_of_texts)
        self.odd_texts = _Texts(texts, looks).odd() if looks and texts else {}
        struck_fonts = {at for at, strikes in enumerate(fonts) if strikes}
        kinds = [format_kind(key, codes.get(key)) for _, key in formats]
        self.formats = Formats(
            *(
                frozenset(at for at, one in enumerate(kinds) if one == kind)
                for kind in ("percents", "dates", "durations")
            ),
            struck=frozenset(at for at, (font, _) in enumerate(formats) if font in struck_fonts),
        )


def _index(content: bytes) -> int:
    """Return the number of the shared text that a cell shows."""
    return struct.unpack_from("<I", content, 6)[0]


def _cells(kind: int, content: bytes) -> Iterator[tuple[Address, int]]:
    """Yield place and format of the cells that a record fills."""
    if kind in _CELLS:
        row, column, look = struct.unpack_from("<HHH", content)
        yield (row + 1, column + 1), look
    elif kind == _MANY_NUMBERS:
        row, first = struct.unpack_from("<HH", content)
        for number in range((len(content) - 6) // 6):
            (look,) = struct.unpack_from("<H", content, 4 + 6 * number)
            yield (row + 1, first + number + 1), look


def _check_extent(content: bytes) -> None:
    """Refuse a sheet that says it is larger than any: calamine would ask for room for all of it."""
    is_wide = len(content) > 10  # since Excel 97
    first, last, left, right = struct.unpack_from("<IIHH" if is_wide else "<HHHH", content)
    if not (0 <= last - first <= _MOST_ROWS and 0 <= right - left <= _MOST_COLUMNS):
        raise FactsError(_CUT)


def _sheet_marks(stream: bytes, start: int, book: _Globals) -> Marks:
    """Return what a sheet holds beside its values."""
    marks = Marks()
    notes: dict[int, Address] = {}
    texts: dict[int, str] = {}
    depth = one = length = last = 0  # one: the object whose text comes next
    for kind, content in _records(stream, start):
        depth += (kind == _BEGIN) - (kind == _END)
        if depth == 0:
            break
        if depth > 1:  # a chart on the sheet
            continue
        if kind == _EXTENT:
            _check_extent(content)
        for at, look in _cells(kind, content):
            if at[1] > _MOST_COLUMNS:
                raise FactsError(_CUT)
            last = at[0]
            marks.styles[at] = look
            if kind == _FORMULA:
                marks.formulas.add(at)
            elif kind == _TRUTH_OR_ERROR and content[7]:
                marks.errors[at] = _ERRORS.get(content[6], "#N/A")
            elif kind == _SHARED_STRING and _index(content) in book.odd_texts:
                marks.shown[at] = book.odd_texts[_index(content)]
        if kind == _NOTE:
            row, column, _, number = struct.unpack_from("<HHHH", content)
            notes[number] = row + 1, column + 1
        elif kind == _OBJECT:
            (one,) = struct.unpack_from("<H", content, 6)
        elif kind == _TEXT_OF_OBJECT:
            (length,) = struct.unpack_from("<H", content, 10)
        elif kind == _CONTINUE and length:
            texts[one], length = _text(content, 1, length, content[0] & _WIDE), 0
    if marks.styles and last < next(iter(marks.styles))[0]:
        raise FactsError(_CUT)  # calamine counts its rows from the first cell to the last
    marks.comments = {at: texts[number] for number, at in notes.items() if texts.get(number)}
    return marks


def read_old_marks(content: bytes) -> tuple[list[Marks], Formats, bool]:
    """Return the marks of the worksheets in their order, and what all of them share.

    That is the formats of cells, and whether days count from 1904.
    """
    stream = _Compound(content).stream(_STREAMS)
    book = _Globals(stream)
    marks = [_sheet_marks(stream, start, book) for start in book.starts]
    return marks, book.formats, book.is_1904
