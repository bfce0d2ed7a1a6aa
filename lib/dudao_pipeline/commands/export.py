"""dudao export: a stored submission as a filled workbook."""

from __future__ import annotations

import argparse
import sys

from dudao_pipeline.exit_codes import DONE, FAILED


def main(options: argparse.Namespace) -> int:
    """Write what the store holds of a county and year into a workbook."""
    from dudao.facts import store
    from dudao.facts.tables import TABLES, Tables
    from dudao.law import EvaluationYear
    from dudao_pipeline.commands.targets import check_workbook
    from dudao_pipeline.intake import template
    from dudao_pipeline.intake.county_names import code_of

    check_workbook(options.output, overwrite=options.overwrite)
    county = code_of(options.county, {county for county, _ in store.submissions()})
    stored = store.read(county, options.year)
    tables = Tables(
        county=county,
        year=EvaluationYear(options.year),
        file=options.output.name,
        **{name: getattr(stored, name) for name in TABLES},
    )
    workbook = template.build(county, stored.meta["county_name"], options.year, stored.area)
    lost = template.fill(workbook, tables)
    template.fill_origin(workbook, stored.meta)
    template.save(workbook, options.output)
    print(f"已导出：{options.output}")
    for line in lost:
        print(f"报送表中没有位置，未写入：{line}", file=sys.stderr)
    return FAILED if lost else DONE
