"""The local part of shared costs, and the growths that the Education Law asks for."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dudao.facts import schema
from dudao.facts.cells import MISSING, NOT_APPLICABLE, REPORTED
from dudao.facts.view import Facts
from dudao.indicators import funding
from dudao.indicators.balanced_government import private_share
from dudao.indicators.declared import growth, quotient
from dudao.indicators.measure import agreement
from dudao.indicators.single_measures import pay
from dudao.judging.checks import judge
from dudao.law import EvaluationYear, law_for
from tests.unit import county

YEAR = EvaluationYear(2024)
DAY = date(2023, 12, 31)
FUND = "living_allowance_fund"


def _status(value) -> str:
    if value == "不涉及":
        return NOT_APPLICABLE
    return MISSING if value is None else REPORTED


def facts_of(cells: dict, printed: list[tuple] = ()) -> Facts:
    """Facts of (item, stage, year): number, 不涉及 or None; printed: name, item, text, unit."""
    rows = [
        {
            **dict.fromkeys(schema.FACTS, ""),
            **{"county": "990002", "year": 2024, "data_year": year, "item": item, "stage": stage},
            "value": value if isinstance(value, int | float) else math.nan,
            "status": _status(value),
            **{"sheet": "县级指标", "cell": "F2"},
        }
        for (item, stage, year), value in cells.items()
    ]
    claims = [
        {
            **dict.fromkeys(schema.TABLES["claims"], ""),
            **{"county": "990002", "year": 2024, "number": at, "data_year": 2023},
            **{"name": name, "item": item, "stage": "all", "printed": text, "unit": unit},
            "value": float(text),
            "decimals": len(text.partition(".")[2]),
        }
        for at, (name, item, text, unit) in enumerate(printed, 1)
    ]
    tables = [
        schema.typed(rows, schema.FACTS, {}),
        schema.typed(claims, schema.TABLES["claims"], {}),
    ]
    return Facts(*tables, YEAR, schools=pd.DataFrame(columns=list(schema.TABLES["schools"])))


def fund(**tiers) -> Facts:
    return facts_of({(f"{FUND}_{t}", "compulsory", 2023): v for t, v in tiers.items()})


def share(**tiers):
    return funding.local_share(fund(**tiers), FUND)


def test_the_centre_s_money_does_not_move_what_a_county_owes():
    """Worked by hand: 6.86 / (25.93 + 6.86) = 20.92 %, whatever the centre paid."""
    for central in (0, 17.79, 500):
        found = share(central=central, provincial=25.93, county=6.86)
        assert found.value == pytest.approx(6.86 / 32.79 * 100)
        assert round(found.value, 2) == 20.92


def test_city_money_that_is_listed_apart_counts_with_the_county_s():
    found = share(provincial=50, city=20, county=30)
    assert found.value == 50
    assert share(provincial=50, city="不涉及", county=30).value == pytest.approx(37.5)


def test_a_province_that_is_not_listed_leaves_the_share_open():
    found = share(central=353, county=248.6)
    assert math.isnan(found.value)
    assert "省级" in found.missing[0]


def test_a_province_that_bears_nothing_leaves_all_to_the_county():
    assert share(provincial="不涉及", county=30).value == 100


@pytest.mark.parametrize(
    ("area", "provincial", "county", "result"),
    [
        ("513221", 50, 50, "met"),
        ("513221", 50.1, 49.9, "not_met"),
        ("510104", 0, 10, "met"),
        ("510104", 1, 10, "not_met"),
        ("510812", 40, 60, "undecided"),
        ("230221", 25.93, 6.86, "undecided"),
    ],
)
def test_what_the_county_owes_is_what_the_province_s_document_says(
    area, provincial, county, result
):
    rule = law_for(area)[f"{FUND}_county_share"]
    verdict = judge(share(provincial=provincial, county=county), rule, DAY)
    assert verdict.result == result


def test_what_is_undecided_names_the_documents():
    verdict = judge(
        share(provincial=25.93, county=6.86), law_for("23")[f"{FUND}_county_share"], DAY
    )
    assert "黑政办发〔2018〕57号" in verdict.citation
    assert "黑财规〔2023〕10号" in verdict.citation


SPENT, REVENUE = "education_expenditure", "recurrent_fiscal_revenue"
PRINTED = [
    ("公共财政教育经费增长", "education_expenditure_growth", "3.10", "%"),
    ("财政经常性收入增长", "", "5.60", "%"),
]


def two_years(spent: tuple, revenue: tuple) -> dict:
    return {
        (item, "all", year): value
        for item, values in ((SPENT, spent), (REVENUE, revenue))
        for year, value in zip((2022, 2023), values, strict=True)
    }


def over_revenue(facts: Facts):
    rule = law_for()["education_growth_over_revenue"]
    return judge(funding.growth_over_revenue(facts), rule, DAY)


@pytest.mark.parametrize(
    ("spent", "revenue", "result"),
    [
        ((100, 105), (200, 208), "met"),  # 5 % over 4 %
        ((100, 104), (200, 208), "not_met"),  # 4 % is not above 4 %
        ((3000, 3120), (700, 728), "not_met"),  # nor where binary arithmetic has it so
        ((100000, 104004), (200, 208), "met"),  # 4.004 % is, though the difference prints as 0.00
        ((100, 103), (200, 208), "not_met"),
        ((100, 99), (200, 190), "met"),  # both fall: -1 % is above -5 %
    ],
)
def test_spending_must_grow_more_than_recurrent_revenue(spent, revenue, result):
    verdict = over_revenue(facts_of(two_years(spent, revenue)))
    assert (verdict.result, verdict.basis) == (result, "computed")
    assert verdict.citation == "《中华人民共和国教育法》第五十六条"


def test_the_gap_of_growth_over_revenue_is_the_least_sum_that_is_above_it():
    verdict = over_revenue(facts_of(two_years((100000, 104000), (200, 208))))
    assert (verdict.gap.amount, verdict.gap.unit) == (0.01, "万元")


def test_a_value_that_fails_by_less_than_it_prints_is_printed_to_where_it_shows():
    """One of 23,270 children without textbooks is 99.9957 %; a fall of 0.90 from 20,000 shows."""
    cells = {
        ("pupils_with_free_textbooks", "primary", 2023): 23269,
        ("enrolment", "primary", 2023): 23270,
    }
    share = quotient(facts_of(cells), "free_textbook_coverage", "primary")
    verdict = judge(share, law_for()["free_textbook_coverage_primary"], DAY)
    assert (verdict.result, verdict.value_text) == ("not_met", "99.996%")
    assert "按原数判定" in verdict.note
    assert "增长率" not in verdict.note
    fall = growth(facts_of(two_years((20000, 19999.9), (1, 1))), "education_expenditure_growth")
    verdict = judge(fall, law_for()["education_expenditure_never_decreases"], DAY)
    assert (verdict.result, verdict.value_text) == ("not_met", "-0.001%")


@given(st.integers(1, 10**7), st.integers(1, 10**7))
def test_the_gap_of_teachers_pay_is_the_difference_to_the_cent(teachers, others):
    cells = {
        ("teacher_average_pay", "all", 2023): teachers / 100,
        ("civil_servant_average_pay", "all", 2023): others / 100,
    }
    verdict = judge(pay(facts_of(cells))[0], law_for()["teacher_pay_ratio"], DAY)
    assert verdict.result == ("met" if teachers >= others else "not_met")
    if verdict.gap:
        assert verdict.gap.amount == (others - teachers) / 100


PRINTED_IN_YI = [
    ("1.23", 12345, "exact"),
    ("1.23", 12300, "exact"),
    ("1.23", 12350, "contradicted"),  # it prints as 1.24
    ("1.24", 12350, "exact"),
    ("-1.23", -12350, "contradicted"),
    ("-1.23", -12349, "exact"),
]


@pytest.mark.parametrize(("printed", "data", "outcome"), PRINTED_IN_YI)
def test_a_figure_agrees_exactly_where_the_data_print_as_it_in_the_unit_of_print(
    printed, data, outcome
):
    facts = facts_of({}, [("一般公共预算教育支出", "education_expenditure", printed, "亿元")])
    (claim,) = facts.claims
    assert agreement(data, (data, data), claim) == outcome


def test_growths_that_are_only_printed_are_judged_as_stated():
    """A report that names revenue in the dictionary's words and prints 3.10 and 5.60."""
    verdict = over_revenue(facts_of({}, PRINTED))
    assert (verdict.result, verdict.basis) == ("not_met", "attested")
    assert round(verdict.value, 2) == -2.5


