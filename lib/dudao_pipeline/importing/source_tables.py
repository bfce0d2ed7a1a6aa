"""Tables in the sheets of any file: where the head is, and what stands above each column.

A head may have several rows and merged cells; titles stand above it, notes and signatures below.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

from dudao.base.errors import FactsError
from dudao.facts import units
from dudao_pipeline.importing.web_tables import is_page, read_page
from dudao_pipeline.intake.cell_reading import has_lost_digits
from dudao_pipeline.intake.clean_text import is_struck
from dudao_pipeline.intake.csv_twin import read_csv
from dudao_pipeline.intake.excel_grid import read_grids
from dudao_pipeline.intake.excel_package import SHOWN_OTHERWISE
from dudao_pipeline.intake.file_safety import (
    FILE_LIMIT,
    HEAD,
    SPREADSHEETS,
    UNPACK,
    check_file,
    is_archive,
    is_book,
    is_text,
)
from dudao_pipeline.intake.headers import arabic_years, plain
from dudao_pipeline.intake.row_words import (
    NOTE,
    is_figure,
    is_legend,
    is_note,
    is_number,
    is_sum,
    is_total,
    is_year,
)
from dudao_pipeline.intake.sheet import (
    FAULT,
    FORMULA,
    NUMBER,
    PICTURE,
    TEXT,
    Grid,
    Raw,
    address,
    column_letters,
)

SUFFIXES = (*SPREADSHEETS, ".csv", ".txt", ".htm", ".html", ".mht", ".mhtml", ".xml")
HEAD_ROWS = 4  # more rows of head than any office's table has
NO_HEAD = "（未写表头）"
FIRST_ROWS = 20  # where the head of a list that is set in two columns is looked for
MANY_COLUMNS = 16384
_NAME = re.compile("(?:学校|单位|园所|幼儿园|机构)?名称|学校|校名|园名|幼儿园")
WIDE = 3  # texts beside each other that make a row a head
_FORM = re.compile(
    r"(?<!其中)[:：]|(?:19|20)\d\d年\d{1,2}月|^(?:表号|制定机关|制表机关|批准|有效期)"
)


@dataclass(frozen=True)
class Column:
    """One column: its position and what stands above it, from the outermost head inwards.

    place: where a person finds it in the sheet, where that is not the column of the position.
    """

    at: int
    path: tuple[str, ...]
    place: str = ""

    @property
    def key(self) -> str:
        """Return the letters of the column, or where else in the sheet its cells stand."""
        return self.place or column_letters(self.at)

    @property
    def head(self) -> str:
        """Return the whole head as one line."""
        return "＞".join(self.path)


@dataclass
class Table:
    """One table of a sheet: rows by number, texts by column, and what stands around it.

    above: the titles of the tables that stand before it in the sheet.
    shape, origin, moved: of a table that was brought into the form of a list, how it lay, the table
    as it stands in the sheet, and the row and column in it of every cell.
    """

    file: str
    sheet: str
    head: tuple[int, int]
    columns: list[Column]
    rows: list[int]
    cells: dict[int, dict[int, Raw]]
    titles: list[str] = field(default_factory=list)
    above: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    groups: dict[int, str] = field(default_factory=dict)
    parents: dict[int, str] = field(default_factory=dict)
    totals: list[int] = field(default_factory=list)
    comments: dict[tuple[int, int], str] = field(default_factory=dict)
    formulas: int = 0
    unread: list[str] = field(default_factory=list)
    headless: list[str] = field(default_factory=list)
    hidden: str = ""
    shape: str = ""
    origin: "Table | None" = None
    moved: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)

    @property
    def heads(self) -> set[int]:
        """Return the positions of its columns."""
        return {column.at for column in self.columns}

    def text(self, row: int, column: int) -> str:
        """Return the text of a cell, "" for a blank one."""
        raw = self.cells.get(row, {}).get(column)
        return raw.text if raw and raw.kind not in (FAULT, PICTURE) else ""

    def place(self, row: int, column: int) -> str:
        """Return file, sheet and cell as a message names them."""
        if self.moved:
            first = next(iter(self.cells.get(row, {})), column)
            row, column = self.moved.get((row, column)) or self.moved.get((row, first), (row, 1))
        return f"{self.file}/{self.sheet}!{address(row, column)}"

    def values(self, column: int) -> list[str]:
        """Return the texts of a column that are not blank."""
        return [text for row in self.rows if (text := self.text(row, column))]


def read_file(path: Path) -> list[Grid]:
    """Return the sheets of a file that a user can see; FactsError for what is no such file."""
    if path.is_dir():
        raise FactsError(f"“{path}”是文件夹。请写其中的文件，如 {path.name}/*.xlsx。")
    if not path.is_file():
        raise FactsError(f"没有这个文件：{path}。请检查路径。")
    with path.open("rb") as source:  # programs call a text a workbook, too
        head = source.read(HEAD)
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES and suffix and not is_book(path):
        step = "请用Excel或WPS打开，另存为“Excel工作簿（.xlsx）”后重试"
        step = UNPACK if is_archive(path) else step
        raise FactsError(f"{path.name}：只读.xlsx、.xls、.et、.csv、.txt和网页表格。{step}。")
    if is_page(head) and path.stat().st_size <= FILE_LIMIT:
        return [grid for grid in read_page(path.read_bytes(), path.stem) if grid.rows]
    if suffix == ".csv" or (head and is_text(head)):
        return [read_csv(path)]
    check_file(path)
    return [_readable(grid) for grid in read_grids(path) if grid.visible and grid.rows]


def _readable(grid: Grid) -> Grid:
    """Return a sheet in which numbers that lost digits, or look like others, are faults."""
    for line in grid.rows.values():
        for at, raw in line.items():
            if raw.kind == NUMBER and has_lost_digits(raw.text):
                line[at] = Raw(f"“{raw.text}”存成了数值，末几位已经丢失", FAULT)
            elif raw.kind == NUMBER and raw.text.endswith(SHOWN_OTHERWISE):
                line[at] = Raw(raw.text, FAULT)
    return grid


class _Sheet:
    """One sheet while its tables are looked for."""

    def __init__(self, file: str, grid: Grid):
        self.file, self.grid = file, grid
        self.lines = {row: dict(line) for row, line in sorted(grid.rows.items())}
        self.wide: dict[int, set[int]] = {}  # row -> columns that a text is merged over
        self.tall: set[tuple[int, int]] = set()  # cells that a text is merged down to
        for merge in grid.merges:
            self._spread(merge)
        self.order = [
            row for row in sorted(self.lines) if any(r.text for r in self.lines[row].values())
        ]

    def _spread(self, merge) -> None:
        anchor = self.grid.rows.get(merge.top, {}).get(merge.left)
        if anchor is None or not anchor.text:
            return
        if is_number(anchor) and not is_year(anchor.text):
            if merge.bottom > merge.top:  # of several rows: nobody knows whose it is
                self.lines[merge.top][merge.left] = Raw(f"合并了几行的数{anchor.text}", FAULT)
            return
        last = max(self.lines, default=0)
        right = min(merge.right, max((max(line) for line in self.lines.values()), default=0))
        for row in range(merge.top, min(merge.bottom, last) + 1):
            for at in range(merge.left, right + 1):
                if (row, at) != (merge.top, merge.left):
                    self.lines.setdefault(row, {})[at] = anchor
                if at > merge.left:
                    self.wide.setdefault(row, set()).add(at)
                if row > merge.top:
                    self.tall.add((row, at))

    def texts(self, row: int) -> dict[int, str]:
        return {at: raw.text for at, raw in self.lines.get(row, {}).items() if raw.text}

    def numbers(self, row: int) -> int:
        line = self.lines.get(row, {})
        return sum(is_number(raw) and not is_year(raw.text) for raw in line.values())

    def gathers(self, row: int) -> bool:
        """Say whether a row is one text over some columns of the head below, not over all."""
        texts, below = self.texts(row), self.texts(row + 1)
        return (
            len(texts) > 1
            and self.is_title(row)
            and self.is_head(row + 1)
            and min(texts) > min(below)
            and not any(_FORM.search(plain(text)) for text in texts.values())
        )

    def is_title(self, row: int) -> bool:
        return len(set(self.texts(row).values())) == 1 and not self.numbers(row)

    def is_legend(self, row: int) -> bool:
        return is_legend([text for _, text in sorted(self.texts(row).items())])

    def is_units(self, row: int) -> bool:
        texts = [re.sub(r"[()（）]", "", plain(text)) for text in self.texts(row).values()]
        return len(texts) >= 2 and all(units.plain(text) in units.table() for text in texts)

    def is_head(self, row: int) -> bool:
        """Say whether a row can begin a head: several texts beside each other and no figure."""
        distinct = set(self.texts(row).values())
        is_wide = len(distinct) >= 2 and (
            not all(is_year(text) for text in distinct) or self._heads_years(row)
        )
        return (
            is_wide and not self.numbers(row) and not self.is_legend(row) and not self._is_form(row)
        )

    def _heads_years(self, row: int) -> bool:
        """Say whether a row is nothing but years one after the other, above figures with a name."""
        texts, below = self.texts(row), self.texts(row + 1)
        years = [int(arabic_years(plain(text))[:4]) for _, text in sorted(texts.items())]
        steps = {b - a for a, b in pairwise(years)}
        is_above = min(below, default=min(texts)) < min(texts) and self.numbers(row + 1) > 0
        return is_above and (steps == {1} or steps == {-1})

    def _is_form(self, row: int) -> bool:
        """Say whether a row only fills in a form above a table: 填报单位：……　单位：人."""
        texts = set(self.texts(row).values())
        return len(texts) <= WIDE + 1 and any(_FORM.search(plain(text)) for text in texts)

    def goes_on(self, first: int, row: int) -> bool:
        """Say whether a row belongs to the head that the rows before it began."""
        if self.numbers(row) and not self.is_legend(row):
            return False
        if self.is_legend(row) or self.is_units(row):
            return True
        texts, above = self.texts(row), self.texts(row - 1)
        if any((row, at) in self.tall and first < row for at in texts):
            return True
        if self.wide.get(row - 1):
            return True
        # Without merged cells: a row of data has what the head begins with, a row of the head
        # leaves it blank or divides what stands above.
        if len(texts) > 1 and min(texts) > min(self.texts(first)):
            return True
        return (
            len(above) < len(texts)
            and min(texts) >= min(above, default=1)
            and any(at in above for at in texts)
            and any(at not in above for at in texts)
        )


def _columns(sheet: _Sheet, rows: list[int]) -> list[Column]:
    """Return the columns of a head, with what stands above each."""
    kept = [row for row in rows if not sheet.is_legend(row)]
    last = max((max(sheet.texts(row)) for row in kept if sheet.texts(row)), default=0)
    levels = []
    for number, row in enumerate(kept):
        texts = sheet.texts(row)
        below = {at for row in kept[number + 1 :] for at in sheet.texts(row)}
        filled, carried = {}, ""
        for at in range(1, last + 1):
            if at in texts:
                carried = texts[at]
            elif at not in below or sheet.wide.get(row):  # merges say how far a head goes
                carried = ""
            filled[at] = texts.get(at) or (carried if at in below else "")
        levels.append(filled)
    columns = []
    for at in range(1, last + 1):
        path = [level[at] for level in levels if level[at]]
        path = [text for n, text in enumerate(path) if n == 0 or text != path[n - 1]]
        if path:
            columns.append(Column(at, tuple(path)))
    return columns


def _begin_of_second(grid: Grid) -> int:
    """Return the column where a list goes on under the same head beside it; 0 where none does."""
    for row in sorted(grid.rows)[:FIRST_ROWS]:
        texts = [(at, plain(raw.text)) for at, raw in sorted(grid.rows[row].items()) if raw.text]
        words = [text for _, text in texts]
        for many in range(2, len(words) // 2 + 1):
            is_repeated = len(words) % many == 0 and words == words[:many] * (len(words) // many)
            if is_repeated and any(_NAME.fullmatch(word) for word in words[:many]):
                return texts[many][0]
    return 0


def tables_of(file: str, grid: Grid) -> Iterator[Table]:
    """Yield the tables of a sheet, below or beside each other; one without a head has none."""
    if cut := _begin_of_second(grid):
        for keep in (range(1, cut), range(cut, cut + MANY_COLUMNS)):
            rows = {
                row: {at: raw for at, raw in line.items() if at in keep}
                for row, line in grid.rows.items()
            }
            merges = [merge for merge in grid.merges if merge.left in keep]
            yield from tables_of(file, replace(grid, rows=rows, merges=merges))
        return
    sheet = _Sheet(file, grid)
    rows, at, titles, above = sheet.order, 0, [], []
    while at < len(rows):
        row = rows[at]
        if not sheet.is_head(row) and not sheet.gathers(row):
            if not sheet.numbers(row):
                titles += list(dict.fromkeys(sheet.texts(row).values()))
            at += 1
            continue
        head = [row]
        while at + 1 < len(rows) and len(head) < HEAD_ROWS and rows[at + 1] - row <= HEAD_ROWS:
            if not sheet.goes_on(row, rows[at + 1]):
                break
            at += 1
            head.append(rows[at])
        at += 1
        table, at = _body(sheet, head, at)
        table.hidden = grid.hidden(table.rows, table.heads)
        table.titles, table.above = titles, above
        titles, above = [], above + titles
        if table.rows:
            yield table


def _body(sheet: _Sheet, head: list[int], at: int) -> tuple[Table, int]:
    """Return a table with its rows, and where the next one may begin."""
    rows, columns = sheet.order, _columns(sheet, head)
    table = Table(sheet.file, sheet.grid.title, (head[0], head[-1]), columns, [], sheet.lines)
    parent = ""
    named, group, previous = {column.at for column in columns}, "", head[-1]
    while at < len(rows):
        row = rows[at]
        texts = sheet.texts(row)
        if sheet.is_title(row):
            text = next(iter(texts.values()))
            if NOTE.fullmatch(text) or (len(text) > 30 and not set(texts) - named):
                table.notes.append(text)
            elif _begins_table(sheet, at):
                break
            elif len(named) > 1 and min(texts) == min(named):
                group = text
            else:
                table.notes.append(text)
        elif is_note(list(texts.values())) and not sheet.numbers(row):
            table.notes += texts.values()
        elif row > previous + 1 and table.rows and sheet.is_head(row) and _begins_body(sheet, at):
            break
        elif (sheet.is_legend(row) and not table.rows) or _is_head_again(columns, texts):
            pass
        else:
            parent = parent if sheet.numbers(row) else next(iter(texts.values()))
            if parent and sheet.numbers(row):
                table.parents[row] = parent
            _take(table, row, group, texts)
        previous = row
        at += 1
    table.columns[:0] = [Column(at, (NO_HEAD,)) for at in _unheaded_labels(table, named)]
    table.headless = [
        address(row, at)
        for row in table.rows
        for at in sorted(sheet.texts(row).keys() - table.heads)
    ]
    table.comments = {
        cell: text for cell, text in sheet.grid.comments.items() if head[0] <= cell[0] <= previous
    }
    struck = [row for row in table.rows if all(map(is_struck, sheet.texts(row).values()))]
    table.rows = [row for row in table.rows if row not in struck]
    cells = [
        (row, column.at, raw)
        for row in table.rows
        for column in columns
        if (raw := sheet.lines[row].get(column.at))
    ]
    table.unread = [f"{address(row, min(named))} 整行划了删除线" for row in struck]
    table.unread += [f"{address(*at)} {why}" for *at, raw in cells if (why := _unread(raw))]
    table.formulas = sum(raw.kind == FORMULA and raw.text != "" for *_, raw in cells)
    return table, at


def _is_head_again(columns: list[Column], texts: dict[int, str]) -> bool:
    """Say whether a row repeats the head, as at the top of every printed page."""
    heads = {column.at: column.path for column in columns}
    return len(texts) > 1 and all(text in heads.get(at, ()) for at, text in texts.items())


def _unread(raw: Raw) -> str:
    """Say why a cell in which something stands is not read; nothing where it is."""
    if raw.kind == FORMULA and not raw.text:
        return "公式没有保存结果"
    return raw.text if raw.kind == FAULT else ""


def _unheaded_labels(table: Table, named: set[int]) -> list[int]:
    """Return the columns left of the head that name the rows: that corner is often blank."""
    first = min(named, default=0)
    left = {at for row in table.rows for at in table.cells[row] if at < first}
    return sorted(at for at in left if any(not is_figure(text) for text in table.values(at)))


def _take(table: Table, row: int, group: str, texts: dict[int, str]) -> None:
    labels = [plain(text) for at, text in sorted(texts.items()) if not is_number(Raw(text, TEXT))]
    # A code of letters may stand before the word.
    if labels and (is_total(labels[0]) or any(map(is_sum, labels[:2]))):
        table.totals.append(row)
    table.rows.append(row)
    if group:
        table.groups[row] = group


def _begins_table(sheet: _Sheet, at: int) -> bool:
    """Say whether a title is followed by a head and figures of its own."""
    following = sheet.order[at + 1 : at + 4]
    heads = [row for row in following if sheet.is_head(row)]
    return bool(heads) and _begins_body(sheet, sheet.order.index(heads[0]))


def _begins_body(sheet: _Sheet, at: int) -> bool:
    return any(sheet.numbers(row) for row in sheet.order[at + 1 : at + 1 + HEAD_ROWS])
