"""Publishing one county and year: its appendices, forms and page; nothing if nothing changed."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

from dudao.base.errors import DudaoError
from dudao.facts import store
from dudao_pipeline import digests
from dudao_pipeline.boundary import write_log
from dudao_pipeline.files import write
from dudao_pipeline.intake.findings import WARNING
from dudao_pipeline.publish.checklist import notebook_errors, page_errors, personal_data, words_of
from dudao_pipeline.publish.data_page import data_page
from dudao_pipeline.publish.documents import withdraw_documents, write_booklet, write_documents
from dudao_pipeline.publish.forms_workbook import write_forms
from dudao_pipeline.publish.pages.cell_links import DATA_PAGE
from dudao_pipeline.publish.pages.head import links_of, page_info
from dudao_pipeline.publish.pages.page import PageInfo, blocks_of, notebook_to_html
from dudao_pipeline.publish.problem_list import write_problem_list
from dudao_pipeline.publish.public.hidden import NOTHING, Hidden, hidden_in
from dudao_pipeline.publish.public.redaction import public_notebook, public_record, rule
from dudao_pipeline.publish.remarks import Remark, evidence_remarks, noted_cells, record_remarks
from dudao_pipeline.publish.result_tables import look_for_garbage_seldom
from dudao_pipeline.publish.review import NOT_MET, VETO
from dudao_pipeline.publish.runs import Run, runs_in
from dudao_pipeline.publish.scenarios import ScenarioPages, publish_scenarios
from dudao_pipeline.publish.summary import county_summary
from dudao_pipeline.publish.task import (
    BOOKLET,
    Task,
    executed,
    inputs,
    published,
    scenario_folders,
    sealed,
)
from dudao_pipeline.runner.keys import PARTS, RESULTS_FILE

if TYPE_CHECKING:
    from dudao_pipeline.publish.booklet.markup import BookletPage

OPENLY = (VETO, NOT_MET)
NOT_SHOWN = {"files": {}, "scenario_files": {}, "summary": None}
ABSENT = (
    "库中没有这份附件所据的数据，页面已撤下（定稿各版保留）。"
    "如非有意移除，请重新导入数据、运行后再发布。"
)
REMOVED = "数据已于{}移出数据库（{}），页面已撤下（定稿各版保留）。"
UNEXPECTED = (
    "发布时出现意外错误（{}：{}），本县未发布，其他县不受影响。"
    "请核对该县数据中的特殊字符和说明后重新导入、运行；仍不行请把本行发给维护人员。"
)
UNKNOWN_SCHOOLS = "库中没有该县的数据，无法判断哪些学校可以公开。请重新导入数据、运行后再发布。"


def publish_or_refuse(task: Task) -> list[dict]:
    """Publish a county and return its remarks; what nobody expected keeps back no other county.

    Its pages are withdrawn and no record is kept, so that the next call tries again.
    """
    look_for_garbage_seldom()
    try:
        return publish_county(task)["remarks"]
    except Exception as error:
        what = str(error).strip().partition("\n")[0]
        text = UNEXPECTED.format(type(error).__name__, what[:200])
        if log := write_log(error):
            text += f"详情见 {log}。"
        with suppress(OSError):
            task.record.unlink(missing_ok=True)
            _withdraw_county(task)
        return [asdict(Remark(task.label, text))]
    finally:
        gc.collect()


def _withdraw_county(task: Task) -> None:
    """Remove every page and document of a county; results and editions stay."""
    for name in executed(task.folder):
        _withdraw(task.target, name)
    withdraw_documents(task.target)
    for folder in scenario_folders(task):
        for page in folder.glob("*.html"):
            page.unlink()


def _withdrawn(task: Task) -> dict:
    """Withdraw a county whose data are no longer in the store, and record it."""
    at = task.county_year
    gone = store.removal(at.county, at.year)
    why = REMOVED.format(gone["removed"][:10], gone["reason"]) if gone else ABSENT
    remark = Remark(task.label, why, blocking=False)
    _withdraw_county(task)
    return _keep(task, NOT_SHOWN | {"inputs": inputs(task), "remarks": [asdict(remark)]})


def _keep(task: Task, record: dict) -> dict:
    """Keep the record of a publication for the next time, sealed; return it."""
    record = sealed(record)
    write(task.record, json.dumps(record, ensure_ascii=False, sort_keys=True))
    return record


def publish_county(task: Task) -> dict:
    """Write the pages of one county and year; return its record: files, summary, remarks."""
    if task.absent:
        return _withdrawn(task)
    if task.pdf and (record := published(replace(task, pdf=False))[0]):
        return _bound(task, record)
    made_of, runs, stored = inputs(task), runs_in(task.folder), _stored(task)
    remarks, hidden = _county_remarks(task, stored), _hidden(task, stored)
    remarks += [Remark(task.label, UNKNOWN_SCHOOLS)] if hidden is None else []
    notes = _notes(stored.meta) if stored else ()
    noted = noted_cells(stored.facts) if stored else frozenset()
    checked = {run.name: _checked(task, run, notes, noted) for run in runs}
    remarks += [remark for of_run in checked.values() for remark in of_run]
    blocked = {
        name: tuple(r.text for r in of_run if r.blocking) for name, of_run in checked.items()
    }
    ready = [run for run in runs if run.results and (task.draft or not blocked[run.name])]
    shown = [] if hidden is None else [_for_readers(task, run, hidden) for run in ready]
    for run in runs:
        _withdraw(task.target, run.name)
    if stored and shown and not task.public:
        write(task.target / DATA_PAGE, data_page(stored))
    booklet: list[BookletPage] = []
    for run, info in zip(shown, _heads(task, shown, blocked, hidden), strict=True):
        remarks += _page(task, run, info, hidden)
        if task.pdf and (task.target / f"{run.name}.html").is_file():
            booklet.append(_booklet_page(run, info))
    results = {run.name: run.results for run in runs if run.results}
    scenario_pages = publish_scenarios(task, results)
    remarks = sorted([*remarks, *scenario_pages.remarks])
    record = {"inputs": made_of, "remarks": [*map(asdict, remarks)]}
    return _recorded(
        task,
        stored,
        shown,
        results=results,
        scenario_pages=scenario_pages,
        record=record,
        booklet=booklet,
    )


def _county_remarks(task: Task, stored: store.Stored | None) -> list[Remark]:
    """Return what is to be said of a county as a whole: its evidence, its collected results."""
    remarks = evidence_remarks(stored.evidence.to_dict("records"), task.label) if stored else []
    if why := task.stale.get(RESULTS_FILE):
        remarks.append(Remark(task.label, f"{why}。请重新运行 dudao run，再发布。"))
    return remarks


def _heads(
    task: Task, shown: list[Run], blocked: dict[str, tuple[str, ...]], hidden: Hidden
) -> Iterator[PageInfo]:
    """Yield what each appendix says of itself; a public one, what it leaves out."""
    names, is_internal = [run.name for run in shown], not task.public
    for at, run in enumerate(shown):
        beside = {"has_list": is_internal, "has_data": is_internal}
        info = page_info(run.results, links_of(names, at), blocked[run.name], **beside)
        yield info if is_internal else replace(info, public=rule(hidden, task.public.fewest))


def _warnings(stored: store.Stored | None) -> list[str]:
    """Return what ingest warned of, in words, each once."""
    if stored is None or stored.findings.empty:
        return []
    warned = stored.findings[stored.findings["severity"] == WARNING]
    return list(dict.fromkeys(f"{row.sheet}!{row.cell} {row.what}" for row in warned.itertuples()))


def _notes(meta: dict) -> tuple[str, ...]:
    """Return the notes of a submission, which may be one text, several, or an empty entry."""
    notes = meta.get("notes") or ()
    return tuple(map(str, notes if isinstance(notes, list | tuple) else (notes,)))


def _hidden(task: Task, stored: store.Stored | None) -> Hidden | None:
    """Return which schools are not shown; None where nobody can know."""
    if not task.public:
        return NOTHING
    return hidden_in(stored, task.county_year.year, task.public.fewest) if stored else None


def _for_readers(task: Task, run: Run, hidden: Hidden) -> Run:
    if not task.public:
        return run
    return Run(run.name, public_notebook(run.notebook, hidden), public_record(run.results, hidden))


def _recorded(
    task: Task,
    stored: store.Stored | None,
    shown: list[Run],
    *,
    results: dict[str, dict],
    scenario_pages: ScenarioPages,
    record: dict,
    booklet: list[BookletPage],
) -> dict:
    """Add files and summary to a county's record, and keep it for the next time."""
    records = {
        run.name: run.results for run in shown if (task.target / f"{run.name}.html").is_file()
    }
    of_scenarios = {"scenarios": list(scenario_pages.summaries)} if scenario_pages.summaries else {}
    if records and not task.public:
        write_problem_list(task.target, records)
    shown_stored, public = (None, True) if task.public else (stored, False)
    files = write_documents(task.target, records, shown_stored, booklet=booklet, public=public)
    rest = {name: result for name, result in results.items() if name not in records}
    summary = None
    if records:
        summary = of_scenarios | _summary(
            task, records, record, unpublished=rest, warnings=_warnings(stored)
        )
    made = {"files": files, "scenario_files": dict(scenario_pages.files), "summary": summary}
    return _keep(task, record | made)


