"""Least cost against every plan of 200 small counties."""

from tests.unit.test_least_cost import SPREAD, _cheapest_of_all, _county, least_cost


def test_no_plan_of_200_small_counties_is_cheaper_by_more_than_a_unit():
    for seed in range(1000, 1200):
        schools, standards, prices = _county(seed)
        plan = least_cost(schools, standards, prices, **SPREAD)
        best = _cheapest_of_all(schools, standards, prices)
        assert best - 1e-6 <= plan.cost <= best + max(prices.values()), seed
        assert plan.bound <= best + 1e-6, seed
