"""dudao check-report: read published reports, mark their figures, check their arithmetic."""

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path

from tqdm import tqdm

from dudao.base.errors import DudaoError, ParameterError
from dudao_pipeline import files
from dudao_pipeline.exit_codes import DONE, FAILED, REFUSED
from dudao_pipeline.report_check import against_facts, checking, pages
from dudao_pipeline.report_check.checking import RELATION_LABELS
from dudao_pipeline.report_check.reading import SUFFIXES


def main(options: argparse.Namespace) -> int:
    """Check a report or every report of a folder; exit 1 when something does not follow."""
    if not options.path.exists():
        raise ParameterError(f"没有这个文件或文件夹：{options.path}。请核对名称。")
    if options.path.is_dir():
        return _check_folder(options)
    _refuse_to_overwrite(options)
    return _check_one(options)


_WRITTEN = {"html": (".html", ".htm"), "xlsx": (".xlsx",), "text": ()}


def _refuse_to_overwrite(options: argparse.Namespace) -> None:
    """Refuse a target that is a report itself, or is not named as what is written there."""
    own = {path.resolve() for path in (options.path, options.last) if path}
    for name, suffixes in _WRITTEN.items():
        target = getattr(options, name)
        if target and target.resolve() in own:
            raise ParameterError(
                f"--{name} {target} 就是要核对的报告，写出会覆盖它，没有改动。请换一个文件名。"
            )
        if target and suffixes and not target.is_dir() and target.suffix.lower() not in suffixes:
            raise ParameterError(
                f"--{name} {target}：文件名应以{'或'.join(suffixes)}结尾，没有写出。请改文件名。"
            )


def _check_one(options: argparse.Namespace) -> int:
    check = _compared(checking.check_file(options.path), options)
    if options.text:
        files.write(options.text, check.report.text)
    if options.html:
        pages.write_page(check, options.html)
    if options.xlsx:
        pages.write_workbook(check, options.xlsx)
    if options.to_workbook:
        from dudao_pipeline.report_check.registering import fill_workbook

        count = fill_workbook(check, options.to_workbook)
        print(f"已填入{count}行：{options.to_workbook}", file=sys.stderr)
    if options.json:
        print(json.dumps(checking.as_json(check), ensure_ascii=False, indent=1))
    else:
        _print(check)
    return FAILED if check.findings else DONE


def _compared(check, options: argparse.Namespace):
    """Add what the county's facts and its last report say, where they are asked for."""
    if bool(options.county) != bool(options.year):
        raise ParameterError("与报送数据核对，请同时给出 --county 和 --year。")
    more: list = []
    if options.county:
        from dudao.facts import store
        from dudao.facts.view import Facts
        from dudao.law import EvaluationYear

        stored = store.read(options.county, options.year)
        facts = Facts(
            stored.facts, stored.claims, EvaluationYear(options.year), schools=stored.schools
        )
        more += against_facts.against_facts(check, facts)
    if options.last:
        more += against_facts.against_last_report(check, checking.check_file(options.last))
    return replace(check, relations=(*check.relations, *more)) if more else check


def _print(check) -> None:
    print(
        f"{check.report.name}：数字{len(check.figures)}个，"
        f"不相符{len(check.findings)}处，存疑{len(check.doubts)}处"
    )
    for label, relations in (("不相符", check.findings), ("存疑", check.doubts)):
        for one in relations:
            figure = check.figures[one.figures[0]] if one.figures else None
            about = f"{figure.what or figure.stage} {figure.shown}：" if figure else ""
            print(f"  {label}（{RELATION_LABELS[one.relation]}）{about}{one.message}")


_GENERATOR = b'content="dudao check-report"'


def _is_own_page(path: Path) -> bool:
    """Say whether an earlier run wrote a page: an overview, or a marked copy of a report."""
    if path.suffix.lower() not in (".html", ".htm"):
        return False
    with path.open("rb") as page:
        return _GENERATOR in page.read(400)


def _check_folder(options: argparse.Namespace) -> int:
    """Check every report of a folder; one that cannot be read stops no other."""
    if options.json or options.text or options.xlsx or options.to_workbook:
        raise ParameterError(
            "--json、--text、--xlsx、--to-workbook 只用于一份报告；文件夹请用 --html 写一页总览。"
        )
    target = options.html or Path("报告核对")
    if target.suffix.lower() not in (".html", ".htm"):
        target /= "index.html"
    reports = sorted(
        path
        for path in options.path.rglob("*")
        if path.suffix.lower() in SUFFIXES
        and path.is_file()
        and not path.name.startswith((".", "~"))
        and not _is_own_page(path)
    )
    if not reports:
        raise ParameterError(f"{options.path} 中没有报告（{'、'.join(SUFFIXES)}）。")
    summaries, failed = [], []
    for path in tqdm(
        reports, desc="核对报告", unit="份", disable=len(reports) < 3, file=sys.stderr
    ):
        name = path.relative_to(options.path)
        try:
            check = checking.check_file(path)
        except DudaoError as error:
            failed.append(str(error))
            continue
        page = target.parent / name.with_name(f"{name.name}.html")
        pages.write_page(check, page)
        summaries.append(pages.summary_of(check, page.relative_to(target.parent).as_posix()))
    pages.write_folder_page(options.path.resolve().name, summaries, failed, target)
    wrong = sum(one.findings for one in summaries)
    print(f"已核对{len(summaries)}份报告，不相符{wrong}处，未能读取{len(failed)}份：{target}")
    for line in failed:
        print(f"  {line}", file=sys.stderr)
    if not summaries:
        return REFUSED
    return FAILED if wrong or failed else DONE
