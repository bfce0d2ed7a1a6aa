"""The law's values as the drawing needs them: how far from a limit a county stands."""

from __future__ import annotations

import math
from functools import cache

from dudao.law import EvaluationYear, law_for

_NOISE = 6  # decimals beyond which binary noise lives


@cache
def latest(name: str) -> float:
    """Return the newest value of a national threshold."""
    return next(v.value for v in reversed(law_for().thresholds[name].values) if v.value is not None)


@cache
def in_force(name: str, data_year: int) -> float:
    """Return the value for a calendar year; before the first one, the first one."""
    threshold = law_for()[name]
    day = EvaluationYear(data_year + 1).law_date(threshold.date_rule)
    figures = threshold.at(day) if threshold.in_force(day) else threshold.values[0]
    return figures.value


@cache
def is_per_hundred(name: str) -> bool:
    """Say whether the threshold counts per hundred pupils."""
    return "百名" in law_for()[name].unit


def rate(name: str, margin: float) -> float:
    """Return a share between a limit in percent and the whole, or below it for margin < 0."""
    limit = latest(name) / 100
    return limit + (1 - limit) * margin if margin >= 0 else limit * (1 + margin)


def part(name: str, whole: int, margin: float) -> int:
    """Return the whole-number part of a whole that has such a share."""
    wanted = round(rate(name, margin) * whole, _NOISE)
    return min(whole, math.ceil(wanted)) if margin >= 0 else math.floor(wanted)


def at_least(name: str, margin: float, step: float) -> float:
    """Return a level that reaches a lower limit, or misses it by a step."""
    return latest(name) + (0 if margin >= 0 else -step)


def at_most(name: str, margin: float, step: float) -> float:
    """Return a level that keeps an upper limit, or exceeds it by a step."""
    limit = latest(name)
    return round(limit * (1 - 0.2 * margin)) if margin >= 0 else limit + step
