"""argparse in Chinese: its built-in words, the nearest command or option, full-width forms.

argparse takes its words from gettext; `speak_chinese` gives it ours, message by message. A message
that a newer Python adds stays English until it stands in `_WORDS`.
"""

from __future__ import annotations

import argparse
import re
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

from dudao.base.errors import nearest

REFUSED = 2
_WORDS = {
    "usage: ": "用法：",
    "positional arguments": "参数",
    "optional arguments": "选项",
    "options": "选项",
    "subcommands": "命令",
    "show this help message and exit": "显示本说明并退出",
    "show program's version number and exit": "显示版本并退出",
    " (default: %(default)s)": "（默认：%(default)s）",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s：%(message)s",
    "the following arguments are required: %s": "缺少必填项：%s",
    "one of the arguments %s is required": "以下各项须填一项：%s",
    "unrecognized arguments: %s": "多余的参数：%s",
    "expected one argument": "后面要写一个值",
    "expected at most one argument": "后面最多写一个值",
    "expected at least one argument": "后面至少写一个值",
    "expected %s argument": "后面要写%s个值",
    "expected %s arguments": "后面要写%s个值",
    "not allowed with argument %s": "不能与 %s 同用",
    "ignored explicit argument %r": "后面不带值，却写了%r",
    "ambiguous option: %(option)s could match %(matches)s": (
        "选项“%(option)s”不完整，可能是：%(matches)s"
    ),
    "unexpected option string: %s": "多余的选项：%s",
    "invalid choice: %(value)r (choose from %(choices)s)": (
        "“%(value)s”不是可选的值，可选：%(choices)s"
    ),
    "unknown parser %(parser_name)r (choices: %(choices)s)": (
        "没有命令“%(parser_name)s”，可用：%(choices)s"
    ),
    "invalid %(type)s value: %(value)r": "“%(value)s”%(type)s",
    "%(prog)s: error: %(message)s\n": "%(message)s\n",
    "can't open '%(filename)s': %(error)s": "打不开“%(filename)s”：%(error)s",
    "can't open '%s': %s": "打不开“%s”：%s",
}
# Dashes that a word processor or a full-width keyboard makes of two hyphens.
_DASHES = re.compile(r"^[-－–—―−]+(?=[A-Za-z])")


def speak_chinese() -> None:
    """Give argparse our words instead of those of the system's language."""
    argparse._ = lambda text: _WORDS.get(text, text)
    argparse.ngettext = lambda one, many, count: _WORDS.get(one if count == 1 else many, many)


def whole_number(text: str) -> int:
    """Read a whole number, in full width too."""
    return int(unicodedata.normalize("NFKC", text))


def folded(text: str) -> str:
    """Return a text in half width without blanks at its ends: a code, a day, a name of a county."""
    return unicodedata.normalize("NFKC", text).strip()


# argparse names the type of a value that cannot be read.
whole_number.__name__ = "应是整数"


class Parser(argparse.ArgumentParser):
    """A parser that a user meets in Chinese."""

    def error(self, message: str):
        """End with what is wrong and where the usage stands."""
        self.exit(REFUSED, f"参数有误：{message}。\n运行 {self.prog} --help 查看用法。\n")

    def add_argument(self, *names, **how):
        """Add an argument; a value that it takes is called so in Chinese."""
        if names[0].startswith("-") and how.get("action", "store") in ("store", "append"):
            kinds = {Path: "路径", whole_number: "数"}
            how.setdefault("metavar", kinds.get(how.get("type"), "值"))
        return super().add_argument(*names, **how)

    def _check_value(self, action: argparse.Action, value: object) -> None:
        """Refuse a value that is no choice, with the nearest; argparse asks this of every value."""
        if action.choices is None or value in action.choices:
            return
        choices = list(map(str, action.choices))
        kind = "命令" if isinstance(action, argparse._SubParsersAction) else "可选值"
        hint = nearest(str(value), choices) or f"，可用：{'、'.join(choices)}"
        raise argparse.ArgumentError(None, f"没有{kind}“{value}”{hint}")

    def parse_args(self, args: Sequence[str], namespace: argparse.Namespace | None = None):
        """Read arguments; a misspelt option is named before what is missing because of it."""
        asked = [_DASHES.sub("--", text) if _is_long(text) else text for text in args]
        for parser, text in self._unknown(asked):
            options = parser._long_options()
            hint = nearest(text, options) or f"，可用：{'、'.join(options)}"
            parser.error(f"没有选项“{text}”{hint}")
        return super().parse_args(asked, namespace)

    def _unknown(self, asked: Sequence[str]) -> Iterator[tuple[Parser, str]]:
        """Yield the options that a command does not have, with its parser."""
        parser = self
        for text in asked:
            if text == "--":
                return
            subparsers = (a.choices for a in parser._actions if a.dest == "command")
            commands = dict(next(subparsers, {}))
            if text in commands:
                parser = commands[text]
            elif text.startswith("--"):
                name, options = text.partition("=")[0], parser._long_options()
                if not any(option.startswith(name) for option in options):
                    yield parser, name

    def _long_options(self) -> list[str]:
        return [option for option in self._option_string_actions if option.startswith("--")]


def _is_long(text: str) -> bool:
    """Say whether a text begins as an option that some program's dash took the place of."""
    dashes = _DASHES.match(text)
    return dashes is not None and bool(dashes[0].strip("-"))
