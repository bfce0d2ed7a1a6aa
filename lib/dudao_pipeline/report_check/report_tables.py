"""Figures that stand in the cells of a report's tables, and the sums and shares of these tables.

The unit of a cell is that of its column, its row, or the words before the table (单位：万元).
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise, takewhile

from dudao_pipeline.report_check import arithmetic
from dudao_pipeline.report_check.arithmetic import CONTRADICTS, FOLLOWS, Printed
from dudao_pipeline.report_check.contexts import COUNTY, stage_named
from dudao_pipeline.report_check.figures import Figure
from dudao_pipeline.report_check.line_relations import (
    TABLE_SUM,
    Line,
    Sheet,
    counted_unit,
    line_relations,
    points_part_thousands,
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
from dudao_pipeline.report_check.printing import DOUBT, EQUAL, SHARE_OF, Relation
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
_TOTAL = re.compile(r"合\s*计|总\s*计|共\s*计|^全[县市区州省国]$|^总\s*[数计]?$")
_SUBTOTAL = re.compile(r"小\s*计")
_NO_PART = re.compile(r"其中|平均|均值|占比|比例|增|降|标准|率$|均|备注|排名|名次|#")
_AID = re.compile(r"助学|补助|资助|免.{0,2}费|奖学")
_NO_LINE = re.compile(r"均|率|比|标准|增|降|排名|名次")
_MONEY = pattern("money_words")
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

    @property
    def rows(self) -> range:
        """Return the rows below the headings."""
        return range(self.head_rows, 1 + max((row for row, _ in self.texts), default=-1))

    @cached_property
    def columns(self) -> range:
        """Return the columns."""
        return range(1 + max((column for _, column in self.texts), default=-1))

    def heading(self, column: int) -> str:
        """Return the headings of a column, from the top; one may stand over several columns."""
        parts = [self.texts.get((row, column), "") for row in range(self.head_rows)]
        for row in range(self.head_rows - 1):
            left = next((c for c in range(column, 0, -1) if self.texts.get((row, c))), 0)
            over = self.texts.get((row, left), "") if left and parts[-1] else ""
            parts[row] = parts[row] or (over if len(over) <= _LONGEST_HEAD else "")
        return "".join(dict.fromkeys(part for part in parts if part))

    def label(self, row: int) -> str:
        """Return the words at the beginning of a row."""
        texts = [text for c in self.columns if (text := self.texts.get((row, c)))]
        if texts and _BARE_YEAR.fullmatch(texts[0]) and "年" in self.texts.get((0, 0), ""):
            return f"{texts[0]}年"
        words = list(takewhile(lambda text: not _NUMBER.match(text), texts))
        return "".join(words) or next((text for text in texts if not _NUMBER.match(text)), "")


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
    for text in (grid.heading(column), grid.label(row)):
        named = [match[1] for match in _UNIT.finditer(text) if _is_unit(match[1])]
        if named and not (is_decimal and factor_of(named[-1]) == 1 and _counts(named[-1])):
            return named[-1]
    heads = "\n".join(text for (at, _), text in grid.texts.items() if at < grid.head_rows)
    named = _CAPTION.findall(plain(f"{grid.caption}\n{heads}").text)
    last = grid.caption.strip().rpartition("\n")[2]
    of_list = _LIST_OF_UNITS.search(last) or _CAPTION_LIST.search(last)
    some = re.split("[、，,]", plain(of_list[1]).text) if of_list else []
    if len(some) > 1 and all(_is_unit(one) for one in some):
        rates = [one for one in some if one == "%"]
        is_share = bool(
            _SHARE_HEAD.search(grid.heading(column)) or _RATE.search(grid.heading(column))
        )
        fitting = [one for one in some if (one == "%") == (is_share and bool(rates))]
        if len(fitting) == 1:
            return fitting[0]
        of_money = [one for one in some if dimension_of(one) == "money"]
        if len(of_money) == 1 and _MONEY.search(grid.heading(column)):
            return of_money[0]
    unit = next((one for one in named if _is_unit(one)), "") or _unit_above(grid, row)
    if not is_decimal and dimension_of(unit) == "money" and "人数" in heads:
        unit = ""  # 单位：万元 does not hold of a column of persons
    return unit or ("" if is_decimal else counted_unit(grid.heading(column)))


def _unit_above(grid: _Grid, row: int) -> str:
    """Return the unit of the last row above that names one, where its own name has none.

    图书（万册）, below it 小学 and 中学: they are parts of it.
    """
    for above in range(row - 1, grid.head_rows - 1, -1):
        named = [match[1] for match in _UNIT.finditer(grid.label(above)) if _is_unit(match[1])]
        if named:
            return named[-1]
    return ""


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
    # 其中：1类 heads a column; 40.96% in a cell is one of the table
    in_text = [one for one in in_text if one.start not in heads | in_cells]
    taken = {place for one in in_text for place in range(one.start, one.end)}
    more: list[Figure] = []
    for number, grid in enumerate(grids):
        for (row, column), text in grid.texts.items():
            bound = _BOUND.search(text) if column else None
            text = _BOUND.sub("", text) if bound else text
            match = _NUMBER.match(text)
            cell = grid.cells[row, column]
            if row < grid.head_rows or _SERIAL.search(grid.heading(column)):
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
    heading, label = grid.heading(column), grid.label(row)
    unit = "%" if text.endswith("%") else _unit_of(grid, row, column)
    clean = _NUMBER.match(text)[0].replace(",", "")
    year = re.search(r"((?:19|20)\d{2})", f"{heading}{label}") or _year_of_table(grid)
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
        year=int(year[1]) if year else None,
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


def _year_of_table(grid: _Grid) -> re.Match[str] | None:
    """Return the year that a table's caption names, where it names one year."""
    lines = grid.caption.strip().splitlines()[-2:]
    heads = (text for (at, _), text in grid.texts.items() if at < grid.head_rows)
    named = list(re.finditer(r"((?:19|20)\d{2})年", " ".join([*lines, *heads])))
    return named[0] if len({match[1] for match in named}) == 1 else None


