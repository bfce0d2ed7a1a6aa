"""argparse in Chinese: its built-in words, the nearest command or option, full-width forms.

argparse takes its words from gettext; `speak_chinese` gives it ours, message by message. A message
that a newer Python adds stays English until it stands in argparse_words.csv.
"""

from __future__ import annotations

import argparse
import csv
import re
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

from dudao.base.errors import nearest
from dudao_pipeline.exit_codes import REFUSED

_WORDS = Path(__file__).with_name("argparse_words.csv")
# Dashes that a word processor or a full-width keyboard makes of two hyphens.
_DASHES = re.compile(r"^[-－–—―−]+(?=[A-Za-z])")


def speak_chinese() -> None:
    """Give argparse our words instead of those of the system's language."""
    with _WORDS.open(encoding="utf-8", newline="") as file:
        words = dict(csv.reader(file))
    argparse._ = lambda text: words.get(text, text)
    argparse.ngettext = lambda one, many, count: words.get(one if count == 1 else many, many)


def whole_number(text: str) -> int:
    """Read a whole number, in full width too."""
    return int(unicodedata.normalize("NFKC", text))


def folded(text: str) -> str:
    """Return a text in half width without blanks at its ends: a code, a day, a name of a county."""
    return unicodedata.normalize("NFKC", text).strip()


def words_of(text: str) -> list[str]:
    """Return the words of a list, set apart by commas of either width."""
    return [word.strip() for word in text.replace("，", ",").split(",") if word.strip()]


def path(text: str) -> Path:
    """Read a path; an empty one would be the folder that the user happens to be in."""
    if not text.strip():
        raise ValueError
    return Path(text)


# argparse names the type of a value that cannot be read.
whole_number.__name__ = "应是整数"
path.__name__ = "应是路径"


class Parser(argparse.ArgumentParser):
    """A parser that a user meets in Chinese."""

    def error(self, message: str):
        """End with what is wrong and where the usage stands."""
        self.exit(REFUSED, f"参数有误：{message}。\n运行 {self.prog} --help 查看用法。\n")

    def add_argument(self, *names, **how):
        """Add an argument; a value that it takes is called so in Chinese."""
        if names[0].startswith("-") and how.get("action", "store") in ("store", "append"):
            kinds = {path: "路径", whole_number: "数"}
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
