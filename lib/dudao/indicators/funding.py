"""Primary 2, 教育经费保障: growth of spending, cost sharing of programmes, per-pupil standards."""

from __future__ import annotations

from dataclasses import replace

from dudao.base.rounding import plain
from dudao.facts.items import PROGRAMMES, TIERS
from dudao.facts.view import Fact, Facts
from dudao.indicators import common
from dudao.indicators.declared import growth, level, quotient
from dudao.indicators.measure import (
    ABOUT,
    ATTESTED,
    COMPUTED,
    Measure,
    from_inputs,
    named,
    with_claim,
)

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


REVENUE = "recurrent_fiscal_revenue"
WHOLE = 100.0  # percent: arithmetic, not law
SPENDING = (
    *("education_expenditure", "per_pupil_expenditure", "per_pupil_non_personnel_expenditure"),
    *(REVENUE, "general_budget_expenditure", "fiscal_education_funding", "gdp"),
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


def growth_over_revenue(facts: Facts) -> Measure:
    """Growth of education expenditure above that of recurrent revenue (高于财政经常性收入增长).

    In percentage points; each growth is computed from two years, or taken as the report prints it.
    Source: 教育法第五十六条.
    """
    spending, revenue = (
        growth(facts, f"{code}_growth") for code in ("education_expenditure", REVENUE)
    )
    parts = (spending, revenue)
    year, code = facts.year.data_year, "growth_over_revenue"
    claim = facts.claim(code, "all", year)
    measure = named(
        code,
        "all",
        year,
        sources=(*spending.sources, *revenue.sources),
        missing=(*spending.missing, *revenue.missing),
        applies=spending.applies and revenue.applies,
        note="；".join(dict.fromkeys(part.note for part in parts if part.note)),
    )
    if not all(part.is_known for part in parts):
        return with_claim(measure, claim)
    computed = all(part.basis == COMPUTED for part in parts)
    current, base = (
        facts.get("education_expenditure", "all", one).value for one in (year, year - 1)
    )
    return with_claim(
        replace(
            measure,
            value=spending.value - revenue.value,
            basis=COMPUTED if computed else ATTESTED,
            missing=(),
            qualifier=ABOUT if any(part.qualifier for part in parts) else "",
            working=f"{plain(spending.value, 2)} - {plain(revenue.value, 2)}",
            spread=(
                spending.spread[0] - revenue.spread[1],
                spending.spread[1] - revenue.spread[0],
            ),
            gap_to=lambda limit: (
                (
                    base * (1 + (revenue.value + limit) / 100) - current,
                    "万元",
                )
                if computed
                else None
            ),
        ),
        claim,
    )


def legal_growth(facts: Facts) -> list[Measure]:
    """The growths that the Education Law asks for (三个增长), beside the two of 只增不减.

    Expenditure above revenue; funds per pupil of each stage; pay of teachers.
    Source: 教育法第五十六条.
    """
    return [
        growth_over_revenue(facts),
        *(growth(facts, "per_pupil_non_personnel_expenditure_growth", s) for s in JUDGED_STAGES),
        growth(facts, "teacher_average_pay_growth"),
    ]


def share_of_budget(facts: Facts) -> list[Measure]:
    """Education in general public expenditure (占一般公共预算支出比例), and its change on the year.

    Source: 教育法第五十五条.
    """
    year = facts.year
    code, change = "education_share_of_budget", "education_share_of_budget_change"
    inputs = [
        facts.get(name, "all", one)
        for one in (year.data_year, year.base_year)
        for name in ("education_expenditure", "general_budget_expenditure")
    ]
    measure = named(
        change,
        "all",
        year.data_year,
        working="{} ÷ {} × 100 - {} ÷ {} × 100".format(*(plain(f.value) for f in inputs)),
    )
    return [quotient(facts, code), from_inputs(facts, measure, inputs, _change_of_share)]


def _change_of_share(part: float, whole: float, base_part: float, base_whole: float) -> float:
    return common.share_percent(part, whole) - common.share_percent(base_part, base_whole)


def related_growth(facts: Facts) -> list[Measure]:
    """Growth of neighbouring quantities that a report often prints; judged by nobody."""
    stages = [(code, "all") for code in ("total_education_funding", "fiscal_education_funding")]
    stages += [("per_pupil_operating_expenditure", stage) for stage in JUDGED_STAGES]
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
    own = [county, *([city] if city.is_reported else [])]
    others = [] if province.is_not_applicable else [province]
    paid, total = (sum(fact.value for fact in facts_) for facts_ in (own, [*own, *others]))
    measure = named(
        f"{programme}_local_share",
        stage,
        facts.year.data_year,
        gap_to=lambda limit: (
            ((limit * total - WHOLE * paid) / (WHOLE - limit), "万元") if limit < WHOLE else None
        ),
        working=f"{plain(paid)} ÷ {plain(total)} × 100",
    )
    count = len(own)
    return from_inputs(
        facts,
        measure,
        [*own, *others],
        lambda *amounts: common.share_percent(sum(amounts[:count]), sum(amounts)),
    )


def local_sharing(facts: Facts) -> list[Measure]:
    """The part of city and county in the local money of each of the five programmes.

    Source: 国办发〔2018〕6号, 国办发〔2019〕27号 and the province's plan.
    """
    return [local_share(facts, programme) for programme in PROGRAMMES]


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
