"""A workbook of the old kind (.xls, .et) as xlrd reads it, and which of its cells are formulas.

xlrd trusts a file: names that it computes, areas of links that it lays out and parts that it does
not know stop it or ask for more memory than there is. It is shown the records that hold cells and
their looks; all others are given a kind that no reader knows ([MS-XLS] 2.3).
"""

import io
import struct
from collections.abc import Iterator
from itertools import pairwise

import olefile
import xlrd
from xlrd.sheet import Sheet

from dudao.base.errors import FactsError
from dudao_pipeline.intake.clean_text import struck
from dudao_pipeline.intake.excel_package import (
    RAISED,
    Address,
    comment_text,
    formats_of,
)

_STREAMS = ("Workbook", "Book")  # of Excel 97 and WPS, of Excel 95
_CUT = "文件不完整或已损坏。请重新下载，或用Excel、WPS打开后另存为.xlsx。"
_FEWEST_BYTES = 1 << 22  # of a file for each sector in which its tables of sectors are listed

_BEGIN, _END, _SHEET, _LOCKED, _OBJECT, _TEXT_OF_OBJECT = 0x809, 0x0A, 0x85, 0x2F, 0x5D, 0x1B6
_TEXTS, _SHARED_TEXT = 0xFC, 0xFD
_FORMULAS = (0x06, 0x206, 0x406)
_KEPT = {
    *(_BEGIN, _END, _SHEET, _TEXTS, _SHARED_TEXT, *_FORMULAS),
    *(0x22, 0x31, 0x42, 0xE0, 0x41E),  # days of 1904, fonts, codepage, looks, formats
    *(0xBD, 0xD6, 0x203, 0x204, 0x205, 0x27E),  # other cells
    *(0x207, 0x221, 0x236, 0x4BC),  # what follows a formula
    *(0x1C, 0x3C, 0xE5),  # a note, more of a record, merged cells
}
_UNKNOWN = b"\xff\xff"  # what a hidden record is called
_NOTE = 0x19  # kind of an object
_WORKSHEET = 0  # kind of a sheet; charts and sheets of macros are of others
_HEIGHTS = {1: "superscript", 2: "subscript"}


def _stream(content: bytes) -> bytes:
    """Return the stream of a file that holds the workbook."""
    (lists,) = struct.unpack_from("<I", content, 72)
    if lists > len(content) // _FEWEST_BYTES:  # olefile would read a circle of them so many times
        raise FactsError(_CUT)
    # A number of whoever wrote it stands in some heads; olefile wants none.
    source = io.BytesIO(content[:8] + bytes(16) + content[24:])
    try:
        file = olefile.OleFileIO(source, raise_defects=olefile.DEFECT_INCORRECT)
        return file.openstream(next(filter(file.exists, _STREAMS))).read()
    except OSError as error:
        raise FactsError(_CUT) from error


class _Records:
    """The records of a workbook, those hidden that xlrd is not shown.

    formulas: the cells of each sheet that hold one.
    """

    def __init__(self, stream: bytes):
        self.stream = bytearray(stream)
        self.starts: list[int] = []
        self.tables: list[int] = []
        self.texts = 0
        self.unread = len(stream) // 4  # records there may be if none is read twice
        self._hide_others(0)
        self.formulas = [self._hide_others(start) for start in self.starts]
        for table in self.tables:  # some programs count their texts wrong; xlrd believes it
            struct.pack_into("<I", self.stream, table + 8, self.texts)

    def _part(self, at: int) -> Iterator[tuple[int, int, bytes, int]]:
        """Yield place, kind, content and depth of the records of a part that begins at a place."""
        depth = 0
        while at + 4 <= len(self.stream):
            kind, length = struct.unpack_from("<HH", self.stream, at)
            self.unread -= 1
            if self.unread < 0 or (depth == 0 and kind != _BEGIN):
                raise FactsError(_CUT)
            depth += kind == _BEGIN
            yield at, kind, bytes(self.stream[at + 4 : at + 4 + length]), depth
            depth -= kind == _END
            if depth == 0:
                return
            at += 4 + length

    def _hide_others(self, start: int) -> set[Address]:
        """Hide what xlrd is not shown of a part, note what xlrd needs; return its formulas."""
        formulas: set[Address] = set()
        is_note = False
        for at, kind, content, depth in self._part(start):
            if kind == _LOCKED:
                raise FactsError("有密码保护。请去掉密码后另存为.xlsx。")
            if kind == _OBJECT:
                is_note = content[4:6] == bytes((_NOTE, 0))
            is_kept = is_note if kind in (_OBJECT, _TEXT_OF_OBJECT) else kind in _KEPT
            if depth > 1 or not is_kept:  # deeper: a chart on a sheet
                self.stream[at : at + 2] = _UNKNOWN
            elif kind == _SHEET and content[5] == _WORKSHEET:
                self.starts += struct.unpack_from("<I", content)
            elif kind == _TEXTS:
                self.tables.append(at)
            elif kind == _SHARED_TEXT:
                (number,) = struct.unpack_from("<I", content, 6)
                self.texts = max(self.texts, number + 1)
            elif kind in _FORMULAS:
                row, column = struct.unpack_from("<HH", content)
                formulas.add((row + 1, column + 1))
        return formulas


class OldWorkbook:
    """An old workbook: its sheets one at a time, and what all of them share."""

    def __init__(self, content: bytes):
        records = _Records(_stream(content))
        book = xlrd.open_workbook(
            file_contents=bytes(records.stream),
            logfile=io.StringIO(),
            formatting_info=True,
            on_demand=True,
            ragged_rows=True,
        )
        self.book, self.formulas = book, records.formulas
        self.is_1904 = bool(book.datemode)
        self.fonts = dict(enumerate(book.font_list))
        codes = {one.format_key: one.format_str for one in book.format_list}
        strikes = {at for at, font in self.fonts.items() if font.struck_out}
        self.formats = formats_of(
            (str(x.format_key), codes.get(x.format_key), x.font_index in strikes)
            for x in book.xf_list
        )

    def sheets(self) -> Iterator[tuple[Sheet, set[Address]]]:
        """Yield each sheet with its formulas; one with a stray cell in its last row takes 13 MB."""
        for number, formulas in enumerate(self.formulas):
            yield self.book.sheet_by_index(number), formulas
            self.book.unload_sheet(number)

    def shown(self, sheet: Sheet, row: int, column: int) -> str:
        """Return the text of a cell as it looks: parts of it raised, lowered or struck through."""
        text = sheet.cell_value(row, column)
        runs = sheet.rich_text_runlist_map.get((row, column), [])
        shown = text[: runs[0][0]] if runs else text
        for (start, number), (end, _) in pairwise([*runs, (len(text), 0)]):
            part = text[start:end]
            if font := self.fonts.get(number):
                part = part.translate(RAISED.get(_HEIGHTS.get(font.escapement, ""), {}))
                part = struck(part) if font.struck_out else part
            shown += part
        return shown


def old_comments(sheet: Sheet) -> dict[Address, str]:
    """Return what stands in the comments of a sheet, without who wrote it."""
    texts = (
        ((row + 1, column + 1), comment_text(note.text, note.author))
        for (row, column), note in sheet.cell_note_map.items()
    )
    return {at: text for at, text in texts if text}
