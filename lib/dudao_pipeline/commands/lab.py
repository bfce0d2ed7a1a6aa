"""dudao lab: the notebooks in JupyterLab, as working copies."""

import argparse
import os

from dudao_pipeline import lab


def main(options: argparse.Namespace) -> int:
    """Prepare the working copies and become JupyterLab, which then gets every signal itself."""
    base = lab.prepare(anew=options.anew)
    print(f"分析用的副本在：{base}（先打开“{lab.FIRST}”）。按 Ctrl-C 结束。", flush=True)
    os.chdir(base)
    command = lab.command(base, port=options.port, browser=not options.no_browser)
    os.execve(command[0], command, lab.environment(base))
