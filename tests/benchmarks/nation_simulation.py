"""A nation's jobs through plan, scheduling and skip, with notebooks that do nothing.

The store holds three fictional counties under many codes and years: what is planned, keyed and
recorded is real, only the notebooks are not.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import dask
from distributed import LocalCluster

from dudao.base import workspace
from dudao.facts import store
from dudao_pipeline.intake import storing
from dudao_pipeline.intake.submission import read_submission
from dudao_pipeline.runner import keys, ranks_refresh
from dudao_pipeline.runner.cluster import run_on_cluster
from dudao_pipeline.runner.limits import Limits
from dudao_pipeline.runner.outcome import Outcome, output_path
from dudao_pipeline.runner.plan import Job
from dudao_pipeline.runner.selection import Plan, expand

MODELS = ("990100", "990102", "990104")
COUNTIES, YEARS = 3330, range(2020, 2027)  # with eleven notebooks: over 256,000 jobs


def nothing(jobs: Sequence[Job], limits: Limits, folders: dict[str, str]) -> list[Outcome]:
    """Run no notebook: what remains is the cost of the scheduling itself."""
    return [Outcome(job, 0.0) for job in jobs]


def make_store() -> None:
    """Put three fictional counties into the store, then the same under other codes and years."""
    for code in MODELS:
        storing.write(read_submission(workspace.data() / "example" / f"{code}-2024"))
    known = [store.meta(code, 2024) for code in MODELS]
    for number in range(COUNTIES):
        manifest, code = known[number % len(MODELS)], str(960000 + number)
        meta = {**manifest["meta"], "county": code}
        text = json.dumps({**manifest, "meta": meta}, ensure_ascii=False)
        for year in YEARS:
            store.manifest_path(code, year).write_text(text, encoding="utf-8")
    for code in MODELS:
        store.manifest_path(code, 2024).unlink()


def _planned() -> tuple[float, Plan]:
    started = time.perf_counter()
    plan = expand(["all"], ["all"], ["all"])
    return time.perf_counter() - started, plan


def _schedule(jobs: Sequence[Job]) -> float:
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        started = time.perf_counter()
        done = [
            one.job for one in run_on_cluster(jobs, cluster.scheduler_address, Limits(), nothing)
        ]
        seconds = time.perf_counter() - started
    assert sorted(done) == sorted(jobs)
    return seconds


def _pretend(plan: Plan) -> float:
    """Put a file where each result goes, and record it as a run does."""
    started = time.perf_counter()
    for folder, jobs in groupby(plan.jobs, lambda job: job.folder):
        folder.mkdir(parents=True)
        own = list(jobs)
        for job in own:
            output_path(job).write_bytes(b"{}")
        keys.record(own, plan.parts)
    return time.perf_counter() - started


def main() -> None:
    """Print jobs and seconds of plan, scheduling on two nodes, and the plan with nothing to do."""
    dask.config.set({"distributed.worker.daemon": False})
    ranks_refresh.shown = lambda year: {}  # measures of that many counties are another cost
    with tempfile.TemporaryDirectory() as name:
        os.environ["DUDAO_STORE"] = str(Path(name) / "store")
        os.environ["DUDAO_OUTPUTS"] = str(Path(name) / "outputs")
        make_store()
        first, plan = _planned()
        print(f"{len(plan.jobs)} jobs planned in {first:.0f} s", flush=True)
        seconds = _schedule(plan.jobs)
        rate = len(plan.jobs) / seconds
        print(f"scheduled on two nodes in {seconds:.1f} s, {rate:.0f}/s", flush=True)
        recorded = _pretend(plan)
        print(f"{len(plan.jobs)} results and their keys recorded in {recorded:.0f} s", flush=True)
        second, again = _planned()
        told = f"{len(again.unchanged)} current, {len(again.jobs)} to run"
        print(f"planned again in {second:.0f} s: {told}")


if __name__ == "__main__":
    main()
