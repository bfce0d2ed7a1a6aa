"""What only a report prints is judged as attested, opens its notebook, and says what it rests on.

All counties here are 虚构; the forms of their sentences are those of published reports.
"""

from __future__ import annotations

import pytest

from dudao.facts.items import part_named
from dudao.judging.results import MET, NOT_MET, UNDECIDED
from dudao.show import overview
from dudao_pipeline.runner.plan import Job
from dudao_pipeline.runner.selection import obstacle
from dudao_pipeline.runner.submissions import Submission
from tests.unit import printed_county as printed

CV = (
    ("高于规定学历教师差异系数", "0.412", MET),
    ("县级以上骨干教师差异系数", "0.688", NOT_MET),
    ("体育艺术专任教师差异系数", "0.501", NOT_MET),
    ("教学及辅助用房面积差异系数", "0.500", MET),
    ("体育运动场馆面积差异系数", "0.569", NOT_MET),
    ("教学仪器设备值差异系数", "0.233", MET),
    ("网络多媒体教室差异系数", "0.447", MET),
)


@pytest.fixture(autouse=True)
def own_store(tmp_path, monkeypatch):
    monkeypatch.setenv("DUDAO_STORE", str(tmp_path / "store"))
    return tmp_path


def _judged(case, check):
    return [verdict for verdict in case.verdicts() if verdict.check == check]


def test_printed_coefficients_are_judged_each_for_its_resource(tmp_path):
    rows = [(name, "小学", 2022, value, "", "resource_cv") for name, value, _ in CV]
    case = printed.case(tmp_path, rows, 2023)
    found = _judged(case, "resource_cv_primary")
    assert [(v.result, v.basis) for v in found] == [(result, "attested") for *_, result in CV]
    assert [v.label.split("·")[1] for v in found] == [name[:-4] for name, *_ in CV]
    assert {p.point.id: p.result for p in case.judge_points(found)}["3.2.1"] == NOT_MET
    junior = _judged(case, "resource_cv_junior")
    assert {v.result for v in junior} == {UNDECIDED}


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("每百名学生拥有县级以上骨干教师数差异系数", "backbone_teachers"),
        ("生均教学仪器设备值校际差异系数", "equipment_value"),
        ("音体美专任教师差异系数", "pe_art_teachers"),
        ("综合差异系数", ""),
        ("骨干教师和多媒体教室差异系数", ""),
    ],
)
def test_a_coefficient_names_one_resource_or_judges_none(name, part):
    assert part_named("resource_cv", name) == part


def test_a_coefficient_without_its_resource_is_listed_and_not_judged(tmp_path):
    case = printed.case(tmp_path, [("综合差异系数", "小学", 2022, "0.6", "", "resource_cv")], 2023)
    assert {v.result for v in _judged(case, "resource_cv_primary")} == {UNDECIDED}
    assert "没有写明是哪一项资源" in case.claim_checks[0].note


def test_a_figure_that_is_only_printed_opens_its_notebook(tmp_path):
    row = ("九年义务教育巩固率", "义务教育", 2022, "97.01", "%", "nine_year_retention_rate")
    case = printed.case(tmp_path, [row], 2023, "05_inclusion_equity")
    assert obstacle(Job(printed.COUNTY, 2023, "05_inclusion_equity", "")) == ""
    assert obstacle(Job(printed.COUNTY, 2023, "06_teachers", "")) == "没有报送本册所需的数据"
    assert obstacle(Job(printed.COUNTY, 2023, "10_schools", "")) == "没有报送本册所需的数据"
    (found,) = _judged(case, "nine_year_retention_rate")
    assert (found.value, found.basis) == (97.01, "attested")


def test_where_only_operating_expenditure_is_published_it_is_judged_and_said(tmp_path):
    rows = [
        ("生均教育事业费", "小学", 2022, "20000.00", "元", "per_pupil_operating_expenditure"),
        ("增长率", "小学", 2022, "-0.20", "%", "per_pupil_operating_expenditure_growth"),
        ("增长率", "初中", 2022, "0.81", "%", "per_pupil_operating_expenditure_growth"),
        ("增长率", "初中", 2022, "-3.00", "%", "per_pupil_expenditure_growth"),
    ]
    case = printed.case(tmp_path, rows, 2023)
    (primary,) = _judged(case, "per_pupil_expenditure_never_decreases_primary")
    assert (primary.result, primary.value, primary.basis) == (NOT_MET, -0.2, "attested")
    assert "生均一般公共预算教育事业费" in primary.note
    (junior,) = _judged(case, "per_pupil_expenditure_never_decreases_junior")
    assert (junior.value, junior.note) == (-3.0, "")


