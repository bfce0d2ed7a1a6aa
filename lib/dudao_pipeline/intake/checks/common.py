"""What all checks share: the tables indexed, the wording of codes, and cells beside a cell."""

from __future__ import annotations

from collections import Counter, namedtuple
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import starmap
from pathlib import Path
from typing import TYPE_CHECKING

from dudao.base.rounding import plain
from dudao.base.yaml_text import read_own
from dudao.facts.cells import NOT_APPLICABLE, REPORTED
from dudao.facts.items import describe, item, items
from dudao.facts.sheet_layout import COLUMNS, COUNTY
from dudao_pipeline.intake.file_safety import SPREADSHEETS
from dudao_pipeline.intake.findings import Finding
from dudao_pipeline.intake.handed_in import Tables
from dudao_pipeline.intake.personal_data import hide
from dudao_pipeline.intake.sheet import column_letters
from dudao_pipeline.intake.sheet_headers import SHEETS

if TYPE_CHECKING:
    import pandas as pd

FOLDER = Path(__file__).parent
# The column whose cell stands for a row.
_ANCHORS = {column.sheet: column.header for column in COLUMNS if "anchor" in column.marks}


@cache
def limits() -> dict:
    """Return the bounds of the checks: ours, not law."""
    return read_own(FOLDER / "limits.yaml")


@cache
def codes() -> dict[str, dict[str, str]]:
    """Return severity, reason and next step of every code, in the order of the stages."""
    return read_own(FOLDER / "codes.yaml")


def beside(row, column: str) -> str:
    """Return the cell of another column in a row as the template has it, or the row's own."""
    layout, anchor = SHEETS[row.sheet], _ANCHORS.get(row.sheet, "")
    columns = layout.printed if row.file.lower().endswith(SPREADSHEETS) else layout.columns
    letters = row.cell.rstrip("0123456789")
    if anchor and letters != column_letters(columns.index(anchor) + 1):
        return row.cell
    return f"{column_letters(columns.index(column) + 1)}{row.cell[len(letters) :]}"


def finding(code: str, row, what: str, column: str = "") -> Finding:
    """Return a finding at a row's cell, or beside it; never repeats personal data."""
    wording = codes()[code]
    cell = beside(row, column) if column else row.cell
    place = (row.file, row.sheet, cell)
    words = (hide(what), wording["next"], wording["why"])
    return Finding(code, wording["severity"], *place, *words, column)


def figure(row) -> str:
    """Return name, value and unit of a fact, as in 小学班级12个."""
    return f"{describe(row.item, row.stage)}{plain(row.value)}{item(row.item).unit}"


def placed(row) -> str:
    """Return a figure with its sheet and cell, for a finding that rests on several cells."""
    return f"{figure(row)}（{row.sheet}!{row.cell}）"


@cache
def _row_of(columns: tuple[str, ...]) -> type:
    return namedtuple("Row", columns)


def plain_rows(table: pd.DataFrame) -> list:
    """Return the rows of a table as named tuples of plain values.

    Pandas makes a class anew for every table that it walks through, and every string of a column.
    """
    values = (column.tolist() for _, column in table.items())
    return list(starmap(_row_of(tuple(table.columns)), zip(*values, strict=True)))


@dataclass(frozen=True)
class Book:
    """The tables of a submission, indexed; facts of unknown items or stages are left out."""

    tables: Tables
    looked: Counter = field(default_factory=Counter, compare=False)
    unjudged: Counter = field(default_factory=Counter, compare=False)
    _rows: dict[str, list] = field(default_factory=dict, compare=False)

    def look(self, code: str, cells: int = 1) -> None:
        """Count what a check looked at."""
        self.looked[code] += cells

    def leave(self, code: str) -> None:
        """Count a cell that a check cannot judge: a figure beside it is missing."""
        self.looked[code] += 1
        self.unjudged[code] += 1

    @property
    def year(self):
        """Return the evaluation year."""
        return self.tables.year

    def rows(self, table: str) -> list:
        """Return the rows of a table, made once for all checks."""
        if table not in self._rows:
            self._rows[table] = plain_rows(getattr(self.tables, table))
        return self._rows[table]

    @cached_property
    def facts(self) -> list:
        """Every fact that the dictionary knows."""
        listed = items()
        return [
            row
            for row in self.rows("facts")
            if row.item in listed and row.stage in listed[row.item].stages
        ]

    @property
    def reported(self) -> Iterator:
        """Facts that hold a number."""
        return (row for row in self.facts if row.status == REPORTED)

    @cached_property
    def county(self) -> dict[tuple, object]:
        """County facts by item, stage and year."""
        return {(r.item, r.stage, r.data_year): r for r in self.facts if not r.school}

    @cached_property
    def schools(self) -> dict[tuple, list]:
        """School facts of the data year by sheet, item and stage."""
        grouped: dict[tuple, list] = {}
        for row in self.facts:
            if row.school and row.data_year == self.year.data_year:
                grouped.setdefault((row.sheet, row.item, row.stage), []).append(row)
        return grouped

    @property
    def attributes(self) -> list:
        """What is known of every school and kindergarten, row by row."""
        return self.rows("schools")

    def row(self, code: str, stage: str, year: int):
        """Return a county fact whatever its cell says, or None."""
        return self.county.get((code, stage, year))

    def number(self, code: str, stage: str, year: int = 0):
        """Return a county fact that holds a number, or None; the data year by default."""
        row = self.county.get((code, stage, year or self.year.data_year))
        return row if row is not None and row.status == REPORTED else None

    def exact(self, code: str, stage: str, year: int = 0):
        """Return a county fact whose number is exact, or None."""
        row = self.number(code, stage, year)
        return row if row is not None and not row.qualifier else None

    def county_levels(self) -> Iterator[tuple]:
        """Yield base-year and data-year fact of every county quantity that has both."""
        for (code, stage, year), row in self.county.items():
            before = self.number(code, stage, self.year.base_year)
            is_level = year == self.year.data_year and row.sheet == COUNTY
            if is_level and before is not None and row.status == REPORTED:
                yield before, row


def total(rows: list) -> float | None:
    """Return the sum of school facts; None where one is missing or only about right."""
    counted = [row for row in rows if row.status != NOT_APPLICABLE]
    if not counted or any(row.status != REPORTED or row.qualifier for row in counted):
        return None
    return sum(row.value for row in counted)
