"""Every threshold at its boundary, from tests/cases: the words of the law against the comparer."""

from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from dudao.facts.items import item
from dudao.indicators.measure import COMPUTED, Measure
from dudao.judging.checks import judge
from dudao.law import law_for

FILES = sorted((Path(__file__).parents[1] / "cases").glob("*.yaml"))
LOADED = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in FILES]
CASES = [
    (loaded["area"], name, entry["day"], value, result)
    for loaded in LOADED
    for name, entry in loaded["rules"].items()
    for value, result in entry["cases"].items()
]
STARTS = [
    (loaded["area"], name, entry["day"], entry["before"])
    for loaded in LOADED
    for name, entry in loaded["rules"].items()
]


def _measure(rule, value):
    return Measure(
        *(rule.item, rule.stage, 2023, float(value), rule.unit),
        basis=COMPUTED,
        sign_decides=item(rule.item).formula in ("growth", "growth_difference"),
    )


@pytest.mark.parametrize(("area", "name", "day", "value", "result"), CASES)
def test_result_at_the_boundary(area, name, day, value, result):
    rule = law_for(area)[name]
    assert judge(_measure(rule, value), rule, day).result == result


@pytest.mark.parametrize(("area", "name", "day", "before"), STARTS)
def test_the_day_before_it_applies(area, name, day, before):
    rule = law_for(area)[name]
    eve = day - timedelta(days=1)
    verdict = judge(_measure(rule, 1), rule, eve)
    if before == "none":
        assert verdict.result == "not_applicable"
        assert str(rule.values[0].start) in verdict.note
    else:
        assert verdict.threshold == before


@pytest.mark.parametrize("loaded", LOADED, ids=[path.stem for path in FILES])
def test_cases_exist_for_every_rule_with_a_point(loaded):
    covered = {name for one in LOADED for name in one["rules"]}
    judging = {rule.id for rule in law_for(loaded["area"]).thresholds.values() if rule.topics}
    assert judging <= covered
