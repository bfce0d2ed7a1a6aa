"""Whatever stands in a cell, a header or a file: read, or found; never an exception but ours."""

from hypothesis import HealthCheck, given, settings

from tests.odd_inputs import (
    TEXTS,
    UNITS,
    check_cell,
    check_csv,
    check_dates,
    check_header,
    check_submission,
    csv_files,
    headers,
    submissions,
)

# The same inputs every time; `make soak` takes thousands of new ones.
few = settings(
    max_examples=20, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
some = settings(few, max_examples=100)
many = settings(few, max_examples=300)


@many
@given(TEXTS, UNITS)
def test_a_cell_is_read_or_not(text, unit):
    check_cell(text, unit)


@many
@given(TEXTS)
def test_a_date_is_read_or_not(text):
    check_dates(text)


@some
@given(headers())
def test_a_header_is_read_or_named(header):
    check_header(*header)


@some
@given(csv_files())
def test_a_csv_is_read_or_found(file):
    check_csv(*file)


@few
@given(submissions())
def test_a_submission_is_read_or_refused(submission):
    check_submission(*submission)
