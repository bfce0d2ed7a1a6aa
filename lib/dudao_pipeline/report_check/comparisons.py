"""Two figures of one quantity and what a text says of them: growth, change, points, multiples.

A base is named by the words before it (比上年的, 由, 上年为), by its year or its place in a list.
"""

import re
from collections.abc import Iterator
from itertools import islice, pairwise

from dudao_pipeline.report_check.arithmetic import CONTRADICTS
from dudao_pipeline.report_check.contexts import COUNTY, stage_named
from dudao_pipeline.report_check.printing import NOT_BASE
from dudao_pipeline.report_check.readings import MASKS, OTHER, Reading, status_of
from dudao_pipeline.report_check.rules import pattern
from dudao_pipeline.report_check.structure import NUMERALS, TO, Passage, Run, core_of

_WINDOW = 9  # figures of a sentence before a result among which its levels are
_LEVELS = {"G": "A", "C": "A", "D": "A", "N": "A", "M": "A", "P": "SG"}
_FORMULA_OF = {"G": "growth", "D": "apart", "C": "difference", "P": "points", "N": "more"}
_REACHED = pattern("reached_gap")
_YEAR = re.compile(r"((?:19|20)\d{2})(?=年|学年)")
_COMPARED_YEAR = re.compile(r"(?:比|较|是|为|相当于|与)((?:19|20)\d{2})年")
_LAST_YEAR = pattern("last_year")
_YEARLY = re.compile(r"年均|平均每年|年平均|年递增|复合")
_EACH = re.compile(r"分别|依次|各")
_AWAY = re.compile(r"其中|；")
_PAIR = re.compile(r"(?:由|从)[^，。；]*$")
_RISEN_TO = TO


def comparisons(passage: Passage) -> Iterator[Reading]:
    """Yield how each growth, change, point and multiple may follow from levels near it."""
    for index, letter in enumerate(passage.letters):
        if letter in "ACDG":
            yield from _evenly(passage, index)
        if not passage.figures[index].value:
            continue
        if letter == "P":
            yield from _of_named_growths(passage, index)
        if letter in "APC":
            yield from _apart(passage, index)
        if letter not in _LEVELS:
            continue
        if letter in "CP" and _YEARLY.search(passage.gaps[index]):
            continue
        if _THAN_TARGET.search(passage.gaps[index]):
            continue  # 超过“十三五”目标3个百分点: which is not printed
        if _is_of_another_scope(passage, index):
            continue
        if letter == "M" and re.search("前者(?:是|为|相当于)后者", passage.gaps[index]):
            yield Reading("quotient", index, (index - 2, index - 1), 0)
        if letter in "PG":
            yield from _of_other_units(passage, index)
        if _is_of_share(passage, index):
            continue
        for now, base, penalty in _pairs(passage, index):
            yield from _of_pair(passage, index, (now, base), penalty)
        if letter in "GN":
            yield from _of_change(passage, index)


_THAN_TARGET = re.compile(
    r"(?:超过?|高[出于]|低于|多于|少于|比|较)[^，。；\d]{0,14}(?:目标|计划|任务|预期)[^，。；\d]{0,4}$"
)
_APART = pattern("apart_words")
_HIGHER = pattern("higher_words")
_MORE = re.compile("[，）]?(?:高|低|多|少)(?:出|了|于)*")
_NAMED_BASE = re.compile(
    r"(?:高于|低于|快于|慢于|多于|少于|高出|比(?=[^，。；]*[高低快慢][出了]*$))"
    r"(?P<name>[^，。；\d]{2,20}?)(?:增长|增幅|增速)?(?:幅度|率)?(?:[高低快慢][出了]*)?$"
)


_MOVED = re.compile(r"撤并|撤销|压减|取消|关停|整合|新建|新增|增加|减少")


_EVEN = pattern("yearly_even")
_MOST_YEARS = 20
_EVEN_CHANGE = re.compile(r"(?:年均|平均每年|每年平均)净?(?:递增|递减|增加|减少|增|减|下降)了?$")


