"""Areas of every kindergarten per child, and the share of kindergartens that have enough."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pandas as pd

from dudao.base.rounding import plain
from dudao.facts.items import item
from dudao.facts.sheet_layout import KINDERGARTENS
from dudao.facts.view import Facts, once_per_county
from dudao.indicators import rates
from dudao.indicators.measure import Measure
from dudao.indicators.schools import SchoolRules, more_schools, named_schools, school_measure

AREAS = ("outdoor_area", "activity_room_area", "kindergarten_building_area")
PLANNED = {"new": 1, "old": 0}  # what the rule on the year of planning says of a kindergarten


def area_per_child(kindergartens: pd.DataFrame) -> pd.DataFrame:
    """Return three areas of each kindergarten per child (生均面积); without children: unknown.

    kindergartens: index kindergarten, columns enrolment and the three areas; NaN stays NaN.
    """
    children = kindergartens["enrolment"].where(kindergartens["enrolment"] > 0)
    return kindergartens[[*AREAS]].div(children, axis=0)


def _lacking(rows: pd.DataFrame, code: str, undated: int) -> tuple[str, ...]:
    """Say which columns a group lacks; a kindergarten without a year may belong to either."""
    empty = {item(name).label: int(rows[name].isna().sum()) for name in ("enrolment", code)}
    named = {**empty, "规划建成年份": undated}
    return tuple(
        f"{label}：{number}所幼儿园未填（{KINDERGARTENS}）"
        for label, number in named.items()
        if number
    )


def _share(facts: Facts, code: str, met: pd.Series, **fields: Any) -> Measure:
    """Share of a group that has enough; more kindergartens raise it."""
    failing, count, enough = named_schools(facts, met.index[met == 0]), len(met), met.sum()
    is_known = not fields.get("missing") and count

    value = rates.share_percent(enough, count) if is_known else math.nan
    working = f"{plain(enough)} ÷ {count} × 100" if is_known else ""
    more = {"note": f"未达到{len(failing)}所" if failing else "", **fields}
    measure = school_measure(
        facts,
        code,
        "preschool",
        value,
        units=failing,
        raised_by=more_schools(met),
        working=working,
        **more,
    )
    return replace(measure, sources=(KINDERGARTENS,)) if is_known else measure


def _compliance(rows: pd.DataFrame, facts: Facts, rules: SchoolRules, code: str) -> list[Measure]:
    """Judge one area at every kindergarten, and share out by the year of planning."""
    years = rows["built"].where(rows["built"] > 0).astype(float)
    planned = rules.meets("kindergarten_planned_since", years, rows)
    met, undated = rules.meets(code, area_per_child(rows)[code], rows), int(planned.isna().sum())
    measures = []
    for group, answer in PLANNED.items():
        as_planned = planned == answer
        fields: dict[str, Any] = {"missing": _lacking(rows[as_planned], code, undated)}
        if rows.empty:
            fields = {"missing": (f"各园{item(code).label}（{KINDERGARTENS}）",)}
        elif not as_planned.any() and not undated:
            fields = {"applies": False, "note": "本县没有这一时期规划的幼儿园"}
        measures.append(_share(facts, f"{code}_compliance_{group}", met[as_planned], **fields))
    return measures


@once_per_county
def area_compliance(facts: Facts, rules: SchoolRules) -> list[Measure]:
    """Share of kindergartens whose area per child is enough (生均面积达标), new and old apart.

    New: planned since the year that the law names. A kindergarten without children counts nowhere.
    Source: 教督〔2020〕1号.
    """
    rows = facts.schools("preschool", ("enrolment", *AREAS))
    rows = rows[rows["enrolment"] != 0]
    return [m for code in AREAS for m in _compliance(rows, facts, rules, code)]


def area_shortfalls(rows: pd.DataFrame, rules: SchoolRules, decimals: int) -> pd.DataFrame:
    """Least whole square metres that each kindergarten lacks of each area; NaN where unknown.

    rows: index kindergarten, columns enrolment, the three areas and what the limits ask for.
    """
    shortfalls = {}
    for code in AREAS:
        limit, step = rules.limit(code, rows), 10**-decimals
        least = rates.round_up((limit - step / 2) * rows["enrolment"])
        shortfalls[code] = rates.round_up(least - rows[code]).clip(lower=0)
    return pd.DataFrame(shortfalls, index=rows.index)
