"""Money of a fictional county: per pupil near the national figures, totals that follow."""

from __future__ import annotations

import math

from dudao.facts.items import PROGRAMMES
from tools.example import limits
from tools.example.model import Model
from tools.example.schools import REFERENCE_YEAR

Values = dict[tuple[str, str], float]
USUAL = {  # yuan per pupil, near the national figures of recent years
    **{"preschool": 9800, "primary": 12600, "junior": 17900},
    **{"senior": 18600, "vocational": 17300, "special": 64000},
}
OPERATING, NON_PERSONNEL = (0.91, 0.97), (0.24, 0.31)  # of the level that contains them
BEYOND_PUPILS, FISCAL, ALL_SOURCES, REVENUE = 1.06, 1.05, 1.09, 1.35
REVENUE_GROWTH = 1.015
BUDGET, BUDGET_GROWTH = (5.2, 6.4), 1.012  # all public expenditure, in times that on education
OUTPUT = (11, 19)  # what the county produces, in times its spending on education
KINDERGARTEN_QUOTA, INCLUSIVE_SUBSIDY = 600, 550  # no national standard exists
STAFF_WAGE, CONTRACT_SHARE = 68_000, (0.78, 0.9)
APPLIED = (  # standards that the county says it applies
    *(("operating_fund_quota", "primary"), ("operating_fund_quota", "junior")),
    *(("operating_fund_quota", "senior"), ("boarding_supplement", "compulsory")),
    *(("boarder_allowance", "primary"), ("boarder_allowance", "junior")),
    *(("day_pupil_allowance", "primary"), ("day_pupil_allowance", "junior")),
    *(("grant_standard", "senior"), ("grant_standard", "vocational")),
    *(("nutrition_subsidy", "compulsory"), ("building_repair_standard", "compulsory")),
)
# Parts of centre and province in a programme; the county pays the rest.
PARTS = {
    "operating_fund": (0.62, 0.24),
    "school_building_fund": (0.61, 0.21),
    "living_allowance_fund": (0.50, 0.33),
    "senior_aid_fund": (0.62, 0.24),
    "vocational_aid_fund": (0.62, 0.24),
}
AID_PER_PUPIL = {
    "school_building_fund": 260,
    "living_allowance_fund": 130,
    "senior_aid_fund": 420,
    "vocational_aid_fund": 1900,
}
WAN = 10_000


def _per_pupil(model: Model, stage: str, year: int) -> Values:
    rng = model.rng("per_pupil", stage)
    growth = model.profile.growth + rng.uniform(-0.008, 0.008)
    level = USUAL[stage] * model.rng("wealth").uniform(0.88, 1.08)
    total = level * (1 + growth) ** (year - REFERENCE_YEAR)
    operating = total * rng.uniform(*OPERATING)
    other = operating * rng.uniform(*NON_PERSONNEL)
    return {
        ("per_pupil_expenditure", stage): round(total, 2),
        ("per_pupil_operating_expenditure", stage): round(operating, 2),
        ("per_pupil_non_personnel_expenditure", stage): round(other, 2),
    }


def _spending(model: Model, year: int, per_pupil: Values) -> float:
    """Return education expenditure in 万元: pupils times spending per pupil, and what is beyond."""
    spent = sum(
        per_pupil["per_pupil_expenditure", stage] * model.enrolment(stage, year) for stage in USUAL
    )
    return round(spent / WAN * BEYOND_PUPILS, 2)


def _pace(model: Model) -> float:
    limit = limits.latest("first_quarter_pace")
    ahead = model.rng("pace").uniform(0.2, 2.5)
    return round(limit + (ahead if model.margin("first_quarter_pace") >= 0 else -ahead), 2)


