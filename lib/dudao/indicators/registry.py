"""Every measure of a notebook in one call, for those who judge without opening one."""

from __future__ import annotations

from collections.abc import Callable

from dudao.facts.view import Facts
from dudao.indicators import basic_education, funding, leadership, schools
from dudao.indicators.measure import Measure
from dudao.indicators.schools import SchoolRule, SchoolScope


def _leadership(facts: Facts, _rule: SchoolRule, _scope: SchoolScope) -> list[Measure]:
    return leadership.stated_levels(facts)


def _funding(facts: Facts, _rule: SchoolRule, _scope: SchoolScope) -> list[Measure]:
    return [
        *funding.expenditure_growth(facts),
        *funding.spending_progress(facts),
        *funding.cost_sharing(facts, "central"),
        *funding.cost_sharing(facts, "county"),
        *funding.per_pupil_standards(facts),
    ]


def _basic_education(facts: Facts, rule: SchoolRule, scope: SchoolScope) -> list[Measure]:
    return [
        *basic_education.preschool(facts),
        *schools.resource_cvs(facts, scope),
        *schools.schools_on_standard(facts, rule, scope),
        *basic_education.compulsory_quality(facts),
        *basic_education.curriculum(facts),
        *basic_education.burden_reduction(facts),
        *basic_education.digital(facts),
    ]


MEASURES: dict[str, Callable[[Facts, SchoolRule, SchoolScope], list[Measure]]] = {
    "01_leadership": _leadership,
    "02_funding": _funding,
    "03_basic_education": _basic_education,
}
