"""The words of the report: ours, and an office's own laid over them."""

from __future__ import annotations

import os
import string
from pathlib import Path

from dudao.base import failures, yaml_text
from dudao.base.errors import ParameterError, nearest

FILE = Path(__file__).with_name("wording.yaml")
OWN_WORDING, OWN_LAYOUT = "DUDAO_WORDING", "DUDAO_LAYOUT"
Words = dict[str, "str | dict[str, str]"]


def own(variable: str) -> Path | None:
    """Return the words or the layout that an office lays over ours, if it named a file."""
    named = os.environ.get(variable)
    return Path(named) if named else None


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def wording(path: Path | None = None) -> Words:
    """Return the words of the report, with those of a file in place of ours.

    ParameterError names the line that is not one of ours, is no text, or has an unknown field.
    """
    ours: Words = yaml_text.read_own(FILE)
    return ours if path is None else _laid_over(ours, _read(path), path)


def _read(path: Path) -> Words:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ParameterError(f"读不了措辞文件：{failures.explain(error)}") from None
    words = yaml_text.read_given(content, f"措辞文件 {path}", ParameterError)
    if not isinstance(words, dict):
        raise ParameterError(f"措辞文件 {path} 应为“名称: 文字”的各行。可参照 {FILE.name}。")
    return words


def _laid_over(own: Words, theirs: Words, path: Path, above: str = "") -> Words:
    result = dict(own)
    for name, text in theirs.items():
        place = f"{above}{name}"
        if name not in own:
            names = [str(key) for key in own]
            raise ParameterError(
                f"措辞文件 {path} 中没有可用的名称“{place}”{nearest(str(name), names)}。"
            )
        if isinstance(own[name], dict) and isinstance(text, dict):
            result[name] = _laid_over(own[name], text, path, f"{place}.")
        else:
            result[name] = _checked(own[name], text, f"措辞文件 {path} 的“{place}”")
    return result


def _checked(own: str | dict, text: object, place: str) -> str:
    if isinstance(own, dict) or not isinstance(text, str):
        raise ParameterError(f"{place}应为{'下一级各行' if isinstance(own, dict) else '文字'}。")
    try:
        unknown = sorted(_fields(text) - _fields(own))
    except ValueError:
        raise ParameterError(f"{place}的花括号不成对。") from None
    if unknown:
        allowed = "、".join(sorted(_fields(own))) or "无"
        raise ParameterError(f"{place}用了没有的字段“{unknown[0]}”，可用字段：{allowed}。")
    return text
