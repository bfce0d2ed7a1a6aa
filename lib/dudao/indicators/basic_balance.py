"""Basic balance (基本均衡): eight resources, one composite coefficient."""

from __future__ import annotations

from dudao.facts.view import Facts
from dudao.indicators import common
from dudao.indicators.schools import SchoolRules, covered_schools

BASIC_RESOURCES = (
    *("teaching_area", "sports_area", "equipment_value", "school_computers", "school_books"),
    *("school_teachers", "teachers_above_standard_degree", "middle_title_teachers"),
)


def basic_cvs(facts: Facts, stage: str, rules: SchoolRules) -> dict[str, float]:
    """Coefficients of the eight resources of basic balance (基本均衡); NaN where unknown.

    Source: 教督〔2012〕3号.
    """
    schools, _ = covered_schools(facts, stage, rules, BASIC_RESOURCES)
    return {
        code: common.coefficient_of_variation(schools[code], schools["enrolment"])
        for code in BASIC_RESOURCES
    }
