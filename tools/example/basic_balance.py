"""The composite of basic balance that a fictional county reports: worked out from its schools."""

from __future__ import annotations

import pandas as pd

from dudao.facts.sheet_layout import COMBINED_STAGES, TEACHING_POINT
from dudao.indicators.balanced_government import BASIC_RESOURCES
from dudao.indicators.rates import coefficient_of_variation
from dudao.indicators.splitting import stage_share
from dudao.indicators.spread import composite
from tools.example import limits
from tools.example.model import Model
from tools.example.schools import Unit


def _values(model: Model, unit: Unit, year: int) -> dict[str, float]:
    """Return a stage's own values and its part of what the school's stages share."""
    own, figures = [one for one in model.units if one.code == unit.code], unit.values(year)
    if len(own) == 1 or len(own) != len(COMBINED_STAGES[unit.kind]):
        return figures
    rows = pd.DataFrame([one.values(year) for one in own], index=[one.stage for one in own])
    weights = {stage: limits.latest(f"split_weight_{stage}") for stage in rows.index}
    share = stage_share(rows[["enrolment"]].T, unit.stage, weights).iloc[0]
    shared = rows.columns[rows.isna().any()].intersection(BASIC_RESOURCES)
    return figures | {code: rows[code].sum() * share for code in shared}


def _counts(unit: Unit, year: int) -> bool:
    return unit.kind != TEACHING_POINT or unit.enrolment(year) >= limits.latest(
        "teaching_point_pupils"
    )


def basic_balance(model: Model, stage: str, year: int) -> float:
    """Return the composite at three decimals; NaN for a stage of a single school."""
    units = [unit for unit in model.of_stage(stage) if _counts(unit, year)]
    rows = pd.DataFrame([_values(model, unit, year) for unit in units])
    cvs = (coefficient_of_variation(rows[code], rows["enrolment"]) for code in BASIC_RESOURCES)
    return round(composite(cvs), 3)
