"""The six fictional counties against golden tables.

points.csv: the result of every point in every county, read through against what each county was
drawn to be. hand_checked.csv: single checks, worked on the county's CSV files and not by the
library: numbers typed from the sheets, plain arithmetic, the limit from the document, the result.
Coefficients of variation were worked by a plain loop over the rows of 学校.csv.
"""

from __future__ import annotations

import ast
import csv
import operator
from functools import cache
from pathlib import Path

import pytest

from dudao.base.rounding import round_half_up
from dudao.case import open_case
from dudao.law.topics import OVERVIEW

HERE = Path(__file__).parent
DATA = HERE.parents[1] / "data" / "example"
COUNTIES = ("990100", "990101", "990102", "990103", "990104", "990105")
ARITHMETIC = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}


def _rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


POINTS = [(row["point"], county, row[county]) for row in _rows("points.csv") for county in COUNTIES]
CHECKED = _rows("hand_checked.csv")


@cache
def _judged(county: str):
    case = open_case(county, 2024, OVERVIEW)
    verdicts = case.verdicts()
    return verdicts, {found.point.id: found.result for found in case.judge_points(verdicts)}


@cache
def _sheet_text(county: str) -> str:
    return "\n".join(p.read_text(encoding="utf-8") for p in sorted(DATA.glob(f"{county}-*/*.csv")))


def _value(node: ast.AST) -> float:
    if isinstance(node, ast.Expression):
        return _value(node.body)
    if isinstance(node, ast.Constant):
        return float(node.value)
    if isinstance(node, ast.UnaryOp):
        return -_value(node.operand)
    return ARITHMETIC[type(node.op)](_value(node.left), _value(node.right))


def _numbers(working: str) -> set[str]:
    tree = ast.parse(working, mode="eval")
    return {
        ast.get_source_segment(working, node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
    }


def _verdict(row: dict[str, str]):
    verdicts, _ = _judged(row["county"])
    found = [v for v in verdicts if v.check == row["check"]]
    if row["detail"]:
        found = [v for v in found if v.label.endswith(f"·{row['detail']}")]
    assert len(found) == 1, row
    return found[0]


def test_enough_was_checked_by_hand():
    assert len(CHECKED) >= 40
    assert {row["county"] for row in CHECKED} == set(COUNTIES)


@pytest.mark.parametrize(("point", "county", "result"), POINTS)
def test_every_point_has_the_expected_result(point, county, result):
    assert _judged(county)[1][point] == result


def test_the_table_holds_every_point_once():
    assert [row["point"] for row in _rows("points.csv")] == list(_judged("990100")[1])


@pytest.mark.parametrize("row", CHECKED, ids=lambda row: f"{row['county']}-{row['check']}")
def test_the_library_gives_what_was_worked_by_hand(row):
    verdict = _verdict(row)
    assert verdict.result == row["result"]
    if row["limit"]:
        assert verdict.threshold == float(row["limit"])
    if row["value"]:
        assert round_half_up(verdict.value, verdict.decimals) == float(row["value"])
    if row["working"]:
        by_hand = _value(ast.parse(row["working"], mode="eval"))
        assert round_half_up(by_hand, verdict.decimals) == float(row["value"])


@pytest.mark.parametrize("row", CHECKED, ids=lambda row: f"{row['county']}-{row['check']}")
def test_the_numbers_of_a_calculation_stand_in_the_county_s_sheets(row):
    if row["working"]:
        absent = {n for n in _numbers(row["working"]) if n not in _sheet_text(row["county"])}
        assert absent <= {"1", "100"}
