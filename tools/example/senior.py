"""Senior schools of a fictional county, and what its schools offer beside lessons."""

from __future__ import annotations

import math

from tools.example import limits
from tools.example.model import Model

Values = dict[tuple[str, str], float]
USUAL_CLASS, ENTRANTS, QUALITY = 48, 1 / 3, 0.55  # pupils; shares of senior pupils, of places
LARGE, TOO_LARGE = 0.05, 0.12  # shares of large classes
CLOSED = (12, 30)  # training institutions before they were closed


def _part(model: Model, name: str, whole: float) -> int:
    return limits.part(name, int(whole), model.margin(name))


def _classes(model: Model, pupils: float) -> Values:
    margin, entry = model.margin("large_class_rate_senior"), "largest_entry_class"
    classes = math.ceil(pupils / USUAL_CLASS)
    large = TOO_LARGE if margin < 0 else LARGE * (1 - margin)
    return {
        ("classes", "senior"): classes,
        ("large_classes", "senior"): int(classes * large),
        (entry, "senior"): limits.at_most(entry, 0.4 * model.margin(entry), 4),
    }


def _places(model: Model, drawn: Values) -> Values:
    pupils, name = drawn["enrolment", "senior"], "senior_gross_enrolment_ratio"
    phase = pupils + drawn["enrolment", "vocational"]
    places = round(pupils * ENTRANTS * QUALITY)
    return {
        ("quality_senior_places", "senior"): places,
        ("quality_senior_places_allocated", "senior"): _part(
            model, "quality_senior_quota_share", places
        ),
        ("senior_phase_enrolment", "all"): phase,
        ("population_15_17", "all"): int(phase / limits.rate(name, model.margin(name))),
    }


def _offers(model: Model, drawn: Values) -> Values:
    steps = {"labour_periods": 0.5, "after_school_days": 1, "after_school_hours": 0.5}
    figures: Values = {
        (name, "compulsory"): limits.at_least(name, model.margin(name), step)
        for name, step in steps.items()
    }
    schools, sites = drawn["schools", "compulsory"], drawn["schools_total", "all"]
    managed = _part(model, "digital_management_rate", schools)
    figures["schools_managed_digitally", "compulsory"] = managed
    campus = _part(model, "digital_campus_coverage", sites)
    figures["schools_with_digital_campus", "all"] = campus
    return figures


def _training(model: Model, drawn: Values) -> Values:
    before = model.rng("training").randint(*CLOSED)
    left = drawn["subject_training_institutions", "all"]
    return {("subject_training_institutions_before", "all"): max(before, left)}


def values(model: Model, year: int, drawn: Values) -> Values:
    """Return the figures of senior schools, and of what schools offer, in a calendar year."""
    return {
        **_classes(model, drawn["enrolment", "senior"]),
        **_places(model, drawn),
        **_offers(model, drawn),
        **_training(model, drawn),
    }
