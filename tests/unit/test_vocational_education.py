"""Vocational schools: averages per school and per pupil, their gaps, counties without any."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dudao.case import case_of, open_case
from dudao.facts import store
from dudao.facts.view import Facts
from dudao.law import EvaluationYear
from dudao_pipeline.intake import storing
from dudao_pipeline.intake.submission import read_submission
from tests.unit import county

NOTEBOOK = "04_vocational_education"
SCHOOLS = {
    "schools": "2",
    "enrolment": "1500",
    "full_time_teachers": "70",
    "campus_area": "76000",
    "building_area": "50000",
    "vocational_equipment_value": "360",
    "books": "45001",
}


@pytest.fixture
def folder(tmp_path):
    found = county.copy(tmp_path)
    for code, text in SCHOOLS.items():
        county.set_item(found, code, "中等职业学校", "数据年", text)
    return found


def _facts(folder):
    read = read_submission(folder)
    assert read.acceptable
    return Facts(
        read.tables.facts, read.tables.claims, EvaluationYear(2024), schools=read.tables.schools
    )


def _by_item(folder):
    conditions = county.group(NOTEBOOK, "conditions", _facts(folder))
    return {measure.item: measure for measure in conditions}


def test_totals_are_divided_by_schools_or_by_pupils(folder):
    found = _by_item(folder)
    assert found["campus_area_per_school"].value == 38000
    assert found["land_per_pupil"].value == pytest.approx(76000 / 1500)
    assert found["teachers_per_school"].value == 35
    assert found["equipment_per_school"].value == 180


def test_a_value_in_wan_yuan_is_told_per_pupil_in_yuan(folder):
    each = _by_item(folder)["equipment_per_pupil"]
    assert (each.value, each.unit, each.working) == (2400, "元/生", "360 ÷ 1500 × 10000")
    assert county.gap(each, "vocational_equipment_per_pupil", 2500) == (
        15,
        "万元",
    )  # 1500 pupils × 2500 元 = 375 万元


def test_what_is_too_little_lacks_of_itself_and_too_many_pupils_lack_teachers(folder):
    found = _by_item(folder)
    assert county.gap(found["campus_area_per_school"], "vocational_campus_area", 40000) == (
        4000,
        "㎡",
    )
    assert county.gap(found["teachers_per_school"], "vocational_teachers", 60) == (50, "人")
    assert county.gap(found["pupils_per_teacher"], "vocational_pupils_per_teacher", 20) == (
        5,
        "人",
    )  # 75 teachers for 1500 pupils


def _judged(folder):
    storing.write(read_submission(folder))
    case = open_case("990002", 2024, NOTEBOOK)
    points = {found.point.id: found for found in case.judge_points(case.verdicts())}
    return points["4.1.1"].result


def test_a_county_without_vocational_schools_is_not_judged(folder, tmp_path, monkeypatch):
    monkeypatch.setenv("DUDAO_STORE", str(tmp_path / "store"))
    assert _judged(folder) == "not_met"
    for code in SCHOOLS:
        county.set_item(folder, code, "中等职业学校", "数据年", "不涉及")
    assert _judged(folder) == "not_applicable"


SICHUAN = {
    "operating_fund_quota_preschool",
    "inclusive_kindergarten_subsidy",
    "kindergarten_wage_ratio",
}


@pytest.mark.parametrize(
    ("area", "notebook", "expected"),
    [
        ("51", "03_basic_education", SICHUAN),
        ("51", "02_funding", SICHUAN - {"kindergarten_wage_ratio"}),
        ("23", "03_basic_education", set()),
    ],
)
def test_sichuan_numbers_judge_its_counties_only(tmp_path, monkeypatch, area, notebook, expected):
    monkeypatch.setenv("DUDAO_STORE", str(tmp_path / "store"))
    folder = county.copy(tmp_path, year=2025)
    for code, text in (("contract_teacher_wage", "36000"), ("staff_teacher_wage", "50000")):
        county.set_item(folder, code, "幼儿园", "数据年", text)
    storing.write(read_submission(folder))
    stored = store.read("990002", 2025)
    stored = replace(stored, meta={**stored.meta, "law_area": area})
    verdicts = {v.check: v for v in case_of(stored, "990002", 2025, notebook).verdicts()}
    assert SICHUAN & set(verdicts) == expected
    if "kindergarten_wage_ratio" in expected:
        assert verdicts["kindergarten_wage_ratio"].result == "not_met"
