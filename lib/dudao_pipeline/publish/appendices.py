"""Publishing what was run: appendices of every county, and the site that leads to them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dudao.base import workspace
from dudao.base.files import clear_leftovers
from dudao.facts import store
from dudao_pipeline.publish.county import publish_or_refuse
from dudao_pipeline.publish.public import PublicEdition
from dudao_pipeline.publish.remarks import Remark
from dudao_pipeline.publish.site import FAILED, REFUSED, RunProblem, write_site
from dudao_pipeline.publish.summary import label
from dudao_pipeline.publish.tables import NAME, YEAR_RECORD, YEAR_RECORD_OPENLY, write_whole
from dudao_pipeline.publish.task import Task, altered, published

Stale = Mapping[tuple[str, int], Mapping[str, str]]
Mapper = Callable[[Callable, Sequence], Iterable]


@dataclass(frozen=True)
class Publication:
    """What `publish_all` made: the first page, how many counties anew, and what was remarked.

    altered: files that somebody changed or removed since they were published, now made anew.
    """

    index: Path
    renewed: int
    unchanged: int
    remarks: tuple[Remark, ...]
    altered: tuple[str, ...] = ()


def _run_problems() -> list[RunProblem]:
    """Return what the last run could not make of the real data, from its record."""
    path = workspace.outputs() / "run.json"
    if not path.is_file():
        return []
    record = json.loads(path.read_text(encoding="utf-8"))
    failed = [(FAILED, job, job["error"]) for job in record["jobs"] if job["error"]]
    refused = [(REFUSED, job, job["reason"]) for job in record["refused"]]
    problems = [found for found in (*failed, *refused) if not found[1].get("scenario")]
    return [
        RunProblem(
            kind=kind,
            year=job["year"],
            county=job["county"],
            county_name=job["county_name"],
            notebook=label(job["notebook"]),
            reason=reason,
        )
        for kind, job, reason in problems
    ]


def tasks(stale: Stale, *, draft: bool, pdf: bool, public: PublicEdition | None) -> list[Task]:
    """Return one task per county and year that has a folder among the outputs."""
    folders = sorted(workspace.outputs().glob("[0-9]" * 4 + "/" + "[0-9]" * 6))
    stored = set(store.submissions())
    found = []
    for folder in folders:
        at = folder.name, int(folder.parent.name)
        absent = bool(stored) and at not in stored
        found.append(Task(folder, stale.get(at, {}), draft, pdf, public, absent))
    return found


def _write_whole(asked: Iterable[Task]) -> None:
    """Write one table over the counties of each year, where it is not what they hold now."""
    by_record: dict[Path, list[Path]] = {}
    for task in sorted(asked, key=lambda task: task.target):
        kept = task.folder.parent / (YEAR_RECORD_OPENLY if task.public else YEAR_RECORD)
        by_record.setdefault(kept, []).append(task.target)
    for kept, folders in by_record.items():
        paths = [folder / f"{NAME}.parquet" for folder in folders]
        write_whole(folders[0].parent, [path for path in paths if path.is_file()], kept)


def _write_site(records: Iterable[dict], public: PublicEdition | None) -> Path:
    """Write the site over all counties; what went wrong in a run is not for the public."""
    summaries = [record["summary"] for record in records if record["summary"]]
    if public:
        return write_site(public.folder, summaries, [])
    return write_site(workspace.outputs(), summaries, _run_problems())


def publish_all(
    stale: Stale | None = None,
    *,
    draft: bool = False,
    pdf: bool = False,
    public: PublicEdition | None = None,
    mapper: Mapper = map,
) -> Publication:
    """Publish every county under outputs/ that changed since, then the site over all of them.

    stale: (county, year) -> notebook -> why its result is no longer what the inputs give.
    public: publish the public edition, in its own folder, instead.
    mapper: applies a function to counties, here or on several processes.
    """
    for folder in {workspace.outputs(), public.folder if public else workspace.outputs()}:
        clear_leftovers(folder)
    asked = tasks(stale or {}, draft=draft, pdf=pdf, public=public)
    changes = [f"{task.place}/{name}" for task in asked for name in altered(task)]
    known = {task.folder: record for task in asked if (record := published(task))}
    changed = [task for task in asked if task.folder not in known]
    for task, record in zip(changed, mapper(publish_or_refuse, changed), strict=True):
        known[task.folder] = record
    _write_whole(asked)
    records = [known[task.folder] for task in asked]
    index = _write_site(records, public)
    remarks = sorted(Remark(**remark) for record in records for remark in record["remarks"])
    unchanged = len(asked) - len(changed)
    return Publication(index, len(changed), unchanged, tuple(remarks), tuple(changes))
