"""dudao run: notebooks over counties and years."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from dudao_pipeline.commands.arguments import words_of
from dudao_pipeline.commands.comparison import refresh_comparison
from dudao_pipeline.exit_codes import DONE, FAILED

if TYPE_CHECKING:
    from dudao_pipeline.runner.outcome import Outcome
    from dudao_pipeline.runner.selection import Plan


def selected(options: argparse.Namespace) -> tuple[list[str], ...]:
    """Return county, year, notebook and scenario as asked, `-p` overriding the named options."""
    from dudao_pipeline.runner import plan

    given = dict(getattr(options, "parameter", ()))
    for notebook in plan.notebook_names():
        plan.check_names(notebook, given)
    names = ("county", "year", "notebook", "scenario")
    return tuple(words_of(given.get(name, getattr(options, name))) for name in names)


def _outcomes(options: argparse.Namespace, jobs: tuple) -> Iterable:
    """Yield outcomes from this machine's workers, or from a cluster's."""
    from dudao_pipeline.runner.limits import Limits

    if options.scheduler:
        from dudao_pipeline.runner.cluster import run_on_cluster

        return run_on_cluster(jobs, options.scheduler, Limits.of(options))
    from dudao_pipeline.runner.pool import LocalRun

    return LocalRun(jobs, max(options.workers, 1), Limits.of(options)).outcomes()


def _recorded(outcome: Outcome, planned: Plan) -> Outcome:
    """Record what a job was made of; one of which that cannot be written will run again."""
    from dudao.base import failures
    from dudao_pipeline.runner import keys

    if not outcome.is_done:
        return outcome
    try:
        keys.record([outcome.job], planned.parts)
    except OSError as error:
        return replace(outcome, error=failures.explain(error))
    return outcome


def _run(options: argparse.Namespace, planned: Plan) -> list:
    """Run jobs, record each as it ends, tell how it goes; what has ended at Ctrl-C is kept."""
    from dudao.base.errors import DudaoError
    from dudao_pipeline.boundary import report
    from dudao_pipeline.runner.outcome import Outcome
    from dudao_pipeline.runner.pool import INTERRUPTED
    from dudao_pipeline.runner.progress import Progress

    outcomes, progress = [], Progress(len(planned.jobs))
    try:
        for outcome in _outcomes(options, planned.jobs):
            ended = _recorded(outcome, planned)
            outcomes.append(ended)
            progress.add(ended)
    except KeyboardInterrupt:
        ended = {outcome.job for outcome in outcomes}
        outcomes += [Outcome(job, 0.0, INTERRUPTED) for job in planned.jobs if job not in ended]
    except DudaoError:  # a scheduler that is not there: nothing was begun
        raise
    except Exception as error:  # what cannot go on is told of every job that is left
        why, ended = report(error), {outcome.job for outcome in outcomes}
        outcomes += [Outcome(job, 0.0, why) for job in planned.jobs if job not in ended]
    finally:
        progress.close()
    return outcomes


def main(options: argparse.Namespace) -> int:
    """Run notebooks; three lists at the end; one failure stops nobody."""
    from dudao.base import workspace
    from dudao_pipeline.commands.targets import check_folder
    from dudao_pipeline.runner import start

    if not options.dry_run:
        check_folder(workspace.outputs())
        if not options.scheduler:  # else the nodes run what there is
            was_run = any(workspace.outputs().glob("[0-9]*/*/*.ipynb"))
            start.warm_up(with_zygote=options.force or not was_run)
    from dudao.base import failures
    from dudao_pipeline.runner import record
    from dudao_pipeline.runner.selection import expand

    started = datetime.now(UTC)
    chosen = selected(options)
    if not options.dry_run:
        refresh_comparison(options.workers)
    planned = expand(*chosen, force=options.force, only_failed=options.only_failed)
    if options.dry_run:
        return _tell(planned)
    outcomes = _run(options, planned) if planned.jobs else []
    try:
        path = record.write_run(outcomes, planned, started, options.workers)
    except OSError as error:  # the summary is still told
        print(f"运行记录没有写成：{failures.explain(error)}", file=sys.stderr)
        _summary(outcomes, planned, None)
        return FAILED
    return _summary(outcomes, planned, path)


def _tell(planned: Plan) -> int:
    """Print what would run, and why."""
    for job in planned.jobs:
        print(f"{job}：{planned.reasons[job]}")
    print(f"需运行{len(planned.jobs)}，最新{len(planned.unchanged)}，未列入{len(planned.left_out)}")
    return DONE


def _summary(outcomes: list, planned: Plan, path: Path | None) -> int:
    """Print the lists and the next command, and return the exit code."""
    failed = [outcome for outcome in outcomes if not outcome.is_done]
    print(
        f"完成{len(outcomes) - len(failed)}，失败{len(failed)}，最新未动{len(planned.unchanged)}，"
        f"未列入{len(planned.left_out)}{f'；记录见 {path}' if path else ''}"
    )
    for outcome in failed:
        print(f"  失败 {outcome.job}：{outcome.error}")
    for job, reason in planned.left_out:
        print(f"  未列入 {job}：{reason}")
    if len(outcomes) + len(planned.unchanged) > len(failed):
        print("下一步：dudao publish")
    if failed:
        print("失败的改正后重新运行：dudao run --only-failed")
    return FAILED if failed else DONE
