"""Measures that the items dictionary declares: growth, share, ratio, and reported levels."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dudao.base.rounding import plain
from dudao.facts.items import item
from dudao.facts.view import Fact, Facts
from dudao.indicators import rates
from dudao.indicators.measure import ATTESTED, Measure, Remedy, from_inputs, named, with_claim

YUAN_PER_WAN = 10_000  # arithmetic of units: a level in 元 of an amount in 万元
POINTS_OF_PERCENT = "个百分点"
MONEY_UNITS = ("元", "万元")
CENT = 0.01  # the least sum of money, in 元 or 万元, that a county's accounts show


def supply_of(fact: Fact, after: Callable[[float], float], **fields: Any) -> Remedy:
    """Return the effect of more of a reported quantity, by the cent unless a step is given."""
    fields = {"step": CENT, "item": fact.item, "stage": fact.stage, **fields}
    return Remedy(item(fact.item).unit, after, data_year=fact.data_year, **fields)


def added(amount: float, more: float) -> float:
    """Return a reported amount with more of it, added as on paper.

    Binary noise would turn an equal amount into a fall, and ask for a cent too many.
    """
    return round(amount + more, 6)


def growth(facts: Facts, code: str, stage: str = "all") -> Measure:
    """Growth of a level from base year to data year; `code` is the item of the growth rate."""
    level = item(code).inputs
    current = facts.get(level, stage)
    base = facts.get(level, stage, facts.year.base_year)
    remedy = supply_of(
        current, lambda amount: rates.growth_percent(added(current.value, amount), base.value)
    )
    measure = named(
        code,
        stage,
        facts.year.data_year,
        raised_by=remedy,
        sign_decides=True,
        working=f"({plain(current.value)} ÷ {plain(base.value)} - 1) × 100",
    )
    return from_inputs(facts, measure, [current, base], rates.growth_percent)


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
            return rates.share_percent(part, whole)
        return rates.ratio(part * self.scale, whole)

    def _with(self, inputs: Sequence[Fact], code: str, per_unit: float) -> Remedy:
        """Return the effect of more (or, below zero, of less) of one input, wherever it counts."""
        fact = next(fact for fact in inputs if fact.item == code)

        def after(amount: float) -> float:
            more = amount * per_unit
            return self.value(
                *(added(f.value, more) if f.item == code else f.value for f in inputs)
            )

        step = CENT if item(code).unit in MONEY_UNITS else 1.0
        most = fact.value if per_unit < 0 else math.inf
        return supply_of(fact, after, step=step, per_unit=per_unit, most=most)

    def remedies(self, inputs: Sequence[Fact]) -> dict[str, Remedy]:
        """Return what moves the value: more of the part raises it.

        A share falls with less of the part, a ratio with more of the denominator.
        """
        part, whole = self.over[0][1], self.under[0][1]
        lowered = self._with(inputs, part, -1) if self.is_share else self._with(inputs, whole, 1)
        return {"raised_by": self._with(inputs, part, 1), "lowered_by": lowered}

    def working(self, values: Sequence[float]) -> str:
        """Return the calculation as a reader writes it."""
        part, whole = self.sides(values)
        factor = 100 if self.is_share else self.scale
        return f"{plain(part)} ÷ {plain(whole)}" + (f" × {factor}" if factor != 1 else "")


def difference_of_shares(facts: Facts, code: str, stage: str, *years: int) -> Measure:
    """Share in one of two years less that in the other, in percentage points.

    The dictionary's formula declares part and whole: 教育法第五十五条 asks of education's part in
    the budget that it rises, 教体艺〔2018〕3号 of the myopia rate (近视率) that it falls.
    """
    inputs = [
        facts.get(name, stage, year) for year in years for name in item(code).inputs.split(" / ")
    ]
    working = "{} ÷ {} × 100 - {} ÷ {} × 100".format(*(plain(fact.value) for fact in inputs))
    measure = named(code, stage, facts.year.data_year, working=working)

    def difference(part: float, whole: float, other: float, other_whole: float) -> float:
        return rates.share_percent(part, whole) - rates.share_percent(other, other_whole)

    return from_inputs(facts, measure, inputs, difference)


def quotient(facts: Facts, code: str, stage: str = "all", data_year: int | None = None) -> Measure:
    """Share (in percent) or ratio of sums of items, as the dictionary's formula declares."""
    over, under = (_terms(side) for side in item(code).inputs.split("/"))
    is_converted = item(code).unit.startswith("元") and item(over[0][1]).unit == "万元"
    scale = YUAN_PER_WAN if is_converted else 1
    rule = _Quotient(over, under, item(code).formula == "share", scale)
    inputs = [facts.get(name, stage, data_year) for _, name in (*over, *under)]
    values = [fact.value for fact in inputs]
    measure = named(
        code,
        stage,
        data_year or facts.year.data_year,
        **rule.remedies(inputs),
        working=rule.working(values),
    )
    return from_inputs(facts, measure, inputs, rule.value)


def level(facts: Facts, code: str, stage: str = "all", data_year: int | None = None) -> Measure:
    """Return a reported level as it stands: attested, for nothing is computed from it."""
    fact = facts.get(code, stage, data_year)
    measure = named(
        code,
        stage,
        fact.data_year,
        value=fact.value,
        basis=ATTESTED if fact.is_reported else "",
        qualifier=fact.qualifier,
        sources=(fact.cell,) if fact.is_reported else (),
        missing=(fact.request,) if fact.is_missing else (),
        applies=not fact.is_not_applicable,
        note="本县不涉及" if fact.is_not_applicable else "",
    )
    return _movable(with_claim(measure, facts.claim(code, stage, fact.data_year)))


def _movable(measure: Measure) -> Measure:
    """Set what would move a level: more or less of itself; nothing moves a bare coefficient."""
    if not measure.unit or not measure.is_known or measure.bound:
        return measure

    def remedy(sign: int) -> Remedy:
        return Remedy(
            unit=POINTS_OF_PERCENT if measure.unit == "%" else measure.unit,
            after=lambda amount: measure.value + sign * amount,
            step=None,
            item=measure.item,
            stage=measure.stage,
            data_year=measure.data_year,
            per_unit=sign,
        )

    return replace(measure, raised_by=remedy(1), lowered_by=remedy(-1))
