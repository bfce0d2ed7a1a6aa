"""The template of fictional county 990100, filled from the example by way of the store."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

import pytest
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from dudao.base import workspace
from dudao_pipeline.cli import main
from dudao_pipeline.intake import storing
from dudao_pipeline.intake.submission import read_submission

EXAMPLE = workspace.data() / "example"
HEADER_ROW = 3


def write_filled(folder: Path) -> Path:
    """Write the filled template into a folder; return its path."""
    path = folder / "报送表.xlsx"
    path.write_bytes(_filled())
    return path


@cache
def _filled() -> bytes:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        path = Path(folder) / "导出.xlsx"
        patch.setenv("DUDAO_STORE", str(Path(folder) / "导出用库"))
        storing.write(read_submission(EXAMPLE / "990100-2024"))
        assert main(["export", "--county", "990100", "--year", "2024", "-o", str(path)]) == 0
        return path.read_bytes()


def cell_of(sheet: Worksheet, key: str, column: str) -> Cell:
    """Return a cell by the first column of its row (and stage) and the words of its header."""
    header = {str(c.value): c.column for c in sheet[HEADER_ROW] if c.value is not None}
    at = next(number for text, number in header.items() if column in text)
    code, _, stage = key.partition("/")
    for row in range(HEADER_ROW + 1, sheet.max_row + 1):
        same_stage = not stage or sheet.cell(row, header["学段"]).value == stage
        if str(sheet.cell(row, 1).value) == code and same_stage:
            return sheet.cell(row, at)
    raise LookupError(f"{sheet.title}: {key}")
