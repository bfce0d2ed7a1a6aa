"""Writing the report of a county beside its appendices."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from dudao.base.files import write
from dudao.facts.store import Stored
from dudao_pipeline.publish.report.draft import Draft
from dudao_pipeline.publish.report.drafting import report_of
from dudao_pipeline.publish.report.layout import to_docx
from dudao_pipeline.publish.report.report_figures import pictures_of
from dudao_pipeline.publish.report.wording import wording

NAME = "report.docx"
OWN_WORDING, OWN_LAYOUT = "DUDAO_WORDING", "DUDAO_LAYOUT"


def _named(variable: str) -> Path | None:
    named = os.environ.get(variable)
    return Path(named) if named else None


def own_wording() -> Path | None:
    """Return the file that an office lays over our words, if it named one."""
    return _named(OWN_WORDING)


def own_layout() -> Path | None:
    """Return the Word file that an office lays the report out by, if it named one."""
    return _named(OWN_LAYOUT)


def draft_of(records: Mapping[str, dict], stored: Stored) -> Draft:
    """Return what a county's report is drafted from, with the office's words."""
    return Draft(records, stored, wording(own_wording()))


def write_report(folder: Path, draft: Draft) -> Path:
    """Draft the report from a county's facts and results and write it as a Word file."""
    path = folder / NAME
    write(path, to_docx(report_of(draft), pictures_of(draft), own_layout()))
    return path
