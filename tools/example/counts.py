"""Small figures of a fictional county that depend on no school: drawn once, moving slowly."""

from __future__ import annotations

from dudao.facts.items import items
from tools.example.model import Model
from tools.example.schools import REFERENCE_YEAR

# item: least, greatest, decimals; 1.01 a year keeps a count whole and its changes small.
DRAWN = {
    "kindergartens_upgraded": (4, 9, 0),
    "schools_upgraded": (8, 18, 0),
    "full_time_teachers_recruited": (50, 120, 0),
    "special_post_teachers_recruited": (8, 24, 0),
    "exam_recruited_teachers": (2, 9, 0),
    "planned_full_time_teachers": (60, 130, 0),
    "planned_special_post_teachers": (8, 24, 0),
    "teachers_rewarded": (120, 480, 0),
    "collectives_rewarded": (8, 24, 0),
    "first_tier_admission_rate": (22, 42, 1),
    "first_tier_rate_above_province": (1, 9, 1),
    "first_tier_rate_above_city": (0.5, 6, 1),
    "sports_meet_first_places": (1, 6, 0),
    "sports_ground_projects": (3, 9, 0),
    "budget_progress_q1_rank": (5, 60, 0),
    "carryover_progress_q1": (20, 60, 2),
    "carryover_progress_q1_rank": (5, 60, 0),
    "heating_quota": (150, 400, 2),
    "monitoring_sample_counties": (8, 14, 0),
    "monitoring_prepared_pupils": (1800, 4200, 0),
    "monitoring_indoor_items": (4, 6, 0),
    "monitoring_outdoor_items": (3, 4, 0),
    "counselling_team_teachers": (9, 30, 0),
    "demonstration_lesson_teachers": (2, 6, 0),
    "training_lecturers": (2, 6, 0),
    "training_notices": (3, 20, 0),
    "training_warnings": (3, 20, 0),
    "training_ads_removed": (5, 30, 0),
    "burden_reduction_documents": (3, 8, 0),
}
FIXED = {"monitoring_sample_counties", "monitoring_indoor_items", "monitoring_outdoor_items"}
GROWTH = 1.01


def drawn(model: Model, code: str, year: int) -> float:
    """Return one drawn figure of a calendar year."""
    least, greatest, decimals = DRAWN[code]
    level = model.rng("count", code).uniform(least, greatest)
    if code not in FIXED:
        level *= GROWTH ** (year - REFERENCE_YEAR)
    return round(level, decimals) if decimals else round(level)


def counts(model: Model, year: int) -> dict[tuple[str, str], float]:
    """Return the drawn figures of a calendar year, and the totals over them."""
    figures = {
        (code, stage): drawn(model, code, year) for code in DRAWN for stage in items()[code].stages
    }
    recruited = ("full_time_teachers", "special_post_teachers")
    parts = [*(f"{code}_recruited" for code in recruited), "exam_recruited_teachers"]
    figures["teachers_recruited", "all"] = sum(figures[code, "all"] for code in parts)
    is_clean = model.margin("after_school_service_coverage") >= 0
    figures["subject_training_institutions", "all"] = 0 if is_clean else 6
    return figures
