"""Back-tests: what reports print against the committed data, the formulas and the notebooks."""

import hashlib
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
import yaml

from dudao.base import workspace
from dudao.base.rounding import fixed
from dudao.case import open_case
from dudao_pipeline.runner.record import results_of

PRINTED = yaml.safe_load((Path(__file__).parent / "990001-2024.yaml").read_text(encoding="utf-8"))


@cache
def committed(notebook):
    """Return the results that a committed notebook shows."""
    path = workspace.notebooks() / f"{notebook}.ipynb"
    return results_of(path)


@cache
def case(notebook="02_funding"):
    return open_case("990001", 2024, notebook)


@pytest.mark.parametrize(("item", "stage", "year", "value"), PRINTED["facts"])
def test_data_hold_what_the_report_prints(item, stage, year, value):
    assert case().facts.get(item, stage, year).value == value


@pytest.mark.parametrize(("notebook", "check", "shown", "result", "basis"), PRINTED["checks"])
def test_a_check_comes_out_as_worked_by_hand(notebook, check, shown, result, basis):
    found = next(c for c in committed(notebook)["checks"] if c["check"] == check)
    value = "" if found["value"] is None else fixed(found["value"], 2)
    assert (value, found["result"], found["basis"]) == (shown, result, basis)


@pytest.mark.parametrize(("notebook", "point", "result"), PRINTED["points"])
def test_a_point_comes_out_as_worked_by_hand(notebook, point, result):
    found = next(p for p in committed(notebook)["points"] if p["id"] == point)
    assert found["result"] == result


@pytest.mark.parametrize(("notebook", "label", "year", "outcome"), PRINTED["cross_checks"])
def test_a_cross_check_comes_out_as_worked_by_hand(notebook, label, year, outcome):
    checks = {(c.label, c.data_year): c for c in case(notebook).cross_checks}
    assert checks[label, year].outcome == outcome


def test_recruitment_contradiction_names_both_places():
    found = committed("01_leadership")["contradictions"]
    assert [c["label"] for c in found] == ["招聘教师合计与分项"]
    assert found[0]["working"] == "96＋15＋4＝115，所列为111"
    assert found[0]["places"][0] == "县级指标!F5（报告（一）第7项）"
    assert found[0]["places"][1] == "县级指标!F6（报告（三）2第83项）"
    assert len(found[0]["places"]) == 4


def test_no_point_of_the_reported_county_is_not_met():
    results = [
        point["result"]
        for name in ("01_leadership", "02_funding")
        for point in committed(name)["points"]
    ]
    assert "not_met" not in results


def test_cost_sharing_waits_for_documents_that_are_named():
    points = {p["id"]: p for p in committed("02_funding")["points"]}
    supply = "".join(points["2.2.1"]["to_supply"])
    for number in ("黑政办发〔2018〕57号", "黑财规〔2023〕10号", "黑政办发〔2019〕50号"):
        assert number in supply


def test_two_only_increases_names_what_is_missing():
    points = committed("02_funding")["points"]
    supply = "".join(points[0]["to_supply"])
    for words in ("一般公共预算教育支出", "小学生均一般公共预算", "初中生均一般公共预算"):
        assert words in supply
    assert "普通高中生均一般公共预算教育经费" not in supply


def test_balanced_development_lists_what_to_supply():
    points = {p["id"]: p for p in committed("03_basic_education")["points"]}
    supply = "".join(points["3.2.1"]["to_supply"])
    for words in ("高于规定学历教师", "体育运动场馆面积", "网络多媒体教室", "社会认可度"):
        assert words in supply


def test_every_figure_of_the_report_is_held_and_compared():
    outcomes = Counter(check.outcome for check in case().claim_checks)
    assert sum(outcomes.values()) == 102
    assert outcomes == {"exact": 81, "narrative": 14, "not_recomputable": 4, "attainable": 3}


PUBLISHED = [
    ("410324", 2022, "total_education_funding_growth", "all", "within_rounding"),
    ("410324", 2022, "education_expenditure_growth", "all", "exact"),
    ("410324", 2022, "per_pupil_expenditure_growth", "primary", "not_comparable"),
    ("410324", 2022, "per_pupil_expenditure_growth", "preschool", "contradicted"),
    ("410727", 2020, "education_expenditure_growth", "all", "exact"),
    ("410727", 2020, "per_pupil_expenditure_growth", "primary", "exact"),
    ("331121", 2023, "per_pupil_operating_expenditure_growth", "senior", "exact"),
    ("331121", 2023, "total_education_funding_growth", "all", "exact"),
    ("410773", 2022, "total_education_funding_growth", "all", "within_rounding"),
    ("410773", 2022, "per_pupil_non_personnel_expenditure_growth", "junior", "exact"),
    ("410329", 2022, "fiscal_education_funding_growth", "all", "exact"),
]


@pytest.mark.parametrize(("county", "year", "item", "stage", "outcome"), PUBLISHED)
def test_published_growth_of_five_counties_is_recomputed(county, year, item, stage, outcome):
    checks = open_case(county, year, "02_funding").claim_checks
    found = next(c for c in checks if (c.claim.item, c.claim.stage) == (item, stage))
    assert found.outcome == outcome


# sha256 of the names of persons that the source prints, so that no test prints them either.
PERSONS = {"1db68e5b9f016dd7", "2fcecd0cf0c63270", "39ca618c0df0ed3f", "7a9f1e9e8a5b556f"}


def _names_in(text):
    """Return which persons' names occur in a text, by the digest of every short run of Han."""
    runs = re.findall("[\u4e00-\u9fff]{2,}", text)
    words = {run[at : at + size] for run in runs for size in (2, 3) for at in range(len(run) - 1)}
    return PERSONS & {hashlib.sha256(word.encode()).hexdigest()[:16] for word in words}


def test_no_person_of_the_report_is_named_anywhere():
    folders = (workspace.data() / "reported", workspace.data() / "reference", workspace.notebooks())
    files = [path for folder in folders for path in folder.rglob("*.*") if path.is_file()]
    texts = [p.read_text("utf-8") for p in files if p.suffix in (".csv", ".yml", ".ipynb", ".md")]
    assert len(texts) > 40
    assert [found for text in texts if (found := _names_in(text))] == []
