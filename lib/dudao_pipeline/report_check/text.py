"""The text of a report as it is read, and the form of it that rules look at.

A rule looks at `Plain.text`: half-width digits, simplified characters, no marks inside words.
`Plain.at` gives for every character of it where it stands in the text as read, so that what a
user sees is always the report's own characters.
"""

import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache, cached_property

from dudao_pipeline.report_check.rules import HAN, pattern, words

_PRONUNCIATION = pattern("pronunciation")
_FORMAT_MARKS = {"\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u200e", "\u200f"}
_BLANKS = {"\u00a0", "\u2002", "\u2003", "\u2009", "\u200a", "\u202f", "\u3000"}
_DIGITS = frozenset("0123456789")
COLUMN = "\ue001"  # between two cells of a table row: no blank, so no rule reads across it
_LINE_ENDS = "。！？；：.!?;:"
_JOINS = "，、,（("
_FULL_LINE = 25
_NEW_ITEM = pattern("new_item")


@dataclass(frozen=True)
class Plain:
    """Text for rules; `at[i]` is where character i stands in the text as read."""

    text: str
    at: tuple[int, ...]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return the span in the text as read of a span of the plain text (end exclusive)."""
        return self.at[start], self.at[end - 1] + 1

    def position(self, offset: int) -> int:
        """Return where a character of the text as read stands in the plain text."""
        return bisect_left(self.at, offset)


@dataclass(frozen=True)
class Cell:
    """One cell of a table: where its text stands, its row and column, and whether it is a head."""

    start: int
    end: int
    row: int
    column: int


@dataclass(frozen=True)
class Table:
    """One table of the report: its cells by row and column, and where it starts and ends."""

    start: int
    end: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Report:
    """A report as read: its name, text and tables; whether its lines are those of set pages."""

    name: str
    text: str
    tables: tuple[Table, ...] = ()
    is_set: bool = False

    @cached_property
    def _cells(self) -> tuple[tuple[int, int], ...]:
        return tuple(sorted((one.start, one.end) for some in self.tables for one in some.cells))

    def cell(self, offset: int) -> int:
        """Return the number of the cell of a table that a character stands in; -1 of none."""
        number = bisect_left(self._cells, (offset + 1,)) - 1
        return number if number >= 0 and offset < self._cells[number][1] else -1


@cache
def _plain_character(character: str) -> str:
    if character in _FORMAT_MARKS:
        return ""
    if character in _BLANKS:
        return " "
    if character == "\t":
        return COLUMN
    code = ord(character)
    if 0xFF01 <= code <= 0xFF5E:
        character = chr(code - 0xFEE0)
    elif 0x2F00 <= code <= 0x2FDF:
        character = unicodedata.normalize("NFKC", character)
    return words().characters.get(character, character)


def _in_digits(text: str, index: int, dropped: set[int]) -> bool:
    after = index + 2 if index + 1 in dropped else index + 1
    return (
        0 < index < after < len(text)
        and _plain_character(text[index - 1]) in _DIGITS
        and _plain_character(text[after]) in _DIGITS
    )


def _wraps(text: str, is_set: bool) -> set[int]:
    """Return the line breaks that only wrap a line, with the blanks beside them.

    is_set: the lines are those of pages, where a line as long as its neighbours is a full one.
    """
    out: set[int] = set()
    ends = list(re.finditer(r"[ \u3000]*\r?\n", text))
    starts = [0, *(match.end() for match in ends)]
    widths = [_width(text[s : m.start()]) for s, m in zip(starts, ends, strict=False)]
    for number, (start, match) in enumerate(zip(starts, ends, strict=False)):
        line = text[start : match.start()]
        after = text[match.end() : match.end() + 12]
        around = max(widths[max(0, number - _NEIGHBOURS) : number + _NEIGHBOURS + 1])
        is_full = is_set and widths[number] >= max(_NARROWEST, around - _RAGGED)
        if not line.strip() or not after.strip() or "\t" in line:
            continue
        if _is_wrapped(line, after) or (is_full and _may_go_on(line, after)):
            out.update(range(match.start(), match.end()))
    return out


def _loose_blanks(text: str) -> set[int]:
    """Return the blanks that part nothing: beside a number, and between words of a sentence."""
    out = {match.start() for match in _BESIDE_NUMBER.finditer(text)}
    for number in _BLANK_IN_NUMBER.finditer(text):
        out.update(i for i in range(*number.span()) if text[i] == " ")
    for line in re.finditer(r"[^\n]*[，。][^\n]*", text):
        out.update(match.start() for match in _IN_SENTENCE.finditer(text, *line.span()))
    return out


_CUT_DECIMAL = re.compile(r"[^\s\d.]\d+[.．]$")  # 资金579. at the end of a line
_DECIMALS = re.compile(r"\d+\s*(?:[万亿元%％]|平方米|个百分点)")
_NEIGHBOURS, _NARROWEST, _RAGGED = 4, 28, 5  # lines; columns, two for a Chinese character


def _width(line: str) -> int:
    return sum(2 if ord(character) > 0x2E7F else 1 for character in line.strip())


def _may_go_on(line: str, after: str) -> bool:
    if line.rstrip()[-1] in _DIGITS and after.lstrip()[:1] in _DIGITS:
        return False
    closed = line.rstrip()[-1] in _LINE_ENDS or after[:1] in "\r\n" or "\t" in after
    return not closed and not _NEW_ITEM.match(after)


def _is_wrapped(line: str, after: str) -> bool:
    last, first = line.rstrip()[-1], after.lstrip()[:1]
    if _CUT_DECIMAL.search(line.rstrip()) and _DECIMALS.match(after.lstrip()):
        return True
    if last in _DIGITS and first in (".", "．") and _DECIMALS.match(after.lstrip()[1:]):
        return True  # 18 at the end of a line, .2亿元 below
    if last in "；;" and max(line.rfind(c) for c in "（(") > max(line.rfind(c) for c in "）)"):
        return not _NEW_ITEM.match(after)  # the bracket goes on
    if last in _LINE_ENDS or after[:1] in "\r\n" or _NEW_ITEM.match(after) or "\t" in after:
        return False
    if last in _DIGITS and first in _DIGITS:
        return False  # two numbers
    if last in _JOINS or len(line) >= _FULL_LINE:
        return True
    return (
        last in _DIGITS
        and not first.isdigit()
        and bool(re.match(r"[余多]?[万亿]|[元人所个名册%％]", after.lstrip()))
    )


_RAISED_POINT = pattern("raised_point")
_BESIDE_NUMBER = pattern("blank_beside_number")
_BLANK_IN_NUMBER = pattern("blank_in_number")
_IN_SENTENCE = re.compile(rf"(?<=[{HAN}])[ \u00a0](?=[{HAN}])")  # 占地面 积
_LETTER_ZERO = re.compile(r"(?<![A-Za-z\d])[OoＯ](?=[.．]\d)")  # O.13%
_PUNCTUATION = {",": "，", ";": "；", "!": "！", "?": "？", "(": "（", ")": "）"}


def plain(text: str, *, is_set: bool = False) -> Plain:
    """Return the form of a text that rules look at, with the place of each of its characters.

    is_set: its lines are those of a page (PDF), and break where the column ends.
    """
    dropped = {
        index
        for match in _PRONUNCIATION.finditer(text)
        for index in range(match.start(), match.end())
    }
    dropped |= _wraps(text, is_set)
    dropped |= _loose_blanks(text)
    zeros = {match.start() for match in _LETTER_ZERO.finditer(text)}
    points = {match.start() for match in _RAISED_POINT.finditer(text)}
    characters: list[str] = []
    at: list[int] = []
    for index, character in enumerate(text):
        if index in dropped:
            continue
        shown = "." if index in points else "0" if index in zeros else _plain_character(character)
        if not shown:
            continue
        if shown == ":" and not _in_digits(text, index, dropped):
            shown = "："
        elif shown in _PUNCTUATION and not (shown == "," and _in_digits(text, index, dropped)):
            shown = _PUNCTUATION[shown]
        characters.append(shown)
        at.append(index)
    return Plain("".join(characters), tuple(at))
