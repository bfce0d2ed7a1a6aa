"""dudao publish: every executed notebook as an appendix, and the index."""

from __future__ import annotations

import argparse
import sys

from dudao.cli import DONE, FAILED


def main(_options: argparse.Namespace) -> int:
    """Publish what was run; what is refused is named with its reason."""
    from dudao.publish.appendices import publish_all

    index, problems = publish_all()
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"请用浏览器打开：{index}")
    return FAILED if problems else DONE
