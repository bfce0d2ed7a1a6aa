"""Totals and what they may be the sums of: lists, segments and changes of parts.

What the words of a list leave open (`whole_lists`) the slip must make up for.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, takewhile

from dudao_pipeline.report_check.arithmetic import FOLLOWS
from dudao_pipeline.report_check.figures import Figure
from dudao_pipeline.report_check.part_lists import (
    DIVIDED_AS,
    LONGEST,
    TOGETHER,
    after_mark,
    are_siblings,
    before_total,
    closed_by_words,
    inside_brackets,
    is_beside,
    is_total,
)
from dudao_pipeline.report_check.readings import (
    MASKS,
    Reading,
    status_of,
)
from dudao_pipeline.report_check.structure import (
    Passage,
    family_of,
    is_summable,
    leaves_nothing_out,
)
from dudao_pipeline.report_check.whole_lists import (
    BODIES,
    PartList,
    doubt_of,
    is_said_to_be_all,
    size_limit,
)

NOTE = "分项之和"


def totals(passage: Passage) -> Iterator[Reading]:
    """Yield how totals may be the sums of the lists around them."""
    seen: set[tuple[int, ...]] = set()
    rules = (inside_brackets, after_mark, before_total, closed_by_words)
    for one in chain.from_iterable(rule(passage) for rule in rules):
        key = (one.total, *one.parts)
        if len(one.parts) + len(one.more) < 2 or key in seen:
            continue
        seen.add(key)
        yield from _readings(passage, one)
    yield from _beside(passage)
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
        if not DIVIDED_AS.fullmatch(gap) or first != sentence[0]:
            continue
        parts = [some for some in segments[at:] if some[0] in sentence]
        before = passage.sentence(first - 1)[0]
        if DIVIDED_AS.match(passage.gaps[before]):
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
        is_sum = is_summable(passage.figures[total]) and passage.letters[total] == "A"
        if is_sum and len(members) > 1 and min(members) >= 0:
            out.append(Reading("total", total, tuple(members), 1, note=NOTE))
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
        or {one.dimension, figures[i].dimension} < {*BODIES}
    )
    return next(like, -1)


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
        for first in range(total + 2, min(len(figures), total + LONGEST)):
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
        together = TOGETHER.search(passage.gaps[total])
        if first > len(figures) - 2 or not (together or _MAINLY.search(passage.gaps[first])):
            continue
        later = range(first, min(len(figures), first + LONGEST))
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


_BY = re.compile(r"(?:^|[，；：])[^，。；：\d]{0,6}按[^，。；：\d]{1,8}[分看]，?[^，。；]{0,10}$")


def _divided_again(passage: Passage) -> Iterator[Reading]:
    """Yield 学生5846人，按来源分，…，…；按学段分，小学4129人，初中1771人: of one total."""
    figures, total = passage.figures, -1
    for index, one in enumerate(figures):
        if not index or not _BY.search(passage.gaps[index]):
            continue
        if total < 0 or not passage.same_sentence(total + 1, index):
            is_of = is_total(passage, index - 1) and (
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


_TOLD = 3  # digits of a total that a list beside it adds up to hardly by chance


def _beside(passage: Passage) -> Iterator[Reading]:
    """Yield sums of the figures right after and right before one, whatever the words between them.

    Only those that hold: that figures near each other are a slip apart from a sum, chance does.
    """
    figures = passage.figures
    for index, one in enumerate(figures):
        digits = len(re.sub(r"\D", "", one.printed).strip("0"))
        if not is_total(passage, index) or digits < _TOLD or passage.bases[index]:
            continue
        for step in (1, -1):
            run: list[int] = []
            added, slack = 0.0, one.step
            for i in range(index + step, index + step * 40, step):
                if not 0 <= i < len(figures) or len(run) == LONGEST:
                    break
                if passage.printing.line(i) != passage.printing.line(index):
                    break
                if not is_beside(passage, i, index, run):
                    continue
                if figures[i].size > size_limit(one, figures[i]):
                    if run:
                        break
                    continue  # 全市教职工99750人，其中专任教师76413人
                run.append(i)
                added += figures[i].size
                slack += figures[i].step
                if len(run) > 1 and abs(added - one.size) <= slack + 1e-9 * added:
                    parts = tuple(sorted(run))
                    if not are_siblings(passage, index, parts):
                        yield Reading("total", index, parts, MASKS, note=NOTE)
                    break


def _readings(passage: Passage, one: PartList) -> Iterator[Reading]:
    """Yield a list as it stands, and, to mask an accusation, what else it may be read as."""
    everyone = (*one.parts, *one.more)
    if is_said_to_be_all(passage, everyone):
        yield Reading("total", one.total, everyone, 0, note=NOTE, needs_all=True)
        return
    if len(one.parts) > 1:
        penalty = min(MASKS, doubt_of(passage, one) + bool(one.more))
        yield Reading("total", one.total, one.parts, penalty, note=NOTE)
    for size in range(2, len(everyone) + 1):
        if size != len(one.parts):
            some = everyone[-size:] if one.is_before else everyone[:size]
            yield Reading("total", one.total, some, MASKS, note=NOTE)
