"""Publishing one county and year: its appendices, forms and page; nothing if nothing changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from dudao.errors import DudaoError
from dudao.facts import store
from dudao.publish.checklist import notebook_errors, page_errors
from dudao.publish.documents import write_documents
from dudao.publish.files import write
from dudao.publish.forms_workbook import write_forms
from dudao.publish.html import RESULTS, PageInfo, notebook_to_html
from dudao.publish.page_info import links_of, page_info
from dudao.publish.private import personal_data, words_of
from dudao.publish.public import NOTHING, Hidden, PublicEdition, hidden_in
from dudao.publish.public.redaction import public_notebook, public_record, rule
from dudao.publish.record_checks import evidence_remarks, record_remarks
from dudao.publish.remarks import Remark
from dudao.publish.report.writing import own_wording
from dudao.publish.summary import county_summary

PUBLISHED, PUBLISHED_OPENLY = "published.json", "published-public.json"
UNKNOWN_SCHOOLS = "库中没有该县的数据，无法判断哪些学校可以公开。请重新导入数据、运行后再发布。"
_SOURCES = {".py", ".j2", ".css", ".js", ".json", ".typ", ".yaml"}


@dataclass(frozen=True)
class Task:
    """One county and year to publish.

    stale: notebook -> why its result is no longer what the inputs give; draft: publish, marked
    as a draft, what the checklist would keep back; pdf: bind the appendices to one file too;
    public: publish what the public may see, and to another folder.
    """

    folder: Path
    stale: Mapping[str, str] = field(default_factory=dict)
    draft: bool = False
    pdf: bool = False
    public: PublicEdition | None = None

    @property
    def target(self) -> Path:
        """Return the folder that pages are written to."""
        if not self.public:
            return self.folder
        return self.public.folder / self.folder.parent.name / self.folder.name

    @property
    def record(self) -> Path:
        """Return the file that says what was published; the public does not get it."""
        return self.folder / (PUBLISHED_OPENLY if self.public else PUBLISHED)

    @property
    def place(self) -> str:
        """Return year and county, as remarks name them."""
        return f"{self.folder.parent.name}/{self.folder.name}"


def executed(folder: Path) -> dict[str, Path]:
    """Return the notebooks of a county that were run to the end, by name."""
    paths = sorted(folder.glob("[0-9][0-9]_*.ipynb"))
    return {path.stem: path for path in paths if not path.name.endswith(".failed.ipynb")}


@cache
def _program() -> str:
    """Return the digest of what makes pages: this part of the library and its templates."""
    digest = hashlib.sha256()
    here = Path(__file__).parent
    for path in sorted(path for path in here.rglob("*") if path.suffix in _SOURCES):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def inputs(task: Task) -> dict[str, object]:
    """Return what a county's pages are made of, as digests."""
    year, county = int(task.folder.parent.name), task.folder.name
    notebooks = {
        name: hashlib.sha256(path.read_bytes()).hexdigest()
        for name, path in executed(task.folder).items()
    }
    content = store.content_of(county, year) if (county, year) in _known() else ""
    words = own_wording()
    asked = {
        "stale": dict(task.stale),
        "draft": task.draft,
        "pdf": task.pdf,
        "public": [str(task.public.folder), task.public.fewest] if task.public else [],
        "wording": hashlib.sha256(words.read_bytes()).hexdigest() if words else "",
    }
    return {"program": _program(), "notebooks": notebooks, "facts": content, **asked}


def _known() -> set[tuple[str, int]]:
    return set(store.submissions())


