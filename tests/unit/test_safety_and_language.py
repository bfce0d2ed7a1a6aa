"""Safety, health and language: the fall of myopia by hand, and what judges nobody."""

import math

import pandas as pd
import pytest

from dudao.facts.items import item
from dudao.facts.view import Facts
from dudao.indicators.declared import level
from dudao.indicators.registry import measure_of
from dudao.judging.checks import judge
from dudao.law import EvaluationYear, law_for

YEAR = EvaluationYear(2024)


def _facts(rows):
    columns = ["item", "stage", "data_year", "value"]
    table = pd.DataFrame(rows, columns=columns).assign(
        status="reported", qualifier="", school="", sheet="县级指标", cell="E2"
    )
    return Facts(table, pd.DataFrame(), YEAR)


def _eyes(base, now):
    codes = ("myopic_pupils", "vision_screened_pupils")
    pairs = ((2022, base), (2023, now))
    return [(c, "all", y, n) for y, counts in pairs for c, n in zip(codes, counts, strict=True)]


@pytest.mark.parametrize(
    ("base", "now", "fall"),
    [((5_000, 10_000), (4_400, 9_000), 1.111), ((400, 1_000), (450, 1_000), -5)],
)
def test_the_fall_of_myopia_is_in_percentage_points_and_may_be_a_rise(base, now, fall):
    found = measure_of(_facts(_eyes(base, now)), "myopia_reduction", "all", 2023)
    assert found.value == pytest.approx(fall, abs=0.001)
    assert found.unit == "百分点"


def test_a_fall_needs_the_base_year_and_names_it():
    lone = [row for row in _eyes((1, 2), (1, 2)) if row[2] == 2023]
    found = measure_of(_facts(lone), "myopia_reduction", "all", 2023)
    assert math.isnan(found.value)
    assert len(found.missing) == 2 and all("2022年" in text for text in found.missing)


def test_national_goals_of_health_judge_no_county():
    rules = law_for().about(["pupil_health"])
    assert [rule.id for rule in rules if rule.role != "reference"] == ["daily_exercise_hours"]


def test_one_accident_fails_both_points_that_it_is_about():
    rule = law_for()["no_major_safety_accidents"]
    facts = _facts([("major_safety_accidents", "all", 2023, 1)])
    verdict = judge(level(facts, "major_safety_accidents"), rule, YEAR.law_date(rule.date_rule))
    assert verdict.result == "not_met"
    assert set(rule.topics) <= set(item("major_safety_accidents").topics)
