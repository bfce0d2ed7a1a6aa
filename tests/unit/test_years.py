"""Evaluation years 2020 to 2026: each takes the law of its own data year, to the end of the run."""

from __future__ import annotations

import pytest
from tools import example

from dudao.base.errors import FactsError, LawError, ParameterError
from dudao.case import open_case
from dudao.law import EvaluationYear, framework_for, law_for
from dudao.show import report
from dudao_pipeline.intake import storing
from dudao_pipeline.intake.submission import read_submission

FUNDING = "02_funding"
STEPS = [  # threshold, then its value in evaluation years 2023 to 2026
    ("operating_fund_quota_primary", 650, 720, 720, 720),
    ("operating_fund_quota_junior", 850, 940, 940, 940),
    ("boarding_supplement", 200, 300, 300, 300),
    ("boarder_allowance_primary", 1000, 1000, 1250, 1250),
    ("boarder_allowance_junior", 1250, 1250, 1500, 1500),
    ("day_pupil_allowance_primary", 500, 500, 625, 625),
    ("day_pupil_allowance_junior", 625, 625, 750, 750),
    ("grant_standard_senior", 2000, 2000, 2000, 2300),
    ("grant_standard_vocational", 2000, 2000, 2000, 2300),
]


@pytest.mark.parametrize(("name", "y2023", "y2024", "y2025", "y2026"), STEPS)
def test_a_standard_that_steps_takes_the_value_of_the_data_year(name, y2023, y2024, y2025, y2026):
    values = [law_for().value(name, EvaluationYear(year)).value for year in range(2023, 2027)]
    assert values == [y2023, y2024, y2025, y2026]


def test_the_price_of_repairs_differs_between_east_and_west():
    name, year = "building_repair_standard", EvaluationYear(2025)
    assert law_for("23").value(name, year).value == 1100
    assert law_for("51").value(name, year).value == 1200


@pytest.mark.parametrize("year", [2019, 2027])
def test_a_year_without_a_scheme_is_refused_and_the_years_that_exist_are_named(year):
    with pytest.raises(LawError, match=rf"{year}年.*2020、2021、2022、2023、2024、2025、2026"):
        framework_for(year)
    with pytest.raises(FactsError, match="已有年度：2024"):
        open_case("990100", year, FUNDING)


@pytest.fixture
def own_store(tmp_path, monkeypatch):
    monkeypatch.setenv("DUDAO_STORE", str(tmp_path / "store"))
    return tmp_path


def _opened(folder, county, notebook=FUNDING):
    storing.write(read_submission(example.write(county, folder)))
    return open_case(county.code, county.year, notebook)


def _judged(case):
    return {verdict.check: verdict for verdict in case.verdicts()}


@pytest.mark.parametrize(("at", "year"), [(0, 2023), (1, 2024)])
def test_a_county_of_an_earlier_year_is_judged_by_the_law_of_its_data_year(own_store, at, year):
    county = list(example.make(1, 2, 1))[at]
    case = _opened(own_store, county)
    found = _judged(case)
    assert case.year.year == year
    for name, *steps in STEPS:
        assert (found[name].threshold, found[name].result) == (steps[year - 2023], "met")
        assert found[name].data_year == year - 1


@pytest.mark.parametrize("year", [2025, 2026])
def test_a_county_of_a_later_year_is_judged_in_every_notebook(own_store, year):
    county = next(example.make(1, 1, 1, year))
    case = _opened(own_store, county)
    found = _judged(case)
    for name, *steps in STEPS:
        assert (found[name].threshold, found[name].result) == (steps[year - 2023], "met")
    assert _judged(open_case(county.code, year, "00_overview")).keys() >= found.keys()


@pytest.mark.parametrize("last_year", [2019, 2023, 2027])
def test_a_fictional_county_is_not_made_for_a_year_without_a_scheme(last_year):
    with pytest.raises(ParameterError, match="2024与2026"):
        next(example.make(1, 1, 1, last_year))


@pytest.mark.parametrize(
    ("year", "said", "silent"),
    [
        (2024, "2024年3月起1250", "2300"),
        (2025, "2025年3月起2300", "起1250"),
        (2026, "≥ 2300元/生/年", "起2300"),
    ],
)
def test_the_table_of_the_law_tells_a_value_that_comes_in_the_progress_year(
    own_store, year, said, silent
):
    case = _opened(own_store, next(example.make(1, 1, 1, year)))
    html = report.law_table(case)._repr_html_()
    assert said in html
    assert silent not in html
