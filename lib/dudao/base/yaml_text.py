"""YAML files: the program's own, and those handed in, with limits and one kind of error."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from dudao.base.errors import DudaoError

LARGEST, DEEPEST, MOST_ALIASES = 4_000_000, 40, 1000  # characters, levels, repeated parts
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_OPENING = (yaml.MappingStartEvent, yaml.SequenceStartEvent)
_CLOSING = (yaml.MappingEndEvent, yaml.SequenceEndEvent)


class UnfitError(yaml.YAMLError):
    """A YAML text is larger, deeper or more repetitive than any file of ours needs to be."""


def load(text: str) -> Any:
    """Return what a YAML text says; yaml.YAMLError where it cannot be read, whatever the reason."""
    if len(text) > LARGEST:
        raise UnfitError(f"内容超过{LARGEST}字")
    try:
        _check(text)
        return yaml.load(text, Loader=_LOADER)
    except yaml.YAMLError:
        raise
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError) as error:
        raise UnfitError("有不能理解的写法") from error
    except ValueError as error:  # a day that is none, a number too long
        raise UnfitError("有写错的日期或数字") from error


def read_given(
    content: bytes, name: str, error: type[DudaoError], step: str = "请更正后重试。"
) -> Any:
    """Return what a YAML file that was handed in says; an error names it, and the line at fault.

    name: what a reader calls the file. step: what to do about a text that cannot be read.
    """
    try:
        return load(content.decode("utf-8"))
    except UnicodeDecodeError:
        raise error(f"{name} 不是UTF-8编码。请另存为UTF-8后重试。") from None
    except yaml.YAMLError as fault:
        raise error(f"{name} 无法解析：{explain(fault)}。{step}") from None


@cache
def read_own(path: Path) -> Any:
    """Return what a YAML file of the program says; it is read once, and nobody may change it."""
    return load(path.read_text(encoding="utf-8"))


# What libyaml and PyYAML say, and what a reader of Chinese needs to know of it.
_WORDS = (
    ("mapping values are not allowed", "一行中有两个英文冒号，或缩进不对；带冒号的内容请加引号"),
    ("could not find expected ':'", "缺少英文冒号，应写成“名称: 内容”"),
    ("did not find expected key", "缩进不对，或缺少引号、括号"),
    ("did not find expected ',' or", "方括号或花括号没有配对"),
    ("expected ',' or", "方括号或花括号没有配对"),
    ("did not find expected", "引号、括号没有配对，或缩进不对"),
    ("expected <block end>", "缩进不对，或缺少引号"),
    ("unexpected end of stream", "引号没有配对"),
    ("found character that cannot start", "用了不能开头的字符（如制表符、@、`）；请加引号"),
    ("found a tab character", "缩进用了制表符，请改用空格"),
    ("found unknown escape", "双引号中的反斜杠写法不对，请改用单引号"),
    ("control characters are not allowed", "有看不见的控制字符"),
    ("special characters are not allowed", "有看不见的控制字符"),
    ("could not determine a constructor", "用了不允许的标记（!）"),
    ("undefined alias", "用了未定义的引用（*）"),
    ("unhashable key", "名称不能是列表"),
    ("expected a single document", "一个文件中只能有一份内容，请删去“---”"),
)


def explain(error: yaml.YAMLError) -> str:
    """Return why a YAML text cannot be read, in Chinese, with its line where that is told."""
    if isinstance(error, UnfitError):
        return str(error)
    reason = str(error)
    why = next((words for english, words in _WORDS if english in reason), "不合YAML的写法")
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    return why if mark is None else f"第{mark.line + 1}行附近{why}"


def _check(text: str) -> None:
    depth = aliases = 0
    for event in yaml.parse(text, Loader=_LOADER):
        depth += isinstance(event, _OPENING) - isinstance(event, _CLOSING)
        aliases += isinstance(event, yaml.AliasEvent)
        if depth > DEEPEST:
            raise UnfitError(f"嵌套超过{DEEPEST}层")
        if aliases > MOST_ALIASES:
            raise UnfitError(f"引用超过{MOST_ALIASES}处")
