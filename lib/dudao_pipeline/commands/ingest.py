"""dudao ingest: check workbooks and put the acceptable ones into the store."""

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import nullcontext, redirect_stdout, suppress
from functools import partial
from pathlib import Path

from dudao.base import failures
from dudao.base.errors import DudaoError, FactsError, ParameterError
from dudao.base.short_lists import name_first, tell_first
from dudao_pipeline.boundary import report
from dudao_pipeline.commands.comparison import refresh_comparison
from dudao_pipeline.commands.targets import check_folder
from dudao_pipeline.exit_codes import DONE, ESCAPED, FAILED, REFUSED
from dudao_pipeline.files import is_file, is_folder, is_lock, write
from dudao_pipeline.intake import manifests, refusals, storing
from dudao_pipeline.intake.attachments import FOLDER
from dudao_pipeline.intake.checks.levels import against_peers
from dudao_pipeline.intake.findings import errors
from dudao_pipeline.intake.problem_plans import is_problem_list, keep_plans
from dudao_pipeline.intake.submission import (
    county_and_year,
    is_submission,
    read_submission,
)

_WORDS = {
    "added": "已入库",
    "rewritten": "数据未变，已按现行指标字典和检查规则重写",
    "unchanged": "与库中相同",
}
_NEXT = "下一步：dudao run（逐条看提示和警告：加 --reports 文件夹 再导入一次）"
SHOWN = 20  # findings printed per file; the report holds them all


def submissions_in(paths: list[Path]) -> list[Path]:
    """Return the files and folders to read, each once; files that lock others are passed over."""
    listed: list[Path] = []
    only_locks = all(map(is_lock, paths))  # which are then told of
    for path in paths:
        # A path that does not exist is refused in its turn: the others go on.
        if not is_folder(path) or is_submission(path):
            listed += [] if is_lock(path) and not only_locks else [path]
        else:
            children = sorted(path.iterdir())
            listed += filter(is_submission, children)
    listed = list({path.resolve(): path for path in reversed(listed)}.values())[::-1]
    if not listed:
        deeper = "".join(below(path) for path in paths if is_folder(path))
        raise ParameterError(
            f"“{paths[0]}”中没有报送数据（报送表，或带 source.meta.yml 的文件夹）。{deeper}"
        )
    return listed


def below(path: Path) -> str:
    """Say which folders below one that was named hold submissions, "" if none does.

    They are not read: nobody knows whether they are of this round, or copies put aside.
    """
    if is_submission(path):
        return ""
    counts: dict[Path, int] = {}
    for folder, names, files in os.walk(path):
        here = Path(folder)
        inside = [name for name in names if is_submission(here / name)]
        names[:] = sorted(set(names) - {*inside, FOLDER})
        count = len(inside) + sum(is_submission(here / name) for name in files)
        if here != path and count:
            counts[here] = count
    if not counts:
        return ""
    listed = name_first([f"“{folder}”（{n}份）" for folder, n in counts.items()], SHOWN, "个")
    step = "如要导入，请把这些文件夹写在命令中。"
    return f"下级文件夹{listed}中还有报送表或报送文件夹，没有读取。{step}"


def _held(path: Path) -> tuple[str, int] | None:
    """Return county and year of a file; None of one that cannot be read, which is told later."""
    try:
        return county_and_year(path)
    except Exception:
        return None


def _guessed(path: Path) -> tuple[str, int] | None:
    """Return whose file one is by its name, among the counties that are to report."""
    from dudao_pipeline.publish.site.states import expected_counties

    with suppress(ParameterError):  # a list that is wrong is told when pages are made
        return refusals.guess(path, expected_counties())
    return None


def _settled(paths: list[Path], taken: list[Path]) -> tuple[list[Path], list[str]]:
    """Return the files to read, and what is said of those that hold the same county and year.

    Nobody can know which of two is the newer one: both are refused unless one is named.
    """
    named = {path.resolve() for path in taken}
    if strange := [path for path in taken if path.resolve() not in {p.resolve() for p in paths}]:
        raise ParameterError(f"--take 的“{strange[0]}”不在要导入的文件中。请检查路径。")
    groups: dict[tuple[str, int], list[Path]] = {}
    for path in paths if len(paths) > 1 else ():
        if held := _held(path):
            groups.setdefault(held, []).append(path)
    left_out, remarks = set(), []
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
        what = f"{names}都是{county}的{year}年数据，不知以哪一个为准，都未入库"
        refusals.keep(county, year, f"{what}。")
        remarks.append(f"{what}，库中原有数据未变。请只留一个，或用 --take 文件 指明。")
    return [path for path in paths if path not in left_out], remarks


