"""Primary 2, 教育经费保障: growth of spending, cost sharing of programmes, per-pupil standards."""

from __future__ import annotations

from dudao.base.rounding import plain
from dudao.facts.items import PROGRAMMES, TIERS
from dudao.facts.view import Fact, Facts
from dudao.indicators import common
from dudao.indicators.declared import growth, level, quotient
from dudao.indicators.measure import Measure, from_inputs, named

JUDGED_STAGES = ("preschool", "primary", "junior", "senior", "vocational")
QUOTAS = (
    ("operating_fund_quota", "primary"),
    ("operating_fund_quota", "junior"),
    ("boarding_supplement", "compulsory"),
    ("heating_quota", "compulsory"),
    ("small_school_funded_enrolment", "compulsory"),
    ("operating_fund_quota", "senior"),
)
ALLOWANCES = (
    ("boarder_allowance", "primary"),
    ("boarder_allowance", "junior"),
    ("day_pupil_allowance", "primary"),
    ("day_pupil_allowance", "junior"),
    ("grant_standard", "senior"),
    ("grant_standard", "vocational"),
    ("nutrition_subsidy", "compulsory"),
    ("building_repair_standard", "compulsory"),
)
KINDERGARTENS = (
    "inclusive_kindergarten_subsidy",
    *("contract_teacher_wage", "staff_teacher_wage"),
)


SPENDING = (
    *("education_expenditure", "per_pupil_expenditure"),
    *("fiscal_education_funding", "gdp"),
)


def support_items() -> list[str]:
    """Return the item codes of what pupils receive, and of kindergartens' funds and pay."""
    allowances = dict.fromkeys(code for code, _ in ALLOWANCES)
    return [*allowances, "pupils_with_free_textbooks", *KINDERGARTENS]


def fund_items() -> list[str]:
    """Return the item codes of the five programmes, tier by tier."""
    return [f"{programme}_{tier}" for programme in PROGRAMMES for tier in TIERS]


def standard_items() -> list[str]:
    """Return the item codes of the per-pupil standards and of spending progress."""
    quotas = dict.fromkeys(code for code, _ in QUOTAS)
    return [*quotas, "budget_progress_q1", "carryover_progress_q1"]


def expenditure_growth(facts: Facts) -> list[Measure]:
    """The two figures that may only grow (两个只增不减): total, and per pupil of each stage.

    Growth in percent of the data year over the base year. Source: 国办发〔2018〕82号.
    """
    total = growth(facts, "education_expenditure_growth")
    return [
        total,
        *(growth(facts, "per_pupil_expenditure_growth", stage) for stage in JUDGED_STAGES),
    ]


def related_growth(facts: Facts) -> list[Measure]:
    """Growth of neighbouring quantities that a report often prints; judged by nobody."""
    stages = [(code, "all") for code in ("total_education_funding", "fiscal_education_funding")]
    stages += [
        (code, stage)
        for code in ("per_pupil_operating_expenditure", "per_pupil_non_personnel_expenditure")
        for stage in JUDGED_STAGES
    ]
    measures = (growth(facts, f"{code}_growth", stage) for code, stage in stages)
    return [measure for measure in measures if measure.is_known]


def spending_progress(facts: Facts) -> list[Measure]:
    """Spending in the first quarter of the progress year, as the province's circular states it."""
    year = facts.year.progress_year
    return [
        level(facts, "budget_progress_q1", data_year=year),
        level(facts, "carryover_progress_q1", data_year=year),
    ]


def _tiers(facts: Facts, programme: str, stage: str) -> dict[str, Fact]:
    return {tier: facts.get(f"{programme}_{tier}", stage) for tier in TIERS}


def _share_of_all(own: float, *others: float) -> float:
    return common.share_percent(own, own + sum(others))


def tier_share(facts: Facts, programme: str, tier: str) -> Measure:
    """One tier's part in all funds listed for a programme, in percent.

    A tier that is not listed is left out of the sum and named: nobody knows whether it is zero.
    """
    stage = PROGRAMMES[programme][1]
    own, *others = sorted(_tiers(facts, programme, stage).items(), key=lambda t: t[0] != tier)
    listed = [fact for _, fact in others if fact.is_reported]
    unlisted = [fact.request for _, fact in others if fact.is_missing]
    total = own[1].value + sum(fact.value for fact in listed)
    measure = named(
        f"{programme}_{tier}_share",
        stage,
        facts.year.data_year,
        gap_to=lambda threshold: (threshold / 100 * total - own[1].value, "万元"),
        working=f"{plain(own[1].value)} ÷ {plain(total)} × 100",
        note=f"合计只含已列资金，未列：{'、'.join(unlisted)}" if listed and unlisted else "",
    )
    inputs = [own[1], *(listed or [fact for _, fact in others if fact.is_missing])]
    return from_inputs(facts, measure, inputs, _share_of_all)


def cost_sharing(facts: Facts, tier: str) -> list[Measure]:
    """The part of one tier (central or county) in each of the five programmes."""
    return [tier_share(facts, programme, tier) for programme in PROGRAMMES]


def per_pupil_standards(facts: Facts) -> list[Measure]:
    """The per-pupil standards that the county says it applies (公用经费、寄宿、取暖、100人规则)."""
    return [level(facts, code, stage) for code, stage in QUOTAS]


def pupil_support(facts: Facts) -> list[Measure]:
    """What pupils in need receive, as the county says it applies it, and free textbooks for all."""
    textbooks = (
        quotient(facts, "free_textbook_coverage", stage) for stage in ("primary", "junior")
    )
    return [*(level(facts, code, stage) for code, stage in ALLOWANCES), *textbooks]


def kindergarten_standards(facts: Facts) -> list[Measure]:
    """Funds and pay of kindergartens, for which only some provinces set a number."""
    return [
        level(facts, "operating_fund_quota", "preschool"),
        level(facts, "inclusive_kindergarten_subsidy", "preschool"),
        quotient(facts, "kindergarten_wage_ratio", "preschool"),
    ]


def share_of_output(facts: Facts) -> list[Measure]:
    """Fiscal education funding in the county's product, beside the national goal (4%)."""
    return [quotient(facts, "fiscal_funding_gdp_share")]
