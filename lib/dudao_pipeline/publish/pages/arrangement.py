"""The order in which a page shows a notebook: result and chart first, the working folded behind.

The notebook itself keeps its fixed chapters; only the published page is arranged. A chapter whose
cell failed is never folded, and a notebook without these chapters stays as it is.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dudao_pipeline.publish.runs import has_tag, outputs_of

Cell = Mapping
FOLDED, PARAMETERS = "folded", "parameters"
PICTURES = ("image/svg+xml", "image/png", "image/jpeg")
SETUP, BASIS, DATA, CHECKS, WORKING = "准备", "依据与口径", "数据", "数据检查", "计算"
VERDICT, FIGURES, READING, RECORD = "判定", "图", "解读与局限", "运行记录"
OPEN_FIRST = (VERDICT, FIGURES)
FOLDED_LAST = (DATA, BASIS, CHECKS, WORKING, READING, RECORD)
FIXED = (SETUP, *FOLDED_LAST, *OPEN_FIRST)
CHAPTER = re.compile(r"\A##[ \t]+(?:\d+[ \t]*[·.、]?[ \t]*)?(?P<title>[^\n]+?)[ \t]*(?:\n+|\Z)")
HEADING = re.compile(r"\A#{3,4}[ \t]+(?P<title>[^\n]+?)[ \t]*(?:\n+|\Z)")
FIGURES_ABOVE = "图中的数字都在上文表格里。"
FIGURES_BESIDE = "图中的数字都在本页的表格里。"


@dataclass
class Fold:
    """Cells that a page shows on demand, under a heading of a level."""

    title: str
    cells: list[Cell]
    level: int = 2


Block = Cell | Fold


@dataclass
class _Chapter:
    title: str
    cells: list[Cell] = field(default_factory=list)


def _is_prose(cell: Cell) -> bool:
    return cell["cell_type"] == "markdown"


def _prose(source: str) -> Cell:
    return {"cell_type": "markdown", "source": source, "metadata": {}}


def _failed(cells: Sequence[Cell]) -> bool:
    return any(output["output_type"] == "error" for output in outputs_of(cells))


def is_picture(cell: Cell) -> bool:
    """Say whether a cell puts out a picture."""
    return any(set(PICTURES) & set(o.get("data", {})) for o in cell.get("outputs", ()))


def _chapters(cells: Sequence[Cell]) -> tuple[list[Cell], list[_Chapter]]:
    """Return what stands before the first chapter, and the chapters without their headings."""
    before: list[Cell] = []
    chapters: list[_Chapter] = []
    for cell in cells:
        match = CHAPTER.match(cell["source"]) if _is_prose(cell) else None
        if match:
            chapters.append(_Chapter(match["title"]))
            cell = {**cell, "source": cell["source"][match.end() :]}
        (chapters[-1].cells if chapters else before).append(cell)
    return before, chapters


def _without_parameters(cells: Sequence[Cell]) -> list[Cell]:
    """Leave out the parameters, and the sentence that announces them: the head says both."""
    kept: list[Cell] = []
    for cell in cells:
        if has_tag(cell, PARAMETERS) or has_tag(cell, "injected-parameters"):
            if kept and _is_prose(kept[-1]) and not kept[-1]["source"].startswith("#"):
                kept.pop()
            continue
        kept.append(cell)
    return kept


def _first_picture(chapters: Sequence[_Chapter]) -> list[Cell]:
    """Take the first picture out of its chapter, with the sentence that announces it."""
    for chapter in chapters:
        for at, cell in enumerate(chapter.cells):
            if is_picture(cell):
                start = at - 1 if at and _is_prose(chapter.cells[at - 1]) else at
                first, *rest = chapter.cells[start : at + 1]
                del chapter.cells[start : at + 1]
                if _is_prose(first):
                    first = {**first, "source": first["source"].replace(FIGURES_ABOVE, "").strip()}
                return [first, *rest]
    return []


def _folded_runs(cells: Sequence[Cell]) -> list[Block]:
    """Fold what the notebook marks as long: runs of cells with the tag, under their heading."""
    arranged: list[Block] = []
    run: list[Cell] = []
    for cell in [*cells, None]:
        if cell is not None and has_tag(cell, FOLDED):
            if run and _is_prose(cell):
                arranged += _titled_fold(run)
                run = []
            run.append(cell)
            continue
        if run:
            arranged += _titled_fold(run)
            run = []
        if cell is not None:
            arranged.append(cell)
    return arranged


def _titled_fold(run: Sequence[Cell]) -> list[Block]:
    """Name a fold by its heading, else by its first sentence."""
    if _failed(run) or not _is_prose(run[0]):
        return list(run)
    source = run[0]["source"]
    match = HEADING.match(source)
    title = match["title"] if match else source.partition("。")[0].strip()
    rest = source[match.end() :] if match else source.partition("。")[2]
    return [Fold(title, [{**run[0], "source": rest}, *run[1:]], level=3)]


def arranged(cells: Sequence[Cell]) -> list[Block]:
    """Return the cells of a notebook in the order of its page, those on demand in folds.

    cells: what is for readers; raw cells are dropped, they could only carry foreign markup.
    """
    cells = _without_parameters([cell for cell in cells if cell["cell_type"] != "raw"])
    before, chapters = _chapters(cells)
    if VERDICT not in {chapter.title for chapter in chapters}:
        return cells
    by_title = {chapter.title: chapter for chapter in chapters}
    picture = _first_picture(chapters)
    moved = {SETUP: before, RECORD: by_title[SETUP].cells if SETUP in by_title else []}
    shown: list[Block] = [*picture]
    rest = [chapter.title for chapter in chapters if chapter.title not in FIXED]
    for title in (*OPEN_FIRST, *rest):
        chapter = by_title.get(title)
        if chapter and any(c["source"].strip() or c.get("outputs") for c in chapter.cells):
            inner = _folded_runs(
                [
                    {**cell, "source": cell["source"].replace(FIGURES_ABOVE, FIGURES_BESIDE)}
                    for cell in chapter.cells
                ]
            )
            # A picture that the public does not get has a sentence in its place.
            if title != FIGURES or any(cell.get("outputs") for cell in chapter.cells):
                shown += [_prose(f"## {title}"), *inner]
    for title in FOLDED_LAST:
        chapter = by_title.get(title)
        if chapter is None:
            continue
        inner = [*(before if title == BASIS else ()), *moved.get(title, ()), *chapter.cells]
        shown += [_prose(f"## {title}"), *inner] if _failed(inner) else [Fold(title, inner)]
    return shown
