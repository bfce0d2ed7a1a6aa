"""Tables as HTML with a caption, column scopes and every value escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape


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


_SHORT = 10  # a date, a number, an address: kept on one line
_SHORT_WORD = 7  # Chinese signs of a word or two
Value = str | Marked | Link | Room | tuple["str | Link", ...]


def _inline(value: str | Link) -> str:
    if isinstance(value, str):
        return escape(value)
    text = escape(value.text)
    if not text:
        return escape(f"{value.before}{value.after}")
    public = value.href.startswith(("http://", "https://"))
    link = f'<a href="{escape(value.href)}">{text}</a>' if public else text
    shown = f"<cite>{link}</cite>" if isinstance(value, Cited) else link
    return f"{escape(value.before)}{shown}{escape(value.after)}"


def _cell(value: Value, numeric: bool) -> str:
    if isinstance(value, Room):
        return '<td class="room"></td>'
    if isinstance(value, Marked):
        lines = "".join(f"<br><small>{escape(line)}</small>" for line in value.more if line)
        return f'<td class="{value.mark.replace("_", "-")}">{escape(value.text)}{lines}</td>'
    parts = value if isinstance(value, tuple) else (value,)
    text = "<br>".join(_inline(part) for part in parts if part)
    short = len(text) <= (_SHORT if text.isascii() else _SHORT_WORD)
    names = [name for name, applies in (("num", numeric), ("short", short)) if applies]
    return f'<td class="{" ".join(names)}">{text}</td>' if names else f"<td>{text}</td>"


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

    def _repr_html_(self) -> str:
        head = "".join(self._head(name) for name in self.columns)
        names = self.anchors or ("",) * len(self.rows)
        marks = [f' id="{escape(name)}"' if name else "" for name in names]
        body = "".join(
            f"<tr{mark}>{self._row(row)}</tr>\n" for mark, row in zip(marks, self.rows, strict=True)
        )
        if not self.rows:
            body = f'<tr><td colspan="{len(self.columns)}">{escape(self.empty)}</td></tr>\n'
        return (
            f'<table class="dudao"><caption>{escape(self.caption)}</caption>\n'
            f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody></table>"
        )

    def _head(self, name: str) -> str:
        mark = ' class="num"' if self.rows and name in self.numbers else ""
        return f'<th scope="col"{mark}>{escape(name)}</th>'

    def _row(self, row: Sequence[Value]) -> str:
        pairs = zip(row, self.columns, strict=True)
        return "".join(_cell(value, name in self.numbers) for value, name in pairs)

    def __repr__(self) -> str:
        return f"表：{self.caption}（{len(self.rows)}行）"


@dataclass(frozen=True)
class Tables:
    """Tables that one cell shows, one below the other."""

    tables: tuple[Table, ...]

    def _repr_html_(self) -> str:
        return "\n".join(table._repr_html_() for table in self.tables)

    def __repr__(self) -> str:
        return "\n".join(map(repr, self.tables))


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
