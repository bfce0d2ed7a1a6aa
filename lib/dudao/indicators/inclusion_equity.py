"""Primary 5, 特殊教育与教育公平: disabled children, children of migrants, dropouts."""

from __future__ import annotations

from dudao.facts.view import Facts
from dudao.indicators import common
from dudao.indicators.declared import CENT, level, quotient
from dudao.indicators.measure import Measure, Remedy
from dudao.indicators.money_gap import with_remedy

STAGE = "compulsory"
WAN = 10_000  # 元 in one 万元: arithmetic of units, not law
SPECIAL_FUNDS = "special_operating_funds"
SPECIAL_PUPILS = ("disabled_in_special_schools", "disabled_in_mainstream_schools")
SPECIAL_ITEMS = (
    "school_age_disabled_children",
    *SPECIAL_PUPILS,
    "disabled_taught_at_home",
    SPECIAL_FUNDS,
)
MIGRANT_ITEMS = ("migrant_children", "migrant_children_public", "migrant_children_purchased")
RETENTION_ITEMS = ("dropouts", "ninth_graders", "first_grade_entrants")
LEFT_BEHIND_ITEMS = ("left_behind_children", "left_behind_children_cared")


def special_operating_funds(facts: Facts) -> Measure:
    """Operating funds per disabled pupil (特殊教育生均公用经费), raised by money.

    Pupils of special schools and 随班就读; home teaching is in neither side.
    Source: 国发〔2015〕67号.
    """
    funds = facts.get(SPECIAL_FUNDS, STAGE).value
    pupils = sum(facts.get(code, STAGE).value for code in SPECIAL_PUPILS)

    remedy = Remedy(
        unit="万元",
        after=lambda amount: common.ratio(funds + amount * WAN, pupils),
        step=CENT,
        item=SPECIAL_FUNDS,
        stage=STAGE,
        data_year=facts.year.data_year,
        per_unit=WAN,
    )
    return with_remedy(quotient(facts, "special_operating_funds_per_pupil", STAGE), remedy)


def special_education(facts: Facts) -> list[Measure]:
    """Disabled children at school (special schools, 随班就读, 送教上门), and funds per pupil."""
    return [quotient(facts, "special_enrolment_rate", STAGE), special_operating_funds(facts)]


def equal_access(facts: Facts) -> list[Measure]:
    """Children of migrants in public or purchased places, dropouts, and nine-year retention."""
    return [
        quotient(facts, "migrant_public_share", STAGE),
        level(facts, "dropouts", STAGE),
        quotient(facts, "nine_year_retention_rate", STAGE),
    ]


def left_behind(facts: Facts) -> list[Measure]:
    """Left-behind children who are looked after (关爱帮扶): shown, judged by nobody."""
    return [quotient(facts, "left_behind_care_rate", STAGE)]
