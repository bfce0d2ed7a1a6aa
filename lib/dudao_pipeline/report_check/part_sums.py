"""Totals and their parts: brackets, 其中, lists before 合计, sentences before 累计.

A list is read as the whole of its total as far as its words say so: different parts of one family,
nothing left out, no part narrowed. What its words leave open the slip must make up for.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise, takewhile

from dudao_pipeline.report_check import arithmetic
from dudao_pipeline.report_check.arithmetic import FOLLOWS
from dudao_pipeline.report_check.contexts import COUNTY
from dudao_pipeline.report_check.figures import Figure
from dudao_pipeline.report_check.readings import (
    MASKS,
    Reading,
    repeats_its_total,
    status_of,
)
from dudao_pipeline.report_check.rules import HAN, Family, pattern, words
from dudao_pipeline.report_check.structure import (
    AT_LEAST,
    COLUMN_NOUN,
    NOUN_CLASSES,
    NUMERALS,
    UNREAD,
    Passage,
    core_of,
    family_of,
    group_of,
    is_narrow,
    is_summable,
    leaves_nothing_out,
)

_NEW_SUBJECT = pattern("new_subject")
_MARK = pattern("parts_mark")
_TOGETHER = pattern("together")
_BODIES = ("schools", "pieces", "institutions", "teaching_points")
_MEASURED = ("square_metres", "mu")
_FOR_EACH = re.compile("每[人生名校班所年月]|[人生校班]均|平均")  # what is no part of a total
# 人数前三的学院; not 学前三年, not 最低生活保障
_LARGEST_ONLY = re.compile(r"(?<!学)前[两二三四五六七八九十\d](?!年)|最[多高大低少小](?!生活)")
_LONGEST = 24  # figures of a list
NOTE, AGAIN = "分项之和", "上文分项之和"


@dataclass(frozen=True)
class _List:
    """A list that may be all of a total; `penalty`: of its mark; `more` may go on with it."""

    total: int
    parts: tuple[int, ...]
    penalty: int
    is_before: bool = False
    is_closed: bool = False
    more: tuple[int, ...] = ()


def totals(passage: Passage) -> Iterator[Reading]:
    """Yield how totals may be the sums of the lists around them."""
    seen: set[tuple[int, ...]] = set()
    held: list[Reading] = []
    rules = (_inside_brackets, _after_mark, _before_total, _closed_by_words)
    for one in chain.from_iterable(rule(passage) for rule in rules):
        if _has_a_rough_part(passage, one):
            continue  # 新生1.32万人，其中小学…人、幼儿园约2000人
        key = (one.total, *one.parts)
        if len(one.parts) + len(one.more) < 2 or key in seen:
            continue
        if not passage.are_of_one_column(one.total, one.parts):
            continue
        seen.add(key)
        for reading in _readings(passage, one):
            yield reading
            is_list = reading.penalty < MASKS and len(reading.inputs) > 1
            if is_list and status_of(passage.printing, reading) == FOLLOWS:
                held.append(reading)
    yield from _beside(passage)
    yield from _totals_again(passage, held)
    yield from _divided_again(passage)
    yield from _of_segments_before(passage)
    yield from _of_segments_after(passage)
    yield from _of_like_segments(passage)


_IN_ALL = re.compile(
    r"(?:(?:以上|上述|各[^，。；\d]{0,4}|全[县市区州省]|[两二三四五六七八]项)?(?:总计|合计|共计|相加|合起来)"
    r"|(?:以上|上述)[两二三四五六七八各]?项?共)，?[^，。；\d]{0,10}"
)


def _of_segments_before(passage: Passage) -> Iterator[Reading]:
    """Yield 小学12万元、1271人；初中31万元、3426人。总计43万元、4697人: of what ； parts.

    The first figure of its unit in each segment before; all columns where one of them adds up.
    """
    segments = _segments(passage)
    for at, segment in enumerate(segments[2:], 2):
        total = segment[0]
        begins = total == passage.sentence(total)[0]
        if not _IN_ALL.fullmatch(passage.gaps[total].lstrip("；，")):
            continue
        sentence = passage.sentence(total - 1 if begins else total)
        parts = [some for some in segments[:at] if some[0] in sentence]
        while parts and _first_like(passage, total, parts[0]) < 0:
            parts.pop(0)  # what leads to the list
        columns = _columns(passage, segment, parts)
        if columns and columns[0].result == total:
            yield from columns


_DIVIDED_AS = re.compile(r"[分按][^，。；：\d]{1,8}(?:看|统计|划分)?[：，]\s*[^，。；：\d]{0,10}")


def _of_segments_after(passage: Passage) -> Iterator[Reading]:
    """Yield 资助5400人次、61万元。分学段看：小学1300人次、17万元；…: the total of each column.

    The totals are those of the sentence before that stand before 其中.
    """
    figures = passage.figures
    segments = _segments(passage)
    for at, segment in enumerate(segments[1:], 1):
        first = segment[0]
        sentence = passage.sentence(first)
        gap = passage.text[figures[first - 1].until : figures[first].at].lstrip("，。；\n")
        if not _DIVIDED_AS.fullmatch(gap) or first != sentence[0]:
            continue
        parts = [some for some in segments[at:] if some[0] in sentence]
        before = passage.sentence(first - 1)[0]
        if _DIVIDED_AS.match(passage.gaps[before]):
            continue  # 按学段分，小学…；按来源分，…: they are of what both divide
        whole = takewhile(lambda i: "其中" not in passage.gaps[i], passage.sentence(first - 1))
        if len(parts) > 2:
            yield from _columns(passage, whole, parts)


def _of_like_segments(passage: Passage) -> Iterator[Reading]:
    """Yield 招生2010人，初中1407人、高中603人；毕业生…，初中…、高中…: divided as others are.

    Of one line; two of them at least add up exactly, to totals of three digits and more.
    """
    alike: dict[tuple, list[Reading]] = {}
    for total, *others in _segments(passage):
        one = passage.figures[total]
        depth = passage.depths[one.at]
        outer = [i for i in others if passage.depths[passage.figures[i].at] <= depth]
        parts = tuple(takewhile(lambda i, one=one: _is_like(passage.figures[i], one), outer))
        if len(parts) > 1 and is_summable(one):
            key = passage.printing.line(total), tuple(passage.tails[i] for i in parts)
            alike.setdefault(key, []).append(Reading("total", total, parts, 0, note=NOTE))
    for some in alike.values():
        held = [
            one
            for one in some
            if len(passage.figures[one.result].printed.strip("0")) >= _TOLD
            and status_of(passage.printing, one) == FOLLOWS
        ]
        if len(held) > 1:
            yield from some


def _is_like(part: Figure, total: Figure) -> bool:
    return is_summable(part) and part.dimension == total.dimension


def _columns(
    passage: Passage, totals: Iterable[int], parts: Sequence[Sequence[int]]
) -> list[Reading]:
    """Return totals over the first figure of their unit in each part, sure where one adds up."""
    out = []
    for total in totals:
        members = [_first_like(passage, total, part) for part in parts]
        is_total = is_summable(passage.figures[total]) and passage.letters[total] == "A"
        if is_total and len(members) > 1 and min(members) >= 0:
            out.append(Reading("total", total, tuple(members), 1, note=NOTE))
    if any(status_of(passage.printing, one) == FOLLOWS for one in out):
        return [replace(one, penalty=0) for one in out]
    return out


def _segments(passage: Passage) -> list[list[int]]:
    """Return the figures between full stops and semicolons."""
    out: list[list[int]] = []
    for index in range(len(passage.figures)):
        since = passage.figures[index - 1].until if index else 0
        if not out or re.search("[；。！？\n]", passage.text[since : passage.figures[index].at]):
            out.append([])
        out[-1].append(index)
    return out


def _first_like(passage: Passage, total: int, segment: Sequence[int]) -> int:
    """Return the first figure of a segment that a total may add up; -1 if it has none."""
    one, figures = passage.figures[total], passage.figures
    like = (
        i
        for i in segment
        if is_summable(figures[i]) and passage.letters[i] == "A" and not passage.bases[i]
        if one.dimension == figures[i].dimension
        or {one.dimension, figures[i].dimension} < {*_BODIES}
    )
    return next(like, -1)


def _has_a_rough_part(passage: Passage, one: _List) -> bool:
    """Say whether a list goes on, or is broken, by a figure of its unit that is not exact."""
    figures = passage.figures
    if one.is_before or not one.parts:
        return False
    until = min(one.parts[-1] + 2, len(figures))
    return any(
        not figures[i].is_exact
        and figures[i].dimension == figures[one.total].dimension
        and re.match("[，、和]", passage.gaps[i])
        and passage.same_sentence(i, one.parts[0])
        for i in range(one.parts[0] + 1, until)
        if i not in one.parts
    )


def changes_of_parts(passage: Passage) -> Iterator[Reading]:
    """Yield the change of a total over those of its parts, where these are parts by their levels.

    考生57915人，增加7158人。应届52414人，增加6653人，往届5501人，减少505人.
    """
    figures, letters = passage.figures, passage.letters

    def is_pair(i: int, like: Figure) -> bool:
        return (
            i + 1 < len(figures)
            and (letters[i], letters[i + 1]) == ("A", "C")
            and figures[i].dimension == figures[i + 1].dimension == like.dimension
        )

    for total, one in enumerate(figures):
        if not is_pair(total, one):
            continue
        for first in range(total + 2, min(len(figures), total + _LONGEST)):
            added, i = 0.0, first
            while is_pair(i, one) and added + figures[i].size <= one.size:
                added += figures[i].size
                i += 2
            if i > first + 2 and added == one.size:
                yield Reading("total", total + 1, tuple(range(first + 1, i, 2)), 0, note=NOTE)


_ADDED_THING = re.compile(r"增加[^，。；\d]{2,8}$")  # 增加经费拨款51万元
_MAINLY = re.compile("主要是|其中|主要原因|包括")


def changes_of_uses(passage: Passage) -> Iterator[Reading]:
    """Yield 支出减少18.23万元，主要是基本支出增加91.32万元，项目支出减少73.09万元: signed sums.

    Of uses that leave nothing out; of others only where one sign or an exchange of digits is amiss.
    """
    figures, letters = passage.figures, passage.letters
    for total in range(len(figures) - 2):
        if letters[total] != "C":
            continue
        first = total + 1 + (letters[total + 1] == "G")  # 增加66人，增长2.1%，其中…
        together = _TOGETHER.search(passage.gaps[total])
        if first > len(figures) - 2 or not (together or _MAINLY.search(passage.gaps[first])):
            continue
        later = range(first, min(len(figures), first + _LONGEST))
        parts = tuple(
            takewhile(
                lambda i, total=total: (
                    (letters[i] == "C" or _ADDED_THING.search(passage.tails[i]))
                    and figures[i].dimension == figures[total].dimension
                    and passage.same_sentence(i, total)
                ),
                later,
            )
        )
        if len(parts) < 2:
            continue
        labels = [passage.label(i) for i in parts]
        family = family_of(labels)
        stage = figures[total].stage
        is_whole = family is not None and leaves_nothing_out(family, labels, stage)
        yield Reading("total", total, parts, 0 if is_whole else 3, note=NOTE)


_AGAIN = re.compile(r"(?:上述|以上|照此|按此|据此)[^。；\d]{0,30}$")


def _totals_again(passage: Passage, held: Sequence[Reading]) -> Iterator[Reading]:
    """Yield the totals of later sentences that are of the parts of an earlier one: 上述…总数为."""
    for index, one in enumerate(passage.figures):
        gap = passage.gaps[index]
        if not _is_total(passage, index) or not _AGAIN.search(gap) or not _TOGETHER.search(gap):
            continue
        for sum_ in (one for one in held if len(one.inputs) > 2):
            same = passage.figures[sum_.result].dimension == one.dimension
            near = 0 < index - max(sum_.members) < 12
            if same and near and passage.printing.line(index) == passage.printing.line(sum_.result):
                yield Reading("total", index, sum_.inputs, 0, note=AGAIN)


_BY = re.compile(r"(?:^|[，；：])[^，。；：\d]{0,6}按[^，。；：\d]{1,8}[分看]，?[^，。；]{0,10}$")


def _divided_again(passage: Passage) -> Iterator[Reading]:
    """Yield 学生5846人，按来源分，…，…；按学段分，小学4129人，初中1771人: of one total."""
    figures, total = passage.figures, -1
    for index, one in enumerate(figures):
        if not index or not _BY.search(passage.gaps[index]):
            continue
        if total < 0 or not passage.same_sentence(total + 1, index):
            is_of = _is_total(passage, index - 1) and (
                passage.same_sentence(index - 1, index)
                or sum(figures[i].size for i in _listed_from(passage, index))
                == figures[index - 1].size
            )
            total = index - 1 if is_of else -1
            continue
        parts = _listed_from(passage, index)
        are_parts = all(is_summable(figures[i]) for i in parts) and len(parts) > 1
        if are_parts and one.dimension == figures[total].dimension:
            yield Reading("total", total, tuple(parts), 0, note=NOTE)


def _listed_from(passage: Passage, first: int) -> list[int]:
    """Return the figures of one unit that follow each other with nothing but their names."""
    figures, parts = passage.figures, [first]
    for i in range(first + 1, len(figures)):
        goes_on = passage.same_sentence(i, first) and re.match("[，、和]", passage.gaps[i])
        if not goes_on or figures[i].dimension != figures[first].dimension:
            break
        parts.append(i)
    return parts


_MOST_OF_TWO = 1.5  # times a total that two parts add up to; more are one within the other
_TOLD = 3  # digits of a total that a list beside it adds up to hardly by chance


def _beside(passage: Passage) -> Iterator[Reading]:
    """Yield sums of the figures right after and right before one, whatever the words between them.

    Only those that hold: that figures near each other are a slip apart from a sum, chance does.
    """
    figures = passage.figures
    for index, one in enumerate(figures):
        digits = len(re.sub(r"\D", "", one.printed).strip("0"))
        if not _is_total(passage, index) or digits < _TOLD or passage.bases[index]:
            continue
        for step in (1, -1):
            run: list[int] = []
            added, slack = 0.0, one.step
            for i in range(index + step, index + step * 40, step):
                if not 0 <= i < len(figures) or len(run) == _LONGEST:
                    break
                if passage.printing.line(i) != passage.printing.line(index):
                    break
                if not _is_beside(passage, i, index, run):
                    continue
                if figures[i].size > _limit(one, figures[i]):
                    if run:
                        break
                    continue  # 全市教职工99750人，其中专任教师76413人
                run.append(i)
                added += figures[i].size
                slack += figures[i].step
                if len(run) > 1 and abs(added - one.size) <= slack + 1e-9 * added:
                    parts = tuple(sorted(run))
                    is_sum = passage.columns(index, parts) is None
                    is_sum = is_sum and not _are_siblings(passage, index, parts)
                    if is_sum and passage.are_of_one_column(index, parts):
                        yield Reading("total", index, parts, MASKS, note=NOTE)
                    break


def _is_beside(passage: Passage, index: int, total: int, run: Sequence[int]) -> bool:
    """Say whether a figure may be a part of one near it, with the others that are, by its kind."""
    depth, least = (passage.depths[passage.figures[i].at] for i in (index, total))
    return (
        passage.letters[index] == passage.letters[total]
        and passage.figures[index].dimension == passage.figures[total].dimension
        and not passage.bases[index]
        and not _FOR_EACH.search(passage.tails[index])
        and depth >= least
        and (not run or depth == passage.depths[passage.figures[run[0]].at])
        and (index == total + 1 or "其中" not in passage.gaps[index])  # it divides another
    )


_OTHERS = re.compile("^[，、；和及（]?(?:其他|其它|其余)")


def _closed_by_words(passage: Passage) -> Iterator[_List]:
    """Yield the lists right after a figure that words close.

    其他 ends it, 按…分 begins it, or it is all of one family.
    """
    figures = passage.figures
    for total in range(len(figures) - 2):
        if not _is_total(passage, total) or passage.bases[total]:
            continue
        is_other = figures[total + 1].dimension != figures[total].dimension
        first = total + 1 + is_other  # 学生642人，占三成。由…三部分构成
        parts: list[int] = []
        for i in range(first, min(len(figures), first + _LONGEST)):
            goes_on = i == first or passage.is_plain_list((i,))
            if not goes_on or not _is_beside(passage, i, total, parts):
                break
            parts.append(i)
        some = tuple(parts)
        if (
            len(some) > 1
            and _are_closed(passage, total, some)
            and not _are_siblings(passage, total, some)
        ):
            yield _List(total, some, 2)


def _are_closed(passage: Passage, total: int, parts: tuple[int, ...]) -> bool:
    """Say whether words say that a list right after a figure is all of it."""
    first, last = parts[0], parts[-1]
    if _is_said_to_be_all(passage, parts):
        return True
    same = passage.same_sentence(total, last)
    if _DIVIDED_AS.fullmatch(passage.gaps[first].lstrip("，。；")):
        return same
    is_member = passage.gaps[first].startswith(("、", "和", "及", "；"))
    if is_member or not passage.is_plain_list((first,)):
        return False
    labels = [passage.label(i) for i in parts]
    family, stage = family_of(labels), passage.figures[total].stage
    is_whole = family is not None and leaves_nothing_out(family, labels, stage)
    return bool(_OTHERS.search(passage.tails[last])) or (same and is_whole)


def _limit(total: Figure, part: Figure) -> float:
    """Return the size that no part exceeds, also where the total has lost its 万."""
    return max(total.size, total.value * part.factor) if total.dimension == "money" else total.size


_OF_STAGES = re.compile("中小学|义务教育|基础教育|高中阶段|各级各类")


def _are_siblings(passage: Passage, total: int, parts: tuple[int, ...]) -> bool:
    """Say whether a figure is a member of the list that may divide it, or of its kind."""
    words_before = passage.tails[total]
    if _TOGETHER.search(words_before) or _COUNT_OF_PARTS.search(words_before):
        return False
    labels = [passage.label(i) for i in (total, *parts)]
    if core_of(labels[0]) in map(core_of, labels[1:]):
        return True  # 中央资金 of one fund among those of the next
    family = family_of(labels[1:])
    if family and leaves_nothing_out(family, labels[1:]) and not group_of(family, labels[0]):
        return False  # 学生38624人，男生20391人，女生18233人
    nouns = {passage.after(i)[:2] for i in (total, *parts)}
    counted = [COLUMN_NOUN.findall(passage.tails[i]) for i in (total, *parts)]
    kinds = {NOUN_CLASSES.get(some[-1], some[-1]) for some in counted if some}
    if counted[0] and len(kinds) > 1 and passage.figures[total].dimension == "persons":
        return True
    loose = passage.figures[total].dimension in ("pieces", "entries", "items") and len(nouns) > 1
    if _OF_STAGES.search(labels[0]):
        return loose
    return loose or family_of(labels) is not None


def _readings(passage: Passage, one: _List) -> Iterator[Reading]:
    """Yield a list as it stands, and, to mask an accusation, what else it may be read as."""
    everyone = (*one.parts, *one.more)
    if _is_said_to_be_all(passage, everyone):
        yield Reading("total", one.total, everyone, 0, note=NOTE, needs_all=True)
        return
    if _leaves_out_its_last(passage, one):
        yield Reading("total", one.total, one.parts, 0, note=NOTE, needs_all=True)
        return
    if len(one.parts) > 1:
        penalty = _penalty(passage, one)
        if not one.more or _is_over(passage, one.total, one.parts):
            yield Reading("total", one.total, one.parts, penalty, note=NOTE)
        else:
            yield Reading("total", one.total, one.parts, min(MASKS, penalty + 1), note=NOTE)
    labels = [passage.label(i) for i in everyone]
    goes_on = bool(one.parts) and bool(one.more) and family_of(labels) is not None
    for size in range(2, len(everyone) + 1):
        if size == len(everyone) and goes_on:
            penalty = min(MASKS, _penalty(passage, replace(one, parts=everyone, more=())) + 1)
            yield Reading("total", one.total, everyone, penalty, note=NOTE)
        elif size != len(one.parts):
            shorter = size < len(one.parts) and one.is_before
            some = everyone[-size:] if shorter else everyone[:size]
            yield Reading("total", one.total, some, MASKS, note=NOTE)


_IS_ALL = re.compile("(?:等?[两二三四五六七八九十]个?(?:部分|方面|项|类|者))?(?:组成|构成|之和)")


def _is_said_to_be_all(passage: Passage, parts: Sequence[int]) -> bool:
    """Say whether words after a list say that it is all: 由…三部分构成, 即…、…、…之和."""
    is_list = len(parts) > 1 and parts[-1] - parts[0] == len(parts) - 1
    if not is_list or any(re.search("[；。]", passage.gaps[i]) for i in parts[1:]):
        return False
    is_begun = re.search("由|即|是|为", passage.gaps[parts[0]])
    return bool(is_begun and _IS_ALL.match(passage.after(parts[-1])))


def _is_over(passage: Passage, total: int, parts: Sequence[int]) -> bool:
    added = sum(passage.figures[i].size for i in parts)
    return added > passage.figures[total].size * (1 + 1e-9)


def _adds_to(passage: Passage, index: int, total: Figure) -> bool:
    """Say whether a figure may be a part of a total: 教学点15个 of 学校73所, too."""
    one = passage.figures[index]
    if not is_summable(one) or _FOR_EACH.search(passage.tails[index]):
        return False
    if one.dimension == total.dimension:
        return True
    if one.dimension not in _BODIES or total.dimension not in _BODIES:
        return False
    if total.dimension == "pieces" and not _BODY.search(total.what):
        return False  # 学位 are no sum of schools
    if total.what.endswith("班") and one.dimension == "schools":
        return False
    return bool(re.search(r"教学点|校|园|[小中]学|[初高]中|机构|中心$", passage.gaps[index][-8:]))


_BODY = re.compile("校|园|教学点|办学点|网点|机构|中心|班")
_OPENS = re.compile(rf"（|[{HAN}]{{2,8}}（(?!\d)")  # 教师731人（…, 171个党支部（其中…


def _inside_brackets(passage: Passage) -> Iterator[_List]:
    """Yield the figure before a bracket and those in it: 教师731人（学前350人，小学381人）."""
    figures, text = passage.figures, passage.text
    for index, one in enumerate(figures):
        opened = _OPENS.match(text, one.until)
        if not _is_total(passage, index) or not opened:
            continue
        depth = passage.depths[opened.end() - 1]
        later = range(index + 1, len(figures))
        inside = takewhile(lambda i, depth=depth: passage.depths[figures[i].at] >= depth, later)
        parts = tuple(
            i
            for i in inside
            if passage.depths[figures[i].at] == depth
            and _adds_to(passage, i, one)
            and ")" not in passage.between(index, i)
        )
        close = text.find("）", opened.end())
        parts = tuple(i for i in parts if "）" not in _bare(passage.between(index, i)))
        if parts and close >= 0:
            is_open = "其中" in passage.text[opened.start() : figures[parts[0]].at]
            yield _List(index, parts, 2 if is_open else 1, is_closed=True)


def _bare(between: str) -> str:
    """Return a text without the brackets that it closes itself, two deep."""
    inner = re.sub(r"（[^（）]*）", "", between[between.find("（") + 1 :])
    return re.sub(r"（[^（）]*）", "", inner)


def _is_total(passage: Passage, index: int) -> bool:
    one = passage.figures[index]
    if _CONVERTED.search(passage.tails[index]):
        return False
    return is_summable(one) or (passage.letters[index] == "C" and one.value > 0)


_CONVERTED = re.compile("折合|折算|标准人")  # parts count with a weight


def _after_mark(passage: Passage) -> Iterator[_List]:
    """Yield totals before 其中 (or a colon) with the figures of their dimension after it."""
    figures, depths = passage.figures, passage.depths
    for index in range(1, len(figures)):
        since = figures[index - 1].until
        gap = passage.text[max(since, figures[index].at - 60) : figures[index].at]
        penalty = _mark(passage, index, gap)
        if penalty is None or depths[figures[index].at] > depths[max(0, since - 1)]:
            continue
        for total in _totals_before(passage, index - 1):
            parts, more = _collect(passage, index, figures[total])
            columns = passage.columns(total, (*parts, *more))
            if columns is not None:
                yield from (_List(total, some, penalty) for some in columns)
                continue
            for some in _lists_in(passage, total, parts):
                later = more if some == parts else ()
                yield _List(total, some, penalty, more=later)


def _mark(passage: Passage, index: int, gap: str) -> int | None:
    """Return how doubtful it is that parts begin here; None where nothing says so."""
    if match := _MARK.search(gap):
        return {"sure": 1, "open": 2, "colon": 1, "among": 2}[match.lastgroup or "open"]
    is_total = passage.letters[index - 1] != "S" and _TOGETHER.search(passage.gaps[index - 1])
    if is_total and re.match(r"^，[^，。；\d]{1,12}$", gap):
        return 2
    return None


def _totals_before(passage: Passage, last: int) -> list[int]:
    """Return the nearest figure of each noun and dimension before a mark, outside of brackets.

    Of one dimension, a second noun counts that has the length of the first: 占地面积, 建筑面积.
    """
    figures, depths = passage.figures, passage.depths
    out: dict[tuple, int] = {}
    depth = depths[figures[last + 1].at] if last + 1 < len(figures) else 0
    for i in range(last, max(-1, last - 8), -1):
        if not _reaches(passage, i, last) or len(out) > 2:
            break
        one = figures[i]
        is_change = passage.letters[i] == "C" and len(passage.subject(i)) < 2
        is_of_level = is_change and any(passage.is_level(k) for k in range(max(0, i - 2), i))
        is_total = _is_total(passage, i) and not passage.bases[i] and not is_of_level
        if depths[one.at] <= depth and is_total:
            measured = one.dimension if one.dimension not in _MEASURED else one.what[-4:]
            out.setdefault((one.dimension, measured), i)
        if i < last and "其中" in passage.gaps[i + 1]:
            break
    return list(out.values())


def _reaches(passage: Passage, i: int, last: int) -> bool:
    return passage.same_sentence(i, last) and "；" not in passage.between(i, last)


def _collect(
    passage: Passage, first: int, total: Figure
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the figures after a mark that may be parts of a total, and those that may follow.

    What a further 其中 divides is skipped up to the next ；.
    """
    figures, depths = passage.figures, passage.depths
    depth = depths[figures[first].at]
    opened = passage.gaps[first].rpartition("（")
    if opened[1] and _MARK.search(opened[0]) and "）" not in opened[2]:
        depth -= 1  # 分三类：一类（每月300元）482人
    parts: list[int] = []
    more: list[int] = []
    nested = ended = False
    for i in range(first, min(len(figures), first + 40)):
        if i > first and not passage.same_sentence(i, first):
            is_of_year = figures[i].year in (None, figures[first].year)
            if not is_of_year or re.search(r"[。！？]|；\s*\n", passage.between(first, i)):
                break
        if depths[figures[i].at] != depth or not _adds_to(passage, i, total) or passage.bases[i]:
            continue
        gap = passage.gaps[i]
        if parts and nested and "；" not in passage.between(parts[-1], i):
            continue
        nested = bool(parts) and bool(re.search("其中|包括", gap.rpartition("；")[2]))
        if nested:
            continue
        tail = re.split(r"[，；。]", gap)[-1]
        if _NUMBERED.match(tail):
            parts.append(i)
            continue
        lead = re.split(r"[，；。]", passage.gaps[parts[0]])[-1] if parts else ""
        labels = [passage.label(k) for k in (*parts, i)]
        new = _NEW_SUBJECT.search(tail) and not _NEW_SUBJECT.search(lead)
        if parts and new and family_of(labels) is None:
            plain = re.fullmatch(r"[，、；和][^，。；：\d]{1,10}", gap) and not _BEGINS.search(tail)
            ended = ended or not plain or family_of(labels[:-1]) is not None
        is_other = parts and _OTHER_TOTAL.search(tail) and family_of(labels) is None
        ended = ended or bool(_BESIDES.search(tail)) or bool(is_other)
        (more if ended else parts).append(i)
    return tuple(parts), tuple(more)


