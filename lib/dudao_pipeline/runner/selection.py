"""What a run does and why: jobs that need running, jobs that are current, jobs left out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import chain, groupby
from pathlib import Path

from dudao.base.errors import FactsError, LawError, ParameterError
from dudao.facts import store
from dudao.facts.items import items_about
from dudao.law import EvaluationYear, framework_for, law_for
from dudao.law.topics import OVERVIEW, annexed_topics
from dudao.law.version import Ruling
from dudao_pipeline.runner import keys
from dudao_pipeline.runner.outcome import failed_path
from dudao_pipeline.runner.plan import (
    ALL,
    Job,
    check_counties,
    check_notebook,
    check_years,
    notebook_names,
)
from dudao_pipeline.runner.scenario_targets import fitting, items_of
from dudao_pipeline.runner.submissions import Submission

_Reader = Callable[[str, int], Submission]
FORCED, FAILED_BEFORE = "按要求重新运行", "上次失败"


@dataclass
class Plan:
    """The jobs to run with the reason of each, those that are current, those left out and why.

    parts: what the result of each job to run depends on, to be recorded when it is made.
    uncollected: folders whose results.json is not that of their notebooks, and why; empty where
    it was not written yet.
    """

    reasons: dict[Job, str] = field(default_factory=dict)
    parts: dict[Job, dict[str, str]] = field(default_factory=dict, repr=False)
    unchanged: list[Job] = field(default_factory=list)
    left_out: list[tuple[Job, str]] = field(default_factory=list)
    uncollected: dict[Path, str] = field(default_factory=dict)

    @property
    def jobs(self) -> tuple[Job, ...]:
        """Return the jobs to run, in order."""
        return tuple(self.reasons)


@cache
def _wanted(
    scheme_file: str, ruling: Ruling, year: int, notebook: str
) -> tuple[frozenset[str], bool]:
    """Return the items that a notebook is about in a year, and whether any of its law holds.

    Computed once for all counties with the same scheme and the same law.
    """
    points = framework_for(year, ruling.area).shown_in(notebook)
    rules, dates = law_for(ruling.area).of_points(points), EvaluationYear(year)
    in_force = not rules or any(rule.in_year(dates) for rule in rules)
    return frozenset(items_about(topic for point in points for topic in point.topics)), in_force


def obstacle(job: Job, read: _Reader = Submission.of) -> str:
    """Return why a job cannot say anything: no law in force, or nothing reported; else empty."""
    try:
        submission = read(job.county, job.year)
    except FactsError as error:
        return str(error)
    if job.notebook == OVERVIEW:
        return ""
    wanted, in_force = _wanted(submission.scheme.file, submission.ruling, job.year, job.notebook)
    if not in_force:
        return f"{job.year}年没有已施行的标准"
    by_school = bool(annexed_topics(job.notebook))
    reported = submission.of_schools if by_school else submission.reported
    return "" if (reported | items_of(job.scenario)) & wanted else "没有报送本册所需的数据"


def _submissions(counties: Sequence[str], years: Sequence[str]) -> list[tuple[str, int]]:
    named = [text for text in counties if text != ALL]
    asked = [check_counties(text) for text in named]
    wanted = set(chain.from_iterable(asked))
    wanted_years = {year for text in years if text != ALL for year in check_years(text)}
    exact = [text for text in years if text != ALL and len(check_years(text)) == 1]
    for submission in asked:
        for text in exact if len(submission) == 1 else ():
            store.meta(submission[0], int(text))
    return [
        (county, year)
        for county, year in store.submissions()
        if (not wanted or county in wanted) and (not wanted_years or year in wanted_years)
    ]


def _are_single(counties: Sequence[str]) -> bool:
    """Say whether counties are named one by one, not by `all` or by the digits they share."""
    return all(text != ALL and len(check_counties(text)) == 1 for text in counties)


def expand(
    counties: Sequence[str],
    years: Sequence[str],
    notebooks: Sequence[str],
    scenarios: Sequence[str] = (),
    *,
    force: bool = False,
    only_failed: bool = False,
    fully: bool = False,
    to_run: bool = True,
) -> Plan:
    """Expand what was asked for into jobs, and say of each why it runs; no scenario: real data.

    A notebook named outright for named counties must have law and data; else it is left out.
    fully: read every result anew, whatever is remembered of its digest. to_run: False where only
    the reasons are asked for.
    """
    named = [check_notebook(text) for text in notebooks if text != ALL]
    submissions = _submissions(counties, years)
    targets, unfit = fitting(submissions, scenarios, strict=_are_single(counties))
    keys.forget()
    plan, read = Plan(), lru_cache(maxsize=1)(Submission.of)
    books = named or notebook_names()
    jobs = [Job(at.county, at.year, name, at.scenario) for at in targets for name in books]
    for folder, of_county in groupby(jobs, key=lambda job: job.folder):
        obstacles = {job: obstacle(job, read) for job in of_county}
        plan.left_out += [(job, why) for job, why in obstacles.items() if why]
        able = [job for job, why in obstacles.items() if not why]
        if only_failed:
            able = [job for job in able if failed_path(job).is_file()]
        entries = keys.recorded(folder) if able else {}
        for job in able:
            before = None if to_run else entries.get(job.notebook)
            parts = keys.job_parts(job, read(job.county, job.year), before)
            why = keys.reason(job, parts, entries, fully=fully) or (FORCED if force else "")
            why = FAILED_BEFORE if failed_path(job).is_file() else why
            if why:
                plan.reasons[job], plan.parts[job] = why, parts
            else:
                plan.unchanged.append(job)
        fault = keys.results_fault(folder, entries, fully=fully) if able else None
        if fault is not None:
            plan.uncollected[folder] = fault
    if named and plan.left_out and ALL not in counties:
        job, why = plan.left_out[0]
        raise LawError(f"{job}：{why}。请先补报数据，或换一个年度。")
    if len(plan.left_out) == len(jobs):
        raise ParameterError("没有可运行的任务。请先运行 dudao ingest 导入数据。")
    plan.left_out += unfit
    return plan
