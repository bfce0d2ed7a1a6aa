"""How far schools lie apart, which of them make it so, and the least that would even it out."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dudao.indicators import rates

SLACK = 1e-9  # what binary arithmetic may be off

Amounts = NDArray[np.float64]


@dataclass(frozen=True)
class Spread:
    """The working of one coefficient of variation.

    values: X_i of each school; terms: P_i / P_N (X_i - X)^2 of each; mean: X; deviation: S.
    cv: S / X, by enrolment; unweighted: what programs print that count every school once.
    """

    values: pd.Series
    terms: pd.Series
    mean: float
    deviation: float
    cv: float
    unweighted: float

    @property
    def shares(self) -> pd.Series:
        """Return the part of the sum of terms that each school makes, in percent.

        Index school.
        """
        return self.terms / self.terms.sum() * 100


def spread(amount: pd.Series, enrolment: pd.Series) -> Spread:
    """Work out a coefficient of variation (校际差异系数) and its terms; index: schools.

    Unknown (NaN) where `rates.coefficient_of_variation` is.
    Source: 教督〔2012〕3号 附件; worked example of five schools, S 3.2639, CV 0.5153.
    """
    cv = rates.coefficient_of_variation(amount, enrolment)
    values = amount / enrolment.where(enrolment > 0)
    mean = rates.ratio(amount.sum(skipna=False), enrolment.sum(skipna=False))
    terms = enrolment / enrolment.sum() * (values - mean) ** 2
    is_known = not math.isnan(cv)
    plain_mean = values.mean()
    return Spread(
        values=values,
        terms=terms,
        mean=mean,
        deviation=math.sqrt(terms.sum()) if is_known else math.nan,
        cv=cv,
        unweighted=float(values.std(ddof=0) / plain_mean) if is_known and plain_mean else math.nan,
    )


def composite(coefficients: Iterable[float]) -> float:
    """Composite coefficient of variation (综合差异系数): the plain mean; NaN if one is unknown.

    Source: 教督〔2012〕3号 附件.
    """
    values = list(coefficients)
    return sum(values) / len(values) if values else math.nan


def effect_of_one(amount: pd.Series, enrolment: pd.Series) -> pd.Series:
    """Change of the coefficient when a school gets one unit more (边际变化): its derivative.

    With E = sum(P_i X_i^2) and M = sum(x_i): dCV/dx_i = P_N (X_i - E/M) / (M^2 CV). Schools below
    E/M lower the coefficient, the lowest most; NaN where the coefficient is unknown or zero.

    amount, enrolment: index school. Result: same index, per unit of the resource.
    """
    cv = rates.coefficient_of_variation(amount, enrolment)
    if math.isnan(cv) or cv == 0:
        return pd.Series(math.nan, index=amount.index)
    values, total = amount / enrolment, amount.sum()
    pivot = (amount * values).sum() / total
    return enrolment.sum() * (values - pivot) / (total**2 * cv)


def _root(a: float, b: float, c: float, between: tuple[float, float]) -> float:
    """Return the root of a quadratic between two levels, or the level nearest to it."""
    low, high = between
    if abs(a) <= SLACK * abs(b):
        roots = [-c / b]
    else:
        part = math.sqrt(max(b * b - 4 * a * c, 0.0))
        roots = [(-b - part) / (2 * a), (-b + part) / (2 * a)]
    root = min(roots, key=lambda one: max(low - one, one - high, 0.0))
    return float(min(max(root, low), high) if high > low else max(root, low))


def level_of_lowest(amounts: Amounts, pupils: Amounts, limit: float) -> float:
    """Return the level per pupil to which the lowest schools rise so that CV keeps the limit.

    With the k lowest at level t the condition CV = limit is a quadratic in t, below zero once the
    limit is kept; k is the first for which the level of the next school would do.
    """
    order = np.argsort(amounts / pupils, kind="stable")
    pupils, values = pupils[order], (amounts / pupils)[order]
    growth, total, below = 1 + limit**2, pupils.sum(), pupils.cumsum()
    rest = (pupils * values).sum() - (pupils * values).cumsum()
    squares = (pupils * values**2).sum() - (pupils * values**2).cumsum()
    a = below * (total - growth * below)
    b = -2 * growth * below * rest
    c = squares * total - growth * rest**2
    following = np.append(values[1:], values[-1])
    left = a * following**2 + b * following + c
    at = int(np.argmax(left <= SLACK * total))
    return _root(a[at], b[at], c[at], (values[at], following[at]))


@dataclass(frozen=True)
class Resource:
    """One resource of a stage: amounts and pupils per school, and how far its schools may differ.

    limit: the largest coefficient of variation that still counts as kept.
    """

    amounts: Amounts
    pupils: Amounts
    limit: float

    def coefficient(self, amounts: Amounts) -> float:
        """Return the coefficient of variation, weighted by pupils; NaN where the mean is zero."""
        total = self.pupils.sum()
        mean = amounts.sum() / total
        square = (amounts**2 / self.pupils).sum() / total - mean**2
        return math.sqrt(max(square, 0.0)) / mean if mean > 0 else math.nan

    def keeps_limit(self, amounts: Amounts) -> bool:
        """Say whether the coefficient keeps its limit."""
        return self.coefficient(amounts) <= self.limit + SLACK

    def raised(self, bounds: Amounts) -> tuple[Amounts, Amounts]:
        """Return the least amounts at or above bounds that keep the limit, and what a bound costs.

        Any fraction counts. The lowest schools rise to one level: one unit does the same good in
        all schools of a level and more in lower ones (see `effect_of_one`), and the set
        {CV <= limit} is convex, so nothing cheaper exists. What a bound costs is the derivative of
        the sum of the amounts by the bound of each school: its multiplier in the optimality
        conditions.
        """
        least = np.maximum(self.amounts, bounds)
        if self.keeps_limit(least):
            return least, np.ones_like(least)
        level = level_of_lowest(least, self.pupils, self.limit)
        raised = np.maximum(least, level * self.pupils)
        total = self.pupils.sum()
        mean = raised.sum() / total
        deviation = self.limit * mean
        slope = self.limit - (raised / self.pupils - mean) / deviation
        at_level = self.limit - (level - mean) / deviation
        return raised, np.clip(1 - slope / at_level, 0, None)

    def whole(self, bounds: Amounts) -> Amounts:
        """Return whole additions that reach the bounds and keep the limit, none of them to spare.

        bounds: least amounts, of which the additions are whole. Starts below the least fraction,
        gives single units where they help most, then takes back every unit that is not needed.
        """
        needed = np.ceil(np.maximum(bounds - self.amounts, 0) - SLACK)
        raised, _ = self.raised(self.amounts + needed)
        added = np.maximum(np.floor(raised - self.amounts + SLACK), needed)
        while not self.keeps_limit(self.amounts + added):
            added[self._best_unit(self.amounts + added)] += 1
        for school in np.argsort(-(self.amounts + added) / self.pupils):
            while added[school] > needed[school]:
                added[school] -= 1
                if not self.keeps_limit(self.amounts + added):
                    added[school] += 1
                    break
        return added

    def _best_unit(self, amounts: Amounts) -> int:
        total = self.pupils.sum()
        sums = amounts.sum() + 1
        squares = (amounts**2 / self.pupils).sum() + (2 * amounts + 1) / self.pupils
        return int(np.argmin(squares * total / sums**2))


def whole_additions(amount: pd.Series, enrolment: pd.Series, limit: float) -> pd.Series:
    """Least whole units with which the coefficient keeps a limit, none of them to spare.

    NaN where the coefficient is unknown.

    amount, enrolment: index school. Result: same index, in units of the resource.
    """
    if math.isnan(rates.coefficient_of_variation(amount, enrolment)):
        return pd.Series(math.nan, index=amount.index)
    amounts = amount.to_numpy(float)
    added = Resource(amounts, enrolment.to_numpy(float), limit).whole(amounts)
    return pd.Series(added, index=amount.index)
