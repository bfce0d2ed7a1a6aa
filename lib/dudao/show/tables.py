"""Tables as data: caption, columns, rows of cells. HTML is rendered from the data alone.

A notebook puts out both: the data (`TABLES`, as docs/table-schema.json declares it) for whoever
redacts, prints or publishes tables, and the HTML of the same data for who reads the notebook.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from dudao.base.mime import TABLES

KINDS = {"学校": "school", "幼儿园": "school", "学校（园）": "school", "办园性质": "ownership"}
NUMBER, SCHOOL, OWNERSHIP, TOTAL = "number", "school", "ownership", "合计"
_SHORT = 10  # a date, a number, an address: kept on one line
_SHORT_WORD = 7  # Chinese signs of a word or two
_PUBLIC = ("http://", "https://")
COLUMN_MARKS = {"num": "n", "w": "w"}  # of a cell, and of a table whose column has it throughout
COLUMNS = 14  # that the stylesheet of pages names
_BARE = re.compile(r"[\w#.-]+")  # what stands in an attribute without quotes


@dataclass(frozen=True)
class Marked:
    """A cell that carries a result: its word, a class such as met or not_met, more lines."""

    text: str
    mark: str
    more: tuple[str, ...] = ()


@dataclass(frozen=True)
class Link:
    """A cell that points to a public page, where there is one."""

    text: str
    href: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Cited(Link):
    """The document and clause that something follows from: a page lists it among its sources."""


@dataclass(frozen=True)
class Room:
    """A cell left free for handwriting: it prints as ruled space."""


Value = str | Marked | Link | Room | tuple["str | Link", ...]
Record = dict[str, Any]
Cell = str | Record | list[str | Record]


def _part_record(part: str | Link) -> str | Record:
    if isinstance(part, str):
        return part
    is_public = part.href.startswith(_PUBLIC)
    is_cited = isinstance(part, Cited)
    if not part.text or not (is_public or is_cited):
        return f"{part.before}{part.text}{part.after}"
    entries = {
        "text": part.text,
        "href": part.href if is_public else "",
        "before": part.before,
        "after": part.after,
        "cited": is_cited,
    }
    return {name: entry for name, entry in entries.items() if entry}


def _cell_record(value: Value) -> Cell:
    if isinstance(value, Room):
        return {"room": True}
    if isinstance(value, Marked):
        lines = [line for line in value.more if line]
        return {"text": value.text, "mark": value.mark} | ({"lines": lines} if lines else {})
    parts = value if isinstance(value, tuple) else (value,)
    records = [record for part in parts if part and (record := _part_record(part))]
    return records if len(records) > 1 else records[0] if records else ""


@dataclass(frozen=True)
class Table:
    """A captioned table; columns whose names stand in `numbers` are aligned to the right.

    anchors: the ids of its rows, or none.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    numbers: frozenset[str] = frozenset()
    empty: str = "无"
    anchors: tuple[str, ...] = ()

    @property
    def record(self) -> Record:
        """Return the table as plain data; what is empty is left out."""
        kinds = [NUMBER if name in self.numbers else KINDS.get(name, "") for name in self.columns]
        of_school = [at for at, kind in enumerate(kinds) if kind == SCHOOL][:1]
        rows = [[_cell_record(cell) for cell in row] for row in self.rows]
        for row in rows:
            if len(row) != len(self.columns):
                raise ValueError(f"{self.caption}: {len(row)} cells, {len(self.columns)} columns")
        names = zip(self.columns, kinds, strict=True)
        totals = [
            number
            for number, row in enumerate(rows)
            if any(str(row[at]).endswith(TOTAL) for at in of_school)
        ]
        more = {"anchors": list(self.anchors), "totals": totals}
        return {
            "caption": self.caption,
            "columns": [{"label": name} | ({"kind": kind} if kind else {}) for name, kind in names],
            "rows": rows,
            **({} if rows else {"empty": self.empty}),
            **{name: entry for name, entry in more.items() if entry},
        }

    def _repr_html_(self) -> str:
        return to_html(self.record)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        return bundle([self], repr(self))

    def __repr__(self) -> str:
        return f"表：{self.caption}（{len(self.rows)}行）"


@dataclass(frozen=True)
class Tables:
    """Tables that one cell shows, one below the other."""

    tables: tuple[Table, ...]

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        return bundle(self.tables, repr(self))

    def __repr__(self) -> str:
        return "\n".join(map(repr, self.tables))


def bundle(tables: Sequence[Table], text: str) -> dict[str, Any]:
    """Return what a cell puts out for tables: data, the same as HTML, and a line of text."""
    records = [table.record for table in tables]
    html = "\n".join(map(to_html, records))
    return {TABLES: {"tables": records}, "text/html": html, "text/plain": text}


