"""The schools of one stage beside what the law asks of each: values, states, what is met."""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from dudao.facts.view import Facts
from dudao.indicators.schools import (
    SCHOOL_RESOURCES,
    SchoolRules,
    SchoolStandards,
    covered_schools,
    school_values,
)
from dudao.indicators.shortfalls import lacking, to_pass
from dudao.indicators.spread import Spread, spread

ABOVE, BETWEEN, BELOW, UNKNOWN = "met", "floor", "below", "unknown"


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
