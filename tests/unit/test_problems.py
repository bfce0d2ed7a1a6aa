"""The problem list: what is on it, and in which order."""

import math
from dataclasses import replace

import pytest

from dudao.indicators.measure import COMPUTED, Measure
from dudao.judging.checks import judge
from dudao.judging.points import judge_point
from dudao.judging.results import Gap, SelfRating
from dudao.judging.shortfall_list import occurred, problems, vetoes
from dudao.law import EvaluationYear, framework_for, law_for
from dudao.show.problem_tables import gaps_table, problem_record, problems_table
from dudao_pipeline.intake.problem_plans import problem_key
from dudao_pipeline.publish.amounts import by_weight, failed

DAY = EvaluationYear(2024).law_date()
LAW, FRAMEWORK = law_for(), framework_for(2024)
POINTS = {point.id: point for point in FRAMEWORK.points}


def verdict(name, value, **fields):
    rule = LAW[name]
    fields = {"basis": COMPUTED, **fields}
    found = judge(Measure(rule.item, rule.stage, 2023, value, rule.unit, **fields), rule, DAY)
    return replace(found, points=FRAMEWORK.points_of(rule.topics, rule.id))


SMALL = verdict("gross_enrolment_ratio", 76.5)  # (85 - 76.5) / 85 = 10 %
LARGE = verdict("children_per_teacher", 30)  # (30 - 15) / 15 = 100 %
FALL = verdict("education_expenditure_never_decreases", -20)  # a fifth less than the year before
ACCIDENT = verdict("no_major_safety_accidents", 1)  # where none is allowed, all is too much
VETO = replace(verdict("gross_enrolment_ratio", 84), role="veto")


def listed(*verdicts):
    return [problem.verdict for problem in problems([], verdicts)]


def test_the_largest_shortfall_is_first_also_beside_a_standard_of_zero():
    verdicts = [replace(one, law_status="sourced") for one in (SMALL, ACCIDENT, LARGE)]
    small, accident, large = verdicts
    assert listed(*verdicts) == [accident, large, small]
    shortfalls = [problem.shortfall for problem in problems([], [*verdicts, FALL])]
    assert shortfalls == [0.2, 1.0, 1.0, pytest.approx(0.1)]


def test_what_the_law_on_spending_asks_for_comes_after_vetoes_and_before_the_rest():
    large = replace(LARGE, law_status="sourced")
    assert listed(large, FALL, VETO) == [VETO, FALL, large]


def test_an_unverified_standard_never_leads_where_a_verified_one_is_missed():
    unread = replace(VETO, law_status="unconfirmed")
    assert listed(unread, SMALL, FALL) == [FALL, SMALL, unread]


def test_pages_the_word_report_and_the_workbook_have_the_order_of_the_list():
    unread = replace(LARGE, law_status="unconfirmed")
    verdicts = [SMALL, replace(FALL, role="veto"), unread, ACCIDENT, FALL, LARGE]
    names = ("check", "value", "threshold", "unit", "role", "result", "law_status", "item")
    records = [{name: getattr(one, name) for name in names} for one in verdicts]
    order = [one.check for one in listed(*verdicts)]
    assert [one["check"] for one in sorted(records, key=by_weight)] == order
    assert [one["check"] for one in failed(records)] == order


@pytest.mark.parametrize(
    ("name", "value", "what"),
    [
        ("education_expenditure_never_decreases", -5.81, "一般公共预算教育支出比上年下降5.81%"),
        (
            "per_pupil_expenditure_never_decreases_primary",
            -6.114,
            "小学生均一般公共预算教育经费比上年下降6.11%",
        ),
        (
            "education_growth_over_revenue",
            -7.52,
            "教育财政拨款的增长低于财政经常性收入的增长7.52个百分点",
        ),
        ("education_growth_over_revenue", 0, "教育财政拨款的增长与财政经常性收入的增长持平"),
        ("gross_enrolment_ratio", 76.5, "学前三年毛入园率低于标准"),
    ],
)
def test_a_problem_says_what_happened(name, value, what):
    (problem,) = problems([], [verdict(name, value)])
    assert problem.what == what
    (other,) = problems([], [verdict(name, value * 1.1 - 0.001 * (value != 0))])
    keys = [problem_key(problem_record(one)) for one in (problem, other)]
    assert keys[0] == keys[1]  # what was entered for it stays when a figure is mended


def test_a_label_that_is_a_norm_is_no_name_of_what_went_wrong():
    label = "义务教育教师平均工资收入水平不低于当地公务员"
    (pay,) = problems([], [replace(SMALL, label=label)])
    assert pay.what == "义务教育教师平均工资收入水平低于当地公务员"
    (each,) = problems([], [replace(SMALL, label="小学每校七项中至少六项达标")])
    assert each.what == "未做到小学每校七项中至少六项达标"


def test_a_veto_is_first_however_small():
    assert listed(LARGE, VETO) == [VETO, LARGE]


def test_several_vetoes_are_named_in_one_sentence():
    said = occurred([VETO, VETO])
    assert said.count("一票否决") == 1 and said.count(f"{VETO.label}84%") == 2


def test_what_is_met_or_unknown_is_no_problem():
    assert (
        listed(verdict("gross_enrolment_ratio", 90), verdict("children_per_teacher", math.nan))
        == []
    )


def test_the_county_s_own_word_is_last_and_only_without_a_failed_check():
    admitted = SelfRating("3.4.2", "未达标", math.nan, "", "自评!A16")
    own = judge_point(POINTS["3.4.2"], [], rating=admitted)
    failed = judge_point(POINTS["3.1.1"], [SMALL])
    found = problems([failed, own], [SMALL])
    assert [problem.points for problem in found] == [("3.1.1",), ("3.4.2",)]
    assert found[1].verdict is None and found[1].what.endswith("：本县自评未达标")
    assert found[1].note == "自评!A16"


def test_a_veto_item_that_nobody_reported_is_named_too():
    unreported = replace(verdict("gross_enrolment_ratio", math.nan), role="veto")
    assert vetoes([SMALL, unreported, VETO]) == [VETO, unreported]


def test_money_is_a_sum_and_no_amount_per_pupil():
    (total,) = problems([], [replace(SMALL, gap=Gap(12.5, "万元"))])
    (each,) = problems([], [replace(SMALL, gap=Gap(88, "元"))])
    assert (total.money, each.money) == (12.5, None)
    assert "每生88元" in problems_table([each])._repr_html_()
    assert gaps_table([each]).rows == ()


def test_gaps_begin_with_money_and_the_most():
    gaps = [Gap(3, "人"), Gap(7, "人"), Gap(1.5, "万元"), Gap(2, "小时/日")]
    table = gaps_table(problems([], [replace(SMALL, gap=gap) for gap in gaps]))
    assert [row[1] for row in table.rows] == ["1.5万元", "7人", "3人"]


def test_the_list_names_schools_and_leaves_room_to_write():
    units = tuple(f"第{n}小学" for n in range(1, 9))
    found = problems([], [replace(SMALL, units=units)])
    html = problems_table(found)._repr_html_()
    assert "第6小学等8所" in html and "第7小学" not in html
    assert html.count("<td class=room>") == 4
    assert problem_record(found[0])["units"] == list(units)
