"""dudao ingest: check workbooks and put the acceptable ones into the store."""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from dudao.base import failures
from dudao.base.errors import DudaoError, FactsError, ParameterError
from dudao_pipeline.commands.comparison import refresh_comparison
from dudao_pipeline.commands.targets import check_folder
from dudao_pipeline.exit_codes import DONE, ESCAPED, FAILED, REFUSED
from dudao_pipeline.intake.findings import errors

if TYPE_CHECKING:
    from dudao_pipeline.intake.checks.levels import StoredLevels

_WORDS = {
    "added": "已入库",
    "rewritten": "数据未变，已按现行指标字典和检查规则重写",
    "unchanged": "与库中相同",
}
SHOWN = 20  # findings printed per file; the report holds them all


def submissions_in(paths: list[Path]) -> list[Path]:
    """Return the workbooks and folders that paths name or hold; refuse where there is none."""
    from dudao_pipeline.intake.submission import is_submission

    found = []
    for path in paths:
        if not path.exists():
            raise ParameterError(f"找不到文件夹或文件“{path}”。请检查路径。")
        if path.is_file() or is_submission(path):
            found.append(path)
        else:
            found += sorted(child for child in path.iterdir() if is_submission(child))
    if not found:
        raise ParameterError(
            f"“{paths[0]}”中没有报送数据（.xlsx，或带 source.meta.yml 的文件夹）。"
        )
    return found


def _write_reports(path: Path, findings: list, folder: Path) -> None:
    """Write the findings as a page, as a sheet, and marked in a copy of the workbook."""
    from dudao_pipeline.publish import findings as reports

    stem = folder / path.stem
    folder.mkdir(parents=True, exist_ok=True)
    page = stem.with_name(f"{path.stem}-检查结果.html")
    page.write_text(reports.to_html(findings, path.name), encoding="utf-8")
    reports.to_xlsx(findings, stem.with_name(f"{path.stem}-检查结果.xlsx"))
    if path.is_file():
        reports.marked_copy(path, findings, stem.with_name(f"{path.stem}-已标注.xlsx"))
    print(f"检查结果：{page}")


def _print(findings: list) -> None:
    """Print the errors; warnings and notices are counted and stand in the report."""
    wrong = errors(findings)
    for finding in wrong[:SHOWN]:
        print(finding, file=sys.stderr)
    if len(wrong) > SHOWN:
        print(f"另有{len(wrong) - SHOWN}条错误。", file=sys.stderr)


def _all_findings(submission, levels: StoredLevels) -> list:
    """Return what was found, and what stands out among the counties in the store."""
    from dudao_pipeline.intake.checks.levels import against_peers

    year, fictional = submission.tables.year.data_year, bool(submission.meta.get("fictional"))
    others = levels.of(year, fictional=fictional)
    return [*submission.findings, *against_peers(submission.tables, others)]


def _ingest(path: Path, reports: Path | None, levels: StoredLevels) -> bool:
    """Check one submission and store it if it may be; say whether it was."""
    from dudao_pipeline.intake import storing
    from dudao_pipeline.intake.submission import read_submission

    try:
        submission = read_submission(path)
    except FactsError as error:
        print(f"{error}库中原有数据未变。", file=sys.stderr)
        return False
    findings = _all_findings(submission, levels)
    _print(findings)
    if reports and findings:
        _write_reports(path, findings, reports)
    if not submission.acceptable:
        print(f"{path.name}：有错误，未入库，库中原有数据未变。", file=sys.stderr)
        return False
    word = _WORDS[storing.write(submission)]
    levels.add(submission.facts, fictional=bool(submission.meta.get("fictional")))
    print(f"{path.name}：{word}，{_counts(submission, findings)}。")
    return True


def _counts(submission, findings: list) -> str:
    counts = Counter(finding.severity for finding in findings)
    reported = (submission.facts["status"] == "reported").sum()
    noted = "".join(f"，{severity}{count}条" for severity, count in sorted(counts.items()))
    return f"{reported}个数据，报告数字{len(submission.claims)}个{noted}"


def _ingest_safely(path: Path, reports: Path | None, levels: StoredLevels) -> int:
    """Check and store one submission; whatever goes wrong with it stays with it."""
    try:
        return DONE if _ingest(path, reports, levels) else REFUSED
    except DudaoError as error:
        print(f"{path.name}：未入库。{error}", file=sys.stderr)
        return REFUSED
    except Exception as error:
        print(failures.report(error, f"{path.name}：未入库"), file=sys.stderr)
        return ESCAPED


def main(options: argparse.Namespace) -> int:
    """Ingest files and folders; one that is refused stops none of the others.

    Exit 0: all are in the store. 1: some are. 2: none is. 3: none, by an error nobody foresaw.
    """
    from dudao.facts import store
    from dudao_pipeline.intake.checks.levels import StoredLevels

    if options.reports:
        check_folder(options.reports)
    levels = StoredLevels(store.county_levels)
    paths = submissions_in(options.paths)
    ended = [_ingest_safely(path, options.reports, levels) for path in paths]
    if len(ended) > 1:
        print(f"共{len(ended)}份报送：入库{ended.count(DONE)}份，未入库{_others(ended)}份。")
    if DONE in ended and not refresh_comparison(os.cpu_count() or 1):
        return FAILED
    return max(ended) if DONE not in ended else FAILED if any(ended) else DONE


def _others(ended: list[int]) -> int:
    return len(ended) - ended.count(DONE)
