"""Copying evidence into a county's folder: only on request, only what was sealed at ingest."""

import shutil
from pathlib import Path

from dudao.base import workspace
from dudao.facts import store
from dudao_pipeline.files import replacing
from dudao_pipeline.intake import attachments


def _copy(row, source: Path | None, target: Path) -> str:
    """Copy one file if it is still what was registered; return what is wrong, or nothing."""
    place = f"{row.county}-{row.year} 佐证材料“{row.attachment}”"
    if source is None:
        return f"{place}：找不到文件。请放入指定文件夹后重试。"
    if attachments.seal(source)["sha256"] != row.sha256:
        return f"{place}：文件与入库时不同，未复制。请核对后重新导入报送表。"
    with replacing(target / source.name) as partial:
        shutil.copyfile(source, partial)
    return ""


def copy_evidence(folder: Path) -> list[str]:
    """Copy the registered files of every county that has outputs; return what went wrong."""
    problems = []
    for county, year in store.submissions():
        home = workspace.outputs() / str(year) / county
        if not home.is_dir():
            continue
        evidence = store.read(county, year).evidence
        for row in evidence[evidence["sha256"] != ""].itertuples():
            source = attachments.find(row.attachment, folder)
            problems.append(_copy(row, source, home / attachments.FOLDER))
    return [problem for problem in problems if problem]
