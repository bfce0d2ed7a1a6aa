"""Figures of a check as pages print them: value, standard and gap, from its record."""

from __future__ import annotations

from dudao.base.rounding import fixed, plain
from dudao.show.words import OPERATORS


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
    """Return how much is missing, as the results have it; nothing if nothing is."""
    return check["gap"]["text"] if check["gap"] else ""


def shortfall(check: dict) -> float:
    """Return |limit - value| / |limit|; beside a limit of zero, the value itself in percent."""
    if None in (check["threshold"], check["value"]):
        return 0.0
    away = abs(check["threshold"] - check["value"])
    return away / (abs(check["threshold"]) or 100)


def relative_gap(check: dict) -> float:
    """Return the distance from the standard as a part of it; 0 beside a zero standard."""
    return shortfall(check) if check["threshold"] else 0.0
