"""dudao check-report: read a published report, mark its figures, check its arithmetic."""

from __future__ import annotations

import argparse
import json

from dudao.base.errors import ParameterError
from dudao_pipeline.exit_codes import DONE, FAILED


def main(options: argparse.Namespace) -> int:
    """Check one report; exit 1 when something does not follow."""
    from dudao_pipeline.report_check import checking

    if not options.path.exists():
        raise ParameterError(f"没有这个文件或文件夹：{options.path}。请核对名称。")
    check = checking.check_file(options.path)
    if options.text:
        options.text.write_text(check.report.text, encoding="utf-8", newline="\n")
    if options.json:
        print(json.dumps(checking.as_json(check), ensure_ascii=False, indent=1))
    else:
        _print(check)
    return FAILED if check.findings else DONE


def _print(check) -> None:
    from dudao_pipeline.report_check.checking import RELATION_LABELS

    print(
        f"{check.report.name}：数字{len(check.figures)}个，不相符{len(check.findings)}处，存疑{len(check.doubts)}处"
    )
    for label, relations in (("不相符", check.findings), ("存疑", check.doubts)):
        for one in relations:
            figure = check.figures[one.figures[0]]
            about = figure.what or figure.stage
            print(
                f"  {label}（{RELATION_LABELS[one.relation]}）{about} {figure.shown}：{one.message}"
            )
