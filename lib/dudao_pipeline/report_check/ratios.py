"""Ratios that a text states beside the figures they come from: 生师比, N倍, 高于N元."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from dudao_pipeline.report_check import arithmetic
from dudao_pipeline.report_check.arithmetic import CONTRADICTS, FOLLOWS, RARE
from dudao_pipeline.report_check.numbers import COUNT, LEVEL, RATIO
from dudao_pipeline.report_check.printing import (
    DIFFERENCE,
    DOUBT,
    RATIO_OF,
    YEARLY_GROWTH,
    Printing,
    Relation,
    accused_or_doubted,
    is_comparable,
)
from dudao_pipeline.report_check.rules import pattern

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
        stated = replace(printing.number(index), text=f"{one.value:.{one.decimals}f}")
        status = arithmetic.compare(arithmetic.quotient, given, stated)
        expected = f"{figures[pupils].size / figures[teachers].size:.2f}"
        members, formula = (index, pupils, teachers), f"#{pupils}/#{teachers}"
        message = f"{printing.shown(pupils, teachers)}之比为{expected}"
        if status == CONTRADICTS:
            slip = arithmetic.likely_slip(arithmetic.quotient, given, stated)
            near = printing.sentence(pupils) == printing.sentence(index)
            if not slip or not near:
                continue
            is_sure = _is_beside(printing, index, pupils, teachers) and slip[1] < 0
            message += f"，文中为{one.printed}；可能：{slip[0]}"
            message += "" if is_sure else "，或教师口径不同"
            status = CONTRADICTS if is_sure else DOUBT
            yield Relation(members, RATIO_OF, status, expected, message, slip[0], index, formula)
        else:
            yield Relation(members, RATIO_OF, status, expected, message, of=index, formula=formula)


_RIGHT_AFTER = re.compile(
    r"^[，、](?:其中|有|共有|现有)?(?:在校学?生|学生|在园幼儿|幼儿|专任教师|教师)数?$"
)


def _is_beside(printing: Printing, index: int, pupils: int, teachers: int) -> bool:
    """Say whether pupils, 专任教师 and their ratio follow each other with nothing between."""
    if {pupils, teachers} != {index - 2, index - 1}:
        return False
    named = re.fullmatch(r"，(?:生师比|师生比|师幼比|幼师比)(?:为|是|达到?)?", printing.gap(index))
    exact = all(printing.figures[i].is_exact for i in (pupils, teachers))
    is_full_time = "教职工" not in printing.figures[teachers].what
    return bool(named and exact and is_full_time and _RIGHT_AFTER.match(printing.gap(index - 1)))


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
        of_year = _OF_YEAR.match(tail)
        if of_year and {now.year, base.year} != {int(of_year[1])} and now.value > 0:
            later, earlier = (index - 1, index - 2)
            if base.year == int(of_year[1]):
                later, earlier = earlier, later
            if figures[earlier].year == int(of_year[1]):
                given = [printing.printed(later), printing.printed(earlier)]
                yield _times_relation(
                    *(printing, index, (later, earlier)),
                    given=given,
                    formula=arithmetic.quotient,
                    written=f"#{later}/#{earlier}",
                )
            continue
        if _IS_TIMES.search(gap) and re.fullmatch(r"的\s*", tail):
            formula, written = arithmetic.quotient, f"#{index - 2}/#{index - 1}"
        elif _MORE_TIMES.search(gap) and re.fullmatch(r"[，]?(?:增长|增加|提高|翻)了?\s*", tail):
            formula, written = _more, f"#{index - 2}/#{index - 1}-1"
        elif _RISEN_TO.search(gap) and re.fullmatch(r"，(?:增长|增加|提高)了?\s*", tail):
            yield from _risen_times(printing, index)
            continue
        else:
            continue
        given = [printing.printed(index - 2), printing.printed(index - 1)]
        pair = (index - 2, index - 1)
        yield _times_relation(printing, index, pair, given=given, formula=formula, written=written)
        yield from _yearly(printing, index, given)


_OF_YEAR = re.compile(r"^，(?:是|为|相当于)((?:19|20)\d{2})年的$")
_FROM = pattern("from")
_RISEN_TO = pattern("risen_to")


def _risen_times(printing: Printing, index: int) -> Iterator[Relation]:
    """Check 由1200万元增加到2400万元，增长1倍."""
    before = printing.text[: printing.figures[index - 2].at][-24:]
    if not _FROM.search(before):
        return
    given = [printing.printed(index - 1), printing.printed(index - 2)]
    stated, shown = printing.number(index), printing.figures[index].shown
    status = arithmetic.compare(_more, given, stated)
    members, written = (index, index - 1, index - 2), f"#{index - 1}/#{index - 2}-1"
    expected = f"{_more(given[0].value, given[1].value):.2f}倍"
    message, slip = "", ""
    as_ratio = arithmetic.compare(arithmetic.quotient, given, stated) == FOLLOWS
    if as_ratio and stated.value - _more(given[0].value, given[1].value) > 1.5 * stated.half:
        status = CONTRADICTS
    if status == CONTRADICTS:
        slip = "写成了两数之比，应减一" if as_ratio else ""
        message = f"{printing.shown(index - 2, index - 1)}应为增长{expected}，文中为{shown}"
        message += f"；可能：{slip}" if slip else ""
        status = CONTRADICTS if slip else DOUBT
    yield Relation(members, RATIO_OF, status, expected, message, slip, index, written)


def _more(now: float, base: float) -> float:
    return now / base - 1


def _times_relation(
    printing: Printing, index: int, pair: tuple[int, int], *, given, formula, written: str
) -> Relation:
    stated, shown = printing.number(index), printing.figures[index].shown
    status = arithmetic.compare(formula, given, stated)
    expected = f"{formula(given[0].value, given[1].value):.2f}倍"
    members = (index, *pair)
    _, high = arithmetic.span(formula, given)
    if stated.value > high + 1.5 * stated.half:
        status = CONTRADICTS  # 4倍 of 3.0: a last digit is cut off, never added
    if status != CONTRADICTS:
        return Relation(members, RATIO_OF, status, expected, of=index, formula=written)
    slip = arithmetic.likely_slip(formula, given, stated)
    message = f"{printing.shown(*pair)}之比应为{expected}，文中为{shown}"
    return accused_or_doubted(
        members, RATIO_OF, expected, message, slip=slip, of=index, formula=written
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
_BETWEEN = re.compile(
    r"^，(?P<one>小学|初中|高中|城区|城市|农村|乡村|教师)比"
    r"(?P<other>小学|初中|高中|城区|城市|农村|乡村|公务员)(?P<word>高|多|低|少)出?$"
)
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
        between = _BETWEEN.match(printing.gap(index))
        if between and between["one"] != between["other"]:
            names = between["one"], between["other"]
            if all(n in f.what for n, f in zip(names, (second, first), strict=True)) and not any(
                n in f.what for n, f in zip(names, (first, second), strict=True)
            ):
                first, second = second, first
                said = between
        said = said or apart
        same = one.dimension == second.dimension == first.dimension
        if not said or not same or one.dimension in ("percent", "points"):
            continue
        bound = ("", "以上", "及以上", "不低于", "不少于") if apart else ("",)
        if not all(f.qualifier in bound and f.kind in (COUNT, LEVEL) for f in (first, second)):
            continue
        if not one.is_exact or printing.sentence(index - 2) != printing.sentence(index):
            continue
        other = "" if said in (than, apart, between) else said["other"][:2]
        if other not in second.what or not is_comparable(printing, index - 2, index):
            continue
        if apart:
            sign = -1.0 if first.size < second.size else 1.0
        else:
            sign = -1.0 if said["word"][0] in "低少" else 1.0
        given = [printing.printed(index - 2), printing.printed(index - 1)]
        if said is between and between is not None:
            given.reverse()
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
            order = (index - 1, index - 2) if said is between else (index - 2, index - 1)
            written = f"#{order[0]}-#{order[1]}"
            yield Relation(members, DIFFERENCE, status, expected, of=index, formula=written)
            continue
        slip = arithmetic.likely_slip(arithmetic.difference, given, stated)
        name = slip[0] if slip else ""
        message = f"{printing.shown(index - 2, index - 1)}相差{expected}，文中为{one.shown}"
        message += f"；可能：{name}" if name else ""
        explicit = apart or said is between
        status = CONTRADICTS if name in RARE or (explicit and name) else DOUBT
        yield Relation(members, DIFFERENCE, status, expected, message, name)