def _evenly(passage: Passage, index: int) -> Iterator[Reading]:
    """Yield 年均 of a list of years, of a growth over years, and of two years far apart."""
    gap, letter = passage.gaps[index], passage.letters[index]
    is_change = letter != "G" and _EVEN_CHANGE.search(gap)
    if not (is_change or _EVEN.search(gap)):
        return
    sentence = passage.sentence(index)
    before = (i for i in range(index - 1, sentence[0] - 1, -1) if passage.is_level(i))
    levels = tuple(islice(before, 2))[::-1]
    named = [_YEAR.findall(passage.gaps[i]) for i in levels]
    if is_change:
        if len(levels) == 2 and all(named):
            years = int(named[1][0]) - int(named[0][0])
            penalty = 0 if levels == (index - 2, index - 1) else 1
            yield from _over_years(Reading("yearly_change", index, levels[::-1], penalty, years))
        return
    if letter == "A":
        runs = {run for i in sentence if i < index for run in passage.runs[i] if run[-1] < index}
        near = sorted(run for run in runs if index - run[-1] < 3 and len(run) > 1)
        for run in near[-1:]:
            is_listed = _EACH.search(passage.gaps[run[0]]) or "年" in passage.gaps[run[0]]
            yield Reading("mean", index, run, 1 if is_listed else 2)
    if letter != "G" or passage.figures[index].year is None:
        return
    for other in (index - 1, index + 1, index + 2):
        is_growth = other in sentence and passage.letters[other] == "G"
        if not is_growth or "；" in passage.printing.between(index, other):
            continue
        if other < index and len(passage.subject(index)) > 1:
            continue
        if since := _COMPARED_YEAR.findall(passage.gaps[other]):
            years = (passage.figures[other].year or 0) - int(since[-1])
            yield from _over_years(Reading("yearly", index, (other,), 0, years))
    if len(levels) == 2 and named[1]:
        years = (passage.figures[levels[0]].year or 0) - int(named[1][-1])
        yield from _over_years(Reading("yearly", index, levels, 2, years))


def _over_years(one: Reading) -> Iterator[Reading]:
    """Yield a reading of so much a year, where it is over some years and not too many."""
    if 2 <= one.years <= _MOST_YEARS:
        yield one


def _apart(passage: Passage, index: int) -> Iterator[Reading]:
    """Yield the two levels before a figure that says how far they are apart: 缺口, 相差, 高于."""
    gap, one = passage.gaps[index], passage.figures[index]
    points = passage.letters[index] == "P"
    of_two = _APART.search(gap)
    if points and index and passage.bases[index - 1] and _MORE.fullmatch(gap):
        return  # 占15.32%，上年15.38%，低0.06个百分点: its direction is told
    sentence = passage.sentence(index)
    after = [i for i in (index + 1, index + 2) if i in sentence]
    is_after = bool(after) and passage.bases[after[0]] and passage.is_level(after[0], "SGA")
    if (
        len(after) > 1
        and is_after
        and _MOVED.search(gap)
        and _RISEN_TO.search(passage.gaps[after[1]])
        and not _AWAY.search(passage.between(index, after[1]))
    ):
        yield Reading("apart", index, (after[1], after[0]), 1)
    than = passage.bases[index - 1] if index > sentence[0] else False
    beside = [i for i in (index - 2, index - 1) if i >= sentence[0] and passage.is_level(i, "AS")]
    is_beside = len(beside) > 1 and not any(passage.bases[i] for i in beside)
    is_more = _HIGHER.search(gap) or ((than or is_beside) and _MORE.fullmatch(gap))
    if not (than or is_after) and _LAST_YEAR.search(passage.tails[index]):
        return  # 初中194所，比上年多2所: over a number that is not printed
    if not (of_two or is_more) or (passage.bases[index] and not is_after):
        return
    before = [
        i
        for i in range(max(sentence[0], index - 6), index)
        if passage.letters[i] in ("SG" if points else "Aa")
        and (points or passage.figures[i].dimension == one.dimension)
        and (passage.bases[i] or not _is_result_of_two(passage, i))
    ]
    before = _without_parts(passage, before)
    name = "points_apart" if points else "apart"
    of_stage = _THAN_STAGE.search(gap)
    if before and before[-1] == index - 1 and of_stage and not is_after:
        other = _of_other_stage(passage, before[-1], stage_named(of_stage["name"]))
        if other >= 0:
            yield Reading(name, index, (before[-1], other), 1)
            return
    named_base = _NAMED_BASE.search(gap)
    pair = before[-2:]
    name_of_base = named_base["name"] if named_base else ""
    is_named = any(passage.are_words_of(name_of_base[-4:], i) for i in pair)
    if len(pair) > 1 and not is_named:
        return
    if len(before) > 1:
        passed = index - before[-2] - 2
        penalty = 0 if than and is_more else 1
        remains = _REMAINING.search(gap) is not None
        goes_on = bool(after) and passage.is_level(after[0])
        goes_on = goes_on and passage.figures[after[0]].dimension == one.dimension
        penalty += 2 * (remains and (len(before) > 2 or goes_on))
        penalty = min(MASKS, penalty + min(2, passed))
        yield Reading(name, index, (before[-2], before[-1]), penalty)
    goes_with_next = len(after) > 1 and passage.letters[after[1]] in "CGP"  # 较上年的53人减少22人
    if before and is_after and not goes_with_next:
        yield Reading(name, index, (before[-1], after[0]), 1)


