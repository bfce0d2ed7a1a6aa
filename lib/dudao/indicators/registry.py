"""Every measure of a notebook in one call, for those who judge without opening one."""

from __future__ import annotations

from collections.abc import Callable

from dudao.facts.view import Facts
from dudao.indicators import basic_education, funding, leadership, schools
from dudao.indicators.measure import Measure
from dudao.indicators.schools import SchoolRules


def _leadership(facts: Facts, _rules: SchoolRules) -> list[Measure]:
    return leadership.stated_levels(facts)


def _funding(facts: Facts, _rules: SchoolRules) -> list[Measure]:
    return [
        *funding.expenditure_growth(facts),
        *funding.spending_progress(facts),
        *funding.cost_sharing(facts, "central"),
        *funding.cost_sharing(facts, "county"),
        *funding.per_pupil_standards(facts),
    ]


def _basic_education(facts: Facts, rules: SchoolRules) -> list[Measure]:
    return [
        *basic_education.preschool(facts),
        *schools.resource_cvs(facts, rules),
        *schools.schools_on_standard(facts, rules),
        *basic_education.compulsory_quality(facts),
        *basic_education.curriculum(facts),
        *basic_education.burden_reduction(facts),
        *basic_education.digital(facts),
    ]


def _vocational_education(facts: Facts, _rules: SchoolRules) -> list[Measure]:
    return []


def _inclusion_equity(facts: Facts, _rules: SchoolRules) -> list[Measure]:
    return []


def _teachers(facts: Facts, _rules: SchoolRules) -> list[Measure]:
    return []


def _safety_health(facts: Facts, _rules: SchoolRules) -> list[Measure]:
    return []


def _language(facts: Facts, _rules: SchoolRules) -> list[Measure]:
    return []


def _supervision(facts: Facts, _rules: SchoolRules) -> list[Measure]:
    return []


MEASURES: dict[str, Callable[[Facts, SchoolRules], list[Measure]]] = {
    "01_leadership": _leadership,
    "02_funding": _funding,
    "03_basic_education": _basic_education,
    "04_vocational_education": _vocational_education,
    "05_inclusion_equity": _inclusion_equity,
    "06_teachers": _teachers,
    "07_safety_health": _safety_health,
    "08_language": _language,
    "09_supervision": _supervision,
}
