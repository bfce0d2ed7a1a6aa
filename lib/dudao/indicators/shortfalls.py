"""What single schools lack: the least whole units of each resource that would meet the standard."""

import math

import numpy as np
import pandas as pd

from dudao.indicators import rates
from dudao.indicators.schools import PUPILS, SchoolStandards
from dudao.indicators.spread import Amounts


def least_amount(enrolment: Amounts, limit: float, per: float, decimals: int) -> Amounts:
    """Least whole amount whose value per pupil, rounded half up, is not below a limit.

    per: 100 for values per hundred pupils, else 1. The limit counts as it can be printed: 3.57 at
    two decimals, 4.505 as 4.51. NaN for a school without pupils: it has no value per pupil.

    enrolment: by school, in pupils. Result: by school, in units of the resource.
    """
    step = 10**-decimals
    printed = math.ceil(round(limit / step, 6)) * step
    pupils = np.where(enrolment > 0, enrolment, np.nan)
    least: Amounts = np.maximum(rates.round_up((printed - 0.5 * step) * pupils / per), 0)
    return least


def lacking(schools: pd.DataFrame, goals: pd.Series, decimals: int) -> pd.DataFrame:
    """Whole units that each school lacks of each resource to reach a goal; NaN where unknown.

    schools: index school, columns enrolment and the resources. goals: index resource.
    """
    enrolment, amounts = schools["enrolment"].to_numpy(dtype=float), {}
    for code, goal in goals.items():
        least = least_amount(enrolment, goal, PUPILS[code], decimals)
        amounts[code] = np.maximum(rates.round_up(least - schools[code].to_numpy(float)), 0)
    return pd.DataFrame(amounts, index=schools.index)


def to_pass(schools: pd.DataFrame, standards: SchoolStandards) -> pd.DataFrame:
    """Whole units that make each school pass: k resources to their limit, the rest to the floor.

    Left at the floor are those where that saves the largest part of what the limit asks: no
    prices are known. A school that misses nothing gets zeros; one with an unknown value, NaN.

    schools: as `lacking` takes them; the result has its index and columns, in whole units.
    """
    limits = standards.limits
    full = lacking(schools, limits, standards.decimals)
    floor = lacking(schools, limits * standards.floor / 100, standards.decimals)
    asked = pd.DataFrame({c: schools["enrolment"] * v / PUPILS[c] for c, v in limits.items()})
    rank = ((full - floor) / asked).rank(axis=1, method="first", ascending=False)
    spared = rank <= len(limits) - standards.at_least
    return full.where(~spared, floor).where(full.notna().all(axis=1))
