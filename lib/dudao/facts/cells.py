"""What a cell was read as: reported, missing or not applicable; exact or a bound; a day."""

from __future__ import annotations

import math
import re
from datetime import date

from dudao.base.rounding import plain
from dudao.facts.plain_text import BLANKS, half_width

REPORTED, MISSING, NOT_APPLICABLE = "reported", "missing", "not_applicable"

# A qualifier says what the printed number is: a floor, a ceiling, or only about right.
FLOOR, CEILING, VAGUE = "floor", "ceiling", "vague"
BEFORE = {"近": CEILING, "不足": CEILING, "约": VAGUE}
AFTER = {"以上": FLOOR, "余": FLOOR, "多": FLOOR, "以下": CEILING, "左右": VAGUE}
_DAY = re.compile(r"([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*日?")
_MINUS = str.maketrans({"\u2212": "-", "\u2010": "-", "\u2011": "-"})


def folded(text: str) -> str:
    """Return a text in half width without outer blanks; only full-width forms are folded."""
    return half_width(text).translate(_MINUS).strip(BLANKS + "\t\n")


def day_of(text: str) -> date | None:
    """Read a day, as in 2024-03-05 or 2024年3月5日; None if it is none."""
    match = _DAY.fullmatch(folded(text))
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def bound(qualifier: str) -> str:
    """Return what a qualifier makes of a number: exact (""), floor, ceiling or vague."""
    words = [word for word in (*BEFORE, *AFTER) if word in qualifier]
    kinds = {({**BEFORE, **AFTER})[word] for word in words}
    if not kinds:
        return ""
    return kinds.pop() if len(kinds) == 1 else VAGUE


def qualified(value: float, qualifier: str, unit: str = "") -> str:
    """Return a number with the words print puts around it, as in 近2000余 or 90以上.

    Other words stand for the number in print, as in 100%（“开齐开足”）.
    """
    before = next((word for word in BEFORE if qualifier.startswith(word)), "")
    after = qualifier.removeprefix(before).removeprefix("…")
    if math.isnan(value):
        return ""
    if after and after not in AFTER:
        return f"{plain(value)}{unit}（“{qualifier}”）"
    return f"{before}{plain(value)}{after}{unit}"