def _summary(
    task: Task, records: dict, record: dict, *, unpublished: dict, warnings: list[str]
) -> dict:
    """Return the short form; the public edition tells nothing of cells and of what is in doubt."""
    if task.public:
        summary = county_summary(records)
        kept = [item for item in summary["review"] if item["severity"] in OPENLY]
        points = [
            {**point, "reason": "" if point["result"] == "undecided" else point["reason"]}
            for point in summary["points"]
        ]
        return {**summary, "review": kept, "points": points}
    blocked = sum(bool(remark["blocking"]) for remark in record["remarks"])
    kept_back: dict[str, list[str]] = {}
    for remark in record["remarks"]:
        name = remark["page"].removeprefix(f"{task.label}/")
        if remark["blocking"] and name != remark["page"] and name not in records:
            kept_back.setdefault(name, []).append(remark["text"])
    return county_summary(
        records,
        warnings=warnings,
        blocked=blocked,
        kept_back=kept_back,
        unpublished={name: unpublished[name] for name in kept_back if name in unpublished},
    )


def _stored(task: Task) -> store.Stored | None:
    """Return what is stored of a county, its texts as objects: rows are read one by one here."""
    try:
        stored = store.read(task.county_year.county, task.county_year.year)
    except DudaoError:
        return None
    tables = {name: getattr(stored, name) for name in store.TABLES}
    with_objects = {
        name: table.astype(dict.fromkeys(table.select_dtypes("str"), object))
        for name, table in tables.items()
    }
    return replace(stored, **with_objects)


