"""dudao example: fictional counties, the same for the same seed."""

from __future__ import annotations

import argparse

from dudao.cli import DONE


def main(options: argparse.Namespace) -> int:
    """Write fictional counties as CSV twins, or as workbooks."""
    from dudao import example

    asked = (options.counties, options.years, options.seed, options.last_year)
    for county in example.make(*asked):
        example.write(county, options.output)
    print(f"虚构数据已写入：{options.output}")
    return DONE
