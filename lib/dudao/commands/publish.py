"""dudao publish: every executed notebook as an appendix, the index, evidence if it is asked for."""

from __future__ import annotations

import argparse
import sys

from dudao.cli import DONE, FAILED


def main(options: argparse.Namespace) -> int:
    """Publish what was run; what is refused is named with its reason."""
    from dudao.publish.appendices import publish_all
    from dudao.publish.evidence import copy_evidence

    index, problems = publish_all()
    if options.evidence:
        problems += copy_evidence(options.evidence)
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"请用浏览器打开：{index}")
    return FAILED if problems else DONE