WORDS = [
    ("随迁子女在公办学校就读", "义务教育", "完全满足", "migrant_public_share"),
    ("规定课程", "义务教育", "开齐开足", "full_curriculum_rate"),
    ("课后服务", "义务教育", "全面推行", "after_school_service_coverage"),
    ("学校网络学习空间", "全县", "全部开通", "school_space_coverage"),
    ("学科类培训机构", "全县", "全面清零", "subject_training_institutions"),
]


@pytest.mark.parametrize("with_code", [True, False])
def test_universal_words_are_attested_statements_tied_to_a_check_by_one_rule(tmp_path, with_code):
    rows = [(n, s, 2022, word, "", code if with_code else "") for n, s, word, code in WORDS]
    case = printed.case(tmp_path, rows, 2023)
    assert [claim.item for claim in case.facts.claims] == [code for *_, code in WORDS]
    assert [claim.value for claim in case.facts.claims] == [100, 100, 100, 100, 0]
    for code in ("migrant_public_share", "full_curriculum_rate", "after_school_service_coverage"):
        (found,) = [v for v in case.verdicts() if v.item == code]
        assert (found.result, found.basis) == (MET, "attested")
        assert "待证" in found.note


def test_a_universal_word_is_no_number_where_it_can_be_none(tmp_path):
    row = ("招聘教师", "全县", 2022, "全部", "", "teachers_recruited")
    (finding,) = [f for f in printed.submit(tmp_path, [row], 2023).findings if f.code == "T01"]
    assert "“全部”" in finding.what and "“招聘教师”" in finding.what


def test_a_printed_name_without_a_code_is_taken_only_where_it_is_the_item_s_own(tmp_path):
    rows = [
        ("财政经常性收入增长", "全县", 2022, "5.60", "%", ""),
        ("财政经常性收入增减额", "全县", 2022, "5.60", "万元", ""),
        ("两者之差", "全县", 2022, "2.50", "个百分点", ""),
    ]
    submission = printed.submit(tmp_path, rows, 2023)
    assert list(submission.tables.claims["item"]) == ["recurrent_fiscal_revenue_growth", "", ""]
    (notice,) = [f for f in submission.findings if f.code == "H02"]
    assert "recurrent_fiscal_revenue_growth" in notice.what


def test_the_headline_says_first_how_many_points_are_reached_and_which_are_reconstructed(tmp_path):
    row = ("九年义务教育巩固率", "义务教育", 2022, "97.01", "%", "nine_year_retention_rate")
    case = printed.case(tmp_path, [row], 2023)
    points = case.judge_points(case.verdicts())
    first, second, *_ = overview.headline(case, points, [], [])
    assert first == "29个评价要点中，本县的数据和报告涉及1个（5.2.1），其余28个没有数据。"
    assert second.startswith("方案原文只见4个要点，另25个据国家政策重构")
    assert second.endswith("重构的有1个（5.2.1）。")
    assert Submission.of(printed.COUNTY, 2023).reported == {"nine_year_retention_rate"}


def test_a_figure_in_a_unit_that_cannot_be_judged_opens_no_notebook(tmp_path):
    rows = [
        ("校舍建筑面积", "中等职业学校", 2023, "9.84", "万平方米", "building_area_per_school"),
        ("在校生", "小学", 2023, "2.31", "万人", "enrolment"),
    ]
    printed.case(tmp_path, rows, 2024)
    opened = {
        name: obstacle(Job(printed.COUNTY, 2024, name, ""))
        for name in ("03_basic_education", "04_vocational_education")
    }
    assert opened == {
        "03_basic_education": "",
        "04_vocational_education": "没有报送本册所需的数据",
    }


def test_a_point_whose_rules_came_later_is_open_and_names_what_held_before(tmp_path):
    case = printed.case(tmp_path, [("在校生", "小学", 2021, "2.31", "万人", "enrolment")], 2022)
    (point,) = (p for p in case.judge_points(case.verdicts()) if p.point.id == "4.1.1")
    assert point.result == UNDECIDED and not point.to_supply
    assert any("2022-11-16以前的标准" in text for text in point.law)
