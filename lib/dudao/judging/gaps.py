"""How much is missing: the least amount whose supply makes a check pass, one unit less does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dudao.facts.items import describe
from dudao.indicators.measure import Measure, Remedy
from dudao.judging.compare import compare
from dudao.judging.results import MET, Gap
from dudao.law import Threshold

MOST_STEPS = 10**15  # more than any county can supply


def _remedy(measure: Measure, rule: Threshold, threshold: float) -> Remedy | None:
    falls_short = rule.compare in (">=", ">") or (
        rule.compare == "==" and measure.value < threshold
    )
    return measure.raised_by if falls_short else measure.lowered_by


def _least(passes: Callable[[int], bool], most: float) -> int | None:
    """Return the least whole number that passes; None where none up to the most does."""
    low, high, limit = 0, 1, int(min(most, MOST_STEPS))
    while not passes(min(high, limit)):
        if high >= limit:
            return None
        low, high = high, high + high
    high = min(high, limit)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if passes(middle) else (middle, high)
    return high


def gap_of(measure: Measure, rule: Threshold, threshold: float) -> Gap | None:
    """Return the least supply with which a failed check is met, judged by the comparer itself.

    None where nothing can be supplied, or where print gives a bound instead of the value.
    """
    remedy = _remedy(measure, rule, threshold)
    if remedy is None or measure.bound:
        return None
    step = 10**-rule.decimals if remedy.step is None else remedy.step

    def passes(steps: int) -> bool:
        supplied = replace(measure, value=remedy.after(steps * step))
        return compare(supplied, rule, threshold) == MET

    steps = _least(passes, remedy.most / step)
    if not steps:
        return None
    what = describe(remedy.item, remedy.stage) if remedy.item else ""
    return Gap(round(steps * step, 9), remedy.unit, remedy.per_unit < 0, what)
