"""Cross-checks: a sum that fits without some of its parts is in doubt, no contradiction."""

import pytest

from dudao.facts.consistency import AGREES, DISAGREES, IMPLAUSIBLE, cross_checks
from dudao.facts.view import Facts
from tests.unit.clean_county import County
from tests.unit.test_checks import _found

PARTS = (
    "full_time_teachers_recruited",
    "special_post_teachers_recruited",
    "exam_recruited_teachers",
)


def _county(whole, *parts):
    county = County()
    for code, value in zip(("teachers_recruited", *PARTS), (whole, *parts), strict=True):
        county.set(code, "all", "", str(value))
    return county


@pytest.mark.parametrize(
    ("whole", "parts", "outcome"),
    [
        (115, (96, 15, 4), AGREES),
        (111, (96, 15, 4), IMPLAUSIBLE),
        (100, (96, 15, 4), IMPLAUSIBLE),
        (112, (96, 15, 4), DISAGREES),
        (96, (96, 15, 4), DISAGREES),  # one part alone is no sum
    ],
)
def test_a_whole_that_is_the_sum_of_some_parts_is_in_doubt(whole, parts, outcome):
    tables = _county(whole, *parts).tables()
    facts = Facts(tables.facts, tables.claims, tables.year)
    (check,) = [c for c in cross_checks(facts) if c.label == "招聘教师合计与分项"]
    assert check.outcome == outcome
    if whole == 111:
        assert check.note.startswith("96＋15＝111，合计可能不含")
        assert "4；请核实" in check.note


def test_ingest_names_the_reading_too():
    (finding,) = [f for f in _found(_county(111, 96, 15, 4)) if f.code == "I01"]
    assert "相差4" in finding.what and "96＋15＝111" in finding.what
