"""Figures of a check as pages print them: value, standard and gap, from its record."""

from __future__ import annotations

import math

from dudao.base.rounding import fixed, plain
from dudao.show.words import OPERATORS

MONEY = ("元", "万元", "亿元")  # printed with both decimals: 2975.80元


def value_text(check: dict) -> str:
    """Return the value at the decimals at which it is judged; a missing one in words."""
    if check["value"] is None:
        return "缺数据"
    return f"{fixed(check['value'], check['decimals'])}{check['unit']}"


def limit_text(check: dict) -> str:
    """Return operator and standard; nothing where there is none."""
    if check["threshold"] is None:
        return ""
    return f"{OPERATORS[check['compare']]}{plain(check['threshold'])}{check['unit']}"


def gap_text(check: dict) -> str:
    """Return how much is missing, rounded up to what can be bought; nothing if nothing is."""
    if not check["gap"]:
        return ""
    amount, unit = check["gap"]["amount"], check["gap"]["unit"]
    cents = math.ceil(round(amount * 100, 6)) / 100
    text = fixed(cents, 2) if unit in MONEY else plain(cents, 2)
    return f"每生{text}{unit}" if unit == "元" else f"{text}{unit}"


def relative_gap(check: dict) -> float:
    """Return the distance from the standard as a part of it; 0 beside a zero standard."""
    if check["value"] is None or not check["threshold"]:
        return 0.0
    return abs(check["threshold"] - check["value"]) / abs(check["threshold"])


def points_of(check: dict) -> list[str]:
    """Return the points that a check decides."""
    points = check.get("points")
    return list(points) if points else check["point"].split("、")
