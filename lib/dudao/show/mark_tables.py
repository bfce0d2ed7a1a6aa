"""Tables of self-ratings and, where the scheme gives marks, of self-awarded marks and grades."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from dudao.base.rounding import plain
from dudao.case import Case
from dudao.judging.marks import LEAST, MOST, OWN, Event, Grading, PointScore, grading, score_points
from dudao.judging.results import MET, NOT_MET, PointVerdict, SelfRating, Verdict
from dudao.law.framework import WAYS
from dudao.show.tables import Marked, Table, Value, table, tabulate
from dudao.show.words import DOUBTS, RESULTS, WAYS_SHORT, marked

OVERRATED = DOUBTS["overrated"]
NUMBERS = ("满分", "自评得分", "数据支持")


def _opinion(score: PointScore) -> Marked:
    if score.is_overrated:
        return Marked(OVERRATED, NOT_MET)
    if not score.has_own:
        return Marked("未自评得分", "undecided")
    if score.is_stated:
        return Marked("自评低于数据" if score.own < score.supported else "相符", MET)
    return Marked("不作断言", "undecided")


def _supported(score: PointScore) -> str:
    if score.is_stated or math.isnan(score.at_most):
        return plain(score.supported) or "—"
    return f"≤{plain(score.at_most)}"


_SCORE: dict[str, Callable[[PointScore], Value]] = {
    "要点": lambda score: score.point.id,
    "名称": lambda score: score.point.title,
    "满分": lambda score: plain(score.point.full_marks),
    "自评得分": lambda score: plain(score.own) or "—",
    "数据支持": _supported,
    "计分方式": lambda score: WAYS[score.point.scoring],
    "核对": _opinion,
    "说明": lambda score: score.reason,
}


def _sum_row(scores: Sequence[PointScore]) -> tuple[Any, ...]:
    stated = [score for score in scores if score.is_stated]
    rated = [score for score in scores if score.has_own]
    marks = plain(sum(score.point.full_marks for score in stated))
    return (
        "合计",
        "",
        plain(sum(score.point.full_marks for score in scores)),
        plain(sum(score.own for score in rated)),
        plain(sum(score.supported for score in stated)),
        "",
        "",
        f"有自评得分的要点{len(rated)}个；数据支持只计已能确定的{len(stated)}个（满分{marks}）",
    )


def scores_table(scores: Sequence[PointScore]) -> Table:
    """Show per point: full marks, self-awarded marks, what the data support, and where they part.

    Nothing is computed for a point that reviewers mark, nor for an undecided one.
    """
    of_points = tabulate("自评得分与数据支持的得分", scores, _SCORE, numbers=NUMBERS)
    return replace(of_points, rows=(*of_points.rows, _sum_row(scores))) if scores else of_points


def _event_row(kind: str, event: Event) -> tuple[Any, ...]:
    word = {MET: "未发生", NOT_MET: "发生"}.get(event.result, RESULTS["undecided"][0])
    return f"{kind}：{event.title}", Marked(word, event.result)


def grade_table(grading: Grading) -> Table:
    """Show totals and grades: of the self-award, and the range that the data leave open."""
    totals = {name: plain(total) for name, total in grading.totals.items()}
    given = grading.grades[OWN]
    self_grade = f"{totals[OWN]}分，{given}" if given else "自评得分不齐，不计"
    lowest, highest = totals[LEAST], totals[MOST]
    grades = "至".join(dict.fromkeys(grading.grades[name] for name in (LEAST, MOST)))
    rows = [
        ("自评总分与等级（计入已发生的降档、一票否决）", self_grade),
        ("数据能够支持的总分", lowest if lowest == highest else f"{lowest}至{highest}分"),
        ("据数据可能的等级（待定事项从严、从宽）", grades),
        *(_event_row("降档", event) for event in grading.downgrades),
        *(_event_row("一票否决", event) for event in grading.vetoes),
    ]
    return table("总分与等级", ("项目", "结果"), rows)


def _rated(case: Case, caption: str, points: Iterable[PointVerdict], empty: str) -> Table:
    ratings = case.self_ratings
    columns = {
        "要点": lambda v: v.point.id,
        "名称": lambda v: v.point.title,
        "自评结论": lambda v: (v.point.id in ratings and ratings[v.point.id].rating) or "未自评",
        "判定": lambda v: marked(v.result),
        "方式": lambda v: WAYS_SHORT[v.basis],
        "核对": lambda v: _agreement(ratings.get(v.point.id), v),
        "自评说明": lambda v: ratings[v.point.id].reason if v.point.id in ratings else "",
    }
    return tabulate(caption, points, columns, empty=empty)


def _agreement(rating: SelfRating | None, verdict: PointVerdict) -> Marked:
    """Say whether the county rates a point as its data do, where both say anything."""
    if not rating or not rating.rating or verdict.result not in (MET, NOT_MET):
        return Marked("—", "undecided")
    if rating.says_met == (verdict.result == MET):
        return Marked("相符", MET)
    return Marked(OVERRATED if rating.says_met else "自评低于数据", NOT_MET)


def differing_ratings_table(case: Case, points: Sequence[PointVerdict]) -> Table:
    """Show the points that the county rates otherwise than its data."""
    rated = ((point, case.self_ratings.get(point.point.id)) for point in points)
    differing = [point for point, own in rated if _agreement(own, point).mark == NOT_MET]
    return _rated(
        case, f"自评与数据不同（{len(differing)}个要点）", differing, "自评与数据没有不同"
    )


def ratings_table(case: Case, points: Sequence[PointVerdict]) -> Table:
    """Show what the county concludes of every point beside what its data come to."""
    return _rated(case, "本县自评与判定", points, "没有要点")


def _record(score: PointScore) -> dict[str, Any]:
    numbers = {"own": score.own, "supported": score.supported, "at_most": score.at_most}
    return {
        "point": score.point.id,
        "full_marks": score.point.full_marks,
        **{name: None if math.isnan(value) else value for name, value in numbers.items()},
        "overrated": score.is_overrated,
        "reason": score.reason,
    }


def _grade_record(grading: Grading) -> dict[str, Any]:
    totals = grading.totals.items()
    return {
        "totals": {name: None if math.isnan(total) else total for name, total in totals},
        "grades": grading.grades,
        "downgrades": [vars(event) for event in grading.downgrades],
        "vetoes": [vars(event) for event in grading.vetoes],
    }


def scored(
    case: Case, verdicts: Sequence[Verdict], points: Sequence[PointVerdict]
) -> tuple[tuple[Table, ...], dict[str, Any]]:
    """Return tables and record of the marks; nothing of either where the scheme gives none."""
    if not case.framework.scoring.is_on:
        return (), {}
    scores = score_points(points, verdicts, case.self_ratings)
    graded = grading(case.framework, scores, verdicts)
    tables = (scores_table(scores), *((grade_table(graded),) if graded else ()))
    grade = {"grading": _grade_record(graded)} if graded else {}
    return tables, {"scores": {"points": [_record(score) for score in scores], **grade}}