_THAN_STAGE = re.compile("比(?P<name>[^，。；\\d]{2,8})[高低多少][出了]*$")


def _of_other_stage(passage: Passage, index: int, stage: str) -> int:
    """Return the last figure before one of the same noun and of another stage; -1 if none is.

    小学生均场馆8.64平方米，…。初中生均场馆12.31平方米，比小学多3.67平方米.
    """
    one, noun = passage.figures[index], passage.noun(index)[-2:]
    for i in range(index - 1, max(-1, index - _FAR_STAGE), -1):
        other = passage.figures[i]
        same = (other.dimension, other.stage) == (one.dimension, stage) and passage.is_level(i)
        same = same and stage not in (COUNTY, one.stage) and not passage.bases[i]
        if same and len(noun) > 1 and noun in passage.noun(i):
            return i
    return -1


_FAR_STAGE = 20  # figures back to the same quantity of another stage


def _without_parts(passage: Passage, levels: list[int]) -> list[int]:
    """Return levels without the list that divides one: 教职工6433人，小学3499人，…；核定6747人."""
    sizes = [passage.figures[i].size for i in levels]
    for last in range(len(levels) - 1, 1, -1):
        for first in range(1, last):
            if sum(sizes[first : last + 1]) == sizes[first - 1]:
                return levels[:first] + levels[last + 1 :]
    return levels


_OF_TWO_GROWTHS = re.compile(
    r"(?P<one>[^，。；\d]{3,20}?)(?:增长|增幅|增速)(?:幅度|率)?(?:高于|低于|高出|[比较])"
    r"(?P<other>[^，。；\d]{3,20}?)(?:增长|增幅|增速)(?:幅度|率)?(?:[高低快慢](?:出|了)?)?$"
)
_FAR_GROWTHS = 12  # figures back to a growth that is named again


def _of_named_growths(passage: Passage, index: int) -> Iterator[Reading]:
    """Yield 教育经费增长高于经常性收入增长3.2个百分点 over the only growths of both before it."""
    named = _OF_TWO_GROWTHS.search(passage.gaps[index])
    if not named:
        return
    first = max(0, index - _FAR_GROWTHS)
    growths = [i for i in range(first, index) if passage.letters[i] == "G"]
    names = [core_of(name) for name in (named["one"], named["other"])]
    pairs = [[i for i in growths if _name_of_growth(passage, i, names) == name] for name in names]
    if all(len(some) == 1 for some in pairs):
        yield Reading("points_apart", index, (pairs[0][0], pairs[1][0]), 0)


def _name_of_growth(passage: Passage, index: int, names: list[str]) -> str:
    """Return the one of some names that a growth is of: of the level before it, or of the year's.

    同期财政经常性收入43862万元，增长2.16%: by its words a base, and none here.
    """
    before = [i for i in range(index - 1, -1, -1) if passage.is_level(i)]
    for i in (*before[:1], *[i for i in before if not passage.bases[i]][:1]):
        name = core_of(passage.figures[i].what)
        if of_level := next((one for one in names if name.endswith(one)), ""):
            return of_level
    return ""


