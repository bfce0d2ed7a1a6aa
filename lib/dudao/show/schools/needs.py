"""What to buy where: the least units per school, and whose deficit makes the spread."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from dudao.base.rounding import fixed, plain
from dudao.base.short_lists import name_first
from dudao.case import Case
from dudao.facts.items import STAGES, item
from dudao.indicators.least_cost import Plan, largest_kept, least_cost, standard_prices
from dudao.indicators.school_conditions import (
    ROOMS,
    all_rows,
    classes_lacking,
    pupils_above,
    rooms_lacking,
    whole_schools,
)
from dudao.indicators.schools import BALANCED_STAGES, SCHOOL_RESOURCES, school_measure
from dudao.indicators.spread import effect_of_one, whole_additions
from dudao.indicators.stage_schools import ABOVE, BELOW, BETWEEN, UNKNOWN, StageSchools
from dudao.judging.results import NOT_MET
from dudao.show.schools.school_forms import SHORT, Form
from dudao.show.tables import Table, table

STEPS = {"㎡": 100, "元": 10000}  # what a county buys at a time
TOGETHER = "合在一起"
BOTH = "每校过线，七项差异系数都不超过上限"
LISTED = 5  # schools named for one coefficient; the rest are counted


def reason(group: StageSchools, school: str) -> str:
    """Say in words which resources stop a school, and by how much."""
    parts = []
    for code, limit in group.standards.limits.items():
        state = group.states.loc[school, code]
        if state == UNKNOWN:
            parts.append(f"{SHORT[code]}未填")
        elif state in (BETWEEN, BELOW):
            value = fixed(group.values.loc[school, code], group.standards.decimals)
            floor = plain(limit * group.standards.floor / 100)
            short = f"，低于下限{floor}" if state == BELOW else ""
            parts.append(f"{SHORT[code]}{value}＜{plain(limit)}{short}")
    return "；".join(parts)


def _amounts(needs: pd.Series) -> str:
    if needs.isna().any():
        return "缺数据，无法计算"
    parts = [f"{SHORT[c]}{plain(n)}{item(c).unit}" for c, n in needs.items() if n > 0]
    return "；".join(parts) or "不缺"


def _need_rows(group: StageSchools) -> list[tuple[Any, ...]]:
    short = group.states.index[(group.states != ABOVE).any(axis=1)]
    return [
        (
            group.names.get(school) or school,
            STAGES[group.stage],
            reason(group, school),
            _amounts(group.to_pass.loc[school]),
            _amounts(group.to_all.loc[school]),
        )
        for school in short
    ]


def stage_plan(case: Case, group: StageSchools, prices: Mapping[str, float] | None = None) -> Plan:
    """Return the least by which every school passes and every coefficient keeps its limit.

    prices: per unit of each resource; where none are known, a unit counts by the pupils that it
    serves at the standard.
    """
    rule = case.law[f"resource_cv_{group.stage}"]
    return least_cost(
        group.schools,
        group.standards,
        prices or standard_prices(group.standards),
        spread_limit=case.law.number(rule.id, case.year),
        spread_decimals=rule.decimals,
    )


def _together_row(case: Case, group: StageSchools) -> tuple[Any, ...]:
    """Say what meets both at once: sums of two tables would count much of it twice."""
    plan, name = stage_plan(case, group), STAGES[group.stage]
    if plan.missing:
        names = [group.names.get(school) or school for school in plan.missing]
        short = f"{name_first(names, LISTED)}（{len(names)}所）缺数据，无法计算"
        return (TOGETHER, name, short, "", "")
    return (TOGETHER, name, BOTH, _amounts(plan.additions.sum()), "")


def needs_form(case: Case, stages: Sequence[StageSchools]) -> Form:
    """List the schools that lack something: why, to pass by themselves, to meet all seven."""
    rows = [row for group in stages for row in _need_rows(group)]
    totals = [_together_row(case, group) for group in stages if len(group.schools)]
    columns = ("学校", "学段", "差在哪里", "本校过线至少还需", "七项全部达标还需")
    title = "各校缺口（最少整数单位）"
    return Form("缺口", title, dict.fromkeys(columns), (*rows, *totals))


def _effect(value: float, unit: str) -> str:
    step = STEPS.get(unit, 1)
    change = fixed(value * step, 4)
    return f"每{plain(step)}{unit}：{change}" if change else "—"


def _plan(added: float, unit: str) -> str:
    return f"增加{plain(added)}{unit}" if added > 0 else "不必"


def _is_exceeded(case: Case, group: StageSchools, code: str) -> bool:
    """Say whether the coefficient is judged above its limit, at the decimals that decide."""
    rule = case.law[f"resource_cv_{group.stage}"]
    measure = school_measure(case.facts, "resource_cv", group.stage, group.spreads[code].cv)
    return case.verdict_on(measure, rule).result == NOT_MET


def _movers(case: Case, group: StageSchools, code: str) -> list[tuple[Any, ...]]:
    """Return the schools whose next unit lowers the coefficient most."""
    amount, enrolment = group.schools[code], group.schools["enrolment"]
    rule = case.law[f"resource_cv_{group.stage}"]
    limit = largest_kept(case.law.number(rule.id, case.year), rule.decimals)
    working, effects = group.spreads[code], effect_of_one(amount, enrolment)
    exceeded = _is_exceeded(case, group, code)
    added = whole_additions(amount, enrolment, limit) if exceeded else amount * 0
    rows = [
        (
            STAGES[group.stage],
            f"{item(code).label}（{fixed(working.cv, 3)}）",
            group.names.get(school) or school,
            fixed(working.shares[school], 1),
            _effect(effects[school], item(code).unit),
            _plan(added[school], item(code).unit),
        )
        for school in effects.nsmallest(LISTED).index
    ]
    total = f"全县共{plain(added.sum())}{item(code).unit}，涉及{int((added > 0).sum())}所"
    return [*rows, (*rows[0][:2], "合计", "", "", total)] if rows else []


def movers_table(case: Case, stages: Sequence[StageSchools]) -> Table:
    """For each coefficient above its limit, or the widest: which schools' deficit moves it most."""
    rows = []
    for group in stages:
        cvs = pd.Series({code: group.spreads[code].cv for code in SCHOOL_RESOURCES})
        if cvs.notna().any():
            above = [code for code in SCHOOL_RESOURCES if _is_exceeded(case, group, code)]
            for code in above or [cvs.idxmax()]:
                rows += _movers(case, group, code)
    columns = (
        "学段",
        "指标（差异系数）",
        "学校",
        "占离差（%）",
        "再增加时差异系数的变化",
        "达到上限的最少增量",
    )
    return table("哪些学校拉大差异", columns, rows, numbers=columns[3:5], empty="无法计算")


