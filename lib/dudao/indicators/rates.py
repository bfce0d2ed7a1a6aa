"""Formulas shared by all indicators. Missing (NaN) is carried, never filled."""

import math
from fractions import Fraction
from typing import Any, TypeVar

import pandas as pd
from numpy.typing import NDArray

Numbers = TypeVar("Numbers", pd.Series, NDArray[Any])


def growth_percent(current: float, base: float) -> float:
    """Growth over the base year (增长率): (current / base - 1) x 100, in percent.

    A base of zero has no growth rate: NaN.
    """
    return (current / base - 1) * 100 if base else math.nan


def share_percent(part: float, whole: float) -> float:
    """Share of a part in the whole (占比): part / whole x 100, in percent; NaN for no whole."""
    return part / whole * 100 if whole else math.nan


def ratio(numerator: float, denominator: float) -> float:
    """Plain ratio of two quantities; NaN for a denominator of zero."""
    return numerator / denominator if denominator else math.nan


def per_hundred(amount: pd.Series, enrolment: pd.Series) -> pd.Series:
    """Amount per hundred pupils of each school (每百名学生拥有); index: schools."""
    return amount / enrolment.where(enrolment > 0) * 100


def round_up(amounts: Numbers) -> Numbers:
    """Round up to whole units; binary noise does not count as a unit, NaN stays NaN.

    amounts: an array, or a series, whose index stays as it is.
    """
    return -(-amounts.round(7) // 1) + 0.0


def coefficient_of_variation(amount: pd.Series, enrolment: pd.Series) -> float:
    """Between-school coefficient of variation (校际差异系数), weighted by enrolment.

    X_i = x_i / P_i, X = sum(x_i) / sum(P_i), S = sqrt(sum(P_i / P_N (X_i - X)^2)), CV = S / X.
    NaN if any school lacks a value, if there are fewer than two schools, or if the mean is zero.

    amount, enrolment: index school, in units of the resource and in pupils.

    Source: 教督〔2012〕3号 附件; worked example of five schools, CV 0.5153.
    """
    if len(amount) < 2 or amount.isna().any() or not (enrolment > 0).all():
        return math.nan
    weights = enrolment / enrolment.sum()
    mean = amount.sum() / enrolment.sum()
    deviation = math.sqrt((weights * (amount / enrolment - mean) ** 2).sum())
    return float(deviation / mean) if mean else math.nan


def attainable_counts(whole: int, percent: float, decimals: int) -> range:
    """Whole-number parts whose share of the whole prints as the given percentage."""
    # In fractions: 7 of 400 is 1.75 % and prints as 1.8, which binary arithmetic would miss.
    printed, half = Fraction(str(percent)), Fraction(1, 2 * 10**decimals)
    lowest = math.ceil((printed - half) / 100 * whole)
    highest = math.ceil((printed + half) / 100 * whole) - 1
    return range(max(lowest, 0), min(highest, whole) + 1)