def published(task: Task) -> dict | None:
    """Return what was published of a county if it is what would be published now."""
    try:
        record = json.loads(task.record.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    whole = all(
        (task.target / name).is_file() and (task.target / name).stat().st_size == size
        for name, size in record["files"].items()
    )
    return record if whole and record["inputs"] == inputs(task) else None


@dataclass(frozen=True)
class _Run:
    """One executed notebook, with its results if it put any out."""

    name: str
    notebook: NotebookNode
    found: dict | None


def publish_county(task: Task) -> dict:
    """Write the pages of one county and year; return its record: files, summary, remarks."""
    made_of, runs, stored = inputs(task), _runs(task.folder), _stored(task)
    notes = tuple(stored.meta.get("notes", ())) if stored else ()
    remarks = evidence_remarks(stored.evidence.to_dict("records"), task.place) if stored else []
    blocked = {}
    for run in runs:
        found = _checked(task, run, notes)
        remarks += found
        blocked[run.name] = tuple(remark.text for remark in found if remark.blocking)
    hidden = _hidden(task, stored)
    remarks += [Remark(task.place, UNKNOWN_SCHOOLS)] if hidden is None else []
    ready = [run for run in runs if run.found and (task.draft or not blocked[run.name])]
    shown = [] if hidden is None else [_for_readers(task, run, hidden) for run in ready]
    for run in runs:
        _withdraw(task.target, run.name)
    names = [run.name for run in shown]
    for at, run in enumerate(shown):
        info = page_info(run.found, links_of(names, at), blocked[run.name])
        if task.public:
            info = replace(info, public=rule(hidden, task.public.fewest))
        remarks += _page(task, run, info, hidden)
    return _recorded(task, shown, {"inputs": made_of, "remarks": [*map(asdict, sorted(remarks))]})


def _hidden(task: Task, stored: store.Stored | None) -> Hidden | None:
    """Return which schools are not shown; None where nobody can know."""
    if not task.public:
        return NOTHING
    year = int(task.folder.parent.name)
    return hidden_in(stored, year, task.public.fewest) if stored else None


def _for_readers(task: Task, run: _Run, hidden: Hidden) -> _Run:
    if not task.public:
        return run
    return _Run(run.name, public_notebook(run.notebook, hidden), public_record(run.found, hidden))


def _recorded(task: Task, shown: list[_Run], record: dict) -> dict:
    """Add files and summary to a county's record, and keep it for the next time."""
    records = {run.name: run.found for run in shown if (task.target / f"{run.name}.html").is_file()}
    found = record | {
        "files": write_documents(task.target, records, pdf=task.pdf),
        "summary": county_summary(records) if records else None,
    }
    write(task.record, json.dumps(found, ensure_ascii=False, sort_keys=True))
    return found


def _runs(folder: Path) -> list[_Run]:
    read = {name: nbformat.read(path, as_version=4) for name, path in executed(folder).items()}
    return [_Run(name, notebook, _results(notebook)) for name, notebook in read.items()]


def _results(notebook: NotebookNode) -> dict | None:
    outputs = (output for cell in notebook.cells for output in cell.get("outputs", ()))
    return next((o["data"][RESULTS] for o in outputs if RESULTS in o.get("data", {})), None)


def _stored(task: Task) -> store.Stored | None:
    try:
        return store.read(task.folder.name, int(task.folder.parent.name))
    except DudaoError:
        return None


def _checked(task: Task, run: _Run, notes: tuple[str, ...]) -> list[Remark]:
    """Return what the checklist says of one executed notebook."""
    place = f"{task.place}/{run.name}"
    remarks = [Remark(place, text) for text in notebook_errors(run.notebook)]
    if run.name in task.stale:
        why = f"结果不是最新的：{task.stale[run.name]}。请重新运行 dudao run，再发布。"
        remarks.append(Remark(place, why))
    return remarks + (record_remarks(run.found, place, notes) if run.found else [])


def _page(task: Task, run: _Run, info: PageInfo, hidden: Hidden) -> list[Remark]:
    """Write one appendix, and its forms; return what keeps it back."""
    html = notebook_to_html(run.notebook, info)
    place = f"{task.place}/{run.name}"
    unfit = [f"页面含外部或活动内容 {what}。请从数据或笔记本中删去。" for what in page_errors(html)]
    left = hidden.in_text(words_of(html))
    unfit += [f"公开页仍有不公开的学校{name}。请核对数据中的说明文字。" for name in left]
    named = [f"页面含个人信息：{what}。请从数据中删去。" for what in personal_data(html)]
    if not unfit and (task.draft or not named):
        write(task.target / f"{run.name}.html", html)
        if run.found.get("forms"):
            write_forms(run.found, task.target / f"{run.name}.xlsx")
    return [Remark(place, text) for text in (*unfit, *named)]


def _withdraw(folder: Path, name: str) -> None:
    for suffix in (".html", ".xlsx"):
        (folder / f"{name}{suffix}").unlink(missing_ok=True)
