"""Tables as data: caption, columns, rows of cells. HTML is rendered from the data alone.

A notebook puts out both: the data (`TABLES`, as docs/table-schema.json declares it) for whoever
redacts, prints or publishes tables, and the HTML of the same data for who reads the notebook.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from dudao.base.mime import TABLES

KINDS = {"学校": "school", "幼儿园": "school", "学校（园）": "school", "办园性质": "ownership"}
NUMBER, SCHOOL, OWNERSHIP, TOTAL = "number", "school", "ownership", "合计"
_SHORT = 10  # a date, a number, an address: kept on one line
_SHORT_WORD = 7  # Chinese signs of a word or two
_PUBLIC = ("http://", "https://")


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


def cell_html(
    cell: Cell,
    *,
    text: Callable[[str], str] = escape,
    cite: Callable[[str], str] = _cite,
) -> str:
    """Return what stands in a cell; `text` and `cite` make HTML of a text and of a source."""
    if isinstance(cell, str):
        return text(cell)
    if isinstance(cell, list):
        return "<br>".join(_part_html(part, text, cite) for part in cell)
    if "mark" in cell:
        lines = "".join(f"<br><small>{text(line)}</small>" for line in cell.get("lines", ()))
        return f"{text(cell['text'])}{lines}"
    return "" if "room" in cell else _part_html(cell, text, cite)


def is_short(cell: Cell) -> bool:
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


def to_html(record: Record) -> str:
    """Return a table as a notebook shows it: caption, column scopes, every value escaped."""
    columns = record["columns"]
    numeric = [column.get("kind") == NUMBER for column in columns]
    heads = "".join(
        f'<th scope="col"{_class("num" if is_number and record["rows"] else "")}>'
        f"{escape(column['label'])}</th>"
        for column, is_number in zip(columns, numeric, strict=True)
    )
    names = record.get("anchors") or [""] * len(record["rows"])
    marks = [f' id="{escape(name)}"' if name else "" for name in names]
    body = "".join(
        f"<tr{mark}>{''.join(map(_cell_html, row, numeric))}</tr>\n"
        for mark, row in zip(marks, record["rows"], strict=True)
    )
    if not record["rows"]:
        body = f'<tr><td colspan="{len(columns)}">{escape(record["empty"])}</td></tr>\n'
    return (
        f'<table class="dudao"><caption>{escape(record["caption"])}</caption>\n'
        f"<thead><tr>{heads}</tr></thead>\n<tbody>\n{body}</tbody></table>"
    )


def _class(names: str) -> str:
    return f' class="{names}"' if names else ""


def _cell_html(cell: Cell, is_number: bool) -> str:
    names = cell_class(cell) or " ".join(
        name for name, applies in (("num", is_number), ("short", is_short(cell))) if applies
    )
    return f"<td{_class(names)}>{cell_html(cell)}</td>"
