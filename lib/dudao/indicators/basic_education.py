"""Primary 3, 基础教育: preschool, balanced compulsory education, curriculum, burden, digital."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial

import pandas as pd

from dudao.facts.items import describe, item, items
from dudao.facts.view import Facts
from dudao.indicators import common
from dudao.indicators.measure import COMPUTED, Gap, Measure, level, quotient

PRESCHOOL_SHARES = (
    "gross_enrolment_ratio",
    "inclusive_coverage",
    "public_enrolment_share",
    "social_recognition",
    "class_size_compliance",
    "children_per_teacher",
    "staff_certification",
)
SCHOOL_RESOURCES = (
    "teachers_above_standard_degree",
    "backbone_teachers",
    "pe_art_teachers",
    "teaching_area",
    "sports_area",
    "equipment_value",
    "multimedia_classrooms",
)
PER_HUNDRED = frozenset(
    {
        "teachers_above_standard_degree",
        "backbone_teachers",
        "pe_art_teachers",
        "multimedia_classrooms",
    }
)
BALANCED_STAGES = ("primary", "junior")


def items_of(*secondaries: str) -> list[str]:
    """Return the county-level items that the points of some secondaries use."""
    return [
        code
        for code, entry in items().items()
        if "县级指标" in entry.sheets and any(p[:3] in secondaries for p in entry.points)
    ]


def preschool(facts: Facts) -> list[Measure]:
    """Universal and inclusive preschool education (普及普惠): shares of children, not of schools.

    Source: 教督〔2020〕1号.
    """
    return [quotient(facts, code, "preschool") for code in PRESCHOOL_SHARES]


def school_values(schools: pd.DataFrame) -> pd.DataFrame:
    """The seven resources of each school, per hundred pupils or per pupil.

    schools: index school, columns enrolment and the seven resources; NaN stays NaN.
    """
    enrolment = schools["enrolment"]
    values = {
        code: common.per_hundred(schools[code], enrolment) / (1 if code in PER_HUNDRED else 100)
        for code in SCHOOL_RESOURCES
    }
    return pd.DataFrame(values)


def _schools(facts: Facts, stage: str) -> pd.DataFrame:
    return facts.schools(stage, ("enrolment", *SCHOOL_RESOURCES))


def _lacking(schools: pd.DataFrame, stage: str, codes: tuple[str, ...]) -> tuple[str, ...]:
    """Say which columns of the school sheet are missing, and at how many schools."""
    if schools.empty:
        return tuple(f"各校{describe(code, stage)}（学校）" for code in codes)
    counts = schools[list(codes)].isna().sum()
    return tuple(
        f"{describe(code, stage)}：{counts[code]}所学校未填（学校）"
        for code in codes
        if counts[code]
    )


def _school_measure(facts: Facts, code: str, stage: str, value: float, **fields) -> Measure:
    known = not math.isnan(value)
    return Measure(
        item=code,
        stage=stage,
        data_year=facts.year.data_year,
        value=value,
        unit=item(code).unit,
        basis=COMPUTED if known else "",
        sources=("学校",) if known else (),
        **fields,
    )


def resource_cvs(facts: Facts) -> list[Measure]:
    """Coefficient of variation of each of the seven resources, for each stage.

    Each is judged on its own, never the mean of the seven. Source: 教督〔2017〕6号.
    """
    measures = []
    for stage in BALANCED_STAGES:
        schools = _schools(facts, stage)
        for code in SCHOOL_RESOURCES:
            value = common.coefficient_of_variation(schools[code], schools["enrolment"])
            lacking = _lacking(schools, stage, ("enrolment", code))
            fields = {"missing": lacking, "detail": item(code).label, "note": ""}
            if len(schools) == 1:
                fields["note"] = "只有一所学校，没有校际差异可言"
            measures.append(_school_measure(facts, "resource_cv", stage, value, **fields))
    return measures


def meets_standards(
    values: pd.DataFrame, standards: Mapping[str, float], at_least: float, floor_percent: float
) -> pd.Series:
    """Say for each school: at least k of the standards met, the rest at least the floor.

    values: index school, one column per resource; NaN in any makes the answer NaN.
    """
    limits = pd.Series(standards, dtype=float)
    met = (values[limits.index] >= limits).sum(axis=1) >= at_least
    above_floor = (values[limits.index] >= limits * floor_percent / 100).all(axis=1)
    known = values[limits.index].notna().all(axis=1)
    return (met & above_floor).astype(float).where(known)


def _schools_short(count: int, _limit: float) -> Gap:
    return count, "所"


def schools_on_standard(
    facts: Facts, standards: Mapping[tuple[str, str], float], at_least: float, floor_percent: float
) -> list[Measure]:
    """Share of schools that meet at least k of the seven standards, the rest the floor.

    standards: (resource, stage) -> limit. Source: 教督〔2017〕6号.
    """
    measures = []
    for stage in BALANCED_STAGES:
        schools = _schools(facts, stage)
        limits = {code: standards[code, stage] for code in SCHOOL_RESOURCES}
        on_standard = meets_standards(school_values(schools), limits, at_least, floor_percent)
        lacking = _lacking(schools, stage, ("enrolment", *SCHOOL_RESOURCES))
        value = math.nan if lacking else common.share_percent(on_standard.sum(), len(schools))
        failing = [str(school) for school in on_standard.index[on_standard == 0]]
        note = f"未达到的学校：{'、'.join(failing)}" if failing else ""
        measures.append(
            _school_measure(
                facts,
                "schools_on_standard",
                stage,
                value,
                missing=lacking,
                note=note,
                gap_to=partial(_schools_short, len(failing)),
            )
        )
    return measures


def compulsory_quality(facts: Facts) -> list[Measure]:
    """Recognition, retention, and participation in the national quality monitoring."""
    progress = facts.year.progress_year
    return [
        quotient(facts, "social_recognition", "compulsory"),
        quotient(facts, "junior_retention_rate", "junior"),
        quotient(facts, "pupil_participation_rate", "compulsory", progress),
        quotient(facts, "teacher_participation_rate", "compulsory", progress),
    ]


def curriculum(facts: Facts) -> list[Measure]:
    """Full curriculum, physical education periods, and schools with a counsellor."""
    return [
        quotient(facts, "full_curriculum_rate", "compulsory"),
        level(facts, "pe_periods_grades_1_2", "primary"),
        level(facts, "pe_periods_grades_3_9", "compulsory"),
        level(facts, "pe_periods_senior", "senior"),
        quotient(facts, "counsellor_coverage", "compulsory"),
    ]


def burden_reduction(facts: Facts) -> list[Measure]:
    """Homework, sleep and after-school service (双减)."""
    homework = (
        ("homework_minutes_grades_1_2", "primary"),
        ("homework_minutes_grades_3_6", "primary"),
        ("homework_minutes_junior", "junior"),
    )
    sleep = [level(facts, "sleep_hours", stage) for stage in ("primary", "junior", "senior")]
    return [
        *(level(facts, code, stage) for code, stage in homework),
        *sleep,
        quotient(facts, "after_school_service_coverage", "compulsory"),
    ]


def digital(facts: Facts) -> list[Measure]:
    """Learning spaces opened for schools, teachers and pupils."""
    codes = ("school_space_coverage", "teacher_space_coverage", "pupil_space_coverage")
    return [quotient(facts, code) for code in codes]
