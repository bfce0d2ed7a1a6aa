"""dudao template: an empty workbook for a county and year, with last year's values if there are."""

from __future__ import annotations

import argparse
import re

from dudao.base.errors import ParameterError, nearest
from dudao_pipeline.exit_codes import DONE


def _name(county: str) -> str:
    from dudao.base.reference import counties
    from dudao_pipeline.intake.origin import OWN_CODES

    if not re.fullmatch(r"\d{6}", county):
        raise ParameterError(f"县（区）代码“{county}”不是六位数字。")
    if county in counties():
        return counties()[county].full_name
    if county.startswith(OWN_CODES):
        return f"虚构县{county}"
    raise ParameterError(f"区划代码表中没有{county}{nearest(county, counties())}。")


def main(options: argparse.Namespace) -> int:
    """Write the workbook that a county fills in."""
    from dudao.law import framework_for
    from dudao_pipeline.intake import template
    from dudao_pipeline.intake.submission import read_submission

    framework_for(options.year, options.county)
    workbook = template.build(options.county, _name(options.county), options.year)
    if options.last:
        template.fill_last_year(workbook, read_submission(options.last).tables)
    template.save(workbook, options.output)
    print(f"模板已写入：{options.output}")
    return DONE
