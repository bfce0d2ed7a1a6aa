"""What no figures may do, whatever else is printed: parts above a whole, shares above all."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

from dudao_pipeline.report_check import arithmetic
from dudao_pipeline.report_check.arithmetic import (
    CONTRADICTS,
    FOLLOWS,
    RARE,
    WITHIN_ROUNDING,
    Printed,
)
from dudao_pipeline.report_check.contexts import COUNTY
from dudao_pipeline.report_check.figures import Figure
from dudao_pipeline.report_check.numbers import POINTS, SHARE
from dudao_pipeline.report_check.printing import (
    DOUBT,
    EQUAL,
    MYRIAD,
    QUALIFIER,
    RATIO_OF,
    SUM,
    Relation,
    plain_number,
)
from dudao_pipeline.report_check.rules import pattern, words
from dudao_pipeline.report_check.slips import SIGN
from dudao_pipeline.report_check.structure import (
    COLUMN_NOUN,
    NOUN_CLASSES,
    NUMERALS,
    Passage,
)

_NEVER_OVER = pattern("never_over_100")
_WITHIN = pattern("within_gap")
_SIDES = re.compile(
    r"(?:(?P<first>普|职|男)(?P<second>职|普|女)|性别比)[^，。；\d]{0,6}"
    r"(?P<left>\d+(?:\.\d+)?)[:：比](?P<right>\d+(?:\.\d+)?)"
)
_MANY_DIGITS = 3
_DIGITS = re.compile(r"[\d.,]+")


_NO_RATE = 1000.0  # percent: no share or rate is as high
_LOST_POINT = "漏印小数点"


def rates_over_100(passage: Passage) -> Iterator[Relation]:
    """Accuse 合格率108%: a rate of a part that no part exceeds; 毛入学率 and 完成率 may.

    Of two rates below 100 % no difference is above 100 points: 19.83%，低224个百分点.
    """
    for index, one in enumerate(passage.figures):
        near = [i for i in (index - 1, index - 2) if i >= 0 and passage.letters[i] == "S"]
        is_apart = one.kind == POINTS and abs(one.value) > 100 and one.is_exact and bool(near)
        is_high = one.kind == SHARE and one.value > _NO_RATE and one.decimals == 0
        is_rate = passage.gaps[index] in ("，", "、", "（")
        is_rate = is_rate or (is_high and "率" in passage.text[passage.begins[index] : one.at])
        if (is_high and is_rate) or is_apart:
            message = f"{one.shown}超出可能的范围；可能：{_LOST_POINT}"
            yield Relation((index,), QUALIFIER, CONTRADICTS, "不超过100", message, _LOST_POINT)
        over = one.dimension == "percent" and one.kind == SHARE and one.value > 100
        if over and _NEVER_OVER.search(passage.clause(index)):
            message = f"{one.what}不会超过100%，文中为{one.shown}"
            yield Relation((index,), QUALIFIER, CONTRADICTS, "不超过100%", message)


# What may be exceeded.
_NO_WHOLE = re.compile("均|每|计划|任务|目标|指数|系数|顺差|逆差|差额|利润|损益|收益|盈|上调|下调")
_ON_AVERAGE_UNITS = "小时", "天", "岁"  # of which a part may be above all
_MAY_BE_NEGATIVE = re.compile("净|利润|损益|收益|盈")


def parts_above_their_whole(passage: Passage) -> Iterator[Relation]:
    """Accuse 教职工1846人，其中专任教师1926人: of one noun, or with two digits exchanged."""
    figures = passage.figures
    for part in range(1, len(figures)):
        # 教职工155843人，比上年减少4444人；其中专任教师…: the change is passed over
        whole = part - 1 - (passage.letters[part - 1] in "CG" and part > 1)
        one, other = figures[part], figures[whole]
        is_pair = passage.is_level(part) and passage.is_level(whole) and not passage.bases[whole]
        is_pair = is_pair and not _NO_WHOLE.search(passage.tails[whole])
        is_pair = is_pair and one.unit not in _ON_AVERAGE_UNITS
        if "。" in passage.text_before(part) and any(
            figures[i].dimension == other.dimension and figures[i].size >= one.size
            for i in range(passage.sentence(whole)[0], whole)
        ):
            continue  # 林地A，非林地B。其中：有林地C: of the first
        same = (one.dimension, one.factor) == (other.dimension, other.factor)
        near = passage.same_sentence(whole, part) or "其中" in passage.gaps[part]
        is_pair = is_pair and same and near
        is_sub = "其中" in passage.gaps[part] and _is_kind_of(one.what, other.what)
        too_far = one.size > 2 * other.size and not is_sub
        if not is_pair or too_far or not _WITHIN.match(passage.gaps[part]):
            continue
        if (whole < part - 1 or passage.gaps[part].startswith("；")) and not is_sub:
            continue
        if one.size <= other.size:
            yield Relation((part, whole), QUALIFIER, FOLLOWS)
            continue
        exchanged = arithmetic.exchanged(one.printed) if _DIGITS.fullmatch(one.printed) else []
        slip = RARE[0] if any(value <= other.value for value in exchanged) else ""
        of_one_noun = one.what[-2:] == other.what[-2:] and "其中" in passage.gaps[part]
        of_one_noun = of_one_noun or ("其中" in passage.gaps[part] and one.dimension == "schools")
        of_one_noun = of_one_noun or is_sub
        is_sure = of_one_noun or (slip and len(one.printed) >= _MANY_DIGITS)
        status = CONTRADICTS if is_sure else DOUBT
        yield _above(part, whole, one, other, slip=slip, status=status)


def _above(
    part: int,
    whole: int,
    one: Figure,
    other: Figure,
    *,
    of: str = "",
    slip: str = "",
    status: str = CONTRADICTS,
) -> Relation:
    """Return the relation of a part that is above its whole; of: the stage that both are of."""
    message = f"{one.shown}是{of}{other.shown}的一部分，不会更多"
    message += f"；可能：{slip}" if slip else ""
    return Relation((part, whole), QUALIFIER, status, f"不超过{other.shown}", message, slip)


_KINDS_OF = (("教职工", "教职员工", "教职员", "职工"), ("专任教师", "教师", "教辅人员"))


def _is_kind_of(part: str, whole: str) -> bool:
    """Say whether what is counted is a kind of what a whole counts: teachers of staff."""
    wholes, parts = _KINDS_OF
    is_staff = any(kind in whole for kind in wholes) and any(kind in part for kind in parts)
    return is_staff or (len(whole) > 1 and part.endswith(whole))


_OF_IT = re.compile(
    r"(?:^|[，；])(?:其中[：，]?|(?P<name>[^，。；\d]{2,4})(?:人员|教师|学生)中，?)[^，。；\d]{0,14}$"
)
_MEMBER = re.compile(r"^(?:（[^（）]*）)?[、，][^，。；\d]{0,12}$")
_ROW = re.compile(r"^；[^，。；\d]{0,12}$")
_NO_MEMBER = re.compile("累计|共|合计|另|占|以上|新增|增加|减少|总|全|捐")
_OF_SOME = re.compile("实际|参加")
_TIMES = 4  # a part that is larger is of something else
_ALL_OF = 4  # figures back to the whole of 其中


def members_above_their_whole(passage: Passage) -> Iterator[Relation]:
    """Accuse 参加交流226人；其中校长19人，骨干教师248人: a member of a list above all of it.

    The whole is the nearest figure of the dimension before 其中; it counts nothing else.
    """
    figures = passage.figures
    for first in range(1, len(figures)):
        marked = _OF_IT.search(passage.gaps[first])
        if not marked or not passage.is_level(first):
            continue
        back = range(first - 1, max(-1, first - 1 - _ALL_OF), -1)
        of_kind = (i for i in back if figures[i].dimension == figures[first].dimension)
        depth = passage.depths[figures[first].at]
        beside = (i for i in of_kind if passage.depths[figures[i].at] == depth)
        levels = [i for i in beside if passage.letters[i] in "Aa"]
        noun = figures[first].what[-2:]
        named = (
            i
            for i in levels
            if figures[i].what[-2:] == noun and "；" not in passage.between(i, first)
        )
        whole = next(named, levels[0] if levels else -1)
        if whole < 0 or not _may_be_all(passage, whole, first):
            continue
        if figures[first].unit in _ON_AVERAGE_UNITS:
            continue
        if _NO_WHOLE.search(passage.tails[whole]):
            continue
        if _are_of_lists(passage, whole, first):
            continue
        if marked["name"] and not passage.are_words_of(marked["name"][-2:], whole):
            continue
        since = passage.sentence(whole)[0]
        like = (figures[i] for i in range(since, first) if passage.letters[i] == "A")
        dimension = figures[first].dimension
        larger = max((one.size for one in like if one.dimension == dimension), default=0.0)
        is_some = _OF_SOME.search(passage.gaps[whole])
        for part in _members(passage, first):
            one, other = figures[part], figures[whole]
            of_one_noun = part > first and one.what[-2:] == figures[first].what[-2:] != "教师"
            if not (is_some or of_one_noun) and one.size <= larger:
                continue  # 教职工225人，管理人员16人，其中高级教师41人
            near = other.size < one.size <= _TIMES * other.size
            if near and _counts_alike(passage, part, whole):
                yield _above(part, whole, one, other)


def _are_of_lists(passage: Passage, whole: int, first: int) -> bool:
    """Say whether 分别为1000人、800人，其中女生分别为480人、390人: each is of its own whole."""
    sizes = [{len(run) for run in passage.runs[i] if len(run) > 1} for i in (whole, first)]
    return bool(sizes[0] & sizes[1]) and "分别" in passage.gaps[first]


def _may_be_all(passage: Passage, whole: int, first: int) -> bool:
    follows = passage.gaps[first].startswith("其中")
    follows = follows and len(re.findall(r"[。！？\n]", passage.between(whole, first))) < 2
    near = passage.same_sentence(whole, first) or follows
    on_average = _ON_AVERAGE.search(passage.tails[whole])
    is_listed = passage.gaps[whole].startswith(("、", "和", "及"))  # 其中 may be of the list
    is_one = not passage.bases[whole] and not on_average and not is_listed
    return near and passage.is_level(whole) and is_one


def _members(passage: Passage, first: int) -> Iterator[int]:
    """Yield the figures of the list that begins with a figure, up to one that it divides again."""
    are_rows = "其中：" in passage.gaps[first]  # 其中：国税…，增长…；地税…，增长…
    for i in range(first, len(passage.figures)):
        is_member = _MEMBER.match(passage.gaps[i]) or (are_rows and _ROW.match(passage.gaps[i]))
        is_new = not is_member or _NO_MEMBER.search(passage.tails[i])
        begins = i > first and is_new and passage.letters[i] == "A"
        begins = begins or (i > first and not are_rows and "；" in passage.gaps[i])
        if begins or not passage.same_sentence(i, first):
            return
        same = passage.figures[i].dimension == passage.figures[first].dimension
        same = same and passage.is_level(i) and not passage.bases[i]
        if same and not _ON_AVERAGE.search(passage.tails[i]):
            yield i


def _counts_alike(passage: Passage, part: int, whole: int) -> bool:
    """Say whether nothing in the words of two figures says that they count different things."""
    names = [passage.label(i) + passage.figures[i].what for i in (part, whole)]
    kinds = [{NOUN_CLASSES.get(one, one) for one in COLUMN_NOUN.findall(name)} for name in names]
    return not kinds[0] or not kinds[1] or bool(kinds[0] & kinds[1])


def rises_above_their_level(passage: Passage) -> Iterator[Relation]:
    """Accuse 专任教师10410人，比上年增加5.4万人: no number rises by more than it is."""
    for index in range(1, len(passage.figures)):
        one = passage.figures[index]
        level = index - 1 - (passage.letters[index - 1] == "S" and index > 1)
        other = passage.figures[level]
        is_pair = passage.letters[index] == "C" and passage.is_level(level)
        is_pair = is_pair and not _MAY_BE_NEGATIVE.search(passage.tails[level])
        same = one.dimension == other.dimension and passage.same_sentence(level, index)
        compared = re.match(
            r"^，?[比较][^，。；\d]{0,4}(?:\d{4}年)?[^，。；\d]{0,4}$", passage.gaps[index]
        )
        same = same and "）" not in passage.between(level, index)
        if not (is_pair and same and compared):
            level = passage.level_told_before(index)
        other = passage.figures[level]
        if level >= 0 and one.value > 0 and one.size - one.step > other.size + other.step:
            shown = f"不超过{other.shown}"
            message = f"{other.shown}不会是增加{one.shown}之后的数"
            yield Relation((index, level), QUALIFIER, CONTRADICTS, shown, message)


_MOST_OF_OPTIONS = 130.0  # more than one may be chosen


def shares_of_all(passage: Passage) -> Iterator[Relation]:
    """Check 小学占46.2%，初中占28.7%，高中占25.1%: three and more shares that are all there is."""
    runs = {run for some in passage.runs for run in some} | {*_runs_of_ages(passage)}
    for run in sorted(runs):
        if len(run) < 3 or any(passage.letters[i] != "S" for i in run):
            continue
        at = passage.figures[run[0]].at
        is_counted = _COUNTED_SHARES.search(passage.text[max(0, at - 24) : at])
        wording = "占" in passage.gaps[run[0]] and all("占" in passage.gaps[i] for i in run)
        is_listed = bool(is_counted) and NUMERALS[is_counted[1]] == len(run)
        if not wording and not is_listed:
            continue
        given = [passage.printing.number(i) for i in run]
        added = sum(one.value for one in given)
        whole = Printed(100.0, sum(one.half for one in given))
        if abs(added - 100) <= whole.half + 1e-9:
            yield Relation(run, SUM, WITHIN_ROUNDING, "100%")
            continue
        slip = arithmetic.likely_slip(arithmetic.total, given, whole, within_rounding=())
        is_over = is_listed and whole.half < added - 100 < _MOST_OF_OPTIONS - 100
        if is_over or _are_all_ages(passage, run):
            message = f"{passage.printing.shown(*run)}之和为{plain_number(added)}%，应为100%"
            yield Relation(run[::-1], SUM, CONTRADICTS, "100%", message)
            continue
        exact = slip and abs(added - given[slip[1]].value + slip[2] - 100) < 1e-6
        if slip and exact and slip[0] == RARE[0] and (added > 100 or len(run) > 3):
            doubt = run[slip[1]]
            message = f"{passage.printing.shown(*run)}之和为{plain_number(added)}%；可能：{slip[0]}"
            members = (doubt, *(i for i in run if i != doubt))
            yield Relation(members, SUM, CONTRADICTS, "100%", message, slip[0])


_COUNTED_SHARES = re.compile(
    r"([三四五六七八])[项类个种段][^，。；\d]{0,6}占比?(?:分别|依次)[为是]$"
)


def _runs_of_ages(passage: Passage) -> Iterator[tuple[int, ...]]:
    """Yield the shares of one sentence that each stand after an age: 31—40岁占27.3%."""
    some: list[int] = []
    for index in range(len(passage.figures) + 1):
        is_end = index == len(passage.figures)
        is_age = not is_end and re.search("岁[^，。；]{0,4}占(?:比)?$", passage.gaps[index])
        is_next = some and not is_end and passage.same_sentence(some[-1], index)
        if some and not (is_age and is_next):
            yield tuple(some)
            some = []
        if is_age and passage.letters[index] == "S":
            some.append(index)


def _are_all_ages(passage: Passage, run: Sequence[int]) -> bool:
    """Say whether shares are those of ages without a gap: 30岁及以下, 31—40岁, 41岁及以上."""
    words_of = [re.split("[，；：]", passage.gaps[i])[-1] for i in run]
    ages = [re.findall(r"(\d{2})(?=岁|[-—－～~至])", one) for one in words_of]
    ends = "以下" in words_of[0] and "以上" in words_of[-1]
    if not ends or not all(ages):
        return False
    return all(int(after[0]) - int(before[-1]) in (0, 1) for before, after in pairwise(ages))


_BASES = (1, 100)  # what a ratio is to: 84:100, 1.2:1; other sides make up a round number together


def ratios_of_two_sides(passage: Passage) -> Iterator[Relation]:
    """Check 普通高中2544人，中职2256人，普职比5.3:4.7, where the ratio itself is no figure."""
    places = [one.at for one in passage.figures]
    for match in _SIDES.finditer(passage.text):
        first, last = match.start() - 89, match.start()
        before = range(bisect_left(places, first), bisect_left(places, last))
        levels = [i for i in before if passage.is_level(i) and not passage.bases[i]]
        levels = [i for i in levels if not re.search("合计|共计|总计", passage.tails[i])]
        first, second = match["first"] or "男", match["second"] or "女"
        names = {i: passage.figures[i].what + passage.figures[i].stage for i in levels}
        if not match["first"]:
            names = {i: passage.label(i) for i in levels}  # 男8470人、女7626人
        sides_of = [
            [i for i in levels if one in names[i] and other not in names[i].replace(one, "", 1)]
            for one, other in ((first, second), (second, first))
        ]
        if not all(sides_of):
            continue
        one, other = (some[-1] for some in sides_of)
        figures = passage.figures[one], passage.figures[other]
        nouns = {names[i].removesuffix(passage.figures[i].stage)[-2:] for i in (one, other)}
        if len(nouns) > 1 and abs(one - other) > 1:
            continue
        left, right = float(match["left"]), float(match["right"])
        if not (left and right) or figures[0].dimension != figures[1].dimension:
            continue
        half = 0.5 * 10.0 ** -len(match["left"].partition(".")[2])
        sides = [Printed(value, half) for value in (left, right)]
        low, high = arithmetic.span(arithmetic.quotient, sides)
        value, whole = figures[0].size / figures[1].size, left + right
        given = [passage.printing.printed(i) for i in (one, other)]
        least, most = arithmetic.span(arithmetic.quotient, given)
        if low <= most and least <= high:
            yield Relation((one, other), RATIO_OF, FOLLOWS)
            continue
        decimals = max(1, len(match["left"].partition(".")[2]))
        if right in _BASES:
            expected = f"{value * right:.{decimals}f}:{match['right']}"
        else:
            sides_right = value / (1 + value) * whole, whole / (1 + value)
            expected = ":".join(f"{side:.{decimals}f}" for side in sides_right)
        shown = passage.printing.shown(one, other)
        message = f"{shown}之比为{expected}，文中为{match['left']}:{match['right']}"
        digits = len(match["left"].replace(".", ""))
        is_sure = digits > 3 or abs(value - left / right) > 0.02 * value
        status = CONTRADICTS if is_sure else DOUBT
        yield Relation((one, other), RATIO_OF, status, expected, message)


def parts_of_persons(passage: Passage) -> Iterator[Relation]:
    """Accuse 招生64.46万人，比上年减少1.06人: no part of a person is counted; a 万 is lost.

    A figure of the line before it is in 万, too.
    """
    figures = passage.figures
    for index, one in enumerate(figures):
        is_part = one.dimension in _PERSONS and one.factor == 1 and one.decimals > 0
        if not is_part or _ON_AVERAGE.search(passage.clause(index)):
            continue
        line = passage.printing.line(index)
        near = (i for i in range(index - 1, max(-1, index - _NEAR_PERSONS), -1))
        like = (i for i in near if figures[i].dimension == one.dimension)
        before = next((i for i in like if figures[i].factor == MYRIAD), -1)
        if before >= 0 and passage.printing.line(before) == line:
            expected = f"{one.printed}万{one.unit}"
            message = f"{one.unit}数不会有小数，前文以{figures[before].unit}计；可能：单位漏印“万”"
            members = (index, before)
            yield Relation(members, EQUAL, CONTRADICTS, expected, message, RARE[1])


_PERSONS = ("persons", "person_times")

_NEAR_PERSONS = 8  # figures back to one in 万


def kinds_above_their_noun(passage: Passage) -> Iterator[Relation]:
    """Accuse more of a kind than there are: 标准化小学275所 of 小学270所, 寄宿生 of 在校生.

    Of one stage and year for which the text prints one number of all.
    """
    for nouns in words().kinds:
        counted = [
            i
            for i, one in enumerate(passage.figures)
            if passage.is_level(i)
            and one.dimension == nouns.dimension
            and not passage.bases[i]
            and (one.stage != COUNTY or one.dimension != "schools")
        ]
        names = {i: passage.noun(i) for i in counted}
        kinds = {i for i in counted if nouns.kinds.search(names[i])}
        wholes: dict[tuple, list[int]] = {}
        for i in counted:
            one = passage.figures[i]
            is_all = nouns.all.fullmatch(names[i]) and not nouns.kinds.search(passage.words_of(i))
            if i not in kinds and is_all:
                wholes.setdefault((one.stage, one.year), []).append(i)
        for part in sorted(kinds):
            one = passage.figures[part]
            if passage.depths[one.at]:
                continue  # 九年一贯制学校12所（其中城区2所）: of the figure before the bracket
            some = wholes.get((one.stage, one.year), [])
            if len({passage.figures[i].size for i in some}) != 1:
                continue
            whole = passage.figures[some[0]]
            if whole.size < one.size <= 2 * whole.size:
                yield _above(part, some[0], one, whole, of=one.stage)


_TURNS = re.compile(
    r"^[^，。；\d（）]{0,6}?"
    r"(?:(?P<up>增加|增长|扩大|上升|提高|增)|(?P<down>减少|下降|降低|缩小|缩减|减|降))(?:到|至|为)$"
)
_FROM = re.compile("[由从][^，。；]{0,12}$")
_LESS_IS_BETTER = re.compile(
    "系数|差异|辍学|流失|失学|班额|生师比|师生比|差距|死亡|发生率|违法|近视"
)


def turns_against_their_words(passage: Passage) -> Iterator[Relation]:
    """Accuse 由396人扩大到375人: the number falls where its words say that it rises."""
    for index in range(1, len(passage.figures)):
        one, before = passage.figures[index], passage.figures[index - 1]
        turn = _TURNS.match(passage.gaps[index])
        are_levels = all(passage.is_level(i, "AS") for i in (index - 1, index))
        same = (one.unit, one.kind) == (before.unit, before.kind)
        if not (turn and are_levels and same and _FROM.search(passage.gaps[index - 1])):
            continue
        falls = one.size < before.size
        if falls and "提高" in turn[0] and _LESS_IS_BETTER.search(one.what):
            continue  # 差异系数由0.45提高到0.38: made better
        if one.size != before.size and falls == bool(turn["up"]):
            message = f"由{before.shown}到{one.shown}，是{'下降' if falls else '上升'}，与文字不符"
            yield Relation((index, index - 1), QUALIFIER, CONTRADICTS, "", message, SIGN)


_ON_AVERAGE = re.compile("均|每|比(?![上去])|率|班额|标准|指数|价格|单价")

RULES = (
    rates_over_100,
    turns_against_their_words,
    kinds_above_their_noun,
    parts_of_persons,
    parts_above_their_whole,
    members_above_their_whole,
    rises_above_their_level,
    shares_of_all,
    ratios_of_two_sides,
)
