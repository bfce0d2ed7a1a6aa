"""What single schools lack: the least whole units of each resource that would meet the standard."""

import math

import pandas as pd

from dudao.indicators import rates
from dudao.indicators.schools import PUPILS, SchoolStandards


def least_amount(enrolment: pd.Series, limit: float, per: float, decimals: int) -> pd.Series:
    """Least whole amount whose value per pupil, rounded half up, is not below a limit.

    per: 100 for values per hundred pupils, else 1. The limit counts as it can be printed: 3.57 at
    two decimals, 4.505 as 4.51. NaN for a school without pupils: it has no value per pupil.

    enrolment: index school, in pupils. Result: same index, in units of the resource.
    """
    step = 10**-decimals
    printed = math.ceil(round(limit / step, 6)) * step
    return rates.round_up((printed - 0.5 * step) * enrolment.where(enrolment > 0) / per).clip(
        lower=0
    )


def lacking(schools: pd.DataFrame, goals: pd.Series, decimals: int) -> pd.DataFrame:
    """Whole units that each school lacks of each resource to reach a goal; NaN where unknown.

    schools: index school, columns enrolment and the resources. goals: index resource.
    """
    amounts = {}
    for code, goal in goals.items():
        least = least_amount(schools["enrolment"], goal, PUPILS[code], decimals)
        amounts[code] = rates.round_up(least - schools[code]).clip(lower=0)
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
