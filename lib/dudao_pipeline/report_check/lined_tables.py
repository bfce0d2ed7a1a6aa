"""Tables that the lines of a text set: cells parted by tabs or blanks, or one below another.

A text file, a page copied from the web and a PDF have no tables of their own. What parts two cells
becomes tabs, so that no number is read across two cells; no character moves.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise, takewhile

from dudao_pipeline.report_check.rules import HAN
from dudao_pipeline.report_check.text import Cell, Table

_EDGE = re.compile(r"[\t|｜]")
_CELL = re.compile(r"\d{4} 年[^ \u3000]*|[^ \u3000]+")
_NUMBER = re.compile(r"[-+＋]?\d[\d,]*(?:\.\d+)?[%％]?")
_NO_NUMBER = re.compile(r"[-—–/*…]+")  # a cell that is left empty
_YEAR = re.compile(r"(?:19|20)\d{2}")
_IS_WORD = re.compile(rf"[{HAN}]")
_LONGEST_LABEL = 40  # characters; what is longer is a sentence

Span = tuple[int, int]


@dataclass(frozen=True)
class _Line:
    """One line that is not empty: where it stands, its cells, and its one cell if it is no more."""

    start: int
    end: int
    cells: tuple[Span, ...]
    is_parted: bool
    single: Span | None


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
            single = _single(text, cells, is_parted)
            out.append(_Line(start, start + len(line), cells, is_parted, single))
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
    rows = [line.cells for line in lines[first:last]]
    return _Rows(rows[0], rows[1:]), last


def _has_cells(line: _Line) -> bool:
    """Say whether a line holds two cells with words, or stands between lines that do."""
    return sum(a < b for a, b in line.cells) > 1 or len(line.cells) > 3


def _blank(text: str, lines: Sequence[_Line], first: int) -> tuple[_Rows, int]:
    """Read rows of a label and at least two numbers, between which blanks stand.

    A line of words alone (按城乡分) parts no rows without names.
    """
    body: list[tuple[Span, ...]] = []
    last = first
    while last < len(lines):
        is_nameless = bool(body) and body[-1][0][0] == body[-1][0][1]
        aside = is_nameless and _is_short(text, lines[last]) and last + 1 < len(lines)
        row = _labelled(text, lines[last + aside])
        if not row:
            break
        body.append(row)
        last += 1 + aside
    if len(body) < 2:
        return _Rows(), first
    columns = Counter(len(row) for row in body).most_common(1)[0][0]
    aligned = [_kept(_with_gaps(text, row, columns), columns) for row in body]
    return _Rows(_head_above(text, lines, first, columns), aligned), last


def _with_gaps(text: str, row: tuple[Span, ...], columns: int) -> tuple[Span, ...]:
    """Return a row with an empty cell in each wide gap, where it has as many as cells lack."""
    gaps = [n for n in range(2, len(row)) if row[n][0] - row[n - 1][1] > 1]
    if not gaps or len(gaps) != columns - len(row):
        return row
    out = list(row)
    for n in reversed(gaps):
        out.insert(n, (row[n - 1][1], row[n - 1][1]))
    return tuple(out)


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
    if len(line.cells) > _FEW and all(_is_number(text, cell) for cell in line.cells):
        return () if _counts_up(text, line.cells) else ((line.start, line.start), *line.cells)
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


_FEW = 3  # numbers alone in a line that may be anything
_SHORT = 8  # characters of a heading among rows


def _is_short(text: str, line: _Line) -> bool:
    words = text[line.start : line.end].strip()
    return len(words) <= _SHORT and not re.search(r"[\d。，；：]", words)


def _counts_up(text: str, cells: Sequence[Span]) -> bool:
    """Say whether numbers are years, or follow each other as pages do."""
    values = [float(text[a:b].rstrip("%％").replace(",", "")) for a, b in cells]
    return all(_is_year(text, cell) for cell in cells) or all(
        after - before == 1 for before, after in pairwise(values)
    )


def _stacked(text: str, lines: Sequence[_Line], first: int) -> tuple[_Rows, int]:
    """Read cells that stand one under another: words of the head, then a label and its numbers."""
    cells, ends = _cells_below(lines, first)
    at, words = 0, []
    while at < len(cells) and not _is_filled(text, cells[at]):
        words.append(cells[at])
        at += 1
    body: list[tuple[Span, ...]] = []
    label, labels, end = (words[-1] if words else None), 1, 0
    while label is not None:
        numbers = []
        while at < len(cells) and _is_filled(text, cells[at]):
            numbers.append(cells[at])
            at += 1
        if len(numbers) < 2:
            break
        body.append((label, *numbers))
        end, label = at, None
        while at < min(len(cells), end + 2) and not _is_filled(text, cells[at]):
            label = max(label or cells[at], cells[at], key=lambda span: span[1] - span[0])
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
    return _Rows(aligned, [_kept(row, columns) for row in body]), ends[end - 1]


def _cells_below(lines: Sequence[_Line], first: int) -> tuple[list[Span], list[int]]:
    """Return the single cells of a line and those below it, and the line after each."""
    below = takewhile(lambda one: one[1].single, enumerate(lines[first:], first + 1))
    both = [(line.single, after) for after, line in below if line.single]
    return [cell for cell, _ in both], [after for _, after in both]


def _single(text: str, cells: Sequence[Span], is_parted: bool) -> Span | None:
    """Return the one cell of a line, if it holds no more than one and is no sentence."""
    filled = [cell for cell in cells if cell[0] < cell[1]]
    if not filled or (is_parted and len(filled) > 1):
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