def table(
    caption: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Value]],
    *,
    numbers: Iterable[str] = (),
    empty: str = "无",
    anchors: Iterable[str] = (),
) -> Table:
    """Return a table from any iterables; `anchors` name its rows, so that links reach them."""
    return Table(
        caption,
        tuple(columns),
        tuple(tuple(row) for row in rows),
        frozenset(numbers),
        empty,
        tuple(anchors),
    )


def tabulate(
    caption: str,
    records: Iterable[Any],
    columns: Mapping[str, Callable[[Any], Any]],
    **more: Any,
) -> Table:
    """Return a table with a row for each record: each column is its label and what it shows of one.

    more: numbers, empty and anchors, as `table` takes them.
    """
    rows = [tuple(show(record) for show in columns.values()) for record in records]
    return table(caption, tuple(columns), rows, **more)


def _cite(source: str) -> str:
    return f"<cite>{source}</cite>"


def _part_html(part: str | Record, text: Callable[[str], str], cite: Callable[[str], str]) -> str:
    if isinstance(part, str):
        return text(part)
    shown = text(part["text"])
    if href := part.get("href"):
        shown = f'<a href="{escape(href)}">{shown}</a>'
    shown = cite(shown) if part.get("cited") else shown
    return f"{text(part.get('before', ''))}{shown}{text(part.get('after', ''))}"


def _cell_html(cell: Cell, text: Callable[[str], str], cite: Callable[[str], str]) -> str:
    if isinstance(cell, str):
        return text(cell)
    if isinstance(cell, list):
        return "<br>".join(_part_html(part, text, cite) for part in cell)
    if "mark" in cell:
        lines = "".join(f"<br><small>{text(line)}</small>" for line in cell.get("lines", ()))
        return f"{text(cell['text'])}{lines}"
    return "" if "room" in cell else _part_html(cell, text, cite)


def _is_short(cell: Cell) -> bool:
    """Say whether a cell is a number or a word or two, which stay on one line."""
    if isinstance(cell, list):
        if not all(isinstance(part, str) for part in cell):
            return False
        cell = "<br>".join(map(str, cell))
    if not isinstance(cell, str):
        return False
    length = len(cell) if cell.isalnum() else len(escape(cell))
    return length <= (_SHORT if cell.isascii() else _SHORT_WORD)


def cell_class(cell: Cell) -> str:
    """Return the class of a cell that carries a result or is left free; "" of any other."""
    if isinstance(cell, dict):
        return "room" if "room" in cell else cell.get("mark", "").replace("_", "-")
    return ""


def _classes(cell: Cell, is_number: bool) -> tuple[str, ...]:
    """Return the class of a cell, if any: its result, or `num`, or `w` if it may wrap."""
    if mark := cell_class(cell):
        return (mark,)
    if is_number:
        return ("num",)
    return () if _is_short(cell) else ("w",)


def _attribute(name: str, value: str) -> str:
    if not value:
        return ""
    return f" {name}={value}" if _BARE.fullmatch(value) else f' {name}="{escape(value)}"'


def to_html(
    record: Record,
    *,
    text: Callable[[str], str] = escape,
    cite: Callable[[str], str] = _cite,
    name: str = "",
) -> str:
    """Return a table, short: what HTML implies is left out, what holds for a column is said once.

    `n3`: the numbers of the third column stand on the right; `w4`: the texts of the fourth take
    several lines. text, cite: make HTML of a text and of a source. name: the id of the caption.
    """
    rows, width = record["rows"], len(record["columns"])
    numeric = [column.get("kind") == NUMBER for column in record["columns"]]
    heads = "".join(
        f"<th scope=col{' class=num' if is_number and rows else ''}>{escape(column['label'])}"
        for column, is_number in zip(record["columns"], numeric, strict=True)
    )
    classes = [list(map(_classes, row, numeric)) for row in rows]
    common = set()
    if rows and "note" not in record and width <= COLUMNS:
        common = {
            (mark, at)
            for mark in COLUMN_MARKS
            for at in range(width)
            if all(mark in row[at] for row in classes)
        }
    body = ""
    anchors = record.get("anchors") or [""] * len(rows)
    for anchor, row, of_row in zip(anchors, rows, classes, strict=True):
        body += f"<tr{_attribute('id', anchor)}>"
        for at, (cell, marks) in enumerate(zip(row, of_row, strict=True)):
            own = " ".join(mark for mark in marks if (mark, at) not in common)
            body += f"<td{_attribute('class', own)}>{_cell_html(cell, text, cite)}"
        body += "\n"
    for whole in (record[part] for part in ("empty", "note") if part in record):
        body += f"<tr><td colspan={width}>{text(whole)}\n"
    of_columns = (f"{COLUMN_MARKS[mark]}{at + 1}" for mark, at in sorted(common))
    return (
        f"<table{_attribute('class', ' '.join(('dudao', *of_columns)))}>"
        f"<caption{_attribute('id', name)}>{text(record['caption'])}</caption>\n"
        f"<thead><tr>{heads}</thead>\n<tbody>\n{body}</tbody></table>"
    )