def _checked(task: Task, run: Run, notes: tuple[str, ...], noted: frozenset[str]) -> list[Remark]:
    """Return what the checklist says of one executed notebook."""
    page = f"{task.label}/{run.name}"
    remarks = [Remark(page, text) for text in notebook_errors(run.notebook)]
    if run.name in task.stale:
        why = task.stale[run.name]
        text = f"结果不是最新的：{why}。请重新运行 dudao run，再发布。"
        is_minor = why == PARTS["peers"]
        kind = "peers" if is_minor else ""
        remarks.append(Remark(page, text, blocking=not is_minor, kind=kind, names=[run.name]))
    return remarks + (record_remarks(run.results, page, notes, noted) if run.results else [])


def _page(task: Task, run: Run, info: PageInfo, hidden: Hidden) -> list[Remark]:
    """Write one appendix, and its forms; return what keeps it back."""
    html = notebook_to_html(run.notebook, info)
    page = f"{task.label}/{run.name}"
    unfit = [f"页面含外部或活动内容 {what}。请从数据或笔记本中删去。" for what in page_errors(html)]
    left = hidden.in_text(words_of(html)) if task.public else ()
    unfit += [f"公开页仍有不公开的学校{name}。请核对数据中的说明文字。" for name in left]
    named = [f"页面含个人信息：{what}。请从数据中删去。" for what in personal_data(html)]
    if not unfit and (task.draft or not named):
        write(task.target / f"{run.name}.html", html)
        if run.results.get("forms"):
            path = task.target / f"{run.name}.xlsx"
            write_forms(run.results, path, public=bool(task.public))
    return [Remark(page, text) for text in (*unfit, *named)]


def _bound(task: Task, record: dict) -> dict:
    """Bind the pages of a county that are as they should be, and record it."""
    hidden = _hidden(task, _stored(task))
    runs = [run for run in runs_in(task.folder) if f"{run.name}.html" in record["files"]]
    shown = [_for_readers(task, run, hidden) for run in runs]
    booklet = [_booklet_page(run, page_info(run.results, (), ())) for run in shown]
    if booklet:
        write_booklet(task.target, booklet, shown[-1].results)
        files = record["files"] | {BOOKLET: digests.sha256(task.target / BOOKLET)}
        record = _keep(task, record | {"files": dict(sorted(files.items()))})
    return record


def _booklet_page(run: Run, info: PageInfo) -> BookletPage:
    from dudao_pipeline.publish.booklet.markup import BookletPage  # only who binds one needs it

    return BookletPage(run.name, blocks_of(run.notebook, info))


def _withdraw(folder: Path, name: str) -> None:
    for suffix in (".html", ".xlsx"):
        (folder / f"{name}{suffix}").unlink(missing_ok=True)