def _printed(one: Figure) -> Printed:
    half = 0.0 if one.is_counted else 0.5 * 10.0**-one.decimals
    return Printed(one.value, half, one.printed.replace(",", ""))


def table_relations(figures: Sequence[Figure], grids: Sequence[_Grid]) -> Iterator[Relation]:
    """Check totals, shares and what lines are of each other; name what fails where others hold."""
    by_key: dict[tuple, Relation] = {}
    for one in _table_relations(figures, grids):
        key = (frozenset(one.figures), one.relation)
        if key not in by_key or by_key[key].status == DOUBT:
            by_key[key] = one
    yield from by_key.values()


def _table_relations(figures: Sequence[Figure], grids: Sequence[_Grid]) -> Iterator[Relation]:
    yield from _against_text(figures, grids)
    sheets = [
        sheet for number, grid in enumerate(grids) for sheet in _sheets(number, grid, figures)
    ]
    yield from line_relations(sheets)
    for grid in grids:
        yield from _doubted_alone(figures, list(_sums(figures, grid)))
        yield from _doubted_alone(figures, list(_shares(figures, grid)))


def _sheets(number: int, grid: _Grid, figures: Sequence[Figure]) -> Iterator[Sheet]:
    """Yield the rows of a table, and its columns, as lines with figures."""
    for is_rows in (True, False):
        along, across = (grid.rows, grid.columns) if is_rows else (grid.columns, grid.rows)
        name, place = (grid.label, grid.heading) if is_rows else (grid.heading, grid.label)
        lines = []
        for at in along:
            cells = {
                other: grid.figures[spot]
                for other in across
                if (spot := (at, other) if is_rows else (other, at)) in grid.figures
            }
            if cells and not _NO_NUMBER.search(name(at)):
                lines.append(Line(name(at), cells))
        yield Sheet(number, is_rows, lines, {at: place(at) for at in across}, figures)


