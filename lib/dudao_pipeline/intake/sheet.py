"""One sheet of a submission as text, whatever file it came from; every cell knows its address."""

from __future__ import annotations

from dataclasses import dataclass

from dudao_pipeline.intake.addresses import address
from dudao_pipeline.intake.findings import ERROR, Finding


@dataclass(frozen=True)
class Sheet:
    """A sheet as rows of text by header; row numbers as a spreadsheet shows them.

    header: texts by column position, "" where blank. rows: (row number, header -> text).
    """

    file: str
    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, str]], ...]

    def cell(self, row: int, column: str) -> str:
        """Return the A1 address of a named column in a row."""
        return address(row, self.header.index(column) + 1)

    def finding(
        self,
        code: str,
        what: str,
        next_step: str,
        *,
        row: int = 0,
        column: str = "",
        severity: str = ERROR,
        why: str = "",
    ) -> Finding:
        """Return a finding at a cell of this sheet, or at the sheet itself."""
        cell = self.cell(row, column) if row else ""
        return Finding(code, severity, self.file, self.name, cell, what, next_step, why)
