"""Primary 4, 职业教育: conditions of secondary vocational schools, intake and cooperation."""

from __future__ import annotations

from dudao.facts.view import Facts
from dudao.indicators.declared import level, quotient
from dudao.indicators.measure import Measure

STAGE = "vocational"
REPORTED = (
    *("schools", "enrolment", "full_time_teachers", "campus_area", "building_area"),
    *("vocational_equipment_value", "books", "vocational_schools_on_standard"),
    *("specialty_teachers", "dual_qualified_teachers"),
)
INTAKE = ("vocational_entrants", "senior_entrants")
COOPERATION = ("cooperating_enterprises", "training_bases")
KEY_INDICATORS = (
    *("campus_area_per_school", "land_per_pupil"),
    *("building_area_per_school", "building_area_per_pupil"),
    *("teachers_per_school", "pupils_per_teacher"),
    *("equipment_per_school", "equipment_per_pupil", "books_per_pupil"),
)


def key_indicators(facts: Facts) -> list[Measure]:
    """The nine key indicators (重点监测指标), averages over the county's vocational schools.

    Source: 教职成〔2022〕5号.
    """
    return [quotient(facts, code, STAGE) for code in KEY_INDICATORS]


def goals(facts: Facts) -> list[Measure]:
    """Shares with a provincial or national goal: schools on standard, dual-qualified teachers."""
    return [
        quotient(facts, code, STAGE)
        for code in ("vocational_standard_rate", "dual_qualified_share")
    ]


def balance(facts: Facts) -> list[Measure]:
    """Vocational to general intake (职普比), and cooperation as the county states it."""
    return [
        quotient(facts, "vocational_general_ratio"),
        *(level(facts, code, STAGE) for code in COOPERATION),
    ]
