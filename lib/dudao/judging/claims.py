"""Compare every printed figure with the county's own data."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from dudao.base.rounding import round_half_up
from dudao.facts import printed_formulas
from dudao.facts.items import Item, item
from dudao.facts.view import Claim, Facts
from dudao.indicators import rates
from dudao.indicators.measure import (
    ATTESTED,
    CONTRADICTED,
    EXACT,
    NOT_COMPARABLE,
    WITHIN_ROUNDING,
    Measure,
    agreement,
)
from dudao.indicators.registry import measure_of

OF_DATA_YEAR = ("growth", "reduction", "growth_difference", "share_change")
NOT_RECOMPUTABLE, NARRATIVE, ATTAINABLE = "not_recomputable", "narrative", "attainable"


@dataclass(frozen=True)
class ClaimCheck:
    """One printed figure, the value recomputed for it (NaN if none) and how they compare."""

    claim: Claim
    recomputed: float
    outcome: str
    note: str = ""


def _open(claim: Claim, why: str) -> ClaimCheck:
    """Return the check of a figure that cannot be recomputed."""
    return ClaimCheck(claim, math.nan, NOT_RECOMPUTABLE, why)


def _whole_count(facts: Facts, claim: Claim, declared: Item) -> ClaimCheck | None:
    """Check that some whole number of the known denominator prints as the claimed share."""
    if declared.formula != "share":
        return None
    whole = facts.get(declared.inputs.split("/")[1].strip(), claim.stage, claim.data_year or None)
    if not whole.is_reported or claim.qualifier:
        return None
    counts = rates.attainable_counts(int(whole.value), claim.value, claim.decimals)
    if not counts:
        return ClaimCheck(claim, math.nan, CONTRADICTED, f"没有整数人数能得出{claim.printed}%")
    span = f"{counts[0]}" if len(counts) == 1 else f"{counts[0]}—{counts[-1]}"
    return ClaimCheck(claim, math.nan, ATTAINABLE, f"分子应为{span}，报告未列")


SchoolMeasures = Callable[[], Iterable[Measure]]


def _by_school(claim: Claim, declared: Item, schools: SchoolMeasures) -> ClaimCheck:
    """Compare a figure with what the school sheet gives; of several resources, with its own."""
    if declared.parts and not claim.part:
        return _open(claim, "名称没有写明是哪一项资源，不作判定")
    detail = item(claim.part).label if claim.part else ""
    same = (claim.item, claim.stage, detail)
    for measure in schools():
        if (measure.item, measure.stage, measure.detail) == same and measure.basis != ATTESTED:
            if measure.partial:
                return _open(claim, measure.partial)
            if measure.is_known:
                outcome = agreement(measure.value, measure.spread, claim)
                return ClaimCheck(claim, measure.value, outcome, claim.basis_note)
            return _open(claim, f"缺：{'、'.join(measure.missing)}")
    return _open(claim, "没有学校表，按报告所列判定")


def _recompute(facts: Facts, claim: Claim, schools: SchoolMeasures) -> ClaimCheck:
    declared = item(claim.item)
    year = claim.data_year or facts.year.data_year
    if declared.formula == "school":
        return _by_school(claim, declared, schools)
    if declared.formula in OF_DATA_YEAR and year != facts.year.data_year:
        return _open(claim, "不是本评价年度的增长率")
    measure = measure_of(facts, claim.item, claim.stage, year)
    if not claim.has_unit:
        return _open(claim, claim.reason)
    if not measure.is_known or measure.missing:
        lacking = _open(claim, f"缺：{'、'.join(measure.missing)}")
        return _whole_count(facts, claim, declared) or lacking
    spread = measure.spread if declared.is_derived else (measure.value, measure.value)
    outcome = agreement(measure.value, spread, claim)
    return ClaimCheck(claim, measure.value, outcome, claim.basis_note)


def _follow_formula(claim: Claim, claims: dict[int, Claim]) -> ClaimCheck:
    """Check a figure against the other printed figures that its 算式 names."""
    try:
        result = printed_formulas.evaluate(claim, claims)
    except printed_formulas.FormulaError as error:
        return _open(claim, str(error))
    note = f"算式{claim.formula}" + (f"；{claim.basis_note}" if claim.basis_note else "")
    if not claim.is_comparable or claim.qualifier:
        return ClaimCheck(claim, result.value, NOT_COMPARABLE, note)
    if not printed_formulas.follows(claim, result):
        return ClaimCheck(claim, result.value, CONTRADICTED, note)
    is_exact = round_half_up(result.value, claim.decimals) == claim.raw
    return ClaimCheck(claim, result.value, EXACT if is_exact else WITHIN_ROUNDING, note)


def check_claims(facts: Facts, schools: SchoolMeasures = tuple) -> list[ClaimCheck]:
    """Check every figure the report prints, in its order; narrative figures are named as such.

    The county's data come first; what they cannot recompute follows its 算式 over other figures.
    schools: returns what is computed from the school sheet, asked only for a figure of that kind.
    """
    by_number = {claim.number: claim for claim in facts.claims}
    return [_check(facts, claim, by_number, schools) for claim in facts.claims]


def _check(
    facts: Facts, claim: Claim, by_number: dict[int, Claim], schools: SchoolMeasures
) -> ClaimCheck:
    check = _recompute(facts, claim, schools) if claim.item else None
    if claim.formula and (check is None or check.outcome == NOT_RECOMPUTABLE):
        return _follow_formula(claim, by_number)
    return check or ClaimCheck(claim, math.nan, NARRATIVE, "叙述性数字，不对应指标")
