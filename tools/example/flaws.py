"""What is wrong with a fictional county on purpose: zeros for denominators, empty cells."""

from __future__ import annotations

from tools.example.model import Model

ZERO_STAGE, ZERO_YEAR = "vocational", 2022
ALWAYS_ZERO = (
    ("population_3_5", "preschool"),
    ("quality_senior_places", "senior"),
    ("quality_senior_places_allocated", "senior"),
    ("enrolment", ZERO_STAGE),
    ("full_time_teachers", ZERO_STAGE),
    ("specialty_teachers", ZERO_STAGE),
    ("dual_qualified_teachers", ZERO_STAGE),
    ("vocational_entrants", "all"),
    ("putonghua_2b_teachers", ZERO_STAGE),
    ("putonghua_surveyed", "all"),
    ("inspectors", "all"),
    ("full_time_inspectors", "all"),
    ("putonghua_speakers", "all"),
    ("school_buses", "all"),
    ("licensed_school_buses", "all"),
    ("satisfaction_respondents", "compulsory"),
    ("satisfied_respondents", "compulsory"),
    ("junior_cohort_entrants", "junior"),
    ("junior_cohort_deaths", "junior"),
    ("zoned_school_pupils", "junior"),
    ("pupils_from_own_zone", "junior"),
    ("migrant_children", "compulsory"),
    ("migrant_children_public", "compulsory"),
    ("migrant_children_purchased", "compulsory"),
)
ZERO_IN_BASE_YEAR = (
    ("education_expenditure", "all"),
    ("per_pupil_expenditure", ZERO_STAGE),
    ("per_pupil_operating_expenditure", ZERO_STAGE),
    ("per_pupil_non_personnel_expenditure", ZERO_STAGE),
)


def with_zeros(model: Model, year: int, values: dict) -> dict:
    """Put zeros where a share or a growth would divide, in a county that has them."""
    if not model.profile.has_zeros:
        return values
    zeros = (*ALWAYS_ZERO, *(ZERO_IN_BASE_YEAR if year == ZERO_YEAR else ()))
    return values | dict.fromkeys(zeros, 0)


def is_blank(model: Model, *key: object) -> bool:
    """Say whether a cell was left empty; the same cell of a year is empty in every folder."""
    share = model.profile.blank
    return bool(share) and model.rng("blank", *key).random() < share
