"""dudao run: notebooks over counties and years."""

from __future__ import annotations

import argparse
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


def main(options: argparse.Namespace) -> int:
    """Run notebooks; three lists at the end; one failure stops nobody."""
    from dudao import peers
    from dudao.batch import plan, record
    from dudao.batch.run import run_jobs

    started = datetime.now(UTC)
    chosen = _selection(options)
    planned = plan.expand(chosen["county"], chosen["year"], chosen["notebook"])
    if options.dry_run:
        print("\n".join(map(str, planned.jobs)))
        return DONE
    for year in sorted({job.year for job in planned.jobs}):
        peers.refresh(year)
    outcomes = []
    for outcome in run_jobs(planned.jobs, max(options.workers, 1)):
        outcomes.append(outcome)
        word = "完成" if outcome.is_done else f"失败 {outcome.error}"
        print(f"[{len(outcomes)}/{len(planned.jobs)}] {outcome.job} {word}", flush=True)
    record.write_results(outcomes)
    path = record.write_run(outcomes, planned.left_out, started)
    return _summary(outcomes, planned.left_out, path)


def _summary(outcomes: list, left_out: tuple, path: Path) -> int:
    """Print the three lists and return the exit code."""
    failed = [outcome for outcome in outcomes if not outcome.is_done]
    counts = f"完成{len(outcomes) - len(failed)}，失败{len(failed)}，未列入{len(left_out)}"
    print(f"{counts}；记录见 {path}")
    for outcome in failed:
        print(f"  失败 {outcome.job}：{outcome.error}")
    for job, reason in left_out:
        print(f"  未列入 {job}：{reason}")
    return FAILED if failed else DONE
