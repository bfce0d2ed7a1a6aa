"""Primary 7, 学校安全与学生健康: guarded campuses, safe operations, healthy pupils."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from dudao.base.rounding import plain
from dudao.facts.view import Facts
from dudao.indicators.measure import Measure, from_inputs, named
from dudao.indicators.rates import share_percent
from dudao.indicators.schools import SchoolRules

GUARDED = ("primary", "junior", "senior")


def guard_numbers(facts: Facts, rules: SchoolRules) -> list[Measure]:
    """Guards of all schools in the least that their sizes ask for together, in percent.

    A school of several stages counts once, with all its pupils. Source: GB/T 29315-2022.
    """
    guards = facts.get("security_guards")
    rows = [facts.schools(stage, ("enrolment",)) for stage in GUARDED]
    schools = pd.concat(rows)
    pupils = schools["enrolment"].groupby(level=0).sum(min_count=1)
    least = rules.guards(schools[~schools.index.duplicated()].assign(enrolment=pupils))
    total, listed = least.sum(), "学校" if len(schools) else ""
    lacking = () if len(schools) else ("各校在校生（学校）",)
    measure = named(
        "guards_to_minimum",
        "all",
        facts.year.data_year,
        working=f"{plain(guards.value)} ÷ {plain(total)} × 100",
        note=f"按{len(least)}所学校的规模至少应配{plain(total)}名" if total else "",
    )
    if lacking:
        return [replace(measure, missing=(guards.request, *lacking), working="")]
    computed = from_inputs(facts, measure, [guards], lambda value: share_percent(value, total))
    return [replace(computed, sources=(*computed.sources, listed))]
