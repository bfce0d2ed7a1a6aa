"""Lists that correspond member by member: three stages this year, last year, and their growth.

A list is a run of figures of one dimension between 、 and 和. Lists of one length in one sentence
belong together; so do the years that a text names before a list of amounts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dudao_pipeline.report_check import arithmetic
from dudao_pipeline.report_check.arithmetic import CONTRADICTS, FOLLOWS
from dudao_pipeline.report_check.figures import Figure
from dudao_pipeline.report_check.numbers import CHANGE, COUNT, GROWTH, LEVEL, SHARE
from dudao_pipeline.report_check.printing import (
    DIFFERENCE,
    GROWTH_OF,
    SHARE_OF,
    Printing,
    Relation,
    is_comparable,
)
from dudao_pipeline.report_check.rules import macro, pattern

_LIST_GAP = pattern("list_gap")
_PERIOD = macro("period")
_CHANGED = r"(?:分别|依次|各|均|增加|减少|增长|下降|提高|降低|上升|、|和|及|与|\s|了)*"
_CHANGE_GAP = re.compile(rf"^{_CHANGED}$")


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


_OF_LIST = re.compile(
    r"(?:^|[，。；])(?P<part>[^，。；\d]{2,24}?)占(?P<whole>[^，。；\d]{2,24}?)"
    r"的?(?:比例|比重|百分比)?(?:分别|依次|各)(?:为|是|达到?)?\s*$"
)
_NOT_NAMED = re.compile(r"总额|总数|总量|近?[二两三四五六]年|财政|的|全[县市省区]")


def shares_of_lists(printing: Printing) -> Iterator[Relation]:
    """Check 拨款占支出的比例分别为65%、67%、61% against the lists of 拨款 and of 支出."""
    figures = printing.figures
    lists = list(runs(printing))
    for number, run in enumerate(lists):
        if figures[run[0]].kind != SHARE:
            continue
        before = printing.text[max(0, figures[run[0]].at - 60) : figures[run[0]].at]
        said = _OF_LIST.search(before)
        earlier = [
            one
            for one in lists[max(0, number - 8) : number]
            if len(one) == len(run)
            and _are_levels(one, figures)
            and printing.line(one[0]) == printing.line(run[0])
        ]
        if not said or len(earlier) < 2 or not is_comparable(printing, earlier[0][0], run[-1]):
            continue
        part, whole = (_list_named(earlier, figures, said[name]) for name in ("part", "whole"))
        if part and whole and part != whole:
            yield from _checked(printing, zip(part, whole, run, strict=True), "share")


def _list_named(
    lists: list[tuple[int, ...]], figures: tuple[Figure, ...], name: str
) -> tuple[int, ...] | None:
    """Return the one list whose words are the name, without 总额, 三年 and the like."""
    wanted = _NOT_NAMED.sub("", name)
    same = [run for run in lists if _NOT_NAMED.sub("", figures[run[0]].what) == wanted]
    return same[0] if len(same) == 1 else None


def shares_in_another_order(printing: Printing) -> Iterator[Relation]:
    """Find shares of a list that are those of its members, in another order.

    学前、义务、高中分别占26%、8%、66%, where the amounts give 8%, 66%, 26%.
    """
    figures = printing.figures
    for run in runs(printing):
        if figures[run[0]].kind != SHARE or len(run) < 3:
            continue
        amounts = [_amount_of(printing, i, run[0]) for i in run]
        if len({i for i in amounts if i is not None}) != len(run):
            continue
        parts = [i for i in amounts if i is not None]
        total = sum(figures[i].size for i in parts)
        whole = next(
            (
                i
                for i in range(parts[0] - 1, max(-1, parts[0] - 8), -1)
                if figures[i].dimension == figures[parts[0]].dimension
                and abs(figures[i].size - total) <= 1e-3 * total
            ),
            None,
        )
        if whole is None:
            continue
        right = [figures[i].size / figures[whole].size * 100 for i in parts]
        stated = [printing.number(i) for i in run]
        fits = [
            abs(value - one.value) <= 1.5 * one.half + 1e-9
            for value, one in zip(right, stated, strict=True)
        ]
        in_order = [
            abs(value - one.value) <= 1.5 * one.half + 1e-9
            for value, one in zip(
                sorted(right), sorted(stated, key=lambda one: one.value), strict=True
            )
        ]
        members = list(zip(run, parts, right, fits, strict=True))
        for index, part, value, follows in members:
            expected = f"{value:.{max(2, figures[index].decimals)}f}%"
            formula = f"#{part}/#{whole}"
            if follows:
                shown = (index, part, whole)
                yield Relation(shown, SHARE_OF, FOLLOWS, expected, of=index, formula=formula)
            elif all(in_order):
                message = f"{figures[part].shown}占{figures[whole].shown}应为{expected}，文中为"
                message += f"{figures[index].shown}；可能：各项次序有误"
                yield Relation(
                    *((index, part, whole), SHARE_OF, CONTRADICTS, expected, message),
                    *("各项次序有误", index, formula),
                )


def _amount_of(printing: Printing, index: int, first: int) -> int | None:
    """Return the nearest level before a list whose words begin with the name of a member."""
    name = re.sub(r"^.*[在，]|间?的?(?:分配)?占比.*$|间的.*$", "", printing.figures[index].what)
    if len(name) < 2:
        return None
    for i in range(first - 1, max(-1, first - 40), -1):
        one = printing.figures[i]
        if one.kind in (COUNT, LEVEL) and re.match(
            rf"(?:全[国省市县区])?{re.escape(name)}", one.what
        ):
            return i
    return None


_FORMULAS = {
    "share": (SHARE_OF, arithmetic.share, "#{0}/#{1}"),
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
        is_rate = name in (GROWTH_OF, SHARE_OF)
        result = printing.number(stated) if is_rate else printing.printed(stated)
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
