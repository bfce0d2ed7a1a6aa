"""Kindergartens: by kind, and one by one with what each has per child and lacks."""

from __future__ import annotations

import pandas as pd

from dudao.base.rounding import fixed, plain
from dudao.case import Case
from dudao.facts.items import item
from dudao.facts.sheet_layout import KINDERGARTEN_KINDS
from dudao.indicators import rates
from dudao.indicators.kindergartens import AREAS, area_per_child, area_shortfalls
from dudao.show.schools.form import Form, Forms
from dudao.show.tables import Marked

COUNTED = ("enrolment", "classes", "full_time_teachers")


def by_kind_form(rows: pd.DataFrame) -> Form:
    """Count kindergartens, children, classes and teachers by kind; unknown if one is missing.

    rows: index kindergarten, columns kind and COUNTED; NaN is unknown.
    """
    children = rows["enrolment"].sum(skipna=False)
    lines: list[tuple[str | float | Marked, ...]] = []
    for kind in KINDERGARTEN_KINDS:
        of_kind = rows[rows["kind"] == kind]
        sums = [float(of_kind[code].sum(skipna=False)) for code in COUNTED]
        share = rates.share_percent(sums[0], children)
        ratios = (rates.ratio(sums[0], sums[1]), rates.ratio(sums[0], sums[2]))
        lines.append((kind, float(len(of_kind)), *sums, float(share), *map(float, ratios)))
    columns = {
        **{"办园性质": None, "园数": None, "在园幼儿（人）": None, "班级（个）": None},
        **{
            "专任教师（人）": None,
            "占在园幼儿（%）": 2,
            "平均班额（人）": 1,
            "幼儿与专任教师之比": 1,
        },
    }
    return Form("幼儿园-1", "各类幼儿园", columns, tuple(lines), "占比按幼儿计，不按园数计")


def _area(value: float, lacking: float, decimals: int) -> Marked:
    if lacking != lacking:
        return Marked(fixed(value, decimals) or "—", "undecided")
    more = (f"差{plain(lacking)}㎡",) if lacking else ()
    return Marked(fixed(value, decimals), "not_met" if lacking else "met", more)


def per_kindergarten_form(case: Case, rows: pd.DataFrame) -> Form:
    """List every kindergarten: year of planning, class size, staffing, three areas per child.

    rows: index kindergarten, columns of the sheet 幼儿园 by item code; NaN is unknown.
    """
    decimals = {code: case.law[code].decimals for code in AREAS}
    lacking = area_shortfalls(rows, case.school_rules, max(decimals.values()))
    values, names = area_per_child(rows), case.facts.school_names()
    lines = [
        (
            names.get(code) or code,
            row["kind"],
            str(row["built"] or "未填"),
            float(row["enrolment"]),
            float(rates.ratio(row["enrolment"], row["classes"])),
            float(rates.ratio(row["enrolment"], row["full_time_teachers"])),
            *(_area(values.loc[code, a], lacking.loc[code, a], decimals[a]) for a in AREAS),
        )
        for code, row in rows.iterrows()
    ]
    heads = {f"{item(a).label.removesuffix('面积')}（㎡/生）": None for a in AREAS}
    columns = {
        **{"幼儿园": None, "办园性质": None, "规划年份": None, "在园幼儿（人）": None},
        **{"平均班额（人）": 1, "幼儿与专任教师之比": 1, **heads},
    }
    return Form(
        "幼儿园-2", "各园班额、师资与生均面积", columns, tuple(lines), "“差”为还需的最少面积"
    )


def kindergarten_forms(case: Case) -> Forms:
    """Return the kindergartens by kind, and one by one."""
    rows = case.facts.schools("preschool", (*COUNTED, *AREAS))
    return Forms((by_kind_form(rows), per_kindergarten_form(case, rows)))
