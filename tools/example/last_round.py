"""Problems that the last round found in a fictional county, and what became of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from dudao.facts.sheet_layout import RECTIFIED, RECTIFYING, UNRECTIFIED
from dudao.law import EvaluationYear, Point, framework_for
from tools.example.flaws import is_blank
from tools.example.model import Model
from tools.example.words import FICTIONAL

Line = tuple[str, ...]
FEWEST, MOST = 4, 6
GOOD = 0.8  # the margin from which every problem is mended


@dataclass(frozen=True)
class Found:
    """One finding of the last round: what it is about, and when it is due."""

    topic: str
    problem: str
    units: str
    measure: str
    office: str
    paper: int  # which of the papers of its point
    due: tuple[int, int, int]  # years after the evaluation year, month, day


PROBLEMS = (
    Found(
        "balanced_resources",
        "部分乡村小学体育运动场馆面积不足",
        "乡村小学3所",
        "扩建运动场地，并与邻近学校共用场馆",
        "教育局",
        0,
        (0, 6, 30),
    ),
    Found(
        "expenditure_growth",
        "一季度教育支出进度偏慢",
        "财政局、教育局",
        "年初下达预算，按月通报支出进度",
        "财政局",
        2,
        (0, 4, 30),
    ),
    Found(
        "school_inspectors",
        "责任督学到校督导记录不全",
        "中小学校5所",
        "统一督导记录格式，按月检查",
        "教育督导室",
        2,
        (0, 3, 31),
    ),
    Found(
        "campus_security",
        "个别学校视频监控未覆盖校门周边",
        "乡村教学点2个",
        "补装监控设备并接入公安平台",
        "教育局、公安局",
        1,
        (1, 6, 30),
    ),
    Found(
        "curriculum",
        "部分学校劳动课、音乐课被其他课程占用",
        "初级中学4所",
        "每学期两次抽查课程表，结果通报",
        "教育局",
        0,
        (0, 9, 30),
    ),
    Found(
        "teacher_rotation",
        "教师交流轮岗多为乡村向县城流动",
        "义务教育学校",
        "调整交流计划，明确县城学校派出人数",
        "教育局、人社局",
        0,
        (0, 12, 20),
    ),
)
USUAL = (RECTIFIED, RECTIFIED, UNRECTIFIED, RECTIFYING, RECTIFIED, RECTIFIED)
BAD = (RECTIFYING, RECTIFIED, UNRECTIFIED, UNRECTIFIED, UNRECTIFIED, RECTIFYING)
DAYS_AFTER_DUE = (12, -20, -8, -30, -15, -5)  # one problem is mended late


def _states(model: Model) -> tuple[str, ...]:
    if model.profile.margin >= GOOD:
        return (RECTIFIED,) * MOST
    return BAD if model.profile.margin < 0 else USUAL


def _line(number: int, entry: Found, point: Point, *, state: str, year: int) -> Line:
    years, month, day = entry.due
    due = date(year + years, month, day)
    if state == RECTIFIED and years:
        due = date(year, month, day)
    done = due + timedelta(DAYS_AFTER_DUE[number - 1]) if state == RECTIFIED else ""
    papers = point.evidence if state != UNRECTIFIED else ()
    paper = papers[min(entry.paper, len(papers) - 1)] if papers else ""
    texts = (entry.problem, entry.units, entry.measure, entry.office)
    return (str(number), point.id, *texts, str(due), state, str(done), paper, FICTIONAL)


def _with_blanks(model: Model, line: Line, year: int) -> Line:
    """Empty some cells; number, point, problem and state of a problem are always known."""
    always = {0, 1, 2, 7}
    return tuple(
        "" if at not in always and is_blank(model, "last round", line[0], at, year) else text
        for at, text in enumerate(line)
    )


def last_round(model: Model, year: EvaluationYear) -> Iterator[Line]:
    """Yield the problems that the last round found, and what became of them by the year's end."""
    points = framework_for(year.year, model.code).points
    states, count = _states(model), model.rng("last round").randint(FEWEST, MOST)
    number = 0
    for entry, state in zip(PROBLEMS[:count], states, strict=False):
        point = next((p for p in points if entry.topic in p.topics), None)
        if point is not None:
            number += 1
            line = _line(number, entry, point, state=state, year=year.progress_year)
            yield _with_blanks(model, line, year.year)
