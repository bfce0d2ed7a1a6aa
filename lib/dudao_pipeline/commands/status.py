"""dudao status: which results are current, which must be made anew, and what has changed."""

import argparse
from collections import Counter

from dudao.base import workspace
from dudao_pipeline.commands.run import selected
from dudao_pipeline.exit_codes import DONE, FAILED
from dudao_pipeline.runner.selection import expand

SHOWN = 50  # jobs listed one by one


def main(options: argparse.Namespace) -> int:
    """Print counts and reasons, for up to 50 jobs one by one; 1 if something must run."""
    plan = expand(*selected(options))
    print(f"最新{len(plan.unchanged)}，需运行{len(plan.jobs)}，未列入{len(plan.left_out)}")
    for reason, count in Counter(plan.reasons.values()).most_common():
        print(f"  {reason}：{count}册")
    for job in plan.jobs[:SHOWN]:
        print(f"{job}：{plan.reasons[job]}")
    uncollected = {folder: why for folder, why in sorted(plan.uncollected.items()) if why}
    for folder, why in uncollected.items():
        print(f"{folder.relative_to(workspace.outputs())}：{why}，运行 dudao run 即重新汇总")
    if len(plan.jobs) > SHOWN:
        print(f"另有{len(plan.jobs) - SHOWN}册，可用 --county、--notebook 缩小范围查看。")
    return FAILED if plan.jobs or uncollected else DONE
