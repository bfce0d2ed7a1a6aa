"""The order in which a page shows a notebook: result and chart first, the working folded behind.

The notebook itself keeps its fixed chapters; only the published page is arranged. A chapter whose
cell failed is never folded, and a notebook without these chapters stays as it is.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape

from nbformat import NotebookNode

MARKUP = "dudao_markup"  # metadata of a raw cell that the page's template prints as it stands
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
class _Chapter:
    title: str
    cells: list[NotebookNode] = field(default_factory=list)


def _markup(text: str) -> NotebookNode:
    return NotebookNode(cell_type="raw", source="", metadata=NotebookNode({MARKUP: text}))


def _prose(source: str) -> NotebookNode:
    return NotebookNode(cell_type="markdown", source=source, metadata=NotebookNode())


def _has_tag(cell: NotebookNode, tag: str) -> bool:
    return tag in cell.metadata.get("tags", ())


def _outputs(cells: Sequence[NotebookNode]) -> Iterator[NotebookNode]:
    for cell in cells:
        yield from cell.get("outputs", ())


def _failed(cells: Sequence[NotebookNode]) -> bool:
    return any(output.output_type == "error" for output in _outputs(cells))


def _is_picture(cell: NotebookNode) -> bool:
    return any(set(PICTURES) & set(o.get("data", {})) for o in cell.get("outputs", ()))


def _chapters(cells: Sequence[NotebookNode]) -> tuple[list[NotebookNode], list[_Chapter]]:
    """Return what stands before the first chapter, and the chapters without their headings."""
    before: list[NotebookNode] = []
    chapters: list[_Chapter] = []
    for cell in cells:
        found = CHAPTER.match(cell.source) if cell.cell_type == "markdown" else None
        if found:
            chapters.append(_Chapter(found["title"]))
            cell = copy.copy(cell)
            cell.source = cell.source[found.end() :]
        (chapters[-1].cells if chapters else before).append(cell)
    return before, chapters


def _without_parameters(cells: Sequence[NotebookNode]) -> list[NotebookNode]:
    """Leave out the parameters, and the sentence that announces them: the head says both."""
    kept: list[NotebookNode] = []
    for cell in cells:
        if _has_tag(cell, PARAMETERS) or _has_tag(cell, "injected-parameters"):
            if kept and kept[-1].cell_type == "markdown" and not kept[-1].source.startswith("#"):
                kept.pop()
            continue
        kept.append(cell)
    return kept


def _first_picture(chapters: Sequence[_Chapter]) -> list[NotebookNode]:
    """Take the first picture out of its chapter, with the sentence that announces it."""
    for chapter in chapters:
        for at, cell in enumerate(chapter.cells):
            if _is_picture(cell):
                start = at - 1 if at and chapter.cells[at - 1].cell_type == "markdown" else at
                taken = [copy.copy(one) for one in chapter.cells[start : at + 1]]
                del chapter.cells[start : at + 1]
                if taken[0].cell_type == "markdown":
                    taken[0].source = taken[0].source.replace(FIGURES_ABOVE, "").strip()
                return taken
    return []


def _contents(cells: Sequence[NotebookNode]) -> str:
    """Say how much lies behind a fold."""
    html = "".join(str(output.get("data", {}).get("text/html", "")) for output in _outputs(cells))
    tables, rows = html.count("<table"), html.count("<tr>")
    pictures = sum(map(_is_picture, cells))
    parts = (f"表{tables}张、{rows}行" if tables else "", f"图{pictures}幅" if pictures else "")
    return "，".join(filter(None, parts))


def _fold(title: str, cells: Sequence[NotebookNode], level: int = 2) -> list[NotebookNode]:
    number = _contents(cells)
    more = f" <small>{number}</small>" if number else ""
    head = f"<h{level}>{escape(title)}{more}</h{level}>"
    first = f'<details class="fold" data-title="{escape(title)}"><summary>{head}</summary>'
    return [_markup(first), *cells, _markup("</details>")]


def _folded_runs(cells: Sequence[NotebookNode]) -> list[NotebookNode]:
    """Fold what the notebook marks as long: runs of cells with the tag, under their heading."""
    arranged: list[NotebookNode] = []
    run: list[NotebookNode] = []
    for cell in [*cells, None]:
        if cell is not None and _has_tag(cell, FOLDED):
            if run and cell.cell_type == "markdown":
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


def _titled_fold(run: Sequence[NotebookNode]) -> list[NotebookNode]:
    """Name a fold by its heading, else by its first sentence."""
    if _failed(run) or run[0].cell_type != "markdown":
        return list(run)
    first, found = copy.copy(run[0]), HEADING.match(run[0].source)
    title = found["title"] if found else first.source.partition("。")[0].strip()
    first.source = first.source[found.end() :] if found else first.source.partition("。")[2]
    return _fold(title, [first, *run[1:]], level=3)


def arranged(cells: Sequence[NotebookNode]) -> list[NotebookNode]:
    """Return the cells of a notebook in the order of its page, with folds between them.

    cells: what is for readers; raw cells are dropped, they could only carry foreign markup.
    """
    cells = _without_parameters([cell for cell in cells if cell.cell_type != "raw"])
    before, chapters = _chapters(cells)
    if VERDICT not in {chapter.title for chapter in chapters}:
        return cells
    by_title = {chapter.title: chapter for chapter in chapters}
    picture = _first_picture(chapters)
    moved = {SETUP: before, RECORD: by_title[SETUP].cells if SETUP in by_title else []}
    shown: list[NotebookNode] = picture
    rest = [chapter.title for chapter in chapters if chapter.title not in FIXED]
    for title in (*OPEN_FIRST, *rest):
        chapter = by_title.get(title)
        if chapter and any(cell.source.strip() or cell.get("outputs") for cell in chapter.cells):
            own = [_beside(cell) for cell in _folded_runs(chapter.cells)]
            # A picture that the public does not get has a sentence in its place.
            if title != FIGURES or any(cell.get("outputs") for cell in own):
                shown += [_prose(f"## {title}"), *own]
    for title in FOLDED_LAST:
        chapter = by_title.get(title)
        if chapter is None:
            continue
        own = [*(before if title == BASIS else ()), *moved.get(title, ()), *chapter.cells]
        shown += [_prose(f"## {title}"), *own] if _failed(own) else _fold(title, own)
    for at, cell in enumerate(shown):
        cell.setdefault("id", f"arranged-{at}")  # nbconvert refuses a cell without
    return shown


def _beside(cell: NotebookNode) -> NotebookNode:
    """Mend the one sentence that names the place of a table."""
    if FIGURES_ABOVE not in cell.source:
        return cell
    cell = copy.copy(cell)
    cell.source = cell.source.replace(FIGURES_ABOVE, FIGURES_BESIDE)
    return cell
