"""Resources that the stages of a school share: the split by pupils and weights."""

import math

import pandas as pd
import pytest

from dudao.indicators.balanced_government import BASIC_RESOURCES, basic_cvs
from dudao.indicators.schools import covered_schools
from dudao.indicators.splitting import shared_amounts, stage_share
from dudao.judging.school_rules import school_rules
from dudao.law import EvaluationYear, law_for
from tests.unit.county import facts_of_schools

RULES = school_rules(law_for(), EvaluationYear(2024))
WEIGHTS = {"primary": 1, "junior": 1.1, "senior": 1.32}


def one_share(pupils, stage):
    return stage_share(pd.DataFrame([pupils]), stage, WEIGHTS).iloc[0]


def test_the_law_s_weights_are_the_three_declared_ratios():
    assert RULES.split_weights == WEIGHTS
    assert WEIGHTS["senior"] / WEIGHTS["junior"] == pytest.approx(1.2)


@pytest.mark.parametrize(
    ("pupils", "stage", "share"),
    [
        ({"primary": 200, "junior": 100}, "primary", 200 / 310),
        ({"primary": 200, "junior": 100}, "junior", 110 / 310),
        ({"junior": 300, "senior": 500}, "junior", 300 / (300 + 1.2 * 500)),
        ({"primary": 100, "junior": 100, "senior": 100}, "primary", 100 / 342),
        ({"primary": 100, "junior": 100, "senior": 100}, "junior", 110 / 342),
    ],
)
def test_shares_as_worked_by_hand(pupils, stage, share):
    assert one_share(pupils, stage) == pytest.approx(share)


def test_shares_of_a_school_sum_to_one_and_nobody_shares_nothing():
    pupils = {"primary": 123, "junior": 456, "senior": 78}
    assert sum(one_share(pupils, stage) for stage in pupils) == pytest.approx(1)
    assert math.isnan(one_share({"primary": 0, "junior": 0}, "primary"))
    assert math.isnan(one_share({"primary": 5, "junior": math.nan}, "primary"))


def rows(area=(3100.0, "不涉及"), kind="九年一贯制学校", stages=("primary", "junior")):
    pupils = {"primary": 200, "junior": 100, "senior": 500}
    return [
        ("9901000001", kind, stage, {"enrolment": pupils[stage], "sports_area": value})
        for stage, value in zip(stages, area, strict=True)
    ]


def test_a_shared_ground_is_split_and_the_note_says_so():
    facts = facts_of_schools(rows())
    for stage, expected in (("primary", 2000), ("junior", 1100)):
        found, note = covered_schools(facts, stage, RULES, ("sports_area",))
        assert found.loc["9901000001", "sports_area"] == pytest.approx(expected)
        assert "拆分" in note


def test_a_complete_secondary_school_splits_with_its_senior_pupils():
    facts = facts_of_schools(rows((900.0, "不涉及"), "完全中学", ("junior", "senior")))
    found, is_shared = shared_amounts(facts, "junior", WEIGHTS)
    assert found.loc["9901000001", "sports_area"] == pytest.approx(900 * 100 / (100 + 1.2 * 500))
    assert is_shared.loc["9901000001", "sports_area"]


def test_other_weights_split_the_same_facts_otherwise():
    facts = facts_of_schools(rows())
    shares = [
        shared_amounts(facts, "junior", weights)[0].loc["9901000001", "sports_area"]
        for weights in (WEIGHTS, {**WEIGHTS, "junior": 2 * WEIGHTS["junior"]})
    ]
    assert shares[0] < shares[1]


@pytest.mark.parametrize(
    "listed",
    [
        rows((2000.0, 1100.0)),
        rows((3100.0, None)),
        rows((3100.0, "不涉及"), "小学"),
        rows((3100.0,), "十二年一贯制学校", ("primary",)),
    ],
    ids=["split by the county", "blank is missing", "no combined school", "one stage alone"],
)
def test_what_is_not_declared_shared_is_left_as_reported(listed):
    found, is_shared = shared_amounts(facts_of_schools(listed), "junior", WEIGHTS)
    assert not is_shared.any(axis=None) and found.isna().all(axis=None)


def _without_pupils():
    first, second = rows()
    return [first, (*second[:3], {**second[3], "enrolment": None})]


@pytest.mark.parametrize(
    "listed",
    [rows((3100.0, "不涉及"), "十二年一贯制学校"), _without_pupils()],
    ids=["a stage is not listed", "pupils of a stage are missing"],
)
def test_a_part_that_nobody_can_know_is_unknown_and_the_note_says_why(listed):
    found, note = covered_schools(facts_of_schools(listed), "primary", RULES, ("sports_area",))
    assert math.isnan(found.loc["9901000001", "sports_area"])
    assert "1所学校" in note and "无法拆分" in note


def test_one_missing_column_leaves_its_coefficient_unknown_and_the_others_known():
    values = dict.fromkeys(BASIC_RESOURCES, 10.0)
    two = [
        ("9901000001", "小学", "primary", {"enrolment": 100, **values}),
        ("9901000002", "小学", "primary", {"enrolment": 80, **values, "school_books": None}),
    ]
    found = basic_cvs(facts_of_schools(two), "primary", RULES)
    assert math.isnan(found["school_books"])
    assert found["school_teachers"] == pytest.approx(math.sqrt(0.0125))  # X 1/10, 1/8
