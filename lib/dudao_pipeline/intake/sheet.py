"""A sheet of a submission, whatever file it came from: as cells by place, as rows by header."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from dudao_pipeline.intake.cell_reading import FIRST_DAY
from dudao_pipeline.intake.findings import Finding, of_reading

FORMULA, FAULT, NUMBER, TEXT, PICTURE, REPEATED = "f", "e", "n", "s", "p", "r"
UNREADABLE = (FORMULA, FAULT, PICTURE, REPEATED)


def column_letters(column: int) -> str:
    """Return the letters of a column counted from 1 (1 is A, 27 is AA)."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def address(row: int, column: int) -> str:
    """Return the A1 address of a row and column, both counted from 1."""
    return f"{column_letters(column)}{row}"


def column_number(letters: str) -> int:
    """Return the number of a column's letters (A is 1, AA is 27)."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


class Raw(NamedTuple):
    """A cell that is not blank: its text, of a formula what it shows, and what it is."""

    text: str
    kind: str


class Merge(NamedTuple):
    """A merged range."""

    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True)
class Grid:
    """One sheet: cells by row and column, its merges, and whether a user can see it.

    cleaned: the cells whose text held what nobody sees, with the text as it was.
    comments: what somebody wrote beside a cell. first_day: what a number of days counts from.
    hidden_rows, hidden_columns: what a user does not see of a sheet.
    """

    title: str
    visible: bool
    rows: dict[int, dict[int, Raw]]
    merges: list[Merge] = field(default_factory=list)
    cleaned: dict[tuple[int, int], str] = field(default_factory=dict)
    comments: dict[tuple[int, int], str] = field(default_factory=dict)
    first_day: date = FIRST_DAY
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)

    def hidden(self, rows: Iterable[int], columns: Iterable[int]) -> str:
        """Name the hidden ones of rows and columns that are read, "" where none is."""
        listed, letters = sorted({*rows} & self.hidden_rows), {*columns} & self.hidden_columns
        more = f"等{len(listed)}行" if len(listed) > 1 else ""
        named = [f"第{listed[0]}行{more}"] if listed else []
        return "、".join([*named, *(f"{column_letters(one)}列" for one in sorted(letters))])

    def text(self, row: int, column: int) -> str:
        """Return the text of a cell, "" for a blank one."""
        return self.rows.get(row, {}).get(column, Raw("", TEXT)).text


@dataclass(frozen=True)
class Sheet:
    """A sheet as rows of text by header; row numbers as a spreadsheet shows them.

    header: texts by column position as the template has them, "" where blank. rows: (row number,
    header -> text). faults: codes of what is wrong with the header.
    """

    file: str
    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, str]], ...]
    faults: tuple[str, ...] = ()

    def cell(self, row: int, column: str) -> str:
        """Return the A1 address of a named column in a row."""
        return address(row, self.header.index(column) + 1)

    def finding(self, name: str, at: tuple[int, str] | None = None, /, **words: object) -> Finding:
        """Return a finding of reading at a row and column, or at the sheet itself."""
        return of_reading(name, self.file, self.name, self.cell(*at) if at else "", **words)