def _parts(case: Case) -> dict[str, pd.Series]:
    """Return what each school lacks, by the words that say it; index school."""
    rows, rules = all_rows(case.facts, case.school_rules), case.school_rules
    schools = whole_schools(rows)
    parts = {}
    for stage in BALANCED_STAGES:
        of_stage = rows[rows["stage"] == stage]
        parts[f"{STAGES[stage]}增加班级（个）"] = classes_lacking(of_stage, stage, rules)
    for kind, label in ROOMS.items():
        parts[f"增加{label}（间）"] = rooms_lacking(schools, kind, rules)
    return parts | {"超过规模（人）": pupils_above(schools, rules)}


def condition_needs_form(case: Case) -> Form:
    """List the schools that lack classes or rooms, or are too large, with the least to mend."""
    parts = _parts(case)
    table = pd.DataFrame(parts)
    short = table[(table > 0).any(axis=1)]
    names = case.facts.school_names()
    rows = [
        (names.get(code) or code, *(plain(value) if value > 0 else "" for value in row))
        for code, row in zip(short.index, short.to_numpy(), strict=True)
    ]
    title, note = "各校班级、专用教室和规模的缺口", "班级按在校生与班额上限计；空白为不缺或待定"
    return Form("条件缺口", title, dict.fromkeys(("学校", *parts)), tuple(rows), note)
