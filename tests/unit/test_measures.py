"""Measures: computed, attested or contradicted, never filled; what is missing is named."""

import math
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from dudao.facts.view import Facts
from dudao.indicators import funding, schools
from dudao.indicators.declared import quotient
from dudao.judging.checks import judge
from dudao.judging.claims import check_claims
from dudao.judging.compare import in_scope
from dudao.judging.school_rules import school_rules
from dudao.law import EvaluationYear, law_for
from dudao_pipeline.intake.submission import read_submission
from tests.unit import county


def scoped(scope):
    return replace(school_rules(law_for(), EvaluationYear(2024)), scope=scope)


everything = scoped(lambda county: county["enrolment"].notna() | True)


def view(folder):
    read = read_submission(folder)
    assert read.acceptable
    return Facts(
        read.tables.facts,
        read.tables.claims,
        EvaluationYear(read.year),
        schools=read.tables.schools,
    )


@pytest.fixture
def report(tmp_path):
    return county.copy(tmp_path, county.PUBLISHED / "990001-2024", "990003")


@pytest.fixture
def empty(tmp_path):
    """A county that reports nothing and prints nothing."""
    folder = county.copy(tmp_path)
    for sheet in ("县级指标", "报告所列数据"):
        county.write(folder, sheet, county.rows(folder, sheet)[:1])
    return folder


def test_missing_inputs_are_listed_with_their_cells(report):
    total = funding.expenditure_growth(view(report))[0]
    assert math.isnan(total.value)
    assert total.missing == (
        "2023年一般公共预算教育支出（县级指标!F18）",
        "2022年一般公共预算教育支出（县级指标!E18）",
    )


def test_a_county_that_reports_nothing_has_no_value_anywhere(empty):
    facts = view(empty)
    for measures in (
        funding.expenditure_growth(facts),
        county.group("02_funding", "central", facts),
        county.group("02_funding", "standards", facts),
        county.group("04_vocational_education", "conditions", facts),
        schools.resource_cvs(facts, everything),
        county.group("03_basic_education", "quality", facts),
    ):
        for measure in measures:
            assert math.isnan(measure.value), measure
            assert measure.missing, measure


def test_a_printed_rate_without_numerator_is_attested(report):
    ratio = quotient(view(report), "gross_enrolment_ratio", "preschool")
    assert (ratio.value, ratio.basis) == (93.2, "attested")
    assert "第50项" in ratio.sources[0]


def test_data_that_give_another_rate_contradict_the_report(report):
    county.set_item(report, "public_enrolment", "幼儿园", "数据年", "2100")
    share = quotient(view(report), "public_enrolment_share", "preschool")
    assert share.basis == "contradicted"
    assert share.value == pytest.approx(2100 / 4372 * 100)
    assert share.stated == 56.1


def test_gap_is_in_children_and_the_least_number_that_is_enough(report):
    county.set_item(report, "public_enrolment", "幼儿园", "数据年", "2100")
    share = quotient(view(report), "public_enrolment_share", "preschool")
    amount, unit = county.gap(share, "public_enrolment_share", 50)
    assert (amount, unit) == (86, "人")
    assert (2100 + amount) / 4372 >= 0.5 > (2100 + amount - 1) / 4372


def test_a_tier_that_is_not_listed_is_named_not_taken_for_zero(report):
    share = funding.tier_share(view(report), "school_building_fund", "county")
    assert share.value == pytest.approx(248.6 / 601.6 * 100)
    assert "省级" in share.note
    county.set_cell(report, "专项资金", 3, "省级（万元）", "0")
    assert funding.tier_share(view(report), "school_building_fund", "county").note == ""


def test_a_fund_that_is_not_reported_at_all_has_no_share(empty):
    share = funding.tier_share(view(empty), "operating_fund", "county")
    assert math.isnan(share.value)
    assert len(share.missing) == 3


