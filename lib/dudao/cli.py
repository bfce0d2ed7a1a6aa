"""The command line: dudao ingest | run | publish. Exit 0 done, 1 something failed, 2 refused."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from dudao.errors import DudaoError

DONE, FAILED, REFUSED = 0, 1, 2


class _Parser(argparse.ArgumentParser):
    """argparse in Chinese where a user meets it."""

    def error(self, message: str):
        self.exit(REFUSED, f"参数有误：{message}\n运行 {self.prog} --help 查看用法。\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="dudao", description="县级人民政府履行教育职责自查自评")
    commands = parser.add_subparsers(dest="command", required=True, metavar="命令")
    ingest = commands.add_parser("ingest", help="检查并导入报送数据")
    ingest.add_argument("folders", nargs="+", type=Path, metavar="文件夹")
    run = commands.add_parser("run", help="按县、年度、分册运行")
    run.add_argument("--county", default="all", help="六位代码或县名，逗号分隔；默认全部")
    run.add_argument("--year", default="all", help="评价年度，逗号分隔；默认全部")
    run.add_argument("--notebook", default="all", help="分册编号或名称，逗号分隔；默认全部")
    run.add_argument(
        *("-p", "--parameter"), nargs=2, action="append", default=[], metavar=("名称", "值")
    )
    run.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="并行进程数")
    run.add_argument("--dry-run", action="store_true", help="只列出要运行什么")
    commands.add_parser("publish", help="把运行结果发布为 HTML 附件和索引")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run one command; print a Chinese message and return an exit code."""
    options = _parser().parse_args(arguments)
    from dudao import commands

    try:
        return getattr(commands, options.command)(options)
    except DudaoError as error:
        print(error, file=sys.stderr)
        return REFUSED
