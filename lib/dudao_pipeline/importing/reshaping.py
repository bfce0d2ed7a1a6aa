"""Tables that are lists of schools lying on their side or told one figure a row, made into lists.

A school may have a column instead of a row, as in the form that each school fills, and a figure a
row of its own beside the words that say what it is. Every cell keeps the place it came from.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from dudao.facts import units
from dudao.facts.sheet_layout import KINDERGARTENS, SCHOOLS
from dudao_pipeline.importing import header_words
from dudao_pipeline.importing.source_tables import Column, Table
from dudao_pipeline.intake.headers import plain
from dudao_pipeline.intake.row_words import is_figure, is_total, is_year
from dudao_pipeline.intake.sheet import FAULT, TEXT, Raw, address

FEWEST_WORDS = 3  # known heads below each other that are no names of schools
MOST_WORDS = 500  # columns that a list has, which stand below each other where it lies on its side
LONGEST = 40  # characters of a head
SIDEWAYS, LONG = "横排，一列一校", "一行一个数"
_UNITS, _STAGES = ("单位", "计量单位"), ("学段", "教育阶段")
_KINDS = (SCHOOLS, KINDERGARTENS)


def _column_said(text: str) -> str:
    """Return the column of a list of schools that a text is the head of, "" for none."""
    kinds = _KINDS if len(text) <= LONGEST else ()
    return next(filter(None, (header_words.column_said(text, kind) for kind in kinds)), "")


def _is_name(text: str) -> bool:
    return _column_said(text) in ("学校名称", "园所名称")


def _lines(table: Table) -> dict[int, list[tuple[int, str]]]:
    """Return row and text of every cell of a column, its head first, by column."""
    return {
        column.at: [
            (table.head[1], column.path[-1]),
            *((row, table.text(row, column.at)) for row in table.rows),
        ]
        for column in table.columns
    }


def _words_below(table: Table) -> int:
    """Return the column in which the heads of a list stand below each other; 0 for none."""
    is_form = any(header_words.is_value(column.path[-1]) for column in table.columns)
    for at, lines in _lines(table).items():
        filled = [text for _, text in lines if text]
        heads = [text for text in filled if len(filled) <= MOST_WORDS and _column_said(text)]
        has_name = sum(map(_is_name, heads)) == 1
        if has_name and len(heads) >= FEWEST_WORDS and (is_form or len(heads) * 2 >= len(filled)):
            return at
    return 0


def _unit_column(table: Table, after: int) -> int:
    """Return the column that says the unit of each row; 0 where none does."""
    for column in table.columns:
        texts = [text for text in table.values(column.at) if units.plain(text) in units.table()]
        if column.at != after and plain(column.path[-1]) in _UNITS and texts:
            return column.at
    return 0


def _turned(table: Table, words: int) -> Table | None:
    """Return a table in which every school has a column as a list; None where none is named."""
    lines = _lines(table)
    naming = next(row for row, text in lines[words] if _is_name(text))
    valued = {c.at for c in table.columns if header_words.is_value(c.path[-1])}
    unit_at = _unit_column(table, words)
    heads = {column.at: column.path[-1] for column in table.columns}

    def raw(row: int, at: int) -> Raw | None:
        if row == table.head[1]:
            return Raw(heads[at], TEXT)
        return table.cells.get(row, {}).get(at)

    schools = [
        at
        for at in heads
        if at > words
        and at != unit_at
        and (name := raw(naming, at)) is not None
        and not is_figure(name.text)
        and any(raw(row, at) for row, text in lines[words] if row != naming and text)
        and (naming == table.head[1] or not valued or at in valued)
    ]
    if not schools:
        return None
    columns, cells = [], {at: {} for at in schools}
    moved: dict[tuple[int, int], tuple[int, int]] = {}
    for row, text in lines[words]:
        if not text:
            continue
        unit = table.text(row, unit_at) if unit_at and row != table.head[1] else ""
        path = (text, unit) if units.plain(unit) in units.table() else (text,)
        columns.append(Column(row, path, f"第{row}行"))
        for at in schools:
            moved[at, row] = (row, at)
            if (kept := raw(row, at)) is not None:
                cells[at][row] = kept
    totals = [at for at in schools if is_total(cells[at][naming].text)]
    return _made(table, SIDEWAYS, columns, rows=schools, cells=cells, moved=moved, totals=totals)


def _long(table: Table) -> Table | None:
    """Return a table with a figure a row as a list of schools; None where it is none."""
    unit_at = _unit_column(table, 0)
    naming = [c for c in table.columns if _is_name(c.path[-1]) and c.at != unit_at]
    saying = [c for c in table.columns if _says_heads(table.values(c.at))]
    if len(naming) != 1 or len(saying) != 1:
        return None
    values = [c for c in table.columns if header_words.is_value(c.path[-1])]
    if len(values) != 1:
        return None
    kept = [c for c in table.columns if c.at not in (saying[0].at, values[0].at, unit_at)]
    years = [c for c in kept if (texts := table.values(c.at)) and all(map(is_year, texts))]
    stages = [c for c in kept if plain(c.path[-1]) in _STAGES]
    keys = [naming[0], *stages]
    keys += [c for c in kept if _column_said(c.path[-1]) in ("学校代码", "园所代码")]
    kept = [c for c in kept if c not in years]
    first_of: dict[tuple[str, ...], int] = {}
    columns: dict[tuple[str, ...], Column] = {}
    cells: dict[int, dict[int, Raw]] = {}
    moved: dict[tuple[int, int], tuple[int, int]] = {}
    unread: list[str] = []
    free = max(c.at for c in table.columns) + 1
    for row in table.rows:
        head = table.text(row, saying[0].at)
        key = tuple(plain(table.text(row, c.at)) for c in keys)
        if not any(key) or not head:
            unread.append(f"{address(row, values[0].at)} 没有写明学校或指标")
            continue
        at_row = first_of.setdefault(key, row)
        line = cells.setdefault(at_row, {})
        for c in kept:
            if (raw := table.cells.get(row, {}).get(c.at)) is not None:
                line.setdefault(c.at, raw)
                moved.setdefault((at_row, c.at), (row, c.at))
        year_of = [
            f"{table.text(row, c.at).removesuffix('年')}年" for c in years if table.text(row, c.at)
        ]
        path = (*year_of, head, *filter(None, [table.text(row, unit_at) if unit_at else ""]))
        column = columns.setdefault(path, Column(free + len(columns), path, values[0].key))
        raw = table.cells.get(row, {}).get(values[0].at)
        if raw is None:
            continue
        if line.get(column.at, raw) != raw:
            first = address(*moved[at_row, column.at])
            unread.append(
                f"{address(row, values[0].at)} 与{first}说的是同一个数而不同，两格都未读取"
            )
            line[column.at] = Raw("同一个数写了两次而不同", FAULT)
            continue
        line[column.at] = raw
        moved[at_row, column.at] = (row, values[0].at)
    rows = list(cells)
    totals = [row for row in rows if is_total(cells[row].get(naming[0].at, Raw("", TEXT)).text)]
    listed = [*kept, *columns.values()]
    made = _made(table, LONG, listed, rows=rows, cells=cells, moved=moved, totals=totals)
    made.unread += unread
    return made


def _says_heads(texts: list[str]) -> bool:
    """Say whether the texts of a column are heads of a list of schools, and more than one."""
    heads = {text for text in {*texts} if _column_said(text) and not _is_name(text)}
    return len(heads) > 1 and sum(text in heads for text in texts) * 2 > len(texts)


def _made(table: Table, shape: str, columns: list[Column], **changed) -> Table:
    """Return a table in the form of a list, beside the one that stands in the sheet."""
    around = {"groups": {}, "parents": {}, "unread": [*table.unread]}
    return replace(table, shape=shape, origin=table, columns=columns, **around, **changed)


def as_lists(tables: Iterable[Table]) -> Iterator[Table]:
    """Yield tables as they are; those of schools that are turned or told row by row as lists."""
    for table in tables:
        words = _words_below(table)
        yield (_turned(table, words) if words else _long(table)) or table