def _against_text(figures: Sequence[Figure], grids: Sequence[_Grid]) -> Iterator[Relation]:
    """Hold what sentences print against the cells of the same words, stage, year and unit.

    A sentence that differs from its cell is doubted; where it agrees with the cell of another
    column instead, and that column's sentence with this cell, the columns are exchanged.
    """
    in_text = [i for i, one in enumerate(figures) if one.table < 0 and one.is_exact]
    for grid in grids:
        cells = _cells_by_kind(grid, figures)
        pairs, alike = (
            {i: cell for i in in_text if (cell := _cell_of(figures[i], cells, is_name))}
            for is_name in (str.__eq__, _is_end)
        )
        exchanged = _exchanged(figures, grid, alike)
        pairs |= {index: cell for index, cell in alike.items() if index in exchanged}
        for index, (row, column) in pairs.items():
            cell = grid.figures[row, column]
            status = arithmetic.compare(
                arithmetic.total, [_sized(figures[cell])], _sized(figures[index])
            )
            where = f"表中“{grid.heading(column)}”"
            shown = figures[cell].shown
            if status != CONTRADICTS:
                formula = f"同 #{cell}"
                yield Relation(
                    (index, cell), EQUAL, status, shown, f"与{where}相符", of=index, formula=formula
                )
            elif index in exchanged:
                other = exchanged[index]
                message = f"{where}为{shown}，文中为{figures[index].shown}；可能：两列互换"
                yield Relation((cell, other, index), EQUAL, CONTRADICTS, shown, message, "两列互换")
            else:
                message = f"{where}“{grid.label(row)}”为{shown}，文中为{figures[index].shown}"
                yield Relation((index, cell), EQUAL, DOUBT, shown, message)


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


def _is_end(one: str, other: str) -> bool:
    """Say whether one name is the end of the other: 教育经费 of 一般公共预算教育经费."""
    return min(len(one), len(other)) > 3 and (one.endswith(other) or other.endswith(one))


_Named = tuple[tuple[int, int], Figure, set[str]]  # where a cell is, its figure, its names


def _cells_by_kind(grid: _Grid, figures: Sequence[Figure]) -> dict[tuple[str, str], list[_Named]]:
    """Return the figures of a table with what its row and column call them, by stage and unit."""
    out: dict[tuple[str, str], list[_Named]] = {}
    for at, index in grid.figures.items():
        cell = figures[index]
        if cell.unit:
            heads = grid.heading(at[1]), grid.label(at[0])
            named = {_words_of(text, cell.stage) for text in heads}
            out.setdefault((cell.stage, cell.dimension), []).append((at, cell, named))
    return out


def _cell_of(
    one: Figure,
    cells: dict[tuple[str, str], list[_Named]],
    is_name: Callable[[str, str], bool],
) -> tuple[int, int] | None:
    """Return the one cell that prints the same quantity as a sentence, by words and stage."""
    name = _words_of(one.what, one.stage)
    if len(name) < 4 or one.kind in (CHANGE, POINTS):
        return None
    same = [
        at
        for at, cell, named in cells.get((one.stage, one.dimension), ())
        if (cell.year or one.year) == one.year
        and (cell.kind == GROWTH) == (one.kind == GROWTH)
        and any(is_name(name, other) for other in named)
    ]
    return same[0] if len(same) == 1 else None


def _exchanged(
    figures: Sequence[Figure], grid: _Grid, pairs: dict[int, tuple[int, int]]
) -> dict[int, int]:
    """Return the sentences whose figures stand in each other's columns of one row."""
    out: dict[int, int] = {}
    for first, (row, column) in pairs.items():
        for second, (other_row, other) in pairs.items():
            if row != other_row or column == other:
                continue
            cells = grid.figures[row, other], grid.figures[row, column]
            crossed = all(
                arithmetic.compare(arithmetic.total, [_sized(figures[c])], _sized(figures[i]))
                != CONTRADICTS
                for c, i in zip(cells, (first, second), strict=True)
            )
            if crossed and figures[first].size != figures[second].size:
                out[first] = cells[0]
    return out


