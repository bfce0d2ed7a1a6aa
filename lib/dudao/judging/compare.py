"""The only place where a value meets a limit: one value, or the values of many schools."""

import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from dudao.base.rounding import round_half_up, round_half_up_all
from dudao.facts.cells import CEILING, FLOOR
from dudao.facts.sheet_layout import OUT_OF_SCOPE, TEACHING_POINT
from dudao.indicators.measure import Measure
from dudao.judging.results import MET, NOT_MET, UNDECIDED
from dudao.law import Threshold

# What a bounded value can still decide: "90 以上" meets >= 85 but leaves >= 95 open.
_DECIDES = {">=": {FLOOR: MET, CEILING: NOT_MET}, "<=": {FLOOR: NOT_MET, CEILING: MET}}

ROUNDED, BY_SIGN, UNROUNDED = "rounded", "by_sign", "unrounded"
WHOLE, EQUAL = 100, 1  # per cent of all; the ratio of two amounts that are the same

_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    ">": operator.gt,
    "<": operator.lt,
}


def holds(value: float | np.ndarray, compare: str, threshold: float | np.ndarray) -> Any:
    """Say whether a value, or each of several, satisfies an operator and a limit.

    Of several values, the result has their order.
    """
    return _OPERATORS[compare](value, threshold)


def decided_by(measure: Measure, rule: Threshold, threshold: float) -> str:
    """Return what of a value decides: rounded at the declared decimals, unless that would hide.

    A fall of 0.90 from 20000.00 is a fall, though the rate prints as 0.00 (its sign decides). Where
    all are due, one child of 23,270 without textbooks is one too few, though the share prints as
    100.00; what must not be below another amount is not by one yuan (the unrounded value decides).
    """
    if measure.sign_decides and threshold == 0:
        return BY_SIGN
    is_whole = rule.compare == ">=" and (rule.unit, threshold) in (("%", WHOLE), ("", EQUAL))
    return UNROUNDED if is_whole else ROUNDED


def meets(value: float, measure: Measure, rule: Threshold, threshold: float) -> bool:
    """Say whether a measure would meet a rule if it were this value, and no bound."""
    is_rounded = decided_by(measure, rule, threshold) == ROUNDED
    deciding = round_half_up(value, rule.decimals) if is_rounded else value
    return bool(holds(deciding, rule.compare, threshold))


def compare(measure: Measure, rule: Threshold, threshold: float) -> str:
    """Compare at the declared decimals; a bounded value decides only what its bound allows.

    A value of some schools fails a rule, and does not meet it for those that are not listed.
    """
    result = MET if meets(measure.value, measure, rule, threshold) else NOT_MET
    if measure.partial and result == MET:
        return UNDECIDED
    if not measure.bound:
        return result
    return result if _DECIDES.get(rule.compare, {}).get(measure.bound) == result else UNDECIDED


def meets_k_of_n(
    values: pd.DataFrame, limits: pd.Series, *, at_least: float, floor_percent: float, decimals: int
) -> pd.Series:
    """Say for each school: at least k of the limits met, every other at least the floor.

    values: index school, one column per limit. 1 met, 0 not met, NaN where a value is missing.
    Values count at the declared decimals; the floor is exact (85 % of 4.2 is 3.57).
    """
    decided = round_half_up_all(values[limits.index], decimals)
    enough = (decided >= limits).sum(axis=1) >= at_least
    above_floor = (decided >= (limits * floor_percent / 100).round(decimals + 3)).all(axis=1)
    return (enough & above_floor).astype(float).where(decided.notna().all(axis=1))


def in_scope(schools: pd.DataFrame, teaching_point_pupils: float) -> pd.Series:
    """Say for each school whether the comparison of schools covers it.

    schools: columns kind and enrolment. Special and vocational schools and teaching points below
    a number of pupils are outside; a teaching point without a number is not left out silently.
    """
    small = (schools["kind"] == TEACHING_POINT) & (schools["enrolment"] < teaching_point_pupils)
    return ~small & ~schools["kind"].isin(OUT_OF_SCOPE)


def meets_each(values: pd.Series, limits: pd.Series, rule: Threshold) -> pd.Series:
    """Say for each school: 1 met, 0 not met, NaN where its value is missing.

    values and limits: index school. A school without a limit (NaN) is outside the rule: NaN too.
    """
    decided = np.array([round_half_up(value, rule.decimals) for value in values.to_numpy(float)])
    asked = limits.to_numpy(float)
    met = holds(decided, rule.compare, asked)
    met = np.where(np.isnan(decided) | np.isnan(asked), np.nan, met)
    return pd.Series(met, index=values.index, name=values.name)
