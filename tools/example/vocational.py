"""Vocational schools of a fictional county: conditions, intake, cooperation."""

from __future__ import annotations

import math

from tools.example import limits
from tools.example.model import Model
from tools.example.schools import REFERENCE_YEAR

Values = dict[tuple[str, str], float]
STAGE, SCHOOLS = "vocational", 1  # the one that the school sheet lists
ROOM = 0.3  # how far above a limit the best county stands
SPECIALTY, YEARS, YUAN_PER_WAN = 0.55, 3, 10_000
DRAWN = {"cooperating_enterprises": (9, 32), "training_bases": (4, 14)}
GROWTH = 1.01


def _level(model: Model, name: str) -> float:
    margin = model.margin(name)
    return limits.latest(name) * (1 + (ROOM * margin if margin >= 0 else margin))


def _stock(model: Model, per_school: str, per_pupil: str, pupils: float) -> int:
    """Return what is enough for the school and for its pupils, or for neither."""
    needed = max(_level(model, per_school) * SCHOOLS, _level(model, per_pupil) * pupils)
    return math.ceil(round(needed, 6))


def _conditions(model: Model, pupils: float) -> Values:
    per_wan = pupils / YUAN_PER_WAN
    figures = {
        "campus_area": ("vocational_campus_area", "vocational_land_per_pupil", pupils),
        "building_area": ("vocational_building_area", "vocational_building_per_pupil", pupils),
        "vocational_equipment_value": (
            *("vocational_equipment", "vocational_equipment_per_pupil"),
            per_wan,
        ),
    }
    amounts = {(code, STAGE): _stock(model, *rule) for code, rule in figures.items()}
    amounts["books", STAGE] = math.ceil(_level(model, "vocational_books_per_pupil") * pupils)
    return amounts


def _teachers(model: Model, teachers: float) -> Values:
    name, specialty = "dual_qualified_share", round(teachers * SPECIALTY)
    good = model.margin("vocational_schools_on_standard") >= 0
    enough = teachers >= limits.latest("vocational_teachers") * SCHOOLS
    return {
        ("specialty_teachers", STAGE): specialty,
        ("dual_qualified_teachers", STAGE): limits.part(name, specialty, model.margin(name)),
        ("vocational_schools_on_standard", STAGE): SCHOOLS if good and enough else 0,
    }


def _drawn(model: Model, code: str, year: int) -> int:
    level = model.rng("count", code).uniform(*DRAWN[code])
    return round(level * GROWTH ** (year - REFERENCE_YEAR))


def values(model: Model, year: int, drawn: Values) -> Values:
    """Return the figures of vocational education in a calendar year."""
    pupils = drawn["enrolment", STAGE]
    return {
        ("schools", STAGE): SCHOOLS,
        **_conditions(model, pupils),
        **_teachers(model, drawn["full_time_teachers", STAGE]),
        ("vocational_entrants", "all"): round(pupils / YEARS),
        ("senior_entrants", "all"): round(drawn["enrolment", "senior"] / YEARS),
        **{(code, STAGE): _drawn(model, code, year) for code in DRAWN},
    }
