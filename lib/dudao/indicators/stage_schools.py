"""The schools of one stage beside what the law asks of each: values, states, what each lacks."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from dudao.facts.view import Facts
from dudao.indicators import rates
from dudao.indicators.schools import (
    PUPILS,
    SCHOOL_RESOURCES,
    SchoolRules,
    SchoolStandards,
    covered_schools,
    school_values,
)
from dudao.indicators.spread import Amounts, Spread, spread

ABOVE, BETWEEN, BELOW, UNKNOWN = "met", "floor", "below", "unknown"


def least_amount(enrolment: Amounts, limit: float, per: float, decimals: int) -> Amounts:
    """Least whole amount whose value per pupil, rounded half up, is not below a limit.

    per: 100 for values per hundred pupils, else 1. The limit counts as it can be printed: 3.57 at
    two decimals, 4.505 as 4.51. NaN for a school without pupils: it has no value per pupil.

    enrolment: by school, in pupils. Result: by school, in units of the resource.
    """
    step = 10**-decimals
    printed = math.ceil(round(limit / step, 6)) * step
    pupils = np.where(enrolment > 0, enrolment, np.nan)
    least: Amounts = np.maximum(rates.round_up((printed - 0.5 * step) * pupils / per), 0)
    return least


def lacking(schools: pd.DataFrame, goals: pd.Series, decimals: int) -> pd.DataFrame:
    """Whole units that each school lacks of each resource to reach a goal; NaN where unknown.

    schools: index school, columns enrolment and the resources. goals: index resource.
    """
    enrolment, amounts = schools["enrolment"].to_numpy(dtype=float), {}
    for code, goal in goals.items():
        least = least_amount(enrolment, goal, PUPILS[code], decimals)
        amounts[code] = np.maximum(rates.round_up(least - schools[code].to_numpy(float)), 0)
    return pd.DataFrame(amounts, index=schools.index)


def to_pass(schools: pd.DataFrame, standards: SchoolStandards) -> pd.DataFrame:
    """Whole units that make each school pass: k resources to their limit, the rest to the floor.

    Left at the floor are those where that saves the largest part of what the limit asks: no
    prices are known. A school that misses nothing gets zeros; one with an unknown value, NaN.

    schools: as `lacking` takes them; the result has its index and columns, in whole units.
    """
    limits = standards.limits
    full = lacking(schools, limits, standards.decimals)
    floor = lacking(schools, limits * standards.floor / 100, standards.decimals)
    asked = pd.DataFrame({c: schools["enrolment"] * v / PUPILS[c] for c, v in limits.items()})
    rank = ((full - floor) / asked).rank(axis=1, method="first", ascending=False)
    spared = rank <= len(limits) - standards.at_least
    return full.where(~spared, floor).where(full.notna().all(axis=1))


@dataclass(frozen=True)
class StageSchools:
    """Schools of a stage that the comparison covers.

    schools: index school; enrolment, the seven resources (shared ones split), kind, location.
    names: what a reader calls them. passes: 1, 0 or NaN, per school. states: per resource whether
    a school meets its limit, lies between floor and limit, below the floor, or is unknown.
    """

    stage: str
    schools: pd.DataFrame
    note: str
    names: dict[str, str]
    standards: SchoolStandards
    passes: pd.Series
    states: pd.DataFrame

    @cached_property
    def values(self) -> pd.DataFrame:
        """Return the seven resources per hundred pupils or per pupil.

        Index school, a column per resource.
        """
        return school_values(self.schools)

    @cached_property
    def spreads(self) -> dict[str, Spread]:
        """Return the working of the seven coefficients of variation."""
        enrolment = self.schools["enrolment"]
        return {code: spread(self.schools[code], enrolment) for code in SCHOOL_RESOURCES}

    @cached_property
    def to_pass(self) -> pd.DataFrame:
        """Return the least whole units that make each school pass.

        Index school, a column per resource.
        """
        return to_pass(self.schools, self.standards)

    @cached_property
    def to_all(self) -> pd.DataFrame:
        """Return the least whole units that bring each school to all seven limits.

        Index school, a column per resource.
        """
        return lacking(self.schools, self.standards.limits, self.standards.decimals)


def _states(facts: pd.DataFrame, asked: SchoolStandards) -> pd.DataFrame:
    at_limit = lacking(facts, asked.limits, asked.decimals)
    at_floor = lacking(facts, asked.limits * asked.floor / 100, asked.decimals)
    states = at_limit.astype(object).mask(at_limit == 0, ABOVE).mask(at_limit > 0, BETWEEN)
    return states.mask(at_floor > 0, BELOW).mask(at_limit.isna(), UNKNOWN)


def stage_schools(facts: Facts, stage: str, rules: SchoolRules) -> StageSchools:
    """Return the schools of a stage beside what the rules ask of each."""
    schools, note = covered_schools(facts, stage, rules)
    asked = rules.standards(stage)
    return StageSchools(
        stage=stage,
        schools=schools,
        note=note,
        names=facts.school_names(),
        standards=asked,
        passes=rules.standard(school_values(schools), stage),
        states=_states(schools, asked),
    )
