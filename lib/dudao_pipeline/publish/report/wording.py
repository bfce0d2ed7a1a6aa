"""The words of the report: ours, and an office's own laid over them."""

import string
from pathlib import Path

from dudao.base import failures, yaml_text
from dudao.base.errors import ParameterError, nearest

FILE = Path(__file__).with_name("wording.yaml")
Words = dict[str, "str | dict[str, str]"]


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


def _laid_over(ours: Words, theirs: Words, path: Path, above: str = "") -> Words:
    result = dict(ours)
    for name, text in theirs.items():
        entry = f"{above}{name}"
        if name not in ours:
            names = [str(key) for key in ours]
            raise ParameterError(
                f"措辞文件 {path} 中没有可用的名称“{entry}”{nearest(str(name), names)}。"
            )
        if isinstance(ours[name], dict) and isinstance(text, dict):
            result[name] = _laid_over(ours[name], text, path, f"{entry}.")
        else:
            result[name] = _checked(ours[name], text, f"措辞文件 {path} 的“{entry}”")
    return result


def _checked(ours: str | dict, text: object, entry: str) -> str:
    if isinstance(ours, dict) or not isinstance(text, str):
        raise ParameterError(f"{entry}应为{'下一级各行' if isinstance(ours, dict) else '文字'}。")
    try:
        unknown = sorted(_fields(text) - _fields(ours))
    except ValueError:
        raise ParameterError(f"{entry}的花括号不成对。") from None
    if unknown:
        allowed = "、".join(sorted(_fields(ours))) or "无"
        raise ParameterError(f"{entry}用了没有的字段“{unknown[0]}”，可用字段：{allowed}。")
    return text
