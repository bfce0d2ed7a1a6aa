"""Back-tests on what the nation, provinces and a city announced: levels, growths and verdicts."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from dudao.base.rounding import fixed
from dudao.indicators import rates
from dudao.indicators.measure import ATTESTED, COMPUTED, named
from dudao.judging.checks import judge
from dudao.law import EvaluationYear, law_for

FILE = Path(__file__).with_name("national_and_provincial.yaml")
ANNOUNCED = yaml.safe_load(FILE.read_text(encoding="utf-8"))["announcements"]


def _of(kind):
    return [
        pytest.param(one, entry, id=f"{one['area']}{one['data_year']}-{entry[0]}")
        for one in ANNOUNCED
        for entry in one.get(kind, ())
    ]


def _verdict(one, check, value, basis):
    rule, year = law_for()[check], EvaluationYear(one["data_year"] + 1)
    measure = named(rule.item, rule.stage, one["data_year"], value=value, basis=basis)
    return judge(measure, rule, year.law_date(rule.date_rule))


@pytest.mark.parametrize(("one", "entry"), _of("growth"))
def test_a_growth_is_the_announced_one_and_judged_as_it_falls_or_not(one, entry):
    check, stage, before, now, printed, result = entry
    value = rates.growth_percent(now, before)
    assert fixed(value, len(printed.partition(".")[2])) == printed
    verdict = _verdict(one, check, value, COMPUTED)
    assert (verdict.stage, verdict.result) == (stage, result)


@pytest.mark.parametrize(("one", "entry"), _of("printed"))
def test_a_growth_that_is_only_announced_is_judged_as_stated(one, entry):
    check, stage, printed, result = entry
    verdict = _verdict(one, check, float(printed), ATTESTED)
    assert (verdict.stage, verdict.result, verdict.basis) == (stage, result, ATTESTED)


@pytest.mark.parametrize(("one", "entry"), _of("shares"))
def test_a_share_is_the_announced_one(one, entry):
    check, stage, part, whole, printed, result = entry
    value = rates.share_percent(part, whole)
    assert fixed(value, 2) == printed
    verdict = _verdict(one, check, value, COMPUTED)
    assert (verdict.stage, verdict.result) == (stage, result)


@pytest.mark.parametrize(("one", "entry"), _of("related"))
def test_a_neighbouring_growth_is_the_announced_one(one, entry):
    _, before, now, printed = entry
    assert fixed(rates.growth_percent(now, before), 2) == printed


@pytest.mark.parametrize("one", [o for o in ANNOUNCED if "budget" in o], ids=lambda o: o["area"])
def test_the_change_of_the_budget_s_share_is_the_announced_one_and_judges_nobody(one):
    before, now, change = map(float, one["budget"])
    assert round(now - before, 2) == change
    verdict = _verdict(one, "education_share_of_budget_rises", change, ATTESTED)
    assert verdict.result == "reference"
