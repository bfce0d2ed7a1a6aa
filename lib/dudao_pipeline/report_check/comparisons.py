"""Two figures of one quantity and what a text says of them: growth, change, points, multiples.

A base is named by the words before it (比上年的, 由, 上年为), by its year or its place in a list.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from dudao_pipeline.report_check.arithmetic import CONTRADICTS
from dudao_pipeline.report_check.contexts import COUNTY, stage_named
from dudao_pipeline.report_check.printing import NOT_BASE
from dudao_pipeline.report_check.readings import MASKS, OTHER, Reading, status_of
from dudao_pipeline.report_check.rules import pattern
from dudao_pipeline.report_check.structure import NUMERALS, TO, Passage, Run, core_of

_WINDOW = 9  # figures of a sentence before a result among which its levels are
_LEVELS = {"G": "A", "C": "A", "D": "A", "N": "A", "M": "A", "P": "SG"}
_REACHED = pattern("reached_gap")
_YEAR = re.compile(r"((?:19|20)\d{2})(?=年|学年)")
_COMPARED_YEAR = re.compile(r"(?:比|较|是|为|相当于|与)((?:19|20)\d{2})年")
_LAST_YEAR = pattern("last_year")
_YEARLY = re.compile(r"年均|平均每年|年平均|年递增|复合")
_SPAN = re.compile(
    r"(?P<from>(?:19|20)\d{2})年?\s*[-—~至到]+\s*(?P<to>(?:19|20)\d{2})年"
    r"|(?P<now>(?:19|20)\d{2})年(?:比|较|同|与)(?P<base>(?:19|20)\d{2})年"
)
_EACH = re.compile(r"分别|依次|各")
_AWAY = re.compile(r"其中|；")
_PAIR = re.compile(r"(?:由|从)[^，。；]*$")
_FROM = pattern("from_base")
_RISEN_TO = TO


def comparisons(passage: Passage) -> Iterator[Reading]:
    """Yield how each growth, change, point and multiple may follow from levels near it."""
    for index, letter in enumerate(passage.letters):
        if _BOTH_MOVED.search(passage.gaps[index]):
            continue  # 收入A，支出A，各增加B: over what is not printed
        if letter in "ACDG":
            yield from _evenly(passage, index)
        if letter in "ACD" and _RANKS.search(passage.gaps[index]):
            ranks = [i for i in (index - 2, index - 1) if i >= 0 and passage.letters[i] == "K"]
            if len(ranks) > 1 and passage.same_sentence(ranks[0], index):
                yield Reading("ranks_apart", index, (ranks[0], ranks[1]), 0)
        if "自然增长率" in passage.gaps[index]:
            rates = (index - 2, index - 1)
            words = [passage.gaps[i] for i in rates if i in passage.sentence(index)]
            if len(words) == 2 and "出生率" in words[0] and "死亡率" in words[1]:
                yield Reading("difference", index, rates, 0)
            continue
        if letter in "APCGS" and passage.figures[index].value:
            yield from _of_named_growths(passage, index)
        if letter in "APC" and passage.figures[index].value:
            yield from _apart(passage, index)
        if letter not in _LEVELS or passage.figures[index].value == 0:
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
_BOTH_MOVED = re.compile("[总合共]计各(?:增加|减少)?$")
_APART = pattern("apart_words")
_ENDS_OF_LIST = re.compile("首尾|最[高大多][^，。；]*最[低小少]")  # neither may be the last one
_HIGHER = pattern("higher_words")
_OPENED = re.compile(r"(?:高于|低于|多于|少于|比|较)[^，。；\d]{2,16}（$")
_HIGHER_THAN = re.compile(r"(?:高出|高于|低于|超出|多于|少于|超过)[^，。；\d]{2,16}$")
_MORE = re.compile("，?(?:高|低|多|少)(?:出|了|于)*")
_NAMED_BASE = re.compile(
    r"(?:高于|低于|快于|慢于|多于|少于|高出)(?P<name>[^，。；\d]{2,20}?)(?:增长|增幅|增速)?(?:幅度|率)?$"
)


_MOVED = re.compile(r"撤并|撤销|压减|取消|关停|整合|新建|新增|增加|减少")


_EVEN = pattern("yearly_even")
_EVEN_CHANGE = re.compile(r"(?:年均|平均每年|每年平均)净?(?:递增|递减|增加|减少|增|减|下降)了?$")


def _evenly(passage: Passage, index: int) -> Iterator[Reading]:
    """Yield 年均 of a list of years, of a growth over years, and of two years far apart."""
    gap, letter = passage.gaps[index], passage.letters[index]
    sentence = passage.sentence(index)
    if letter != "G" and _EVEN_CHANGE.search(gap):
        pair = [i for i in sentence if i < index and passage.is_level(i)][-2:]
        named = [_YEAR.search(passage.gaps[i]) for i in pair]
        if len(pair) == 2 and all(named):
            years = int(named[1][1]) - int(named[0][1])
            if 2 <= years <= 20:
                penalty = 0 if pair == [index - 2, index - 1] else 1
                yield Reading("yearly_change", index, (pair[1], pair[0]), penalty, years)
        return
    if not _EVEN.search(gap):
        return
    if letter == "A":
        runs = {run for i in sentence if i < index for run in passage.runs[i] if run[-1] < index}
        near = sorted(run for run in runs if index - run[-1] < 3 and len(run) > 1)
        for run in near[-1:]:
            is_listed = _EACH.search(passage.gaps[run[0]]) or "年" in passage.gaps[run[0]]
            yield Reading("mean", index, run, 1 if is_listed else 2)
    if letter != "G" or passage.figures[index].year is None:
        return
    later = (i for i in range(index + 1, index + 3) if i in sentence and passage.letters[i] == "G")
    other = next(later, -1)
    if other > 0 and "；" not in passage.between(index, other):
        since = _COMPARED_YEAR.findall(passage.gaps[other])
        years = (passage.figures[other].year or 0) - int(since[-1]) if since else 0
        if 2 <= years <= 20:
            yield Reading("yearly", index, (other,), 0, years)
    before = index - 1
    if before in sentence and passage.letters[before] == "G" and passage.figures[before].year:
        since = _COMPARED_YEAR.findall(passage.gaps[before])
        years = passage.figures[before].year - int(since[-1]) if since else 0
        if 2 <= years <= 20 and len(passage.subject(index)) < 2:
            yield Reading("yearly", index, (before,), 0, years)
    levels = [i for i in sentence if i < index and passage.is_level(i)][-2:]
    if len(levels) == 2 and re.search(_YEAR, passage.gaps[levels[1]]):
        named = int(_YEAR.findall(passage.gaps[levels[1]])[-1])
        years = (passage.figures[levels[0]].year or 0) - named
        if 2 <= years <= 20:
            yield Reading("yearly", index, (levels[0], levels[1]), 2, years)


def _apart(passage: Passage, index: int) -> Iterator[Reading]:
    """Yield the two levels before a figure that says how far they are apart: 缺口, 相差, 高于."""
    gap, one = passage.gaps[index], passage.figures[index]
    points = passage.letters[index] == "P"
    of_two = _APART.search(gap)
    if _ENDS_OF_LIST.search(gap):
        return
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
    if not gap and _HIGHER_THAN.search(passage.gaps[index - 1]) and index - 1 >= sentence[0]:
        levels = [
            i
            for i in range(max(sentence[0], index - 6), index - 1)
            if passage.letters[i].upper() == passage.letters[index - 1].upper()
            and passage.figures[i].dimension == passage.figures[index - 1].dimension
        ]
        if levels:
            name = "points_apart" if points else "apart"
            yield Reading(name, index, (levels[-1], index - 1), len(levels) > 1)
        return
    if gap == "）" and index - 2 >= sentence[0] and _OPENED.search(passage.gaps[index - 1]):
        name = "points_apart" if points else "apart"
        levels = (i for i in range(index - 2, sentence[0] - 1, -1) if _is_open(passage, i))
        yield Reading(name, index, (next(levels, index - 2), index - 1), 0)
        return
    is_more = _HIGHER.search(gap) or (than and _MORE.fullmatch(gap))
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
    if len({passage.letters[i].upper() for i in pair}) > 1:
        return
    name_of_base = named_base["name"] if named_base else ""
    is_named = any(passage.are_words_of(name_of_base[-4:], i) for i in pair)
    if len(pair) > 1 and not (is_named or _LAST_YEAR.search(name_of_base)):
        return
    if any(_EACH.search(passage.gaps[run[0]]) for run in passage.runs[index]):
        return
    if len(before) > 1 and not (is_after and passage.bases[index]):
        passed = index - before[-2] - 2
        penalty = 0 if than and is_more else 1
        remains = _REMAINING.search(gap) is not None
        goes_on = bool(after) and passage.is_level(after[0])
        goes_on = goes_on and passage.figures[after[0]].dimension == one.dimension
        penalty += 2 * (remains and (len(before) > 2 or goes_on))
        levels = [passage.figures[i].size for i in before[-2:]]
        penalty += MASKS if one.size > _MOST_APART * max(levels) else 0
        penalty = min(MASKS, penalty + min(2, passed))
        yield Reading(name, index, (before[-2], before[-1]), penalty)
        for i in before[:-2][-2:]:
            yield Reading(name, index, (i, before[-1]), OTHER)
    goes_with_next = len(after) > 1 and passage.letters[after[1]] in "CGP"  # 较上年的53人减少22人
    if before and is_after and passage.letters[index] != "C" and not goes_with_next:
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
    figures = passage.figures
    for last in range(len(levels) - 1, 1, -1):
        for first in range(last - 1, 0, -1):
            parts = levels[first : last + 1]
            added = sum(figures[i].size for i in parts)
            if added == figures[levels[first - 1]].size and passage.letters[parts[0]] == "A":
                return levels[:first] + levels[last + 1 :]
    return levels


def _is_open(passage: Passage, index: int) -> bool:
    """Say whether a figure is a level or growth outside of brackets."""
    return passage.letters[index] in "ASG" and not passage.depths[passage.figures[index].at]


_OF_TWO_GROWTHS = re.compile(
    r"(?P<one>[^，。；\d]{3,20}?)(?:增长|增幅|增速)(?:幅度|率)?(?:高于|低于|高出|[比较])"
    r"(?P<other>[^，。；\d]{3,20}?)(?:增长|增幅|增速)(?:幅度|率)?(?:[高低快慢](?:出|了)?)?$"
)
_FAR_GROWTHS = 12  # figures back to a growth that is named again


def _of_named_growths(passage: Passage, index: int) -> Iterator[Reading]:
    """Yield 教育经费增长高于经常性收入增长3.2个百分点 over the only growths of both before it."""
    named = _OF_TWO_GROWTHS.search(passage.gaps[index])
    is_points = passage.letters[index] == "P"
    if not named or not (is_points or passage.figures[index].dimension == "percent"):
        return
    first = max(0, index - _FAR_GROWTHS)
    growths = [i for i in range(first, index) if passage.letters[i] == "G"]
    names = [core_of(name) for name in (named["one"], named["other"])]
    pairs = [[i for i in growths if _name_of_growth(passage, i, names) == name] for name in names]
    if all(len(some) == 1 for some in pairs):
        one = Reading("points_apart", index, (pairs[0][0], pairs[1][0]), 0)
        if is_points:
            yield one
        elif status_of(passage.printing, one) != CONTRADICTS:
            yield Reading("points_in_percent", index, one.inputs, 0)


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
    stated = _APART.search(passage.gaps[index]) or _HIGHER.search(passage.gaps[index])
    follows = not passage.gaps[index] and index and _HIGHER_THAN.search(passage.gaps[index - 1])
    return bool(stated or follows)


_MOST_APART = 10  # 生均17平方米，规定20平方米，尚差10839平方米 is of all pupils
_REMAINING = re.compile("未[^，。；]{1,6}$")  # may be what more than one part leaves
_RANKS = re.compile(r"(?:前移|后移|上升|下降|提升|前进|后退|进位|跃升|提高)(?:了)?$")
_SOME_YEARS = re.compile(r"(?:^|[，近])([两二三四五六])年(?!均)")
_COUNTED_YEARS = re.compile(r"([两二三四五六])年(?:来|间)?(?:分别|依次|各)")


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
    if letter == "G":
        if _YEARLY.search(passage.gaps[index]):
            years = (passage.figures[now].year or 0) - (passage.figures[base].year or 0)
            if 2 <= years <= 20:
                yield Reading("yearly", index, inputs, max(penalty, 1), years)
            return
        yield Reading("growth", index, inputs, penalty)
    elif letter == "D":
        yield Reading("apart", index, inputs, penalty)
    elif letter == "C":
        yield Reading("difference", index, inputs, penalty)
    elif letter == "P":
        yield Reading("points", index, inputs, penalty)
    elif letter == "N":
        yield Reading("more", index, inputs, penalty)
    elif re.search(r"(?:是|为|相当于|达到?)[^，。；]*$", passage.gaps[index]) or penalty == 0:
        yield Reading("quotient", index, inputs, penalty)


def _pairs(passage: Passage, index: int) -> Iterator[tuple[int, int, int]]:
    """Yield now, base and how doubtful it is that a result compares them."""
    yield from _of_lists(passage, index)
    yield from _of_its_name(passage, index)
    is_listed = any(len(run) > 1 for run in passage.runs[index]) and _EACH.search(
        _list_gap(passage, index)
    )
    extra = MASKS if is_listed or _is_along_levels(passage, index) else 0
    letters = _LEVELS[passage.letters[index]]
    levels = _levels_near(passage, index, letters)
    for now, of_now in _nows(passage, index, levels):
        for base, of_base in _bases(passage, index, now, letters):
            if base == now or passage.figures[base].dimension != passage.figures[now].dimension:
                continue
            if passage.letters[base] != passage.letters[now]:
                continue
            of_years = _years_apart(passage, index, now, base)
            is_other = OTHER in (of_now, of_base, of_years)
            penalty = min(MASKS, of_now + of_base + of_years + extra)
            yield now, base, OTHER if is_other else penalty


def _of_its_name(passage: Passage, index: int) -> Iterator[tuple[int, int, int]]:
    """Yield 上线率63%；去年…，上线率60%，…，上线率提高3个百分点: the two that the result names.

    No other level of the sentence has the name; one of the two is a base.
    """
    name, letters = passage.subject(index), _LEVELS[passage.letters[index]]
    before = range(passage.sentence(index)[0], index)
    named = [i for i in before if passage.is_level(i, letters) and passage.subject(i) == name]
    if len(name) < 2 or len(named) != 2 or _EACH.search(passage.gaps[index]):
        return
    bases = [i for i in named if passage.bases[i]]
    if len(bases) == 1:
        now = named[1 - named.index(bases[0])]
        yield now, bases[0], 0


def _is_along_levels(passage: Passage, index: int) -> bool:
    """Say whether a growth stands in a list right after one of as many levels."""
    return any(
        len(run) > 2
        and run[0] >= len(run)
        and tuple(range(run[0] - len(run), run[0])) in passage.runs[run[0] - 1]
        for run in passage.runs[index]
    )


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
        if passage.letters[i] != "S" and passage.is_of_whole(i):
            continue  # 支出3.92亿元，占预算7.60亿元的51.6%，比上年3.75亿元多支出…
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
    figures = passage.figures
    for i in range(max(sentence[0], now - _BESIDE_NOW), min(sentence[-1], max(index, now) + 2) + 1):
        if i in (now, index) or not passage.is_level(i, letters):
            continue
        away = len(re.findall("；", passage.between(min(i, index), max(i, index))))
        has_own = i < sentence[-1] and _RISEN_TO.search(passage.gaps[i + 1])
        if now < index < i and has_own and _FROM.search(passage.tails[i]):
            yield i, OTHER  # 达到87%，比2015年提高6个百分点，另一比例由2015年的10%降到
        elif set(_YEAR.findall(passage.gaps[index])) & set(_YEAR.findall(passage.gaps[i])):
            yield i, away
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
            if i == now + 1 and _THAT_YEAR.fullmatch(passage.gaps[i]):
                yield i, 0
                continue
            over = _SOME_YEARS.search(passage.gaps[index])
            away += passage.misfit_of_levels(i, now)
            yield i, (0 if years == 1 or over else 2) + (0 if abs(i - now) == 1 else 1) + away
        elif abs(i - now) < 3:
            yield i, OTHER if away else MASKS
    one = figures[now]
    label = core_of(re.sub("(?:增加|增长|减少|下降|提高|增|降|达)(?:到|至)?$", "", one.what))
    over = _COMPARED_YEAR.findall(passage.gaps[index])
    year = int(over[-1]) if over else (one.year or 0) - 1
    is_named = len(label) > 2 and "、" not in passage.gaps[now]  # else of more than the last name
    for i in passage.by_name.get((label, one.stage, one.dimension), ()) if is_named else ():
        is_again = figures[i].size == one.size  # the same figure, told twice
        is_near = passage.same_sentence(i, index) and i > now - _BESIDE_NOW
        is_listed = "、" in passage.gaps[i]
        if figures[i].year == year and not (is_again or is_near or is_listed):
            far = passage.printing.line(i) != passage.printing.line(index)
            yield i, 0 if over else OTHER if far else 2


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
_THAT_YEAR = re.compile(r"，(?:19|20)\d{2}年(?:为|是|仅|只有)?")
_BESIDE_NOW = 3  # figures back to a base that no name is needed for
_PERIOD = re.compile(r"\d{1,2}月|[一二三四1-4]季度|[上下]半年|[春秋]季")


def _years_apart(passage: Passage, index: int, now: int, base: int) -> int:
    """Return a penalty where a result is over another year than that of the base."""
    gap, of_base = passage.gaps[index], passage.gaps[base]
    figures = passage.figures
    periods = [_PERIOD.findall(passage.gaps[i]) for i in (base, now)]
    if periods[0] != periods[1]:
        return OTHER if all(periods) else 2
    over, named = _YEAR.findall(gap), _YEAR.findall(of_base)
    is_pair = _PAIR.search(of_base)
    of_now = figures[base].year, figures[now].year
    compared = _COMPARED_YEAR.findall(gap)
    listed = any(len({figures[k].year for k in run}) > 1 for run in passage.runs[base])
    if compared and (named or listed) and figures[base].year not in (None, int(compared[-1])):
        return OTHER
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
    if over_last and is_pair and named:
        return 1
    return 0


def _of_lists(passage: Passage, index: int) -> Iterator[tuple[int, int, int]]:
    """Yield the members of lists that stand as a result does in its own: 分别为A、B，上年为C、D."""
    letters = _LEVELS[passage.letters[index]]
    for run in passage.runs[index]:
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


def _lists_of_levels(passage: Passage, letters: str, size: int, index: int) -> list[Run]:
    out: list[Run] = []
    for i in passage.sentence(index):
        if abs(i - index) > 4 * size + 4 or not passage.is_level(i, letters):
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
                counted = _COUNTED_YEARS.search(passage.gaps[levels[0]])
                is_counted = counted and NUMERALS[counted[1]] == size
                is_alike = len(set(years)) == 1
                if is_counted or (is_alike and _spans(passage, levels[0], size)):
                    years = list(range(size))
                elif is_alike:  # a second list beside one of years
                    years = next(iter(_years_of_list(passage, letters, size, index)), years)
                steps = [b - a for a, b in pairwise(years) if a is not None and b is not None]
                at = run.index(index) + size - len(run)
                if at == size - 1 and "月" in passage.gaps[levels[0]]:
                    continue  # 2021年、2022年和2023年1—6月分别为…
                if len(steps) == size - 1 and set(steps) == {1} and at and levels[0] < index:
                    yield levels[at], levels[at - 1], passage.misfit(run[0], levels[0])


def _spans(passage: Passage, first: int, size: int) -> bool:
    """Say whether words before a list name as many years as it has figures: 2021年至2023年."""
    at = passage.figures[first].at
    before = passage.text[passage.begins[first] : at]
    span = next(reversed(list(_SPAN.finditer(before))), None)
    return bool(span and span["from"] and int(span["to"]) - int(span["from"]) == size - 1)


def _years_of_list(
    passage: Passage, letters: str, size: int, index: int
) -> Iterator[list[int | None]]:
    for levels in _lists_of_levels(passage, letters, size, index):
        years = [passage.figures[i].year for i in levels]
        if len(set(years)) == size:
            yield years


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
        if since[0] != since[1] and any("同比" in passage.gaps[i] for i in (index, change)):
            continue  # 较年初增加350亿元，同比增加7.2%
        is_yearly = any(_YEARLY.search(passage.gaps[i]) for i in (index, change))
        if (over[0] and over[0] != over[1]) or is_yearly:
            continue
        years = {str(passage.figures[index].year), str((passage.figures[index].year or 0) - 1)}
        if (
            over[1]
            and not over[1] <= years
            and (_LAST_YEAR.search(passage.gaps[index]) or "同比" in passage.gaps[index])
        ):
            continue
        levels = _levels_near(passage, change, "A")
        for now, of_now in _nows(passage, change, levels):
            is_of_part = "其中" in passage.between(now, change)
            is_of_part = is_of_part and passage.same_sentence(now, change)
            is_of_part = is_of_part or "C" in (letters[k] for k in range(now + 1, change))
            penalty = OTHER if is_of_part else min(MASKS, apart + of_now)
            yield Reading(f"{kind}_from_change", index, (now, change), penalty)
        for base in (change - 1, change + 1):
            if base in sentence and passage.is_level(base) and passage.bases[base]:
                has_now = any(n != base for n, p in _nows(passage, change, levels) if p < 2)
                penalty = apart + (3 if has_now else 0)
                yield Reading(f"{kind}_over_base", index, (change, base), min(MASKS, penalty))
    for run in passage.runs[index]:
        for levels in _lists_of(passage, sentence, "C", len(run)):
            for level in _lists_of_levels(passage, "A", len(run), index):
                at = run.index(index)
                if not passage.bases[level[0]] and level[0] < index:
                    yield Reading(f"{kind}_from_change", index, (level[at], levels[at]), 1)


def _lists_of(passage: Passage, sentence: range, letter: str, size: int) -> list[Run]:
    runs = {run for i in sentence if passage.letters[i] == letter for run in passage.runs[i]}
    return sorted(run for run in runs if len(run) == size)
