"""What a county concludes of itself, and its marks and grades where a scheme gives them."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dudao.base.rounding import round_half_up
from dudao.judging.results import (
    MET,
    NOT_MET,
    REFERENCE,
    UNDECIDED,
    PointVerdict,
    SelfRating,
    Verdict,
)
from dudao.law import Framework, Point
from dudao.law.framework import ALL_OR_NOTHING, REVIEWER, Scoring
from dudao.law.rules_check import VETO

MARK_DECIMALS = 2
OWN, LEAST, MOST = "own", "least", "most"  # of which a total or grade is
Supported = tuple[float, float, str]  # supported, at most, why
NOTHING: tuple[float, float] = (math.nan, math.nan)


@dataclass(frozen=True)
class PointScore:
    """One point's marks: self-awarded, and what the data support; NaN where nothing is stated."""

    point: Point
    own: float
    supported: float
    at_most: float
    reason: str

    @property
    def has_own(self) -> bool:
        """Say whether the county awarded itself marks."""
        return not math.isnan(self.own)

    @property
    def is_stated(self) -> bool:
        """Say whether the data decide the marks."""
        return not math.isnan(self.supported)

    @property
    def most(self) -> float:
        """Return the highest marks that the data leave open."""
        return self.point.full_marks if math.isnan(self.at_most) else self.at_most

    @property
    def is_overrated(self) -> bool:
        """Say whether the self-awarded marks are more than the data support."""
        return self.own > self.most or self._is_full_without_ground

    @property
    def _is_full_without_ground(self) -> bool:
        refused = self.point.scoring == REVIEWER and self.reason == FAILED_FOR_REVIEWER
        return refused and self.own >= self.point.full_marks


FAILED_FOR_REVIEWER = "未达标，自评满分与数据不符；应得分由评审人员评定"


def _marks(value: float) -> float:
    return round_half_up(value, MARK_DECIMALS)


def _whole(point: PointVerdict) -> Supported:
    full = point.point.full_marks
    if point.result == MET:
        return full, full, "达标，得满分"
    if point.result == NOT_MET:
        return 0.0, 0.0, "未达标，不得分"
    return *NOTHING, "待定，不作断言" if point.result == UNDECIDED else "不适用，不计"


def _share(point: PointVerdict, deciding: Sequence[Verdict]) -> Supported:
    """Return full marks times the share of checks met; a ceiling where some are still open."""
    counts = {word: sum(v.effect == word for v in deciding) for word in (MET, NOT_MET, UNDECIDED)}
    judged, failed, still_open = sum(counts.values()), counts[NOT_MET], counts[UNDECIDED]
    if not judged or (not failed and point.result != MET):
        return *NOTHING, "待定，不作断言" if point.result == UNDECIDED else "没有可计分的检查"
    highest = _marks(point.point.full_marks * (judged - failed) / judged)
    words = f"{judged}项检查中{counts[MET]}项达标"
    if still_open:
        return math.nan, highest, f"{words}，{still_open}项待定，至多{highest:g}分"
    return highest, highest, words


def score_point(
    verdict: PointVerdict, verdicts: Iterable[Verdict], rating: SelfRating | None
) -> PointScore:
    """Compare a point's self-awarded marks with its result, the way its scheme declares.

    Without a declared way nothing is computed; an undecided point has no ceiling.
    """
    point = verdict.point
    judging = [v for v in verdicts if point.id in v.points and v.result != REFERENCE]
    if point.scoring == REVIEWER:
        is_failed = verdict.result == NOT_MET
        marks = *NOTHING, FAILED_FOR_REVIEWER if is_failed else "由评审人员评定，不作断言"
    elif point.scoring == ALL_OR_NOTHING:
        marks = _whole(verdict)
    else:
        marks = _share(verdict, judging)
    return PointScore(point, rating.score if rating else math.nan, *marks)


def score_points(
    points: Iterable[PointVerdict],
    verdicts: Sequence[Verdict],
    ratings: dict[str, SelfRating],
) -> tuple[PointScore, ...]:
    """Return the marks of every point that the scheme gives marks for."""
    return tuple(
        score_point(verdict, verdicts, ratings.get(verdict.point.id))
        for verdict in points
        if verdict.point.full_marks
    )


@dataclass(frozen=True)
class Event:
    """What lowers or forfeits the grade: a check by its title, and what it comes to."""

    title: str
    result: str


@dataclass(frozen=True)
class Grading:
    """Totals and grades: of the self-award, and the least and most that the data leave open.

    totals, grades: under OWN, LEAST and MOST; a total that is not known is NaN, its grade "".
    """

    totals: dict[str, float]
    grades: dict[str, str]
    downgrades: tuple[Event, ...]
    vetoes: tuple[Event, ...]


def _worst(results: Sequence[str]) -> str:
    """Return not met if any is, else undecided if any is or nothing was judged, else met."""
    if NOT_MET in results:
        return NOT_MET
    return UNDECIDED if UNDECIDED in results or not results else MET


def _events(titles: Iterable[tuple[str, str]], verdicts: Sequence[Verdict]) -> tuple[Event, ...]:
    """Return what became of some checks, each given with its title."""
    return tuple(
        Event(title, _worst([v.effect for v in verdicts if v.check == check]))
        for check, title in titles
    )


def _grade(scoring: Scoring, total: float, steps: int) -> str:
    """Return the grade of a total, some steps lower; NaN has no grade."""
    if math.isnan(total):
        return ""
    names = [grade.name for grade in scoring.grades]
    reached = next(i for i, grade in enumerate(scoring.grades) if total >= grade.at_least)
    return names[min(reached + steps, len(names) - 1)]


def grading(
    framework: Framework, scores: Sequence[PointScore], verdicts: Sequence[Verdict]
) -> Grading | None:
    """Grade a whole scheme by its totals; None where a point is not among the scores.

    An event that is not met lowers the grade by one step, a veto to the lowest; an undecided one
    lowers only the least that the data leave open.
    """
    scored = {point.id for point in framework.points if point.full_marks}
    if not framework.scoring.is_on or {s.point.id for s in scores} != scored:
        return None
    scoring, lowest = framework.scoring, len(framework.scoring.grades)
    downgrades = _events(((event.check, event.title) for event in scoring.downgrades), verdicts)
    labels = {v.check: v.label for v in verdicts if v.role == VETO}
    vetoes = _events(labels.items(), verdicts)
    sure, feared = (
        sum(e.result in words for e in downgrades) + lowest * any(e.result in words for e in vetoes)
        for words in ((NOT_MET,), (NOT_MET, UNDECIDED))
    )
    totals = {
        OWN: _marks(sum(score.own for score in scores)),
        LEAST: _marks(sum(score.supported for score in scores if score.is_stated)),
        MOST: _marks(sum(score.most for score in scores)),
    }
    steps = {OWN: sure, LEAST: feared, MOST: sure}
    grades = {name: _grade(scoring, total, steps[name]) for name, total in totals.items()}
    return Grading(totals, grades, downgrades, vetoes)