SCHOOL_HEADER = county.rows(county.PLAIN, "学校")[0]


def _schools(folder, lines):
    county.write(folder, "学校", [SCHOOL_HEADER, *lines])


def _school(code, pupils, amount):
    return [
        code,
        f"虚构{code}",
        "小学",
        "小学",
        "乡村",
        "",
        str(pupils),
        "6",
        *[str(amount)] * 5,
        str(amount * 10_000),  # equipment, in 元
        str(amount),
        "",
    ]


def test_school_sheet_gives_coefficients_of_variation(empty):
    _schools(empty, [_school("A", 100, 10), _school("B", 300, 60)])
    cv = schools.resource_cvs(view(empty), everything)[0]
    mean = 70 / 400
    deviation = math.sqrt(0.25 * (0.1 - mean) ** 2 + 0.75 * (0.2 - mean) ** 2)
    assert cv.value == pytest.approx(deviation / mean)
    assert cv.basis == "computed"


def test_one_school_and_a_missing_cell_leave_the_coefficient_open(empty):
    _schools(empty, [_school("A", 100, 10)])
    only = schools.resource_cvs(view(empty), everything)[0]
    assert math.isnan(only.value)
    assert "只有一所学校" in only.note
    _schools(empty, [_school("A", 100, 10), _school("B", 300, "")])
    lacking = schools.resource_cvs(view(empty), everything)[0]
    assert math.isnan(lacking.value)
    assert "1所学校未填" in lacking.missing[0]


def test_a_value_from_qualified_figures_is_only_about_right(report):
    county.set_item(report, "public_enrolment", "幼儿园", "数据年", "近2453")
    share = quotient(view(report), "public_enrolment_share", "preschool")
    assert share.bound == "vague"


def test_what_does_not_apply_is_neither_missing_nor_judged(report):
    county.set_item(report, "boarding_supplement", "义务教育", "数据年", "不涉及")
    standard = county.group("02_funding", "standards", view(report))[2]
    assert (standard.applies, standard.missing) == (False, ())
    rule = law_for()["boarding_supplement"]
    assert judge(standard, rule, date(2023, 12, 31)).result == "not_applicable"


def test_a_base_of_zero_says_why_there_is_no_growth(report):
    county.set_item(report, "per_pupil_expenditure", "小学", "基准年", "0")
    county.set_item(report, "per_pupil_expenditure", "小学", "数据年", "8000")
    growth = funding.expenditure_growth(view(report))[2]
    assert math.isnan(growth.value)
    assert "分母或基准为零" in growth.note


def test_a_printed_coefficient_of_variation_does_not_stop_the_claims(report):
    lines = county.rows(report, "报告所列数据")
    printed = ["103", "（三）2", "差异系数", "小学", "2023", "0.45", "", "", "resource_cv", "", ""]
    county.write(report, "报告所列数据", [*lines, printed])
    assert check_claims(view(report))[-1].outcome == "not_recomputable"


def test_small_teaching_points_and_special_schools_are_outside_and_said(empty):
    point, special = _school("T", 49, 1), _school("S", 300, 1)
    point[2], special[2] = "教学点", "特殊教育学校"
    _schools(empty, [_school("A", 100, 10), _school("B", 300, 60), point, special])
    facts = view(empty)
    covered = schools.resource_cvs(facts, scoped(lambda county: in_scope(county, 50)))[0]
    _schools(empty, [_school("A", 100, 10), _school("B", 300, 60)])
    assert covered.value == schools.resource_cvs(view(empty), everything)[0].value
    assert "另有2所不在评估范围" in covered.note


@pytest.mark.parametrize(("pupils", "inside"), [(49, False), (50, True), (51, True)])
def test_a_teaching_point_counts_from_its_number_of_pupils_on(pupils, inside):
    county = pd.DataFrame({"kind": ["教学点"], "enrolment": [float(pupils)]})
    assert in_scope(county, 50).tolist() == [inside]
