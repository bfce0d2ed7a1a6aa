"""A measure: one value of one county, how it came about, and what is missing for it."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from dudao.base.rounding import round_half_up
from dudao.facts.cells import bound
from dudao.facts.items import describe, item
from dudao.facts.view import Claim, Fact, Facts

COMPUTED, ATTESTED, CONTRADICTED = "computed", "attested", "contradicted"
EXACT, WITHIN_ROUNDING, NOT_COMPARABLE = "exact", "within_rounding", "not_comparable"
ABOUT = "约"  # what a value computed from qualified figures is


@dataclass(frozen=True)
class Remedy:
    """What a county can supply to move a value, and what the value is with some of it.

    unit: what is counted or paid. after: amount -> value, monotone. step: the least amount that
    can be supplied (1 人, 0.01 万元); None: the last decimal at which the rule decides.
    item, stage, data_year: the reported quantity that changes, if it is one; per_unit: by how much
    for each unit, below zero where it falls. most: the largest amount there is to supply.
    """

    unit: str
    after: Callable[[float], float]
    step: float | None = 1.0
    item: str = ""
    stage: str = ""
    data_year: int = 0
    per_unit: float = 1.0
    most: float = math.inf


@dataclass(frozen=True)
class Measure:
    """What an indicator hands to the comparer; value is NaN when inputs are missing.

    `qualifier` is what print says beside the number (以上、余、近). `spread` is what the value may
    be, given how the inputs were rounded in print.
    `raised_by` and `lowered_by` are what would move the value, if anything can be supplied.
    `sign_decides`: a limit of zero is decided by the unrounded value, as the sign of a growth is
    that of the amounts. `units` names the schools or kindergartens that fall short. `partial` says
    that only some of the schools are in it: it can fail a rule and meet none.
    """

    item: str
    stage: str
    data_year: int
    value: float
    unit: str
    basis: str = ""
    qualifier: str = ""
    applies: bool = True
    sources: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    working: str = ""
    note: str = ""
    detail: str = ""
    stated: float = math.nan
    spread: tuple[float, float] = (math.nan, math.nan)
    units: tuple[str, ...] = ()
    raised_by: Remedy | None = None
    lowered_by: Remedy | None = None
    sign_decides: bool = False
    partial: str = ""

    @property
    def label(self) -> str:
        """Return the Chinese name with stage, and the part it is about, if any."""
        return describe(self.item, self.stage, self.detail)

    @property
    def bound(self) -> str:
        """Return what the value is: exact (empty), floor, ceiling or vague."""
        return bound(self.qualifier)

    @property
    def is_known(self) -> bool:
        """Say whether there is a value at all."""
        return not math.isnan(self.value)


class MeasureTable(list[Measure]):
    """The measures of one table, with its title and the decimals that it shows."""

    def __init__(self, measures: Iterable[Measure], *, title: str, decimals: int = 2):
        super().__init__(measures)
        self.title, self.decimals = title, decimals


def named(code: str, stage: str, year: int, **fields: Any) -> Measure:
    """Return a measure of an item of the dictionary, its value still unknown."""
    fields = {"value": math.nan, "unit": item(code).unit, **fields}
    return Measure(item=code, stage=stage, data_year=year, **fields)


def raised_in(measure: Measure, unit: str, size: float = 1.0) -> Measure:
    """Count what raises a measure in another unit, of a size in the one before."""
    remedy = measure.raised_by
    if remedy is None:
        return measure

    def after(amount: float) -> float:
        return remedy.after(amount * size)

    counted = replace(remedy, unit=unit, per_unit=remedy.per_unit * size, after=after)
    return replace(measure, raised_by=counted)


def by_item_and_stage(measures: Iterable[Measure]) -> dict[tuple[str, str], list[Measure]]:
    """Return the measures of each item and stage: one, or one for each of its parts."""
    grouped: dict[tuple[str, str], list[Measure]] = {}
    for measure in measures:
        grouped.setdefault((measure.item, measure.stage), []).append(measure)
    return grouped


def agreement(value: float, spread: tuple[float, float], claim: Claim) -> str:
    """Compare a recomputed value with print: exact, within_rounding, contradicted.

    exact: the value prints as the report prints it, in the report's unit. within_rounding: some
    inputs that print as these do give a value that prints as this one.
    """
    if not claim.is_comparable:
        return NOT_COMPARABLE
    if round_half_up(value / claim.size, claim.decimals) == claim.raw:
        return EXACT
    least, most = (claim.value - claim.half_width, claim.value + claim.half_width)
    # What lies half a unit farther from zero is rounded away.
    reached = (
        (least <= spread[1] and spread[0] < most)
        if claim.value >= 0
        else (least < spread[1] and spread[0] <= most)
    )
    return WITHIN_ROUNDING if reached else CONTRADICTED


def with_claim(measure: Measure, claim: Claim | None) -> Measure:
    """Set what the report prints beside a measure: it attests, agrees, or is contradicted."""
    if claim is None or (measure.is_known and not claim.has_unit):
        return measure
    if not claim.has_unit:
        note = f"报告所列{claim.printed}{claim.unit}：{claim.reason}，不作判定"
        return replace(measure, note=note)
    if not measure.is_known and not claim.is_comparable:
        note = f"报告所列{claim.printed}{claim.unit}为{claim.basis_note}，不作判定"
        return replace(measure, stated=claim.value, note=note)
    if not measure.is_known:
        to_prove = f"报告以“{claim.qualifier}”概括陈述，待证" if claim.is_universal else ""
        return replace(
            measure,
            value=claim.value,
            stated=claim.value,
            basis=ATTESTED,
            qualifier=claim.qualifier,
            sources=(claim.source,),
            note="；".join(filter(None, (measure.note, to_prove))),
        )
    is_contradicted = agreement(measure.value, measure.spread, claim) == CONTRADICTED
    return replace(
        measure,
        stated=claim.value,
        basis=CONTRADICTED if is_contradicted else measure.basis,
        sources=(*measure.sources, claim.source),
    )


def _spread(inputs: list[Fact], formula: Callable[..., float]) -> tuple[float, float]:
    """Return the least and the greatest value that the rounding of the inputs allows."""
    corners = product(*({f.value - f.half_width, f.value + f.half_width} for f in inputs))
    values = [formula(*corner) for corner in corners]
    return min(values), max(values)


def _without_remedy(measure: Measure) -> Measure:
    return replace(measure, raised_by=None, lowered_by=None)


def from_inputs(
    facts: Facts, named: Measure, inputs: list[Fact], formula: Callable[..., float]
) -> Measure:
    """Compute a named quantity from facts; unknown, with what to supply, if one is not reported."""
    claim = facts.claim(named.item, named.stage, named.data_year)
    missing = tuple(fact.request for fact in inputs if fact.is_missing)
    sources = tuple(fact.cell for fact in inputs if fact.is_reported)
    if inapplicable := [fact.label for fact in inputs if fact.is_not_applicable]:
        note = f"本县不涉及：{'、'.join(inapplicable)}"
        return replace(_without_remedy(named), applies=False, note=note, working="")
    if missing:
        unknown = replace(_without_remedy(named), sources=sources, missing=missing, working="")
        return with_claim(unknown, claim)
    value = formula(*(fact.value for fact in inputs))
    if math.isnan(value):
        note = "；".join(filter(None, (named.note, "分母或基准为零，无法计算")))
        return with_claim(replace(_without_remedy(named), sources=sources, note=note), claim)
    computed = replace(
        named,
        value=value,
        basis=COMPUTED,
        qualifier=ABOUT if any(fact.qualifier for fact in inputs) else "",
        sources=sources,
        spread=_spread(inputs, formula),
    )
    return with_claim(computed, claim)
