"""Every dated value: the day before, the day, and the document.

tests/cases/dated_values.csv holds them as read from the documents (docs/law-status.md says where
each was seen). A value that is added, changed or removed must be written there too.
"""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest

from dudao.law.thresholds import all_thresholds
from dudao_pipeline.commands.law import status_text

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "cases" / "dated_values.csv"
ROWS = list(csv.DictReader(CASES.read_text(encoding="utf-8").splitlines()))
RULES = {(rule.file, rule.id): rule for rule in all_thresholds()}
NONE = "none"


def _text(value: float | None) -> str:
    return "null" if value is None else f"{value:g}"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['file']}-{row['rule']}-{row['day']}")
def test_the_day_before_the_day_and_the_document(row):
    rule, day = RULES[row["file"], row["rule"]], date.fromisoformat(row["day"])
    eve = day - timedelta(days=1)
    before = _text(rule.at(eve).value) if rule.in_force(eve) else NONE
    assert (before, _text(rule.at(day).value)) == (row["before"], row["value"])
    for words in row["document"].split():
        assert words in rule.at(day).citation


def test_every_dated_value_is_in_the_table():
    held = {(row["file"], row["rule"], row["day"]) for row in ROWS}
    known = {
        (rule.file, rule.id, value.start.isoformat())
        for rule in RULES.values()
        for value in rule.values
    }
    assert held == known


def test_a_county_of_2020_is_judged_by_what_was_in_force_since_2016():
    """Evaluation year 2020 judges 2019: 600 and 800 (中西部), 650 and 850 (东部), 200, 4 元."""
    day = date(2019, 12, 31)
    rules = {rule.id: rule for rule in RULES.values() if rule.file.startswith("funding_quotas.")}
    rules |= {r.id: r for r in RULES.values() if r.file.startswith("funding_quotas_pupils.")}
    east = {rule.id: rule for rule in RULES.values() if rule.file == "funding_quotas_east.yaml"}
    stated = {
        name: rules[name].at(day).value
        for name in (
            *("operating_fund_quota_primary", "operating_fund_quota_junior"),
            *("boarding_supplement", "nutrition_subsidy", "boarder_allowance_primary"),
        )
    }
    assert list(stated.values()) == [600, 800, 200, 4, 1000]
    assert east["operating_fund_quota_primary"].at(day).value == 650
    assert east["operating_fund_quota_junior"].at(day).value == 850


def test_the_table_of_the_law_is_what_the_command_writes():
    assert (ROOT / "docs" / "law-status.md").read_text(encoding="utf-8") == status_text()


def test_the_list_of_standards_goes_by_point_in_words(capsys):
    from dudao_pipeline.cli import main

    assert main(["law", "--year", "2024"]) == 0
    told = capsys.readouterr().out
    assert "适用年度：2024\n" in told and "借用" not in told
    assert "\n  小学七项资源配置指标校际差异系数（逐项）：不高于0.5　《县域" in told
    assert "<=" not in told and "resource_cv" not in told
    of_point = told.split("\n6.1.1 ")[1].split("\n6.2.1 ")[0]
    assert of_point.count("\n  ") == int(of_point.split("：")[1].partition("条")[0])
    assert main(["law", "--year", "2023"]) == 0
    assert "适用年度：2024；该年度方案未取得，借用2024年指标体系" in capsys.readouterr().out