def _is_result_of_two(passage: Passage, index: int) -> bool:
    """Say whether a figure says itself how far two others are apart."""
    return bool(_APART.search(passage.gaps[index]) or _HIGHER.search(passage.gaps[index]))


_REMAINING = re.compile("未[^，。；]{1,6}$")  # may be what more than one part leaves
_SOME_YEARS = re.compile(r"(?:^|[，近])([两二三四五六])年(?!均)")


def _is_of_share(passage: Passage, index: int) -> bool:
    """Say whether a growth is that of the share right before it: 占1.0%，比上年下降1.18%."""
    if passage.letters[index] != "G" or not index or passage.letters[index - 1] != "S":
        return False
    return passage.same_sentence(index - 1, index) and len(passage.subject(index)) < 2


def _is_of_another_scope(passage: Passage, index: int) -> bool:
    """Say whether the words make levels of print no base: 同口径, 可比价, GDP."""
    one = passage.figures[index]
    first = max(passage.begins[index], one.at - 90)
    return bool(NOT_BASE.search(passage.text[first : one.at] + passage.after(index, 6)))


def _of_pair(
    passage: Passage, index: int, inputs: tuple[int, int], penalty: int
) -> Iterator[Reading]:
    letter, (now, base) = passage.letters[index], inputs
    if letter == "G" and _YEARLY.search(passage.gaps[index]):
        years = (passage.figures[now].year or 0) - (passage.figures[base].year or 0)
        yield from _over_years(Reading("yearly", index, inputs, max(penalty, 1), years))
    elif letter in _FORMULA_OF:
        yield Reading(_FORMULA_OF[letter], index, inputs, penalty)
    elif penalty == 0 or re.search(r"(?:是|为|相当于|达到?)[^，。；]*$", passage.gaps[index]):
        yield Reading("quotient", index, inputs, penalty)


def _pairs(passage: Passage, index: int) -> Iterator[tuple[int, int, int]]:
    """Yield now, base and how doubtful it is that a result compares them."""
    yield from _of_lists(passage, index)
    is_listed = any(len(run) > 1 for run in passage.runs[index]) and _EACH.search(
        _list_gap(passage, index)
    )
    extra = MASKS if is_listed or _is_along_levels(passage, index) else 0
    letters = _LEVELS[passage.letters[index]]
    levels = _levels_near(passage, index, letters)
    for now, of_now in _nows(passage, index, levels):
        for base, of_base in _bases(passage, index, now, letters):
            if passage.figures[base].dimension != passage.figures[now].dimension:
                continue
            of_years = _years_apart(passage, index, now, base)
            is_other = OTHER in (of_now, of_base, of_years)
            penalty = min(MASKS, of_now + of_base + of_years + extra)
            yield now, base, OTHER if is_other else penalty


def _of_other_units(passage: Passage, index: int) -> Iterator[Reading]:
    """Yield 118人，上年92人，增长28.26个百分点, and 由97.9%到98.6%，提高0.7%."""
    if _EACH.search(_list_gap(passage, index)):
        return
    is_points = passage.letters[index] == "P"
    name, right = ("percent", "growth") if is_points else ("points_in_percent", "points")
    letters = "A" if is_points else "S"
    levels = _levels_near(passage, index, letters)
    for now, of_now in _nows(passage, index, levels):
        for base, of_base in _bases(passage, index, now, letters):
            one = Reading(right, index, (now, base))
            same = passage.figures[base].dimension == passage.figures[now].dimension
            penalty = of_now + of_base + _years_apart(passage, index, now, base)
            if penalty < 2 and same and status_of(passage.printing, one) != CONTRADICTS:
                yield Reading(name, index, (now, base), 0)
                return


def _list_gap(passage: Passage, index: int) -> str:
    first = min((run[0] for run in passage.runs[index]), default=index)
    return passage.gaps[first]


def _levels_near(passage: Passage, index: int, letters: str) -> list[int]:
    sentence = passage.sentence(index)
    near = range(max(sentence[0], index - _WINDOW), min(sentence[-1], index + 3) + 1)
    divided = passage.level_told_before(index)
    before = [divided] if divided >= 0 and letters == "A" else []
    return before + [i for i in near if i != index and passage.is_level(i, letters)]


