"""Every measure of a notebook in one call, for those who judge without opening one."""

from __future__ import annotations

from collections.abc import Callable

from dudao.facts.view import Facts
from dudao.indicators import (
    balanced_government,
    basic_education,
    funding,
    inclusion_equity,
    kindergartens,
    language,
    leadership,
    safety_health,
    school_conditions,
    schools,
    senior_schools,
    supervision,
    teachers,
    vocational_education,
)
from dudao.indicators.measure import Measure
from dudao.indicators.schools import SchoolRules


def _leadership(facts: Facts, _rules: SchoolRules) -> list[Measure]:
    return leadership.stated_levels(facts)


def _funding(facts: Facts, _rules: SchoolRules) -> list[Measure]:
    return [
        *funding.expenditure_growth(facts),
        *funding.legal_growth(facts),
        *funding.share_of_budget(facts),
        *funding.spending_progress(facts),
        *funding.share_of_output(facts),
        *funding.cost_sharing(facts, "central"),
        *funding.local_sharing(facts),
        *funding.per_pupil_standards(facts),
        *funding.pupil_support(facts),
        *funding.kindergarten_standards(facts),
    ]


def _basic_education(facts: Facts, rules: SchoolRules) -> list[Measure]:
    return [
        *basic_education.preschool(facts),
        *kindergartens.area_compliance(facts, rules),
        *schools.resource_cvs(facts, rules),
        *schools.schools_on_standard(facts, rules),
        *school_conditions.class_sizes(facts, rules),
        school_conditions.school_sizes(facts, rules),
        *school_conditions.special_rooms(facts, rules),
        *balanced_government.government(facts, rules),
        *balanced_government.monitoring_results(facts),
        *balanced_government.vetoes(facts),
        *basic_education.compulsory_quality(facts),
        *basic_education.curriculum(facts),
        *basic_education.burden_reduction(facts),
        *basic_education.digital(facts),
        *senior_schools.senior_schools(facts),
    ]


def _vocational_education(facts: Facts, _rules: SchoolRules) -> list[Measure]:
    return [
        *vocational_education.key_indicators(facts),
        *vocational_education.goals(facts),
        *vocational_education.balance(facts),
    ]


def _inclusion_equity(facts: Facts, _rules: SchoolRules) -> list[Measure]:
    return [*inclusion_equity.special_education(facts), *inclusion_equity.equal_access(facts)]


def _teachers(facts: Facts, _rules: SchoolRules) -> list[Measure]:
    return [
        *teachers.staffing(facts),
        *teachers.pay(facts),
        *teachers.training(facts),
        *teachers.rotation(facts),
    ]


def _safety_health(facts: Facts, rules: SchoolRules) -> list[Measure]:
    return [
        *safety_health.campus_security(facts),
        *safety_health.guard_numbers(facts, rules),
        *safety_health.safety_operations(facts),
        *safety_health.pupil_health(facts),
    ]


def _language(facts: Facts, _rules: SchoolRules) -> list[Measure]:
    return [*language.popularisation(facts), *language.teacher_levels(facts)]


def _supervision(facts: Facts, _rules: SchoolRules) -> list[Measure]:
    return [*supervision.inspectorate(facts), *supervision.school_inspection(facts)]


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
