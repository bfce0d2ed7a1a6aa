"""The page of a county's editions: which holds, which was corrected, why and what changed."""

from __future__ import annotations

from pathlib import Path

from dudao.base.files import write
from dudao.base.workspace import CountyYear
from dudao_pipeline.publish.editions import FOLDER, editions
from dudao_pipeline.publish.site.site_pages import render


def write_editions(folder: Path) -> Path | None:
    """Write the list of editions, the newest first; nothing where there is none."""
    released = editions(folder)
    if not released:
        return None
    path = folder / FOLDER / "index.html"
    at = CountyYear.of_folder(folder)
    write(
        path, render("editions", editions=list(reversed(released)), county=at.county, year=at.year)
    )
    return path
