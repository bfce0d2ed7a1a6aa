"""What one cell says: a number with its qualifier, nothing, or "does not apply"."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from datetime import date

REPORTED, MISSING, NOT_APPLICABLE = "reported", "missing", "not_applicable"
NOT_APPLICABLE_WORDS = frozenset({"不涉及", "不适用"})
MISSING_WORDS = frozenset({"-", "--", "—", "——", "–", "/", "\\", "无", "暂无", "未统计", "缺"})

# A qualifier says what the printed number is: a floor, a ceiling, or only about right.
FLOOR, CEILING, VAGUE = "floor", "ceiling", "vague"
_BEFORE = {"近": CEILING, "不足": CEILING, "约": VAGUE}
_AFTER = {"以上": FLOOR, "余": FLOOR, "多": FLOOR, "以下": CEILING, "左右": VAGUE}
_SCALES = {"万": 10_000.0, "亿": 100_000_000.0}
_SCALED_UNITS = {("万", "万元"): 1.0, ("亿", "万元"): 10_000.0, ("万", "元"): 10_000.0}
_CELL = re.compile(
    rf"^({'|'.join(_BEFORE)})?([+-]?\d+(?:\.\d+)?)(%|万|亿)?([^\d%]*?)({'|'.join(_AFTER)})?$"
)
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_THOUSANDS = re.compile(r"^[^\d]*\d{1,3}(?:,\d{3})+(?:\.\d+)?[^\d]*$")


def day_of(text: str) -> date | None:
    """Read a day, as in 2024-03-05 or 2024年3月5日; None if it is none."""
    match = _DAY.fullmatch(text.strip())
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


@dataclass(frozen=True)
class Cell:
    """A parsed cell: value (NaN unless reported), status, printed qualifier, and what was read."""

    value: float
    status: str
    qualifier: str = ""
    remark: str = ""


def bound(qualifier: str) -> str:
    """Return what a qualifier makes of a number: exact (""), floor, ceiling or vague."""
    words = [word for word in (*_BEFORE, *_AFTER) if word in qualifier]
    kinds = {({**_BEFORE, **_AFTER})[word] for word in words}
    if not kinds:
        return ""
    return kinds.pop() if len(kinds) == 1 else VAGUE


def _factor(mark: str, rest: str, unit: str) -> float | None:
    """Return what the written number is multiplied by to be in the unit; None if it cannot be."""
    if mark == "%":
        return 1.0 if unit in ("%", "百分点", "") and not rest else None
    if not mark:
        return 1.0 if rest in ("", unit) or not unit else None
    if unit == "万元":
        return _SCALED_UNITS[mark, unit] if rest in ("元", "") else None
    return _SCALES[mark] if rest in ("", unit) and unit != "%" else None


def _ambiguous(mark: str, rest: str, unit: str) -> bool:
    """Say whether 1.2万 in a column of 万元 may mean 1.2 or 12000: nobody can know."""
    return bool(mark in _SCALES and unit == "万元" and not rest)


def _reported(plain: str, unit: str) -> Cell | None:
    match = _CELL.match(plain)
    if match is None:
        return None
    before, number, mark, rest, after = (part or "" for part in match.groups())
    factor = None if _ambiguous(mark, rest, unit) else _factor(mark, rest, unit)
    if factor is None:
        return None
    value = round(float(number) * factor, 9)
    qualifier = "…".join(filter(None, (before, after))) if before and after else before or after
    converted = f"原填“{plain}”" if factor != 1 else ""
    return Cell(value, REPORTED, qualifier, converted)


def _narrow(text: str) -> str:
    """Return a text without blanks and in half width; ㎡ stays one sign, not m and a digit."""
    return unicodedata.normalize("NFKC", text).replace("m2", "㎡").replace(" ", "")


def parse(text: str, unit: str = "") -> Cell | None:
    """Read one cell of a unit; None if it cannot be known what is meant.

    Empty, — and 无 are missing; 不涉及 does not apply; full-width digits, thousands separators,
    the unit itself, %, 万 and 亿 are read; a number written in another unit is not.
    """
    plain, unit = (_narrow(word) for word in (text, unit))
    if "," in plain:
        if not _THOUSANDS.match(plain):
            return None
        plain = plain.replace(",", "")
    if not plain:
        return Cell(math.nan, MISSING)
    if plain in MISSING_WORDS:
        return Cell(math.nan, MISSING, remark=f"原填“{text.strip()}”，按未报处理")
    if plain in NOT_APPLICABLE_WORDS:
        return Cell(math.nan, NOT_APPLICABLE)
    return _reported(plain, unit)
