"""The ledger: what became of every rule found; no threshold stands unexplained."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from dudao.law.rules_check import REFERENCE_LINE
from dudao.law.thresholds import all_thresholds

DOCS = Path(__file__).parents[2] / "docs"
ROWS_FOUND = 185


def _rows(name: str) -> list[dict[str, str]]:
    with (DOCS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


LEDGER, EXTRA = _rows("law-ledger.csv"), _rows("law-ledger-extra.csv")
KNOWN: dict[str, list] = {}
for threshold in all_thresholds():
    KNOWN.setdefault(threshold.id, []).append(threshold)


def _rules(row: dict[str, str]) -> list:
    return [rule for name in row["thresholds"].split() for rule in KNOWN.get(name, ())]


def _numbers(text: str) -> set[float]:
    return {float(number) for number in re.findall(r"\d+(?:\.\d+)?", text)}


def test_every_rule_that_was_found_has_its_row():
    ids = [row["id"] for row in LEDGER]
    assert len(ids) == len(set(ids)) == ROWS_FOUND
    assert all(row["name"] for row in LEDGER)


@pytest.mark.parametrize("row", LEDGER, ids=lambda row: row["id"])
def test_a_row_says_truly_what_became_of_it(row):
    assert [name for name in row["thresholds"].split() if name not in KNOWN] == []
    rules = _rules(row)
    if row["use"] == "used":
        judging = [rule for rule in rules if rule.role != REFERENCE_LINE]
        assert all(rule.topics or rule.group for rule in judging)
        assert judging or (not rules and row["reason"]), "nothing judges by it"
    elif row["use"] == "reference":
        assert rules and {rule.role for rule in rules} == {REFERENCE_LINE}
    else:
        assert row["use"] == "left_out" and row["reason"] and not rules


@pytest.mark.parametrize("row", LEDGER, ids=lambda row: row["id"])
def test_a_printed_number_is_the_stored_one_or_the_row_says_why_not(row):
    rules, printed = _rules(row), _numbers(row["printed_threshold"])
    stored = {value.value for rule in rules for value in rule.values}
    stored |= {exemption.value for rule in rules for exemption in rule.exemptions}
    assert not (rules and printed) or printed & stored or row["reason"]


def test_a_threshold_that_was_not_in_the_list_found_has_a_reason_or_its_document():
    named = {name for row in LEDGER for name in row["thresholds"].split()}
    extra = {row["threshold"]: row["reason"] for row in EXTRA}
    assert all(extra.values())
    assert named | set(extra) <= set(KNOWN) and not named & set(extra)
    for name in set(KNOWN) - named - set(extra):
        for rule in KNOWN[name]:
            assert all(v.reference.number and v.reference.url for v in rule.values), name