_TELLING = (arithmetic.RARE[0], arithmetic.RARE[3], arithmetic.ONE_DIGIT)
_FEW_DIGITS = 4


def _doubted_alone(figures: Sequence[Figure], relations: list[Relation]) -> Iterator[Relation]:
    """Yield what holds, and what does not if others of the table do; of one other, as a doubt.

    One digit of a long number, or two exchanged, are no doubt: other columns have the same parts.
    """
    good = [one for one in relations if one.status != CONTRADICTS]
    bad = [one for one in relations if one.status == CONTRADICTS]
    yield from good
    if len(good) >= 2 and len(bad) <= len(good) / 2:
        yield from bad
        return
    if len(bad) > max(1, len(good)):
        return
    for one in bad:
        digits = len(re.sub(r"\D", "", figures[one.figures[0]].printed).strip("0"))
        tells = one.relation == TABLE_SUM and digits > _FEW_DIGITS
        tells = tells and one.slip in (_TELLING if good else _TELLING[:1])
        if one.slip and (good or tells):
            yield one if tells else replace(one, status=DOUBT)


def _sums(figures: Sequence[Figure], grid: _Grid) -> Iterator[Relation]:
    """Check rows and columns of totals; a cell of which both fail is the one in doubt."""
    down = list(_sums_along(figures, grid, is_down=True))
    across = list(_sums_along(figures, grid, is_down=False))
    bad = [{*one.figures} for some in (down, across) for one in some if one.status == CONTRADICTS]
    for one in (*down, *across):
        if one.status == CONTRADICTS:
            shared = [i for i in one.figures if sum(i in members for members in bad) > 1]
            if len(shared) == 1:
                others = tuple(i for i in one.figures if i != shared[0])
                one = replace(one, figures=(shared[0], *others))
        yield one


def _sums_along(figures: Sequence[Figure], grid: _Grid, *, is_down: bool) -> Iterator[Relation]:
    """Check the totals of columns (is_down) or of rows against the cells of their line.

    A total is that of its subtotals where some are there, a subtotal that of the cells before it.
    """
    along, lines = (grid.rows, grid.columns) if is_down else (grid.columns, grid.rows)
    name = grid.label if is_down else grid.heading
    line_name = grid.heading if is_down else grid.label
    places = [at for at in along if not _NO_PART.search(name(at))]
    totals = [at for at in places if _TOTAL.search(name(at))]
    subtotals = [at for at in places if _SUBTOTAL.search(name(at)) and at not in totals]
    plain_places = [at for at in places if at not in totals and at not in subtotals]
    divided = [(at, subtotals if len(subtotals) > 1 else plain_places) for at in totals]
    starts = [-1, *subtotals]
    divided += [
        (at, [one for one in plain_places if start < one < at]) for start, at in pairwise(starts)
    ]
    for total_place, parts_at in divided:
        sums = []
        for line in lines:
            cells = [(at, line) if is_down else (line, at) for at in (total_place, *parts_at)]
            members = [grid.figures[cell] for cell in cells if cell in grid.figures]
            if cells[0] not in grid.figures or len(members) < 3 or _NO_LINE.search(line_name(line)):
                continue
            if "人数" in line_name(line) and any(_AID.search(name(at)) for at in parts_at):
                continue  # who is helped twice is counted once
            ones = [figures[i] for i in members]
            rates = {one.kind for one in ones} & {SHARE, GROWTH, POINTS}
            is_parted = points_part_thousands(ones)
            is_mixed = rates or is_parted or len({one.unit for one in ones}) > 1
            if is_mixed or any(one.value < 0 for one in ones):
                continue
            one = _sum_of_cells(figures, members, line_name(line))
            if is_down and one.status == CONTRADICTS and _is_moved(figures, grid, cells):
                continue
            sums.append(one)
        if len(sums) < 2 or any(one.status != CONTRADICTS for one in sums):
            yield from sums  # else the parts are others: some hold what others are


