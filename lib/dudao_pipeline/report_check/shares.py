"""Shares, rates and quotients: a part of a whole, so many to one, so much for each.

relations.yaml says by which words a figure is one of another; the whole is named after 占, encloses
the part, or is the only other figure of its kind.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice, pairwise
from math import ceil, floor
from typing import Any

import yaml

from dudao_pipeline.report_check import arithmetic
from dudao_pipeline.report_check.arithmetic import CONTRADICTS, FOLLOWS
from dudao_pipeline.report_check.contexts import COUNTY, stage_named
from dudao_pipeline.report_check.numbers import RATIO
from dudao_pipeline.report_check.printing import SHARE_OF, UNCHECKED, Relation, in_unit
from dudao_pipeline.report_check.readings import (
    MASKS,
    OTHER,
    Reading,
    fits_units,
    measure_of,
    status_of,
)
from dudao_pipeline.report_check.rules import filled, pattern, rule_text, words
from dudao_pipeline.report_check.structure import (
    Passage,
    core_of,
    is_narrow,
    is_summable,
)

_FAR = 26  # figures before a share among which its whole is
_OF = pattern("of")
_SHARE_WORDS = pattern("share_words")
_RATE = pattern("rate_words")
_WITHOUT_SOME = re.compile("（(?:扣除|剔除|不含)[^，。；）]*）[^，。；]*$")
_TOTAL_LATER = re.compile(r"(?:总|合计|共计|之和|相加)[^，。；\d]{0,8}$")
_PLAN = re.compile(
    r"(?:完成|占|为|达到?)(?P<span>年度|全年|年初|总|调整)*(?P<plan>计划|任务|预算|概算|目标)(?!内|外)"
)
_SPANS = ("年度", "全年", "年初", "调整")
# The amount of a budget; not 一般公共预算收入, 社会保险基金预算支出, which are accounts.
_BUDGETED = re.compile(
    r"(?:(?:收入|支出|收支|年初|年度|全年|调整|变动|总)预算|(?<![共金营险])预算(?:收入|支出|资金|总?投资)?)"
    r"(?:总?[数额])?(?:安排[^，。；\d]{0,8}|调整|变动|核定)?(?:数|额)?(?:为|是|约|到|至)*$"
)
_ADVERBS = re.compile(
    "实际|累计|超额|提前|圆满|全面|基本|上半|分别|已|均|共|约|只|仅|全|收入|支出|投资"
)
_DONE = re.compile("(?:实际)?(?:执行|完成|实现)(?:数|额)?$")
_WIDER = re.compile("占全[国省市州]")
_DIVIDES = re.compile(r"^[，。；：（\s]*(?:其中|包括)")


def shares(passage: Passage) -> Iterator[Reading]:
    """Yield how each share may follow from a part and a whole."""
    for index, letter in enumerate(passage.letters):
        if letter != "S" or passage.figures[index].dimension != "percent":
            continue
        if not passage.figures[index].value:
            continue
        if passage.bases[index] or _NO_SHARE.search(passage.gaps[index]):
            continue  # 毛利率为64.9%，与上年的62.3%相比; 占比从70%提高到80%
        yield from _of_bracket_after(passage, index)
        clause = _clause_of(passage, index)
        yield from _of_complements(passage, index)
        if divided := _DIVIDED_AMONG.search(clause) or _SHARES_OF_NAMES.search(clause):
            among = list(_among_names(passage, index, divided))
            yield from among
            if among or divided.re is _DIVIDED_AMONG:
                continue
        after = range(index + 1, index + 3)
        is_there = after[-1] < len(passage.figures) and all(passage.is_level(i) for i in after)
        if is_there and passage.gaps[after[0]].startswith("，即"):
            yield Reading("share", index, (after[1], after[0]), 1)
            continue
        rate = _RATE.search(passage.gaps[index]) if "占" not in clause else None
        if rate:
            yield from _of_rate(passage, index, rate)
        elif _SHARE_WORDS.search(clause):
            yield from _of_parts(passage, index, clause)


_IN_BRACKET = re.compile(r"（(?!.*(?:其中|增|减|比|较|年|新|另))[^，。；\d（]{2,14}$")


def _of_bracket_after(passage: Passage, index: int) -> Iterator[Reading]:
    """Yield 参与24907人，参与率95.39%（应参与26110人）: of what its bracket prints alone."""
    other, figures = index + 1, passage.figures
    if other >= len(figures) or not passage.is_level(other) or not index:
        return
    depth = passage.depths[figures[index].at]
    is_alone = passage.text[figures[other].until : figures[other].until + 1] == "）"
    if not is_alone or not _IN_BRACKET.fullmatch(passage.gaps[other]):
        return
    like = (
        i
        for i in range(index - 1, max(passage.sentence(index)[0], index - _NEAREST) - 1, -1)
        if passage.is_level(i) and figures[i].dimension == figures[other].dimension
        if passage.depths[figures[i].at] == depth and not passage.bases[i]
    )
    for i in like:
        pair = sorted((i, other), key=lambda k: figures[k].size)
        yield Reading("share", index, tuple(pair), 1)
        return


def _of_complements(passage: Passage, index: int) -> Iterator[Reading]:
    """Yield 食堂供餐27302人，占94%；企业供餐1742人，占6%: of both parts, as both are 100 %."""
    figures = passage.figures
    before = range(index, passage.sentence(index)[0] - 1, -1)
    exact = [*islice((i for i in before if figures[i].is_exact), 4)][::-1]
    if [passage.letters[i] for i in exact] != ["A", "S", "A", "S"]:
        return
    *_, other, part, _ = exact
    pair = (part, exact[0])
    added = sum(figures[i].value for i in (index, other))
    is_whole = abs(added - 100) < 10.0 ** -max(2, figures[index].decimals)
    like = figures[pair[0]].dimension == figures[pair[1]].dimension
    is_stated = all("占" in passage.gaps[i] for i in (index, other))
    is_stated = is_stated and not any("、" in passage.gaps[i] for i in pair)  # a list is the part
    named = [_OF.search(_clause_of(passage, i)) for i in (index, other)]
    wholes = {core_of(match["whole"]) for match in named if match and match["whole"]} - {"比"}
    is_stated = is_stated and len(wholes) < 2  # 占教师总数的55%，占专业课教师的45%
    if not (is_whole and like and is_stated):
        return
    line = passage.printing.line(index)
    levels = [
        i
        for i in range(max(0, index - _FAR_WHOLE), index)
        if passage.is_level(i) and i not in pair and passage.printing.line(i) == line
    ]
    for whole in levels:  # that only one of the shares is of: the other part is amiss
        some = [Reading("share", k, (i, whole)) for k, i in ((index, pair[0]), (other, pair[1]))]
        held = [one for one in some if status_of(passage.printing, one) == FOLLOWS]
        if len(held) == 1 and all(fits_units(passage.printing, one) for one in some):
            yield from some
            return
    yield Reading("share", index, (pair[0], *pair), 0)
    yield Reading("share", other, (pair[1], *pair), 0)


_FAR_WHOLE = 12  # figures back to the whole of two shares
_DIVIDED_AMONG = re.compile(
    r"(?P<whole>[^，。；、\d]{2,16})在(?P<names>[^，。；\d]+、[^，。；\d]+?)(?:之间|间|中)的?[^，。；\d]{0,4}"
    r"(?:占比|比例|比重)(?:分别|依次)?为?$"
)
_SHARES_OF_NAMES = re.compile(
    r"(?:^|[，。；])(?P<names>[^，。；\d]+、[^，。；\d]+?)各?占(?P<whole>[^，。；、\d]{2,16}?)的?(?:占比|比例|比重)?"
    r"(?:分别|依次)(?:为|是)?$"
)


def _among_names(passage: Passage, index: int, divided: re.Match[str]) -> Iterator[Reading]:
    """Yield 总投入在学前教育、义务教育、高中教育间的占比分别为…: each of what the list names."""
    figures = passage.figures
    names = re.split("[、和及]", divided["names"])
    run = next((run for run in passage.runs[index] if len(run) == len(names)), ())
    if not run:
        return
    name = names[run.index(index)]
    levels = [i for i in range(index) if passage.is_level(i) and not passage.bases[i]]
    whole_name = core_of(divided["whole"])
    if not whole_name:
        return  # 甲、乙占全市比重分别为: of what is not named
    wholes = [i for i in levels if core_of(figures[i].what) == whole_name] or [
        i for i in levels if core_of(figures[i].what).endswith(whole_name)
    ]
    wholes = [i for i in wholes if not any(other in figures[i].what for other in names)]
    for whole in wholes[-1:]:
        like = [i for i in levels if figures[i].dimension == figures[whole].dimension]
        parts = [i for i in like if i != whole and core_of(passage.tails[i]).startswith(name)]
        if len(parts) == 1:
            yield Reading("share", index, (parts[0], whole), 0)


def _clause_of(passage: Passage, index: int) -> str:
    """Return the words before a share, or before the list that it stands in."""
    first = min((run[0] for run in passage.runs[index]), default=index)
    clause = passage.clause(index if "占" in passage.gaps[index] else first)
    return clause.rpartition("（")[2] if "（" in passage.gaps[index] else clause


def _is_of_the_same(passage: Passage, index: int, part: int, whole: int) -> bool:
    """Say whether the share of a part is of what its whole has one of: A，占20%，其中B，占15%."""
    figures, other = passage.figures, whole + 1
    if not (other < part and passage.letters[other] == "S" and "占" in passage.gaps[other]):
        return False
    share = figures[other].value * figures[part].size / figures[whole].size
    return abs(share - figures[index].value) <= 2 * 10.0 ** -figures[index].decimals


_EACH = re.compile("分别|依次|顺次")
_NO_SHARE = re.compile("[税利费汇]率")


def _of_parts(passage: Passage, index: int, clause: str) -> Iterator[Reading]:
    match = _OF.search(clause)
    name = core_of(match["whole"]) if match and match["whole"] else ""
    name = "" if name.startswith("比") else name
    subject = core_of(clause[: match.start()] if match else re.sub("占.*$|比例.*$", "", clause))
    subject = re.sub("分别|依次|各|均|^[两二三四五六七八九十][项处类者]$", "", subject)
    subject = subject.removesuffix("教育") if len(subject) > 3 else subject  # 小学教育占…
    plan = _PLAN.search(clause)
    if not match and plan:  # 其中：市本级为预算的98%: of what the words before name
        subject = _ADVERBS.sub("", core_of(clause[: plan.start()]))
    for part, of_part in _parts(passage, index, subject):
        for wholes, of_whole in _wholes(passage, index, part, name):
            if not name and _is_of_the_same(passage, index, part, wholes[0]):
                continue
            gap = passage.gaps[wholes[0]]
            if _WITHOUT_SOME.search(gap):
                of_whole = OTHER
            far = passage.printing.line(wholes[0]) != passage.printing.line(index)
            if far and name and core_of(passage.figures[wholes[0]].what) != name:
                of_whole = OTHER  # 占教育支出, in another paragraph 幼儿园的教育支出
            after = passage.gaps[wholes[0] + 1] if wholes[0] < index else ""
            among = re.match(r"^[^，。；\d]{0,10}中，", after)
            is_planned = plan and of_whole == 0 and plan["plan"] in passage.gaps[wholes[0]]
            is_stated = wholes == (index - 1,) and re.search(
                r"占[^，。；\d占]+$", passage.gaps[index - 1]
            )
            is_named = name or among or is_planned or (is_stated and len(subject) < 2)
            penalty = of_part + of_whole + (0 if is_named else 1)
            is_bare = is_vague(name) and not of_part
            is_short_for = _abbreviates(subject, passage.figures[part].what)
            if is_short_for and _hold_along_their_list(passage, index, (part, *wholes)):
                of_part = of_whole = penalty = 0
            penalty = OTHER if OTHER in (of_part, of_whole) else min(MASKS, penalty)
            yield Reading("share", index, (part, *wholes), penalty, is_bare=is_bare)


def _abbreviates(short: str, name: str) -> bool:
    """Say whether the characters of a short name stand in a name in their order."""
    rest = iter(name)
    return all(character in rest for character in short)


def _hold_along_their_list(passage: Passage, index: int, inputs: Sequence[int]) -> bool:
    """Say whether every other share of a list of three and more follows from two lists alike."""
    for run in passage.runs[index]:
        at = run.index(index)
        lists = [
            next((r for r in passage.runs[i] if len(r) == len(run) and r[at] == i), ())
            for i in inputs
        ]
        if len(run) < 3 or not all(lists):
            continue
        along = [
            Reading("share", share, tuple(of))
            for share, *of in zip(run, *lists, strict=True)
            if share != index
        ]
        if all(status_of(passage.printing, one) != CONTRADICTS for one in along):
            return True
    return False


def _parts(passage: Passage, index: int, subject: str) -> Iterator[tuple[int, int]]:
    """Yield the figures whose share it may be, the likeliest first, with a penalty."""
    for run in passage.runs[index]:
        at = run.index(index)
        is_each = _EACH.search(passage.gaps[run[0]])
        if not is_each and any("，" in passage.gaps[i] for i in run[1:]):
            continue  # 落地262个，外资84个，占比32%，落地率52%
        lists = {
            other
            for i in range(max(0, run[0] - 3 * len(run) - 2), run[0])
            for other in passage.runs[i]
            if len(other) == len(run) and passage.is_level(i) and passage.same_sentence(i, index)
        }
        for other in sorted(lists, reverse=True)[:1]:
            of_other = (
                len(subject) > 1
                and "、" not in passage.gaps[run[0]]
                and not _is_named(passage, other[0], subject)
            )
            yield other[at], OTHER if of_other else 0
            return
        before = range(run[0] - len(run), run[0])
        if _EACH.search(passage.gaps[run[0]]) and before[0] >= 0 and len(run) > 1:
            units = {passage.figures[i].dimension for i in before if passage.is_level(i)}
            if len(units) == 1 and all(map(passage.is_level, before)):
                named = len(subject) < 2 or _is_named(passage, before[0], subject)
                yield before[at], 0 if named else 2
                return
    passed = 0
    for i in range(index - 1, max(-1, index - 6), -1):
        if passage.begins[i] != passage.begins[index] or passage.letters[i] == "R":
            break
        if not passage.is_level(i) or passage.bases[i] != passage.bases[index]:
            continue
        depths = [passage.depths[passage.figures[k].at] for k in (i, index)]
        if depths[0] > depths[1]:
            continue
        if passage.is_of_whole(i) or (passed and _has_its_share(passage, i, index)):
            continue
        named = len(subject) < 2 or _is_named(passage, i, subject)
        if named and len(subject) > 1:
            passed = 0
        yield i, min(MASKS, 2 * passed) if named else OTHER
        passed += 1


def _has_its_share(passage: Passage, part: int, index: int) -> bool:
    """Say whether a part has a share right after it: 18人，占47.4%，20人，占52.6%."""
    share = part + 1
    return share < index and passage.letters[share] == "S" and "占" in passage.gaps[share]


def _is_named(passage: Passage, index: int, name: str) -> bool:
    label = core_of(passage.figures[index].what)
    around = core_of(passage.words_of(index))
    if index and passage.gaps[index].startswith("、"):  # 区属学校69所、学生119802人
        around += core_of(passage.tails[index - 1]) + core_of(passage.tails[index])
    return (
        label == name
        or label.endswith(name)
        or (name.endswith(label) and len(label) > 1)
        or name in around
    )


def _wholes(
    passage: Passage, index: int, part: int, name: str
) -> Iterator[tuple[tuple[int, ...], int]]:
    """Yield what a share may be of, with a penalty: the amount after 占, what its name names, …."""
    figures, clause = passage.figures, _clause_of(passage, index)
    one = figures[part]
    plan = _PLAN.search(clause)
    planned = [
        i
        for i in range(index - 1, max(-1, index - 6), -1)
        if plan
        and i != part
        and _is_planned(passage, i, plan["plan"])
        and figures[i].dimension == one.dimension
    ]
    if planned and plan:
        gap = passage.gaps[planned[0]]
        other = bool(plan["span"]) and plan["span"] not in gap
        other = other or "S" in (passage.letters[k] for k in range(planned[0] + 1, part))
        other = other or any(n in clause for n in _SPANS if n not in gap)
        is_apart = not passage.same_sentence(planned[0], index)
        penalty = OTHER if is_apart else MASKS if other else 0
        yield (planned[0],), penalty
        return
    for wholes, penalty in _amounts_before(passage, index, part, name):
        yield wholes, OTHER if plan else penalty  # of what may not be printed


def _is_planned(passage: Passage, index: int, plan: str) -> bool:
    """Say whether words make a figure that of a plan, or the amount of a budget."""
    if plan == "预算":
        return bool(_BUDGETED.search(passage.tails[index]))
    return plan in passage.gaps[index]


def _amounts_before(
    passage: Passage, index: int, part: int, name: str
) -> Iterator[tuple[tuple[int, ...], int]]:
    """Yield the amounts that a share may be of, no plan among them, with a penalty."""
    figures, clause = passage.figures, _clause_of(passage, index)
    one = figures[part]
    before = [
        i
        for i in range(index - 1, max(-1, index - _FAR), -1)
        if passage.is_level(i) and figures[i].dimension == one.dimension and i != part
    ]
    near = next((i for i in before if i > part or i == index - 1), None)
    stated = [i for i in before if re.search(r"占[^，。；\d占]{0,24}$", passage.gaps[i])]
    if passage.gaps[index].startswith("）的") and _OF_BRACKETED.search(passage.gaps[index - 1]):
        stated.append(index - 1)  # 仅为公务员（3410元）的83.9%
    if near is not None and near in stated and near + 1 == index:
        yield (near,), 0
        return
    for run in passage.runs[index]:
        if run[0] - 1 in stated:
            yield (run[0] - 1,), 0
            return
    if name:
        union = _union(passage, index, name, part)
        if union:
            yield union, 0
        named = [i for i in before if _names(passage, i, name)]
        named.sort(key=lambda i: not core_of(figures[i].what).endswith(name))
        named.sort(key=lambda i: core_of(figures[i].what) != name)
        line = passage.printing.line(index)
        named.sort(key=lambda i: passage.printing.line(i) != line)
        listed = _corresponding(passage, index, named)
        if listed is not None:
            yield (listed,), 0
            return
        for n, i in enumerate(named):
            narrowed = (
                0 if core_of(figures[i].what).replace("总", "") == name.replace("总", "") else 1
            )
            too_small = MASKS if figures[i].size < one.size else 0
            yield (i,), min(MASKS, too_small + narrowed + n)
        for i in range(index + 1, min(len(figures), index + 6)):
            if (
                not named
                and passage.is_level(i)
                and figures[i].dimension == one.dimension
                and figures[i].size >= one.size
                and _names(passage, i, name)
            ):
                yield (i,), 1
    passed = 0
    for i in before:
        beside = i == part - 1 and _encloses(passage, i, part)
        if i > part or (figures[i].size <= one.size and not beside):
            continue
        is_part = i + 1 < index and passage.letters[i + 1] == "S" and "占" in passage.gaps[i + 1]
        is_other = not is_vague(name) and name[-2:] not in passage.words_of(i)
        penalty = 2 * passed if is_vague(name) else 3
        penalty += MASKS if _WIDER.search(clause) else 0
        penalty += 0 if _encloses(passage, i, part) else 2
        penalty += 2 if is_part else 0
        yield (i,), OTHER if is_other else min(MASKS, penalty)
        passed += not is_part
    for i in range(index + 1, min(len(figures), index + 7)) if not name else ():
        is_total = _TOTAL_LATER.search(passage.gaps[i]) and passage.is_level(i)
        if is_total and figures[i].dimension == one.dimension and figures[i].size > one.size:
            noun = re.sub("总.*|合计.*|共计.*", "", passage.tails[i])
            is_next = i == index + 1 and passage.are_words_of(noun, part)
            yield (i,), 0 if is_next else 2 if one.dimension == "money" else OTHER
            break


_OF_BRACKETED = re.compile("(?:占|[为是]|相当于)[^，。；\\d占]{2,24}（$")


def _corresponding(passage: Passage, index: int, named: list[int]) -> int | None:
    """Return the whole that stands in its list as a share stands in its own."""
    for run in passage.runs[index]:
        for i in named:
            for other in passage.runs[i]:
                if len(other) == len(run):
                    return other[run.index(index)]
    return None


def implied_wholes(passage: Passage) -> Iterator[Relation]:
    """Yield the whole that a part and its share give, where the report prints no such whole."""
    printing = passage.printing
    for index, letter in enumerate(passage.letters):
        match = _OF.search(passage.clause(index)) if letter == "S" else None
        if not match or len(core_of(match["whole"])) < 2 or match.start() or index == 0:
            continue
        share, part = printing.number(index), index - 1
        if not passage.is_level(part) or not passage.same_sentence(part, index):
            continue
        one, low_share = passage.figures[part], share.ends[0]
        if re.match(r"^[、和及与]", passage.gaps[part]) or not 0 < low_share < share.ends[1] <= 100:
            continue  # the share may be that of a list
        given = [printing.printed(part), share]
        low, high = arithmetic.span(lambda over, rate: over / rate * 100, given)
        if one.is_counted:
            low, high = float(ceil(low)), float(floor(high))
        expected = f"{in_unit(low, one)}—{in_unit(high, one)}"
        whole, shown = match["whole"].rstrip("的"), passage.figures[index].shown
        message = f"文中没有列{whole}，按{one.shown}、{shown}推算为{expected}"
        yield Relation((index, part), SHARE_OF, UNCHECKED, expected, message)


def is_vague(name: str) -> bool:
    """Say whether the name of a whole is only 总数, 总支出: that of what the part divides."""
    return len(name) < 2 or bool(
        re.fullmatch(r"(?:其|总|全部)?(?:数|量|额|支出|收入|投入|经费|园|校|班|人)?数?", name)
    )


def _names(passage: Passage, index: int, name: str) -> bool:
    """Say whether a level is that of the name of a whole: its words, or the end of them."""
    label = _DONE.sub("", core_of(passage.figures[index].what))
    if label.replace("总", "") == name.replace("总", ""):
        return True
    if label.endswith(name) and len(label) - len(name) <= 14:
        before = label[: -len(name)]
        return not (is_narrow(before) or re.search("公办|民办", before))
    bare = re.sub("在校|在园|在籍|在读|总", "", label)  # 民办学生 of 民办在校学生
    of_stage = _PUPILS_END.sub("", name)  # 小学生 of 小学25318人
    is_pupils = passage.figures[index].dimension == "persons" and of_stage != name
    is_pupils = is_pupils and _PUPILS_END.sub("", bare) == of_stage and len(of_stage) > 1
    return is_pupils or (len(name) > 3 and bare == name)


_PUPILS_END = re.compile("(?:在校|在园)?(?:学生|生|幼儿)?数?$")


def _encloses(passage: Passage, whole: int, part: int) -> bool:
    """Say whether a figure before a part is what 其中, a bracket or its words say it is part of."""
    label, name = (core_of(passage.figures[i].what) for i in (whole, part))
    if len(label) > 1 and name.endswith(label) and name != label:
        return True
    if not passage.same_sentence(whole, part):
        return False
    between = passage.between(whole, part)
    divides = _DIVIDES.search(passage.gaps[whole + 1]) or "其中" in passage.gaps[part]
    opened = between.count("（") > between.count("）")
    among = re.match(r"^[^，。；\d]{0,10}中[，,]", passage.gaps[whole + 1])
    return bool(divides or opened or among)


def _union(passage: Passage, index: int, whole: str, part: int) -> tuple[int, ...]:
    """Return the figures that make up a whole which no figure prints: 高中阶段 = 普高 + 中职."""
    figures = passage.figures
    for name, stages in words().wholes.items():
        if not whole.startswith(name):
            continue
        members = []
        for stage in stages:
            full = {"中职": "中等职业学校"}.get(stage, stage)
            match = next(
                (
                    i
                    for i in range(index - 1, max(-1, index - 8), -1)
                    if is_summable(figures[i])
                    and figures[i].dimension == figures[part].dimension
                    and figures[i].stage in (stage, full)
                    and passage.same_sentence(i, index)
                ),
                None,
            )
            if match is None:
                return ()
            members.append(match)
        if part in members:
            return tuple(members)
    return ()


_PRODUCT = pattern("each_words")


def products(passage: Passage) -> Iterator[Reading]:
    """Yield 每生1250元，资助1864人，发放233万元 and 12所学校各配备15套，共配备180套."""
    figures = passage.figures
    for index in range(2, len(figures)):
        trio = (index - 2, index - 1)
        if not all(passage.is_level(i) for i in (*trio, index)):
            continue
        parted = "；" in passage.between(trio[0], index)
        if parted or not passage.same_sentence(trio[0], index):
            continue
        for each, count in (trio, trio[::-1]):
            one, result = figures[each], figures[index]
            wording = _PRODUCT.search(passage.gaps[each])
            same = result.dimension == one.dimension != figures[count].dimension
            if wording and same and figures[count].is_counted:
                by_words = wording.lastgroup == "each" and each > count
                together = re.search("共|合计|总计|累计", passage.gaps[index])
                penalty = 3 if not together else 1 if by_words else 2
                yield Reading("product", index, (each, count), penalty)


_ROOTS = {
    "升学": "升入|升学|录取|升",
    "持证": "持证|资格证",
    "入学": "入学|就读|入读",
    "受助": "受助|资助",
    "完成": "完成|计划|任务",
    "回收": "收回|回收",
    "利用": "有效|利用",
    "有效": "有效",
    "参考": "参加|参考|实考",
    "执行": "执行|支出|预算",
    "初升高": "升入|升学",
    "小升初": "升入|招生|升学",
}


_PLANNED = re.compile("任务|计划|目标")
_RATE_OF_EACH = re.compile("率[、和及与]")


def _of_rate(passage: Passage, index: int, match: re.Match[str]) -> Iterator[Reading]:
    """Yield the two figures of 参加2640人，合格2571人，合格率97.39%, in either order."""
    root = match["root"]
    own = _NEUTRAL.sub("", passage.tails[index][: -len(match[0])])
    like = re.compile(_ROOTS.get(root, re.escape(root)))
    near = [
        i
        for i in range(max(0, index - 5), min(len(passage.figures), index + 2))
        if i != index and passage.is_level(i) and passage.same_sentence(i, index)
        if not (i > index and _PLANNED.search(passage.after(i)))  # 带动3亿人参与的目标
    ]
    for over in near:
        named = like.search(passage.gaps[over] + passage.after(over, 14))
        for under in near:
            one, other = passage.figures[over], passage.figures[under]
            if (
                over == under
                or under > index
                or one.dimension != other.dimension
                or one.size > 2 * other.size
            ):
                continue
            planned = [_PLANNED.search(passage.gaps[i]) for i in (over, under)]
            if root == "完成" and planned[0] and not planned[1]:
                continue  # 招生任务1200人，实际录取1290人，完成率: of the plan
            of_plan = root in ("完成", "执行") and over < index and planned[1]
            if one.size > other.size and not named and not of_plan:
                continue
            if _RATE_OF_EACH.search(passage.between(*sorted((over, under)))):
                continue  # 203个断面优良率和285个功能区达标率均为100%
            between = range(over + 1, index)
            inner = sum("其中" in passage.gaps[i] for i in between)  # parts of the part
            passed = abs(index - over) + abs(index - under) - 3 - 2 * inner
            subject = re.sub("的.*$", "", own)  # 问卷的可利用率
            is_divided = under == over - 1 == index - 2 and "其中" in passage.gaps[over]
            is_divided = is_divided and len(subject) > 1 and passage.are_words_of(subject, over)
            penalty = 1 + max(0, passed) + (0 if named or is_divided or of_plan else 2)
            other_words = passage.gaps[under] + passage.after(under, 14)
            is_own = is_divided or passage.are_words_of(own, over, under)
            penalty += 0 if is_own else 3
            is_other = not is_own or not (
                named or is_divided or of_plan or like.search(other_words)
            )
            penalty = OTHER if is_other else min(MASKS, penalty)
            yield Reading("share", index, (over, under), penalty)


@dataclass(frozen=True)
class Quotient:
    """Words that say a figure is one by another: 生均, 班额, 师生比; what each of them is."""

    name: str
    words: re.Pattern[str]
    formula: str
    over: re.Pattern[str]
    under: re.Pattern[str]
    under_units: tuple[str, ...]
    over_units: tuple[str, ...]
    is_ratio: bool


@cache
def quotient_words() -> tuple[Quotient, ...]:
    """Return the wordings of relations.yaml."""
    raw: list[dict[str, Any]] = yaml.safe_load(rule_text("relations.yaml"))["quotients"]
    return tuple(
        Quotient(
            one["name"],
            re.compile(filled(one["words"])),
            one.get("formula", "quotient"),
            re.compile(one.get("over", "")),
            re.compile(one.get("under", "")),
            tuple(one.get("under_units", "").split()),
            tuple(one.get("over_units", "").split()),
            bool(one.get("ratio")),
        )
        for one in raw
    )


_NEUTRAL = pattern("neutral")


def _is_of_own(own: str, around: str) -> bool:
    """Say whether what is counted for each is what one of two figures counts."""
    short = len(own) < 4 and (own[:2] in around or own[-2:] in around)
    return len(own) < 2 or short or all(a + b in around for a, b in pairwise(own))


_SAME_NUMBER = 1.05  # times: quotients imply numbers that are no farther apart


def quotients(passage: Passage) -> Iterator[Reading]:
    """Yield what a figure for each of something may be the quotient of.

    Where several do not follow by one number, and each implies another, they are by other numbers.
    """
    by_number: dict[int, list[Reading]] = {}
    for one in _quotients(passage):
        by_number.setdefault(one.inputs[-1], []).append(one)
    for some in by_number.values():
        if _are_by_others(passage, some):
            some = [replace(one, penalty=OTHER) for one in some]
        yield from some


def _are_by_others(passage: Passage, some: Sequence[Reading]) -> bool:
    """Say whether no quotient of a number holds, nor all of them by another one number."""
    printing, figures = passage.printing, passage.figures
    meant = [one for one in some if one.penalty < OTHER and figures[one.result].size]
    is_one = len({one.result for one in meant}) < 2
    if is_one or any(status_of(printing, one) != CONTRADICTS for one in some):
        return False
    implied = [figures[one.inputs[0]].size / figures[one.result].size for one in meant]
    return max(implied) > _SAME_NUMBER * min(implied)


def _quotients(passage: Passage) -> Iterator[Reading]:
    for index, letter in enumerate(passage.letters):
        if letter not in "AR" or not passage.figures[index].value or passage.bases[index]:
            continue
        gap = passage.gaps[index]
        for one in quotient_words():
            if one.is_ratio == (passage.figures[index].kind == RATIO) and one.words.search(gap):
                yield from _of_quotient(passage, index, one)
                break


def _of_quotient(passage: Passage, index: int, wording: Quotient) -> Iterator[Reading]:
    figures, result, gap = passage.figures, passage.figures[index], passage.gaps[index]
    own = _NEUTRAL.sub("", wording.words.sub("", passage.tails[index]))
    near = [
        i
        for i in range(index - 1, max(-1, index - 17), -1)
        if passage.is_level(i)
        and not passage.bases[i]
        and not any(w.words.search(passage.tails[i]) for w in quotient_words())
    ]
    later = range(index + 1, min(len(figures), index + 3))
    near += [
        i
        for i in later
        if passage.is_level(i) and not passage.bases[i] and passage.same_sentence(i, index)
    ]
    near = [i for i in near if passage.printing.line(i) == passage.printing.line(index)]
    overs = [
        i
        for i in near
        if (
            (wording.over_units and figures[i].dimension in wording.over_units)
            or not wording.over_units
        )
        and (
            wording.is_ratio
            or wording.formula != "quotient"
            or measure_of(figures[i]) == measure_of(result)
        )
    ]
    pupils = passage.only_pupils
    unders = [
        i for i in near if not wording.under_units or figures[i].dimension in wording.under_units
    ]
    if len(own) > 1:
        overs = [i for i in overs if passage.are_words_of(own, i)] or overs
    if wording.is_ratio:
        overs = [i for i in overs if wording.over.search(passage.words_of(i))] or overs
    unders = [i for i in unders if wording.under.search(passage.words_of(i))] or unders
    counted = {i for i in unders if f"每{figures[i].unit[-1:]}" in gap}  # 每套, of 1.48万套
    unders = [i for i in unders if i in counted] or unders
    for n, over in enumerate(overs[:3]):
        for m, under in enumerate(unders[:3]):
            if over == under:
                continue
            around, below = passage.words_of(over), passage.words_of(under)
            penalty = 1 + n + m
            penalty += 0 if wording.over.search(around) else 2
            penalty += 0 if wording.under.search(below) else 2
            penalty += 0 if _is_of_own(own, around + below) else 3
            is_narrower = is_narrow(around + below) and not is_narrow(own)
            penalty += 2 if is_narrower and under not in counted else 0
            one, other = figures[over], figures[under]
            sizes = {figures[i].size for i in unders if passage.is_level(i)}
            is_only = pupils in (over, under) and (under == pupils or len(sizes) == 1)
            narrower = result.stage not in (COUNTY, one.stage, other.stage)
            narrower = narrower and not (is_only and not stage_named(passage.gaps[index]))
            penalty += 0 if len({one.stage, other.stage, result.stage} - {COUNTY}) < 2 else 1
            is_only = is_only or (
                wording.is_ratio
                and one.stage == other.stage == result.stage != COUNTY
                and all(
                    [figures[i].stage for i in some].count(one.stage) == 1
                    for some in (overs, unders)
                )
            )
            if not (passage.same_sentence(over, index) and passage.same_sentence(under, index)):
                penalty += not is_only
            away = ["；" in passage.printing.between(i, index) for i in (over, under)]
            other_record = away[0] != away[1] and not is_only
            penalty += 2 if other_record else 0
            is_plain = wording.formula == "quotient" and not wording.is_ratio
            if penalty == 1 and is_plain and _is_beside(passage, index, (over, under), unders):
                penalty = 0
            is_other = narrower or not _is_of_own(own, around + below)
            is_other = is_other or bool(_EACH_YEAR.search(gap) and "累计" in passage.tails[over])
            is_other = is_other or len({one.stage, other.stage} - {COUNTY}) > 1
            penalty = OTHER if is_other else min(MASKS, penalty)
            yield Reading(wording.formula, index, (over, under), penalty)
    near_unders = [i for i in unders if passage.same_sentence(i, index)]
    if "学生" in wording.under.pattern and not near_unders:
        yield from _of_all_pupils(passage, index, wording)


_EACH_YEAR = re.compile("年[人生校]均|[每平]年")  # 累计支出624亿元，年人均支出1.4万元
_NEAREST = 4  # figures back to which words state a quotient by themselves


def _is_beside(passage: Passage, index: int, pair: tuple[int, int], unders: Sequence[int]) -> bool:
    """Say whether a sentence has the two figures of a quotient and no other that could be meant."""
    others = [i for i in unders if i not in pair and passage.same_sentence(i, index)]
    return not others and all(0 < index - i <= _NEAREST for i in pair)


_BARE_QUOTIENT = re.compile("[，、；]|(?:为|约|达到?|是)+$")


def _of_all_pupils(passage: Passage, index: int, wording: Quotient) -> Iterator[Reading]:
    """Yield what a quotient names, or the figure right before it, over the only number of pupils.

    Of a text that prints one number of pupils, and what is divided once.
    """
    pupils = passage.only_pupils
    if pupils < 0 or not wording.under.search(passage.words_of(pupils)):
        return
    name = _BARE_QUOTIENT.sub("", wording.words.sub("", passage.tails[index]))
    overs: list[int] = []
    if len(name) > 1:
        name = name.removesuffix("面积") if len(name) > 3 else name
        like = re.compile(f"{re.escape(name)}|{re.escape(name.replace('用地', '占地'))}")
        overs = [
            i
            for i, one in enumerate(passage.figures)
            if i != index
            and passage.is_level(i)
            and measure_of(one) == measure_of(passage.figures[index])
            and like.search(passage.label(i) + one.what)
            and not wording.words.search(passage.tails[i])
        ]
    if len({passage.figures[i].size for i in overs}) == 1:
        yield Reading(wording.formula, index, (overs[0], pupils), 0)
