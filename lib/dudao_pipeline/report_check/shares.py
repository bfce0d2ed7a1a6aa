"""Shares that a text states beside the part and the whole they come from: 占…的比例, 占比.

A share whose whole the text names is held against it; of one whose whole it does not name, an
earlier figure that fits is taken for the whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from math import ceil, floor

from dudao_pipeline.report_check import arithmetic
from dudao_pipeline.report_check.arithmetic import CONTRADICTS, FOLLOWS, WITHIN_ROUNDING
from dudao_pipeline.report_check.numbers import CHANGE, COUNT, GROWTH, LEVEL, POINTS, RATIO, SHARE
from dudao_pipeline.report_check.printing import (
    DOUBT,
    QUALIFIER,
    SHARE_OF,
    SUM,
    UNCHECKED,
    Printing,
    Relation,
    in_unit,
    plain_number,
)
from dudao_pipeline.report_check.rules import pattern, words
from dudao_pipeline.report_check.sums import is_summable

_OF = pattern("of")
_SCOPE = pattern("scope")
_NARROW = pattern("narrow")


def core_of(label: str) -> str:
    """Return words without 全县, 总数 and what else says only that all is meant."""
    return _SCOPE.sub("", label)


def shares(printing: Printing) -> Iterator[Relation]:
    """Check 占…的比例 and …占比 against the part and the whole that the text names."""
    figures = printing.figures
    for index, one in enumerate(figures):
        if one.kind != SHARE or one.dimension != "percent" or not one.is_exact:
            continue
        before = printing.text[max(0, one.at - 50) : one.at]
        clause = re.split(r"[，。；！？\n]", before)[-1]
        pair = _share_pair(printing, index, clause)
        if pair is None:
            implied = _implied_whole(printing, index, clause)
            if implied:
                yield implied
            continue
        part, wholes = pair
        relation = _share_relation(printing, index, part, wholes)
        if relation:
            yield relation


def _implied_whole(printing: Printing, index: int, clause: str) -> Relation | None:
    """Return the whole that a part and its share give, where the report prints no such whole."""
    match = _OF.search(clause)
    if not match or len(core_of(match["whole"])) < 2 or not clause.startswith("占"):
        return None
    part = _share_part(printing, index, "")
    share = printing.number(index)
    if part is None or not 0 < share.ends[0] < share.ends[1] <= 100:
        return None
    if part > 0 and re.match(r"^[、和及与]", printing.gap(part)):
        return None  # the share may be that of a list
    one = printing.figures[part]
    given = [printing.printed(part), share]
    low, high = arithmetic.span(lambda over, rate: over / rate * 100, given)
    if one.is_counted:
        low, high = float(ceil(low)), float(floor(high))
    expected = f"{in_unit(low, one)}—{in_unit(high, one)}"
    whole, shown = match["whole"].rstrip("的"), printing.figures[index].shown
    message = f"文中没有列{whole}，按{one.shown}、{shown}推算为{expected}"
    return Relation((index, part), SHARE_OF, UNCHECKED, expected, message)


def _share_pair(printing: Printing, index: int, clause: str) -> tuple[int, tuple[int, ...]] | None:
    figures = printing.figures
    match = _OF.search(clause)
    if match and match["whole"] and not match["whole"].startswith("比"):
        whole_name = core_of(match["whole"])
        subject = clause[: match.start()]
        part = _share_part(printing, index, subject)
        if part is None or len(whole_name) < 2:
            return None
        union = _union(printing, index, whole_name, part)
        if union:
            return part, union
        whole = _named(printing, index, whole_name, figures[part].dimension, exclude=part)
        return (part, (whole,)) if whole is not None else None
    if clause.endswith(("占比", "占比为", "占比达", "占比达到")):
        name = core_of(re.sub(r"占比.*$", "", clause))
        part = _named(printing, index, name, None, exclude=-1, near=4) if len(name) >= 2 else None
        if part is None:
            return None
        for i in range(index - 1, max(-1, part - 5), -1):
            label = core_of(figures[i].what)
            if (
                figures[i].dimension == figures[part].dimension
                and is_summable(figures[i])
                and len(label) >= 2
                and core_of(figures[part].what).endswith(label)
                and label != core_of(figures[part].what)
            ):
                return part, (i,)
    return None


_BARE = re.compile(
    r"占(?:其|总|全部|全县|全市|全区)?(?:总数|总量|总额|总人数|(?<=总)(?:支出|投入|收入|经费|园数|班数|校数|面积)|比|比例|比重|的)*(?:为|达到?|约|是)*\s*$"
)


def bare_shares(printing: Printing) -> Iterator[Relation]:
    """Check 其中高级812人，占19.7%: a share beside its part, of the total that 其中 divides.

    The total is not named, so a share that does not follow is in doubt only where another of
    the same total follows, or a rare slip explains it.
    """
    by_whole: dict[int, list[Relation]] = {}
    without: list[int] = []
    for index, one in enumerate(printing.figures):
        if one.kind != SHARE or one.dimension != "percent" or not one.is_exact:
            continue
        clause = re.split(r"[，。；！？\n（]", printing.text[max(0, one.at - 40) : one.at])[-1]
        if not _BARE.fullmatch(clause) or _share_pair(printing, index, clause) is not None:
            continue
        pair = _fitting_total(printing, index) or _part_and_total(printing, index)
        if pair is None:
            without.append(index)
        relation = _share_relation(printing, index, pair[0], (pair[1],)) if pair else None
        if pair and relation:
            by_whole.setdefault(pair[1], []).append(relation)
    for index in without:
        for whole, beside in by_whole.items():
            part = _part_of_the_same(printing, index, whole, [one.figures[0] for one in beside])
            relation = _share_relation(printing, index, part, (whole,)) if part else None
            if relation:
                beside.append(relation)
                break
    for of_whole in by_whole.values():
        proved = any(one.status in (FOLLOWS, WITHIN_ROUNDING) for one in of_whole)
        for one in of_whole:
            proved = proved or _is_right_beside(printing, one)
            if one.status not in (CONTRADICTS, DOUBT) or one.slip in arithmetic.RARE:
                yield one
            elif proved:
                yield replace(one, status=CONTRADICTS if one.slip else DOUBT)


def _is_right_beside(printing: Printing, one: Relation) -> bool:
    """Say whether total, 其中 part and share follow each other, and one long number is mistyped."""
    index, part, whole = (*one.figures, -1, -1)[:3]
    if (part, whole) != (index - 1, index - 2) or not one.slip:
        return False
    same = printing.sentence(index) == printing.sentence(whole)
    divides = re.match(r"^[，；（]其中[^，。；\d]{1,16}$", printing.gap(part))
    bare = re.match(
        r"^，占(?:比|总(?:数|园数|班数|校数|人数|量|额)的?|其)?(?:为|达到?)?$", printing.gap(index)
    )
    long = len(re.sub(r"\D", "", printing.figures[index].printed)) >= 3
    return bool(same and divides and bare and long)


def _part_of_the_same(
    printing: Printing, index: int, whole: int, shares_beside: list[int]
) -> int | None:
    """Return the part of a share next to another of the same total: 公办园…占，民办园…占."""
    figures, part = printing.figures, index - 1
    beside = next((i for i in (index - 2, index + 2) if i in shares_beside), None)
    if beside is None or not whole < min(beside, index) - 1 or min(beside, index) - whole > 3:
        return None
    one, other = figures[part], figures[whole]
    kinds = [re.match(r"^[；，](?:其中)?(公办|民办)", printing.gap(i - 1)) for i in (beside, index)]
    named = {kind[1] for kind in kinds if kind}
    is_part = is_summable(one) and one.dimension == other.dimension and one.size <= other.size
    return part if is_part and len(named) == len(kinds) else None


def _fitting_total(printing: Printing, index: int) -> tuple[int, int] | None:
    """Return the part of a share whose whole is not named, and an earlier figure that fits."""
    part = _share_part(printing, index, "")
    if part is None or any(printing.figures[i].kind == SHARE for i in range(part + 1, index)):
        return None
    stated, one = printing.number(index), printing.figures[part]
    for i in range(part - 1, max(-1, part - 26), -1):
        other = printing.figures[i]
        if not is_summable(other) or other.dimension != one.dimension or other.size <= one.size:
            continue
        given = [printing.printed(part), printing.printed(i)]
        if arithmetic.compare(arithmetic.share, given, stated) == FOLLOWS:
            return part, i
    return None


def _part_and_total(printing: Printing, index: int) -> tuple[int, int] | None:
    """Return the level right before a share, and the total whose parts 其中 or a bracket begins."""
    figures = printing.figures
    part = _share_part(printing, index, "")
    if part is None or any(figures[i].kind == SHARE for i in range(part + 1, index)):
        return None
    name = core_of(figures[part].what)
    for i in range(part - 1, max(-1, part - 26), -1):
        one = figures[i]
        if not is_summable(one) or one.dimension != figures[part].dimension:
            continue
        if one.size <= figures[part].size:
            continue
        label = core_of(one.what)
        is_named = len(label) >= 2 and name.endswith(label)
        is_named = is_named or (i == part - 1 and "总" in one.what and name[-2:] == label[-2:])
        divides = re.search(r"^[，。；（：\s]*(?:其中|包括)", printing.gap(i + 1))
        divides = divides or ("其中" in printing.gap(part) and not _IS_BASE.search(printing.gap(i)))
        same_line = printing.line(i) == printing.line(part)
        if is_named or (divides and same_line):
            return part, i
    return None


_IS_BASE = re.compile(r"(?:比|较)[^，。；]{0,14}$|^[，（]?(?:上年|去年|同期)")


def _share_part(printing: Printing, index: int, subject: str) -> int | None:
    """Return the figure whose share it is: the level that the clause before is about."""
    figures = printing.figures
    name = core_of(subject)
    if len(name) >= 2:
        return _named(printing, index, name, None, exclude=-1, near=5)
    for i in range(index - 1, max(-1, index - 5), -1):
        if printing.sentence(i) != printing.sentence(index):
            return None
        if figures[i].kind == RATIO:
            return None
        if figures[i].kind in (CHANGE, GROWTH, POINTS) or _IS_BASE.search(printing.gap(i)):
            continue
        return i if is_summable(figures[i]) else None
    return None


def _named(
    printing: Printing,
    index: int,
    name: str,
    dimension: str | None,
    *,
    exclude: int,
    near: int = 30,
) -> int | None:
    """Return the nearest earlier level whose words are the name, or end in it."""
    figures = printing.figures
    for i in range(index - 1, max(-1, index - 1 - near), -1):
        one = figures[i]
        if i == exclude or not is_summable(one) or (dimension and one.dimension != dimension):
            continue
        label = core_of(one.what)
        if len(label) >= 2 and (
            label == name
            or (dimension and len(name) > 3 and "总" in label and label.replace("总", "") == name)
            or (dimension is None and label.startswith(name) and len(label) - len(name) <= 4)
            or (
                label.endswith(name)
                and len(label) - len(name) <= 6
                and not _NARROW.search(label[: -len(name)])
            )
        ):
            return i
    return None


def _union(printing: Printing, index: int, whole: str, part: int) -> tuple[int, ...]:
    """Return the figures that make up a whole which no figure prints: 高中阶段 = 普高 + 中职."""
    figures = printing.figures
    for name, stages in words().wholes.items():
        if not whole.startswith(name):
            continue
        noun = whole[len(name) :].lstrip("教育学校")
        members = []
        for stage in stages:
            match = next(
                (
                    i
                    for i in range(index - 1, max(-1, index - 8), -1)
                    if is_summable(figures[i])
                    and figures[i].dimension == figures[part].dimension
                    and printing.sentence(i) == printing.sentence(index)
                    and (
                        figures[i].stage == stage
                        or (stage == "中职" and figures[i].stage == "中等职业学校")
                    )
                    and (
                        not noun
                        or noun.rstrip("生人数") in figures[i].what
                        or figures[i].what.endswith(noun[:2])
                    )
                ),
                None,
            )
            if match is None:
                return ()
            members.append(match)
        if part in members:
            return tuple(members)
    return ()


def _share_relation(
    printing: Printing, index: int, part: int, wholes: tuple[int, ...]
) -> Relation | None:
    figures = printing.figures
    given = [printing.printed(part), *(printing.printed(i) for i in wholes)]
    stated = printing.number(index)

    def formula(over: float, *under: float) -> float:
        return over / sum(under) * 100

    status = arithmetic.compare(formula, given, stated)
    whole_sum = sum(figures[i].size for i in wholes)
    if not whole_sum:
        return None
    expected = f"{figures[part].size / whole_sum * 100:.{max(2, figures[index].decimals)}f}%"
    members = (index, part, *(i for i in wholes if i != part))
    written = f"#{part}/({'+'.join(f'#{i}' for i in wholes)})"
    if status != CONTRADICTS:
        return Relation(members, SHARE_OF, status, expected, of=index, formula=written)
    slip = ""
    for i in range(max(0, index - 8), index):
        rival = figures[i]
        if i == part or (i,) == wholes or not is_summable(rival):
            continue
        if rival.dimension != figures[part].dimension:
            continue
        pair = [printing.printed(part), printing.printed(i)]
        if arithmetic.compare(arithmetic.share, pair, stated) == FOLLOWS:
            slip = f"分母用错，疑以{rival.shown}为分母"
            break
    if not slip:
        named = arithmetic.likely_slip(formula, given, stated, within_rounding=arithmetic.RARE)
        slip = named[0] if named else ""
    if not slip and figures[part].size > whole_sum:
        return None
    named_wholes = printing.shown(*wholes)
    message = f"{figures[part].shown}占{named_wholes}应为{expected}，文中为{figures[index].shown}"
    status = CONTRADICTS if slip else DOUBT
    message += f"；可能：{slip}" if slip else ""
    return Relation(members, SHARE_OF, status, expected, message, slip, of=index, formula=written)


_NEVER_OVER = pattern("never_over_100")


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
        match = re.match(r"^[，、；]([^，。；\d]{3,20})$", printing.gap(index))
        before = printing.text[max(0, pair[0].at - 30) : pair[0].at]
        label = re.split(r"[，。；、：\d\n]", before)[-1]
        if not match or not re.search(r"占比?(?:例|重)?(?:分别)?(?:为|达到?)?$", label):
            continue
        for one, other in _TWO_HALVES:
            if label.count(one) != 1 or one in match[1] or match[1].count(other) != 1:
                continue
            if _OTHER_SCOPE.match(match[1]):
                continue
            if core_of(label.replace(one, "")) != core_of(match[1].replace(other, "")):
                continue
            if "普惠" in label + match[1]:
                continue
            given = [printing.number(index - 1), printing.number(index)]
            added = given[0].value + given[1].value
            members = (index, index - 1)
            if added > 100 + 2 * (given[0].half + given[1].half):
                message = (
                    f"{printing.shown(index - 1, index)}之和为{plain_number(added)}%，超过100%"
                )
                yield Relation(members, SUM, CONTRADICTS, "100%", message)


_LIST_GAP = pattern("list_gap")


def _lists_of_shares(printing: Printing) -> Iterator[tuple[int, ...]]:
    """Yield the lists of three and more shares that only 、 and 和 part."""
    run: list[int] = []
    for index, one in enumerate(printing.figures):
        if run and not (one.kind == SHARE and _LIST_GAP.match(printing.gap(index))):
            if len(run) > 2:
                yield tuple(run)
            run = []
        if one.kind == SHARE:
            run.append(index)
    if len(run) > 2:
        yield tuple(run)


def shares_in_another_order(printing: Printing) -> Iterator[Relation]:
    """Find shares of a list that are those of its members, in another order.

    学前、义务、高中分别占26%、8%、66%, where the amounts give 8%, 66%, 26%.
    """
    figures = printing.figures
    for run in _lists_of_shares(printing):
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
