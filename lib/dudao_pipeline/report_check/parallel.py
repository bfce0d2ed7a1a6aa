"""Lists that correspond member by member: three stages this year, last year, and their growth.

A list is a run of figures of one dimension between 、 and 和. Lists of one length in one sentence
belong together; so do the years that a text names before a list of amounts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from dudao_pipeline.report_check import arithmetic
from dudao_pipeline.report_check.arithmetic import CONTRADICTS
from dudao_pipeline.report_check.figures import (
    CHANGE,
    COUNT,
    GROWTH,
    LEVEL,
    Figure,
    listed_years,
)
from dudao_pipeline.report_check.printing import (
    DIFFERENCE,
    GROWTH_OF,
    Printing,
    Relation,
    is_comparable,
)
from dudao_pipeline.report_check.rules import macro, pattern

_LIST_GAP = pattern("list_gap")
_PERIOD = macro("period")
_BASE = re.compile(rf"(?:比|较|对比|上年|去年|同期|{_PERIOD})")
_CHANGED = r"(?:分别|依次|各|均|增加|减少|增长|下降|提高|降低|上升|、|和|及|与|\s|了)*"
_CHANGE_GAP = re.compile(rf"^{_CHANGED}$")


_RECENT = re.compile(r"近([二两三四五六])年")


def runs(printing: Printing) -> Iterator[tuple[int, ...]]:
    """Yield the lists of a text: at least two figures of one kind and dimension."""
    figures, index = printing.figures, 0
    while index < len(figures):
        last = index
        while last + 1 < len(figures) and _continues(printing, last + 1):
            last += 1
        if last > index:
            yield tuple(range(index, last + 1))
        index = last + 1


def _continues(printing: Printing, index: int) -> bool:
    one, before = printing.figures[index], printing.figures[index - 1]
    gap = printing.gap(index)
    if (one.kind, one.dimension) != (before.kind, before.dimension):
        return False
    both_change = one.kind in (CHANGE, GROWTH) and bool(re.match(r"^\s*[、和及与]", gap))
    return bool(_LIST_GAP.match(gap) or (both_change and _CHANGE_GAP.match(gap)))


def _are_levels(run: tuple[int, ...], figures: tuple[Figure, ...]) -> bool:
    return all(figures[i].kind in (COUNT, LEVEL) and figures[i].value > 0 for i in run)


def parallel_lists(printing: Printing) -> Iterator[Relation]:
    """Check the growth of lists: over the list of the year before, or from year to year."""
    figures = printing.figures
    lists = list(runs(printing))
    for number, now in enumerate(lists):
        if not _are_levels(now, figures):
            continue
        later = [run for run in lists[number + 1 : number + 4] if _belongs(printing, now, run)]
        if not is_comparable(printing, now[0], later[-1][-1] if later else now[-1]):
            continue
        yield from _over_last_year(printing, now, later)
        yield from _from_year_to_year(printing, now, later)


def _belongs(printing: Printing, first: tuple[int, ...], other: tuple[int, ...]) -> bool:
    same = printing.sentence(first[0]) == printing.sentence(other[0])
    return same and all(
        printing.figures[i].kind in (COUNT, LEVEL, CHANGE, GROWTH)
        for i in range(first[0], other[-1] + 1)
    )


def _over_last_year(
    printing: Printing, now: tuple[int, ...], later: list[tuple[int, ...]]
) -> Iterator[Relation]:
    figures = printing.figures
    same = [run for run in later if len(run) == len(now)]
    bases = [
        run
        for run in same
        if _are_levels(run, figures)
        and figures[run[0]].dimension == figures[now[0]].dimension
        and _BASE.search(printing.gap(run[0]))
        and run[0] == now[-1] + 1
    ]
    changes = [run for run in same if figures[run[0]].kind == CHANGE]
    rates = [run for run in same if figures[run[0]].kind == GROWTH]
    if bases and changes:
        yield from _checked(printing, zip(now, bases[0], changes[0], strict=True), "difference")
    if bases and rates:
        yield from _checked(printing, zip(now, bases[0], rates[0], strict=True), "growth")
    elif changes and rates and figures[changes[0][0]].dimension == figures[now[0]].dimension:
        yield from _checked(printing, zip(now, changes[0], rates[0], strict=True), "from_change")


def _from_year_to_year(
    printing: Printing, now: tuple[int, ...], later: list[tuple[int, ...]]
) -> Iterator[Relation]:
    figures = printing.figures
    before = printing.text[max(0, figures[now[0]].at - 60) : figures[now[0]].at]
    years = listed_years(before)
    recent = _RECENT.search(re.split("[；。]", before)[-1])
    if recent and not years:
        years = list(range("零一两三四五六".index(recent[1].replace("二", "两"))))
    if len(years) != len(now) or any(b - a != 1 for a, b in pairwise(years)):
        return
    for rates in later:
        if figures[rates[0]].kind != GROWTH or len(rates) not in (len(now), len(now) - 1):
            continue
        stated = rates[len(rates) - len(now) + 1 :]
        yield from _checked(printing, zip(now[1:], now[:-1], stated, strict=True), "growth")
        return


_FORMULAS = {
    "growth": (GROWTH_OF, arithmetic.growth, "#{0}/#{1}-1"),
    "from_change": (GROWTH_OF, arithmetic.growth_from_change, "#{1}/(#{0}-#{1})"),
    "difference": (DIFFERENCE, arithmetic.difference, "#{0}-#{1}"),
}


def _checked(printing: Printing, triples: Iterator[tuple[int, ...]], kind: str) -> list[Relation]:
    """Return the relations of a list; what fails is named only where another member follows."""
    name, formula, written = _FORMULAS[kind]
    good, bad = [], []
    for first, second, stated in triples:
        if not all(printing.figures[i].is_exact for i in (first, second, stated)):
            continue
        given = [printing.printed(first), printing.printed(second)]
        result = printing.number(stated) if name == GROWTH_OF else printing.printed(stated)
        status = arithmetic.compare(formula, given, result)
        members, text = (stated, first, second), written.format(first, second)
        if status != CONTRADICTS:
            good.append(Relation(members, name, status, of=stated, formula=text))
            continue
        slip = arithmetic.likely_slip(formula, given, result)
        expected = printing.in_unit_of(formula(given[0].value, given[1].value), stated, name)
        shown = printing.figures[stated].shown
        message = f"按{printing.shown(first, second)}计算应为{expected}，文中为{shown}"
        message += f"；可能：{slip[0]}" if slip else ""
        doubt = members[slip[1] + 1] if slip and slip[1] >= 0 else stated
        members = (doubt, *(i for i in members if i != doubt))
        slip_name = slip[0] if slip else ""
        bad.append(Relation(members, name, CONTRADICTS, expected, message, slip_name, stated, text))
    return [*good, *bad] if good else []
