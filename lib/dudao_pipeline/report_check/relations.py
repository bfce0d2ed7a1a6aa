"""All rules of relations between the figures of a text, and those of equality and qualifiers.

Each rule looks at how figures follow each other and at the words between them. A rule that is
not sure that the text states the relation says nothing: a wrong accusation is worse than a miss.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dudao_pipeline.report_check import arithmetic
from dudao_pipeline.report_check.arithmetic import CONTRADICTS, FOLLOWS, WITHIN_ROUNDING
from dudao_pipeline.report_check.frames import framed
from dudao_pipeline.report_check.numbers import COUNT, GROWTH, LEVEL, POINTS, SHARE
from dudao_pipeline.report_check.printing import (
    DOUBT,
    EQUAL,
    GROWTH_OF,
    POINTS_OF,
    QUALIFIER,
    SUM,
    UNCHECKED,
    Printing,
    Relation,
)
from dudao_pipeline.report_check.rules import words
from dudao_pipeline.report_check.shares import (
    bare_shares,
    core_of,
    rates_over_100,
    shares,
    shares_in_another_order,
    shares_that_are_all,
)
from dudao_pipeline.report_check.stages import over_stages
from dudao_pipeline.report_check.sums import (
    group_of,
    is_summable,
    label_of,
    label_start,
    sums,
)


def parts_of(printing: Printing, family: str) -> Iterator[tuple[int, ...]]:
    """Yield the lists whose members are different parts of a family: 专任96人、特岗15人."""
    figures = printing.figures
    declared = next(one for one in words().families if one.name == family)
    index = 0
    while index < len(figures):
        run, groups = [], set()
        while index < len(figures) and is_summable(figures[index]):
            label = label_of(printing, index, label_start(printing, index))
            group = group_of(declared, label)
            apart = run and (
                not re.fullmatch(r"[、，和及][^，。；、]{0,16}", printing.gap(index))
                or figures[index].dimension != figures[run[0]].dimension
            )
            if group is None or group in groups or apart:
                break
            run.append(index)
            groups.add(group)
            index += 1
        if len(run) > 1:
            yield tuple(run)
        index += not run


def lost_units(printing: Printing) -> Iterator[Relation]:
    """Find the same digits printed once with 万 or 亿 and once without."""
    by_digits: dict[str, list[int]] = {}
    for index, one in enumerate(printing.figures):
        digits = one.printed.replace(",", "").replace(" ", "")
        if one.dimension == "money" and len(digits.replace(".", "").strip("0")) >= 5:
            by_digits.setdefault(digits, []).append(index)
    for indices in by_digits.values():
        for later in indices[1:]:
            first = indices[0]
            one, other = printing.figures[first], printing.figures[later]
            if one.factor == other.factor:
                continue
            doubt, right = (later, first) if other.factor < one.factor else (first, later)
            expected = f"{printing.figures[doubt].printed}{printing.figures[right].unit}"
            ratio = max(one.factor, other.factor) / min(one.factor, other.factor)
            message = (
                f"同一数字另处为{printing.figures[right].shown}，"
                f"此处为{printing.figures[doubt].shown}，单位相差{ratio:g}倍"
            )
            yield Relation((doubt, right), EQUAL, CONTRADICTS, expected, message, "单位有误")


def repeated(printing: Printing) -> Iterator[Relation]:
    """Compare figures of the same words, stage, year and unit in different sentences."""
    groups: dict[tuple, list[int]] = {}
    for index, one in enumerate(printing.figures):
        label = core_of(one.what)
        if one.kind in (COUNT, LEVEL, SHARE) and one.is_exact and len(label) >= 4 and one.table < 0:
            groups.setdefault((label, one.stage, one.year, one.dimension, one.kind), []).append(
                index
            )
    for indices in groups.values():
        first = indices[0]
        for later in indices[1:]:
            if printing.sentence(first) == printing.sentence(later):
                continue
            one, other = printing.figures[first], printing.figures[later]
            status = arithmetic.compare(
                arithmetic.total, [printing.printed(first)], printing.printed(later)
            )
            if status != CONTRADICTS:
                yield Relation((later, first), EQUAL, status, of=later, formula=f"同 #{first}")
            elif _swapped(one.printed, other.printed):
                message = f"与另处的{one.shown}不一致"
                digits = len(re.sub(r"\D", "", other.printed))
                is_sure = digits >= 5 and one.year is not None and one.unit == other.unit
                status = CONTRADICTS if is_sure else DOUBT
                slip = "相邻两位数字颠倒"
                yield Relation((later, first), EQUAL, status, one.shown, message, slip)


def _swapped(one: str, other: str) -> bool:
    if len(one) != len(other) or len(one) < 4:
        return False
    differ = [i for i in range(len(one)) if one[i] != other[i]]
    return (
        len(differ) == 2
        and differ[1] == differ[0] + 1
        and one[differ[0]] == other[differ[1]]
        and one[differ[1]] == other[differ[0]]
    )


def contradictory_qualifiers(printing: Printing) -> Iterator[Relation]:
    """Find 近…余 and 不足…以上, which cannot both hold."""
    for index, one in enumerate(printing.figures):
        parts = set(one.qualifier.split("…"))
        if parts & {"近", "将近", "接近", "不足", "不到", "不满"} and parts & {"余", "以上"}:
            yield Relation((index,), QUALIFIER, DOUBT, "", f"“{one.qualifier}”的限定词互相矛盾")


def growths_without_base(printing: Printing) -> Iterator[Relation]:
    """Name the growth of a level, where the text prints neither the year before nor the change."""
    figures = printing.figures
    for index in range(1, len(figures)):
        one, before = figures[index], figures[index - 1]
        is_rate = one.kind in (GROWTH, POINTS) and one.dimension in ("percent", "points")
        same = printing.sentence(index) == printing.sentence(index - 1)
        if is_rate and same and before.kind in (COUNT, LEVEL, SHARE):
            relation = GROWTH_OF if one.kind == GROWTH else POINTS_OF
            yield Relation((index, index - 1), relation, UNCHECKED, message="缺上年数")


RULES = (
    framed,
    sums,
    shares,
    bare_shares,
    shares_in_another_order,
    over_stages,
    rates_over_100,
    shares_that_are_all,
    lost_units,
    repeated,
    contradictory_qualifiers,
    growths_without_base,
)


def relations(printing: Printing) -> tuple[Relation, ...]:
    """Return every relation that the rules see, in the order of the figures.

    A relation that two rules see stands once, as the one that is sure of it says; a figure that
    follows from some others in the text is not doubted for what other sentences say.
    """
    by_key: dict[tuple, Relation] = {}
    for rule in RULES:
        for one in rule(printing):
            key = (frozenset(one.figures), one.relation)
            if key not in by_key or by_key[key].status == DOUBT:
                by_key[key] = one
    checked = {one.of for one in by_key.values() if one.status != UNCHECKED}
    by_key = {
        k: r for k, r in by_key.items() if r.status != UNCHECKED or r.figures[0] not in checked
    }
    holding = {(one.of, one.relation): one for one in by_key.values() if _holds(one)}
    out = [
        one
        for one in by_key.values()
        if _holds(one) or not _follows_elsewhere(one, holding.get((one.of, one.relation)))
    ]
    return tuple(sorted(out, key=lambda one: (min(one.figures), one.figures)))


def _follows_elsewhere(one: Relation, other: Relation | None) -> bool:
    """Say whether a figure follows from others, so that these are not what it is of.

    Two lists of one length may both divide a total: 公办53所，民办75所；城区50所，农村78所.
    """
    if other is None or one.of < 0:
        return False
    is_second = one.relation == SUM and len(one.figures) == len(other.figures)
    return not (is_second and one.slip == arithmetic.RARE[0])


def _holds(one: Relation) -> bool:
    return one.status in (FOLLOWS, WITHIN_ROUNDING)
