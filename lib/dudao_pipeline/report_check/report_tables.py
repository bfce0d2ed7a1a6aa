"""Figures that stand in the cells of a report's tables, and the sums and shares of these tables.

The unit of a cell is that of its column, its row, or the words before the table (单位：万元).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import takewhile

from dudao_pipeline.report_check import arithmetic
from dudao_pipeline.report_check.arithmetic import CONTRADICTS, Printed
from dudao_pipeline.report_check.contexts import COUNTY, stage_named
from dudao_pipeline.report_check.figures import Figure
from dudao_pipeline.report_check.line_relations import (
    Line,
    Sheet,
    counted_unit,
    line_relations,
)
from dudao_pipeline.report_check.numbers import (
    CHANGE,
    COUNT,
    GROWTH,
    LEVEL,
    POINTS,
    SHARE,
    dimension_of,
    factor_of,
)
from dudao_pipeline.report_check.printing import DOUBT, EQUAL, Relation
from dudao_pipeline.report_check.rules import HAN, pattern, units, words
from dudao_pipeline.report_check.text import Cell, Report, plain

_NUMBER = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?=%?$)")
_BOUND = re.compile("及?(?P<word>以[上下])$")
_RANGE = re.compile(
    r"(?P<low>\d[\d,]*(?:\.\d+)?)\s*[-—–~～]\s*(?P<high>\d[\d,]*(?:\.\d+)?)\s*(?P<percent>%?)"
)
_UNIT = pattern("unit_of_heading")
_CAPTION = re.compile(r"单位\s*[：:]\s*([^\s，。；）)\n]{1,8})")
_CAPTION_LIST = re.compile(r"单位\s*[：:]\s*([^\s。；）)\n]{1,14})\s*$")
_LIST_OF_UNITS = re.compile(r"[（(](?:单位\s*[：:])?\s*([^（()）]{1,14})[)）]\s*$")
_BETWEEN = re.compile(rf"(?<=[{HAN}])[ \n]+(?=[{HAN}])")  # 幼 儿 园
_LONGEST_HEAD = 20  # characters of a heading; a longer cell is a sentence
_BARE_YEAR = re.compile(r"(?:19|20)\d\d")
_SERIAL = re.compile(r"^行号?$|序号|编号|代码|排序|年份|年度$|电话|日期")
_MONEY = pattern("money_words")
_SHARE_HEAD = re.compile(r"占比|比例|比重|构成|^%|[(（]%[)）]")
_NO_NUMBER = re.compile(r"排名|名次|位次|备注")
_RATE = re.compile(r"增长率|增幅|增长\s*[(（]?%|增减\s*[(（]?%|增长$|同比")


@dataclass
class _Grid:
    """One table: texts by row and column, the headings, the caption before it."""

    cells: dict[tuple[int, int], Cell]
    texts: dict[tuple[int, int], str]
    caption: str = ""
    head_rows: int = 1
    figures: dict[tuple[int, int], int] = field(default_factory=dict)

    @cached_property
    def rows(self) -> range:
        """Return the rows below the headings."""
        return range(self.head_rows, 1 + max((row for row, _ in self.texts), default=-1))

    @cached_property
    def columns(self) -> range:
        """Return the columns."""
        return range(1 + max((column for _, column in self.texts), default=-1))

    @cached_property
    def headings(self) -> list[str]:
        """Return the headings of each column, from the top; one may stand over several columns."""
        return [self._heading(column) for column in self.columns]

    def _heading(self, column: int) -> str:
        parts = [self.texts.get((row, column), "") for row in range(self.head_rows)]
        for row in range(self.head_rows - 1):
            left = next((c for c in range(column, 0, -1) if self.texts.get((row, c))), 0)
            over = self.texts.get((row, left), "") if left and parts[-1] else ""
            parts[row] = parts[row] or (over if len(over) <= _LONGEST_HEAD else "")
        return "".join(dict.fromkeys(part for part in parts if part))

    @cached_property
    def labels(self) -> dict[int, str]:
        """Return the words at the beginning of each row."""
        return {row: self._label(row) for row in self.rows}

    def _label(self, row: int) -> str:
        texts = [text for c in self.columns if (text := self.texts.get((row, c)))]
        if texts and _BARE_YEAR.fullmatch(texts[0]) and "年" in self.texts.get((0, 0), ""):
            return f"{texts[0]}年"
        words = list(takewhile(lambda text: not _NUMBER.match(text), texts))
        return "".join(words) or next((text for text in texts if not _NUMBER.match(text)), "")

    @cached_property
    def heads(self) -> list[str]:
        """Return the texts of all cells of the headings."""
        return [text for (row, _), text in self.texts.items() if row < self.head_rows]

    @cached_property
    def caption_units(self) -> list[str]:
        """Return what stands after 单位： before the table and in its headings."""
        return _CAPTION.findall(plain("\n".join((self.caption, *self.heads))).text)

    @cached_property
    def units_listed(self) -> list[str]:
        """Return the units of a list at the end of the caption: （万元、%）."""
        last = self.caption.strip().rpartition("\n")[2]
        of_list = _LIST_OF_UNITS.search(last) or _CAPTION_LIST.search(last)
        some = re.split("[、，,]", plain(of_list[1]).text) if of_list else []
        return some if len(some) > 1 and all(map(_is_unit, some)) else []

    @cached_property
    def units_above(self) -> dict[int, str]:
        """Return for each row the unit of the last row above that names one.

        图书（万册）, below it 小学 and 中学: they are parts of it.
        """
        out, last = {}, ""
        for row, label in self.labels.items():
            out[row] = last
            last = _unit_named(label) or last
        return out

    @cached_property
    def year(self) -> str:
        """Return the year that the caption and the headings name, where they name one."""
        lines = self.caption.strip().splitlines()[-2:]
        named = set(re.findall(r"((?:19|20)\d{2})年", " ".join([*lines, *self.heads])))
        return named.pop() if len(named) == 1 else ""


def _unit_named(text: str) -> str:
    """Return the last unit that words name in brackets: 教育经费（万元）."""
    named = [match[1] for match in _UNIT.finditer(text) if _is_unit(match[1])]
    return named[-1] if named else ""


def _grids(report: Report) -> Iterator[_Grid]:
    for table in report.tables:
        cells = {(cell.row, cell.column): cell for cell in table.cells}
        texts = {
            at: _BETWEEN.sub("", plain(report.text[cell.start : cell.end]).text.strip())
            for at, cell in cells.items()
        }
        caption = report.text[max(0, table.start - 80) : table.start]
        grid = _Grid(cells, texts, caption)
        grid.head_rows = _head_rows(grid)
        yield grid


def _head_rows(grid: _Grid) -> int:
    for row in range(1 + max((row for row, _ in grid.texts), default=-1)):
        values = [grid.texts.get((row, column), "") for column in grid.columns]
        numbers = [
            text for text in values if _NUMBER.match(text) and not _BARE_YEAR.fullmatch(text)
        ]
        if numbers and row:
            return row
    return 1


def _unit_of(grid: _Grid, row: int, column: int) -> str:
    """Return the unit of a cell: of its heading or row, the last one named, else of the table."""
    is_decimal = "." in grid.texts[row, column]
    heading = grid.headings[column]
    for text in (heading, grid.labels[row]):
        named = _unit_named(text)
        if named and not (is_decimal and factor_of(named) == 1 and _counts(named)):
            return named
    if some := grid.units_listed:
        is_share = bool(_SHARE_HEAD.search(heading) or _RATE.search(heading))
        fitting = [one for one in some if (one == "%") == (is_share and "%" in some)]
        if len(fitting) == 1:
            return fitting[0]
        of_money = [one for one in some if dimension_of(one) == "money"]
        if len(of_money) == 1 and _MONEY.search(heading):
            return of_money[0]
    unit = next(filter(_is_unit, grid.caption_units), "") or grid.units_above[row]
    if not is_decimal and dimension_of(unit) == "money" and "人数" in "\n".join(grid.heads):
        unit = ""  # 单位：万元 does not hold of a column of persons
    return unit or ("" if is_decimal else counted_unit(heading))


def _is_unit(text: str) -> bool:
    return text in units() or text.lstrip("万亿") in units()


def _counts(unit: str) -> bool:
    return dimension_of(unit) in ("persons", "schools", "classes", "pieces")


def table_figures(
    report: Report, in_text: Sequence[Figure]
) -> tuple[tuple[Figure, ...], list[_Grid]]:
    """Return all figures in the order of the text, and the tables with the places of theirs."""
    grids = list(_grids(report))
    heads = {
        place
        for grid in grids
        for (row, _), cell in grid.cells.items()
        if row < grid.head_rows and cell.end - cell.start <= _LONGEST_HEAD
        for place in range(cell.start, cell.end)
    }
    in_cells = {
        grid.cells[at].start
        for grid in grids
        for at, text in grid.texts.items()
        if at[0] >= grid.head_rows and _NUMBER.match(text)
    }
    others = heads | in_cells  # 其中：1类 heads a column; 40.96% in a cell is one of the table
    in_text = [one for one in in_text if one.start not in others]
    taken = {place for one in in_text for place in range(one.start, one.end)}
    more: list[Figure] = []
    for number, grid in enumerate(grids):
        for (row, column), text in grid.texts.items():
            bound = _BOUND.search(text) if column else None
            text = _BOUND.sub("", text) if bound else text
            match = _NUMBER.match(text)
            cell = grid.cells[row, column]
            if row < grid.head_rows or _SERIAL.search(grid.headings[column]):
                continue
            if span := _RANGE.fullmatch(text):
                more += _range(grid, (row, column), span, number=number, start=cell.start)
            if not match:
                continue
            printed = _BOUND.sub("", report.text[cell.start : cell.end].strip()).rstrip("%％")
            if cell.start in taken or not printed:
                continue
            one = _figure(
                grid, (row, column), text, number=number, start=cell.start, printed=printed
            )
            more.append(replace(one, qualifier=bound["word"]) if bound else one)
    figures = tuple(sorted((*in_text, *more), key=lambda one: one.start))
    for index, one in enumerate(figures):
        if one.table >= 0 and one.is_exact:
            grids[one.table].figures[one.row, one.column] = index
    return figures, grids


def _range(
    grid: _Grid, at: tuple[int, int], span: re.Match[str], *, number: int, start: int
) -> Iterator[Figure]:
    """Yield the two ends of a range that a cell prints: 4500-6000."""
    for name, qualifier in (("low", "起"), ("high", "止")):
        text = span[name] + ("%" if span["percent"] else "")
        begin = start + span.start(name)
        one = _figure(grid, at, text, number=number, start=begin, printed=span[name])
        yield replace(one, qualifier=qualifier)


def _figure(
    grid: _Grid, at: tuple[int, int], text: str, *, number: int, start: int, printed: str
) -> Figure:
    row, column = at
    heading, label = grid.headings[column], grid.labels[row]
    unit = "%" if text.endswith("%") else _unit_of(grid, row, column)
    clean = _NUMBER.match(text)[0].replace(",", "")
    named = re.search(r"(?:19|20)\d{2}", f"{heading}{label}")
    year = named[0] if named else grid.year
    rate = unit == "%" and any(_RATE.search(text) for text in (heading, label))
    kind = GROWTH if rate else SHARE if unit == "%" else LEVEL
    dimension = dimension_of(unit) if unit else ""
    if dimension in ("persons", "schools", "pieces", "classes"):
        kind = COUNT
    return Figure(
        start=start,
        end=start + len(printed),
        printed=clean if len(clean) == len(printed) else printed,
        value=float(clean),
        unit=unit,
        what=f"{label}{heading}"[:30],
        stage=stage_named(label) or stage_named(heading) or COUNTY,
        year=int(year) if year else None,
        kind=kind,
        decimals=len(clean.partition(".")[2]),
        dimension=dimension,
        factor=factor_of(unit) if unit else 1.0,
        at=-1,
        until=-1,
        table=number,
        row=row,
        column=column,
    )


def table_relations(figures: Sequence[Figure], grids: Sequence[_Grid]) -> Iterator[Relation]:
    """Yield what lines of tables are of each other, and what sentences print of their cells."""
    yield from _against_text(figures, grids)
    sheets = [
        sheet for number, grid in enumerate(grids) for sheet in _sheets(number, grid, figures)
    ]
    by_figures: dict[tuple, Relation] = {}
    for one in line_relations(sheets):
        by_figures.setdefault((frozenset(one.figures), one.relation), one)
    yield from by_figures.values()


def _sheets(number: int, grid: _Grid, figures: Sequence[Figure]) -> Iterator[Sheet]:
    """Yield the rows of a table, and its columns, as lines with figures."""
    for is_rows in (True, False):
        along, across = (grid.rows, grid.columns) if is_rows else (grid.columns, grid.rows)
        both = grid.labels, grid.headings
        names, places = both if is_rows else both[::-1]
        lines = []
        for at in along:
            cells = {
                other: grid.figures[spot]
                for other in across
                if (spot := (at, other) if is_rows else (other, at)) in grid.figures
            }
            if cells and not _NO_NUMBER.search(names[at]):
                lines.append(Line(names[at], cells))
        yield Sheet(number, is_rows, lines, {at: places[at] for at in across}, figures)


def _against_text(figures: Sequence[Figure], grids: Sequence[_Grid]) -> Iterator[Relation]:
    """Hold what sentences print against the cells of the same words, stage, year and unit.

    A sentence that differs from its cell is doubted.
    """
    in_text: dict[tuple[str, str, str], list[int]] = {}  # by stage, dimension and words
    for index, one in enumerate(figures):
        if one.table < 0 and one.is_exact and one.kind not in (CHANGE, POINTS):
            name = _words_of(one.what, one.stage)
            if len(name) >= _LEAST_NAME:
                in_text.setdefault((one.stage, one.dimension, name), []).append(index)
    for grid in grids:
        pairs = _pairs_of_words(grid, figures, in_text)
        for index, (row, column) in ((i, some[0]) for i, some in pairs if len(some) == 1):
            one, cell = figures[index], figures[grid.figures[row, column]]
            status = arithmetic.compare(arithmetic.total, [_sized(cell)], _sized(one))
            where, members = f"表中“{grid.headings[column]}”", (index, grid.figures[row, column])
            if status == CONTRADICTS:
                message = f"{where}“{grid.labels[row]}”为{cell.shown}，文中为{one.shown}"
                yield Relation(members, EQUAL, DOUBT, cell.shown, message)
            else:
                yield Relation(
                    *(members, EQUAL, status, cell.shown, f"与{where}相符"),
                    of=index,
                    formula=f"同 #{members[1]}",
                )


def _sized(one: Figure) -> Printed:
    return Printed(abs(one.size), one.step)


_PLAIN_WORDS = re.compile(
    r"[（(].*?[)）]|(?:19|20)\d{2}年?度?|[\s，、：:]|全[县市区]|合计|增长率?|比上年"
)


def _words_of(text: str, stage: str) -> str:
    bare = _PLAIN_WORDS.sub("", text)
    for name in (*words().stages.get(stage, ()), stage):
        bare = bare.replace(name, "")
    return bare


_LEAST_NAME = 4  # characters of a name that says enough


def _pairs_of_words(
    grid: _Grid, figures: Sequence[Figure], in_text: dict[tuple[str, str, str], list[int]]
) -> list[tuple[int, list[tuple[int, int]]]]:
    """Return the figures of sentences, in order, with the cells that print the same quantity.

    By words and stage: the words are those of the column or of the row.
    """
    out: dict[int, list[tuple[int, int]]] = {}
    for at, index in grid.figures.items() if in_text else ():
        cell = figures[index]
        texts = (grid.labels[at[0]], grid.headings[at[1]]) if cell.unit else ()
        for name in {_words_of(text, cell.stage) for text in texts}:
            for i in in_text.get((cell.stage, cell.dimension, name), ()):
                one = figures[i]
                same_year = (cell.year or one.year) == one.year
                if same_year and (cell.kind == GROWTH) == (one.kind == GROWTH):
                    out.setdefault(i, []).append(at)
    return sorted(out.items())
