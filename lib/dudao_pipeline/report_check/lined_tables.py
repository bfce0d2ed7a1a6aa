"""Tables that the lines of a text set: cells parted by tabs or blanks, or one below another.

A text file, a page copied from the web and a PDF have no tables of their own. What parts two cells
becomes tabs, so that no number is read across two cells; no character moves.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from dudao_pipeline.report_check.rules import HAN
from dudao_pipeline.report_check.text import Cell, Table

_EDGE = re.compile(r"[\t|｜]")
_CELL = re.compile(r"\d{4} 年[^ \u3000]*|[^ \u3000]+")
_NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?[%％]?")
_NO_NUMBER = re.compile(r"[-—–/*…]+")  # a cell that is left empty
_YEAR = re.compile(r"(?:19|20)\d{2}")
_IS_WORD = re.compile(rf"[{HAN}]")
_LONGEST_LABEL = 40  # characters; what is longer is a sentence

Span = tuple[int, int]


@dataclass(frozen=True)
class _Line:
    """One line that is not empty: where it stands, and its cells."""

    start: int
    end: int
    cells: tuple[Span, ...]
    is_parted: bool


@dataclass
class _Rows:
    """Rows of one table while it is put together; the first may be its head."""

    head: tuple[Span, ...] = ()
    body: list[tuple[Span, ...]] = field(default_factory=list)


def tables_in_lines(text: str) -> tuple[str, tuple[Table, ...]]:
    """Return a text in which tabs part the cells of its tables, and the tables, in order."""
    characters, tables = list(text), []
    lines = _lines(text)
    number = 0
    while number < len(lines):
        for read in (_parted, _stacked, _blank):
            rows, after = read(text, lines, number)
            if after > number:
                break
        else:
            number += 1
            continue
        for row in (rows.head, *rows.body):
            for left, right in pairwise(row):
                between = text[left[1] : right[0]]
                if "\n" not in between:
                    characters[left[1] : right[0]] = "\t" * len(between)
        tables.append(_table(rows))
        number = after
    return "".join(characters), tuple(tables)


def _lines(text: str) -> list[_Line]:
    out, start = [], 0
    for line in text.split("\n"):
        is_parted = bool(_EDGE.search(line))
        if is_parted:
            edges = [-1, *(match.start() for match in _EDGE.finditer(line)), len(line)]
            pieces = [(start + a + 1, start + b) for a, b in pairwise(edges)]
            cells = tuple(_stripped(text, piece) for piece in pieces)
        else:
            cells = tuple((start + m.start(), start + m.end()) for m in _CELL.finditer(line))
        if any(a < b for a, b in cells):
            out.append(_Line(start, start + len(line), cells, is_parted))
        start += len(line) + 1
    return out


def _stripped(text: str, span: Span) -> Span:
    piece = text[span[0] : span[1]]
    start = span[0] + len(piece) - len(piece.lstrip())
    return start, start + len(piece.strip())


def _is_number(text: str, span: Span) -> bool:
    return bool(_NUMBER.fullmatch(text[span[0] : span[1]]))


def _is_filled(text: str, span: Span) -> bool:
    return _is_number(text, span) or bool(_NO_NUMBER.fullmatch(text[span[0] : span[1]]))


def _parted(text: str, lines: Sequence[_Line], first: int) -> tuple[_Rows, int]:
    """Read lines whose cells tabs or upright lines part: at least two, with a number below."""
    last = first
    while last < len(lines) and lines[last].is_parted and _has_cells(lines[last]):
        last += 1
    body = [line.cells for line in lines[first + 1 : last]]
    if not any(_is_number(text, cell) for row in body for cell in row):
        return _Rows(), first
    return _Rows(lines[first].cells, body), last


def _has_cells(line: _Line) -> bool:
    """Say whether a line holds two cells with words, or stands between lines that do."""
    return sum(a < b for a, b in line.cells) > 1 or len(line.cells) > 3


def _blank(text: str, lines: Sequence[_Line], first: int) -> tuple[_Rows, int]:
    """Read rows of a label and at least two numbers, between which blanks stand."""
    body = []
    last = first
    while last < len(lines) and (row := _labelled(text, lines[last])):
        body.append(row)
        last += 1
    if len(body) < 2:
        return _Rows(), first
    columns = Counter(len(row) for row in body).most_common(1)[0][0]
    return _Rows(_head_above(text, lines, first, columns), body), last


def _head_above(text: str, lines: Sequence[_Line], first: int, columns: int) -> tuple[Span, ...]:
    """Return the line above that has a word for each column, or one of three with a year for each.

    Words two lines above may be those of a head of several lines, whose columns no one knows.
    """
    for line in reversed(lines[max(0, first - 3) : first]):
        head = line.cells
        if line.is_parted or len(head) not in (columns, columns - 1):
            continue
        years = all(_is_year(text, cell) for cell in head[-(columns - 1) :])
        words = not any(_is_number(text, cell) for cell in head) and line is lines[first - 1]
        if years or words:
            return _over_columns(head, columns)
    return ()


def _over_columns(head: tuple[Span, ...], columns: int) -> tuple[Span, ...]:
    """Return a head that has a cell for the labels, too."""
    return head if len(head) == columns else ((head[0][0], head[0][0]), *head)


def _is_year(text: str, span: Span) -> bool:
    return bool(_YEAR.fullmatch(text[span[0] : span[1]]))


def _labelled(text: str, line: _Line) -> tuple[Span, ...]:
    """Return a line as one label and its numbers, or nothing."""
    if line.is_parted or len(line.cells) < 3:
        return ()
    begin = next((n for n, cell in enumerate(line.cells) if _is_filled(text, cell)), 0)
    numbers = line.cells[begin:]
    if not begin or len(numbers) < 2 or not all(_is_filled(text, cell) for cell in numbers):
        return ()
    label = line.cells[0][0], line.cells[begin - 1][1]
    counted = [cell for cell in numbers if _is_number(text, cell)]
    if len(counted) < 2 or all(_is_year(text, cell) for cell in counted):
        return ()
    if label[1] - label[0] > 2 * _LONGEST_LABEL or not _IS_WORD.search(text[label[0] : label[1]]):
        return ()
    return (label, *numbers)


def _stacked(text: str, lines: Sequence[_Line], first: int) -> tuple[_Rows, int]:
    """Read cells that stand one under another: words of the head, then a label and its numbers."""
    at, words = first, []
    while at < len(lines) and (cell := _single(text, lines[at])) and not _is_filled(text, cell):
        words.append(cell)
        at += 1
    body: list[tuple[Span, ...]] = []
    label, labels = (words[-1] if words else None), 1
    while label is not None:
        numbers = []
        while at < len(lines) and (cell := _single(text, lines[at])) and _is_filled(text, cell):
            numbers.append(cell)
            at += 1
        if len(numbers) < 2:
            break
        body.append((label, *numbers))
        end, label = at, None
        while at < min(len(lines), end + 2) and (cell := _single(text, lines[at])):
            if _is_filled(text, cell):
                break
            label = max(label or cell, cell, key=lambda span: span[1] - span[0])
            at += 1
        if len(body) == 1:
            labels = max(1, at - end)  # lines of a label, as in the second row
    if len(body) < 2:
        return _Rows(), first
    columns, times = Counter(len(row) for row in body).most_common(1)[0]
    if times < 2 or sum(_is_number(text, cell) for row in body for cell in row) < 4:
        return _Rows(), first
    head = tuple(words[: -labels if labels < len(words) else None][-columns:])
    aligned = _over_columns(head, columns) if len(head) in (columns, columns - 1) else ()
    return _Rows(aligned, [_kept(row, columns) for row in body]), end


def _single(text: str, line: _Line) -> Span | None:
    """Return the one cell of a line, if it holds no more than one and is no sentence."""
    filled = [cell for cell in line.cells if cell[0] < cell[1]]
    if not filled or (line.is_parted and len(filled) > 1):
        return None
    span = filled[0][0], filled[-1][1]
    is_short = span[1] - span[0] <= _LONGEST_LABEL
    return span if is_short and not re.search(r"[。；！？]", text[span[0] : span[1]]) else None


def _kept(row: tuple[Span, ...], columns: int) -> tuple[Span, ...]:
    """Return a row whose cells are under no heading where it has not as many as the head."""
    return row if len(row) == columns else (row[0], *[row[0]] * columns, *row[1:])


def _table(rows: _Rows) -> Table:
    cells, last = [], -1
    for number, row in enumerate((rows.head, *rows.body)):
        for column, (start, end) in enumerate(row):
            if start < end and start >= last:
                cells.append(Cell(start, end, number, column))
                last = end
    return Table(cells[0].start, cells[-1].end, tuple(cells))
