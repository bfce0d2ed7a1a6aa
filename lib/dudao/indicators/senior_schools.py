"""Senior schools of a county (普通高中、县中): class size, places for junior schools, enrolment."""

from __future__ import annotations

from dudao.facts.view import Facts
from dudao.indicators.declared import level, quotient
from dudao.indicators.measure import Measure


def senior_schools(facts: Facts) -> list[Measure]:
    """Largest class of the entry grade, large classes, allocated places, gross enrolment.

    The limit on a class binds the entry grade, the ban on large classes binds every grade.
    Source: “十四五”县域普通高中发展提升行动计划; 教督〔2017〕6号 for the places.
    """
    return [
        level(facts, "largest_entry_class", "senior"),
        quotient(facts, "large_class_rate", "senior"),
        quotient(facts, "quality_senior_quota_share", "senior"),
        quotient(facts, "senior_gross_enrolment_ratio"),
    ]
