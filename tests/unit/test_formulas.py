"""Formulas on published worked figures and hand-worked cases."""

import math
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dudao.base.rounding import fixed, plain, round_half_up, without_noise
from dudao.indicators import rates, schools
from dudao.judging.compare import meets_k_of_n

# The five-school example of 教督〔2012〕3号's calculation note: pupils and books.
PUPILS = pd.Series([45, 37, 89, 76, 55], dtype=float)
BOOKS = pd.Series([279, 137, 935, 160, 402], dtype=float)


@pytest.mark.parametrize(
    ("current", "base", "printed"),
    [
        (10421.07, 9455.76, "10.21"),
        (77275.23, 71129.82, "8.64"),
        (7491.84, 6750.02, "10.99"),
        (64469, 73991, "-12.87"),
        (5925.17, 7412.56, "-20.07"),
    ],
)
def test_growth_of_published_levels_prints_as_published(current, base, printed):
    assert fixed(rates.growth_percent(current, base), 2) == printed


def test_growth_over_a_base_of_zero_is_unknown_not_infinite():
    assert math.isnan(rates.growth_percent(5, 0))


def test_share_counts_children_not_kindergartens():
    assert fixed(rates.share_percent(2453, 4372), 1) == "56.1"
    assert fixed(rates.share_percent(20, 54), 1) == "37.0"


def test_share_of_nothing_is_unknown():
    assert math.isnan(rates.share_percent(0, 0))


def test_coefficient_of_variation_weighs_by_enrolment():
    assert fixed(rates.coefficient_of_variation(BOOKS, PUPILS), 4) == "0.5153"


def test_unweighted_form_would_fall_on_the_other_side_of_the_limit():
    per_pupil = BOOKS / PUPILS
    unweighted = per_pupil.std(ddof=0) / per_pupil.mean()
    assert fixed(unweighted, 4) == "0.4888"
    assert rates.coefficient_of_variation(BOOKS, PUPILS) > 0.50 > unweighted


@pytest.mark.parametrize(
    ("amount", "pupils"),
    [
        ([1.0], [10.0]),
        ([0.0, 0.0], [10.0, 20.0]),
        ([1.0, math.nan], [10.0, 20.0]),
        ([1.0, 2.0], [10.0, 0.0]),
        ([1.0, 2.0], [10.0, math.nan]),
        ([], []),
    ],
    ids=["one school", "zero mean", "missing", "no pupils", "missing pupils", "no school"],
)
def test_coefficient_of_variation_is_unknown_rather_than_zero(amount, pupils):
    series = pd.Series(amount, dtype=float), pd.Series(pupils, dtype=float)
    assert math.isnan(rates.coefficient_of_variation(*series))


def test_equal_schools_have_no_variation():
    pupils = pd.Series([100.0, 200.0])
    assert rates.coefficient_of_variation(pupils * 3, pupils) == pytest.approx(0)


@given(st.integers(1, 3000), st.data(), st.integers(0, 2))
def test_the_counts_of_a_printed_share_are_those_that_print_as_it(whole, data, decimals):
    """Of 400, 7 print as 1.8 % (1.75), and no other count does."""

    def printed(count: int) -> Decimal:
        share = Decimal(count * 100) / whole
        return share.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)

    percent = printed(data.draw(st.integers(0, whole)))
    counts = [count for count in range(whole + 1) if printed(count) == percent]
    assert list(rates.attainable_counts(whole, float(percent), decimals)) == counts


def test_counts_that_print_as_a_share():
    assert list(rates.attainable_counts(400, 1.8, 1)) == [7]
    assert list(rates.attainable_counts(400, 1.7, 1)) == []
    assert list(rates.attainable_counts(668, 98, 0)) == [652, 653, 654, 655, 656, 657]
    assert list(rates.attainable_counts(3, 50, 0)) == []
    assert list(rates.attainable_counts(388, 100, 0)) == [387, 388]


def _school(**changes):
    values = {
        "teachers_above_standard_degree": 4.2,
        "backbone_teachers": 1.0,
        "pe_art_teachers": 0.9,
        "teaching_area": 4.5,
        "sports_area": 7.5,
        "equipment_value": 2000.0,
        "multimedia_classrooms": 2.3,
    }
    return pd.DataFrame([{**values, **changes}])


STANDARDS = _school().iloc[0].to_dict()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, 1.0),
        ({"sports_area": 7.49}, 1.0),
        ({"sports_area": 6.375}, 1.0),
        ({"sports_area": 6.37}, 0.0),
        ({"teachers_above_standard_degree": 4.195}, 1.0),
        ({"teachers_above_standard_degree": 4.194, "sports_area": 7.0}, 0.0),
        ({"teachers_above_standard_degree": 3.57}, 1.0),
        ({"teachers_above_standard_degree": 3.56}, 0.0),
        ({"sports_area": 7.0, "teaching_area": 4.4}, 0.0),
        ({"sports_area": math.nan}, math.nan),
    ],
)
def test_a_school_needs_six_of_seven_and_the_rest_at_the_floor(changes, expected):
    answer = meets_k_of_n(
        _school(**changes), pd.Series(STANDARDS), at_least=6, floor_percent=85, decimals=2
    ).iloc[0]
    assert answer == expected or (math.isnan(answer) and math.isnan(expected))


def test_school_values_are_per_hundred_for_people_and_rooms_per_pupil_for_the_rest():
    county = pd.DataFrame([{"enrolment": 200.0, **dict.fromkeys(STANDARDS, 20.0)}])
    values = schools.school_values(county).iloc[0]
    assert values["pe_art_teachers"] == 10
    assert values["sports_area"] == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (0.5017865, 3, 0.502),
        (2.675, 2, 2.68),
        (-2.675, 2, -2.68),
        (49.995, 2, 50.0),
        (0.1 + 0.2, 1, 0.3),
    ],
)
def test_rounding_is_half_away_from_zero_on_the_decimal_meant(value, decimals, expected):
    assert round_half_up(value, decimals) == expected


@given(
    st.one_of(
        st.floats(-1e12, 1e12),
        st.integers(-(10**9), 10**9).map(lambda whole: whole / 1000),  # often right at a half
    ),
    st.integers(0, 6),
)
def test_rounding_gives_what_decimal_arithmetic_gives_and_no_minus_zero(value, decimals):
    meant = Decimal(repr(round(value, 10)))
    expected = float(meant.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)) + 0.0
    assert repr(round_half_up(value, decimals)) == repr(expected)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (3.1 - 5.6, -2.5),
        (50.000000000000014, 50.0),
        (47.10038269060936, 47.10038269060936),
        (1 / 3, 1 / 3),
        (1e-12, 1e-12),
    ],
)
def test_the_record_keeps_every_digit_but_those_of_binary_arithmetic(value, expected):
    assert without_noise(value) == expected


def test_numbers_print_without_noise():
    assert plain(720.0) == "720"
    assert plain(401.70) == "401.7"
    assert plain(math.nan) == ""
    assert fixed(60.1927, 2) == "60.19"
