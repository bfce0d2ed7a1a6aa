"""Cost of the school level: coefficients, states, gaps for 300 to 30,000 schools, as ratios."""

from __future__ import annotations

import time
from itertools import pairwise
from random import Random

import pandas as pd

from dudao.indicators.schools import SCHOOL_RESOURCES, SchoolStandards, school_values
from dudao.indicators.spread import effect_of_one, spread, whole_additions
from dudao.indicators.stage_schools import lacking, to_pass
from dudao.judging.compare import meets_k_of_n

SIZES = (300, 3000, 30000)
LIMITS = (4.2, 1.0, 0.9, 4.5, 7.5, 2000.0, 2.3)
LIMIT, REPEATS = 0.3, 3


def _schools(number: int) -> pd.DataFrame:
    rng = Random(number)
    rows = []
    for _ in range(number):
        pupils = rng.randint(60, 1500)
        amounts = (round(limit * pupils * rng.uniform(0.3, 1.6)) for limit in LIMITS)
        rows.append((pupils, *amounts))
    return pd.DataFrame(rows, columns=["enrolment", *SCHOOL_RESOURCES], dtype=float)


def _work(schools: pd.DataFrame, standards: SchoolStandards) -> None:
    values, enrolment = school_values(schools), schools["enrolment"]
    meets_k_of_n(
        values,
        standards.limits,
        at_least=standards.at_least,
        floor_percent=standards.floor,
        decimals=2,
    )
    to_pass(schools, standards)
    lacking(schools, standards.limits, 2)
    for code in SCHOOL_RESOURCES:
        spread(schools[code], enrolment)
        effect_of_one(schools[code], enrolment)
        whole_additions(schools[code], enrolment, LIMIT)


def main() -> None:
    """Print seconds for each size, best of a few, and what ten times the schools cost."""
    limits = pd.Series(dict(zip(SCHOOL_RESOURCES, LIMITS, strict=True)))
    standards, found = SchoolStandards(limits, 6, 85.0, 2), []
    for size in SIZES:
        schools, times = _schools(size), []
        for _ in range(REPEATS):
            started = time.perf_counter()
            _work(schools, standards)
            times.append(time.perf_counter() - started)
        found.append(min(times))
        print(f"{size:6d} schools, seven resources: {min(times):.3f} s")
    for (less, more), (low, high) in zip(pairwise(SIZES), pairwise(found), strict=True):
        print(f"{more} against {less} schools: {high / low:.1f} times the time")


if __name__ == "__main__":
    main()
