"""dudao run: notebooks over counties and years."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from dudao.cli import DONE, FAILED


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.replace("，", ",").split(",") if word.strip()]


def _selection(options: argparse.Namespace) -> dict[str, list[str]]:
    """Return county, year and notebook as asked, `-p` overriding the named options."""
    from dudao.batch import plan

    given = dict(options.parameter)
    for notebook in plan.notebook_names():
        plan.check_names(notebook, given)
    named = {"county": options.county, "year": options.year, "notebook": options.notebook}
    return {name: _words(given.get(name, text)) for name, text in named.items()}


def _limits(options: argparse.Namespace):
    from dudao.batch.limits import Limits

    return Limits(
        cell_seconds=options.cell_timeout,
        notebook_seconds=options.notebook_timeout,
        run_seconds=options.run_timeout,
        memory_megabytes=options.memory,
        jobs_per_worker=options.recycle,
    )


def _outcomes(options: argparse.Namespace, jobs: tuple) -> Iterable:
    """Yield outcomes from this machine's workers, or from a cluster's."""
    workers = max(options.workers, 1)
    if options.scheduler:
        from dudao.batch.cluster import run_on_cluster

        return run_on_cluster(jobs, options.scheduler, _limits(options))
    from dudao.batch.pool import run_jobs

    return run_jobs(jobs, workers, _limits(options))


def _run(options: argparse.Namespace, jobs: tuple) -> list:
    """Run jobs and tell how it goes; what has ended when Ctrl-C comes is kept."""
    from dudao.batch.outcome import Outcome
    from dudao.batch.pool import INTERRUPTED
    from dudao.batch.progress import Progress

    outcomes, progress = [], Progress(len(jobs))
    try:
        for outcome in _outcomes(options, jobs):
            outcomes.append(outcome)
            progress.add(outcome)
    except KeyboardInterrupt:
        ended = {outcome.job for outcome in outcomes}
        outcomes += [Outcome(job, 0.0, INTERRUPTED) for job in jobs if job not in ended]
    finally:
        progress.close()
    return outcomes


def main(options: argparse.Namespace) -> int:
    """Run notebooks; three lists at the end; one failure stops nobody."""
    from dudao.batch import start

    if not options.dry_run:
        start.warm_up()
    from dudao import peers
    from dudao.batch import plan, record

    started = datetime.now(UTC)
    chosen = _selection(options)
    planned = plan.expand(chosen["county"], chosen["year"], chosen["notebook"])
    if options.dry_run:
        print("\n".join(map(str, planned.jobs)))
        return DONE
    for year in sorted({job.year for job in planned.jobs}):
        peers.refresh(year)
    outcomes = _run(options, planned.jobs)
    record.write_results(outcomes, options.workers)
    path = record.write_run(outcomes, planned.left_out, started)
    return _summary(outcomes, planned.left_out, path)


def _summary(outcomes: list, left_out: tuple, path: Path) -> int:
    """Print the three lists and the slowest, and return the exit code."""
    from dudao.batch.progress import slowest

    failed = [outcome for outcome in outcomes if not outcome.is_done]
    counts = f"完成{len(outcomes) - len(failed)}，失败{len(failed)}，未列入{len(left_out)}"
    print("\n".join(slowest(outcomes)))
    print(f"{counts}；记录见 {path}")
    for outcome in failed:
        print(f"  失败 {outcome.job}：{outcome.error}")
    for job, reason in left_out:
        print(f"  未列入 {job}：{reason}")
    return FAILED if failed else DONE
