"""Publishing what was run: appendices of every county, and the site that leads to them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from dudao.base import workspace
from dudao.base.errors import ParameterError
from dudao.facts import store
from dudao_pipeline.county_years import CountyYear, folders_in
from dudao_pipeline.files import clear_leftovers
from dudao_pipeline.publish.public.hidden import PublicEdition
from dudao_pipeline.publish.remarks import REFUSED, Remark
from dudao_pipeline.publish.site.run_problems import RunProblem, of_last_run
from dudao_pipeline.publish.task import BOOKLET, Task, altered, published, read_record
from dudao_pipeline.publish.whole import (
    SITE_PAGES,
    SITE_RECORD,
    SITE_RECORD_OPENLY,
    YEAR_RECORD,
    YEAR_RECORD_OPENLY,
    Mapper,
    is_current,
    site_made_of,
    write_whole,
)

Outdated = Mapping[tuple[str, int], Mapping[str, str]]
WHOLLY, PARTLY, NOT_PUBLISHED, WITHDRAWN = "已发布", "部分发布（缺{}册）", "未发布", "已撤下"
NOT_RUN = "没有运行结果，请先运行 dudao run"
LOADED = ("dudao_pipeline.publish.county",)  # what processes that publish need, and is slow to load


@dataclass(frozen=True)
class Publication:
    """What `publish_all` made: the first page, how many counties anew, and what was remarked.

    refused: how many counties that were to be published have no new page.

    altered: files that somebody changed or removed since they were published, now made anew.
    unbound: counties whose booklet went because their pages are new and none was asked for.
    """

    index: Path
    renewed: int
    unchanged: int
    remarks: tuple[Remark, ...]
    refused: int = 0
    altered: tuple[str, ...] = ()
    unbound: tuple[str, ...] = ()


def tasks(stale: Outdated, how: Task) -> list[Task]:
    """Return one task per county and year that has a folder among the outputs."""
    stored = {CountyYear(*submission) for submission in store.submissions()}
    every = []
    for folder in folders_in(workspace.outputs()):
        at = CountyYear.of_folder(folder)
        was_removed = bool(stored) or store.removal(at.county, at.year) is not None
        absent = at not in stored and was_removed
        every.append(replace(how, folder=folder, stale=stale.get(at, {}), absent=absent))
    return every


def _write_whole(every: Iterable[Task], mapper: Mapper) -> None:
    """Write one table over the counties of each year, and a workbook per city, if they changed."""
    by_record: dict[Path, list[Path]] = {}
    for task in sorted(every, key=lambda task: task.target):
        kept = task.folder.parent / (YEAR_RECORD_OPENLY if task.public else YEAR_RECORD)
        by_record.setdefault(kept, []).append(task.target)
    for kept, folders in by_record.items():
        paths = [folder / "results.csv" for folder in folders]
        whole = [path for path in paths if path.is_file()]
        is_public = kept.name == YEAR_RECORD_OPENLY
        write_whole(folders[0].parent, whole, kept, public=is_public, mapper=mapper)


@dataclass(frozen=True)
class Selection:
    """What is to be published: counties, years, areas by their first digits; empty: all."""

    counties: frozenset[str] = frozenset()
    years: frozenset[int] = frozenset()
    areas: tuple[str, ...] = ()

    def __contains__(self, task: Task) -> bool:
        """Say whether a county and year is asked for."""
        at = task.county_year
        return (
            (not self.counties or at.county in self.counties)
            and (not self.years or at.year in self.years)
            and (not self.areas or at.county.startswith(self.areas))
        )


def _without_fictional(asked: list[Task]) -> list[Task]:
    """Leave fictional counties out of a public edition that has real ones."""
    fictional = {task.folder for task in asked if _is_fictional(task)}
    return [task for task in asked if len(fictional) == len(asked) or task.folder not in fictional]


def _without_results(every: Iterable[Task], wanted: Selection) -> str:
    """Say that nothing of what is asked for was run, and which years were."""
    years = {task.county_year.year for task in every}
    if not wanted.years or wanted.years & years:
        return "所选的县和年度没有运行结果。请先运行 dudao run，或核对 --county、--year、--area。"
    asked, run = ("、".join(map(str, sorted(listed))) for listed in (wanted.years, years))
    having = f"，已有{run}年的" if run else ""
    return f"没有{asked}年的运行结果{having}。请先运行 dudao run，或核对 --year。"


def _is_fictional(task: Task) -> bool:
    at = task.county_year
    if (at.county, at.year) not in set(store.submissions()):
        return False
    return bool(store.meta(at.county, at.year)["meta"].get("fictional"))


def _summary(task: Task) -> dict | None:
    record = read_record(task)
    return record["summary"] if record else None


def _write_site(every: Sequence[Task], public: PublicEdition | None, mapper: Mapper) -> Path:
    """Write the site over all counties where it is not as it should be; return its first page.

    What went wrong in a run is not for the public.
    """
    folder = public.folder if public else workspace.outputs()
    problems = [] if public else of_last_run()
    record = workspace.outputs() / (SITE_RECORD_OPENLY if public else SITE_RECORD)
    made_of = site_made_of(every, problems, public)
    if is_current(folder, record, made_of):
        return folder / SITE_PAGES[0]
    write_pages = partial(_write_pages, folder, every, problems, record=record, made_of=made_of)
    (index,) = mapper(write_pages, [bool(public)])
    return index


def _write_pages(
    folder: Path,
    every: Sequence[Task],
    problems: Sequence[RunProblem],
    is_public: bool,
    **kept: Any,
) -> Path:
    from dudao_pipeline.publish.site.site_pages import write_site  # slow to load

    summaries = [partial(_summary, task) for task in every]
    return write_site(folder, summaries, problems, is_public=is_public, **kept)


def _publish(task: Task) -> list[dict]:
    """Publish a county and return its remarks."""
    from dudao_pipeline.publish.county import publish_or_refuse  # slow to load

    return publish_or_refuse(task)


def outcome_of(task: Task, remarks: Sequence[Mapping[str, Any]]) -> str:
    """Return what came of a county that was to be published: 已发布, 部分发布, 未发布, 已撤下."""
    blocking = [remark for remark in remarks if remark["blocking"]]
    if task.absent:
        return WITHDRAWN
    if not _summary(task):
        return NOT_PUBLISHED if blocking else NOT_RUN
    if any(remark["kind"] == REFUSED for remark in blocking):
        return NOT_PUBLISHED
    names = {remark["page"].removeprefix(f"{task.label}/") for remark in blocking} - {task.label}
    lacking = [name for name in names if not (task.target / f"{name}.html").is_file()]
    return PARTLY.format(len(lacking)) if lacking else WHOLLY


def publish_all(
    stale: Outdated,
    how: Task,
    *,
    wanted: Selection,
    mapper: Mapper,
    done: Callable[[int, int, Task, str], None],
) -> Publication:
    """Publish what is asked for and has changed since, then the site over all that is published.

    stale: (county, year) -> notebook -> why its result is no longer what the inputs give.
    how: what is asked of every county. A public edition has no fictional county among real ones.
    mapper: applies a function to counties, here or on several processes. done: is told of
    each county as it ends: its number, of how many, which, what came of it.
    ParameterError: nothing was asked for.
    """
    public, every = how.public, tasks(stale, how)
    for folder in {workspace.outputs(), public.folder if public else workspace.outputs()}:
        clear_leftovers(folder)
    every = _without_fictional(every) if public else every
    asked = [task for task in every if task in wanted]
    if not asked and (every or wanted.years):
        raise ParameterError(_without_results(every, wanted))
    renewed, remarks, changed = [], [], []
    for task in asked:
        record, names = published(task)
        renewed += [f"{task.label}/{name}" for name in names]
        remarks += record["remarks"] if record else []
        changed += [] if record else [task]
    unbound = [] if how.pdf else [t.label for t in changed if (t.target / BOOKLET).is_file()]
    refused = without_results = 0
    published_now = zip(changed, mapper(_publish, changed), strict=True)
    for number, (task, own_remarks) in enumerate(published_now, 1):
        remarks += own_remarks
        altered(task)  # remembers their digests: the next call need not read them
        outcome = outcome_of(task, own_remarks)
        refused += outcome == NOT_PUBLISHED
        without_results += outcome == NOT_RUN
        done(number, len(changed), task, outcome)
    _write_whole(every, mapper)
    return Publication(
        index=_write_site(every, public, mapper),
        renewed=len(changed) - refused - without_results,
        refused=refused,
        unchanged=len(asked) - len(changed),
        remarks=tuple(sorted(Remark(**remark) for remark in remarks)),
        altered=tuple(renewed),
        unbound=tuple(unbound),
    )
