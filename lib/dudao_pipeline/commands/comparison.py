"""What every county is compared with, brought up to date; what fails there stops nothing else."""

import sys

from dudao_pipeline.boundary import report


def refresh_comparison(workers: int) -> bool:
    """Compute the measures of every year anew where they are not fresh; say whether that worked.

    Without them a reader counts in memory, which is slower and right.
    """
    from dudao_pipeline.runner.ranks_refresh import refresh_ranks

    try:
        refresh_ranks(workers)
    except Exception as error:
        subject = "各县相比的数据没有写成（已入库的数据不受影响）"
        print(report(error, subject), file=sys.stderr)
        return False
    return True
