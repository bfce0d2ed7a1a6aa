"""Primary 9, 教育督导与整改: inspectors, inspection of schools, the last round's problems."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from dudao.facts.cells import day_of
from dudao.facts.sheet_layout import RECTIFIED, RECTIFYING
from dudao.facts.view import Facts, cell_of
from dudao.indicators import rates
from dudao.indicators.measure import COMPUTED, Measure, named, with_claim


@dataclass(frozen=True)
class LastProblem:
    """One problem of the last round as the county registered it; days are None if not given.

    state: on the day it is judged: what was mended later is still being mended.
    """

    number: int
    point: str
    problem: str
    units: str
    measure: str
    office: str
    deadline: date | None
    state: str
    done: date | None
    paper: str
    source: str
    judged_on: date

    @property
    def is_rectified(self) -> bool:
        """Say whether it was mended on the day it is judged."""
        return self.state == RECTIFIED

    @property
    def is_overdue(self) -> bool:
        """Say whether it is still open though due by the end of the progress year."""
        is_due = self.deadline is not None and self.deadline <= self.judged_on
        return is_due and not self.is_rectified

    @property
    def is_late(self) -> bool:
        """Say whether it was mended, but after its deadline."""
        if self.deadline is None or self.done is None:
            return False
        return self.is_rectified and self.done > self.deadline


def _problem(row: Any, judged_on: date) -> LastProblem:
    as_written = ("number", "point", "problem", "units", "measure", "office", "paper")
    done = day_of(row.done)
    is_later = row.state == RECTIFIED and done is not None and done > judged_on
    return LastProblem(
        **{name: getattr(row, name) for name in as_written},
        state=RECTIFYING if is_later else row.state,
        deadline=day_of(row.deadline),
        done=done,
        source=cell_of(row),
        judged_on=judged_on,
    )


def last_round(facts: Facts) -> list[LastProblem]:
    """Return the last round's problems in the order of the register, as of the progress year's end.

    What is open is overdue if it was due by 31 December of the progress year.
    """
    judged_on = date(facts.year.progress_year, 12, 31)
    return [_problem(row, judged_on) for row in facts.last_round.itertuples(index=False)]


def last_round_by_point(facts: Facts) -> dict[str, list[LastProblem]]:
    """Return the problems of the last round by point, points in the order of the register."""
    grouped: dict[str, list[LastProblem]] = {}
    for problem in last_round(facts):
        grouped.setdefault(problem.point, []).append(problem)
    return grouped


def rectification_rate(facts: Facts) -> Measure:
    """Problems of the last round that are mended, over all of them (已整改 / 全部), in percent.

    Unknown without a register: nobody knows whether there was no problem or no entry.
    """
    problems, year = last_round(facts), facts.year.progress_year
    rectified = sum(problem.is_rectified for problem in problems)
    fields: dict[str, Any] = {"note": "没有登记上轮问题"}
    if problems:
        fields = {
            "value": rates.share_percent(rectified, len(problems)),
            "basis": COMPUTED,
            "working": f"{rectified} ÷ {len(problems)} × 100",
            "sources": (f"{problems[0].source}起{len(problems)}行",),
        }
    measure = named("rectification_rate", "all", year, **fields)
    return with_claim(measure, facts.claim("rectification_rate", "all", year))
