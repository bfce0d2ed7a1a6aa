"""Reference tables: each says where it comes from, and is what it says."""

import csv
import hashlib

import pytest
import yaml

from dudao.base import reference, workspace
from dudao.facts import items

FOLDER = workspace.data() / "reference"
TABLES = sorted(path.stem for path in FOLDER.glob("*.csv"))
LINES = ("national_rates", "per_pupil_national", "per_pupil_provincial")
NOT_REPORTED = {
    "education_share_of_public_expenditure",
    "inclusive_kindergarten_share",
    "large_class_share",
    "nine_year_retention_rate",
    "pupils_per_teacher",
    "senior_gross_enrolment_ratio",
    "teachers_college_share",
}


def table(name):
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_the_one_its_origin_describes(name):
    content = (FOLDER / f"{name}.csv").read_bytes()
    origin = yaml.safe_load((FOLDER / f"{name}.meta.yml").read_text(encoding="utf-8"))
    assert origin["sha256"] == hashlib.sha256(content).hexdigest()
    assert origin["rows"] == len(list(csv.reader(content.decode().splitlines()))) - 1
    assert all(origin[key] for key in ("title", "origin", "licence", "date"))


def test_a_county_code_is_text_and_a_name_is_whole():
    assert reference.counties()["230221"].full_name == "黑龙江省齐齐哈尔市龙江县"
    assert reference.census("990001") is None
    assert reference.census("410324")["population"] > 0


def test_national_spending_of_2022_is_as_announced():
    assert reference.national_per_pupil("per_pupil_expenditure", "senior")[2022] == 19117.92


@pytest.mark.parametrize(
    ("item", "stage", "year", "value"),
    [
        ("gross_enrolment_ratio", "preschool", 2022, 89.7),
        ("gross_enrolment_ratio", "preschool", 2023, 91.1),
        ("inclusive_coverage", "preschool", 2022, 89.55),
        ("inclusive_coverage", "preschool", 2023, 90.81),
        ("children_per_teacher", "preschool", 2023, 13.32),
        ("nine_year_retention_rate", "compulsory", 2022, 95.5),
        ("senior_gross_enrolment_ratio", "senior", 2022, 91.6),
        ("pupils_per_teacher", "primary", 2022, 16.19),
        ("pupils_per_teacher", "junior", 2022, 12.72),
        ("large_class_share", "primary", 2022, 0.48),
        ("large_class_share", "junior", 2018, 8.62),
        ("education_share_of_public_expenditure", "all", 2024, 14.58),
        ("per_pupil_expenditure_growth", "primary", 2022, 3.32),
        ("total_education_funding_growth", "all", 2023, 5.3),
    ],
)
def test_a_national_rate_is_as_announced(item, stage, year, value):
    assert reference.national_rate(item, stage)[year] == value


def test_a_national_rate_runs_by_year_and_is_empty_where_none_is_known():
    years = reference.national_rate("nine_year_retention_rate", "compulsory").index
    assert list(years) == list(range(2017, 2025))
    assert reference.national_rate("nine_year_retention_rate", "primary").empty


@pytest.mark.parametrize(
    ("province_code", "item", "stage", "year", "value"),
    [
        ("45", "per_pupil_expenditure", "preschool", 2023, 4757.17),
        ("45", "per_pupil_expenditure_growth", "vocational", 2023, -3.26),
        ("37", "per_pupil_expenditure_growth", "preschool", 2018, 14.88),
        ("53", "per_pupil_operating_expenditure", "senior", 2022, 14743.91),
        ("44", "per_pupil_operating_expenditure", "primary", 2015, 8757.95),
        ("15", "per_pupil_non_personnel_expenditure", "all", 2024, 5729.41),
        ("34", "per_pupil_expenditure", "junior", 2018, 16214.80),
    ],
)
def test_provincial_spending_is_as_announced(province_code, item, stage, year, value):
    assert reference.provincial_per_pupil(province_code, item, stage)[year] == value
    assert reference.provincial_per_pupil("11", item, stage).empty


def test_what_is_computed_follows_from_what_is_printed():
    computed = {
        ("children_per_teacher", "2021"): 4805.21 / 319.10,
        ("children_per_teacher", "2022"): 4627.55 / 324.42,
        ("public_enrolment_share", "2022"): 100 - 45.96,
    }
    rows = [row for row in table("national_rates") if row["basis"] == "computed"]
    found = {(row["item"], row["year"]): float(row["value"]) for row in rows}
    assert found == {key: round(value, 2) for key, value in computed.items()}


@pytest.mark.parametrize("name", LINES)
def test_a_line_is_of_a_declared_item_and_stage_once(name):
    rows = table(name)
    assert {row["item"] for row in rows} <= set(items.items()) | NOT_REPORTED
    assert {row["stage"] for row in rows} <= set(items.STAGES)
    keys = [(row.get("province_code"), row["item"], row["stage"], row["year"]) for row in rows]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("name", ["national_rates", "per_pupil_provincial"])
def test_a_line_names_the_source_of_its_origin(name):
    origin = yaml.safe_load((FOLDER / f"{name}.meta.yml").read_text(encoding="utf-8"))
    told = {(one["id"], one["title"], one["url"] or "") for one in origin["origin"]}
    rows = table(name)
    assert {(row["source_id"], row["source_title"], row["source_url"]) for row in rows} == told


def test_a_province_code_is_text_of_the_code_table():
    provinces = {code[:2] for code in reference.counties()}
    assert {row["province_code"] for row in table("per_pupil_provincial")} <= provinces
    codes = reference.table("per_pupil_provincial")["province_code"]
    assert all(isinstance(code, str) for code in codes)
