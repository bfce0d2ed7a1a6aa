"""One county's filled workbook for one evaluation year: read, checked, ready for the store."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from pathlib import Path
from string import ascii_uppercase
from typing import TYPE_CHECKING

from dudao.base.errors import DudaoError, FactsError
from dudao.facts import schema
from dudao.facts.sheet_layout import GUIDE, KINDERGARTENS, SCHOOLS
from dudao.facts.submission_tables import TABLES
from dudao.law.areas import area_of
from dudao.law.dates import EvaluationYear
from dudao_pipeline.files import is_file, is_folder, is_lock
from dudao_pipeline.intake import checks, submission_origin
from dudao_pipeline.intake.book_reading import read_sheets
from dudao_pipeline.intake.csv_twin import read_folder
from dudao_pipeline.intake.excel_grid import read_grids, read_workbook
from dudao_pipeline.intake.file_safety import (
    SPREADSHEETS,
    UNPACK,
    check_file,
    is_archive,
    is_book,
)
from dudao_pipeline.intake.findings import Finding, errors, of_reading
from dudao_pipeline.intake.handed_in import Tables
from dudao_pipeline.intake.headers import plain
from dudao_pipeline.intake.sheet import Sheet
from dudao_pipeline.intake.sheet_headers import OPTIONAL_SHEETS, SHEETS
from dudao_pipeline.intake.sheets import read_numbers, read_registers
from dudao_pipeline.intake.submission_origin import META_FILE

if TYPE_CHECKING:
    import pandas as pd

NEEDS_ALL_CELLS = {"I03", "I04", "P07", "P12", "Q01"}
NEEDS_REGISTERS = {"X01"}
UNPLACED = "K"  # a school whose code or kind is wrong stands in no sum


@dataclass(frozen=True)
class Submission:
    """What one workbook holds: its origin, its tables, and everything found wrong with it."""

    meta: dict
    tables: Tables
    findings: list[Finding] = field(default_factory=list)
    coverage: list[checks.Coverage] = field(default_factory=list)

    @property
    def county(self) -> str:
        """Return the county's code."""
        return self.tables.county

    @property
    def year(self) -> int:
        """Return the evaluation year."""
        return self.tables.year.year

    @property
    def acceptable(self) -> bool:
        """Say whether nothing found keeps the submission out of the store."""
        return not errors(self.findings)

    @property
    def digest(self) -> str:
        """Return the sha256 of what the submission says, whatever file it came in."""
        digest = hashlib.sha256(json.dumps(self.meta, sort_keys=True, default=str).encode())
        for name in TABLES:
            digest.update(getattr(self.tables, name).to_csv(index=False).encode())
        return digest.hexdigest()

    def findings_table(self) -> pd.DataFrame:
        """Return the findings as the store keeps them.

        Columns as `facts.schema` declares them.
        """
        rows = [vars(finding) for finding in self.findings]
        return schema.typed(rows, schema.FINDINGS, {"county": self.county, "year": self.year})


def is_submission(path: Path) -> bool:
    """Say whether a path is a workbook by its name, or a folder with an origin file."""
    if is_folder(path):
        return is_file(path / META_FILE)
    return path.suffix.lower() in SPREADSHEETS and not is_lock(path)


def county_and_year(path: Path) -> tuple[str, int] | None:
    """Return whose data a submission says it holds, without reading them; None if it cannot."""
    try:
        if is_folder(path):
            meta = submission_origin.of_folder(path).meta
        else:
            check_file(path)
            grids = read_grids(path, lambda title: plain(title) == GUIDE) or read_grids(path)
            sheets, _ = read_sheets(grids, path.name)
            meta = submission_origin.of_guide(sheets.get(GUIDE), path.name).meta
    except DudaoError:
        return None
    return None if meta["county"] == submission_origin.UNKNOWN else (meta["county"], meta["year"])


def _sheets(path: Path) -> tuple[dict, dict[str, Sheet], list[Finding]]:
    """Return the origin of a submission, its sheets that can be read, and what was found."""
    if is_folder(path):
        of = submission_origin.of_folder(path)
        sheets, findings = read_folder(path, EvaluationYear(of.meta["year"]))
    else:
        sheets, findings = read_workbook(path)
        of = submission_origin.of_guide(sheets.pop(GUIDE, None), path.name)
    unreadable = {finding.sheet for finding in findings}
    for name in SHEETS:
        if name not in sheets and name not in OPTIONAL_SHEETS and name not in unreadable:
            findings.append(of_reading("no_sheet", path.name, name))
    usable = {name: sheet for name, sheet in sheets.items() if not sheet.faults}
    return of.meta, usable, [*of.faults, *findings]


def _tables(meta: dict, path: Path, sheets: dict[str, Sheet], findings: list[Finding]) -> Tables:
    year, key = EvaluationYear(meta["year"]), {"county": meta["county"], "year": meta["year"]}
    facts, schools = read_numbers(sheets, year, findings)
    folder = path if is_folder(path) else path.parent
    rows = {"facts": facts, "schools": schools, **read_registers(sheets, folder, findings)}
    return Tables(
        county=meta["county"],
        year=year,
        file=path.name,
        **{name: schema.typed(rows[name], schema.TABLES[name], key) for name in TABLES},
        law_area=area_of(meta),
    )


def _unjudged(
    findings: list[Finding], earlier: list[Finding], usable: Collection[str]
) -> Collection[str]:
    """While cells cannot be read, sums over sheets and completeness are not judged.

    usable: the sheets that were read; without the registers nobody knows what an exception names.
    """
    unread = errors(earlier) or [f for f in errors(findings) if f.code.startswith(UNPLACED)]
    lacks = {SCHOOLS, KINDERGARTENS} - set(usable)
    return (NEEDS_ALL_CELLS if unread else set()) | (NEEDS_REGISTERS if lacks else set())


def _where_read(finding: Finding, sheets: dict[str, Sheet]) -> Finding:
    """Return a finding at the column where the sheet that was read has it."""
    sheet = sheets.get(finding.sheet)
    if not finding.column or sheet is None or finding.column not in sheet.header:
        return finding
    row = int(finding.cell.lstrip(ascii_uppercase))
    return replace(finding, cell=sheet.cell(row, finding.column))


def read_submission(path: Path) -> Submission:
    """Read a workbook or a folder of its CSV twin; all findings of all stages in one pass."""
    if is_lock(path):
        check_file(path)
    is_called_so = is_file(path) and path.suffix.lower() in SPREADSHEETS
    if is_file(path) and not is_called_so and not is_book(path):
        step = "请用Excel或WPS打开，另存为“Excel工作簿（.xlsx）”后重试"
        kind = f"是{path.suffix}格式" if path.suffix else "没有扩展名"
        step = UNPACK if is_archive(path) else step
        raise FactsError(f"{path.name}：{kind}，只读.xlsx、.xls和.et。{step}。")
    if not is_file(path) and not is_submission(path):
        raise FactsError(f"“{path.name}”不是报送表或带 {META_FILE} 的文件夹。请检查路径。")
    meta, usable, findings = _sheets(path)
    tables = _tables(meta, path, usable, findings)
    book = checks.Book(tables)
    in_checks = [_where_read(finding, usable) for finding in checks.run_on(book)]
    left = _unjudged(in_checks, findings, usable)
    findings += [finding for finding in in_checks if finding.code not in left]
    return Submission(meta, tables, findings, checks.coverage(book, findings, left))
