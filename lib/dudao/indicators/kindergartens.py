"""Areas of every kindergarten per child, and the share of kindergartens that have enough."""

from typing import Any

import pandas as pd

from dudao.facts.items import item
from dudao.facts.sheet_layout import KINDERGARTENS
from dudao.facts.view import Facts, once_per_county
from dudao.indicators import rates
from dudao.indicators.measure import Measure
from dudao.indicators.schools import SchoolRules, share_of_schools

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
        name, of_group = f"{code}_compliance_{group}", met[as_planned]
        fields["sheet"] = KINDERGARTENS
        measures.append(share_of_schools(facts, name, "preschool", of_group, **fields))
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
