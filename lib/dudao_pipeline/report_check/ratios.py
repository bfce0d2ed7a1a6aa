"""Ratios that a text states beside the figures they come from: 生师比, N倍, 高于N元."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from dudao_pipeline.report_check import arithmetic
from dudao_pipeline.report_check.arithmetic import CONTRADICTS, RARE
from dudao_pipeline.report_check.numbers import COUNT, LEVEL, RATIO
from dudao_pipeline.report_check.printing import (
    DIFFERENCE,
    DOUBT,
    RATIO_OF,
    YEARLY_GROWTH,
    Printing,
    Relation,
    is_comparable,
)

_PUPILS = re.compile(r"(?:在校(?:学生|生)|学生|在园幼儿|幼儿)(?:总?人?数)?$")
_TEACHERS = re.compile(r"(?:专任教师|教师|教职工)(?:总?人?数)?$")
_PUPIL_TEACHER = re.compile(r"生师比|师生比|师幼比|幼师比")
_NEAR = 6  # figures between a ratio and what it is of


def pupil_teacher_ratios(printing: Printing) -> Iterator[Relation]:
    """Check 生师比 and 师生比 against pupils and teachers of one stage in the same line.

    What does not follow is only doubted: a ratio may count teachers in another way.
    """
    figures = printing.figures
    for index, one in enumerate(figures):
        before = printing.text[max(0, one.at - 12) : one.at]
        if one.kind != RATIO or not one.is_exact or not _PUPIL_TEACHER.search(before):
            continue
        pupils, teachers = (_nearest(printing, index, like) for like in (_PUPILS, _TEACHERS))
        if pupils is None or teachers is None:
            continue
        given = [printing.printed(pupils), printing.printed(teachers)]
        status = arithmetic.compare(arithmetic.quotient, given, printing.number(index))
        expected = f"{figures[pupils].size / figures[teachers].size:.2f}"
        members, formula = (index, pupils, teachers), f"#{pupils}/#{teachers}"
        message = f"{printing.shown(pupils, teachers)}之比为{expected}"
        if status == CONTRADICTS:
            slip = arithmetic.likely_slip(arithmetic.quotient, given, printing.number(index))
            near = printing.sentence(pupils) == printing.sentence(index)
            if not slip or not near:
                continue
            message += f"，文中为{one.printed}；可能：{slip[0]}，或教师口径不同"
            yield Relation(members, RATIO_OF, DOUBT, expected, message, slip[0])
        else:
            yield Relation(members, RATIO_OF, status, expected, message, of=index, formula=formula)


def _nearest(printing: Printing, index: int, like: re.Pattern[str]) -> int | None:
    figures, stage = printing.figures, printing.figures[index].stage
    order = [*range(index - 1, index - _NEAR, -1), *range(index + 1, index + _NEAR)]
    for i in order:
        if not 0 <= i < len(figures) or printing.line(i) != printing.line(index):
            continue
        one = figures[i]
        is_count = one.kind == COUNT and one.is_exact and one.size > 0 and one.stage == stage
        if is_count and like.search(one.what):
            return i
    return None


_IS_TIMES = re.compile(r"是[^，。；\d]{0,12}(?:(?:19|20)\d{2}年)?(?:的|为)?$")
_MORE_TIMES = re.compile(r"(?:比|较)[^，。；\d]{0,12}(?:(?:19|20)\d{2}年)?(?:的|为)?$")


def times(printing: Printing) -> Iterator[Relation]:
    """Check 是某年8.8亿元的1.5倍, 比8.8亿元增长1.5倍, and 年均增长 between the two years."""
    figures = printing.figures
    for index in range(2, len(figures)):
        one, base, now = figures[index], figures[index - 1], figures[index - 2]
        if one.dimension != "times" or not (one.is_exact and base.is_exact and now.is_exact):
            continue
        if now.dimension != base.dimension or {now.kind, base.kind} - {COUNT, LEVEL}:
            continue
        if not is_comparable(printing, index - 2, index) or base.value <= 0:
            continue
        gap, tail = printing.gap(index - 1), printing.gap(index)
        if _IS_TIMES.search(gap) and re.fullmatch(r"的\s*", tail):
            formula, written = arithmetic.quotient, f"#{index - 2}/#{index - 1}"
        elif _MORE_TIMES.search(gap) and re.fullmatch(r"[，]?(?:增长|增加|提高|翻)了?\s*", tail):
            formula, written = _more, f"#{index - 2}/#{index - 1}-1"
        else:
            continue
        given = [printing.printed(index - 2), printing.printed(index - 1)]
        yield _times_relation(printing, index, given=given, formula=formula, written=written)
        yield from _yearly(printing, index, given)


def _more(now: float, base: float) -> float:
    return now / base - 1


def _times_relation(printing: Printing, index: int, *, given, formula, written: str) -> Relation:
    stated, shown = printing.number(index), printing.figures[index].shown
    status = arithmetic.compare(formula, given, stated)
    expected = f"{formula(given[0].value, given[1].value):.2f}倍"
    members = (index, index - 2, index - 1)
    if status != CONTRADICTS:
        return Relation(members, RATIO_OF, status, expected, of=index, formula=written)
    slip = arithmetic.likely_slip(formula, given, stated)
    name = slip[0] if slip else ""
    message = f"{printing.shown(index - 2, index - 1)}之比应为{expected}，文中为{shown}"
    message += f"；可能：{name}" if name else ""
    return Relation(
        members, RATIO_OF, CONTRADICTS if name else DOUBT, expected, message, name, index, written
    )


_A_YEAR = re.compile(r"，?年均(?:增长|递增)率?为?\s*")


def _yearly(printing: Printing, index: int, given) -> Iterator[Relation]:
    figures, rate = printing.figures, index + 1
    if rate >= len(figures) or not re.fullmatch(
        r"，?年均(?:增长|递增)率?为?\s*", printing.gap(rate)
    ):
        return
    years = (figures[index - 2].year or 0) - (figures[index - 1].year or 0)
    if not 2 <= years <= 20 or figures[rate].dimension != "percent":
        return

    def formula(now: float, base: float) -> float:
        return ((now / base) ** (1 / years) - 1) * 100

    status = arithmetic.compare(formula, given, printing.number(rate))
    expected = f"{formula(given[0].value, given[1].value):.2f}%"
    members = (rate, index - 2, index - 1)
    if status == CONTRADICTS:
        message = f"{years}年间年均应为{expected}，文中为{figures[rate].shown}"
        yield Relation(members, YEARLY_GROWTH, DOUBT, expected, message)
    else:
        yield Relation(members, YEARLY_GROWTH, status, expected)


_ABOVE = re.compile(r"(?P<word>高于|高出|多于|超过|低于|少于)(?P<other>[^，。；、\d]{2,16})$")
_APART = re.compile(r"^，?(?:两者|二者)?(?:相差|差距?)(?:了|为|达到?)?$")
_STANDARD = re.compile(r"规定|标准|要求|目标|定额|底线")
_THAN = re.compile(r"^(?P<word>高|多|低|少)出?了?$")


def differences(printing: Printing) -> Iterator[Relation]:
    """Check 教师工资9.86万元，公务员9.72万元，教师高于公务员0.14万元."""
    figures = printing.figures
    for index in range(2, len(figures)):
        one, second, first = figures[index], figures[index - 1], figures[index - 2]
        said = _ABOVE.search(printing.text[max(0, one.at - 30) : one.at])
        apart = _APART.match(printing.gap(index))
        than = _THAN.match(printing.gap(index))
        if than and re.match(r"^，?比[^，。；\d]+$", printing.gap(index - 1)):
            said = than
        said = said or apart
        same = one.dimension == second.dimension == first.dimension
        if not said or not same or one.dimension in ("percent", "points"):
            continue
        bound = ("", "以上", "及以上", "不低于", "不少于") if apart else ("",)
        if not all(f.qualifier in bound and f.kind in (COUNT, LEVEL) for f in (first, second)):
            continue
        if not one.is_exact or printing.sentence(index - 2) != printing.sentence(index):
            continue
        other = "" if said in (than, apart) else said["other"][:2]
        if other not in second.what or not is_comparable(printing, index - 2, index):
            continue
        if apart:
            sign = -1.0 if first.size < second.size else 1.0
        else:
            sign = -1.0 if said["word"][0] in "低少" else 1.0
        given = [printing.printed(index - 2), printing.printed(index - 1)]
        if apart:  # a standard is exact: 与规定的4.8平方米差了0.7平方米
            given = [
                replace(number, half=0.0) if _STANDARD.search(printing.gap(i)) else number
                for number, i in zip(given, (index - 2, index - 1), strict=True)
            ]
        stated = arithmetic.Printed(abs(one.size) * sign, one.step, one.printed)
        status = arithmetic.compare(arithmetic.difference, given, stated)
        expected = printing.in_unit_of(abs(first.size - second.size), index, DIFFERENCE)
        members = (index, index - 2, index - 1)
        if status != CONTRADICTS:
            written = f"#{index - 2}-#{index - 1}"
            yield Relation(members, DIFFERENCE, status, expected, of=index, formula=written)
            continue
        slip = arithmetic.likely_slip(arithmetic.difference, given, stated)
        name = slip[0] if slip else ""
        message = f"{printing.shown(index - 2, index - 1)}相差{expected}，文中为{one.shown}"
        message += f"；可能：{name}" if name else ""
        status = CONTRADICTS if name in RARE or (apart and name) else DOUBT
        yield Relation(members, DIFFERENCE, status, expected, message, name)
