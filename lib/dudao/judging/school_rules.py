"""The law of single schools for one area and year, bound to the comparer."""

import math
from dataclasses import dataclass

import pandas as pd

from dudao.indicators.schools import SCHOOL_RESOURCES, SchoolRules, SchoolStandards
from dudao.judging.compare import in_scope, meets_each, meets_k_of_n
from dudao.law import EvaluationYear, Law
from dudao.law.exemptions import limits_of_schools

STANDARDS, SPLIT, RELIEF = "balanced_school", "resource_split", "balanced_relief"


@dataclass(frozen=True)
class _SchoolLaw:
    """The law of an area and year, as it speaks of single schools."""

    law: Law
    year: EvaluationYear

    def number(self, rule: str) -> float:
        return self.law.number(rule, self.year)

    def scope(self, schools: pd.DataFrame) -> pd.Series:
        return in_scope(schools, self.number("teaching_point_pupils"))

    def standards(self, stage: str) -> SchoolStandards:
        """Return what one school of a stage needs: at least k of n standards, the rest a floor."""
        rules = {(rule.item, rule.stage): rule for rule in self.law.of_group(STANDARDS)}
        limits = {code: self.number(rules[code, stage].id) for code in SCHOOL_RESOURCES}
        return SchoolStandards(
            limits=pd.Series(limits, dtype=float),
            at_least=int(self.number("standards_to_meet")),
            floor=self.number("floor_of_the_rest"),
            decimals=max(rule.decimals for rule in rules.values()),
        )

    def standard(self, values: pd.DataFrame, stage: str) -> pd.Series:
        """Say which schools meet what one school of a stage needs."""
        if values.empty:
            return pd.Series(dtype=float, index=values.index)
        asked = self.standards(stage)
        limits = asked.limits[values.columns]
        return meets_k_of_n(
            values,
            limits,
            at_least=asked.at_least,
            floor_percent=asked.floor,
            decimals=asked.decimals,
        )

    def limit(self, check: str, schools: pd.DataFrame, *, unknown: bool = False) -> pd.Series:
        """Return the limit of each school under a check, dated exemptions included."""
        exemptions = self.law[check].exemptions
        return limits_of_schools(self.number(check), exemptions, schools, unknown=unknown)

    def meets(self, check: str, values: pd.Series, schools: pd.DataFrame) -> pd.Series:
        """Say which schools meet a check; unknown where a gap in their data would decide."""
        if schools.empty:
            return pd.Series(dtype=float, index=schools.index, name=values.name)
        rule, limits = self.law[check], self.limit(check, schools)
        met = meets_each(values, limits, rule)
        at_best = self.limit(check, schools, unknown=True) if rule.exemptions else limits
        if at_best.equals(limits):
            return met
        return met.where(met == meets_each(values, at_best, rule))

    def relief(self, code: str, schools: pd.DataFrame) -> pd.Series:
        """Say which schools may count, for a resource, what an exception declares."""
        rules = {rule.item: rule for rule in self.law.of_group(RELIEF)}
        rule = rules.get(code)
        if rule is None or rule.in_year(self.year) is None:
            return pd.Series(False, index=schools.index)
        return self.limit(rule.id, schools) > self.number(rule.id)

    def guards(self, schools: pd.DataFrame) -> pd.Series:
        """Return the least number of guards of each school by its size; NaN before there is a rule.

        Source: GB/T 29315-2022.
        """
        rule = self.law["guards_of_a_school"]
        if rule.in_year(self.year) is None:
            return pd.Series(math.nan, index=schools.index)
        large, step = map(self.number, ("guards_large_school_pupils", "guards_step_pupils"))
        beyond = (schools["enrolment"] - large).clip(lower=0) // step
        return (self.limit(rule.id, schools) + beyond).where(schools["enrolment"].notna())


def school_rules(law: Law, year: EvaluationYear) -> SchoolRules:
    """Return what the law says of single schools in an evaluation year."""
    asked = _SchoolLaw(law, year)
    return SchoolRules(
        scope=asked.scope,
        standard=asked.standard,
        limit=asked.limit,
        meets=asked.meets,
        standards=asked.standards,
        relief=asked.relief,
        guards=asked.guards,
        split_weights={rule.stage: asked.number(rule.id) for rule in law.of_group(SPLIT)},
    )