_NUMBERED = re.compile("[①-⑳]")
_BEGINS = re.compile(
    "新增|占|同比|[比较]上年|全[县市区省州国]|我县|另有|此外|还有|另外|同时|共有|现有|拥有|招生|毕业|升学|退休"
)
_OTHER_TOTAL = re.compile("(?:负债|支出|总量|总值|产值)(?:总额)?(?:为|达到?)?$|净资产")
_BESIDES = re.compile(r"^(?:另外?有|另外|另设|此外|还有|不含)")


def _lists_in(passage: Passage, total: int, parts: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Return the lists that may divide a total: all; those of its noun; those that ； parts.

    占地面积A，建筑面积B，其中小学占地面积C，建筑面积D: each divides the total of its own noun.
    """
    figures = passage.figures
    noun = figures[total].what[-4:]
    same = tuple(i for i in parts if figures[i].what[-4:] == noun)
    if figures[total].dimension in _MEASURED and 1 < len(same) < len(parts):
        return [same]
    lists: list[list[int]] = []
    for i in parts:
        if not lists or "；" in passage.gaps[i]:
            lists.append([])
        lists[-1].append(i)
    firsts = tuple(one[0] for one in lists)
    some = [tuple(one) for one in lists if 1 < len(one) < len(parts)]
    if some and 1 < len(firsts) < len(parts):
        some.append(firsts)
    family = _first_family(passage, total, parts)
    if 1 < len(family) < len(parts):
        some.append(family)
    return [parts, *some]


def _first_family(passage: Passage, total: int, parts: tuple[int, ...]) -> tuple[int, ...]:
    """Return the first parts that divide a whole completely, where all together divide none.

    Also those of one family that are more than it: 教师45人，高级教师20人，一级教师35人，本科10人.
    """
    labels, stage = [passage.label(i) for i in parts], passage.figures[total].stage
    if family_of(labels) is not None:
        return parts
    for size in range(len(parts) - 1, 1, -1):
        last = family_of(labels[-size:])
        if last and leaves_nothing_out(last, labels[-size:], stage):
            return parts[-size:]
        family = family_of(labels[:size])
        kept, left = ({label[-2:] for label in some} for some in (labels[:size], labels[size:]))
        is_whole = family and leaves_nothing_out(family, labels[:size], stage) and not kept & left
        if is_whole or (family and _is_over(passage, total, parts[:size])):
            return parts[:size]
    return parts


def _before_total(passage: Passage) -> Iterator[_List]:
    """Yield a list and the total after it: 中央1240万元，省级655万元，合计1895万元."""
    figures = passage.figures
    for index in range(2, len(figures)):
        one = figures[index]
        gap = passage.text[max(figures[index - 1].until, one.at - 40) : one.at]
        gap = gap or passage.text_before(index - 1)
        explicit = _TOGETHER.search(gap) or _ADDED_UP.match(gap)
        is_share = passage.letters[index] == "S" and explicit
        if not (_is_total(passage, index) or is_share) or re.search(r"[。！？\n]", gap):
            continue
        if not explicit and not re.match(r"^，[^，。；\d、]{2,10}$", gap):
            continue
        parts = _list_before(passage, index)
        if len(parts) < 2 or any(figures[i].size > _limit(one, figures[i]) for i in parts):
            continue
        if any(_SO_FAR.search(passage.tails[i]) for i in (*parts, index)) and len(parts) < 3:
            continue  # 新创建5所，累计达到17所；…累计32所
        if len({m[0] for i in parts if (m := _FLOWS.search(passage.tails[i]))}) > 1:
            continue  # 总收入2.7亿元，总支出2.2亿元，当期结余0.5亿元，累计结余3.4亿元
        if _ADDED_TO.search(passage.gaps[parts[0]]):
            yield from _with_what_they_add_to(passage, index, parts)
            continue
        stopped = parts[0] > 0 and not _starts_list(passage, parts[0])
        if explicit:
            bare = _BARE_TOTAL.match(gap)
            penalty = (0 if bare and _is_plain(passage, parts) else 1) + (2 if stopped else 0)
            yield _List(index, parts, penalty, is_before=True, is_closed=True)
        elif len(parts) > 2 and "其中" not in passage.gaps[parts[0]] and not stopped:
            labels = [passage.label(i) for i in parts]
            family = family_of(labels)
            if family and leaves_nothing_out(family, labels) and group_of(family, gap) is None:
                yield _List(index, parts, 2, is_before=True, is_closed=True)


_ADDED_UP = re.compile("^(?:之?后)，[^，。；\\d]{0,6}总(?:计|[收支财])[^，。；\\d]{0,4}$")
_ADDED_TO = re.compile("(?:^|[，；])(?:再)?加上?[^，。；]*$")


def _with_what_they_add_to(passage: Passage, total: int, parts: tuple[int, ...]) -> Iterator[_List]:
    """Yield 支出12.4亿元，增长3%。加上上解支出1.2亿元，…，支出总计…: with each figure before.

    The first of them is most likely what the list is added to.
    """
    first = parts[0]
    begin = passage.sentence(first)[0]
    begin = passage.sentence(begin - 1)[0] if begin == first > 0 else begin
    penalty = 2
    for i in range(begin, first):
        same = passage.printing.line(i) == passage.printing.line(first)
        if same and _adds_to(passage, i, passage.figures[total]):
            yield _List(total, (i, *parts), penalty, is_before=True, is_closed=True)
            penalty = MASKS


_EACH = re.compile("分别|依次")
_SO_FAR = re.compile("累计")
_FLOWS = re.compile("收入|支出|[结节]余")
_BARE_TOTAL = re.compile(
    r"^[，；](?:全[县市区省州旗])?(?:[两二三四五六各](?:项|者|校|类|部分))?(?:合计|共计|总计|共)(?:支出|收入|投入|安排)?(?:为|达到?)?$"
)
_PLAIN_PART = re.compile(r"^[，、][^，。；：（）\d]{1,16}$")
_ADDED = re.compile(r"增加|减少|其中|增长|下降|比上年|累计|共|含|以上")


def _is_plain(passage: Passage, parts: tuple[int, ...]) -> bool:
    names = [passage.figures[i].what for i in parts]
    gaps = [passage.gaps[i] for i in parts[1:]]
    if _EACH.search(passage.gaps[parts[0]]):
        return True
    plain = all(_PLAIN_PART.match(gap) and not _ADDED.search(gap) for gap in gaps)
    return plain and len(set(names)) == len(names)


def _stands_beside(passage: Passage, index: int) -> bool:
    """Say whether nothing stands between a figure and the one before or after it."""
    after = index + 1 < len(passage.figures) and not passage.text_before(index + 1).strip("、")
    return after or (index > 0 and not passage.text_before(index).strip("、"))


def _list_before(passage: Passage, index: int) -> tuple[int, ...]:
    figures, one = passage.figures, passage.figures[index]
    parts: list[int] = []
    for i in range(index - 1, max(-1, index - _LONGEST) - 1, -1):
        if i < 0 or (figures[i].kind == "change" and one.kind != "change"):
            break
        if figures[i].dimension != one.dimension and _stands_beside(passage, i):
            continue  # 春季352人36.18万元，秋季341人34.9万元，共693人71.08万元
        if passage.bases[i] and not passage.bases[index]:
            break
        like = passage.letters[i] == passage.letters[index] == "S" or _adds_to(passage, i, one)
        if not like or passage.depths[figures[i].at] != passage.depths[one.at]:
            break
        parts.insert(0, i)
        here = passage.gaps[i] or passage.text_before(i - 1)
        steps = len(re.findall(r"[，、；]", re.sub(r"（[^（）]*）", "", here)))
        if re.search(r"[。！？\n]|其中|共|合计|分别|包括", here) or (
            i and not passage.same_sentence(i - 1, i)
        ):
            break
        if steps != 1 and not re.fullmatch(r"\s*[和与及]", here):
            break
    return tuple(parts)


def _starts_list(passage: Passage, index: int) -> bool:
    """Say whether a figure is the first of a list: nothing of its sentence is counted before."""
    figures = passage.figures
    other = index == 0 or figures[index - 1].dimension != figures[index].dimension
    since = figures[index - 1].until if index else 0
    return other or bool(
        re.search(r"[。；！？\n：]|其中|包括|分别|依次", passage.text[since : figures[index].at])
    )


_AGES = re.compile(
    r"(?P<below>\d{2})\s*(?:周?岁)?及?以下|(?P<low>\d{2})\s*[-—~至]+\s*(?P<high>\d{2})\s*周?岁"
    r"|(?P<above>\d{2})\s*(?:周?岁)?及?以上"
)


def _are_all_ages(passage: Passage, parts: Sequence[int]) -> bool:
    """Say whether the parts are ages that follow each other without a gap, from 以下 to 以上."""
    spans: list[tuple[int, int]] = []
    for index in parts:
        ages = list(_AGES.finditer(passage.gaps[index]))
        if len(ages) != 1:
            return False
        one = ages[0]
        low = int(one["low"] or one["above"] or 0)
        spans.append((low, int(one["high"] or one["below"] or 99)))
    spans.sort()
    joined = all(0 <= after[0] - before[1] <= 1 for before, after in pairwise(spans))
    return len(spans) > 2 and joined and spans[0][0] == 0 and spans[-1][1] == 99


_SPAN_OF_YEARS = re.compile(r"((?:19|20)\d{2})年?\s*[-—－–~至到]+\s*((?:19|20)\d{2})年")
_SOME_YEARS = re.compile(r"(?:近|过去|连续|前)?([两二三四五六])年(?:来|间|累计|共|合计)")
_COUNT_OF_PARTS = re.compile(  # not 三级教师
    "([三四五六七八])(?:个|项|类|批|块|段|渠道|组|方面|部分|者|路|种|级(?=财政|政府|[投配承安补资]|经费))"
)


def _are_all_years(passage: Passage, total: int, parts: Sequence[int]) -> bool:
    """Say whether 三年累计6530万元 is that of 2021年、2022年、2023年, and of no other."""
    figures = passage.figures
    years = [figures[i].year for i in parts]
    around = passage.text[
        max(0, figures[min(total, parts[0])].at - 40) : figures[max(total, parts[-1])].at
    ]
    named = [int(year) for year in re.findall(r"((?:19|20)\d{2})(?=年|—|-|、)", around)]
    if any(year is None for year in years) or not {years[0], years[-1]} <= set(named):
        return False
    if any(after - before != 1 for before, after in pairwise([year or 0 for year in years])):
        return False
    at = figures[total].at
    before = re.split(r"[。；\n]", passage.text[max(0, at - 40) : at])[-1]
    span, some = _SPAN_OF_YEARS.search(before), _SOME_YEARS.search(before)
    is_span = span and (int(span[1]), int(span[2])) == (years[0], years[-1])
    return bool(is_span or (some and NUMERALS[some[1]] == len(years)))


_BROKEN_OFF = re.compile(r"[，、][^，、\d]{1,16}\d+\.\d+\s*")  # its unit is on the next page
_FEW = 0.25  # of all schools: what a list by kind may leave out
_OPEN_LIST = re.compile(r"(?<![中高初])等(?!职)|主要|包含|含|不足|左右|另")
_NARROW_BY_NATURE = (
    "城乡",
    "资金来源",
    "性别",
    "职称",
    "办别",
    "招聘",
    "编制",
    "在岗",
    "科类",
    "支出科目",
    "收入科目",
    "年龄",
    "住宿",
)


def _penalty(passage: Passage, one: _List) -> int:
    """Return how doubtful it is that a list is all of its total, from 0."""
    figures, total, parts = passage.figures, passage.figures[one.total], one.parts
    labels = [passage.label(i) for i in parts]
    some_years = _SOME_YEARS.search(passage.tails[one.total])
    if some_years and NUMERALS[some_years[1]] != len(parts):
        return MASKS
    over = _is_over(passage, one.total, parts)
    added = sum(figures[i].size for i in parts)
    limit = max(_limit(total, figures[i]) for i in parts)
    most = 2.0 if len(parts) > 2 else _MOST_OF_TWO
    of_size = any(added / most <= size <= 2 * added for size in (total.size, limit))
    if not of_size or any(figures[i].size > limit for i in parts):
        return 2 if of_size or (one.is_before and one.is_closed) else 3
    if _are_all_ages(passage, parts):
        return 0
    if _are_all_years(passage, one.total, parts):
        return 2 if re.search("和|及|新增|追加", passage.tails[one.total]) else 0
    if "占地" in passage.words_of(one.total) and any("建筑" in label for label in labels):
        return MASKS  # what is built may have more storeys
    gaps = "".join(passage.gaps[i] for i in parts)
    if UNREAD.search(gaps) or _LARGEST_ONLY.search(gaps) or _are_of_list(passage, one):
        return MASKS
    family = family_of(labels)
    penalty = one.penalty
    if family and family.name == "学历" and over:
        return MASKS  # 大专52人 may hold 本科13人
    if family:
        stage = "" if total.dimension in _BODIES else total.stage
        of_stages = family.name == "学段" and not over
        is_whole = leaves_nothing_out(family, labels, stage)
        is_whole = is_whole and not (of_stages and total.dimension in _BODIES)
        is_whole = is_whole and (family.name != "研究生" or "研究生" in passage.words_of(one.total))
        penalty += 1 if of_stages and one.penalty < 2 else 0  # a stage may be left out
        penalty -= 2 if is_whole else 1 if over else 0
    else:
        penalty += _of_no_family(passage, one, labels)
    by_nature = family is not None and family.name in _NARROW_BY_NATURE
    listed_before = one.is_before and one.is_closed
    if not by_nature and not listed_before:
        sources = "中央|省级|市级|重点" if total.dimension == "money" else "(?!)"
        bare = [re.sub(sources, "", label) for label in labels]
        narrowed = [i for i, label in zip(parts, bare, strict=True) if is_narrow(label)]
        if narrowed and not is_narrow(total.what):
            penalty += 1 if over or len(narrowed) == len(parts) else 2
    last = figures[parts[-1]].until
    after = re.split("[。；\n]", passage.text[last : last + 30])[0]
    if _BROKEN_OFF.fullmatch(after):
        return MASKS
    between = "".join(passage.gaps[i] for i in parts[1:])
    if (not listed_before and re.search("^等|其余|余下|剩余", after)) or _OPEN_LIST.search(between):
        penalty += 1 if over else 3
    if any(AT_LEAST.search(label) for label in labels) and (over or not listed_before):
        penalty += 2
    noun = re.match(f"[{HAN}]{{2,8}}", passage.after(one.total))
    if one.is_before and noun and not passage.are_words_of(noun[0][-2:], *parts):
        penalty += 2
    if not over and passage.text[total.until : total.until + 2] in ("（含", "（不", "（包"):
        penalty += 2
    count = _COUNT_OF_PARTS.search(passage.tails[one.total])
    if count and NUMERALS[count[1]] == len(parts) and len(parts) > 2:
        return 0 if penalty < MASKS else penalty
    steps = sum("；" in passage.gaps[i] for i in parts[1:])
    if 0 < steps < len(parts) - 1:
        penalty += 2  # the list goes over into another
    missing = total.size - added
    if missing > 0 and one.penalty and (not listed_before or total.dimension in _BODIES):
        penalty += _may_lack(family, labels, total, missing)
    if re.search("其余|余下|剩余|剩下", passage.tails[parts[-1]]):
        penalty -= 2
    is_vague = any(AT_LEAST.search(label) for label in labels)
    penalty -= (2 if len(parts) > 2 else 1) if over and not is_vague else 0
    penalty += 2 if _without_one(passage, one) else 0
    is_closed = one.is_before or any(_OTHERS.search(passage.tails[i]) for i in parts)
    if family is None and not is_closed:
        least = 1 if one.penalty < 2 else 2 if over else 3
        penalty = max(least, penalty)
    if family and family.name == "学段" and not over:
        penalty = max(1, penalty)  # a kind of schools may be left out
    return max(0, min(MASKS, penalty))


def _are_of_list(passage: Passage, one: _List) -> bool:
    """Say whether parts are each of one member of the list in which the total stands.

    教授143人、副教授247人，其中授课教授135人、副教授234人.
    """
    names = [re.split("[中的]", core_of(passage.label(i)))[-1] for i in (one.total - 1, one.total)]
    labels = [core_of(passage.label(i)) for i in one.parts]
    if one.is_before or not one.total or not all(names):
        return False
    return all(any(label.endswith(name) for label in labels) for name in names)


def _of_no_family(passage: Passage, one: _List, labels: Sequence[str]) -> int:
    """Return how much more doubtful a list of kinds is that no family knows."""
    names = [re.split(r"[，、；：（]|其中", label)[-1] for label in labels]
    if len(names) == 2 and any(a == f"非{b}" and len(b) > 1 for a, b in (names, names[::-1])):
        return -1
    what = [passage.figures[i].what for i in one.parts]
    tails = {passage.tails[i] for i in one.parts}
    if len(tails) < len(names) and not _EACH.search(passage.gaps[one.parts[0]]):
        return 2
    if len(names) > 2 and re.match(r"^[，、；和]?(?:其他|其它)", passage.gaps[one.parts[-1]]):
        return -1
    if _mixes_families(labels):
        return 2
    like = all(w[-2:] == what[0][-2:] for w in what)
    return 0 if like or (one.is_before and one.is_closed) or len(names) > 3 else 1


def _mixes_families(labels: Sequence[str]) -> bool:
    """Say whether parts divide a whole by more than one thing: 女教师, 党员, 本科."""
    seen = [
        {family.name for family in words().families if _names_one(family, label)}
        for label in labels
    ]
    named = [one for one in seen if one]
    return len(named) > 1 and not set.intersection(*named)


def _names_one(family: Family, label: str) -> bool:
    group = group_of(family, label)
    return group is not None and group[0] >= 0


def _may_lack(family: Family | None, labels: Sequence[str], total: Figure, missing: float) -> int:
    """Return how likely a list leaves something out: special schools, a kind of school."""
    if "适龄" in total.what:
        return 2  # not all of an age are at school
    if family and family.name == "班龄" and len(labels) == len(family.exhaustive[0]):
        return 2  # 托班 is seldom named
    special = any("特殊" in label or "特教" in label for label in labels)
    if family and family.name == "学段" and not special and missing <= max(3.0, 0.01 * total.size):
        return 1
    by_kind = family is not None and (
        family.name == "学段" or any("部门办" in label for label in labels)
    )
    if total.dimension in _BODIES and total.dimension != "pieces" and by_kind:
        complete = len(labels) > 5 and special
        if missing <= (3.0 if complete else max(3.0, _FEW * total.size)):
            return 2
    return 0


_AT_LEAST_LISTED = 3
_NOT_APART = ("招聘", "学历", "编制")  # families of which one figure may hold another


def _leaves_out_its_last(passage: Passage, one: _List) -> bool:
    """Say whether a total is that of its list but for the last part, which is of the same kind.

    在校学生71.4万人，其中小学50万人，初中21.4万人，高中8.9万人: 80.3万人 are meant.
    """
    figures, parts = passage.figures, one.parts
    if one.is_before or one.more or len(parts) < _AT_LEAST_LISTED:
        return False
    labels = [passage.label(i) for i in parts]
    family = family_of(labels)
    digits = len(re.sub(r"\D", "", figures[one.total].printed).strip("0"))
    if family is None or family.name in _NOT_APART or digits < _TOLD:
        return False
    gaps = [passage.gaps[i] for i in parts[1:]]
    is_plain = len({gap[:1] for gap in gaps}) == 1 and not any(map(_BESIDES.search, gaps))
    stage = figures[one.total].stage
    is_within = stage == COUNTY or family.name != "学段" or stage == figures[parts[-1]].stage
    given = [passage.printing.printed(i) for i in parts[:-1]]
    stated = passage.printing.printed(one.total)
    holds = arithmetic.compare(arithmetic.total, given, stated) == FOLLOWS
    return is_plain and is_within and holds


def _without_one(passage: Passage, one: _List) -> bool:
    """Say whether a total is the sum of all parts but one."""
    stated = passage.printing.printed(one.total)
    if repeats_its_total(passage.printing, one.total, one.parts):
        return False
    for left in one.parts:
        rest = [passage.printing.printed(i) for i in one.parts if i != left]
        if len(rest) > 1 and arithmetic.compare(arithmetic.total, rest, stated) == FOLLOWS:
            return True
    return False
