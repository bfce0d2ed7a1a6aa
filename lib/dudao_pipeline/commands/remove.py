"""dudao remove: take a submission out of the store, with its versions kept in an archive."""

import argparse
import os

from dudao.base import workspace
from dudao_pipeline.commands.comparison import refresh_comparison
from dudao_pipeline.commands.targets import stored_county
from dudao_pipeline.exit_codes import DONE, FAILED
from dudao_pipeline.intake.storing import remove


def main(options: argparse.Namespace) -> int:
    """Remove a county's submission of a year; say where it is kept and what to do next."""
    county = stored_county(options.county)
    removed = remove(county, options.year, options.reason)
    message = f"已移出数据库，共{removed.versions}版，存档在 {removed.archive}"
    print(f"{county}-{options.year}：{message}")
    is_fresh = refresh_comparison(os.cpu_count() or 1)
    if (workspace.outputs() / str(options.year) / county).is_dir():
        print("请运行 dudao run 和 dudao publish：撤下这个县的附件，并更新各县的比较。")
    return DONE if is_fresh else FAILED
