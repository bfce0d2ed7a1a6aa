"""A form as reviewers know it: numbers kept as numbers, for the page and for the spreadsheet."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from dudao.base.rounding import fixed, plain, round_half_up
from dudao.show.tables import Marked, Table, Value, bundle, table
from dudao.show.words import RESULTS

Entry = str | float | Marked


@dataclass(frozen=True)
class Form:
    """One official form. columns: name -> decimals of its numbers, None for text or whole numbers.

    rows: text, numbers (NaN: not known) and marked cells, as many as columns.
    """

    number: str
    title: str
    columns: dict[str, int | None]
    rows: tuple[tuple[Entry, ...], ...]
    note: str = ""

    def _shown(self, entry: Entry, decimals: int | None) -> Value:
        if not isinstance(entry, float):
            return entry
        if math.isnan(entry):
            return "缺数据"
        return plain(entry) if decimals is None else fixed(entry, decimals)

    @property
    def table(self) -> Table:
        """Return the form as a table of the page."""
        rows = [
            tuple(self._shown(*pair) for pair in zip(row, self.columns.values(), strict=True))
            for row in self.rows
        ]
        numeric = [
            name
            for at, name in enumerate(self.columns)
            if any(isinstance(row[at], float) for row in self.rows)
        ]
        caption = f"{self.number}　{self.title}" + (f"（{self.note}）" if self.note else "")
        return table(caption, tuple(self.columns), rows, numbers=numeric, empty="没有学校")

    @property
    def record(self) -> dict[str, Any]:
        """Return the form as plain data: what the spreadsheet is written from."""
        return {
            "number": self.number,
            "title": self.title,
            "columns": list(self.columns),
            "decimals": list(self.columns.values()),
            "rows": [
                [_plain(*p) for p in zip(r, self.columns.values(), strict=True)] for r in self.rows
            ],
            "note": self.note,
        }


def _plain(entry: Entry, decimals: int | None) -> str | float | None:
    if isinstance(entry, Marked):
        return f"{entry.text} {RESULTS[entry.mark][1]}"
    if not isinstance(entry, float):
        return entry
    if math.isnan(entry):
        return None
    return entry if decimals is None else round_half_up(entry, decimals)


@dataclass(frozen=True)
class Forms:
    """Several forms on one page."""

    forms: tuple[Form, ...]

    @property
    def records(self) -> list[dict[str, Any]]:
        """Return the forms as plain data."""
        return [form.record for form in self.forms]

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        return bundle([form.table for form in self.forms], repr(self))

    def __repr__(self) -> str:
        return "；".join(f"{form.number}（{len(form.rows)}行）" for form in self.forms)
