"""The last round's problems: counted by state, and what was due is named."""

from __future__ import annotations

import math

import pytest

from dudao.facts import schema
from dudao.facts.sheet_layout import LAST_ROUND
from dudao.facts.view import Facts
from dudao.indicators import supervision
from dudao.law import EvaluationYear

PLACE = {"county": "990002", "year": 2024, "file": "990002-2024", "sheet": LAST_ROUND}
BLANK = {name: "" for name, kind in schema.TABLES["last_round"].items() if kind == "str"}


def facts(*problems):
    rows = [
        {**BLANK, "number": at, "cell": f"C{at + 1}", **PLACE, **row}
        for at, row in enumerate(problems, 1)
    ]
    register = schema.typed(rows, schema.TABLES["last_round"], {})
    empty = (schema.empty("facts"), schema.empty("claims"))
    return Facts(*empty, EvaluationYear(2024), last_round=register)


def test_the_rate_counts_what_is_mended_over_all_problems():
    states = ("已整改", "整改中", "已整改", "未整改", "已整改", "已整改", "整改中")
    rate = supervision.rectification_rate(facts(*({"state": state} for state in states)))
    assert round(rate.value, 4) == 57.1429  # 4 of 7
    assert (rate.working, rate.data_year) == ("4 ÷ 7 × 100", 2024)
    assert rate.sources == ("上轮问题!C2起7行",)


def test_no_register_is_no_rate_rather_than_all_or_nothing():
    rate = supervision.rectification_rate(facts())
    assert math.isnan(rate.value)
    assert rate.note == "没有登记上轮问题"


@pytest.mark.parametrize(
    ("state", "deadline", "overdue"),
    [
        ("整改中", "2024-12-31", True),
        ("整改中", "2025-01-01", False),
        ("未整改", "2024年3月1日", True),
        ("已整改", "2024-03-01", False),
        ("未整改", "", False),
    ],
)
def test_what_is_open_is_overdue_if_due_by_the_end_of_the_progress_year(state, deadline, overdue):
    (problem,) = supervision.last_round(facts({"state": state, "deadline": deadline}))
    assert problem.is_overdue is overdue


@pytest.mark.parametrize(
    ("done", "late"), [("2024-06-30", False), ("2024-07-01", True), ("", False)]
)
def test_what_is_mended_after_its_deadline_is_late(done, late):
    row = {"state": "已整改", "deadline": "2024-06-30", "done": done}
    (problem,) = supervision.last_round(facts(row))
    assert problem.is_late is late
    assert not problem.is_overdue


@pytest.mark.parametrize(("done", "rectified"), [("2024-12-31", True), ("2025-01-01", False)])
def test_what_is_mended_after_the_progress_year_is_still_open_at_its_end(done, rectified):
    row = {"state": "已整改", "deadline": "2024-06-30", "done": done}
    (problem,) = supervision.last_round(facts(row))
    assert problem.is_rectified is rectified
    assert problem.is_overdue is not rectified
    assert supervision.rectification_rate(facts(row)).value == (100 if rectified else 0)


def test_problems_are_gathered_by_point_in_the_order_of_the_register():
    found = supervision.last_round_by_point(
        facts(
            {"point": "3.2.1", "state": "未整改", "deadline": "2024-06-30"},
            {"point": "2.1.1", "state": "已整改"},
            {"point": "3.2.1", "state": "已整改"},
        )
    )
    overdue = {point: [one.is_overdue for one in problems] for point, problems in found.items()}
    assert overdue == {"3.2.1": [True, False], "2.1.1": [False]}