def _write_reports(path: Path, findings: list, checked: list, folder: Path) -> None:
    """Write the findings as a page, as a sheet, and marked in a copy of the workbook.

    What cannot be written (a report that is open in Excel) is told and keeps nothing out of the
    store.
    """
    from dudao_pipeline.publish import findings_report as reports

    page, sheet, marked = (
        folder / f"{path.stem}-{name}" for name in ("检查结果.html", "检查结果.xlsx", "已标注.xlsx")
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write(page, reports.to_html(findings, path.name, checked))
        reports.to_xlsx(findings, sheet, checked)
        if path.is_file() and findings:
            try:
                reports.marked_copy(path, findings, marked)
            except FactsError as error:
                print(error, file=sys.stderr)
        print(f"检查结果：{page}")
    except OSError as error:
        print(f"检查结果没有写成：{failures.explain(error)}", file=sys.stderr)


def _print(findings: list) -> None:
    """Print the errors; warnings and notices are counted and stand in the report."""
    for line in tell_first(errors(findings), SHOWN, "另有{}条错误。"):
        print(line, file=sys.stderr)


def _all_findings(submission, levels: manifests.Levels) -> list:
    """Return what was found, and what stands out among the counties in the store."""
    fictional = bool(submission.meta.get("fictional"))
    return [
        *submission.findings,
        *against_peers(submission.tables, levels, fictional=fictional),
    ]


def _keep_plans(path: Path) -> bool:
    """Keep what a county entered in its problem list; say whether it could be read."""
    try:
        county, year, number = keep_plans(path)
    except FactsError as error:
        print(f"{error}原有的整改内容未变。", file=sys.stderr)
        return False
    print(f"{path.name}：{county}-{year} 的问题清单已读回，填写{number}项。请重新发布。")
    return True


def _ingest(path: Path, reports: Path | None, levels: manifests.Levels, entry: dict) -> bool:
    """Check one submission and store it if it may be; say whether it was.

    entry: takes what was found, for `--json`.
    """
    if not (is_folder(path) or is_file(path)):
        raise ParameterError(f"找不到文件夹或文件“{path}”。请检查路径。")
    try:
        submission = read_submission(path)
    except FactsError as error:
        if held := _held(path) or _guessed(path):
            refusals.keep(*held, str(error))
        print(f"{error}库中原有数据未变。", file=sys.stderr)
        entry["refused"] = str(error)
        return False
    findings = _all_findings(submission, levels)
    _print(findings)
    entry["findings"], entry["checks"] = findings, submission.coverage
    if reports:
        _write_reports(path, findings, submission.coverage, reports)
    if not submission.acceptable:
        wrong = errors(findings)
        reason = f"{path.name}：{len(wrong)}处错误，如{wrong[0].place}：{wrong[0].what}"
        refusals.keep(submission.county, submission.year, reason)
        print(f"{path.name}：有错误，未入库，库中原有数据未变。", file=sys.stderr)
        return False
    word = _WORDS[storing.write(submission)]
    refusals.forget(submission.county, submission.year)
    own, fictional = manifests.levels_of(submission.tables.facts), submission.meta.get("fictional")
    manifests.add_levels(levels, submission.county, own, fictional=bool(fictional))
    print(f"{path.name}：{word}，{_counts(submission, findings)}。")
    return True


def _counts(submission, findings: list) -> str:
    counts = Counter(finding.severity for finding in findings)
    reported = (submission.tables.facts["status"] == "reported").sum()
    noted = "".join(f"，{severity}{count}条" for severity, count in sorted(counts.items()))
    return f"{reported}个数据，报告数字{len(submission.tables.claims)}个{noted}"


def _safely(do: Callable[[], bool], subject: str, entry: dict) -> int:
    """Take in one file; whatever goes wrong with it stays with it."""
    try:
        return DONE if do() else REFUSED
    except Exception as error:
        entry["refused"] = report(error, subject)
        print(entry["refused"], file=sys.stderr)
        return REFUSED if isinstance(error, DudaoError) else ESCAPED


def main(options: argparse.Namespace) -> int:
    """Ingest files and folders; one that is refused stops none of the others.

    Exit 0: all are in the store. 1: some are. 2: none is. 3: none, by an error nobody foresaw.
    """
    if options.reports:
        check_folder(options.reports)
    levels = manifests.stored_levels()
    submissions = submissions_in(options.paths)
    with redirect_stdout(sys.stderr) if options.json else nullcontext():
        lists = [path for path in submissions if is_problem_list(path)]
        paths, remarks = _settled([path for path in submissions if path not in lists], options.take)
        records: list[dict] = [{} for _ in (*paths, *lists)]
        ended = []
        for path, entry in zip((*paths, *lists), records, strict=True):
            take = partial(_ingest, path, options.reports, levels, entry)
            do, word = (partial(_keep_plans, path), "未读回") if path in lists else (take, "未入库")
            ended.append(_safely(do, f"{path.name}：{word}", entry))
        for line in remarks:
            print(line, file=sys.stderr)
        for line in filter(None, map(below, filter(is_folder, options.paths))):
            print(line, file=sys.stderr)
        ended += [REFUSED] * len(remarks)
        if len(ended) > 1:
            stored = ended.count(DONE)
            print(f"共{len(ended)}份报送：入库{stored}份，未入库{len(ended) - stored}份。")
        is_fresh = DONE not in ended or refresh_comparison(os.cpu_count() or 1)
        if DONE in ended:
            print("下一步：dudao run" if options.reports else _NEXT)
    if options.json:
        names = [*map(str, (*paths, *lists)), *(["同一县同一年度"] * len(remarks))]
        records += [{"refused": line} for line in remarks]
        print(_json(names, ended, records))
    if not is_fresh:
        return FAILED
    return max(ended) if DONE not in ended else FAILED if any(ended) else DONE


def _json(paths: list[str], ended: list[int], records: list[dict]) -> str:
    """Return what was found in each file, cell by cell, for another program."""
    from dudao_pipeline.publish.findings_report import to_record

    files = [
        {
            "file": path,
            "stored": code == DONE,
            "refused": entry.get("refused", ""),
            **to_record(entry.get("findings", ()), entry.get("checks", ())),
        }
        for path, code, entry in zip(paths, ended, records, strict=True)
    ]
    return json.dumps(files, ensure_ascii=False, indent=1)
