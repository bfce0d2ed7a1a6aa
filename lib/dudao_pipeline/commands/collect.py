"""dudao collect: parts that came back, put together into one workbook."""

import argparse
from pathlib import Path

from dudao.base.errors import ParameterError
from dudao.base.short_lists import name_first, tell_first
from dudao_pipeline.commands.ingest import below
from dudao_pipeline.commands.split import progress
from dudao_pipeline.commands.targets import check_workbook, record_beside, write_record
from dudao_pipeline.commands.template import county_name
from dudao_pipeline.exit_codes import DONE, FAILED
from dudao_pipeline.files import is_lock
from dudao_pipeline.intake import collecting, template
from dudao_pipeline.intake.file_safety import SPREADSHEETS
from dudao_pipeline.intake.parts import open_workbook
from dudao_pipeline.intake.sheet_headers import GUIDE_KEYS
from dudao_pipeline.intake.submission_origin import REQUIRED, YES

SHOWN = 20
RECORD = "汇总记录"


def _paths(given: list[Path]) -> list[Path]:
    kinds = (*SPREADSHEETS, ".csv")  # what is none of ours is told in its turn
    paths: list[Path] = []
    for path in given:
        if path.is_dir():
            listed = (p for p in sorted(path.iterdir()) if p.suffix.lower() in kinds)
            paths += [p for p in listed if p.is_file() and not is_lock(p)]
        elif path.is_file():
            paths.append(path)
        else:
            raise ParameterError(f"没有这个文件：{path}。请检查路径。")
    paths = list({path.resolve(): path for path in paths}.values())
    if not paths:
        raise ParameterError(f"“{given[0]}”中没有分表（.xlsx、.xls、.et）。")
    return paths


def main(options: argparse.Namespace) -> int:
    """Put parts together; conflicts and missing parts are told, and exit 1 says there are some."""
    paths = _paths(options.parts)
    check_workbook(options.output, overwrite=options.overwrite)
    record = record_beside(options.output, RECORD, overwrite=options.overwrite)
    lacking: list[str] = []
    if options.into:
        workbook = open_workbook(options.into)
    else:
        meta = next(filter(None, map(collecting.meta_in, paths)), {})
        county, year = meta.get("county", ""), meta.get("year", "")
        if not county or not year.isdigit():
            raise ParameterError(
                "分表没有写明县（区）代码和评价年度。请用 --into 指定原来的报送表。"
            )
        name = meta.get("county_name") or county_name(county)
        workbook = template.build(county, name, int(year), meta.get("law_area", ""))
        template.fill_origin(workbook, {**meta, "fictional": meta.get("fictional") == YES})
        lacking = [
            label for label, key in GUIDE_KEYS.items() if key in REQUIRED and not meta.get(key)
        ]
    done = collecting.collect(paths, workbook, progress(len(paths), "已读取"))
    template.save(workbook, options.output)
    remarks = {
        **{"不一致": done.conflicts, "改动": done.changes},
        **{"未汇总": done.problems, "提示": done.notices},
    }
    listed = {**remarks, "缺少分表": done.missing}
    rows = [("汇总", *line) for line in done.sources]
    rows += [(kind, line) for kind, lines in listed.items() for line in lines]
    write_record(record, "内容", rows)
    print(f"汇总{len(done.parts)}份，{done.put}格，写到“{options.output}”；来源见“{record}”。")
    for title, lines in remarks.items():
        for line in tell_first(lines, SHOWN, f"其余{{}}条见{RECORD}。"):
            print(f"{title}：{line}")
    for line in filter(None, map(below, filter(Path.is_dir, options.parts))):
        print(line)
    if lacking:
        print(f"分表没有写明{'、'.join(lacking)}，请在“{options.output}”的“填写说明”表补填。")
    if done.missing:
        print(f"还没有收到：{name_first(done.missing, SHOWN, '份')}。")
    return FAILED if done.conflicts or done.problems else DONE
