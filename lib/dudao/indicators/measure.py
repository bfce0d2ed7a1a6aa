"""A measure: one value of one county, how it came about, and what is missing for it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import product

from dudao.facts.cells import bound
from dudao.facts.items import describe, item
from dudao.facts.view import Claim, Fact, Facts
from dudao.indicators import common
from dudao.rounding import plain, round_half_up

COMPUTED, ATTESTED, CONTRADICTED = "computed", "attested", "contradicted"
EXACT, WITHIN_ROUNDING, NOT_COMPARABLE = "exact", "within_rounding", "not_comparable"
Gap = tuple[float, str]


def _no_gap(_threshold: float) -> None:
    return None


@dataclass(frozen=True)
class Measure:
    """What an indicator hands to the comparer; value is NaN when inputs are missing.

    `qualifier` is what print says beside the number (以上、余、近). `spread` is what the value may
    be, given how the inputs were rounded in print; `agreement` compares it with print. `gap_to`
    returns how much is missing to a threshold in a unit that a county can buy, or None.
    """

    item: str
    stage: str
    data_year: int
    value: float
    unit: str
    basis: str = ""
    qualifier: str = ""
    sources: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    working: str = ""
    note: str = ""
    detail: str = ""
    stated: float = math.nan
    spread: tuple[float, float] = (math.nan, math.nan)
    agreement: str = ""
    gap_to: Callable[[float], Gap | None] = _no_gap

    @property
    def label(self) -> str:
        """Return the Chinese name with stage, and the part it is about, if any."""
        name = describe(self.item, self.stage)
        return f"{name}·{self.detail}" if self.detail else name

    @property
    def bound(self) -> str:
        """Return what the value is: exact (empty), floor, ceiling or vague."""
        return bound(self.qualifier)

    @property
    def is_known(self) -> bool:
        """Say whether there is a value at all."""
        return not math.isnan(self.value)


def _named(code: str, stage: str, year: int, **fields) -> Measure:
    fields = {"value": math.nan, "unit": item(code).unit, **fields}
    return Measure(item=code, stage=stage, data_year=year, **fields)


def agreement(value: float, spread: tuple[float, float], claim: Claim) -> str:
    """Compare a recomputed value with print: exact, within_rounding, contradicted.

    within_rounding: some inputs that print as these do give a value that prints as this one.
    """
    if not claim.is_comparable:
        return NOT_COMPARABLE
    if round_half_up(value, claim.decimals) == claim.value:
        return EXACT
    low, high = claim.value - claim.half_width, claim.value + claim.half_width
    return WITHIN_ROUNDING if spread[0] <= high and low <= spread[1] else CONTRADICTED


def with_claim(measure: Measure, claim: Claim | None) -> Measure:
    """Set what the report prints beside a measure: it attests, agrees, or is contradicted."""
    if claim is None:
        return measure
    if not measure.is_known and not claim.is_comparable:
        note = f"报告所列{claim.printed}{claim.unit}为{claim.basis_note}，不作判定"
        return replace(measure, stated=claim.value, note=note)
    if not measure.is_known:
        return replace(
            measure,
            value=claim.value,
            stated=claim.value,
            basis=ATTESTED,
            qualifier=claim.qualifier,
            sources=(claim.source,),
        )
    outcome = agreement(measure.value, measure.spread, claim)
    return replace(
        measure,
        stated=claim.value,
        agreement=outcome,
        basis=CONTRADICTED if outcome == CONTRADICTED else measure.basis,
        sources=(*measure.sources, claim.source),
    )


def _spread(inputs: list[Fact], formula: Callable[..., float]) -> tuple[float, float]:
    """Return the least and the greatest value that the rounding of the inputs allows."""
    corners = product(*({f.value - f.half_width, f.value + f.half_width} for f in inputs))
    values = [formula(*corner) for corner in corners]
    return min(values), max(values)


def from_inputs(
    facts: Facts,
    code: str,
    stage: str,
    inputs: list[Fact],
    formula: Callable[..., float],
    *,
    data_year: int | None = None,
    **fields,
) -> Measure:
    """Compute a quantity from facts: NaN and a list of what to supply if any is not reported."""
    missing = tuple(fact.request for fact in inputs if not fact.is_reported)
    sources = tuple(fact.place for fact in inputs if fact.is_reported)
    value = math.nan if missing else formula(*(fact.value for fact in inputs))
    if missing:
        fields |= {"gap_to": _no_gap, "working": ""}
    else:
        fields["spread"] = _spread(inputs, formula)
    data_year = data_year or facts.year.data_year
    measure = _named(
        code,
        stage,
        data_year,
        value=value,
        basis="" if math.isnan(value) else COMPUTED,
        sources=sources,
        missing=missing,
        **fields,
    )
    return with_claim(measure, facts.claim(code, stage, data_year))


def growth(facts: Facts, code: str, stage: str = "all") -> Measure:
    """Growth of a level from base year to data year; `code` is the item of the growth rate."""
    level = item(code).inputs
    current = facts.get(level, stage)
    base = facts.get(level, stage, facts.year.base_year)
    unit = item(level).unit

    def gap_to(threshold: float) -> Gap:
        return base.value * (1 + threshold / 100) - current.value, unit

    working = f"({plain(current.value)} ÷ {plain(base.value)} - 1) × 100"
    return from_inputs(
        facts, code, stage, [current, base], common.growth_percent, gap_to=gap_to, working=working
    )


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


def quotient(facts: Facts, code: str, stage: str = "all", data_year: int | None = None) -> Measure:
    """Share (in percent) or ratio of sums of items, as the dictionary's formula declares."""
    declared = item(code)
    over, under = (_terms(side) for side in declared.inputs.split("/"))
    inputs = [facts.get(name, stage, data_year) for _, name in (*over, *under)]
    is_share = declared.formula == "share"
    formula = common.share_percent if is_share else common.ratio

    def sides(values: Sequence[float]) -> tuple[float, float]:
        return _sum(over, values[: len(over)]), _sum(under, values[len(over) :])

    part, whole = sides([fact.value for fact in inputs])

    def gap_to(threshold: float) -> Gap:
        if is_share:
            return _whole_units(threshold / 100 * whole - part), item(over[0][1]).unit
        return _whole_units(part / threshold - whole), item(under[0][1]).unit

    return from_inputs(
        facts,
        code,
        stage,
        inputs,
        lambda *values: formula(*sides(values)),
        data_year=data_year,
        gap_to=gap_to,
        working=f"{plain(part)} ÷ {plain(whole)}" + (" × 100" if is_share else ""),
    )


def level(facts: Facts, code: str, stage: str = "all", data_year: int | None = None) -> Measure:
    """A reported level as it stands: attested, for nothing is computed from it."""
    fact = facts.get(code, stage, data_year)
    measure = _named(
        code,
        stage,
        fact.data_year,
        value=fact.value,
        basis=ATTESTED if fact.is_reported else "",
        qualifier=fact.qualifier,
        sources=(fact.place,) if fact.is_reported else (),
        missing=() if fact.is_reported else (fact.request,),
        gap_to=lambda threshold: (abs(threshold - fact.value), item(code).unit),
    )
    return with_claim(measure, facts.claim(code, stage, fact.data_year))
