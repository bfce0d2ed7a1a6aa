"""dudao template: an empty workbook for a county and year, with last year's values if there are."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from dudao_pipeline.exit_codes import DONE

if TYPE_CHECKING:
    from dudao.facts.tables import Tables

STORE = "数据库"  # named as the file of what the store gave


def _name(county: str) -> str:
    from dudao.base.reference import counties

    return counties()[county].full_name if county in counties() else f"虚构县{county}"


def _last(options: argparse.Namespace, county: str) -> Tables | None:
    """Return last year's submission: of a file, or the last version that the store has of it."""
    from dudao.facts import store
    from dudao.facts.tables import TABLES, Tables
    from dudao.law import EvaluationYear
    from dudao_pipeline.intake.submission import read_submission

    if options.last is None:
        return None
    if options.last:
        return read_submission(Path(options.last)).tables
    year = options.year - 1
    stored = store.read(county, year)
    tables = {name: getattr(stored, name) for name in TABLES}
    law_area = stored.meta.get("law_area", "")
    return Tables(county, EvaluationYear(year), STORE, **tables, law_area=law_area)


def main(options: argparse.Namespace) -> int:
    """Write the workbook that a county fills in."""
    from dudao.law import framework_for
    from dudao_pipeline.commands.targets import check_workbook
    from dudao_pipeline.intake import template
    from dudao_pipeline.intake.county_names import code_of

    county = code_of(options.county)
    framework_for(options.year, county)
    check_workbook(options.output, overwrite=options.overwrite)
    last = _last(options, county)
    area = last.area if last else ""
    workbook = template.build(county, _name(county), options.year, area, short=options.short)
    if last:
        template.fill_last_year(workbook, last)
    template.save(workbook, options.output)
    print(f"模板已写入：{options.output}")
    return DONE
