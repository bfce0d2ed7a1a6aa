"""What a run leaves besides notebooks: results per county, and run.json with what varies."""

import json
import platform
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import dudao
from dudao.base import workspace
from dudao.base.errors import FactsError
from dudao.facts import store
from dudao_pipeline import digests
from dudao_pipeline.files import write_json
from dudao_pipeline.runner import keys
from dudao_pipeline.runner.notebooks import results_in
from dudao_pipeline.runner.outcome import Outcome
from dudao_pipeline.runner.plan import Job
from dudao_pipeline.runner.selection import Plan


def results_of(path: Path) -> dict | None:
    """Return the records of an executed notebook's results cell, or None if it has none.

    Plain JSON: nbformat would validate what it has validated when it was written.
    """
    return results_in(json.loads(path.read_text(encoding="utf-8")))


def collect(folder: Path) -> dict[str, dict]:
    """Return the results of every executed notebook in a county's folder, or a scenario's.

    A notebook that is not as it was recorded has none: what somebody changed is not collected.
    """
    by_name = {
        name: results_of(folder / f"{name}.ipynb")
        for name, made in sorted(keys.recorded(folder).items())
        if digests.is_as_recorded(folder / f"{name}.ipynb", made["sha256"])
    }
    return {name: results for name, results in by_name.items() if results is not None}


def write_county(folder: Path) -> None:
    """Collect the results of a folder's notebooks in one file, and record what it was made of."""
    write_json(folder / keys.RESULTS_FILE, collect(folder))
    keys.record_results(folder)


def _write_results(outcomes: Iterable[Outcome], plan: Plan, workers: int) -> None:
    """Rewrite results.json of every county that a run touched or found not to be current."""
    touched = sorted({*plan.uncollected, *(outcome.job.folder for outcome in outcomes)})
    if folders := [folder for folder in touched if folder.is_dir()]:
        from dudao_pipeline.runner.pool import map_over

        list(map_over(write_county, folders, workers))


def _job(job: Job) -> dict:
    try:
        name = store.meta(job.county, job.year)["meta"]["county_name"]
    except FactsError:  # its damaged entry is the reason why it was left out
        name = job.county
    return {**asdict(job), "county_name": name}


def write_run(outcomes: Sequence[Outcome], plan: Plan, started: datetime, workers: int) -> Path:
    """Write what a run leaves: results of its counties, and run.json; return the last.

    run.json says when, where, with what, and how every job ended; it alone varies.
    """
    _write_results(outcomes, plan, workers)
    path = workspace.outputs() / "run.json"
    record = {
        "started": started.isoformat(timespec="seconds"),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "host": platform.node(),
        "python": platform.python_version(),
        "dudao": dudao.__version__,
        "workers": workers,
        "unchanged": len(plan.unchanged),
        "jobs": [_ended(outcome) for outcome in sorted(outcomes, key=lambda ended: ended.job)],
        "refused": [{**_job(job), "reason": reason} for job, reason in plan.left_out],
    }
    write_json(path, record)
    return path


def _ended(outcome: Outcome) -> dict:
    return {
        **_job(outcome.job),
        "seconds": round(outcome.seconds, 2),
        "error": outcome.error,
        "cells": outcome.cells,
        "attempts": outcome.attempts,
    }
