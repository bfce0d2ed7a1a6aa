"""The comparer: bounds, rounding that decides, roll-up to points."""

import math
from dataclasses import replace
from datetime import date

import pytest

from dudao.indicators.measure import ATTESTED, COMPUTED, Measure, Remedy
from dudao.judging.checks import judge
from dudao.judging.points import judge_point
from dudao.judging.results import Gap, SelfRating
from dudao.law import DatedValue, EvaluationYear, Reference, framework_for, law_for
from dudao.show.supply_tables import supply_table
from dudao.show.words import result_word

DAY = EvaluationYear(2024).law_date("school_year")
LAW = law_for()
NO_VALUE = DatedValue(date(2000, 1, 1), None, Reference("虚构文件", "虚构〔2020〕1号"))
POINTS = {point.id: point for point in framework_for(2024).points}


def verdict(name, value, **fields):
    rule = LAW[name]
    fields = {"basis": COMPUTED, **fields}
    return judge(Measure(rule.item, rule.stage, 2023, value, rule.unit, **fields), rule, DAY)


@pytest.mark.parametrize(
    ("value", "qualifier", "result"),
    [
        (85, "以上", "met"),
        (80, "以上", "undecided"),
        (80, "不足", "not_met"),
        (90, "不足", "undecided"),
        (90, "左右", "undecided"),
    ],
)
def test_a_bounded_figure_decides_only_what_its_bound_allows(value, qualifier, result):
    found = verdict("gross_enrolment_ratio", value, qualifier=qualifier, basis=ATTESTED)
    assert found.result == result
    assert "界限或约数" in found.note


def test_an_upper_limit_reads_bounds_the_other_way():
    assert verdict("children_per_teacher", 14, qualifier="不足").result == "met"
    assert verdict("children_per_teacher", 16, qualifier="以上").result == "not_met"
    assert verdict("children_per_teacher", 14, qualifier="以上").result == "undecided"


def test_a_result_that_hangs_on_rounding_says_so():
    assert "取决于四舍五入" in verdict("resource_cv_primary", 0.5004).note
    assert "取决于四舍五入" not in verdict("resource_cv_primary", 0.5015).note


def test_unknown_is_undecided_and_lists_what_to_supply():
    found = verdict("public_enrolment_share", math.nan, basis="", missing=("在园幼儿",))
    assert (found.result, found.missing, found.gap) == ("undecided", ("在园幼儿",), None)


def test_gap_is_given_only_where_the_limit_is_missed():
    more = Remedy("人", lambda amount: 40 + amount)
    assert verdict("public_enrolment_share", 40, raised_by=more).gap == Gap(10, "人")
    assert verdict("public_enrolment_share", 60, raised_by=more).gap is None


def _on(point, *verdicts):
    return [replace(verdict, points=(point,)) for verdict in verdicts]


def _point(*results):
    values = {"met": 90.0, "not_met": 10.0, "undecided": math.nan}
    names = ("gross_enrolment_ratio", "inclusive_coverage", "public_enrolment_share")
    found = [verdict(name, values[result]) for name, result in zip(names, results, strict=False)]
    return judge_point(POINTS["3.1.1"], _on("3.1.1", *found)).result


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        (("met", "met", "met"), "met"),
        (("met", "undecided", "met"), "undecided"),
        (("met", "undecided", "not_met"), "not_met"),
    ],
)
def test_one_failure_fails_a_point_and_one_gap_leaves_it_open(results, expected):
    assert _point(*results) == expected


def test_an_unconfirmed_rule_alone_makes_no_point_not_met():
    unproven = replace(verdict("pupils_per_staff_primary", 25), law_status="unconfirmed")
    point = POINTS["3.1.1"]
    judged = judge_point(point, _on(point.id, unproven, verdict("gross_enrolment_ratio", 99.0)))
    assert (unproven.effect, judged.result) == ("undecided", "undecided")
    assert judged.to_supply == () and unproven.citation in judged.law[0]
    assert "未经证实，不单独判要点未达标" in judged.note
    other = replace(unproven, label="初中学生与教职工之比")
    both = judge_point(point, _on(point.id, unproven, other, other))
    assert both.law == (
        f"{unproven.citation}：须核对原文，“小学学生与教职工之比”“初中学生与教职工之比”"
        "未达到的标准未经证实",
    )
    failed = _on(point.id, unproven, verdict("gross_enrolment_ratio", 10.0))
    assert judge_point(point, failed).result == "not_met"
    assert result_word("not_met", "unconfirmed") == "未达标（未经证实）"
    assert result_word("met", "unconfirmed") == "达标"


def test_what_waits_for_law_is_counted_apart_from_what_the_county_supplies():
    rule = replace(LAW["gross_enrolment_ratio"], values=(NO_VALUE,))
    waiting = judge(Measure(rule.item, rule.stage, 2023, 99, rule.unit, COMPUTED), rule, DAY)
    lacking = verdict("inclusive_coverage", math.nan, missing=("在园幼儿（县级指标!F1）",))
    judged = judge_point(POINTS["3.1.1"], _on("3.1.1", waiting, lacking))
    assert judged.to_supply == ("在园幼儿（县级指标!F1）",)
    assert judged.law == ("《虚构文件》虚构〔2020〕1号：待查“学前三年毛入园率”的标准",)
    county, law = supply_table([judged]).tables
    assert len(county.rows) == 1 and len(law.rows) == 1
    assert "虚构〔2020〕1号" in law.rows[0][0]


def _rating(word):
    return SelfRating("3.1.2", word, math.nan, "", "自评!A2")


@pytest.mark.parametrize(
    ("value", "papers", "word", "result", "basis"),
    [
        (99.0, True, "", "undecided", ""),
        (99.0, False, "达标", "undecided", ""),
        (99.0, True, "达标", "met", ATTESTED),
        (99.0, True, "未达标", "not_met", ATTESTED),
        (10.0, True, "达标", "not_met", COMPUTED),
        (math.nan, True, "达标", "undecided", ""),
    ],
)
def test_what_people_judge_needs_their_word_and_the_papers(value, papers, word, result, basis):
    point = POINTS["3.1.2"]
    found = _on(point.id, verdict("social_recognition_preschool", value))
    judged = judge_point(point, found, point.evidence if papers else (), _rating(word))
    assert (judged.result, judged.basis) == (result, basis)
    if not papers and result == "undecided":
        assert any("佐证材料" in text for text in judged.to_supply)


def test_a_point_of_what_the_county_does_not_have_is_not_applicable():
    point = POINTS["3.1.1"]
    found = _on(point.id, verdict("gross_enrolment_ratio", math.nan, applies=False))
    assert judge_point(point, found).result == "not_applicable"


def test_a_goal_line_judges_nobody():
    assert verdict("counsellor_coverage", 10.0).result == "reference"
    assert verdict("counsellor_coverage", 10.0).gap is None
