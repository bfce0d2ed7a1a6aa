"""County figures of a fictional county in a calendar year: every base item, stage by stage."""

from __future__ import annotations

from dudao.facts.items import items
from tools.example import (
    governance,
    inclusion,
    language,
    limits,
    preschool,
    safety,
    senior,
    staff,
    supervision,
    vocational,
)
from tools.example.counts import counts
from tools.example.funding import money
from tools.example.model import UPPER_STAGES, Model
from tools.example.schools import JUNIOR, PRIMARY, RESOURCES

PART = 0.9  # of its whole, for an item that no recipe draws
PARTS = (governance, senior, vocational, inclusion, staff, safety, language, supervision)
Values = dict[tuple[str, str], float]
PUPILS_PER_TEACHER = {PRIMARY: 16.5, JUNIOR: 12.8, "senior": 13.2, "vocational": 18.0}
UPPER_SHARE, PRESENT = 0.96, 0.98  # not all teachers are in the school rows; nor is everyone there
ENTRANTS, MOVED_IN, MOVED_OUT = 1 / 3, 0.02, 0.03
SAMPLED = {PRIMARY: (12, 24), JUNIOR: (8, 28)}  # schools, pupils a school


def _part(model: Model, name: str, whole: int) -> int:
    return limits.part(name, whole, model.margin(name))


def _satisfaction(model: Model) -> Values:
    values_now: Values = {}
    for stage, usual in (("preschool", 900), ("compulsory", 2400)):
        asked = round(usual * model.rng("asked", stage).uniform(0.8, 1.2))
        values_now["satisfaction_respondents", stage] = asked
        values_now["satisfied_respondents", stage] = _part(
            model, f"social_recognition_{stage}", asked
        )
    return values_now


def _teachers(model: Model, stage: str, year: int) -> int:
    needed = model.enrolment(stage, year) / PUPILS_PER_TEACHER[stage]
    listed = sum(unit.values(year)[RESOURCES[0]] for unit in model.of_stage(stage))
    return round(max(needed, listed / UPPER_SHARE))


def _schools(model: Model, year: int) -> Values:
    """Every school in the list counts, at each stage that it has."""
    values_now: Values = {
        ("schools", stage): len(model.of_stage(stage)) for stage in (PRIMARY, JUNIOR)
    }
    values_now["schools", "compulsory"] = len({unit.code for unit in model.units})
    kinds = {unit.code: unit.kind for unit in model.units}.values()
    values_now["schools", "senior"] = sum(k in ("完全中学", "十二年一贯制学校") for k in kinds) + 1
    for stage in (PRIMARY, JUNIOR, *UPPER_STAGES):
        values_now["enrolment", stage] = model.enrolment(stage, year)
    for stage in PUPILS_PER_TEACHER:
        values_now["full_time_teachers", stage] = _teachers(model, stage, year)
    for stage in (PRIMARY, JUNIOR):
        classes = (unit.values(year)["classes"] for unit in model.of_stage(stage))
        values_now["classes", stage] = sum(classes)
    return values_now


def _works(model: Model, number: int) -> Values:
    """Return how many of the county's compulsory schools do or received something."""
    rng, stage = model.rng("works"), "compulsory"
    return {
        ("schools_full_curriculum", stage): _part(model, "full_curriculum_rate", number),
        ("schools_with_counsellors", stage): _part(model, "counsellor_coverage", number),
        ("schools_with_after_school_service", stage): _part(
            model, "after_school_service_coverage", number
        ),
        ("schools_improved", stage): round(number * rng.uniform(0.15, 0.35)),
        ("schools_repaired", stage): round(number * rng.uniform(0.15, 0.35)),
    }


