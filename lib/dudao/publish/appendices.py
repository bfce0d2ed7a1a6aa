"""Publishing what was run: an appendix per executed notebook, and the index."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from dudao import reference, workspace
from dudao.law.topics import OVERVIEW, notebook_title
from dudao.publish.checklist import page_errors, publishing_errors
from dudao.publish.forms_workbook import write_forms
from dudao.publish.html import RESULTS, PageInfo, notebook_to_html
from dudao.publish.site import FAILED, REFUSED, IndexRow, PageLink, RunProblem, index_html
from dudao.show.words import RESULTS as RESULT_WORDS

COUNTED = ("met", "not_met", "undecided", "not_applicable")
INDEX, FORMS = "index.html", "附表（xlsx）"
ANONYMOUS = "不在区划代码表内"


def _executed(folder: Path) -> dict[str, NotebookNode]:
    paths = sorted(folder.glob("[0-9][0-9]_*.ipynb"))
    return {
        path.stem: nbformat.read(path, as_version=4)
        for path in paths
        if not path.name.endswith(".failed.ipynb")
    }


def _results(notebook: NotebookNode) -> dict:
    outputs = (output for cell in notebook.cells for output in cell.get("outputs", ()))
    return next(o["data"][RESULTS] for o in outputs if RESULTS in o.get("data", {}))


def _label(notebook: str) -> str:
    """Return number and title of a notebook, as in 02 教育经费保障."""
    return f"{notebook[:2]} {notebook_title(notebook)}"


def _links(names: list[str], at: int) -> tuple[tuple[str, str], ...]:
    links = [("目录", f"../../{INDEX}")]
    if at > 0:
        links.append((f"上一篇：{_label(names[at - 1])}", f"{names[at - 1]}.html"))
    if at + 1 < len(names):
        links.append((f"下一篇：{_label(names[at + 1])}", f"{names[at + 1]}.html"))
    return tuple(links)


def _head(found: dict) -> dict:
    """Return what the head of a page says of its points: counted in the overview, else listed."""
    if found["notebook"] != OVERVIEW:
        title = f"{notebook_title(found['notebook'])}自查自评"
        listed = tuple((p["id"], p["title"], p["result"]) for p in found["points"])
        return {"title": title, "summary": listed}
    counts = Counter(point["result"] for point in found["points"])
    shown = tuple((result, counts[result]) for result in RESULT_WORDS if counts[result])
    return {"title": "自查自评总览", "counts": shown, "headline": tuple(found["headline"])}


def _page(found: dict, links: tuple[tuple[str, str], ...]) -> PageInfo:
    return PageInfo(
        county_name=found["county_name"],
        county=found["county"],
        year=found["year"],
        notebook=_label(found["notebook"]),
        framework_title=found["framework_title"],
        data_version=found["data_version"],
        fictional=found["fictional"],
        links=links,
        **_head(found),
    )


def _write(path: Path, text: str) -> None:
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)


def _page_link(found: dict, href: str) -> PageLink:
    counts = Counter(point["result"] for point in found["points"])
    return PageLink(_label(found["notebook"]), href, **{name: counts[name] for name in COUNTED})


def _clean(folder: Path) -> tuple[dict[str, NotebookNode], list[str]]:
    """Return the notebooks that may be published, and what keeps the others back."""
    clean, problems = {}, []
    for name, notebook in _executed(folder).items():
        if found := publishing_errors(notebook):
            problems += [f"{folder.parent.name}/{folder.name}/{name}：{text}" for text in found]
            (folder / f"{name}.html").unlink(missing_ok=True)
        else:
            clean[name] = notebook
    return clean, problems


def _publish_page(folder: Path, name: str, notebook: NotebookNode, page: PageInfo) -> list[str]:
    html = notebook_to_html(notebook, page)
    found = page_errors(html)
    target = folder / f"{name}.html"
    if found:
        target.unlink(missing_ok=True)
    else:
        _write(target, html)
    return [
        f"{folder.parent.name}/{folder.name}/{name}：页面含外部或活动内容 {what}" for what in found
    ]


def _publish_county(folder: Path) -> tuple[IndexRow | None, list[str]]:
    """Write the appendices of one county and year; return its row and what was refused."""
    clean, problems = _clean(folder)
    names, pages, found = list(clean), [], {}
    for at, (name, notebook) in enumerate(clean.items()):
        found = _results(notebook)
        forms = folder / f"{name}.xlsx"
        links = [*_links(names, at), *([(FORMS, forms.name)] if "forms" in found else [])]
        page = _page(found, tuple(links))
        if refused := _publish_page(folder, name, notebook, page):
            problems += refused
        else:
            if "forms" in found:
                write_forms(found, forms)
            pages.append(_page_link(found, f"{folder.parent.name}/{folder.name}/{name}.html"))
    return (_row(found, tuple(pages)) if pages else None), problems


def _row(found: dict, pages: tuple[PageLink, ...]) -> IndexRow:
    known = reference.counties().get(found["county"])
    area = f"{known.province}{known.city}" if known else ANONYMOUS
    return IndexRow(
        year=found["year"],
        county=found["county"],
        county_name=known.name.removeprefix(known.city) if known else found["county_name"],
        area=area,
        pages=pages,
        fictional=found["fictional"],
    )


def _run_problems() -> list[RunProblem]:
    """Return what the last run could not make, from its record."""
    path = workspace.outputs() / "run.json"
    if not path.is_file():
        return []
    record = json.loads(path.read_text(encoding="utf-8"))
    failed = [(FAILED, job, job["error"]) for job in record["jobs"] if job["error"]]
    refused = [(REFUSED, job, job["reason"]) for job in record["refused"]]
    return [
        RunProblem(
            kind=kind,
            year=job["year"],
            county=job["county"],
            county_name=job["county_name"],
            notebook=_label(job["notebook"]),
            reason=reason,
        )
        for kind, job, reason in (*failed, *refused)
    ]


def publish_all() -> tuple[Path, list[str]]:
    """Publish every county under outputs/; return the index and what was refused, with reasons."""
    rows, problems = [], []
    for folder in sorted(workspace.outputs().glob("[0-9]" * 4 + "/" + "[0-9]" * 6)):
        row, found = _publish_county(folder)
        rows += [row] if row else []
        problems += found
    index = workspace.outputs() / INDEX
    index.parent.mkdir(parents=True, exist_ok=True)
    _write(index, index_html(rows, _run_problems()))
    return index, problems