def _nows(passage: Passage, index: int, levels: list[int]) -> Iterator[tuple[int, int]]:
    """Yield the levels that a result may be of, the nearest first, each with a penalty."""
    bases, passed, own = passage.bases, 0, (index - 1, index)
    is_beside = index > passage.sentence(index)[0] and len(passage.subject(index)) < 2
    if is_beside and passage.letters[index - 1] == "a":
        return  # 作业时间从6小时压至1小时，进出口总值超2808亿元，同比增长28%
    has_own = is_beside and passage.letters[index - 1] == "A" and not bases[index - 1]
    has_own = has_own and len({passage.depths[passage.figures[i].at] for i in own}) == 1
    compared = _COMPARED_YEAR.findall(passage.gaps[index])
    own_year = _YEAR.findall(passage.gaps[index]) if not compared else []
    for i in reversed([i for i in levels if i < index]):
        own_segment = passage.gaps[i].rpartition("；")[2]  # …，与2025年持平；安排A
        if bases[i] or set(_YEAR.findall(own_segment)) & set(compared):
            continue
        is_inner = passage.depths[passage.figures[i].at] > passage.depths[passage.figures[index].at]
        penalty = 2 * passed + 3 * is_inner  # a bracket that is closed before the result
        misfit = passage.misfit(index, i)
        is_listed = any(len(run) > 2 for run in passage.runs[i])
        if own_year and is_listed and passage.figures[i].year != int(own_year[-1]):
            misfit = MASKS  # 各年分别为A、B、C，其中2014年下降0.34%
        if has_own and i < index - 1 and (bases[i + 1] or passage.letters[i + 1] in "GC"):
            misfit = MASKS  # 小学A，比上年的B增长…，其中农村小学C，增长…: of C
        penalty += misfit
        is_divided = not passage.same_sentence(i, index)  # and named again
        if (passed or i + 1 < index) and not is_divided:
            penalty += len(_AWAY.findall(passage.between(i, index)))
        yield i, OTHER if misfit and penalty >= MASKS else min(MASKS, penalty)
        if not passage.figures[i].unit and passage.letters[i] == "A":
            break  # 2022年34095人，而2023年38463，增长4368人: of the number without a unit
        passed += not is_inner
        if passed > 2:
            break
    for i in [i for i in levels if i > index][:2]:
        if i == index + 1 and _REACHED.search(passage.gaps[i]):
            yield i, 0
        elif bases[i - 1] and i - 1 > index and _RISEN_TO.search(passage.gaps[i]):
            named = passage.subject(i - 1)
            is_other = has_own or len(named) > 1
            yield i, OTHER if is_other else 0 if i == index + 2 else 2


def _bases(passage: Passage, index: int, now: int, letters: str) -> Iterator[tuple[int, int]]:
    """Yield the levels that words or years make the base of a result, each with a penalty."""
    sentence = passage.sentence(index)
    for i in range(max(sentence[0], now - _BESIDE_NOW), min(sentence[-1], max(index, now) + 2) + 1):
        if i in (now, index) or not passage.is_level(i, letters):
            continue
        away = len(re.findall("；", passage.between(min(i, index), max(i, index))))
        if passage.bases[i] and i > index and _is_of_next(passage, i):
            yield i, OTHER  # 比上月的A高38%，比去年同期的B高35%
        elif passage.bases[i]:
            between = [
                k for k in range(min(i, now) + 1, max(i, now)) if passage.is_level(k, letters)
            ]
            is_of_all = i == index - 1 and _THAN_ALL.search(passage.gaps[i])
            other = 0 if now == i + 1 or is_of_all else passage.misfit(i, now)
            used = i < now and any(passage.letters[k] in "GCPD" for k in range(i + 1, now))
            used = used or any(passage.bases[k] for k in range(max(i, now) + 1, index))
            passed = 0 if now < i == index - 1 else len(between)
            other = other or any(k > index for k in between)  # it is the base of what follows
            yield i, OTHER if other else passed + away + 2 * used
        elif (years := _years_between(passage, i, now)) > 0:
            over = _SOME_YEARS.search(passage.gaps[index])
            away += passage.misfit_of_levels(i, now)
            yield i, (0 if years == 1 or over else 2) + (0 if abs(i - now) == 1 else 1) + away
        elif abs(i - now) < 3:
            yield i, OTHER if away else MASKS


