"""What one cell says: a number with its qualifier, nothing, or "does not apply"."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass

REPORTED, MISSING, NOT_APPLICABLE = "reported", "missing", "not_applicable"
NOT_APPLICABLE_WORDS = frozenset({"不涉及", "不适用"})

# A qualifier says what the printed number is: a floor, a ceiling, or only about right.
FLOOR, CEILING, VAGUE = "floor", "ceiling", "vague"
_BEFORE = {"近": CEILING, "不足": CEILING, "约": VAGUE}
_AFTER = {"以上": FLOOR, "余": FLOOR, "多": FLOOR, "以下": CEILING, "左右": VAGUE}
_CELL = re.compile(
    rf"^({'|'.join(_BEFORE)})?(-?\d+(?:\.\d+)?)({'|'.join(_AFTER)})?$",
)


@dataclass(frozen=True)
class Cell:
    """A parsed cell: value (NaN unless reported), status, and the printed qualifier."""

    value: float
    status: str
    qualifier: str = ""


def bound(qualifier: str) -> str:
    """Return what a qualifier makes of a number: exact (""), floor, ceiling or vague."""
    words = [word for word in (*_BEFORE, *_AFTER) if word in qualifier]
    kinds = {({**_BEFORE, **_AFTER})[word] for word in words}
    if not kinds:
        return ""
    return kinds.pop() if len(kinds) == 1 else VAGUE


def parse(text: str) -> Cell | None:
    """Read one cell: empty is missing, 不涉及 does not apply, else a number; None if unreadable."""
    plain = unicodedata.normalize("NFKC", text).strip().replace(",", "")
    if not plain:
        return Cell(math.nan, MISSING)
    if plain in NOT_APPLICABLE_WORDS:
        return Cell(math.nan, NOT_APPLICABLE)
    match = _CELL.match(plain)
    if match is None:
        return None
    before, number, after = match.groups()
    qualifier = "…".join(filter(None, (before, after))) if before and after else before or after
    return Cell(float(number), REPORTED, qualifier or "")
