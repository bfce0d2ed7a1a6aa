"""Fictional counties: reproducible, consistent, and each what it is meant to be."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
import yaml
from tools import example

from dudao.base.errors import ParameterError
from dudao.base.reference import counties
from dudao.facts.consistency import DISAGREES, cross_checks
from dudao.facts.items import items
from dudao.facts.sheet_layout import (
    COUNTY,
    EVIDENCE,
    EXCEPTIONS,
    KINDERGARTENS,
    OUT_OF_SCOPE,
    SCHOOLS,
)
from dudao.facts.view import Facts
from dudao.indicators.splitting import SHARED_RESOURCES
from dudao.law import framework_for
from dudao_pipeline.intake.findings import ERROR, WARNING
from dudao_pipeline.intake.sheet_headers import SHEETS
from dudao_pipeline.intake.submission import Submission, read_submission

SEED = 1
COMPLETE, PASSING, FAILING, LONE, ZEROS, HALF = (f"9901{n:02}" for n in range(6))
COMMITTED = Path(__file__).parents[2] / "data" / "example"


def _tree(folder: Path) -> dict[str, bytes]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def _written(folder: Path, counties: int, years: int, seed: int = SEED) -> Path:
    for county in example.make(counties, years, seed):
        example.write(county, folder)
    return folder


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> Path:
    return _written(tmp_path_factory.mktemp("example"), 6, 1)


@pytest.fixture(scope="module")
def standard(written) -> dict[str, Submission]:
    return {path.name[:6]: read_submission(path) for path in sorted(written.iterdir())}


@pytest.fixture(scope="module")
def many() -> list:
    """Seven counties in three years, the last county drawn at random."""
    return list(example.make(7, 3, SEED))


def _facts(submission: Submission) -> Facts:
    tables = submission.tables
    return Facts(tables.facts, tables.claims, tables.year)


def _value(submission: Submission, code: str, stage: str, year: int = 2023) -> float:
    return _facts(submission).get(code, stage, year).value


def _share(submission: Submission, part: str, whole: str, stage: str) -> float:
    return _value(submission, part, stage) / _value(submission, whole, stage)


def test_another_seed_writes_other_numbers_in_files_of_the_same_names(written, tmp_path):
    first, other = _tree(written), _tree(_written(tmp_path, 1, 1, SEED + 1))
    assert other.keys() <= first.keys()
    numbers = f"{COMPLETE}-2024/{COUNTY}.csv"
    assert first[numbers] != other[numbers]


def test_a_county_does_not_depend_on_how_many_are_asked_for(written, many, tmp_path):
    for county in many:
        example.write(county, tmp_path)
    assert _tree(written).items() <= _tree(tmp_path).items()


def test_the_committed_folders_are_what_the_command_writes(written):
    committed = _tree(COMMITTED)
    assert "README.md" in committed
    del committed["README.md"]
    assert committed == _tree(written)


def test_a_calendar_year_says_the_same_in_every_folder(many):
    known: dict[tuple, str] = {}
    for county in many:
        years = (county.year - 2, county.year - 1, county.year)
        for code, _, stage, _, *cells, _ in county.sheets[COUNTY]:
            for year, text in zip(years, cells, strict=True):
                if text:
                    assert known.setdefault((county.code, code, stage, year), text) == text


def test_whatever_names_something_says_that_it_is_fictional(many, tmp_path):
    names = {
        SCHOOLS: ("学校名称",),
        KINDERGARTENS: ("园所名称",),
        EVIDENCE: ("出具单位", "文号"),
        EXCEPTIONS: ("对象名称", "依据文件", "决定单位"),
    }
    for county in many:
        assert all("虚构" in county.meta[key] for key in ("county_name", "title", "issuer"))
        for sheet, columns in names.items():
            places = [SHEETS[sheet].required.index(column) for column in columns]
            assert all("虚构" in row[place] for row in county.sheets[sheet] for place in places)
        origin = example.write(county, tmp_path) / "source.meta.yml"
        assert yaml.safe_load(origin.read_text(encoding="utf-8"))["fictional"] is True
        assert county.code not in counties()


def test_the_complete_county_fills_every_base_item_and_stage(standard):
    facts = standard[COMPLETE].tables.facts
    reported = facts[facts["status"] != "missing"]  # no city stands between
    filled = set(zip(reported["item"], reported["stage"], reported["data_year"], strict=True))
    due = {
        (code, stage, year)
        for code, item in items().items()
        # Others are only kept as the report prints them, or were declared later.
        if not (item.is_derived or item.is_later) and item.sheets
        for stage in item.stages
        for year in ((2022, 2023) if COUNTY in item.sheets else (2023,))
    }
    # Rooms, areas and books of a senior stage matter only where a school shares them.
    shared = {(code, "senior", 2023) for code in SHARED_RESOURCES}
    assert due - shared <= filled


def test_the_complete_county_has_every_paper_up_to_the_last_notebook(standard):
    evidence = standard[COMPLETE].tables.evidence
    on_file = set(zip(evidence["point"], evidence["title"], strict=True))
    points = framework_for(2024).points
    assert on_file == {(point.id, title) for point in points for title in point.evidence}


def test_the_complete_county_has_every_kind_of_school_and_kindergarten(standard):
    schools = standard[COMPLETE].tables.schools
    lists = schools.drop_duplicates("school").groupby("sheet")["kind"].value_counts()
    assert lists[SCHOOLS].sum() == 62
    kinds = {"小学", "教学点", "九年一贯制学校", "完全中学", *OUT_OF_SCOPE}
    assert set(lists[SCHOOLS].index) >= kinds
    assert dict(lists[KINDERGARTENS]) == {"公办": 18, "普惠性民办": 16, "非普惠民办": 6}
    stages = schools[schools["kind"] == "九年一贯制学校"].groupby("school")["stage"].agg(set)
    assert all(found == {"primary", "junior"} for found in stages)
    assert len(standard[COMPLETE].tables.exceptions) == 2


@pytest.mark.parametrize("county", [COMPLETE, PASSING, FAILING, LONE])
def test_no_check_finds_anything_to_correct(standard, county):
    found = [f for f in standard[county].findings if f.severity in (ERROR, WARNING)]
    assert found == []
    assert all(check.outcome != DISAGREES for check in cross_checks(_facts(standard[county])))


def test_drawn_counties_are_consistent_too(tmp_path):
    for county in example.make(12, 1, SEED + 6):
        submission = read_submission(example.write(county, tmp_path))
        assert submission.acceptable
        if int(county.code) > int(HALF):
            assert [f for f in submission.findings if f.severity == WARNING] == []


@pytest.mark.parametrize("county", [COMPLETE, PASSING, FAILING, LONE, ZEROS])
def test_schools_and_kindergartens_sum_to_the_county(standard, county):
    facts = standard[county].tables.facts
    rows = facts[facts["school"] != ""].groupby(["item", "stage"])["value"].sum()
    for code in ("enrolment", "classes"):
        for stage in ("preschool", "primary", "junior"):
            assert rows[code, stage] == _value(standard[county], code, stage)


def test_spending_per_pupil_agrees_with_total_spending(standard):
    for county in (COMPLETE, PASSING, FAILING, LONE):
        submission = standard[county]
        for year in (2022, 2023):
            spent = sum(
                _value(submission, "per_pupil_expenditure", stage, year)
                * _value(submission, "enrolment", stage, year)
                for stage in items()["per_pupil_expenditure"].stages
            )
            total = _value(submission, "education_expenditure", "all", year) * 10_000
            assert 0.8 <= spent / total <= 1.2


def test_printed_figures_agree_with_the_data(standard):
    for county in (COMPLETE, FAILING):
        facts = _facts(standard[county])
        levels = [claim for claim in facts.claims if not items()[claim.item].is_derived]
        assert len(facts.claims) > len(levels) > 0
        assert all(facts.get(c.item, c.stage, c.data_year).value == c.value for c in levels)
    growth = _facts(standard[COMPLETE]).claim("education_expenditure_growth")
    now, base = (
        _value(standard[COMPLETE], "education_expenditure", "all", y) for y in (2023, 2022)
    )
    assert growth.value == pytest.approx((now / base - 1) * 100, abs=0.005)


def _spread(submission: Submission) -> float:
    """Return greatest over least area per pupil among primary schools."""
    table = _facts(submission).schools("primary", ("enrolment", "teaching_area"))
    areas = table["teaching_area"] / table["enrolment"]
    return areas.max() / areas.min()


def test_the_failing_county_differs_from_the_passing_one(standard):
    passing, failing = standard[PASSING], standard[FAILING]
    for county, grows in ((passing, True), (failing, False)):
        now, base = (_value(county, "education_expenditure", "all", y) for y in (2023, 2022))
        assert (now > base) is grows
    share = ("public_enrolment", "enrolment", "preschool")
    assert _share(failing, *share) == pytest.approx(0.40, abs=0.01)
    assert _share(passing, *share) > 0.6
    assert _share(failing, "enrolment", "classes", "primary") > 50
    assert _share(passing, "enrolment", "classes", "primary") < 45
    assert _spread(failing) > 5 * _spread(passing)


def test_the_lone_county_has_one_school_per_stage(standard):
    counts = standard[LONE].tables.schools["stage"].value_counts()
    assert set(counts) == {1}
    assert set(counts.index) == {"primary", "junior", "preschool", "vocational", "special"}


def test_the_county_of_zeros_has_them_where_one_divides(standard):
    zeros = standard[ZEROS]
    assert _value(zeros, "population_3_5", "preschool") == 0
    assert _value(zeros, "enrolment", "vocational") == 0
    assert _value(zeros, "education_expenditure", "all", 2022) == 0
    assert _value(zeros, "education_expenditure", "all", 2023) > 0
    rows = _facts(zeros).schools("primary", ("enrolment",))["enrolment"]
    assert list(rows).count(0) == 1


def test_the_half_empty_county_is_half_empty(standard):
    facts = standard[HALF].tables.facts
    due = facts[facts["data_year"] == 2023]
    assert (due["status"] == "missing").mean() == pytest.approx(0.5, abs=0.06)
    assert standard[HALF].tables.claims.empty


def test_numbers_are_whole_and_money_has_two_decimals(tmp_path):
    folder = example.write(next(example.make(1, 1, SEED)), tmp_path)
    with (folder / f"{COUNTY}.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            cells = [
                text
                for text in (row["基准年"], row["数据年"], row["进展年"])
                if text and text != "不涉及"
            ]
            if row["单位"] in ("万元", "元"):
                assert all(len(text.partition(".")[2]) == 2 for text in cells), row
            elif row["单位"] in ("人", "所", "个", "份"):
                assert all(text.isdigit() for text in cells), row


@pytest.mark.parametrize("counties, years", [(0, 1), (1, 0), (1, 9)])
def test_an_impossible_number_is_refused(counties, years):
    with pytest.raises(ParameterError):
        next(example.make(counties, years, SEED))
