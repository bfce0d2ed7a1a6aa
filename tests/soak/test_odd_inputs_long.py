"""The same as in tests/unit, a hundred thousand times and with new inputs each time."""

from hypothesis import HealthCheck, given, settings

from tests import odd_inputs

quiet = settings(deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)


@settings(quiet, max_examples=50_000)
@given(odd_inputs.TEXTS, odd_inputs.UNITS)
def test_cells(text, unit):
    odd_inputs.check_cell(text, unit)


@settings(quiet, max_examples=30_000)
@given(odd_inputs.TEXTS)
def test_dates(text):
    odd_inputs.check_dates(text)


@settings(quiet, max_examples=15_000)
@given(odd_inputs.headers())
def test_headers(header):
    odd_inputs.check_header(*header)


@settings(quiet, max_examples=10_000)
@given(odd_inputs.csv_files())
def test_csv(file):
    odd_inputs.check_csv(*file)


@settings(quiet, max_examples=2_000)
@given(odd_inputs.submissions())
def test_submissions(submission):
    odd_inputs.check_submission(*submission)


@settings(quiet, max_examples=5_000)
@given(odd_inputs.REPORTS)
def test_reports(text):
    odd_inputs.check_report(text)
