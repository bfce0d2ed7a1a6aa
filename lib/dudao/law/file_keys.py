"""What may stand in a law file: required and allowed keys, and the form of areas."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from dudao.base.errors import nearest
from dudao.law.areas import NATIONAL, areas_of

HELP = "docs/load-your-scheme.md"
_AREA = re.compile(r"\d{2}|\d{4}|\d{6}")


def key_problem(raw: object, where: str, required: Iterable[str], allowed: Iterable[str]) -> str:
    """Return what is wrong with the keys of one entry, or nothing."""
    needed = tuple(required)
    keys = (*needed, *allowed)
    if not isinstance(raw, dict):
        return f"{where}应写成“名称: 内容”的条目"
    if lacking := [key for key in needed if key not in raw]:
        return f"{where}缺少“{'、'.join(lacking)}”"
    unknown = [str(key) for key in raw if key not in keys]
    return f"{where}有不认识的“{unknown[0]}”{nearest(unknown[0], keys)}" if unknown else ""


def list_problem(raw: dict[str, Any], where: str, keys: Iterable[str]) -> str:
    """Return which entry should be a list and is not, or is empty; else nothing."""
    wrong = [key for key in keys if not isinstance(raw[key], list) or not raw[key]]
    return f"{where}的“{wrong[0]}”应是列表，至少一条" if wrong else ""


def area_problem(raw: object) -> str:
    """Return what is wrong with the areas of a file, or nothing: YAML reads unquoted as numbers."""
    if not isinstance(raw, str | list) or not raw:
        return f"area“{raw}”须是加引号的区划代码，或列表，如 area: '41'"
    odd = [a for a in areas_of(raw) if a != NATIONAL and not _is_code(a)]
    form = f"{NATIONAL}，或加引号的2位、4位、6位区划代码"
    return f"area“{odd[0]}”不是{form}" if odd else ""


def _is_code(area: object) -> bool:
    return isinstance(area, str) and bool(_AREA.fullmatch(area))
