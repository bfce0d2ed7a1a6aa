"""Writing the report of a county beside its appendices."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from dudao_pipeline.publish.files import write
from dudao_pipeline.publish.report.closing import attachments
from dudao_pipeline.publish.report.draft import Draft
from dudao_pipeline.publish.report.drafting import blocks
from dudao_pipeline.publish.report.word import to_docx
from dudao_pipeline.publish.report.wording import wording

NAME = "report.docx"
OWN_WORDING = "DUDAO_WORDING"


def own_wording() -> Path | None:
    """Return the file that an office lays over our words, if it named one."""
    named = os.environ.get(OWN_WORDING)
    return Path(named) if named else None


def write_report(folder: Path, records: Mapping[str, dict], digests: Mapping[str, str]) -> Path:
    """Draft the report from a county's results and write it as a Word file."""
    words = wording(own_wording())
    draft = Draft(records, digests, words)
    last = draft.last
    mark = words["fictional_mark"] if last["fictional"] else ""
    path = folder / NAME
    content = to_docx(blocks(draft), attachments(draft), year=last["year"], mark=mark)
    write(path, content)
    return path
