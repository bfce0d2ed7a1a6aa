"""Fictional counties (虚构县) for demonstrations, tests and benchmarks: the same for a seed.

Every value is drawn from a keyed generator, so a county does not depend on how many are asked
for, nor a calendar year on how many evaluation years are: the data year of one folder is the
base year of the next.
"""

from __future__ import annotations

from collections.abc import Iterator

from dudao.base.errors import ParameterError
from tools.example.model import LAST_YEAR, MOST_YEARS, NEWEST_YEAR, draw
from tools.example.profiles import profile_of
from tools.example.writing import ExampleCounty, submission, write

__all__ = ["ExampleCounty", "make", "write"]

FIRST_CODE, MOST_COUNTIES = 990100, 9900


def _check(counties: int, years: int, last_year: int) -> None:
    if not 1 <= counties <= MOST_COUNTIES:
        raise ParameterError(f"县数应在1与{MOST_COUNTIES}之间，现为{counties}。")
    if not 1 <= years <= MOST_YEARS:
        raise ParameterError(f"评价年度数应在1与{MOST_YEARS}之间，现为{years}。")
    if not LAST_YEAR <= last_year <= NEWEST_YEAR:
        raise ParameterError(
            f"最后一个评价年度应在{LAST_YEAR}与{NEWEST_YEAR}之间，现为{last_year}。"
        )


def make(
    counties: int, years: int, seed: int, last_year: int = LAST_YEAR
) -> Iterator[ExampleCounty]:
    """Yield fictional counties 990100, 990101, …, each for consecutive years up to the last."""
    _check(counties, years, last_year)
    for number in range(counties):
        model = draw(str(FIRST_CODE + number), profile_of(number, seed), seed)
        for year in range(last_year - years + 1, last_year + 1):
            yield submission(model, year)
