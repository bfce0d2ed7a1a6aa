"""dudao template: an empty workbook for a county and year, with last year's values if there are."""

from __future__ import annotations

import argparse

from dudao_pipeline.exit_codes import DONE


def _name(county: str) -> str:
    from dudao.base.reference import counties

    return counties()[county].full_name if county in counties() else f"虚构县{county}"


def main(options: argparse.Namespace) -> int:
    """Write the workbook that a county fills in."""
    from dudao.law import framework_for
    from dudao_pipeline.commands.targets import check_workbook
    from dudao_pipeline.intake import template
    from dudao_pipeline.intake.county_names import code_of
    from dudao_pipeline.intake.submission import read_submission

    county = code_of(options.county)
    framework_for(options.year, county)
    check_workbook(options.output, overwrite=options.overwrite)
    workbook = template.build(county, _name(county), options.year)
    if options.last:
        template.fill_last_year(workbook, read_submission(options.last).tables)
    template.save(workbook, options.output)
    print(f"模板已写入：{options.output}")
    return DONE