def _is_along_levels(passage: Passage, index: int) -> bool:
    """Say whether a growth stands in a list right after one of levels."""
    return any(
        len(run) > 1 and run[0] and any(len(one) > 2 for one in passage.runs[run[0] - 1])
        for run in passage.runs[index]
    )


def _is_of_next(passage: Passage, base: int) -> bool:
    """Say whether a result follows a base in its own clause."""
    after = base + 1
    is_result = after < len(passage.figures) and passage.letters[after] in "GCDPNM"
    return is_result and passage.same_sentence(base, after) and "，" not in passage.gaps[after]


def _years_between(passage: Passage, base: int, now: int) -> int:
    """Return by how many years a level is before another, where the text names them; else 0."""
    one, other = passage.figures[base], passage.figures[now]
    if one.year is None or other.year is None:
        return 0
    listed = any(now in run for run in passage.runs[base])
    named = [_YEAR.findall(passage.gaps[i]) for i in (base, now)]
    is_named = listed or str(one.year) in named[0] or str(other.year) in named[1]
    return other.year - one.year if is_named else 0


# What is compared is the same quantity of all.
_THAN_ALL = re.compile("[比较于]全[国省市州县区](?:的?平均(?:水平|数|值)?)?的?$")
_PERIOD = re.compile(r"\d{1,2}月|[一二三四1-4]季度|[上下]半年|[春秋]季")
_BESIDE_NOW = 3  # figures back to a base that no name is needed for


def _years_apart(passage: Passage, index: int, now: int, base: int) -> int:
    """Return a penalty where a result is over another year than that of the base."""
    gap, of_base = passage.gaps[index], passage.gaps[base]
    figures = passage.figures
    periods = [_PERIOD.findall(passage.gaps[i]) for i in (base, now)]
    if periods[0] != periods[1] and not (periods[1] and "同期" in of_base):
        return OTHER if all(periods) else 2
    over, named = _YEAR.findall(gap), _YEAR.findall(of_base)
    is_pair = _PAIR.search(of_base)
    of_now = figures[base].year, figures[now].year
    if over and figures[base].year and int(over[-1]) not in of_now and (named or not is_pair):
        return OTHER
    over_last = _LAST_YEAR.search(gap) or "同比" in gap
    year = figures[now].year
    if some := _SOME_YEARS.search(gap):
        if year is None or figures[base].year is None:
            return 0 if passage.bases[base] and named else 2
        steps = year - (figures[base].year or 0)
        return 0 if steps in (NUMERALS[some[1]], NUMERALS[some[1]] - 1) else OTHER
    if over_last and named and (year is None or int(named[-1]) != year - 1):
        return 2 if year == int(named[-1]) else OTHER
    return 0


def _of_lists(passage: Passage, index: int) -> Iterator[tuple[int, int, int]]:
    """Yield the members of lists that stand as a result does in its own: 分别为A、B，上年为C、D."""
    letters = _LEVELS[passage.letters[index]]
    for run in passage.runs[index]:
        pairs = _bracketed_pairs(passage, letters, run[0])[-len(run) :]
        if len(pairs) == len(run) > 1:  # 小学A（上年B）、初中C（D），分别增长…
            yield *pairs[run.index(index)], 0
            continue
        lists = _lists_of_levels(passage, letters, len(run), index)
        nows = [one for one in lists if not passage.bases[one[0]]]
        bases = [one for one in lists if passage.bases[one[0]]]
        bases += [one for one in nows[1:] if not bases and _YEAR.search(passage.gaps[one[0]])]
        each = any(_EACH.search(passage.gaps[one[0]]) for one in (run, *lists))
        at = run.index(index)
        for base in bases:
            for now in nows:
                years = [passage.figures[one[at]].year for one in (base, now)]
                if now == base or (None not in years and years[0] > years[1]):
                    continue
                if now[0] < base[0] or _RISEN_TO.search(passage.gaps[now[0]]):
                    yield now[at], base[at], 0 if each else 1
    yield from _of_one_list(passage, index)


