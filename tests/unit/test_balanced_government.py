"""The government's part of balanced development: years, large classes, veto items."""

import pytest

from dudao.case import case_of
from dudao.facts import store
from dudao.facts.view import Facts
from dudao.indicators import balanced_government as balanced
from dudao.judging.checks import judge
from dudao.judging.school_rules import school_rules
from dudao.law import EvaluationYear, law_for
from dudao_pipeline.intake.submission import read_submission
from tests.unit import county
from tests.unit.test_school_conditions import HEADER, OTHER, row

YEAR = EvaluationYear(2024)
RULES = school_rules(law_for(), YEAR)


@pytest.fixture
def folder(tmp_path):
    return county.copy(tmp_path)


def facts(folder):
    read = read_submission(folder)
    assert read.acceptable
    return Facts(read.tables.facts, read.tables.claims, YEAR, schools=read.tables.schools)


def verdict(measure, check):
    rule = law_for()[check]
    return judge(measure, rule, YEAR.law_date(rule.date_rule))


@pytest.mark.parametrize(("year", "result"), [(2021, "not_met"), (2020, "met"), (2015, "met")])
def test_three_years_after_recognition_counts_from_the_data_year(folder, year, result):
    county.set_item(folder, "basic_balance_year", "义务教育", "数据年", str(year))
    years = balanced.years_since(facts(folder), "years_since_basic_balance", "compulsory")
    assert years.value == 2023 - year
    assert verdict(years, "years_since_basic_balance").result == result


@pytest.mark.parametrize(("cases", "result"), [("0", "met"), ("1", "not_met"), ("", "undecided")])
def test_one_case_is_enough_and_none_reported_is_not_none(folder, cases, result):
    if cases:
        county.set_item(folder, "school_choice_violations", "义务教育", "数据年", cases)
    found = verdict(
        county.group("03_basic_education", "vetoes", facts(folder))[1], "school_choice_violations"
    )
    assert (found.result, found.gap) == (result, None)
    assert bool(found.missing) == (result == "undecided")


def test_a_case_fails_both_points_of_balanced_development():
    case = case_of(store.read("990100", 2024), "990100", 2024, "03_basic_education")
    points = case.framework.points_of(case.law["data_fraud"].topics)
    assert points == ("3.2.1", "3.2.2")


def test_the_school_sheet_may_prove_more_large_classes_than_are_reported(folder):
    for code, value in (("large_classes", "0"), ("super_large_classes", "0"), ("classes", "20")):
        county.set_item(folder, code, "义务教育", "数据年", value)
    county.write(folder, "学校", [HEADER, row("A", "小学", 600, 12, 56, 1, 1, 96, 90), OTHER])
    large, extra = balanced.class_rates(facts(folder), RULES)
    assert "至少有1个" in large.note
    assert extra.note == ""
