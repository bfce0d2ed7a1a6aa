"""The cheapest whole units that make every school of a stage pass and even out every resource.

Every school must reach at least k of its n limits and the floor of the rest, and the coefficient
of variation of each resource must keep its limit. Which resources a school is spared (the n - k
that may stay at the floor) couples the resources; for a fixed choice they fall apart, and the
cheapest for one resource raises every school to its bound and then the lowest to one level
(`spread.Resource.raised`). The choice is found by a convex relaxation (Frank-Wolfe), which also
proves a lower bound, and improved by moving one school at a time.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from dudao.base.rounding import half_unit
from dudao.indicators.schools import SchoolStandards
from dudao.indicators.spread import SLACK as TOLERANCE
from dudao.indicators.spread import Amounts, Resource
from dudao.indicators.stage_schools import lacking

RELAXED_STEPS, PASSES = 80, 6


@dataclass(frozen=True)
class Plan:
    """The additions that meet everything at once.

    additions: index school, columns resource; whole units. cost: additions at their prices.
    bound: no plan costs less. missing: schools without which nothing can be computed; the rest is
    then empty.
    """

    additions: pd.DataFrame
    cost: float
    bound: float
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Problem:
    """Resources, prices, and for each school the amounts at the limit and at the floor."""

    codes: tuple[str, ...]
    resources: tuple[Resource, ...]
    prices: Amounts
    full: Amounts  # schools x resources
    floor: Amounts
    spares: tuple[tuple[int, ...], ...]  # every set of resources that a school may be spared

    def bounds(self, weights: Amounts) -> Amounts:
        """Return the least amounts for a mixture of spared sets (schools x sets)."""
        share = np.zeros_like(self.full)
        for number, spare in enumerate(self.spares):
            for code in spare:
                share[:, code] += weights[:, number]
        return self.full - share * (self.full - self.floor)

    def column_cost(self, code: int, bounds: Amounts) -> float:
        """Return what one resource costs at given bounds, to the fraction."""
        raised, _ = self.resources[code].raised(bounds)
        return float(self.prices[code] * (raised - self.resources[code].amounts).sum())

    def cost_and_slopes(self, weights: Amounts) -> tuple[float, Amounts]:
        """Return the cost of a mixture, and how it changes with the weight of each spared set."""
        bounds, cost = self.bounds(weights), 0.0
        saved = np.empty_like(self.full)
        for code, resource in enumerate(self.resources):
            raised, prices = resource.raised(bounds[:, code])
            cost += self.prices[code] * (raised - resource.amounts).sum()
            difference = self.full[:, code] - self.floor[:, code]
            saved[:, code] = self.prices[code] * prices * difference
        slopes = np.stack([-saved[:, list(spare)].sum(axis=1) for spare in self.spares], axis=1)
        return float(cost), slopes


def _relax(problem: _Problem) -> tuple[Amounts, float]:
    """Return a choice for each school near the optimum of the mixtures, and a lower bound."""
    schools, sets = len(problem.full), len(problem.spares)
    weights = np.full((schools, sets), 1 / sets)
    bound = -math.inf
    for step in range(RELAXED_STEPS):
        cost, slopes = problem.cost_and_slopes(weights)
        best = slopes.argmin(axis=1)
        target = np.eye(sets)[best]
        bound = max(bound, cost + float((slopes * (target - weights)).sum()))
        weights += (target - weights) * 2 / (step + 3)
    return weights.argmax(axis=1), bound


def _improve(problem: _Problem, choice: Amounts) -> Amounts:
    """Move one school at a time to another spared set while that makes the whole cheaper."""
    choice = choice.copy()
    identity = np.eye(len(problem.spares))
    bounds = problem.bounds(identity[choice])
    costs = [problem.column_cost(code, bounds[:, code]) for code in range(len(problem.codes))]
    open_to_change = np.flatnonzero((problem.full > problem.floor).sum(axis=1) > 1).tolist()
    for _ in range(PASSES):
        changed = False
        for school in open_to_change:
            now = int(choice[school])
            if cheaper := _cheaper_set(problem, bounds, costs, school=school, now=now):
                (choice[school], columns), changed = cheaper, True
                bounds = problem.bounds(identity[choice])
                for code, cost in columns.items():
                    costs[code] = cost
        if not changed:
            break
    return choice


def _cheaper_set(
    problem: _Problem, bounds: Amounts, costs: list[float], *, school: int, now: int
) -> tuple[int, dict[int, float]] | None:
    """Return the spared set that saves most at one school, and what its resources then cost.

    bounds: schools x resources. costs: of each resource. now: the number of the school's set.
    """
    whole, best, most = max(1.0, sum(costs)), None, TOLERANCE
    for number, spare in enumerate(problem.spares):
        columns = {}
        for code in sorted({*problem.spares[now]} ^ {*spare}):
            bound = (problem.floor if code in spare else problem.full)[school, code]
            if bound != bounds[school, code]:
                column = bounds[:, code].copy()
                column[school] = bound
                columns[code] = problem.column_cost(code, column)
        saved = sum(costs[code] - cost for code, cost in columns.items())
        if saved > most * whole:
            best, most = (number, columns), saved / whole
    return best


def _passes(problem: _Problem, amounts: Amounts, at_least: int) -> bool:
    enough = (amounts >= problem.full - TOLERANCE).sum(axis=1) >= at_least
    floors = (amounts >= problem.floor - TOLERANCE).all(axis=1)
    kept = (r.keeps_limit(amounts[:, code]) for code, r in enumerate(problem.resources))
    return bool(enough.all() and floors.all()) and all(kept)


def _trimmed(problem: _Problem, added: Amounts, at_least: int) -> Amounts:
    """Take back single units, the dearest first, while everything stays met."""
    current = np.stack([resource.amounts for resource in problem.resources], axis=1)
    for code in np.argsort(-problem.prices):
        for school in np.flatnonzero(added[:, code] > 0):
            while added[school, code] > 0:
                added[school, code] -= 1
                if not _passes(problem, current + added, at_least):
                    added[school, code] += 1
                    break
    return added


def _problem(
    schools: pd.DataFrame, standards: SchoolStandards, prices: Mapping[str, float], limit: float
) -> _Problem:
    codes = tuple(standards.limits.index)
    to_limit = lacking(schools, standards.limits, standards.decimals)[list(codes)]
    floors = standards.limits * standards.floor / 100
    to_floor = lacking(schools, floors, standards.decimals)[list(codes)]
    current = schools[list(codes)].to_numpy(dtype=float)
    pupils = schools["enrolment"].to_numpy(dtype=float)
    return _Problem(
        codes=codes,
        resources=tuple(Resource(current[:, c], pupils, limit) for c in range(len(codes))),
        prices=np.array([float(prices[code]) for code in codes]),
        full=current + to_limit.to_numpy(dtype=float),
        floor=current + to_floor.to_numpy(dtype=float),
        spares=tuple(combinations(range(len(codes)), len(codes) - standards.at_least)),
    )


def standard_prices(standards: SchoolStandards) -> dict[str, float]:
    """Return prices that count a unit by the pupils it serves at the limit.

    They stand in where no prices in money are known: what equips one pupil costs one, whatever
    the resource.
    """
    return {code: 1 / limit for code, limit in standards.limits.items()}


def largest_kept(limit: float, decimals: int) -> float:
    """Return the largest coefficient that still counts as a limit at the decimals that decide."""
    return limit + half_unit(decimals) - 1e-7


def least_cost(
    schools: pd.DataFrame,
    standards: SchoolStandards,
    prices: Mapping[str, float],
    *,
    spread_limit: float,
    spread_decimals: int,
) -> Plan:
    """Return the cheapest whole units by which every school passes and every spread is kept.

    schools: index school; columns enrolment and the resources. prices: per unit of each resource,
    above zero. spread_limit: of every coefficient of variation, decided at spread_decimals.

    Stages are planned apart: a resource that a school shares between stages is counted as split.
    A person counts in each resource of persons on his own, although one may serve in several.
    Schools without pupils or with an unknown amount are named in `missing`; there is no plan then.
    Source of what is required: 教督〔2017〕6号.
    """
    codes = list(standards.limits.index)
    unknown = schools[[*codes, "enrolment"]].isna().any(axis=1) | ~(schools["enrolment"] > 0)
    empty = pd.DataFrame(0.0, index=schools.index, columns=codes)
    if unknown.any() or schools.empty:
        return Plan(empty.iloc[:0], math.nan, math.nan, tuple(schools.index[unknown]))
    problem = _problem(schools, standards, prices, largest_kept(spread_limit, spread_decimals))
    choice, bound = _relax(problem)
    choice = _improve(problem, choice)
    bounds = problem.bounds(np.eye(len(problem.spares))[choice])
    added = np.stack([r.whole(bounds[:, code]) for code, r in enumerate(problem.resources)], axis=1)
    added = _trimmed(problem, added, standards.at_least)
    additions = pd.DataFrame(added, index=schools.index, columns=codes)
    return Plan(additions, float((added * problem.prices).sum()), max(bound, 0.0))
