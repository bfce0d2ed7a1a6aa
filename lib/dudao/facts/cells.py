"""What a cell was read as: reported, missing or not applicable; exact or a bound; a day."""

import re
from datetime import date

from dudao.base.rounding import fixed, plain
from dudao.facts.plain_text import BLANKS, half_width

REPORTED, MISSING, NOT_APPLICABLE = "reported", "missing", "not_applicable"

# A qualifier says what the printed number is: a floor, a ceiling, or only about right.
FLOOR, CEILING, VAGUE = "floor", "ceiling", "vague"
BEFORE = {"近": CEILING, "不足": CEILING, "约": VAGUE}
BETWEEN = ("余", "多")  # of those behind a number, what stands before its unit
AFTER = {"以上": FLOOR, "余": FLOOR, "多": FLOOR, "以下": CEILING, "左右": VAGUE}
# A universal word (概括性表述) states a figure that nobody printed, to be proved (待证) by those
# behind it: 100 per cent of what it is said of, or a count of zero (no unit).
UNIVERSAL = {
    **dict.fromkeys(("全部", "全部开通", "全覆盖", "全面覆盖", "全面推行", "全面落实"), "%"),
    **dict.fromkeys(("全部达标", "全部配备", "开齐开足", "完全满足", "应入尽入"), "%"),
    **dict.fromkeys(("全面清零", "动态清零", "全部清零"), ""),
}
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


def words_around(qualifier: str) -> tuple[str, str, str]:
    """Return what a qualifier puts before a number, between it and its unit, and behind both."""
    before = next((word for word in BEFORE if qualifier.startswith(word)), "")
    after = next((word for word in AFTER if qualifier.endswith(word)), "")
    return (before, after, "") if after in BETWEEN else (before, "", after)


def qualified(value: float | str, qualifier: str, unit: str = "") -> str:
    """Return a number with unit and the words print puts around it: 近2000余万元, 90%以上.

    value: a number, or as it is printed. Other words stand for the number in print, as in
    100%（“开齐开足”）.
    """
    number = value if isinstance(value, str) else plain(value)
    before, between, behind = words_around(qualifier)
    if not number:
        return ""
    if qualifier == number:  # the word itself is printed
        return f"{number}{unit}"
    if qualifier.replace("…", "") != before + between + behind:
        return f"{number}{unit}（“{qualifier}”）"
    return f"{before}{number}{between}{unit}{behind}"


def figure_text(value: float, unit: str, qualifier: str = "", decimals: int | None = None) -> str:
    """Return a value with unit and qualifier, as reported or at some decimals; empty for NaN."""
    number = plain(value) if decimals is None else fixed(value, decimals)
    return qualified(number, qualifier, unit)
