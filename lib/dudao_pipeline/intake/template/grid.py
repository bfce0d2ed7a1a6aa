"""A sheet of the workbook as rows and named columns, for writing into its input cells."""

from collections.abc import Iterator
from copy import copy
from functools import cached_property

from openpyxl.worksheet.worksheet import Worksheet

from dudao.facts.sheet_layout import columns_of
from dudao_pipeline.intake.returned_lists import text_of
from dudao_pipeline.intake.template import styles
from dudao_pipeline.intake.template.fields import LIST_SHEETS, first_row
from dudao_pipeline.intake.template.frame import FIRST_ROW, HEADER_ROW
from dudao_pipeline.intake.template.lists import dress_row


class Grid:
    """One sheet: where its columns stand, where its input begins.

    key: the columns that say what a row is about; all of them in a list of whole rows.
    """

    def __init__(self, sheet: Worksheet):
        self.sheet = sheet
        self.name = sheet.title
        self.columns = {c.value: c.column for c in sheet[HEADER_ROW] if c.value}
        self.is_list = self.name in LIST_SHEETS
        self.first = first_row(self.name) if self.is_list else FIRST_ROW
        declared = tuple(column.header for column in columns_of(self.name, "key"))
        self.key = declared or tuple(self.columns)
        self._prepared = sheet.max_row

    @cached_property
    def rows(self) -> dict[tuple[str, ...], int]:
        """Where each row stands, by what it is about."""
        at = [self.columns[header] for header in self.key]
        lines = {
            tuple(text_of(self.sheet.cell(row, column).value) for column in at): row
            for row in range(self.first, self.sheet.max_row + 1)
        }
        return {key: row for key, row in lines.items() if any(key)}

    def row_of(self, *key: object) -> int:
        """Return the row that is about something, a new one below the others if there is none."""
        texts = tuple(map(text_of, key))
        if texts not in self.rows:
            self.rows[texts] = row = max([self.first - 1, *self.rows.values()]) + 1
            self.put(row, dict(zip(self.key, key, strict=True)))
        return self.rows[texts]

    def triples(self, first: str, second: str) -> Iterator[tuple[int, object, object]]:
        """Yield row number and two columns of every row whose first column is filled in."""
        left, right = self.columns[first], self.columns[second]
        for row in range(self.first, self.sheet.max_row + 1):
            if (value := self.sheet.cell(row, left).value) is not None:
                yield row, value, self.sheet.cell(row, right).value

    def year_header(self, year: int) -> str:
        """Return the header of a calendar year's column, empty if the sheet has none."""
        return next((header for header in self.columns if header.startswith(f"{year}年")), "")

    def put(self, row: int, values: dict[str, object]) -> None:
        """Write values under their headers; nothing is written for what is empty."""
        if row > self._prepared and self.is_list:
            dress_row(self.sheet, row)
            self._prepared = row
        for header, value in values.items():
            if value in (None, ""):
                continue
            cell = self.sheet.cell(row, self.columns[header], value)
            if isinstance(value, str):
                cell.data_type = "s"  # words that begin with = are no formula

    def fit(self) -> None:
        """Give every row of input the height that its words need."""
        for row in range(self.first, self.sheet.max_row + 1):
            if self.is_list or self.sheet.cell(row, 1).value:
                styles.fit(self.sheet, row)


def suggest(grid: Grid, row: int, header: str, value: object) -> None:
    """Write a value in grey: proposed, still to be confirmed by the county."""
    if value is None:
        return
    grid.put(row, {header: value})
    cell = grid.sheet.cell(row, grid.columns[header])
    font = copy(cell.font)
    font.color = styles.SUGGESTED
    cell.font = font
