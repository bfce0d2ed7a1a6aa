"""Posts, pay, training and rotation of teachers in a fictional county."""

from __future__ import annotations

import math

from tools.example import limits
from tools.example.model import Model
from tools.example.schools import REFERENCE_YEAR

Values = dict[tuple[str, str], float]
ALL, COMPULSORY, TAUGHT = "all", "compulsory", ("primary", "junior")
STAFFED = (*TAUGHT, "senior")
ROOM = 0.1  # how far from a standard of staff or pay the best county is
VACANT, OUTSIDE = 0.015, 0.01  # of the posts; of the staff, those without a post
CIVIL_PAY, PAY_GROWTH = (78000, 96000), 1.025
BUDGET, ELIGIBLE = 0.11, 0.55  # 万元 of operating budget a pupil; teachers long enough at a school


def _staff(model: Model, stage: str, drawn: Values) -> Values:
    """Staff: never fewer than the full-time teachers; posts: a little more than those filled."""
    teachers, name = drawn["full_time_teachers", stage], f"pupils_per_staff_{stage}"
    ratio = limits.latest(name) * (1 - ROOM * model.margin(name))
    staff = max(int(teachers), math.ceil(drawn["enrolment", stage] / ratio))
    filled = staff - round(staff * OUTSIDE)
    vacant = round(filled * VACANT * model.rng("vacant", stage).uniform(0.5, 1.5))
    return {
        ("staff", stage): staff,
        ("approved_posts", stage): filled + vacant,
        ("vacant_posts", stage): vacant,
    }


def _of_teachers(model: Model, stage: str, drawn: Values) -> Values:
    teachers, figures = int(drawn["full_time_teachers", stage]), {}
    for code, rate in (
        *(("certified_teachers", "teacher_certification_rate"),),
        *(("teachers_trained_in_full", "training_completion_rate"),),
    ):
        name = f"{rate}_{stage}"
        figures[code, stage] = limits.part(name, teachers, model.margin(name))
    return figures


def _pay(model: Model, year: int) -> Values:
    base = model.rng("civil pay").uniform(*CIVIL_PAY)
    civil = round(base * PAY_GROWTH ** (year - REFERENCE_YEAR))
    level = 1 + ROOM * model.margin("teacher_pay_ratio")
    return {
        ("teacher_average_pay", ALL): math.ceil(round(civil * level, 2)),
        ("civil_servant_average_pay", ALL): civil,
    }


def _training(model: Model, drawn: Values) -> Values:
    pupils = sum(drawn["enrolment", stage] for stage in TAUGHT)
    budget, name = round(pupils * BUDGET, 2), "training_expenditure_share"
    share = limits.latest(name) / 100 * (1 + ROOM * model.margin(name))
    schools, paying = int(drawn["schools", COMPULSORY]), "training_budget_compliance"
    return {
        ("training_expenditure", COMPULSORY): round(budget * share, 2),
        ("operating_budget", COMPULSORY): budget,
        ("schools_with_training_budget", COMPULSORY): limits.part(
            paying, schools, model.margin(paying)
        ),
    }


def _near(model: Model, name: str, whole: int) -> int:
    """Return a part of a whole near the law's share, which is far from the whole."""
    margin = model.margin(name)
    wanted = limits.latest(name) / 100 * (1 + margin) * whole
    return math.ceil(round(wanted, 6)) if margin >= 0 else math.floor(wanted)


def _rotation(model: Model, drawn: Values) -> Values:
    teachers = sum(drawn["full_time_teachers", stage] for stage in TAUGHT)
    eligible = round(teachers * ELIGIBLE)
    moved = _near(model, "rotation_rate", eligible)
    return {
        ("rotation_eligible_teachers", COMPULSORY): eligible,
        ("rotated_teachers", COMPULSORY): moved,
        ("rotated_backbone_teachers", COMPULSORY): _near(model, "backbone_rotation_share", moved),
    }


def values(model: Model, year: int, drawn: Values) -> Values:
    """Return the figures of teachers in a calendar year."""
    figures = {**_pay(model, year), **_training(model, drawn), **_rotation(model, drawn)}
    for stage in STAFFED:
        figures |= _staff(model, stage, drawn)
    for stage in TAUGHT:
        figures |= _of_teachers(model, stage, drawn)
    return figures
