"""Tables that the lines of a text set: cells parted by tabs or blanks, or one below another.

A text file, a page copied from the web and a PDF have no tables of their own. What parts two cells
becomes tabs, so that no number is read across two cells; no character moves.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

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


class _Page:
    """The lines of a text, and what each of them begins."""

    def __init__(self, text: str) -> None:
        """Read the lines."""
        self.text, self.lines = text, _lines(text)
        self.stacks: dict[int, tuple[list[tuple[Span, ...]], int, int]] = {}

    def is_number(self, span: Span) -> bool:
        """Say whether a cell is a number."""
        return bool(_NUMBER.fullmatch(self.text[span[0] : span[1]]))

    def is_filled(self, span: Span) -> bool:
        """Say whether a cell is a number, or the sign of one that is left empty."""
        return self.is_number(span) or bool(_NO_NUMBER.fullmatch(self.text[span[0] : span[1]]))

    def is_year(self, span: Span) -> bool:
        """Say whether a cell is a year."""
        return bool(_YEAR.fullmatch(self.text[span[0] : span[1]]))

    @cached_property
    def filled(self) -> list[bool | None]:
        """Say of each line of one cell whether that is filled; of others None."""
        return [None if one.single is None else self.is_filled(one.single) for one in self.lines]

    @cached_property
    def after_words(self) -> list[int]:
        """Return for each line the first at or below it that is not one cell of words."""
        out = list(range(len(self.lines) + 1))
        for number in reversed(range(len(self.lines))):
            if self.filled[number] is False:
                out[number] = out[number + 1]
        return out

    @cached_property
    def after_parted(self) -> list[tuple[int, bool]]:
        """Return for each line where parted lines end that begin with it; whether they count."""
        out = [(number, False) for number in range(len(self.lines) + 1)]
        for number in reversed(range(len(self.lines))):
            line, (end, counts) = self.lines[number], out[number + 1]
            if line.is_parted and _has_cells(line):
                out[number] = end, counts or any(map(self.is_number, line.cells))
        return out


def tables_in_lines(text: str) -> tuple[str, tuple[Table, ...]]:
    """Return a text in which tabs part the cells of its tables, and the tables, in order."""
    characters, tables, page = list(text), [], _Page(text)
    number = 0
    while number < len(page.lines):
        for read in (_parted, _stacked, _blank):
            rows, after = read(page, number)
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


def _parted(page: _Page, first: int) -> tuple[_Rows, int]:
    """Read lines whose cells tabs or upright lines part: at least two, with a number below."""
    last = page.after_parted[first][0]
    if last <= first + 1 or not page.after_parted[first + 1][1]:
        return _Rows(), first
    rows = [line.cells for line in page.lines[first:last]]
    return _Rows(rows[0], rows[1:]), last


def _has_cells(line: _Line) -> bool:
    """Say whether a line holds two cells with words, or stands between lines that do."""
    return sum(a < b for a, b in line.cells) > 1 or len(line.cells) > 3


def _blank(page: _Page, first: int) -> tuple[_Rows, int]:
    """Read rows of a label and at least two numbers, between which blanks stand.

    A line of words alone (按城乡分) parts no rows without names.
    """
    body: list[tuple[Span, ...]] = []
    last = first
    while last < len(page.lines):
        is_nameless = bool(body) and body[-1][0][0] == body[-1][0][1]
        aside = is_nameless and last + 1 < len(page.lines) and _is_short(page, last)
        row = _labelled(page, page.lines[last + aside])
        if not row:
            break
        body.append(row)
        last += 1 + aside
    if len(body) < 2:
        return _Rows(), first
    columns = Counter(len(row) for row in body).most_common(1)[0][0]
    aligned = [_kept(_with_gaps(row, columns), columns) for row in body]
    return _Rows(_head_above(page, first, columns), aligned), last


def _with_gaps(row: tuple[Span, ...], columns: int) -> tuple[Span, ...]:
    """Return a row with an empty cell in each wide gap, where it has as many as cells lack."""
    gaps = [n for n in range(2, len(row)) if row[n][0] - row[n - 1][1] > 1]
    if not gaps or len(gaps) != columns - len(row):
        return row
    out = list(row)
    for n in reversed(gaps):
        out.insert(n, (row[n - 1][1], row[n - 1][1]))
    return tuple(out)


def _head_above(page: _Page, first: int, columns: int) -> tuple[Span, ...]:
    """Return the line above that has a word for each column, or one of three with a year for each.

    Words two lines above may be those of a head of several lines, whose columns no one knows.
    """
    for line in reversed(page.lines[max(0, first - 3) : first]):
        head = line.cells
        if line.is_parted or len(head) not in (columns, columns - 1):
            continue
        years = all(page.is_year(cell) for cell in head[-(columns - 1) :])
        words = not any(page.is_number(cell) for cell in head) and line is page.lines[first - 1]
        if years or words:
            return _over_columns(head, columns)
    return ()


def _over_columns(head: tuple[Span, ...], columns: int) -> tuple[Span, ...]:
    """Return a head that has a cell for the labels, too."""
    return head if len(head) == columns else ((head[0][0], head[0][0]), *head)


def _labelled(page: _Page, line: _Line) -> tuple[Span, ...]:
    """Return a line as one label and its numbers, or nothing."""
    if line.is_parted or len(line.cells) < 3:
        return ()
    if len(line.cells) > _FEW and all(page.is_number(cell) for cell in line.cells):
        return () if _counts_up(page, line.cells) else ((line.start, line.start), *line.cells)
    begin = next((n for n, cell in enumerate(line.cells) if page.is_filled(cell)), 0)
    numbers = line.cells[begin:]
    if not begin or len(numbers) < 2 or not all(page.is_filled(cell) for cell in numbers):
        return ()
    label = line.cells[0][0], line.cells[begin - 1][1]
    counted = [cell for cell in numbers if page.is_number(cell)]
    if len(counted) < 2 or all(page.is_year(cell) for cell in counted):
        return ()
    is_label = label[1] - label[0] <= 2 * _LONGEST_LABEL and _IS_WORD.search(page.text, *label)
    return (label, *numbers) if is_label else ()


_FEW = 3  # numbers alone in a line that may be anything
_SHORT = 8  # characters of a heading among rows


def _is_short(page: _Page, number: int) -> bool:
    line = page.lines[number]
    words = page.text[line.start : line.end].strip()
    return len(words) <= _SHORT and not re.search(r"[\d。，；：]", words)


def _counts_up(page: _Page, cells: Sequence[Span]) -> bool:
    """Say whether numbers are years, or follow each other as pages do."""
    values = [float(page.text[a:b].rstrip("%％").replace(",", "")) for a, b in cells]
    return all(page.is_year(cell) for cell in cells) or all(
        after - before == 1 for before, after in pairwise(values)
    )


def _stacked(page: _Page, first: int) -> tuple[_Rows, int]:
    """Read cells that stand one under another: words of the head, then a label and its numbers."""
    at = page.after_words[first]
    if at == first:
        return _Rows(), first
    if at not in page.stacks:
        page.stacks[at] = _stack(page, at)
    body, end, labels = page.stacks[at]
    if len(body) < 2:
        return _Rows(), first
    columns, times = Counter(len(row) for row in body).most_common(1)[0]
    if times < 2 or sum(page.is_number(cell) for row in body for cell in row) < 4:
        return _Rows(), first
    words = [line.single for line in page.lines[first:at] if line.single]
    head = tuple(words[: -labels if labels < len(words) else None][-columns:])
    aligned = _over_columns(head, columns) if len(head) in (columns, columns - 1) else ()
    return _Rows(aligned, [_kept(row, columns) for row in body]), end


def _stack(page: _Page, at: int) -> tuple[list[tuple[Span, ...]], int, int]:
    """Return the rows of which the first one's numbers begin at a line, below its label.

    Also the line after them, and how many lines a label has, as in the second row.
    """
    body: list[tuple[Span, ...]] = []
    label, labels, end = page.lines[at - 1].single, 1, at
    while label is not None:
        numbers = []
        while at < len(page.lines) and page.filled[at] and (span := page.lines[at].single):
            numbers.append(span)
            at += 1
        if len(numbers) < 2:
            break
        body.append((label, *numbers))
        end, label = at, None
        while at < min(len(page.lines), end + 2) and page.filled[at] is False:
            span = page.lines[at].single or (0, 0)
            label = max(label or span, span, key=lambda span: span[1] - span[0])
            at += 1
        if len(body) == 1:
            labels = max(1, at - end)
    return body, end, labels


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
