"""YAML files: the program's own, and those handed in, with limits and one kind of error."""

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


def explain(error: yaml.YAMLError) -> str:
    """Return why a YAML text cannot be read, in Chinese, with its line where that is told."""
    if isinstance(error, UnfitError):
        return str(error)
    reason = str(error)
    listed = read_own(Path(__file__).with_name("yaml_words.yaml")).items()
    why = next((words for english, words in listed if english in reason), "不合YAML的写法")
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
