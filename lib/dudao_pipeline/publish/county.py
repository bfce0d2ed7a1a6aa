"""Publishing one county and year: its appendices, forms and page; nothing if nothing changed."""

from __future__ import annotations

import gc
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from dudao.base.errors import DudaoError
from dudao.base.failures import cause_of, explain
from dudao.facts import schema, store
from dudao_pipeline import digests
from dudao_pipeline.boundary import write_log
from dudao_pipeline.files import copy_file, scratch_folder, write
from dudao_pipeline.intake.findings import WARNING
from dudao_pipeline.publish.checklist import notebook_errors, page_errors, personal_data, words_of
from dudao_pipeline.publish.data_page import data_page
from dudao_pipeline.publish.documents import withdraw_documents, write_booklet, write_documents
from dudao_pipeline.publish.forms_workbook import write_forms
from dudao_pipeline.publish.pages.head import links_of, page_info
from dudao_pipeline.publish.pages.page import PageInfo, blocks_of, notebook_to_html
from dudao_pipeline.publish.pages.page_tables import DATA_PAGE
from dudao_pipeline.publish.public.hidden import NOTHING, Hidden, hidden_in
from dudao_pipeline.publish.public.redaction import public_run, rule
from dudao_pipeline.publish.remarks import (
    REFUSED,
    Remark,
    evidence_remarks,
    noted_cells,
    record_remarks,
    reminder,
)
from dudao_pipeline.publish.result_tables import look_for_garbage_seldom
from dudao_pipeline.publish.review import NOT_MET, VETO
from dudao_pipeline.publish.runs import Run, runs_in
from dudao_pipeline.publish.scenarios import publish_scenarios
from dudao_pipeline.publish.summary import county_summary
from dudao_pipeline.publish.task import (
    BOOKLET,
    Task,
    executed,
    inputs,
    published,
    read_record,
    scenario_folders,
    sealed,
)
from dudao_pipeline.runner.keys import PARTS, RESULTS_FILE

if TYPE_CHECKING:
    from pathlib import Path

    from dudao_pipeline.publish.booklet.markup import BookletPage

OPENLY = (VETO, NOT_MET)
ABSENT = (
    "库中没有这份附件所据的数据，页面已撤下（定稿各版保留）。"
    "如非有意移除，请重新导入数据、运行后再发布。"
)
REMOVED = "数据已于{}移出数据库（{}），页面已撤下（定稿各版保留）。"
UNEXPECTED = (
    "发布时出现意外错误，{}，其他县不受影响。{}"
    "请核对该县报送表中的日期、特殊字符和说明，改正后重新导入、运行、发布；"
    "仍不行请把{}发给维护人员。"
)
NOT_PUBLISHED, KEPT_AS_WAS = "本县未发布", "本县未发布，上次发布的页面和文件保留未变"
UNKNOWN_SCHOOLS = "库中没有该县的数据，无法判断哪些学校可以公开。请重新导入数据、运行后再发布。"


def publish_or_refuse(task: Task) -> list[dict]:
    """Publish a county and return its remarks; what nobody expected keeps back no other county.

    What was published of it before stays as it was; the public, who may no longer see a school,
    gets nothing. The next call tries again.
    """
    look_for_garbage_seldom()
    try:
        with _put_back_on_error(task):
            return publish_county(task)["remarks"]
    except Exception as error:
        is_kept = task.record.is_file()
        log, why = write_log(error), explain(error)
        reason = why if isinstance(cause_of(error), OSError | MemoryError | DudaoError) else ""
        text = UNEXPECTED.format(
            KEPT_AS_WAS if is_kept else NOT_PUBLISHED, reason, f"日志 {log} " if log else "本行"
        )
        return [asdict(Remark(task.label, text, kind=REFUSED))]
    finally:
        gc.collect()


@contextmanager
def _put_back_on_error(task: Task) -> Iterator[None]:
    """Put the files of the last publication back where a new one fails half-way."""
    record = read_record(task)
    named = {**record["files"], **record["scenario_files"]} if record and not task.public else {}
    with scratch_folder("publish") as kept:
        present = [name for name in named if (task.target / name).is_file()]
        for name in present:
            _keep_aside(task.target / name, kept / name)
        try:
            yield
        except BaseException:
            with suppress(OSError):
                _withdraw(task)
                for name in present:
                    copy_file(kept / name, task.target / name)
                if not present:
                    task.record.unlink(missing_ok=True)
            raise


