"""表Ⅰ to 表Ⅲ: what each school has, what it has per pupil, how far schools lie apart."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from dudao.base.rounding import fixed, plain
from dudao.case import Case
from dudao.facts.items import STAGES, item
from dudao.indicators.measure import Measure
from dudao.indicators.schools import BALANCED_STAGES, PER_HUNDRED, SCHOOL_RESOURCES
from dudao.indicators.stage_schools import ABOVE, BELOW, BETWEEN, UNKNOWN, StageSchools
from dudao.judging import judge
from dudao.show.schools.form import Form, Forms
from dudao.show.tables import Marked, Table, table
from dudao.show.words import RESULTS

MARKS = {ABOVE: "met", BETWEEN: "reference", BELOW: "not_met", UNKNOWN: "undecided"}
_NAMES = (
    *("高于规定学历教师", "骨干教师", "体育艺术教师", "教学用房"),
    *("运动场馆", "仪器设备", "多媒体教室"),
)
SHORT = dict(zip(SCHOOL_RESOURCES, _NAMES, strict=True))


def _per(code: str) -> str:
    unit = item(code).unit
    return f"{unit}/百名学生" if code in PER_HUNDRED else f"{unit}/生"


def summary_table(stages: Sequence[StageSchools]) -> Table:
    """Count the schools of each stage that are compared, pass, and meet each resource."""
    rows = [
        (
            STAGES[group.stage],
            str(len(group.schools)),
            str(int((group.passes == 1).sum())),
            str(int((group.states != ABOVE).any(axis=1).sum())),
            *(str(int((group.states[code] == ABOVE).sum())) for code in SCHOOL_RESOURCES),
            group.note,
        )
        for group in stages
    ]
    counted = ("学校", "单校达标", "有未达标项", *SHORT.values())
    return table("纳入比较的学校（所）", ("学段", *counted, "说明"), rows, numbers=counted)


def raw_form(group: StageSchools) -> Form:
    """表Ⅰ: what each school reports, shared resources split."""
    rows = [
        (
            group.names.get(code) or code,
            row["kind"],
            row["location"],
            *(float(row[name]) for name in ("enrolment", *SCHOOL_RESOURCES)),
        )
        for code, row in group.schools.iterrows()
    ]
    labels = {f"{SHORT[code]}（{item(code).unit}）": None for code in SCHOOL_RESOURCES}
    columns: dict[str, int | None] = {
        "学校": None,
        "办学类型": None,
        "城乡": None,
        "在校生（人）": None,
        **labels,
    }
    title = f"{STAGES[group.stage]}基础数据"
    return Form("表Ⅰ", title, columns, tuple(rows), group.note)


def _conclusion(passes: float) -> Marked:
    if math.isnan(passes):
        return Marked(RESULTS["undecided"][0], "undecided")
    result = "met" if passes else "not_met"
    return Marked(RESULTS[result][0], result)


def per_school_form(group: StageSchools) -> Form:
    """表Ⅱ: the seven of each school at two decimals, how many are met, whether it passes."""
    number = f"表Ⅱ-{BALANCED_STAGES.index(group.stage) + 1}"
    decimals, rows = group.standards.decimals, []
    for school, values in group.values.iterrows():
        states = group.states.loc[school]
        cells = [
            Marked(fixed(values[c], decimals) or "—", MARKS[states[c]]) for c in SCHOOL_RESOURCES
        ]
        met = float((states == ABOVE).sum())
        name = group.names.get(school) or school
        conclusion = _conclusion(group.passes[school])
        rows.append((name, *cells, met, conclusion))
    limits = group.standards.limits
    heads = {f"{SHORT[c]}（≥{plain(limits[c])}{_per(c)}）": None for c in SCHOOL_RESOURCES}
    columns: dict[str, int | None] = {"学校": None, **heads, "达标项数": None, "结论": None}
    floor = plain(group.standards.floor)
    note = f"✓达标，○未达标但不低于{floor}%，✗低于{floor}%；至少{group.standards.at_least}项达标"
    return Form(number, f"{STAGES[group.stage]}各校达标情况", columns, tuple(rows), note)


def _remark(case: Case, measure: Measure, unweighted: float, check: str) -> tuple[str, ...]:
    """Say where rounding decides, and where counting schools once would turn the verdict."""
    rule = case.law[check]
    day = case.year.law_date(rule.date_rule)
    true, other = (judge(one, rule, day) for one in (measure, replace(measure, value=unweighted)))
    turned = not math.isnan(unweighted) and other.result != true.result
    warning = f"不加权会误判为{RESULTS[other.result][0]}" if turned else ""
    return tuple(filter(None, (true.note, warning)))


def _spread_row(case: Case, group: StageSchools, code: str, measure: Measure) -> tuple[Any, ...]:
    working, check = group.spreads[code], f"resource_cv_{group.stage}"
    rule = case.law[check]
    verdict = judge(measure, rule, case.year.law_date(rule.date_rule))
    per = 100 if code in PER_HUNDRED else 1
    return (
        STAGES[group.stage],
        f"{item(code).label}（{_per(code)}）",
        float(working.mean * per),
        float(working.deviation * per),
        float(working.cv),
        plain(working.cv, 6) or "缺数据",
        verdict.threshold if verdict.threshold is not None else math.nan,
        Marked(RESULTS[verdict.result][0], verdict.result),
        float(working.unweighted),
        "；".join(_remark(case, replace(measure, note=""), working.unweighted, check)),
    )


def spread_form(case: Case, stages: Sequence[StageSchools], cvs: Sequence[Measure]) -> Form:
    """表Ⅲ: county means at two decimals, coefficients at three, the unweighted ones beside them."""
    measures = {(m.stage, m.detail): m for m in cvs}
    rows = [
        _spread_row(case, group, code, measures[group.stage, item(code).label])
        for group in stages
        for code in SCHOOL_RESOURCES
    ]
    columns = {
        **{"学段": None, "指标": None, "全县平均值": 2, "标准差": 2, "差异系数": 3},
        **{"未舍入值": None, "上限": 2, "结果": None, "不加权的差异系数": 3, "说明": None},
    }
    notes = {f"{STAGES[m.stage]}{m.note}" for m in cvs if m.note}
    note = "；".join(("按在校生加权，逐项判定", *sorted(notes)))
    return Form("表Ⅲ", "资源配置校际差异系数", columns, tuple(rows), note)


def resource_forms(case: Case, stages: Sequence[StageSchools], cvs: Sequence[Measure]) -> Forms:
    """Return 表Ⅰ, 表Ⅱ-1, 表Ⅱ-2 and 表Ⅲ."""
    raw = [replace(raw_form(group), number=f"表Ⅰ-{at}") for at, group in enumerate(stages, 1)]
    return Forms((*raw, *map(per_school_form, stages), spread_form(case, stages, cvs)))