def test_one_growth_alone_decides_nothing_and_asks_for_the_other():
    verdict = over_revenue(facts_of({}, PRINTED[:1]))
    assert verdict.result == "undecided"
    assert any("财政经常性收入" in text for text in verdict.missing)


def test_pay_and_funds_per_pupil_are_part_of_the_legal_growths():
    cells = {("teacher_average_pay", "all", year): pay for year, pay in ((2022, 90), (2023, 89))}
    measures = {m.item: m for m in county.group("02_funding", "legal", facts_of(cells))}
    pay = measures["teacher_average_pay_growth"]
    assert judge(pay, law_for()["teacher_pay_never_decreases"], DAY).result == "not_met"
    assert "per_pupil_non_personnel_expenditure_growth" in measures


def test_the_share_of_the_budget_and_its_change():
    """20 of 100, then 21 of 100: 21 %, one point more; shown, judged by nobody."""
    cells = two_years((20, 21), (1, 1))
    cells |= {("general_budget_expenditure", "all", year): 100 for year in (2022, 2023)}
    share_, change = county.group("02_funding", "budget", facts_of(cells))
    assert (share_.value, round(change.value, 9)) == (21, 1)
    assert judge(change, law_for()["education_share_of_budget_rises"], DAY).result == "reference"


def test_private_schools_are_counted_over_both_stages():
    cells = {
        ("private_enrolment", "primary", 2023): 30,
        ("private_enrolment", "junior", 2023): 20,
        ("enrolment", "primary", 2023): 600,
        ("enrolment", "junior", 2023): 400,
    }
    found = private_share(facts_of(cells))
    assert found.value == 5
    rule = law_for()["private_compulsory_share"]
    assert judge(replace(found, value=16.0), rule, DAY).result == "reference"