def _keep_aside(path: Path, kept: Path) -> None:
    """Keep a file as it is: as a second name of it, for files are replaced; else as a copy."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(path, kept)
    except OSError:
        copy_file(path, kept)


def publish_county(task: Task) -> dict:
    """Write the pages of one county and year; return its record: files, summary, remarks."""
    if task.absent:
        return _withdrawn(task)
    county = _County(task)
    if task.pdf and (record := published(replace(task, pdf=False))[0]):
        return _bound(county, record)
    made_of = inputs(task)
    remarks = [*county.remarks, *county.write_pages()]
    scenarios = publish_scenarios(task, county.results)
    remarks = sorted([*remarks, *scenarios.remarks])
    booklet = county.booklet() if task.pdf else []
    files = write_documents(
        task, county.records, county.stored, booklet, is_draft=bool(county.drafts)
    )
    summary = county.summary(remarks)
    if summary and scenarios.summaries:
        summary["scenarios"] = list(scenarios.summaries)
    return _keep(
        task,
        {
            "inputs": made_of,
            "remarks": [*map(asdict, remarks)],
            "files": files,
            "scenario_files": dict(scenarios.files),
            "summary": summary,
        },
    )


def _keep(task: Task, record: dict) -> dict:
    """Keep the record of a publication for the next time, sealed; return it."""
    record = sealed(record)
    write(task.record, json.dumps(record, ensure_ascii=False, sort_keys=True))
    return record


def _withdraw(task: Task) -> None:
    """Remove every page and document of a county; results and editions stay."""
    _withdraw_pages(task, executed(task.folder))
    withdraw_documents(task.target)
    for folder in scenario_folders(task):
        for page in folder.glob("*.html"):
            page.unlink()


def _withdraw_pages(task: Task, names: Iterable[str]) -> None:
    for name in names:
        for suffix in (".html", ".xlsx"):
            (task.target / f"{name}{suffix}").unlink(missing_ok=True)


def _withdrawn(task: Task) -> dict:
    """Withdraw a county whose data are no longer in the store, and record it."""
    at = task.county_year
    gone = store.removal(at.county, at.year)
    why = REMOVED.format(gone["removed"][:10], gone["reason"]) if gone else ABSENT
    remark = Remark(task.label, why, blocking=False)
    _withdraw(task)
    nothing = {"files": {}, "scenario_files": {}, "summary": None}
    return _keep(task, {"inputs": inputs(task), "remarks": [asdict(remark)], **nothing})


def _bound(county: _County, record: dict) -> dict:
    """Bind the pages of a county that are as they should be, and record it."""
    task = county.task
    if not county.records:
        return record
    write_booklet(task.target, county.booklet(), county.records)
    files = record["files"] | {BOOKLET: digests.sha256(task.target / BOOKLET)}
    return _keep(task, record | {"files": dict(sorted(files.items()))})


@dataclass(frozen=True)
class _County:
    """A county and year to publish: what was run, what is stored, what readers get of it."""

    task: Task

    @cached_property
    def stored(self) -> store.Stored | None:
        """Return what is stored, its texts as objects: rows are read one by one here."""
        at = self.task.county_year
        try:
            stored = store.read(at.county, at.year)
        except DudaoError:
            return None
        tables = {name: getattr(stored, name) for name in schema.TABLES}
        with_objects = {
            name: table.astype(dict.fromkeys(table.select_dtypes("str"), object))
            for name, table in tables.items()
        }
        return replace(stored, **with_objects)

    @cached_property
    def hidden(self) -> Hidden | None:
        """Return which schools are not shown; None where nobody can know."""
        if not self.task.public:
            return NOTHING
        year, fewest = self.task.county_year.year, self.task.public.fewest
        return hidden_in(self.stored, year, fewest) if self.stored else None

    @cached_property
    def runs(self) -> list[Run]:
        """Return what was run to its end."""
        return runs_in(self.task.folder)

    @cached_property
    def results(self) -> dict[str, dict]:
        """Return the results of every notebook that has some, as they are."""
        return {run.name: run.results for run in self.runs if run.results}

    @cached_property
    def remarks(self) -> list[Remark]:
        """Return what is to be said before a page is made: of the county, of each notebook."""
        label, stale, stored = self.task.label, self.task.stale, self.stored
        remarks = [Remark(label, UNKNOWN_SCHOOLS)] if self.hidden is None else []
        if stored:
            remarks += evidence_remarks(stored.evidence.to_dict("records"), label)
        if why := stale.get(RESULTS_FILE):
            remarks.append(Remark(label, f"{why}。请重新运行 dudao run，再发布。"))
        notes = _notes(stored.meta) if stored else ()
        noted = noted_cells(stored.facts) if stored else frozenset()
        for run in self.runs:
            page = f"{label}/{run.name}"
            remarks += [Remark(page, text) for text in notebook_errors(run.notebook)]
            if why := stale.get(run.name):
                is_minor = why == PARTS["peers"]
                outdated = reminder(page, "peers", [run.name], why=why)
                remarks.append(outdated if is_minor else Remark(page, outdated.text))
            if run.results:
                remarks += record_remarks(run.results, page, notes, noted)
        return remarks

    def blocked(self, run: Run) -> tuple[str, ...]:
        """Return what keeps a notebook from being published, or marks its page as a draft."""
        page = f"{self.task.label}/{run.name}"
        return tuple(one.text for one in self.remarks if one.blocking and one.page == page)

    @cached_property
    def shown(self) -> list[Run]:
        """Return what becomes pages, as readers see it."""
        if self.hidden is None:
            return []
        ready = (run for run in self.runs if run.results)
        fit = [run for run in ready if self.task.draft or not self.blocked(run)]
        return [public_run(run, self.hidden) for run in fit] if self.task.public else fit

    def write_pages(self) -> list[Remark]:
        """Write every page anew, and its forms; return what keeps pages back."""
        task, is_public = self.task, bool(self.task.public)
        _withdraw_pages(task, (run.name for run in self.runs))
        if self.stored and self.shown and not is_public:
            write(task.target / DATA_PAGE, data_page(self.stored))
        names, remarks = [run.name for run in self.shown], []
        for at, run in enumerate(self.shown):
            links, blocked = links_of(names, at), self.blocked(run)
            info = page_info(run.results, links, blocked, is_internal=not is_public)
            if is_public:
                info = replace(info, public=rule(self.hidden, task.public.fewest))
            remarks += self._write_page(run, info)
        return remarks

    def _write_page(self, run: Run, info: PageInfo) -> list[Remark]:
        task, html = self.task, notebook_to_html(run.notebook, info)
        unfit = [
            f"页面含外部或活动内容 {what}。请从数据或笔记本中删去。" for what in page_errors(html)
        ]
        left = self.hidden.in_text(words_of(html)) if task.public else ()
        unfit += [f"公开页仍有不公开的学校{name}。请核对数据中的说明文字。" for name in left]
        named = [f"页面含个人信息：{what}。请从数据中删去。" for what in personal_data(html)]
        if not unfit and (task.draft or not named):
            write(self._page(run), html)
            if run.results.get("forms"):
                path = self._page(run).with_suffix(".xlsx")
                write_forms(run.results, path, public=bool(task.public))
        return [Remark(f"{task.label}/{run.name}", text) for text in (*unfit, *named)]

    def _page(self, run: Run) -> Path:
        return self.task.target / f"{run.name}.html"

    @cached_property
    def records(self) -> dict[str, dict]:
        """Return the results whose pages are there, as readers see them; asked once they are."""
        return {run.name: run.results for run in self.shown if self._page(run).is_file()}

    @cached_property
    def drafts(self) -> list[str]:
        """Return the notebooks whose pages are marked as drafts."""
        return [run.name for run in self.shown if run.name in self.records and self.blocked(run)]

    def booklet(self) -> list[BookletPage]:
        """Return the pages to bind to one file."""
        from dudao_pipeline.publish.booklet.markup import BookletPage  # only who binds needs it

        return [
            BookletPage(run.name, blocks_of(run.notebook, page_info(run.results, (), ())))
            for run in self.shown
            if run.name in self.records
        ]

    def summary(self, remarks: Sequence[Remark]) -> dict | None:
        """Return the short form of what is published, if anything is; remarks: all of them."""
        if not self.records:
            return None
        if self.task.public:
            return _openly(county_summary(self.records))
        kept_back: dict[str, list[str]] = {}
        for remark in remarks:
            name = remark.page.removeprefix(f"{self.task.label}/")
            if remark.blocking and name != remark.page and name not in self.records:
                kept_back.setdefault(name, []).append(remark.text)
        return county_summary(
            self.records,
            warnings=_warnings(self.stored),
            blocked=sum(remark.blocking for remark in remarks),
            kept_back=kept_back,
            unpublished={name: self.results[name] for name in kept_back if name in self.results},
            drafts=self.drafts,
        )


def _openly(summary: dict) -> dict:
    """Return the short form for the public: nothing of cells and of what is in doubt."""
    review = [item for item in summary["review"] if item["severity"] in OPENLY]
    points = [
        {**point, "reason": "" if point["result"] == "undecided" else point["reason"]}
        for point in summary["points"]
    ]
    return {**summary, "review": review, "points": points}


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
