"""What one cell of the workbook may say."""

import math

import pytest

from dudao.facts import cells


@pytest.mark.parametrize(
    ("text", "value", "status", "qualifier"),
    [
        ("720", 720.0, "reported", ""),
        (" 1,702 ", 1702.0, "reported", ""),
        ("１２３", 123.0, "reported", ""),
        ("0", 0.0, "reported", ""),
        ("-12.87", -12.87, "reported", ""),
        ("90以上", 90.0, "reported", "以上"),
        ("200余", 200.0, "reported", "余"),
        ("近2000余", 2000.0, "reported", "近…余"),
        ("", math.nan, "missing", ""),
        ("   ", math.nan, "missing", ""),
        ("不涉及", math.nan, "not_applicable", ""),
    ],
)
def test_cell_is_read_as_meant(text, value, status, qualifier):
    cell = cells.parse(text)
    assert (cell.status, cell.qualifier) == (status, qualifier)
    assert cell.value == value or (math.isnan(cell.value) and math.isnan(value))


@pytest.mark.parametrize("text", ["约好", "12人", "1/2", "=A1", "十二", "1.2.3", "以上"])
def test_a_cell_that_is_no_number_is_refused_not_guessed(text):
    assert cells.parse(text) is None


@pytest.mark.parametrize(
    ("qualifier", "kind"),
    [
        ("", ""),
        ("以上", "floor"),
        ("余", "floor"),
        ("近", "ceiling"),
        ("近…余", "vague"),
        ("全部", ""),
    ],
)
def test_a_qualifier_says_what_the_number_still_decides(qualifier, kind):
    assert cells.bound(qualifier) == kind
