"""Guards by the size of schools: the least that GB/T 29315-2022 asks, bands unseen as one guard."""

import math

import pandas as pd
import pytest

from dudao.indicators.single_measures import guard_numbers
from dudao.judging.school_rules import school_rules
from dudao.law import EvaluationYear, law_for
from tests.unit import county

RULES = school_rules(law_for(), EvaluationYear(2024))


def _least(pupils, year=2024):
    rules = school_rules(law_for(), EvaluationYear(year))
    rows = pd.DataFrame(
        {"enrolment": [float(pupils)], "kind": ["小学"], "location": ["城区"], "built": [0]}
    )
    return rules.guards(rows).iloc[0]


@pytest.mark.parametrize(
    ("pupils", "least"), [(60, 1), (999, 1), (1000, 3), (1499, 3), (1500, 4), (2000, 5)]
)
def test_the_least_of_one_school(pupils, least):
    assert _least(pupils) == least


def test_before_the_standard_there_is_no_number():
    assert math.isnan(_least(2000, year=2022))


def test_all_schools_together_and_a_school_of_two_stages_counts_once():
    """60 pupils: 1; 600 and 500 in one school: 1100, so 3. Without guards reported: unknown."""
    facts = county.facts_of_schools(
        [
            ("A", "小学", "primary", {"enrolment": 60}),
            ("B", "九年一贯制学校", "primary", {"enrolment": 600}),
            ("B", "九年一贯制学校", "junior", {"enrolment": 500}),
        ]
    )
    measure = guard_numbers(facts, RULES)[0]
    assert "2所学校的规模至少应配4名" in measure.note
    assert math.isnan(measure.value)
    assert any("专职保安员" in text for text in measure.missing)


def test_a_school_without_its_pupils_leaves_the_whole_open():
    """60 pupils in A; nobody knows how many the junior stage of B has."""
    facts = county.facts_of_schools(
        [
            ("A", "小学", "primary", {"enrolment": 60}),
            ("B", "九年一贯制学校", "primary", {"enrolment": 600}),
            ("B", "九年一贯制学校", "junior", {"enrolment": None}),
        ]
    )
    measure = guard_numbers(facts, RULES)[0]
    assert math.isnan(measure.value)
    assert "至少应配" not in measure.note
    assert any("1所学校未填" in text for text in measure.missing)
