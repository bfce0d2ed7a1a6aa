"""Whose rule it is: what a reader needs to see that a local rule took the national one's place."""

from __future__ import annotations

from dudao.base import reference
from dudao.law.areas import NATIONAL

_PROVINCE, _CITY = 2, 4


def area_name(area: str) -> str:
    """Return the name of a province, city or county by its code; the code where it has none."""
    if area == NATIONAL:
        return "全国"
    inside = next((c for code, c in reference.counties().items() if code.startswith(area)), None)
    if inside is None:
        return f"代码{area}地区"
    return {_PROVINCE: inside.province, _CITY: inside.city}.get(len(area), inside.name)


def area_mark(area: str) -> str:
    """Return 【河南省标准】 for a local rule, nothing for a national one."""
    return "" if area == NATIONAL else f"【{area_name(area)}标准】"
