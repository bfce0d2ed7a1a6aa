"""The law of single schools for one area and year, bound to the comparer."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from dudao.indicators.schools import SchoolRules
from dudao.law import EvaluationYear, Law
from dudao.law.exemptions import limits_of_schools
from dudao.verdict import in_scope, meets_each, meets_k_of_n

STANDARDS = "balanced_school"


def _standard(law: Law, year: EvaluationYear) -> Callable[[pd.DataFrame, str], pd.Series]:
    """Return the law's rule for one school: at least k of n standards, the rest a floor."""
    rules = {(rule.item, rule.stage): rule for rule in law.of_group(STANDARDS)}
    limits = {key: law.value(rule.id, year).value for key, rule in rules.items()}
    at_least = limits.pop(("standards_to_meet", "compulsory"))
    floor = limits.pop(("floor_of_the_rest", "compulsory"))
    limits.pop(("teaching_point_pupils", "compulsory"))
    decimals = max(rule.decimals for rule in rules.values())

    def judge_schools(values: pd.DataFrame, stage: str) -> pd.Series:
        own = pd.Series({code: limits[code, stage] for code in values.columns}, dtype=float)
        return meets_k_of_n(values, own, at_least, floor, decimals)

    return judge_schools


def school_rules(law: Law, year: EvaluationYear) -> SchoolRules:
    """Return what the law says of single schools in an evaluation year."""
    smallest = law.value("teaching_point_pupils", year).value

    def limit(check: str, schools: pd.DataFrame, *, unknown: bool = False) -> pd.Series:
        general, exemptions = law.value(check, year).value, law[check].exemptions
        return limits_of_schools(general, exemptions, schools, unknown=unknown)

    def meets(check: str, values: pd.Series, schools: pd.DataFrame) -> pd.Series:
        met, met_at_best = (
            meets_each(values, limit(check, schools, unknown=unknown), law[check])
            for unknown in (False, True)
        )
        return met.where(met == met_at_best)

    return SchoolRules(
        scope=lambda schools: in_scope(schools, smallest),
        standard=_standard(law, year),
        limit=limit,
        meets=meets,
    )
