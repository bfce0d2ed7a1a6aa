"""What each command of the command line does."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from dudao.cli import DONE, FAILED, REFUSED
from dudao.errors import FactsError, ParameterError


def _submission_folders(paths: list[Path]) -> list[Path]:
    from dudao.facts.submission import META_FILE

    folders = []
    for path in paths:
        if not path.is_dir():
            raise ParameterError(f"找不到文件夹“{path}”。请检查路径。")
        inside = sorted(child.parent for child in path.glob(f"*/{META_FILE}"))
        folders += [path] if (path / META_FILE).is_file() else inside
    if not folders:
        raise ParameterError(f"“{paths[0]}”中没有报送数据（缺少 {META_FILE}）。")
    return folders


def ingest(options: argparse.Namespace) -> int:
    """Check submissions and put the acceptable ones into the store."""
    from dudao.facts import store
    from dudao.facts.submission import read_submission

    refused = 0
    for folder in _submission_folders(options.folders):
        try:
            submission = read_submission(folder)
        except FactsError as error:
            refused += 1
            print(error, file=sys.stderr)
            continue
        for finding in submission.findings:
            print(finding, file=sys.stderr)
        if submission.acceptable:
            store.write(submission)
            reported = (submission.facts["status"] == "reported").sum()
            print(f"{folder.name}：已入库，{reported}个数据，报告数字{len(submission.claims)}个。")
        else:
            refused += 1
            print(f"{folder.name}：有错误，未入库，库中原有数据未变。", file=sys.stderr)
    return REFUSED if refused else DONE


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


def run(options: argparse.Namespace) -> int:
    """Run notebooks; three lists at the end; one failure stops nobody."""
    from dudao.batch import plan, record
    from dudao.batch.run import run_jobs

    started = datetime.now(UTC)
    chosen = _selection(options)
    planned = plan.expand(chosen["county"], chosen["year"], chosen["notebook"])
    if options.dry_run:
        print("\n".join(map(str, planned.jobs)))
        return DONE
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


def publish(_options: argparse.Namespace) -> int:
    """Publish every executed notebook as an appendix, and the index."""
    from dudao.publish.appendices import publish_all

    index, problems = publish_all()
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"请用浏览器打开：{index}")
    return FAILED if problems else DONE
