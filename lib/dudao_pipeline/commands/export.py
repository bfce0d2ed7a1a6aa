"""dudao export: a stored submission as a filled workbook."""

import argparse
import sys

from dudao.facts import store
from dudao_pipeline.commands.targets import check_workbook, stored_county
from dudao_pipeline.exit_codes import DONE, FAILED
from dudao_pipeline.intake import template


def main(options: argparse.Namespace) -> int:
    """Write what the store holds of a county and year into a workbook."""
    check_workbook(options.output, overwrite=options.overwrite)
    county = stored_county(options.county)
    stored = store.read(county, options.year)
    workbook, lost = template.of_submission(stored, county, options.year, options.output.name)
    template.save(workbook, options.output)
    print(f"已导出：{options.output}")
    for line in lost:
        print(f"报送表中没有位置，未写入：{line}", file=sys.stderr)
    return FAILED if lost else DONE
