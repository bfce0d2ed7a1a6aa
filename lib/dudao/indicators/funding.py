"""Primary 2, 教育经费保障: growth of spending, cost sharing of programmes, per-pupil standards."""

import math
from dataclasses import replace
from typing import Any

from dudao.base.rounding import plain
from dudao.facts.items import PROGRAMMES, TIERS
from dudao.facts.view import Fact, Facts
from dudao.indicators import rates
from dudao.indicators.declared import added, growth, supply_of
from dudao.indicators.measure import (
    ABOUT,
    ATTESTED,
    COMPUTED,
    Measure,
    Remedy,
    from_inputs,
    named,
    with_claim,
)

JUDGED_STAGES = ("preschool", "primary", "junior", "senior", "vocational")
NARROW_BASIS = "口径：只公布了生均一般公共预算教育事业费，据此判定"
REVENUE = "recurrent_fiscal_revenue"


def expenditure_growth(facts: Facts) -> list[Measure]:
    """Return the two figures that may only grow (两个只增不减): total, and per pupil of each stage.

    Growth in percent of the data year over the base year. Source: 国办发〔2018〕82号.
    """
    total = growth(facts, "education_expenditure_growth")
    return [total, *(_per_pupil_growth(facts, stage) for stage in JUDGED_STAGES)]


def _per_pupil_growth(facts: Facts, stage: str) -> Measure:
    """Growth per pupil; where only 生均教育事业费 is published, that of it, and the note says so.

    A county's notice often gives 生均一般公共预算教育事业费 instead of 教育经费, which contains it.
    """
    whole = growth(facts, "per_pupil_expenditure_growth", stage)
    if whole.is_known or not whole.applies:
        return whole
    narrow = growth(facts, "per_pupil_operating_expenditure_growth", stage)
    if not narrow.is_known:
        return whole
    return replace(
        narrow,
        item=whole.item,
        basis=ATTESTED,
        missing=(),
        stated=math.nan,
        note="；".join(filter(None, (NARROW_BASIS, narrow.note))),
    )


def growth_over_revenue(facts: Facts) -> Measure:
    """Growth of education expenditure above that of recurrent revenue (高于财政经常性收入增长).

    In percentage points; each growth is computed from two years, or taken as the report prints it.
    Source: 教育法第五十六条.
    """
    year, code = facts.year.data_year, "growth_over_revenue"
    parts = spending, revenue = (
        growth(facts, "education_expenditure_growth"),
        growth(facts, f"{REVENUE}_growth"),
    )
    fields: dict[str, Any] = {"missing": (*spending.missing, *revenue.missing)}
    if all(part.is_known for part in parts):
        computed = all(part.basis == COMPUTED for part in parts)
        fields = {
            "value": round(spending.value - revenue.value, 9),  # equal growths differ by noise
            "basis": COMPUTED if computed else ATTESTED,
            "qualifier": ABOUT if any(part.qualifier for part in parts) else "",
            "working": f"{plain(spending.value, 2)} - {plain(revenue.value, 2)}",
            "spread": (
                spending.spread[0] - revenue.spread[1],
                spending.spread[1] - revenue.spread[0],
            ),
            "raised_by": _more_spending(facts, revenue.value) if computed else None,
        }
    measure = named(
        code,
        "all",
        year,
        sign_decides=True,
        sources=(*spending.sources, *revenue.sources),
        applies=spending.applies and revenue.applies,
        note="；".join(dict.fromkeys(part.note for part in parts if part.note)),
        **fields,
    )
    return with_claim(measure, facts.claim(code, "all", year))


def _more_spending(facts: Facts, beside: float) -> Remedy:
    """Return what more spending makes of its growth above another growth, in percentage points."""
    years = facts.year.data_year, facts.year.base_year
    current, base = (facts.get("education_expenditure", "all", year) for year in years)
    return supply_of(
        current,
        lambda amount: round(
            rates.growth_percent(added(current.value, amount), base.value) - beside, 9
        ),
    )


def related_growth(facts: Facts) -> list[Measure]:
    """Growth of neighbouring quantities that a report often prints; judged by nobody."""
    stages = [(code, "all") for code in ("total_education_funding", "fiscal_education_funding")]
    stages += [("per_pupil_operating_expenditure", stage) for stage in JUDGED_STAGES]
    measures = (growth(facts, f"{code}_growth", stage) for code, stage in stages)
    return [measure for measure in measures if measure.is_known]


def tier_share(facts: Facts, programme: str, tier: str) -> Measure:
    """One tier's part in all funds listed for a programme, in percent.

    A tier that is not listed is left out of the sum and named: nobody knows whether it is zero.
    """
    stage = PROGRAMMES[programme][1]
    asked = facts.get(f"{programme}_{tier}", stage)
    others = [facts.get(f"{programme}_{other}", stage) for other in TIERS if other != tier]
    listed = [fact for fact in others if fact.is_reported]
    unlisted = [fact for fact in others if fact.is_missing]
    is_partial = bool(listed and unlisted)
    lacking = "、".join(fact.request for fact in unlisted)
    note = f"合计只含已列资金，未列：{lacking}" if is_partial else ""
    others, code = listed or unlisted, f"{programme}_{tier}_share"
    return _part_paid(facts, code, paying=[asked], others=others, note=note)


def local_share(facts: Facts, programme: str) -> Measure:
    """Part of city and county in what province, city and county pay for a programme, in percent.

    The centre's money is no part of it: documents divide the local part (地方应承担部分) between
    the province and its cities and counties. City money is listed apart only where there is some;
    else it is in the county's column. A province that is not listed leaves the share unknown.
    """
    stage = PROGRAMMES[programme][1]
    county, city, province = (
        facts.get(f"{programme}_{tier}", stage) for tier in ("county", "city", "provincial")
    )
    paying = [county, *([city] if city.is_reported else [])]
    others = [] if province.is_not_applicable else [province]
    return _part_paid(facts, f"{programme}_local_share", paying=paying, others=others)


def _part_paid(
    facts: Facts, code: str, *, paying: list[Fact], others: list[Fact], note: str = ""
) -> Measure:
    """Part of some payers in what they and others pay, in percent; the first of them raises it."""
    paid, rest = (sum(fact.value for fact in listed) for listed in (paying, others))
    total, first, count = paid + rest, paying[0], len(paying)

    def part(*amounts: float) -> float:
        return rates.share_percent(
            sum(amounts[:count]), sum(amounts[:count]) + sum(amounts[count:])
        )

    measure = named(
        code,
        first.stage,
        facts.year.data_year,
        raised_by=supply_of(
            first, lambda more: rates.share_percent(added(paid, more), added(total, more))
        ),
        working=f"{plain(paid)} ÷ {plain(total)} × 100",
        note=note,
    )
    return from_inputs(facts, measure, [*paying, *others], part)
