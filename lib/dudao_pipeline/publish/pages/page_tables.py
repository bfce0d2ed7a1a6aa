"""Tables of a page, short: what HTML implies is left out, what holds for a column is said once."""

import re
from collections.abc import Callable, Mapping, Sequence
from html import escape

from dudao.show.tables import NUMBER, Record, cell_class, cell_html, is_short

COLUMN_MARKS = {"num": "n", "w": "w"}  # of a cell, and of a table whose column has it throughout
COLUMNS = 14  # that the stylesheet names
REGION = 'tabindex="0" role="region"'
_BARE = re.compile(r"[\w#.-]+")  # what stands in an attribute without quotes


def _attribute(name: str, value: str) -> str:
    if not value:
        return ""
    return f" {name}={value}" if _BARE.fullmatch(value) else f' {name}="{escape(value)}"'


class PageTables:
    """The tables of one page: numbered, with their sources as notes at its end.

    text: makes HTML of a text; a page may turn the places of cells in it into links.
    """

    def __init__(self, text: Callable[[str], str] = escape) -> None:
        """Begin a page."""
        self.text = text
        self.number = 0
        self.sources: dict[str, int] = {}

    def html(self, record: Record) -> str:
        """Return one table within the frame that scrolls and that the keyboard reaches."""
        if "left_out" in record:
            return escape(record["left_out"])
        self.number += 1
        columns, rows = record["columns"], record["rows"]
        numeric = [column.get("kind") == NUMBER for column in columns]
        heads = "".join(
            f"<th scope=col{' class=num' if is_number and rows else ''}>{escape(column['label'])}"
            for column, is_number in zip(columns, numeric, strict=True)
        )
        marks, body = self._body(record, numeric)
        name = f"table-{self.number}"
        return (
            f'<div class="table-wrap" {REGION} aria-labelledby="{name}">'
            f"<table{_attribute('class', ' '.join(('dudao', *marks)))}>"
            f"<caption id={name}>{self.text(record['caption'])}</caption>\n"
            f"<thead><tr>{heads}</thead>\n<tbody>\n{body}</tbody></table></div>"
        )

    def _body(self, record: Record, numeric: Sequence[bool]) -> tuple[list[str], str]:
        """Return what holds for whole columns, and the rows.

        `n3`: the numbers of the third column stand on the right; `w4`: the texts of the fourth take
        several lines.
        """
        rows, width = record["rows"], len(numeric)
        classes = [list(map(_classes, row, numeric)) for row in rows]
        common = set()
        if rows and "note" not in record and width <= COLUMNS:
            common = {
                (name, at)
                for name in COLUMN_MARKS
                for at in range(width)
                if all(name in row[at] for row in classes)
            }
        names = record.get("anchors") or [""] * len(rows)
        lines = []
        for anchor, row, of_row in zip(names, rows, classes, strict=True):
            lines.append(f"<tr{_attribute('id', anchor)}>")
            for at, (cell, marks) in enumerate(zip(row, of_row, strict=True)):
                shown = " ".join(name for name in marks if (name, at) not in common)
                content = cell_html(cell, text=self.text, cite=self._note)
                lines.append(f"<td{_attribute('class', shown)}>{content}")
        whole = (self.text(record[name]) for name in ("empty", "note") if name in record)
        lines += [f"<tr><td colspan={width}>{text}" for text in whole]
        return [f"{COLUMN_MARKS[name]}{at + 1}" for name, at in sorted(common)], "".join(lines)

    def _note(self, source: str) -> str:
        number = self.sources.setdefault(source, len(self.sources) + 1)
        return f"<a class=note href=#note-{number} aria-label=出处{number}>[{number}]</a>"

    def notes(self) -> str:
        """Return the list of sources, in the order of their first use; "" where there are none."""
        items = "".join(
            f'<li id="note-{at}">{source}</li>\n' for source, at in self.sources.items()
        )
        return items and (
            '<section class="notes" aria-labelledby="notes-title">'
            f'<h2 id="notes-title">出处</h2>\n<ol>{items}</ol></section>\n'
        )


def _classes(cell: object, is_number: bool) -> tuple[str, ...]:
    """Return the classes of a cell: its result; else `num`, and `w` if it takes several lines."""
    if mark := cell_class(cell):
        return (mark,)
    return (*(("num",) if is_number else ()), *(() if is_short(cell) else ("w",)))


def rows_shown(record: Mapping) -> int:
    """Return how many lines a table has, its head among them; rows with an anchor do not count."""
    rows = 0 if record.get("anchors") else len(record["rows"])
    return 1 + rows + ("empty" in record) + ("note" in record)
