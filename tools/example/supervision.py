"""Inspectors of a fictional county and what they do."""

from __future__ import annotations

import math

from tools.example import limits
from tools.example.model import Model

Values = dict[tuple[str, str], float]
FULL_TIME = 0.2  # of the inspectors
RELIEF, STRAIN = 0.2, 1.4  # the load of an inspector in the best county, and in one that fails


def _needed(model: Model, name: str, schools: int) -> int:
    """Return how many people look after so many schools, by the law's usual load."""
    margin = model.margin(name)
    load = limits.latest(name) * (1 - RELIEF * margin if margin >= 0 else STRAIN)
    return max(1, math.ceil(schools / load))


def values(model: Model, year: int, drawn: Values) -> Values:
    """Return the figures of supervision in a calendar year."""
    schools, name = int(drawn["schools_total", "all"]), "inspected_school_coverage"
    covered = limits.part(name, schools, model.margin(name))
    inspectors = _needed(model, "schools_per_inspector", schools)
    hours, visits = "inspector_training_hours", "inspector_visits_per_month"
    figures = {
        "inspectors": inspectors,
        "full_time_inspectors": math.ceil(inspectors * FULL_TIME),
        hours: limits.at_least(hours, model.margin(hours), 8),
        "responsible_inspectors": _needed(model, "schools_per_responsible_inspector", covered),
        "schools_with_inspectors": covered,
        visits: limits.at_least(visits, model.margin(visits), 1),
    }
    return {(code, "all"): value for code, value in figures.items()}
