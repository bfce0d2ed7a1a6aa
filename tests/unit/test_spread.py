"""Coefficients of variation: the published working, properties, and the least that evens out."""

import itertools
import math
import random

import numpy as np
import pandas as pd
import pytest

from dudao.base.rounding import round_half_up
from dudao.indicators.rates import coefficient_of_variation
from dudao.indicators.schools import PUPILS as COUNTED_TO
from dudao.indicators.schools import SCHOOL_RESOURCES, SchoolStandards, school_values
from dudao.indicators.spread import (
    Resource,
    composite,
    effect_of_one,
    spread,
    whole_additions,
)
from dudao.indicators.stage_schools import lacking, least_amount, to_pass
from dudao.judging.compare import meets_k_of_n

# 县域义务教育校际均衡指标计算方法, the worked example: pupils and books of five schools.
PUPILS = pd.Series([45, 37, 89, 76, 55], index=list("12345"), dtype=float)
BOOKS = pd.Series([279, 137, 935, 160, 402], index=list("12345"), dtype=float)


def county(seed, schools=12):
    rng = random.Random(seed)
    pupils = pd.Series([rng.randint(20, 2000) for _ in range(schools)], dtype=float)
    return pd.Series([rng.randint(0, 900) for _ in range(schools)], dtype=float), pupils


def least_additions(amount, pupils, limit):
    """Return what the schools get at least, to the fraction."""
    amounts = amount.to_numpy(float)
    raised, _ = Resource(amounts, pupils.to_numpy(float), limit).raised(amounts)
    return pd.Series(raised - amounts, index=amount.index)


def loop(amount, enrolment):
    """The formula read aloud, one school at a time."""
    mean = sum(amount) / sum(enrolment)
    total = 0.0
    for x, p in zip(amount, enrolment, strict=True):
        total += p / sum(enrolment) * (x / p - mean) ** 2
    return math.sqrt(total) / mean


def test_the_worked_example_comes_out_term_by_term():
    found = spread(BOOKS, PUPILS)
    assert found.terms.round(4).tolist() == [0.0027, 0.8486, 5.1274, 4.5011, 0.1730]
    assert (round(found.mean, 4), round(found.deviation, 4)) == (6.3344, 3.2639)
    assert (round(found.cv, 4), round_half_up(found.cv, 2)) == (0.5153, 0.52)
    assert round(found.unweighted, 4) == 0.4888


def test_a_school_without_pupils_lacks_nothing_that_is_known():
    found = least_amount(np.array([0.0, 100.0]), 4.5, 100, 2)
    assert math.isnan(found[0]) and found[1] == 5


@pytest.mark.parametrize("seed", range(20))
def test_properties_of_the_coefficient(seed):
    amount, pupils = county(seed)
    cv = coefficient_of_variation(amount, pupils)
    order = random.Random(seed).sample(list(amount.index), len(amount))
    assert cv == pytest.approx(loop(amount, pupils))
    assert cv == pytest.approx(coefficient_of_variation(amount * 7.3, pupils))
    assert cv == pytest.approx(coefficient_of_variation(amount[order], pupils[order]))
    assert coefficient_of_variation(pupils * 3, pupils) == pytest.approx(0)
    found = spread(amount, pupils)
    assert found.shares.sum() == pytest.approx(100)
    assert found.cv == pytest.approx(found.deviation / found.mean)


@pytest.mark.parametrize("seed", range(10))
def test_two_schools_of_one_value_count_as_one(seed):
    amount, pupils = county(seed)
    twin = pd.concat([amount, amount[:1]], ignore_index=True)
    twins = pd.concat([pupils, pupils[:1]], ignore_index=True)
    merged, merger = amount.copy(), pupils.copy()
    merged[0], merger[0] = 2 * amount[0], 2 * pupils[0]
    assert coefficient_of_variation(twin, twins) == pytest.approx(
        coefficient_of_variation(merged, merger)
    )


@pytest.mark.parametrize(
    ("amount", "pupils"),
    [([5], [10]), ([], []), ([0, 0], [10, 20]), ([5, math.nan], [10, 20]), ([5, 6], [10, 0])],
)
def test_what_cannot_be_known_is_never_zero(amount, pupils):
    amount, pupils = pd.Series(amount, dtype=float), pd.Series(pupils, dtype=float)
    found = spread(amount, pupils)
    assert math.isnan(found.cv)
    assert math.isnan(found.unweighted)
    assert whole_additions(amount, pupils, 0.5).isna().all()
    assert effect_of_one(amount, pupils).isna().all()


def test_composite_is_the_plain_mean_and_unknown_with_one_unknown():
    assert composite([0.2, 0.4, 0.9]) == pytest.approx(0.5)
    assert math.isnan(composite([0.2, math.nan]))
    assert math.isnan(composite([]))


