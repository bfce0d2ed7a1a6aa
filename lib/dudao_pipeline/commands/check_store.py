"""dudao check-store: every file of the store against its digest; mended from what is at hand."""

import argparse
import sys
from pathlib import Path

from dudao.base.errors import DudaoError, FactsError
from dudao_pipeline.commands.ingest import submissions_in
from dudao_pipeline.exit_codes import DONE, FAILED
from dudao_pipeline.intake.store_check import check_store, everything
from dudao_pipeline.intake.submission import read_submission


def main(options: argparse.Namespace) -> int:
    """Check the store; 1 where something stays damaged."""
    at_hand = _at_hand(options.paths)
    faults = list(check_store(at_hand))
    for fault in faults:
        print(fault, file=sys.stdout if fault.repaired else sys.stderr)
    left = sum(not fault.repaired for fault in faults)
    print(f"检查{len(everything())}份报送数据，发现{len(faults)}处问题，未修复{left}处。")
    if options.paths and not at_hand:
        raise FactsError("给出的文件中没有能读的报送表，没有可用来修复的。请检查路径。")
    return FAILED if left else DONE


def _at_hand(paths: list[Path]) -> dict:
    """Read the submissions that the user names; one that cannot be read is told and left out."""
    submissions = {}
    for path in submissions_in(paths) if paths else ():
        try:
            submission = read_submission(path)
        except DudaoError as error:
            print(error, file=sys.stderr)
            continue
        submissions[submission.digest] = submission
    return submissions
