"""What a run leaves besides notebooks: results per county, and run.json with what varies."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import dudao
from dudao.base import workspace
from dudao.facts import store
from dudao_pipeline.runner.files import write_json
from dudao_pipeline.runner.outcome import Outcome, folder_of
from dudao_pipeline.runner.plan import Job
from dudao_pipeline.runner.pool import map_over
from dudao_pipeline.runner.selection import Plan

RESULTS_MIME = "application/vnd.dudao.results+json"
RESULTS_FILE = "results.json"


def results_of(path: Path) -> dict | None:
    """Return the records of an executed notebook's results cell, or None if it has none.

    Plain JSON: nbformat would validate what it has validated when it was written.
    """
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        for output in cell.get("outputs", ()):
            if RESULTS_MIME in output.get("data", {}):
                return output["data"][RESULTS_MIME]
    return None


def collect(folder: Path) -> dict[str, dict]:
    """Return the results of every executed notebook in a county's folder, or a scenario's."""
    paths = sorted(folder.glob("[0-9][0-9]_*.ipynb"))
    executed = [path for path in paths if not path.name.endswith(".failed.ipynb")]
    found = {path.stem: results_of(path) for path in executed}
    return {name: results for name, results in found.items() if results is not None}


def _write_county(folder: Path) -> None:
    write_json(folder / RESULTS_FILE, collect(folder))


def _write_results(outcomes: Iterable[Outcome], workers: int) -> None:
    """Rewrite results.json of every county that a run touched, from its executed notebooks."""
    touched = sorted({folder_of(outcome.job) for outcome in outcomes})
    map_over(_write_county, [folder for folder in touched if folder.is_dir()], workers)


def _job(job: Job) -> dict:
    name = store.meta(job.county, job.year)["meta"]["county_name"]
    return {**asdict(job), "county_name": name}


def write_run(outcomes: Sequence[Outcome], plan: Plan, started: datetime, workers: int) -> Path:
    """Write what a run leaves: results of its counties, and run.json; return the last.

    run.json says when, where, with what, and how every job ended; it alone varies.
    """
    _write_results(outcomes, workers)
    path = workspace.outputs() / "run.json"
    record = {
        "started": started.isoformat(timespec="seconds"),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "host": platform.node(),
        "python": platform.python_version(),
        "dudao": dudao.__version__,
        "workers": workers,
        "unchanged": len(plan.unchanged),
        "jobs": [_ended(outcome) for outcome in sorted(outcomes, key=lambda found: found.job)],
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
