"""The law of single schools for one area and year, bound to the comparer."""

import math
from collections.abc import Callable

import pandas as pd

from dudao.indicators.schools import SCHOOL_RESOURCES, SchoolRules, SchoolStandards
from dudao.judging.compare import in_scope, meets_each, meets_k_of_n
from dudao.law import EvaluationYear, Law
from dudao.law.exemptions import limits_of_schools

STANDARDS, SPLIT, RELIEF = "balanced_school", "resource_split", "balanced_relief"


def _standards(law: Law, year: EvaluationYear) -> Callable[[str], SchoolStandards]:
    """Return what one school of a stage needs: at least k of n standards, the rest a floor."""
    rules = {(rule.item, rule.stage): rule for rule in law.of_group(STANDARDS)}
    at_least = law.number("standards_to_meet", year)
    floor = law.number("floor_of_the_rest", year)
    decimals = max(rule.decimals for rule in rules.values())

    def of_stage(stage: str) -> SchoolStandards:
        limits = {code: law.number(rules[code, stage].id, year) for code in SCHOOL_RESOURCES}
        return SchoolStandards(pd.Series(limits, dtype=float), int(at_least), floor, decimals)

    return of_stage


Limit = Callable[..., pd.Series]


def _limit(law: Law, year: EvaluationYear) -> Limit:
    """Return the limit of each school under a check, dated exemptions included."""

    def limit(check: str, schools: pd.DataFrame, *, unknown: bool = False) -> pd.Series:
        general, exemptions = law.number(check, year), law[check].exemptions
        return limits_of_schools(general, exemptions, schools, unknown=unknown)

    return limit


def _meets(law: Law, limit: Limit) -> Callable[[str, pd.Series, pd.DataFrame], pd.Series]:
    """Return whether each school meets a check; unknown where a gap in its data would decide."""

    def meets(check: str, values: pd.Series, schools: pd.DataFrame) -> pd.Series:
        if schools.empty:
            return pd.Series(dtype=float, index=schools.index, name=values.name)
        rule, limits = law[check], limit(check, schools)
        met = meets_each(values, limits, rule)
        at_best = limit(check, schools, unknown=True) if rule.exemptions else limits
        return (
            met if at_best.equals(limits) else met.where(met == meets_each(values, at_best, rule))
        )

    return meets


def _relief(law: Law, year: EvaluationYear) -> Callable[[str, pd.DataFrame], pd.Series]:
    """Return which schools may count, for a resource, what an exception declares."""
    rules = {rule.item: rule for rule in law.of_group(RELIEF)}

    def relief(code: str, schools: pd.DataFrame) -> pd.Series:
        rule = rules.get(code)
        if rule is None or rule.in_year(year) is None:
            return pd.Series(False, index=schools.index)
        general = law.number(rule.id, year)
        return limits_of_schools(general, rule.exemptions, schools) > general

    return relief


def _guards(law: Law, year: EvaluationYear, limit: Limit) -> Callable[[pd.DataFrame], pd.Series]:
    """Return the least number of guards of each school by its size; NaN before there is a rule.

    Source: GB/T 29315-2022.
    """

    def guards(schools: pd.DataFrame) -> pd.Series:
        rule = law["guards_of_a_school"]
        if rule.in_year(year) is None:
            return pd.Series(math.nan, index=schools.index)
        large, step = (
            law.number(f"guards_{name}", year) for name in ("large_school_pupils", "step_pupils")
        )
        beyond = (schools["enrolment"] - large).clip(lower=0) // step
        return (limit(rule.id, schools) + beyond).where(schools["enrolment"].notna())

    return guards


def school_rules(law: Law, year: EvaluationYear) -> SchoolRules:
    """Return what the law says of single schools in an evaluation year."""
    smallest = law.number("teaching_point_pupils", year)
    limit, standards = _limit(law, year), _standards(law, year)

    def standard(values: pd.DataFrame, stage: str) -> pd.Series:
        if values.empty:
            return pd.Series(dtype=float, index=values.index)
        asked = standards(stage)
        limits = asked.limits[values.columns]
        return meets_k_of_n(values, limits, asked.at_least, asked.floor, asked.decimals)

    return SchoolRules(
        scope=lambda schools: in_scope(schools, smallest),
        standard=standard,
        limit=limit,
        meets=_meets(law, limit),
        standards=standards,
        relief=_relief(law, year),
        guards=_guards(law, year, limit),
        split_weights={rule.stage: law.number(rule.id, year) for rule in law.of_group(SPLIT)},
    )