def _periods_and_hours(model: Model) -> Values:
    values_now: Values = {}
    for code, stage in (
        *(("pe_periods_grades_1_2", PRIMARY), ("pe_periods_grades_3_9", "compulsory")),
        ("pe_periods_senior", "senior"),
    ):
        values_now[code, stage] = limits.at_least(code, model.margin(code), 1)
    for stage in (PRIMARY, JUNIOR, "senior"):
        name = f"sleep_hours_{stage}"
        values_now["sleep_hours", stage] = limits.at_least(name, model.margin(name), 0.4)
    for code, stage in (
        *(("homework_minutes_grades_1_2", PRIMARY), ("homework_minutes_grades_3_6", PRIMARY)),
        ("homework_minutes_junior", JUNIOR),
    ):
        values_now[code, stage] = limits.at_most(code, model.margin(code), 20)
    return values_now


def _monitoring(model: Model) -> Values:
    values_now: Values = {}
    for stage, (schools, pupils) in SAMPLED.items():
        number = min(schools, len(model.of_stage(stage)))
        values_now["monitoring_sample_schools", stage] = number
        values_now["monitoring_sample_pupils", stage] = number * pupils
    for code in ("monitoring_sample_schools", "monitoring_sample_pupils"):
        values_now[code, "compulsory"] = sum(values_now[code, stage] for stage in SAMPLED)
    pupils = values_now["monitoring_sample_pupils", "compulsory"]
    teachers = values_now["monitoring_sample_schools", "compulsory"] * 15
    values_now["monitoring_present_pupils", "compulsory"] = round(pupils * PRESENT)
    values_now["monitoring_teachers", "compulsory"] = teachers
    values_now["monitoring_present_teachers", "compulsory"] = teachers
    return values_now


def _cohort(model: Model, year: int) -> Values:
    entrants = round(model.enrolment(JUNIOR, year) * ENTRANTS)
    deaths = 1 if entrants > 500 else 0
    moved_in, moved_out = round(entrants * MOVED_IN), round(entrants * MOVED_OUT)
    stayed = _part(model, "junior_retention_rate", entrants - deaths)
    figures = {
        "junior_graduates": stayed + moved_in - moved_out,
        "junior_transfers_in": moved_in,
        "junior_transfers_out": moved_out,
        "junior_cohort_entrants": entrants,
        "junior_cohort_deaths": deaths,
    }
    return {(code, JUNIOR): value for code, value in figures.items()}


def _digital(model: Model, values_now: Values) -> Values:
    """Totals over primary, junior and senior schools, and how many have a learning space."""
    stages = (PRIMARY, JUNIOR, "senior")
    totals = {
        "schools": values_now["schools", "compulsory"] + 1,
        "teachers": sum(values_now["full_time_teachers", stage] for stage in stages),
        "pupils": sum(values_now["enrolment", stage] for stage in stages),
    }
    result: Values = {}
    for who, total in totals.items():
        result[f"{who}_total", "all"] = total
        result[f"{who}_with_space", "all"] = _part(model, f"{who[:-1]}_space_coverage", total)
    return result


def values(model: Model, year: int) -> Values:
    """Return every county figure of a calendar year, by item and stage."""
    values_now = {**preschool.values(model, year), **_schools(model, year)}
    earlier = {
        **counts(model, year),
        **money(model, year),
        **values_now,
        **_satisfaction(model),
        **_works(model, int(values_now["schools", "compulsory"])),
        **_periods_and_hours(model),
        **_monitoring(model),
        **_cohort(model, year),
        **_digital(model, values_now),
    }
    for part in PARTS:
        earlier |= part.values(model, year, earlier)
    return {**_without_recipe(earlier), **earlier}


def _without_recipe(earlier: Values) -> Values:
    """Return part of its whole for every item that no recipe draws: what a new share is made of."""
    drawn: Values = {}
    for entry in items().values():
        over, _, under = entry.inputs.partition(" / ")
        if entry.formula in ("share", "ratio") and over.isidentifier() and under.isidentifier():
            for stage in entry.stages:
                drawn[over, stage] = int(PART * earlier.get((under, stage), 0))
    return drawn
