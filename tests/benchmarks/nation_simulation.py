"""The nation's jobs through plan, skip and scheduling, with notebooks that do nothing."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from distributed import LocalCluster

from dudao.batch.cluster import run_on_cluster
from dudao.batch.limits import Limits
from dudao.batch.outcome import Outcome
from dudao.batch.plan import Job, notebook_names
from dudao.facts import storing
from dudao.facts.submission import read_submission

COUNTIES, YEARS = 2844, range(2017, 2026)  # with nine indicators and annexes: over 256,000 jobs


def nothing(jobs: Sequence[Job], limits: Limits, folders: dict[str, str]) -> list[Outcome]:
    """Run no notebook: what remains is the cost of the scheduling itself."""
    return [Outcome(job, 0.0) for job in jobs]


def main() -> None:
    """Print jobs, seconds and rate of the scheduling on two nodes of this machine."""
    jobs = [
        Job(f"{980000 + county}", year, notebook)
        for county in range(COUNTIES)
        for year in YEARS
        for notebook in notebook_names()[:10]
    ]
    with tempfile.TemporaryDirectory() as name:
        os.environ["DUDAO_STORE"] = str(Path(name) / "store")
        os.environ["DUDAO_OUTPUTS"] = str(Path(name) / "outputs")
        storing.write(read_submission(Path("data/example/990100-2024")))
        os.environ["DASK_DISTRIBUTED__WORKER__DAEMON"] = "false"
        import dask

        dask.config.set({"distributed.worker.daemon": False})
        with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
            started = time.perf_counter()
            done = sum(
                1 for _ in run_on_cluster(jobs, cluster.scheduler_address, Limits(), nothing)
            )
            seconds = time.perf_counter() - started
    rate = done / seconds
    print(f"{done} of {len(jobs)} jobs scheduled on 2 nodes in {seconds:.1f} s, {rate:.0f}/s")


if __name__ == "__main__":
    main()
