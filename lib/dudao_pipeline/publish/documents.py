"""What stands beside a county's appendices: tables of its results, and its report."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from dudao.base import digests
from dudao_pipeline.intake.problem_plans import NAME as PROBLEM_LIST
from dudao_pipeline.publish.data_page import NAME as DATA_PAGE
from dudao_pipeline.publish.report import write_report
from dudao_pipeline.publish.report.writing import NAME as REPORT
from dudao_pipeline.publish.tables import OF_A_COUNTY, write_tables

MADE_HERE = (".html", ".xlsx", ".csv", ".parquet", ".docx", ".pdf")
SITE_PAGES = ("index.html", "brief.html")  # made anew with the site, not kept in editions
BOOKLET = "appendices.pdf"


def write_documents(folder: Path, records: Mapping[str, dict], *, pdf: bool) -> dict[str, str]:
    """Write tables and report of a county; return every file for readers, by name, with sha256.

    pdf: bind the appendices to one PDF too.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if records and pdf:
        from dudao_pipeline.publish.booklet import write_booklet

        write_booklet(folder, records)
    else:
        (folder / BOOKLET).unlink(missing_ok=True)  # it would show what the pages no longer do
    if records:
        write_tables(folder, list(records.values()))
        write_report(folder, records, _digests(folder, records))
    else:
        withdraw_documents(folder)
    return {path.name: digests.sha256(path) for path in made_in(folder)}


def withdraw_documents(folder: Path) -> None:
    """Remove what stands beside a county's appendices."""
    for name in (REPORT, BOOKLET, DATA_PAGE, PROBLEM_LIST, *OF_A_COUNTY):
        (folder / name).unlink(missing_ok=True)


def _digests(folder: Path, records: Mapping[str, dict]) -> dict[str, str]:
    """Return the sha256 of each appendix and of its forms, which the report lists."""
    paths = [folder / f"{name}{suffix}" for name in records for suffix in (".html", ".xlsx")]
    return {p.name: digests.sha256(p) for p in paths if p.is_file()}


def made_in(folder: Path) -> list[Path]:
    """Return the files in a county's folder that are for its readers, in order of names."""
    return [
        path
        for path in sorted(folder.iterdir())
        if path.suffix in MADE_HERE
        and path.name not in SITE_PAGES
        and not path.name.startswith(".")
    ]
