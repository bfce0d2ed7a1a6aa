"""Write docs/commands.zh-CN.md from the command line's own help: each option is described once.

`python tools/write_command_docs.py` writes the page; a test compares it with the parser.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from dudao_pipeline.cli import _parser

PAGE = Path(__file__).parents[1] / "docs" / "commands.zh-CN.md"
HEAD = """\
# 命令

本页由 `python tools/write_command_docs.py` 从程序自带的说明写成，与 `dudao 命令 --help` 相同。
命令在 `.venv/bin/dudao`。
退出码：0 完成；1 有失败或待处理的事项；2 参数或数据被拒绝；3 程序出错，日志的位置写在最后一行。
"""


def commands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """Return the parser of every command by name."""
    action = next(one for one in parser._actions if isinstance(one, argparse._SubParsersAction))
    return dict(action.choices)


def _summaries(parser: argparse.ArgumentParser) -> dict[str, str]:
    action = next(one for one in parser._actions if isinstance(one, argparse._SubParsersAction))
    return {choice.dest: choice.help or "" for choice in action._choices_actions}


def _written(action: argparse.Action) -> str:
    """Return an option or argument as it is typed."""
    value = action.metavar or ("…" if action.nargs != 0 else "")
    value = " ".join(value) if isinstance(value, tuple) else value
    if not action.option_strings:
        return f"`{value}`"
    names = "、".join(f"`{name}`" for name in action.option_strings)
    return f"{names} {value}" if value and action.nargs != 0 else names


def _rows(command: argparse.ArgumentParser) -> Iterator[str]:
    for action in command._actions:
        if isinstance(action, argparse._HelpAction):
            continue
        text = (action.help or "").replace("|", "／").replace("%%", "%")
        default = action.default
        hidden = default in (None, "", False, argparse.SUPPRESS) or isinstance(default, list)
        computed = action.dest == "workers"  # depends on the machine
        if not (hidden or computed or "默认" in text):
            text = f"{text}；默认 {default}"
        yield f"| {_written(action)} | {'必填。' if action.required else ''}{text} |"


def page() -> str:
    """Return the page as text."""
    parser = _parser()
    summaries = _summaries(parser)
    parts = [HEAD]
    for name, command in commands(parser).items():
        rows = list(_rows(command))
        table = ["| 参数 | 说明 |", "|---|---|", *rows] if rows else ["没有参数。"]
        parts.append("\n".join([f"## dudao {name}", "", f"{summaries[name]}。", "", *table, ""]))
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE.name)
