"""Results that a text prints beside the figures they come from: averages, completion, rates.

校均 and 人均 of the two figures right before, 完成计划的N%, 占在校生38400人的N%, growth that
leads to a level (A，比上年增长N%，达到B), a rate that cannot exceed 100, two shares that are all
there is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from dudao_pipeline.report_check import arithmetic
from dudao_pipeline.report_check.arithmetic import CONTRADICTS, RARE, Printed
from dudao_pipeline.report_check.figures import Figure
from dudao_pipeline.report_check.numbers import CHANGE, COUNT, GROWTH, LEVEL, SHARE
from dudao_pipeline.report_check.printing import (
    DIFFERENCE,
    DOUBT,
    GROWTH_OF,
    QUALIFIER,
    RATIO_OF,
    SHARE_OF,
    SUM,
    Printing,
    Relation,
    accused_or_doubted,
    is_comparable,
    plain_number,
)
from dudao_pipeline.report_check.rules import pattern, rule_text
from dudao_pipeline.report_check.shares import core_of

_BETWEEN = (
    r"^[，、][^，。；（）\d]{0,14}$"  # between the two figures, where a rule says nothing else
)
_LONG = 4  # digits of a result that one wrong digit of an input explains hardly by chance


@dataclass(frozen=True)
class ResultRule:
    """One kind of result of results.yaml: its words, and those of the two figures before it."""

    name: str
    says: re.Pattern[str]
    over: re.Pattern[str]
    under: re.Pattern[str]
    dimensions: tuple[str, ...]
    times: float
    between: re.Pattern[str]
    is_sure: bool


@cache
def result_rules() -> tuple[ResultRule, ...]:
    """Return the kinds of results in the order of results.yaml."""
    return tuple(_rule(one) for one in yaml.safe_load(rule_text("results.yaml")))


def _rule(one: dict[str, Any]) -> ResultRule:
    return ResultRule(
        one["name"],
        says=re.compile(one["says"]),
        over=re.compile(one["over"]),
        under=re.compile(one["under"]),
        dimensions=tuple(one["dimensions"]),
        times=float(one.get("times", 1)),
        between=re.compile(one.get("between", _BETWEEN)),
        is_sure=bool(one.get("is_sure")),
    )


def quotients(printing: Printing) -> Iterator[Relation]:
    """Check 62所，在校生18600人，校均规模300人 and the other kinds of results.yaml."""
    figures = printing.figures
    for index in range(2, len(figures)):
        one = figures[index]
        pair = figures[index - 2], figures[index - 1]
        if not one.is_exact or not all(_is_level(other) for other in pair):
            continue
        if printing.sentence(index - 2) != printing.sentence(index):
            continue
        for rule in result_rules():
            said = rule.says.match(printing.gap(index))
            if not said or not rule.between.match(printing.gap(index - 1)):
                continue
            inputs = _over_and_under(printing, index, rule, said)
            if inputs and (rule.is_sure or is_comparable(printing, index - 2, index)):
                yield from _judged(printing, index, inputs, rule)
            break


def _is_level(one: Figure) -> bool:
    return one.kind in (COUNT, LEVEL) and one.is_exact and one.value > 0


def _over_and_under(
    printing: Printing, index: int, rule: ResultRule, said: re.Match[str]
) -> tuple[int, int] | None:
    """Return the two figures before a result as numerator and denominator."""
    figures, one = printing.figures, printing.figures[index]
    is_rate = rule.dimensions[0] == "same"
    if is_rate != (one.dimension == "percent" and one.kind == SHARE):
        return None
    orders = [(index - 2, index - 1), (index - 1, index - 2)]
    if rule.name in ("所占比例", "合格率"):
        orders = orders[:1] if rule.name == "所占比例" else orders[1:]
    for over, under in orders:
        part, whole = figures[over], figures[under]
        if is_rate:
            fits = part.dimension == whole.dimension and part.size <= whole.size * 1.5
        else:
            fits = (
                part.dimension == one.dimension == rule.dimensions[0]
                and whole.dimension in rule.dimensions[1].split()
                and one.stage in (part.stage, "全县")
            )
        words_fit = rule.over.search(part.what) and rule.under.search(whole.what)
        named = said.groupdict()
        root, span = named.get("root") or "", named.get("span") or ""
        yearly = bool(_OF_THE_YEAR.search(part.what)) > bool(_OF_THE_YEAR.search(whole.what))
        is_root = re.search(_SAID_OF.get(root, root), part.what)
        if fits and words_fit and is_root and span in whole.what + part.what and not yearly:
            return over, under
    return None


_SAID_OF = {
    "升学": "升入|升学|录取",
    "持证": "持证|资格证",
    "入学": "入学|就读",
    "受助": "受助|资助",
}
_OF_THE_YEAR = re.compile(r"年度|全年|今年|本年|当年")


def _judged(
    printing: Printing, index: int, inputs: tuple[int, int], rule: ResultRule
) -> Iterator[Relation]:
    one = printing.figures[index]
    over, under = inputs
    is_rate = rule.dimensions[0] == "same"

    def formula(part: float, whole: float) -> float:
        return part / whole * rule.times

    given = [printing.printed(over), printing.printed(under)]
    half = 0.5 * 10.0**-one.decimals * (1.0 if is_rate else one.factor)
    stated = Printed(one.value if is_rate else one.size, half, printing.number(index).text)
    status = arithmetic.compare(formula, given, stated)
    value = formula(given[0].value, given[1].value) / (1.0 if is_rate else one.factor)
    expected = f"{value:.{max(one.decimals, 2 if is_rate else 1)}f}{one.unit}"
    relation = SHARE_OF if is_rate else RATIO_OF
    members = (index, over, under)
    written = f"#{over}/#{under}"
    if status != CONTRADICTS:
        yield Relation(members, relation, status, expected, of=index, formula=written)
        return
    name, is_likely = _slip(formula, given, stated)
    message = f"按{printing.shown(over, under)}计算应为{expected}，文中为{one.shown}"
    message += f"；可能：{name}" if name else ""
    status = CONTRADICTS if rule.is_sure or is_likely else DOUBT
    yield Relation(members, relation, status, expected, message, name, index, written)


def _slip(formula: arithmetic.Formula, given: list[Printed], stated: Printed) -> tuple[str, bool]:
    """Return the slip that explains a result, and whether it is more than a coincidence."""
    slip = arithmetic.likely_slip(formula, given, stated)
    if slip is None:
        return "", False
    digits = len(re.sub(r"\D", "", stated.text))
    return slip[0], slip[1] < 0 or slip[0] in RARE or digits >= _LONG


_PER_HEAD = re.compile(r"(?:人均|生均|每生|每人)(?:标准|补助|资助|发放|每年|每学年)*(?:为|是)?$")
_ALTOGETHER = re.compile(r"^，(?:合计|共计|总计|共)[^，。；\d]{0,8}$")


def products(printing: Printing) -> Iterator[Relation]:
    """Check 人均1000元，共资助4320人，合计发放资金432万元: only exchanged digits and lost units.

    A standard may be for half a year, so that nothing else is sure.
    """
    figures = printing.figures
    for index in range(2, len(figures)):
        rate, count, total = figures[index - 2 : index + 1]
        before = printing.text[max(0, rate.at - 12) : rate.at]
        if not _PER_HEAD.search(before) or not _ALTOGETHER.match(printing.gap(index)):
            continue
        kinds = rate.dimension == total.dimension == "money" and count.dimension == "persons"
        if not kinds or not all(_is_level(one) for one in (rate, count, total)):
            continue
        if printing.sentence(index - 2) != printing.sentence(index):
            continue
        given = [printing.printed(index - 2), printing.printed(index - 1)]
        status = arithmetic.compare(_product, given, printing.printed(index))
        members, written = (index, index - 2, index - 1), f"#{index - 2}*#{index - 1}"
        if status != CONTRADICTS:
            yield Relation(members, RATIO_OF, status, of=index, formula=written)
            continue
        slip = arithmetic.likely_slip(_product, given, printing.printed(index))
        if slip and slip[0] in RARE:
            expected = f"{plain_number(rate.size * count.size / total.factor)}{total.unit}"
            message = (
                f"{rate.shown}、{count.shown}相乘为{expected}，文中为{total.shown}；可能：{slip[0]}"
            )
            yield Relation(
                *(members, RATIO_OF, CONTRADICTS, expected, message, slip[0], index, written)
            )


def _product(one: float, other: float) -> float:
    return one * other


_GROWN_BY = pattern("grown_by")
_LEADS_TO = pattern("leads_to")
_RISEN_FROM = pattern("risen_from")
_RISEN_TO = pattern("risen_to")


def growths_to_a_level(printing: Printing) -> Iterator[Relation]:
    """Check A，比上年增长N%，达到B and 比上年增长N%，由A增加到B."""
    figures = printing.figures
    for index in range(len(figures) - 2):
        if printing.sentence(index) != printing.sentence(index + 2):
            continue
        first, second = figures[index : index + 2]
        gaps = printing.gap(index + 1), printing.gap(index + 2)
        if first.kind == GROWTH and _RISEN_FROM.match(gaps[0]) and _RISEN_TO.search(gaps[1]):
            rate, base, now = index, index + 1, index + 2
        elif second.kind == GROWTH and _GROWN_BY.match(gaps[0]) and _LEADS_TO.match(gaps[1]):
            base, rate, now = index, index + 1, index + 2
        elif second.kind == GROWTH and _GROWN_BY.match(gaps[0]) and _is_last(first, gaps[1]):
            now, rate, base = index, index + 1, index + 2
        else:
            continue
        if "，" in gaps[1] and (rate == index or len(re.findall("，", gaps[1])) > 1):
            continue
        if not (_is_level(figures[base]) and _is_level(figures[now]) and figures[rate].is_exact):
            continue
        one = figures[rate]
        same = figures[base].dimension == figures[now].dimension
        if one.dimension != "percent" or not same or not is_comparable(printing, index, index + 2):
            continue
        given, stated = [printing.printed(now), printing.printed(base)], printing.number(rate)
        status = arithmetic.compare(arithmetic.growth, given, stated)
        expected = f"{arithmetic.growth(given[0].value, given[1].value):.2f}%"
        members, written = (rate, now, base), f"#{now}/#{base}-1"
        if status != CONTRADICTS:
            yield Relation(members, GROWTH_OF, status, expected, of=rate, formula=written)
            continue
        slip = arithmetic.likely_slip(arithmetic.growth, given, stated)
        message = f"按{printing.shown(now, base)}计算应为{expected}，文中为{one.shown}"
        yield accused_or_doubted(
            members, GROWTH_OF, expected, message, slip=slip, of=rate, formula=written
        )


_OF_WHOLE = re.compile(r"^，占(?P<whole>[^，。；\d占]{3,20}?)的?(?:比例|比重)?(?:为|达到?)?$")


def shares_of_a_later_whole(printing: Printing) -> Iterator[Relation]:
    """Check 6820人，占在园幼儿总数的54.74%，在园幼儿总数为12460人."""
    figures = printing.figures
    for index in range(1, len(figures) - 1):
        one, part, whole = figures[index], figures[index - 1], figures[index + 1]
        said = _OF_WHOLE.match(printing.gap(index))
        if not said or one.kind != SHARE or not one.is_exact or one.dimension != "percent":
            continue
        name = re.escape(said["whole"].rstrip("的"))
        named = re.match(rf"^[，；]{name}(?:为|是|共|达到?)?$", printing.gap(index + 1))
        same = part.dimension == whole.dimension and part.size <= whole.size
        if not (named and same and _is_level(part) and _is_level(whole)):
            continue
        given, stated = (
            [printing.printed(index - 1), printing.printed(index + 1)],
            printing.number(index),
        )
        status = arithmetic.compare(arithmetic.share, given, stated)
        expected = f"{arithmetic.share(part.size, whole.size):.{max(2, one.decimals)}f}%"
        members, written = (index, index - 1, index + 1), f"#{index - 1}/#{index + 1}"
        if status != CONTRADICTS:
            yield Relation(members, SHARE_OF, status, expected, of=index, formula=written)
            continue
        slip = arithmetic.likely_slip(arithmetic.share, given, stated)
        message = f"{part.shown}占{whole.shown}应为{expected}，文中为{one.shown}"
        yield accused_or_doubted(
            members, SHARE_OF, expected, message, slip=slip, of=index, formula=written
        )


_NEVER_OVER = pattern("never_over_100")


_LAST_WAS = re.compile(r"^，(?:(?:上年|去年)(?:同期)?|((?:19|20)\d{2})年)(?:同期)?(?:为|是)$")


def _is_last(now: Figure, gap: str) -> bool:
    """Say whether what follows a growth is the level of the year before: ，2022年为8560万元."""
    said = _LAST_WAS.match(gap)
    return bool(said and (said[1] is None or now.year == int(said[1]) + 1))


def changes_to_a_level(printing: Printing) -> Iterator[Relation]:
    """Check 比2022年减少810人，由38640人下降到37830人."""
    figures = printing.figures
    for index in range(len(figures) - 2):
        one, base, now = figures[index : index + 3]
        gaps = printing.gap(index + 1), printing.gap(index + 2)
        risen = _RISEN_FROM.match(gaps[0]) and _RISEN_TO.search(gaps[1]) and "，" not in gaps[1]
        same = one.dimension == base.dimension == now.dimension
        if one.kind != CHANGE or not one.is_exact or not (risen and same):
            continue
        if not (_is_level(base) and _is_level(now) and is_comparable(printing, index, index + 2)):
            continue
        given = [printing.printed(index + 2), printing.printed(index + 1)]
        stated = printing.printed(index)
        status = arithmetic.compare(arithmetic.difference, given, stated)
        expected = f"{plain_number((now.size - base.size) / one.factor)}{one.unit}"
        members, written = (index, index + 2, index + 1), f"#{index + 2}-#{index + 1}"
        slip = arithmetic.likely_slip(arithmetic.difference, given, stated)
        name = slip[0] if slip and status == CONTRADICTS else ""
        message = f"{base.shown}与{now.shown}相差{expected}，文中为{one.shown}"
        message += f"；可能：{name}" if name else ""
        if status == CONTRADICTS and not name:
            status = DOUBT
        yield Relation(members, DIFFERENCE, status, expected, message, name, index, written)


def rates_over_100(printing: Printing) -> Iterator[Relation]:
    """Accuse 合格率108%: a rate of a part that no part exceeds; 毛入学率 and 完成率 may."""
    for index, one in enumerate(printing.figures):
        if one.dimension != "percent" or one.kind != SHARE or one.value <= 100:
            continue
        clause = re.split(r"[，。；！？\n]", printing.text[max(0, one.at - 30) : one.at])[-1]
        if _NEVER_OVER.search(clause):
            message = f"{one.what}不会超过100%，文中为{one.shown}"
            yield Relation((index,), QUALIFIER, CONTRADICTS, "不超过100%", message)


_OTHER_SCOPE = re.compile("全[国省市州县区]|我[市县区]|城区|农村")
_TWO_HALVES = (("公办", "民办"), ("男", "女"))


def shares_that_are_all(printing: Printing) -> Iterator[Relation]:
    """Check 公办园在园幼儿占比56.2%，民办园在园幼儿占比45.8%: together no more than all."""
    figures = printing.figures
    for index in range(1, len(figures)):
        pair = figures[index - 1], figures[index]
        if not all(f.kind == SHARE and f.dimension == "percent" and f.is_exact for f in pair):
            continue
        said = re.match(r"^[，、；]([^，。；\d]{3,20})$", printing.gap(index))
        before = printing.text[max(0, pair[0].at - 30) : pair[0].at]
        label = re.split(r"[，。；、：\d\n]", before)[-1]
        if not said or not re.search(r"占比?(?:例|重)?(?:分别)?(?:为|达到?)?$", label):
            continue
        for one, other in _TWO_HALVES:
            if label.count(one) != 1 or one in said[1] or said[1].count(other) != 1:
                continue
            if _OTHER_SCOPE.match(said[1]):
                continue
            if core_of(label.replace(one, "")) != core_of(said[1].replace(other, "")):
                continue
            if "普惠" in label + said[1]:
                continue
            given = [printing.number(index - 1), printing.number(index)]
            added = given[0].value + given[1].value
            members = (index, index - 1)
            if added > 100 + 2 * (given[0].half + given[1].half):
                message = (
                    f"{printing.shown(index - 1, index)}之和为{plain_number(added)}%，超过100%"
                )
                yield Relation(members, SUM, CONTRADICTS, "100%", message)