def _bracketed_pairs(passage: Passage, letters: str, until: int) -> list[tuple[int, int]]:
    """Return the levels of a sentence that have their base in a bracket after them."""
    return [
        (i - 1, i)
        for i in range(passage.sentence(until)[0] + 1, until)
        if passage.bases[i] and passage.gaps[i][:1] == "（"
        if passage.is_level(i, letters) and passage.is_level(i - 1, letters)
    ]


def _lists_of_levels(passage: Passage, letters: str, size: int, index: int) -> list[Run]:
    out: list[Run] = []
    sentence, far = passage.sentence(index), 4 * size + 4
    for i in range(max(sentence[0], index - far), min(sentence[-1], index + far) + 1):
        if not passage.is_level(i, letters):
            continue
        for run in passage.runs[i]:
            if len(run) == size and run not in out:
                out.append(run)
    return out


def _of_one_list(passage: Passage, index: int) -> Iterator[tuple[int, int, int]]:
    """Yield the neighbours of a list of years with growths: 2021—2023年分别为…，增长…."""
    letters = _LEVELS[passage.letters[index]]
    for run in passage.runs[index]:
        for size in (len(run), len(run) + 1):
            for levels in _lists_of_levels(passage, letters, size, index):
                years = [passage.figures[i].year for i in levels]
                steps = [b - a for a, b in pairwise(years) if a is not None and b is not None]
                at = run.index(index) + size - len(run)
                if len(steps) == size - 1 and set(steps) == {1} and at:
                    yield levels[at], levels[at - 1], passage.misfit(run[0], levels[0])


_PER_HEAD = re.compile("[人户亩生]均")
_SINCE_LAST = re.compile("环比|年初|(?:上年|去年)年?[末底]|上月|上季")


def _of_change(passage: Passage, index: int) -> Iterator[Reading]:
    """Yield how a growth follows from a level and the change beside it, or from change and base."""
    sentence, letters = passage.sentence(index), passage.letters
    kind = "more" if letters[index] == "N" else "growth"
    listed = [run for run in passage.runs[index] if _EACH.search(passage.gaps[run[0]])]
    changes = [
        i
        for i in range(max(sentence[0], index - 3), min(sentence[-1], index + 1) + 1)
        if i != index and (letters[i] == "C" or (letters[i] == "D" and "多" in passage.tails[i]))
    ]
    for change in changes:
        between = passage.between(min(change, index), max(change, index))
        passed = [
            i for i in range(min(change, index) + 1, max(change, index)) if letters[i] in "ACG"
        ]
        apart = 2 * len(passed) + passage.misfit(index, change)
        apart += len(_AWAY.findall(between)) + 2 * len(listed)
        if change > index:
            apart += 1
        over = [set(_YEAR.findall(passage.gaps[i])) for i in (index, change)]
        since = [bool(_SINCE_LAST.search(passage.gaps[i])) for i in (index, change)]
        to_last_year = bool(_LAST_YEAR.search(passage.gaps[index]))
        years = {str(passage.figures[index].year), str((passage.figures[index].year or 0) - 1)}
        is_other = over[0] and over[0] != over[1]
        is_other = is_other or (over[1] and not over[1] <= years and to_last_year)
        has_both = any("同比" in passage.gaps[i] for i in (index, change))
        is_other = is_other or (
            since[0] != since[1] and has_both
        )  # 较年初增加350亿元，同比增加7.2%
        per_head = [_PER_HEAD.search(passage.gaps[i]) for i in (index, change)]
        if per_head[0] and not (per_head[1] or _PER_HEAD.search(passage.figures[change].what)):
            continue  # 面积比上年增长222.5公顷，人均面积增长1.13%
        if is_other or any(_YEARLY.search(passage.gaps[i]) for i in (index, change)):
            continue
        levels = _levels_near(passage, change, "A")
        for now, of_now in _nows(passage, change, levels):
            is_passed = "其中" in passage.between(now, change)
            is_passed = is_passed and passage.same_sentence(now, change)
            is_passed = is_passed or "C" in (letters[k] for k in range(now + 1, change))
            penalty = OTHER if is_passed else min(MASKS, apart + of_now)
            yield Reading(f"{kind}_from_change", index, (now, change), penalty)
        for base in (change - 1, change + 1):
            if base in sentence and passage.is_level(base) and passage.bases[base]:
                yield Reading(f"{kind}_over_base", index, (change, base), min(MASKS, apart))
