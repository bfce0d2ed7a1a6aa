"""Safety of schools and health of pupils in a fictional county."""

from __future__ import annotations

from tools.example import limits
from tools.example.model import Model
from tools.example.schools import REFERENCE_YEAR

Values = dict[tuple[str, str], float]
SECURITY = {
    "closed_management": "closed_management_rate",
    "with_guards": "guard_rate",
    "alarm_linked": "alarm_linked_rate",
    "with_gate_duty": "gate_duty_rate",
}
CANTEENS, USUAL, TESTED, AGE_6 = 0.7, 0.93, 0.97, 0.3  # shares of schools, of pupils
RATES = ("myopia_rate_primary", "myopia_rate_junior", "myopia_rate_senior")
STEP_OF_HOURS = 0.5


def _usual(model: Model, name: str, whole: float) -> int:
    """Return the part of a whole where no document says how much it should be."""
    share = min(1.0, USUAL + 0.07 * model.margin(name))
    return round(whole * share)


def _security(model: Model, drawn: Values) -> Values:
    counts: Values = {}
    sites = (("schools", "schools_total", "all"), ("kindergartens", "kindergartens", "preschool"))
    for who, total, stage in sites:
        whole = int(drawn[total, stage])
        for part, name in SECURITY.items():
            counts[f"{who}_{part}", stage] = limits.part(name, whole, model.margin(name))
    return counts


def _operations(model: Model, drawn: Values) -> Values:
    sites = int(drawn["schools_total", "all"] + drawn["kindergartens", "preschool"])
    canteens, buses = round(sites * CANTEENS), model.rng("buses").randint(20, 60)
    figures = {
        "canteens": canteens,
        "canteens_open_kitchen": _usual(model, "open_kitchen_rate", canteens),
        "canteens_accompanied_meals": _usual(model, "accompanied_meals_rate", canteens),
        "school_buses": buses,
        "licensed_school_buses": buses if model.profile.margin >= 0 else buses - 2,
        "fire_inspected_sites": sites,
        "fire_passed_sites": _usual(model, "fire_pass_rate", sites),
    }
    return {(code, "all"): value for code, value in figures.items()}


def _fitness(model: Model, drawn: Values) -> Values:
    tested = round(drawn["pupils_total", "all"] * TESTED)
    counts: Values = {("fitness_tested_pupils", "all"): tested}
    for level in ("good", "excellent"):
        name = f"fitness_{level}_rate"
        share = limits.latest(name) / 100 * (1 + 0.2 * model.margin(name))
        counts[f"fitness_{level}_pupils", "all"] = round(tested * share)
    return counts


def _myopic(model: Model, name: str, screened: int, year: int) -> int:
    """Return the short-sighted: near the goal in the reference year, fewer every year."""
    fall = limits.latest("myopia_reduction") * (1 + model.margin("myopia_reduction"))
    rate = limits.latest(name) * (1 - 0.3 * model.margin(name)) + fall * (REFERENCE_YEAR - year)
    return round(screened * rate / 100)


def _vision(model: Model, year: int, drawn: Values) -> Values:
    counts: Values = {}
    for name in RATES:
        stage = name.removeprefix("myopia_rate_")
        screened = round(drawn["enrolment", stage] * TESTED)
        counts["vision_screened_pupils", stage] = screened
        counts["myopic_pupils", stage] = _myopic(model, name, screened, year)
    for code in ("vision_screened_pupils", "myopic_pupils"):
        counts[code, "all"] = sum(value for (one, _), value in list(counts.items()) if one == code)
    young, name = round(drawn["enrolment", "preschool"] * AGE_6), "myopia_rate_age_6"
    share = limits.latest(name) / 100 * (1 - 0.3 * model.margin(name))
    return counts | {
        ("vision_screened_age_6", "all"): young,
        ("myopic_age_6", "all"): round(young * share),
    }


def _exercise_and_families(model: Model) -> Values:
    hours, rate = "daily_exercise_hours", "family_guidance_counselling_rate"
    stations = model.rng("stations").randint(15, 40)
    return {
        (hours, "all"): limits.at_least(hours, model.margin(hours), STEP_OF_HOURS),
        ("family_guidance_stations", "all"): stations,
        ("family_guidance_stations_counselling", "all"): limits.part(
            rate, stations, model.margin(rate)
        ),
    }


def _guards(model: Model) -> Values:
    """About three guards a school, or one where the county is far from the rules."""
    each = 3 if model.margin("guard_rate") >= 0 else 1
    return {("security_guards", "all"): each * len({unit.code for unit in model.units})}


def values(model: Model, year: int, drawn: Values) -> Values:
    """Return the figures of safety and health in a calendar year."""
    return {
        **_security(model, drawn),
        **_operations(model, drawn),
        **_fitness(model, drawn),
        **_vision(model, year, drawn),
        **_exercise_and_families(model),
        **_guards(model),
    }
