"""The law as data: tree, dates, citations, overlays, and errors that name what is wrong."""

from datetime import date

import pytest

from dudao.base.errors import LawError
from dudao.facts.items import items
from dudao.law import EvaluationYear, framework_for, law_for
from dudao.law.areas import read_yaml
from dudao.law.thresholds import all_thresholds
from dudao.law.values import UNSEEN

HEILONGJIANG, ZHEJIANG = "23", "331121"


def test_tree_of_2024_has_9_primaries_22_secondaries_29_points():
    tree = framework_for(2024)
    assert (len(tree.primary_titles), len(tree.secondary_titles), len(tree.points)) == (9, 22, 29)


def test_what_the_report_does_not_print_is_marked_as_reconstructed():
    origins = {point.id: point.origin for point in framework_for(2024).points}
    sourced = [point for point, origin in origins.items() if origin == "sourced"]
    assert sourced == ["1.1.1", "2.1.1", "2.2.1", "3.5.1"]


def test_a_year_without_a_scheme_is_refused_with_the_years_that_exist():
    with pytest.raises(LawError, match=r"2019年.*2020、2021、2022、2023、2024、2025"):
        framework_for(2019)


def test_a_borrowed_year_says_so():
    assert framework_for(2024).remark(2024) == ""
    assert "借用" in framework_for(2022).remark(2022)


def test_evaluation_year_judges_the_year_before_against_the_one_before_that():
    year = EvaluationYear(2024)
    assert (year.base_year, year.data_year, year.progress_year) == (2022, 2023, 2024)
    assert year.law_date() == date(2023, 12, 31)
    assert year.law_date("school_year") == date(2023, 9, 1)


def test_the_day_before_the_first_date_names_threshold_date_and_file():
    rule = law_for()["public_enrolment_share"]
    with pytest.raises(LawError, match=r"公办园.*2020-03-01.*2020-03-02.*preschool\.yaml"):
        rule.at(date(2020, 3, 1))


def test_an_unknown_threshold_names_the_nearest():
    with pytest.raises(LawError, match="gross_enrolment_ratio"):
        law_for()["gross_enrollment_ratio"]


@pytest.mark.parametrize(
    ("day", "value"), [(date(2023, 2, 28), 650), (date(2023, 3, 1), 720), (date(2024, 12, 31), 720)]
)
def test_a_standard_changes_on_its_day(day, value):
    assert law_for()["operating_fund_quota_primary"].at(day).value == value


def test_a_province_overrides_the_nation_and_only_there():
    name = "living_allowance_fund_county_share"
    year = EvaluationYear(2024)
    assert "黑政办发〔2018〕57号" in law_for(HEILONGJIANG).value(name, year).citation
    assert law_for("230221").value(name, year) == law_for(HEILONGJIANG).value(name, year)
    assert "黑" not in law_for(ZHEJIANG).value(name, year).citation


@pytest.mark.parametrize(
    ("area", "share", "said"),
    [
        ("510104", 100, "成都市"),
        ("513221", 50, "民族自治地方"),
        ("510726", 50, "民族自治地方"),
        ("510812", None, "民族待遇县、国家扶贫开发工作重点县未列明"),
        ("51", None, "成都市"),
    ],
)
def test_a_standard_goes_by_the_kind_of_county(area, share, said):
    """川办发〔2020〕64号: 成都 alone, 民族县 and 贫困县 half, the others 60 % of the local part."""
    value = law_for(area).value("living_allowance_fund_county_share", EvaluationYear(2024))
    assert value.value == share
    assert said in value.note


def test_an_office_lists_its_county_by_a_file(tmp_path, monkeypatch):
    monkeypatch.setenv("DUDAO_LAW", str(tmp_path))
    folder = tmp_path / "county_kinds"
    folder.mkdir()
    (folder / "51.yaml").write_text(
        "area: '51'\nchecked_on: 2026-11-26\nkinds:\n"
        "  民族待遇县:\n    counties: []\n    complete: true\n    read_in: 省级名单\n"
        "  国家扶贫开发工作重点县:\n    counties: ['510812']\n    complete: true\n"
        "    read_in: 省级名单\n",
        encoding="utf-8",
    )
    name, year = "living_allowance_fund_county_share", EvaluationYear(2024)
    assert law_for("510812").value(name, year).value == 50
    assert law_for("510811").value(name, year).value == 60


def test_a_list_of_counties_that_is_wrong_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("DUDAO_LAW", str(tmp_path))
    folder = tmp_path / "county_kinds"
    folder.mkdir()
    text = (
        "area: '51'\nchecked_on: 2026-11-26\nkinds:\n  民族县: {counties: [5132], complete: true}\n"
    )
    (folder / "bad.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(LawError, match=r"bad\.yaml.*民族县.*read_in"):
        law_for("513221")


def test_central_parts_exist_only_where_the_tier_is_known():
    assert "senior_aid_fund_central_share" in law_for(HEILONGJIANG).thresholds
    assert "senior_aid_fund_central_share" not in law_for(ZHEJIANG).thresholds


def test_every_threshold_names_a_known_item_its_unit_and_a_document():
    composite = {"standards_to_meet", "floor_of_the_rest", "teaching_point_pupils", "split_weight"}
    for rule in law_for("23").thresholds.values():
        assert rule.role in ("pass", "reference", "veto"), rule.id
        assert rule.status in ("sourced", "unconfirmed"), rule.id
        assert all(value.reference.title for value in rule.values), rule.id
        if rule.topics:
            assert rule.item not in composite
            assert rule.stage in items()[rule.item].stages, rule.id
            assert rule.unit == items()[rule.item].unit, rule.id


def test_every_sourced_value_cites_an_article_or_says_that_none_was_seen():
    for rule in all_thresholds():
        for value in rule.values if rule.status == "sourced" else ():
            if not value.reference.convention:
                assert value.clause or value.reference.clause, (rule.file, rule.id, value.start)


def test_an_unseen_clause_is_said_in_brackets():
    values = {v.start: v for v in law_for()["education_expenditure_never_decreases"].values}
    assert values[date(2018, 8, 17)].citation.endswith(f"国办发〔2018〕82号（{UNSEEN}）")


def test_a_broken_file_is_named(tmp_path):
    broken = tmp_path / "broken.yaml"
    broken.write_text("a: [1, 2", encoding="utf-8")
    with pytest.raises(LawError, match=r"broken\.yaml"):
        read_yaml(broken)
