"""The cheapest plan for a stage, against every plan of small counties."""

from itertools import product

import numpy as np
import pandas as pd
import pytest

from dudao.indicators import rates
from dudao.indicators.least_cost import largest_kept, least_cost, standard_prices
from dudao.indicators.schools import PUPILS, SchoolStandards
from dudao.indicators.stage_schools import lacking

CODES = ["teachers_above_standard_degree", "teaching_area", "equipment_value"]
LIMIT, DECIMALS = 0.3, 3
SPREAD = {"spread_limit": LIMIT, "spread_decimals": DECIMALS}
MOST = 14  # units that the search over every plan tries per school and resource


def _county(seed: int) -> tuple[pd.DataFrame, SchoolStandards, dict[str, float]]:
    draw = np.random.default_rng(seed)
    pupils = draw.integers(3, 12, size=3)
    limits = pd.Series([40.0, 0.8, 0.6], index=CODES)
    schools = pd.DataFrame({"enrolment": pupils.astype(float)}, index=["a", "b", "c"])
    for code in CODES:
        per = 100 if code == CODES[0] else 1
        schools[code] = np.floor(limits[code] * pupils / per * draw.uniform(0.2, 1.6, size=3))
    prices = dict(zip(CODES, draw.integers(1, 9, size=3).astype(float), strict=True))
    return schools, SchoolStandards(limits, at_least=2, floor=85, decimals=2), prices


def _cheapest_of_all(schools, standards, prices) -> float:
    """Return the least cost over every plan of at most MOST units per school and resource."""
    to_limit = lacking(schools, standards.limits, 2)
    to_floor = lacking(schools, standards.limits * 0.85, 2)
    added = np.array(list(product(range(MOST + 1), repeat=len(schools))), dtype=float)
    pupils = schools["enrolment"].to_numpy()
    kept = {}
    for code in CODES:
        amounts = schools[code].to_numpy() + added
        mean = amounts.sum(axis=1) / pupils.sum()
        square = (amounts**2 / pupils).sum(axis=1) / pupils.sum() - mean**2
        with np.errstate(divide="ignore", invalid="ignore"):
            spread = np.sqrt(np.maximum(square, 0)) / mean
        kept[code] = added[spread <= largest_kept(LIMIT, DECIMALS)]
    at_floor = list(product([False, True], repeat=len(schools)))
    cost = {}
    for code, spares in product(CODES, at_floor):
        asked = to_limit[code].where(~np.array(spares), to_floor[code]).to_numpy()
        possible = kept[code][(kept[code] >= asked).all(axis=1)]
        cost[code, spares] = prices[code] * possible.sum(axis=1).min(initial=np.inf)
    return min(
        sum(cost[code, tuple(code == spare for spare in spared)] for code in CODES)
        for spared in product(CODES, repeat=len(schools))
    )


@pytest.mark.parametrize("block", range(4))
def test_no_plan_of_a_small_county_is_cheaper_by_more_than_a_unit(block):
    for seed in range(block * 15, block * 15 + 15):
        schools, standards, prices = _county(seed)
        plan = least_cost(schools, standards, prices, **SPREAD)
        best = _cheapest_of_all(schools, standards, prices)
        assert best - 1e-6 <= plan.cost <= best + max(prices.values()), seed
        assert plan.bound <= best + 1e-6, seed


def _all_is_met(schools, additions, standards) -> bool:
    reached = schools[CODES] + additions
    values = pd.DataFrame(
        {c: reached[c] / schools["enrolment"] * (100 if c == CODES[0] else 1) for c in CODES}
    ).round(2)
    enough = (values >= standards.limits).sum(axis=1) >= standards.at_least
    floors = (values >= standards.limits * 0.85 - 1e-9).all(axis=1)
    spreads = [rates.coefficient_of_variation(reached[c], schools["enrolment"]) for c in CODES]
    return bool((enough & floors).all()) and all(round(one, DECIMALS) <= LIMIT for one in spreads)


@pytest.mark.parametrize("seed", range(200, 215))
def test_the_plan_meets_everything_and_one_unit_less_of_anything_does_not(seed):
    schools, standards, prices = _county(seed)
    plan = least_cost(schools, standards, prices, **SPREAD)
    assert _all_is_met(schools, plan.additions, standards)
    for school, code in product(schools.index, CODES):
        if plan.additions.loc[school, code] > 0:
            less = plan.additions.copy()
            less.loc[school, code] -= 1
            assert not _all_is_met(schools, less, standards), (school, code)


def test_of_seven_resources_the_plan_is_near_the_bound():
    draw = np.random.default_rng(3)
    pupils = draw.integers(60, 1200, size=6)
    limits = pd.Series([4.2, 1.0, 0.9, 4.5, 7.5, 2000.0, 2.3], index=list(PUPILS))
    schools = pd.DataFrame({"enrolment": pupils.astype(float)})
    for code, per in PUPILS.items():
        schools[code] = np.floor(limits[code] * pupils / per * draw.uniform(0.4, 1.4, size=6))
    prices = dict(zip(PUPILS, draw.integers(1, 90, size=7).astype(float), strict=True))
    prices["equipment_value"] /= 100
    standards = SchoolStandards(limits, at_least=6, floor=85, decimals=2)
    plan = least_cost(schools, standards, prices, spread_limit=0.2, spread_decimals=3)
    assert plan.bound <= plan.cost <= 1.02 * plan.bound  # 1.05 without moves


def test_a_stage_that_lacks_nothing_costs_nothing():
    schools, standards, prices = _county(1)
    ample = schools.assign(**dict.fromkeys(CODES, schools["enrolment"] * 5))
    plan = least_cost(ample, standards, prices, **SPREAD)
    assert plan.cost == 0
    assert not plan.additions.to_numpy().any()


def test_an_unknown_amount_is_named_and_nothing_is_guessed():
    schools, standards, prices = _county(2)
    schools.loc["b", "teaching_area"] = np.nan
    plan = least_cost(schools, standards, prices, **SPREAD)
    assert plan.missing == ("b",)
    assert plan.additions.empty


def test_standard_prices_count_a_unit_by_the_pupils_it_serves():
    _, standards, _ = _county(3)
    assert standard_prices(standards)["teaching_area"] == pytest.approx(1 / 0.8)
