"""Reading the filled workbook: judged safe, read as grids, its sheets found by name."""

from __future__ import annotations

from pathlib import Path

from dudao.base.errors import FactsError
from dudao_pipeline.intake.excel_grid import read_grids
from dudao_pipeline.intake.file_safety import check_file
from dudao_pipeline.intake.findings import Finding
from dudao_pipeline.intake.grid_reading import read_sheets
from dudao_pipeline.intake.sheet import Sheet


def read_workbook(path: Path) -> tuple[dict[str, Sheet], list[Finding]]:
    """Read the sheets of a filled workbook by name; findings name every cell that cannot stand.

    A file that is unsafe or no workbook raises FactsError before a spreadsheet library sees it.
    """
    check_file(path)
    sheets, findings = read_sheets(read_grids(path), path.name)
    if not sheets and not findings:
        raise FactsError(f"{path.name}：没有工作表。请用模板填报后重试。")
    return sheets, findings