@pytest.mark.parametrize("seed", range(10))
def test_marginal_effect_is_what_one_unit_more_does(seed):
    amount, pupils = county(seed)
    effects = effect_of_one(amount, pupils)
    for school in amount.index:
        more, less = amount.copy(), amount.copy()
        more[school] += 1e-3
        less[school] -= 1e-3
        slope = coefficient_of_variation(more, pupils) - coefficient_of_variation(less, pupils)
        assert effects[school] == pytest.approx(slope / 2e-3, abs=1e-7)
    values = amount / pupils
    assert effects.idxmin() == values.idxmin()


@pytest.mark.parametrize("seed", range(30))
def test_least_additions_reach_the_limit_and_raise_the_lowest_to_one_level(seed):
    amount, pupils = county(seed)
    limit = coefficient_of_variation(amount, pupils) * 0.7
    added = least_additions(amount, pupils, limit)
    assert coefficient_of_variation(amount + added, pupils) == pytest.approx(limit)
    raised = ((amount + added) / pupils)[added > 0]
    assert raised.max() == pytest.approx(raised.min())
    assert ((amount / pupils)[added == 0] >= raised.max() - 1e-9).all()


@pytest.mark.parametrize("seed", range(25))
def test_least_additions_against_every_plan_in_whole_units(seed):
    rng = random.Random(seed)
    pupils = pd.Series([rng.randint(5, 30) for _ in range(4)], dtype=float)
    amount = pd.Series([rng.randint(1, 8) for _ in range(4)], dtype=float)
    limit = coefficient_of_variation(amount, pupils) * rng.uniform(0.5, 0.95)
    least = least_additions(amount, pupils, limit)
    plan = whole_additions(amount, pupils, limit)
    best = min(
        sum(tried)
        for tried in itertools.product(range(int(plan.sum()) + 1), repeat=4)
        if sum(tried) <= plan.sum()
        and coefficient_of_variation(amount + pd.Series(tried, dtype=float), pupils) <= limit
    )
    assert least.sum() <= best + 1e-9
    assert plan.sum() == best


def test_nothing_is_added_where_the_limit_is_kept():
    assert whole_additions(BOOKS, PUPILS, 0.52).sum() == 0
    assert whole_additions(BOOKS, PUPILS, 0.50).sum() > 0


@pytest.mark.parametrize("decimals", [0, 2])
def test_least_amount_is_the_least(decimals):
    rng = random.Random(4)
    for _ in range(200):
        pupils, limit = rng.randint(1, 2500), rng.choice([4.2, 5.3, 0.9, 1.0, 2.3])
        found = least_amount(np.array([float(pupils)]), limit, 100, decimals)[0]
        value = round_half_up(found / pupils * 100, decimals)
        assert value >= limit
        assert found == 0 or round_half_up((found - 1) / pupils * 100, decimals) < limit


LIMITS = pd.Series(dict(zip(SCHOOL_RESOURCES, [4.2, 1, 0.9, 4.5, 7.5, 2000, 2.3], strict=True)))


def schools(seed, number=40):
    rng = random.Random(seed)
    rows = []
    for _ in range(number):
        pupils = rng.randint(60, 1500)
        per = COUNTED_TO
        values = {c: round(v * rng.uniform(0.7, 1.2) * pupils / per[c]) for c, v in LIMITS.items()}
        rows.append({"enrolment": float(pupils), **values})
    return pd.DataFrame(rows).astype(float)


@pytest.mark.parametrize("seed", range(5))
def test_what_a_school_lacks_makes_it_pass_and_one_less_would_not(seed):
    rows, standards = schools(seed), SchoolStandards(LIMITS, 6, 85.0, 2)
    needs = to_pass(rows, standards)

    def passes(table):
        return (
            meets_k_of_n(school_values(table), LIMITS, at_least=6, floor_percent=85.0, decimals=2)
            == 1
        )

    bought = rows.assign(**{code: rows[code] + needs[code] for code in needs})
    assert passes(bought).all()
    assert ((needs.sum(axis=1) == 0) >= passes(rows)).all()
    for code in needs:
        fewer = bought.assign(**{code: bought[code] - 1})
        assert not passes(fewer)[needs[code] > 0].any()


def test_lacking_is_unknown_where_a_value_is():
    rows = schools(1, 3)
    rows.loc[0, "sports_area"] = math.nan
    needs = lacking(rows, LIMITS, 2)
    assert needs["sports_area"].isna().tolist() == [True, False, False]
    assert to_pass(rows, SchoolStandards(LIMITS, 6, 85.0, 2)).isna().all(axis=1).tolist() == [
        True,
        False,
        False,
    ]
