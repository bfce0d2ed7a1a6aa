"""dudao lab: the notebooks in JupyterLab, as working copies."""

from __future__ import annotations

import argparse
import subprocess

from dudao_pipeline import lab
from dudao_pipeline.exit_codes import DONE, FAILED


def main(options: argparse.Namespace) -> int:
    """Prepare the working copies and run JupyterLab until it is closed."""
    base = lab.prepare(anew=options.anew)
    print(f"分析用的副本在：{base}（先打开“{lab.FIRST}”）。按 Ctrl-C 结束。")
    started = lab.command(base, port=options.port, browser=not options.no_browser)
    try:
        code = subprocess.run(started, env=lab.environment(base), cwd=base, check=False).returncode
    except KeyboardInterrupt:
        return DONE
    return FAILED if code else DONE
