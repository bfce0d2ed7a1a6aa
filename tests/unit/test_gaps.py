"""Every gap: supplied, its check passes; one unit less, it does not. No check that has one is left.

The gap is supplied in the county's figures and the check computed anew from them; the gap of a
share of schools is supplied by so many more schools.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import pandas as pd
import pytest

from dudao.case import open_case
from dudao.facts import schema
from dudao.facts.items import PROGRAMMES, TIERS, item, items
from dudao.facts.view import Facts
from dudao.indicators import funding, single_measures
from dudao.indicators.declared import growth, level, quotient
from dudao.indicators.measure import COMPUTED, Measure, Remedy
from dudao.judging.checks import gap_of, judge
from dudao.judging.results import MET, NOT_MET, Gap, Verdict
from dudao.law import EvaluationYear, law_for
from dudao.law.rules_check import PASS
from dudao.law.thresholds import Threshold
from dudao.law.topics import OVERVIEW
from dudao.show.results_cell import results
from dudao_pipeline.publish.review import reason

YEAR = EvaluationYear(2024)
COUNTIES = ("990100", "990103")  # these report nearly everything
ALL = tuple(str(990100 + number) for number in range(6))
SPOILED = (0.0, 0.3, 0.731, 0.9, 0.9871, 0.999, 0.99995)  # of what raises; its inverse of others
TIER = re.compile(f"({'|'.join(PROGRAMMES)})_({'|'.join(TIERS)})_share")
SECTORS = ("51", "23", "41")  # provinces with rules of their own


def _recomputed(facts: Facts, measure: Measure) -> Measure:
    """Compute a county-level measure anew from changed figures."""
    code, stage, year = measure.item, measure.stage, measure.data_year
    if tier := TIER.fullmatch(code):
        return funding.tier_share(facts, *tier.groups())
    if item(code).formula == "local_share":
        return funding.local_share(facts, item(code).inputs)
    if item(code).formula == "growth_difference":
        return funding.growth_over_revenue(facts)
    if code == "teacher_pay_ratio":
        return single_measures.pay(facts)[0]
    if code == "special_operating_funds_per_pupil":
        return single_measures.special_operating_funds(facts)
    if item(code).formula == "growth":
        return growth(facts, code, stage)
    if item(code).formula in ("share", "ratio"):
        return quotient(facts, code, stage, year)
    return level(facts, code, stage, year)


def _words(expression: str) -> set[str]:
    return set(re.findall(r"\w+", expression))


def _inputs(facts: Facts, measure: Measure) -> pd.DataFrame:
    """Return the rows of county figures that a measure is computed from."""
    words = _words(item(measure.item).inputs) | {measure.item}
    words |= {inner for word in words if word in items() for inner in _words(items()[word].inputs)}
    programme = TIER.fullmatch(measure.item)
    if programme or item(measure.item).formula == "local_share":
        name = programme[1] if programme else item(measure.item).inputs
        words |= {f"{name}_{tier}" for tier in (*TIERS, "city")}
    table = facts.table
    return table[table["item"].isin(words) & (table["school"] == "")]


def _with(table: pd.DataFrame, remedy: Remedy, value: float) -> Facts:
    at = (
        (table["item"] == remedy.item)
        & (table["stage"] == remedy.stage)
        & (table["data_year"] == remedy.data_year)
    )
    assert at.sum() == 1, remedy
    changed = table.assign(value=table["value"].mask(at, round(value, 6)))
    return Facts(changed, schema.empty("claims"), YEAR)


def _value(table: pd.DataFrame, remedy: Remedy) -> float:
    facts = Facts(table, schema.empty("claims"), YEAR)
    return facts.get(remedy.item, remedy.stage, remedy.data_year).value


def _spoiled(value: float, remedy: Remedy, decimals: int) -> list[float]:
    places = 0 if remedy.step == 1 and item(remedy.item).unit != "元" else max(decimals, 2)
    if remedy.per_unit > 0:
        return [round(value * part, places) for part in SPOILED]
    return [value + more for more in (1, 7, 40, 300)]


def _supply(table: pd.DataFrame, measure: Measure, rule: Threshold, remedy: Remedy) -> int:
    """Spoil the figure that a remedy mends, then supply the gap and one unit less."""
    day, seen = YEAR.law_date(rule.date_rule), 0
    for bad in _spoiled(_value(table, remedy), remedy, rule.decimals):
        verdict = judge(_recomputed(_with(table, remedy, bad), measure), rule, day)
        if verdict.result != NOT_MET or verdict.gap is None:
            continue
        step = 10**-rule.decimals if remedy.step is None else remedy.step
        for amount, result in ((verdict.gap.amount, MET), (verdict.gap.amount - step, NOT_MET)):
            supplied = _with(table, remedy, bad + amount * remedy.per_unit)
            again = judge(_recomputed(supplied, measure), rule, day)
            assert again.result == result, (rule.id, bad, verdict.gap, amount, again.value)
        seen += 1
    return seen


def _remedy(measure: Measure, rule: Threshold) -> Remedy | None:
    return measure.raised_by if rule.compare in (">=", ">", "==") else measure.lowered_by


@cache
def _measures(county: str) -> tuple[Facts, dict]:
    case = open_case(county, 2024, OVERVIEW)
    found: dict[tuple[str, str], Measure] = {}
    for verdict_of in case.all_measures():
        found.setdefault((verdict_of.item, verdict_of.stage), verdict_of)
    return case.facts, found


def _judging() -> list[Threshold]:
    """Return every judging rule in force, those of provinces included."""
    areas = ("", *SECTORS)
    listed = {(r.id, r.areas): r for area in areas for r in law_for(area).thresholds.values()}
    days = {rule: YEAR.law_date(rule.date_rule) for rule in listed.values()}
    return [
        rule
        for rule, day in days.items()
        if rule.role == PASS and rule.topics and rule.in_force(day) and rule.at(day).value
    ]


@pytest.mark.parametrize("rule", _judging(), ids=lambda rule: f"{rule.id}-{rule.file[:-5]}")
def test_a_gap_supplied_makes_its_check_pass_and_one_unit_less_does_not(rule):
    seen = 0
    for county in COUNTIES:
        facts, measures = _measures(county)
        measure = measures[rule.item, rule.stage]
        remedy = _remedy(measure, rule)
        if remedy and remedy.item and measure.is_known:
            seen += _supply(_inputs(facts, measure), measure, rule, remedy)
        elif remedy and measure.is_known:
            seen += _more_schools(measure, rule)
        else:
            seen += remedy is None
    assert seen, "no county has this gap: spoil another figure"


def _more_schools(measure: Measure, rule: Threshold) -> int:
    """Judge a share of schools, or a number of years, with the gap supplied and with one less."""
    day = YEAR.law_date(rule.date_rule)
    for few in (0.0, measure.value / 2):
        share = replace(measure, value=few, raised_by=_towards(few, measure.raised_by))
        verdict = judge(share, rule, day)
        if verdict.result != NOT_MET:
            continue
        for amount, result in ((verdict.gap.amount, MET), (verdict.gap.amount - 1, NOT_MET)):
            value = share.raised_by.after(amount)
            assert judge(replace(share, value=value), rule, day).result == result
    return 1


def _towards(few: float, remedy: Remedy) -> Remedy:
    one = remedy.after(1) - remedy.after(0)
    rate = one if one > 0 else 5.0  # rooms raise the share only together
    return replace(remedy, after=lambda amount: few + rate * amount)


def _printed() -> list[tuple[Verdict, Gap]]:
    return [
        (verdict, verdict.gap)
        for county in ALL
        for verdict in open_case(county, 2024, OVERVIEW).verdicts()
        if verdict.gap
    ]


def test_a_gap_is_printed_to_the_unit_that_is_bought():
    found = _printed()
    assert len(found) >= 10, "the fictional counties were drawn to fail"
    for verdict, gap in found:
        assert re.fullmatch(r"(尚差|超出)(每生)?[\d.]+\D+", gap.text), verdict.check
        assert gap.amount > 0
        if gap.unit in ("人", "所", "间", "个"):
            assert gap.amount == int(gap.amount)


def test_the_last_cent_of_a_share_counts_in_the_whole_too():
    rule = replace(law_for()["inclusive_coverage"], decimals=2)
    own, others = 6.86, 43.72
    remedy = Remedy("万元", lambda more: (own + more) / (own + others + more) * 100, 0.01)
    share = Measure("inclusive_coverage", "preschool", 2023, remedy.after(0), "%", COMPUTED)
    gap = gap_of(replace(share, raised_by=remedy), rule, 15.0)
    assert gap.text == "尚差0.86万元"  # 0.73 added would still fail: 7.59 / 51.31 is 14.79 %


@pytest.mark.parametrize(
    ("base", "now", "result", "text"),
    [
        (20000.00, 19999.10, NOT_MET, "尚差每生0.9元"),
        (20000.00, 20000.00, MET, None),
        (20000.00, 20000.01, MET, None),
        (1000000.00, 999999.99, NOT_MET, "尚差每生0.01元"),
    ],
)
def test_growth_against_zero_compares_the_amounts(base, now, result, text):
    rule = law_for()["per_pupil_expenditure_never_decreases_primary"]
    place = {"county": "990002", "year": 2024, "file": "f", "sheet": "县级指标", "cell": "F2"}
    rows = [
        {"item": "per_pupil_expenditure", "stage": "primary", "data_year": year, "value": value}
        | {"status": "reported", "qualifier": "", "school": "", "note": ""}
        for year, value in ((2022, base), (2023, now))
    ]
    facts = Facts(schema.typed(rows, schema.FACTS, place), schema.empty("claims"), YEAR)
    verdict = judge(growth(facts, rule.item, "primary"), rule, YEAR.law_date())
    assert verdict.result == result
    assert (verdict.gap.text if verdict.gap else None) == text


def test_a_county_page_says_a_gap_in_its_own_words_once():
    case = open_case("990102", 2024, "02_funding")
    record = results(case, case.verdicts()).data
    said = "".join(reason(record, point) for point in record["points"])
    assert "，尚差" in said and "差尚差" not in said and "差超出" not in said
