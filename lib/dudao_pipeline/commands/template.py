"""dudao template: an empty workbook for a county and year, with last year's values if there are."""

import argparse
from pathlib import Path

from openpyxl import Workbook

from dudao.base.errors import FactsError
from dudao.base.reference import counties
from dudao.facts import store
from dudao.facts.county_names import code_of
from dudao.facts.sheet_layout import KINDERGARTENS, SCHOOLS
from dudao.law import EvaluationYear, framework_for
from dudao_pipeline.commands.targets import check_workbook
from dudao_pipeline.exit_codes import DONE
from dudao_pipeline.intake import template
from dudao_pipeline.intake.handed_in import Tables, as_handed_in
from dudao_pipeline.intake.submission import read_submission

STORE = "数据库"  # named as the file of what the store gave


def county_name(county: str) -> str:
    """Return the full name of a county, or what a fictional one is called."""
    return counties()[county].full_name if county in counties() else f"虚构县{county}"


def _last(options: argparse.Namespace, county: str) -> Tables | None:
    """Return last year's submission: of a file, or the last version that the store has of it."""
    if options.last is None:
        return None
    if options.last:
        return read_submission(Path(options.last)).tables
    year = options.year - 1
    return as_handed_in(store.read(county, year), county, year, STORE)


def _add_schools(workbook: Workbook, options: argparse.Namespace, county: str) -> None:
    """Write the schools of an office's own list into the workbook, and say what was taken."""
    from dudao_pipeline.commands.import_ import plans_of
    from dudao_pipeline.importing import telling
    from dudao_pipeline.importing.filling_by_plan import Target, put_all

    year = EvaluationYear(options.year)
    name = county_name(county)
    plans_by_file = plans_of([options.schools], Path("maps"), year, name)
    plans = [
        p for listed in plans_by_file.values() for p in listed if p.kind in (SCHOOLS, KINDERGARTENS)
    ]
    if not plans:
        raise FactsError(
            f"{options.schools.name}：没有学校或幼儿园的名单。表中要有“学校名称”或“园所名称”一列。"
        )
    done = put_all(plans, Target(workbook, county, name, year))
    telling.tell(plans)
    print("\n".join(telling.summary(done)))


def main(options: argparse.Namespace) -> int:
    """Write the workbook that a county fills in."""
    county = code_of(options.county)
    framework_for(options.year, county)
    check_workbook(options.output, overwrite=options.overwrite)
    last = _last(options, county)
    area = last.area if last else ""
    workbook = template.build(county, county_name(county), options.year, area, short=options.short)
    if last:
        template.fill_last_year(workbook, last)
    if options.schools:
        _add_schools(workbook, options, county)
    template.save(workbook, options.output)
    print(f"模板已写入：{options.output}")
    return DONE
