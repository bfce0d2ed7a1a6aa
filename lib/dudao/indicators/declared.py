"""Measures that the items dictionary declares: growth, share, ratio, and reported levels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from dudao.base.rounding import plain
from dudao.facts.items import item
from dudao.facts.view import Facts
from dudao.indicators import common
from dudao.indicators.measure import ATTESTED, Gap, Measure, from_inputs, named, with_claim

YUAN_PER_WAN = 10_000  # arithmetic of units: a level in 元 of an amount in 万元


def growth(facts: Facts, code: str, stage: str = "all") -> Measure:
    """Growth of a level from base year to data year; `code` is the item of the growth rate."""
    level = item(code).inputs
    current = facts.get(level, stage)
    base = facts.get(level, stage, facts.year.base_year)
    unit = item(level).unit

    def gap_to(threshold: float) -> Gap:
        return base.value * (1 + threshold / 100) - current.value, unit

    working = f"({plain(current.value)} ÷ {plain(base.value)} - 1) × 100"
    measure = named(code, stage, facts.year.data_year, gap_to=gap_to, working=working)
    return from_inputs(facts, measure, [current, base], common.growth_percent)


def _terms(expression: str) -> list[tuple[int, str]]:
    """Read `a + b - c` as signed item codes."""
    signed, sign = [], 1
    for word in expression.split():
        if word in "+-":
            sign = 1 if word == "+" else -1
        else:
            signed.append((sign, word))
            sign = 1
    return signed


def _sum(terms: list[tuple[int, str]], values: Sequence[float]) -> float:
    return sum(sign * value for (sign, _), value in zip(terms, values, strict=True))


def _whole_units(amount: float) -> int:
    """Return the least whole number that is enough (binary noise does not count)."""
    return math.ceil(round(amount, 6))


@dataclass(frozen=True)
class _Quotient:
    """A declared share or ratio: signed items over signed items.

    scale: what the ratio is multiplied by, for an amount in 万元 that is wanted in 元.
    """

    over: list[tuple[int, str]]
    under: list[tuple[int, str]]
    is_share: bool
    scale: int = 1

    def sides(self, values: Sequence[float]) -> tuple[float, float]:
        """Return numerator and denominator for the values of all inputs, in order."""
        split = len(self.over)
        return _sum(self.over, values[:split]), _sum(self.under, values[split:])

    def value(self, *values: float) -> float:
        """Return the share in percent, or the plain ratio."""
        part, whole = self.sides(values)
        if self.is_share:
            return common.share_percent(part, whole)
        return common.ratio(part * self.scale, whole)

    def gap(self, values: Sequence[float], threshold: float) -> Gap:
        """Return how many more of the part, or of the denominator, would be enough.

        A ratio below its limit lacks of the part, one above it of the denominator.
        """
        part, whole = self.sides(values)
        limit = threshold / (100 if self.is_share else self.scale)
        if self.is_share or part < limit * whole:
            return _whole_units(abs(limit * whole - part)), item(self.over[0][1]).unit
        return _whole_units(part / limit - whole), item(self.under[0][1]).unit

    def working(self, values: Sequence[float]) -> str:
        """Return the calculation as a reader writes it."""
        part, whole = self.sides(values)
        factor = 100 if self.is_share else self.scale
        return f"{plain(part)} ÷ {plain(whole)}" + (f" × {factor}" if factor != 1 else "")


def _scale(code: str, numerator: str) -> int:
    is_converted = item(code).unit.startswith("元") and item(numerator).unit == "万元"
    return YUAN_PER_WAN if is_converted else 1


def quotient(facts: Facts, code: str, stage: str = "all", data_year: int | None = None) -> Measure:
    """Share (in percent) or ratio of sums of items, as the dictionary's formula declares."""
    over, under = (_terms(side) for side in item(code).inputs.split("/"))
    rule = _Quotient(over, under, item(code).formula == "share", _scale(code, over[0][1]))
    inputs = [facts.get(name, stage, data_year) for _, name in (*over, *under)]
    values = [fact.value for fact in inputs]
    measure = named(
        code,
        stage,
        data_year or facts.year.data_year,
        gap_to=partial(rule.gap, values),
        working=rule.working(values),
    )
    return from_inputs(facts, measure, inputs, rule.value)


def level(facts: Facts, code: str, stage: str = "all", data_year: int | None = None) -> Measure:
    """A reported level as it stands: attested, for nothing is computed from it."""
    fact = facts.get(code, stage, data_year)
    measure = named(
        code,
        stage,
        fact.data_year,
        value=fact.value,
        basis=ATTESTED if fact.is_reported else "",
        qualifier=fact.qualifier,
        sources=(fact.place,) if fact.is_reported else (),
        missing=(fact.request,) if fact.is_missing else (),
        applies=not fact.is_not_applicable,
        note="本县不涉及" if fact.is_not_applicable else "",
        gap_to=lambda threshold: (abs(threshold - fact.value), item(code).unit),
    )
    return with_claim(measure, facts.claim(code, stage, fact.data_year))