def _totals(model: Model, year: int, spending: float) -> Values:
    rate = 1 + model.profile.growth
    now = spending * rate ** (REFERENCE_YEAR - year)  # what it is without growth since
    revenue = now * REVENUE * REVENUE_GROWTH ** (year - REFERENCE_YEAR)
    budget = now * model.rng("budget").uniform(*BUDGET) * BUDGET_GROWTH ** (year - REFERENCE_YEAR)
    fiscal = round(spending * FISCAL, 2)
    return {
        ("education_expenditure", "all"): spending,
        ("fiscal_education_funding", "all"): fiscal,
        ("total_education_funding", "all"): round(fiscal * ALL_SOURCES, 2),
        ("recurrent_fiscal_revenue", "all"): round(revenue, 2),
        ("general_budget_expenditure", "all"): round(budget, 2),
        ("gdp", "all"): round(revenue / REVENUE * model.rng("gdp").uniform(*OUTPUT), 2),
        ("education_investment", "all"): round(spending * 0.03, 2),
        ("budget_progress_q1", "all"): _pace(model),
    }


def _quota(model: Model, name: str, year: int) -> float:
    factor = 1 if model.margin(name) >= 0 else 0.9
    return round(limits.in_force(name, year) * factor, 2)


def _applied(model: Model, code: str, stage: str, year: int) -> float:
    name = code if stage == "compulsory" else f"{code}_{stage}"
    return _quota(model, name, year)


def _kindergartens(model: Model, year: int) -> Values:
    staff = STAFF_WAGE * (1 + model.profile.growth / 2) ** (year - REFERENCE_YEAR)
    share = model.rng("wage").uniform(*CONTRACT_SHARE)
    return {
        ("operating_fund_quota", "preschool"): KINDERGARTEN_QUOTA,
        ("inclusive_kindergarten_subsidy", "preschool"): INCLUSIVE_SUBSIDY,
        ("staff_teacher_wage", "preschool"): round(staff, 2),
        ("contract_teacher_wage", "preschool"): round(staff * share, 2),
    }


def _textbooks(model: Model, stage: str, year: int) -> int:
    name = f"free_textbook_coverage_{stage}"
    return limits.part(name, model.enrolment(stage, year), model.margin(name))


def _quotas(model: Model, year: int) -> Values:
    funded = "small_school_funded_enrolment"
    return {
        **{(code, stage): _applied(model, code, stage, year) for code, stage in APPLIED},
        **{
            ("pupils_with_free_textbooks", stage): _textbooks(model, stage, year)
            for stage in ("primary", "junior")
        },
        **_kindergartens(model, year),
        (funded, "compulsory"): round(_quota(model, funded, year)),
        ("small_school_limit", "compulsory"): round(limits.in_force(funded, year)),
    }


def money(model: Model, year: int) -> Values:
    """Return the county's money of a calendar year, without the earmarked funds."""
    per_pupil: Values = {}
    for stage in USUAL:
        per_pupil |= _per_pupil(model, stage, year)
    totals = _totals(model, year, _spending(model, year, per_pupil))
    return {**per_pupil, **totals, **_quotas(model, year), **_city()}


def _city() -> Values:
    """Return the city's part of every programme: it gives none apart from the county's."""
    return {(f"{name}_city", stage): math.nan for name, (_, stage) in PROGRAMMES.items()}


def _fund(model: Model, programme: str, stage: str, year: int) -> float:
    """Return a programme's funds in 万元."""
    stages = ("primary", "junior") if stage == "compulsory" else (stage,)
    if programme == "operating_fund":
        names = {s: f"operating_fund_quota_{s}" for s in stages}
        per_pupil = {s: limits.in_force(name, year) for s, name in names.items()}
    else:
        per_pupil = dict.fromkeys(stages, AID_PER_PUPIL[programme])
    return sum(per_pupil[s] * model.enrolment(s, year) for s in stages) / WAN


def funds(model: Model, year: int) -> dict[str, tuple[float, float, float]]:
    """Return the three tiers of every programme: what is not central or provincial is local."""
    figures = {}
    for programme, (_, stage) in PROGRAMMES.items():
        amount = _fund(model, programme, stage, year)
        shift = model.rng("tier", programme).uniform(0, 0.04)
        centre, province = PARTS[programme]
        parts = (centre * amount, (province - shift) * amount, (1 - centre - province + shift))
        figures[programme] = (round(parts[0], 2), round(parts[1], 2), round(parts[2] * amount, 2))
    return figures
