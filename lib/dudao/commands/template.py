"""dudao template: an empty workbook for a county and year, with last year's values if there are."""

from __future__ import annotations

import argparse
import re

from dudao.cli import DONE
from dudao.errors import ParameterError, nearest


def _name(county: str) -> str:
    from dudao.facts.origin import OWN_CODES
    from dudao.reference import counties

    if not re.fullmatch(r"\d{6}", county):
        raise ParameterError(f"县（区）代码“{county}”不是六位数字。")
    if county in counties():
        return counties()[county].full_name
    if county.startswith(OWN_CODES):
        return f"虚构县{county}"
    raise ParameterError(f"区划代码表中没有{county}{nearest(county, counties())}。")


def main(options: argparse.Namespace) -> int:
    """Write the workbook that a county fills in."""
    from dudao.facts import template
    from dudao.facts.submission import read_submission
    from dudao.law import framework_for

    framework_for(options.year, options.county)
    workbook = template.build(options.county, _name(options.county), options.year)
    if options.last:
        template.fill_last_year(workbook, read_submission(options.last).tables)
    template.save(workbook, options.output)
    print(f"模板已写入：{options.output}")
    return DONE
