"""dudao import: tables that an office already has, mapped and put into the workbook."""

import argparse
from pathlib import Path

from openpyxl import Workbook

from dudao.base.errors import FactsError, ParameterError
from dudao.base.reference import counties
from dudao.facts.county_names import code_of
from dudao.law import EvaluationYear, framework_for
from dudao_pipeline.commands.targets import check_workbook, record_beside, write_record
from dudao_pipeline.commands.template import county_name
from dudao_pipeline.exit_codes import DONE
from dudao_pipeline.files import fit_for_files, write
from dudao_pipeline.importing import import_maps, telling
from dudao_pipeline.importing.filling_by_plan import Target, put_all
from dudao_pipeline.importing.import_plans import Plan, propose
from dudao_pipeline.importing.reshaping import as_lists
from dudao_pipeline.importing.source_tables import read_file, tables_of
from dudao_pipeline.intake import parts, template
from dudao_pipeline.intake.sheet_headers import YEAR_COLUMNS
from dudao_pipeline.intake.submission import county_and_year

RECORD = "导入记录"


def plans_of(
    paths: list[Path], maps: Path, year: EvaluationYear, county: str
) -> dict[Path, list[Plan]]:
    """Return the plans of every table in some files; a map with the same heads is followed.

    county: the name of the county whose figures are wanted.
    """
    mapped = import_maps.read_maps(maps)
    year_of = dict(zip(YEAR_COLUMNS, year.all, strict=True))
    plans_by_file: dict[Path, list[Plan]] = {}
    for path in paths:
        plans_by_file[path] = []
        for grid in read_file(path):
            for table in as_lists(tables_of(path.name, grid)):
                hit = mapped.get(import_maps.signature(table))
                plan = (
                    import_maps.apply_map(table, *hit, year_of, county=county)
                    if hit
                    else propose(table, county)
                )
                plans_by_file[path].append(plan)
        if not plans_by_file[path]:
            raise FactsError(
                f"{path.name}：没有找到表格（表头一行以上，下面是数据）。请检查文件，或另存后重试。"
            )
    return plans_by_file


def _write_maps(plans_by_file: dict[Path, list[Plan]], folder: Path) -> list[Path]:
    """Write a map for every file that has none; a file that is there is never replaced."""
    written = []
    for path, plans in plans_by_file.items():
        fresh = [plan for plan in plans if not plan.from_map and plan.table.rows]
        if not fresh:
            continue
        folder.mkdir(parents=True, exist_ok=True)
        stem, number = fit_for_files(path.stem), 1
        while (target := folder / f"{stem}{f'-{number}' if number > 1 else ''}.yaml").exists():
            number += 1
        write(target, import_maps.to_yaml(fresh))
        written.append(target)
    return written


def _workbook(options: argparse.Namespace, county: str, name: str) -> Workbook:
    if options.into is None:
        return template.build(county, name, options.year, short=options.short)
    workbook = parts.open_workbook(options.into)
    if county_and_year(options.into) not in (None, (county, options.year)):
        raise ParameterError(
            f"“{options.into}”不是{county}的{options.year}年报送表。请核对 --county 和 --year。"
        )
    return workbook


def main(options: argparse.Namespace) -> int:
    """Read tables as they are, say what they are taken for, and fill the workbook."""
    county = code_of(options.county)
    framework_for(options.year, county)
    output = options.output or options.into or Path("报送表.xlsx")
    if not options.dry_run:
        check_workbook(output, overwrite=options.overwrite)
        record = record_beside(output, RECORD, overwrite=options.overwrite)
    name, year = county_name(county), EvaluationYear(options.year)
    own = counties()[county].name if county in counties() else name  # as tables of a city name it
    plans_by_file = plans_of(options.paths, options.maps, year, own)
    plans = [plan for listed in plans_by_file.values() for plan in listed]
    telling.tell(plans)
    if options.dry_run:
        print("只试读，没有写任何文件。")
        return DONE
    maps = _write_maps(plans_by_file, options.maps)
    workbook = _workbook(options, county, name)
    done = put_all(plans, Target(workbook, county, own, year))
    print("\n".join(telling.summary(done)))
    template.save(workbook, output)
    rows = [("写入", *line) for line in done.put]
    rows += [("不一致", text) for text in done.conflicts]
    rows += [("待确认", text) for text in done.questions]
    rows += [("编号", code, name) for code, name in done.numbered]
    write_record(record, "写入", rows)
    print(f"报送表：{output}　导入记录：{record}")
    for path in maps:
        print(f"对应表：{path}（可以改；改后再运行同一条命令并加 --overwrite）")
    return DONE
