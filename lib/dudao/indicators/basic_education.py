"""Primary 3, 基础教育: preschool, balanced compulsory education, curriculum, burden, digital."""

from __future__ import annotations

from dudao.facts.items import items, items_about
from dudao.facts.layout import COUNTY
from dudao.facts.view import Facts
from dudao.indicators.declared import level, quotient
from dudao.indicators.measure import Measure

PRESCHOOL = ("preschool_access", "preschool_guarantee", "preschool_quality")
BALANCED = ("balanced_resources", "balanced_quality")
SCHOOL_LIFE = (
    *("curriculum", "mental_health", "burden_reduction"),
    *("training_governance", "digital_education"),
)
PRESCHOOL_SHARES = (
    "gross_enrolment_ratio",
    "inclusive_coverage",
    "public_enrolment_share",
    "social_recognition",
    "class_size_compliance",
    "children_per_teacher",
    "staff_certification",
    "children_per_staff",
    "children_per_caring_staff",
    "central_kindergarten_coverage",
)
LARGEST_CLASSES = tuple(f"largest_class_{age}" for age in ("age_3", "age_4", "age_5", "mixed"))


def items_of(*topics: str) -> list[str]:
    """Return the county-level items that some topics use."""
    return [code for code in items_about(topics) if COUNTY in items()[code].sheets]


def preschool(facts: Facts) -> list[Measure]:
    """Universal and inclusive preschool education (普及普惠): shares of children, not of schools.

    Staffing by 教师〔2013〕1号; the largest class of each age is shown and judged by nobody.
    Source: 教督〔2020〕1号.
    """
    return [
        *(quotient(facts, code, "preschool") for code in PRESCHOOL_SHARES),
        *(level(facts, code, "preschool") for code in LARGEST_CLASSES),
    ]


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
    """Full curriculum, periods of physical education and labour, schools with a counsellor."""
    return [
        quotient(facts, "full_curriculum_rate", "compulsory"),
        level(facts, "pe_periods_grades_1_2", "primary"),
        level(facts, "pe_periods_grades_3_9", "compulsory"),
        level(facts, "pe_periods_senior", "senior"),
        level(facts, "labour_periods", "compulsory"),
        quotient(facts, "counsellor_coverage", "compulsory"),
    ]


def burden_reduction(facts: Facts) -> list[Measure]:
    """Homework, sleep, after-school service, and training institutions closed (双减)."""
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
        level(facts, "after_school_days", "compulsory"),
        level(facts, "after_school_hours", "compulsory"),
        quotient(facts, "training_institutions_cut"),
    ]


def digital(facts: Facts) -> list[Measure]:
    """Schools with a charter that manage and teach digitally; learning spaces; digital campus."""
    codes = (
        *("school_space_coverage", "teacher_space_coverage", "pupil_space_coverage"),
        "digital_campus_coverage",
    )
    managed = quotient(facts, "digital_management_rate", "compulsory")
    return [managed, *(quotient(facts, code) for code in codes)]