def _is_moved(figures: Sequence[Figure], grid: _Grid, cells: Sequence[tuple[int, int]]) -> bool:
    """Say whether a column adds up where a row that lacks a cell begins to be one to the left.

    A cell that is joined with the one above it is not there when a page is copied as text.
    """
    (total, column), *parts = cells
    width = max(c for r, c in grid.figures if r == total)
    for row, _ in parts:
        if max((c for r, c in grid.figures if r == row), default=width) == width:
            continue
        others = [cell for cell in parts if cell[0] != row]
        for more in ([], [(row, column - 1)]):
            members = [
                grid.figures[at] for at in ((total, column), *others, *more) if at in grid.figures
            ]
            if len(members) > 2 and _status_of_sum(figures, members) == FOLLOWS:
                return True
    return False


_SHARE_HEAD = re.compile(r"占比|比例|比重|构成|^%|[(（]%[)）]")


def _shares(figures: Sequence[Figure], grid: _Grid) -> Iterator[Relation]:
    """Check a column of shares against the amounts beside it and their whole.

    The whole is that of a row of totals, whose share is 100 or not printed; else all amounts.
    """
    total = next((row for row in grid.rows if _TOTAL.search(grid.label(row))), None)
    for column in grid.columns:
        heading = grid.heading(column)
        beside = column - 1
        if not _SHARE_HEAD.search(heading) or _RATE.search(heading) or beside < 1:
            continue
        parts = {
            row: (grid.figures[row, column], grid.figures[row, beside])
            for row in grid.rows
            if row != total and {(row, column), (row, beside)} <= grid.figures.keys()
        }
        amounts = [grid.figures[total, beside]] if (total, beside) in grid.figures else []
        printed = grid.figures.get((total, column)) if total is not None else None
        if total is None:
            amounts = [amount for _, amount in parts.values()]
        if not amounts or figures[amounts[0]].unit == "%":
            continue
        if printed is not None and figures[printed].value != 100:
            continue
        for row, pair in parts.items():
            yield _share_of_whole(figures, pair, amounts, grid.label(row))


def _share_of_whole(
    figures: Sequence[Figure], pair: tuple[int, int], amounts: list[int], label: str
) -> Relation:
    """Return whether the first of a pair is the share of the other in the sum of some amounts."""
    share, part = pair
    wholes = [_printed(figures[i]) for i in amounts]
    whole = Printed(sum(one.value for one in wholes), sum(one.half for one in wholes))
    given, stated = [_printed(figures[part]), whole], _printed(figures[share])
    status = arithmetic.compare(arithmetic.share, given, stated)
    value = arithmetic.share(given[0].value, whole.value) if whole.value else 0.0
    expected = f"{value:.{max(2, figures[share].decimals)}f}%"
    message = "表中占比"
    if status == CONTRADICTS:
        message = f"表中“{label}”占比应为{expected}，印为{figures[share].printed}"
    others = [i for i in amounts if i != part]
    return Relation((share, part, *others), SHARE_OF, status, expected, message)


def _status_of_sum(figures: Sequence[Figure], members: list[int]) -> str:
    """Return whether the first of some cells is the sum of the others."""
    stated, *given = (_printed(figures[i]) for i in members)
    return arithmetic.compare(arithmetic.total, given, stated)


def _sum_of_cells(figures: Sequence[Figure], members: list[int], line: str) -> Relation:
    """Return the relation of a total, the first of some cells, to the others."""
    stated, *given = (_printed(figures[i]) for i in members)
    status = _status_of_sum(figures, members)
    expected = f"{sum(one.value for one in given):g}{figures[members[0]].unit}"
    if status != CONTRADICTS:
        return Relation(tuple(members), TABLE_SUM, status, expected, "表中各项之和")
    slip = arithmetic.likely_slip(arithmetic.total, given, stated)
    message = f"表中“{line}”之和为{expected}，合计印为{figures[members[0]].shown}"
    message += f"；可能：{slip[0]}" if slip else ""
    first = members[slip[1] + 1] if slip else members[0]
    others = tuple(i for i in members if i != first)
    return Relation((first, *others), TABLE_SUM, status, expected, message, slip[0] if slip else "")
