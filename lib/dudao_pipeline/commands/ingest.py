"""dudao ingest: check workbooks and put the acceptable ones into the store."""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from dudao.base.errors import FactsError, ParameterError
from dudao_pipeline.exit_codes import DONE, REFUSED
from dudao_pipeline.intake.findings import errors

if TYPE_CHECKING:
    from dudao_pipeline.intake.checks.levels import StoredLevels

_WORDS = {
    "added": "已入库",
    "rewritten": "数据未变，已按现行指标字典和检查规则重写",
    "unchanged": "与库中相同",
}
SHOWN = 20  # findings printed per file; the report holds them all


def _submissions(paths: list[Path]) -> list[Path]:
    """Return the files and folders to read, each once; files that lock others are passed over."""
    from dudao_pipeline.intake.submission import is_lock, is_spreadsheet, is_submission

    found: list[Path] = []
    for path in paths:
        if not path.exists():
            raise ParameterError(f"找不到文件夹或文件“{path}”。请检查路径。")
        if path.is_file() or is_submission(path):
            found += [] if is_lock(path) else [path]
        else:
            children = sorted(path.iterdir())
            found += [c for c in children if is_submission(c) or is_spreadsheet(c)]
    found = list({path.resolve(): path for path in reversed(found)}.values())[::-1]
    if not found:
        raise ParameterError(
            f"“{paths[0]}”中没有报送数据（.xlsx，或带 source.meta.yml 的文件夹）。"
        )
    return found


def _settled(paths: list[Path], taken: list[Path]) -> tuple[list[Path], list[str]]:
    """Return the files to read, and what is said of those that hold the same county and year.

    Nobody can know which of two is the newer one: both are refused unless one is named.
    """
    from dudao_pipeline.intake.submission import county_and_year

    named = {path.resolve() for path in taken}
    if strange := [path for path in taken if path.resolve() not in {p.resolve() for p in paths}]:
        raise ParameterError(f"--take 的“{strange[0]}”不在要导入的文件中。请检查路径。")
    groups: dict[tuple[str, int], list[Path]] = {}
    for path in paths if len(paths) > 1 else ():
        if held := county_and_year(path):
            groups.setdefault(held, []).append(path)
    left_out, said = set(), []
    for (county, year), same in groups.items():
        chosen = [path for path in same if path.resolve() in named]
        if len(same) == 1:
            continue
        names = "、".join(f"“{path}”" for path in same)
        if len(chosen) == 1:
            left_out |= set(same) - set(chosen)
            print(f"{names}都是{county}的{year}年数据，按 --take 取“{chosen[0]}”。")
            continue
        left_out |= set(same)
        said.append(
            f"{names}都是{county}的{year}年数据，不知以哪一个为准，都未入库，库中原有数据未变。"
            "请只留一个，或用 --take 文件 指明。"
        )
    return [path for path in paths if path not in left_out], said


def _write_reports(path: Path, findings: list, folder: Path) -> None:
    """Write the findings as a page, as a sheet, and marked in a copy of the workbook."""
    from dudao_pipeline.publish import findings as reports

    stem = folder / path.stem
    folder.mkdir(parents=True, exist_ok=True)
    page = stem.with_name(f"{path.stem}-检查结果.html")
    page.write_text(reports.to_html(findings, path.name), encoding="utf-8")
    reports.to_xlsx(findings, stem.with_name(f"{path.stem}-检查结果.xlsx"))
    if path.is_file():
        try:
            reports.marked_copy(path, findings, stem.with_name(f"{path.stem}-已标注.xlsx"))
        except FactsError as error:
            print(error, file=sys.stderr)
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


def _keep_plans(path: Path) -> bool:
    """Keep what a county entered in its problem list; say whether it could be read."""
    from dudao_pipeline.intake.problem_plans import keep_plans

    try:
        county, year, number = keep_plans(path)
    except FactsError as error:
        print(f"{error}原有的整改内容未变。", file=sys.stderr)
        return False
    print(f"{path.name}：{county}-{year} 的问题清单已读回，填写{number}项。请重新发布。")
    return True


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


def main(options: argparse.Namespace) -> int:
    """Ingest files and folders; one that is refused stops none of the others."""
    from dudao.facts import store
    from dudao_pipeline.intake.checks.levels import StoredLevels
    from dudao_pipeline.intake.problem_plans import is_problem_list
    from dudao_pipeline.runner.places import refresh_places

    levels = StoredLevels(store.county_levels)
    asked = _submissions(options.paths)
    lists = [path for path in asked if is_problem_list(path)]
    paths, refused = _settled([path for path in asked if path not in lists], options.take)
    stored = [_ingest(path, options.reports, levels) for path in paths]
    stored += [_keep_plans(path) for path in lists]
    for line in refused:
        print(line, file=sys.stderr)
    refresh_places(os.cpu_count() or 1)
    return DONE if all(stored) and not refused else REFUSED
