"""Names of what does not exist; every one says so (虚构)."""

from __future__ import annotations

FICTIONAL = "虚构"
_DIGITS = "零一二三四五六七八九"
SCHOOL_NAMES = {
    "小学": "小学",
    "教学点": "教学点",
    "初级中学": "初级中学",
    "九年一贯制学校": "九年一贯制学校",
    "完全中学": "完全中学",
    "十二年一贯制学校": "十二年一贯制学校",
}


def numeral(number: int) -> str:
    """Return 1 to 99 in Chinese: 一, 十二, 三十."""
    tens, ones = divmod(number, 10)
    before = "" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return before + (_DIGITS[ones] if ones else "")


def county_name(code: str) -> str:
    """Return a county's name with its code."""
    return f"{FICTIONAL}县{code}"


def school_name(kind: str, number: int) -> str:
    """Return a school's name by its kind and its number among them."""
    return f"{FICTIONAL}第{numeral(number)}{SCHOOL_NAMES[kind]}"


def kindergarten_name(number: int, on_farm: bool) -> str:
    """Return a kindergarten's name."""
    return f"{FICTIONAL}{'农场' if on_farm else ''}第{numeral(number)}幼儿园"
