"""What stands beside a county's appendices: tables of its results, and its report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dudao.facts.store import Stored
from dudao_pipeline import digests
from dudao_pipeline.files import write
from dudao_pipeline.intake import template
from dudao_pipeline.intake.problem_plans import NAME as PROBLEM_LIST
from dudao_pipeline.publish.pages.page_tables import DATA_PAGE
from dudao_pipeline.publish.problem_list import write_problem_list
from dudao_pipeline.publish.report.draft import Draft
from dudao_pipeline.publish.report.layout import write_report
from dudao_pipeline.publish.report.supply import write_supply_list
from dudao_pipeline.publish.report.wording import wording
from dudao_pipeline.publish.result_tables import FORMATS, METADATA, OF_A_COUNTY, write_tables
from dudao_pipeline.publish.task import BOOKLET, Task
from dudao_pipeline.publish.trace import NAME as TRACE
from dudao_pipeline.publish.trace import write_trace
from dudao_pipeline.publish.whole import SITE_PAGES

if TYPE_CHECKING:
    from dudao_pipeline.publish.booklet.markup import BookletPage

MADE_HERE = (".html", ".xlsx", ".docx", ".pdf", *(form.suffix for form in FORMATS))
MADE_BY_NAME = (METADATA, TRACE)
WORKBOOK = "报送表.xlsx"  # what the county submitted, as a workbook
REPORT, SUPPLY_LIST = "report.docx", "补充资料清单.xlsx"
INTERNAL_FILES = (REPORT, SUPPLY_LIST, TRACE, WORKBOOK)


def write_documents(
    task: Task,
    records: Mapping[str, dict],
    stored: Stored | None,
    booklet: Sequence[BookletPage],
    *,
    is_draft: bool = False,
) -> dict[str, str]:
    """Write tables, report and list of what to supply; return the files for readers with sha256.

    stored: what the county reported; without it there is no report. booklet: the pages to bind to
    one PDF too. is_draft: a page is marked as a draft, and so is the report. The public gets no
    report, and nothing that names cells.
    """
    folder, public = task.target, bool(task.public)
    folder.mkdir(parents=True, exist_ok=True)
    if records and booklet:
        write_booklet(folder, booklet, records)
    else:
        (folder / BOOKLET).unlink(missing_ok=True)  # it would show what the pages no longer do
    if records:
        shown = None if public else stored
        write_tables(folder, list(records.values()), shown, public=public)
    else:
        withdraw_documents(folder)
    if public:
        for name in INTERNAL_FILES:
            (folder / name).unlink(missing_ok=True)
    elif records:
        _write_internal(task, records, stored, is_draft=is_draft)
    return digests_in(folder)


def write_booklet(
    folder: Path, booklet: Sequence[BookletPage], records: Mapping[str, dict]
) -> None:
    """Bind pages of a county to one PDF; records: their results, for its title page."""
    from dudao_pipeline.publish.booklet.markup import compile_booklet  # slow to load

    write(folder / BOOKLET, compile_booklet(booklet, records[max(records)]))


def _write_internal(
    task: Task, records: Mapping[str, dict], stored: Stored | None, *, is_draft: bool
) -> None:
    """Write what is for the county and its reviewers: trace, report, list of what to supply."""
    folder = task.target
    write_trace(folder, list(records.values()), stored)
    write_problem_list(folder, records)
    if stored:
        draft = Draft(records, stored, wording(task.wording))
        write_report(folder / REPORT, draft, task.layout, is_unfit=is_draft)
        pages = [folder / f"{name}{suffix}" for name in records for suffix in (".html", ".xlsx")]
        sealed = {page.name: digests.sha256(page) for page in pages if page.is_file()}
        write_supply_list(folder / SUPPLY_LIST, draft, sealed)
        record = next(iter(records.values()))
        county, year = record["county"], int(record["year"])
        workbook, _ = template.of_submission(stored, county, year, WORKBOOK)
        write(folder / WORKBOOK, template.to_bytes(workbook))


def withdraw_documents(folder: Path) -> None:
    """Remove what stands beside a county's appendices."""
    for name in (*INTERNAL_FILES, BOOKLET, DATA_PAGE, PROBLEM_LIST, *OF_A_COUNTY):
        (folder / name).unlink(missing_ok=True)


def digests_in(folder: Path) -> dict[str, str]:
    """Return the files in a county's folder that are for its readers, with sha256."""
    return {path.name: digests.sha256(path) for path in made_in(folder)}


def made_in(folder: Path) -> list[Path]:
    """Return the files in a county's folder that are for its readers, in order of names."""
    return [
        path
        for path in sorted(folder.iterdir())
        if (path.suffix in MADE_HERE or path.name in MADE_BY_NAME)
        and path.name not in SITE_PAGES
        and not path.name.startswith(".")
    ]
