"""Use of the common language in a fictional county."""

from __future__ import annotations

from dudao.facts.items import item
from tools.example import limits
from tools.example.model import Model

Values = dict[tuple[str, str], float]
OF_CHINESE = {"primary": 0.38, "junior": 0.19, "senior": 0.18}  # shares of full-time teachers
USUAL_2A = 0.8


def _survey(model: Model) -> Values:
    asked, name = round(1600 * model.rng("putonghua").uniform(0.8, 1.2)), "putonghua_rate"
    return {
        ("putonghua_surveyed", "all"): asked,
        ("putonghua_speakers", "all"): limits.part(name, asked, model.margin(name)),
    }


def values(model: Model, year: int, drawn: Values) -> Values:
    """Return the figures of language work in a calendar year."""
    figures = _survey(model)
    for stage in item("putonghua_2b_teachers").stages:
        name, teachers = f"putonghua_2b_rate_{stage}", int(drawn["full_time_teachers", stage])
        figures["putonghua_2b_teachers", stage] = limits.part(name, teachers, model.margin(name))
    for stage, share in OF_CHINESE.items():
        teachers = round(drawn["full_time_teachers", stage] * share)
        margin = model.margin(f"chinese_teacher_2a_rate_{stage}")
        figures["chinese_teachers", stage] = teachers
        figures["chinese_teachers_2a", stage] = round(teachers * min(1, USUAL_2A + 0.2 * margin))
    return figures
