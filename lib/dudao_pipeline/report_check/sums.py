"""Totals and their parts: 其中, brackets, 合计, ages, lists of shares.

A total is accused only when its parts are different parts of one family, and when they exceed it,
leave nothing out, or one slip of the pen explains the difference.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise, takewhile

from dudao_pipeline.report_check import arithmetic
from dudao_pipeline.report_check.arithmetic import CONTRADICTS, FOLLOWS
from dudao_pipeline.report_check.figures import Figure
from dudao_pipeline.report_check.numbers import CHANGE, COUNT, GROWTH, LEVEL, POINTS, SHARE
from dudao_pipeline.report_check.printing import (
    BREAK,
    DOUBT,
    SUM,
    Printing,
    Relation,
    added,
    in_unit,
)
from dudao_pipeline.report_check.rules import HAN, Family, pattern, word_pattern, words

_NEW_SUBJECT = pattern("new_subject")
_NARROW = pattern("narrow")


@dataclass(frozen=True)
class _Part:
    """A figure of a list.

    `is_beyond`: it may be about another subject; `is_later`: it stands in the sentence after.
    """

    index: int
    label: str
    is_beyond: bool = False
    is_later: bool = False


def _families_of(labels: Sequence[str]) -> Iterator[tuple[Family, list[tuple[int, str]]]]:
    """Yield each family in which every label names exactly one part, with the parts named."""
    for family in words().families:
        groups = [group_of(family, label) for label in labels]
        if all(group is not None for group in groups):
            yield family, [group for group in groups if group is not None]


@cache
def _finder(family: Family) -> tuple[dict[str, int], re.Pattern[str]]:
    """Return the part that each word of a family names, and a pattern of them, longest first."""
    numbers = {word: n for n, part in enumerate(family.words) for word in part}
    return numbers, re.compile(word_pattern(numbers))


def group_of(family: Family, label: str) -> tuple[int, str] | None:
    """Return which part of a family a label names; -1 for 其他; None for none or several.

    The word matters only where two words are two parts (职业中学 and 中等专业学校).
    """
    numbers, finder = _finder(family)
    named = {
        (numbers[word], word if numbers[word] in family.apart else "")
        for word in finder.findall(label)
    }
    if not named:
        return (-1, "") if "其他" in label or "其它" in label else None
    return named.pop() if len(named) == 1 else None


_OVERLAPS = tuple(frozenset(pair) for pair in words().overlaps)
_AT_LEAST = re.compile(r"以上|以下|以内|不含|包含|含$|除外")


def sums(printing: Printing) -> Iterator[Relation]:
    """Check totals against their parts: 其中, brackets, 合计."""
    seen: set[tuple[int, ...]] = set()
    for total, parts, closed in [
        *_inside_brackets(printing),
        *_after_mark(printing),
        *_before_total(printing),
        *_of_sentences_before(printing),
    ]:
        key = (total, *(part.index for part in parts))
        if len(parts) < 2 or key in seen:
            continue
        seen.add(key)
        relation = _sum_relation(printing, total, parts, closed)
        if relation:
            yield relation


def is_summable(one: Figure) -> bool:
    """Say whether a figure may be a part of a total or a total: an exact count or amount."""
    return one.kind in (COUNT, LEVEL) and one.is_exact and one.value >= 0 and bool(one.unit)


_BODIES = ("schools", "pieces", "institutions", "teaching_points")


def _adds_to(printing: Printing, index: int, total: Figure) -> bool:
    """Say whether a figure may be a part of a total: 教学点15个 of 学校73所, too."""
    one = printing.figures[index]
    if one.dimension == total.dimension:
        return True
    if one.dimension not in _BODIES or total.dimension not in _BODIES:
        return False
    before = printing.text[max(0, one.at - 8) : one.at]
    return bool(re.search(r"教学点|校|园|机构|中心$", before))


def _starts_list(printing: Printing, index: int) -> bool:
    """Say whether a figure is the first of a list: nothing of its sentence is counted before."""
    other = index == 0 or printing.figures[index - 1].dimension != printing.figures[index].dimension
    return other or bool(re.search(r"[。；！？\n：]|其中", printing.gap(index)))


def _depths(text: str) -> list[int]:
    depth, out = 0, []
    for character in text:
        if character == "（":
            depth += 1
        out.append(depth)
        if character == "）":
            depth = max(0, depth - 1)
        elif character == "\n":
            depth = 0
    return out


def label_of(printing: Printing, index: int, since: int) -> str:
    """Return the words before a figure, without those in brackets that are about another."""
    words_before = re.sub(r"[\d.,%:]+", "", printing.text[since : printing.figures[index].at])
    bare = re.sub(r"（[^（）]*）", "", words_before)
    return bare if re.search(r"[^，；、和及与\s]", bare) else printing.figures[index].what


_OPENS = re.compile(rf"（|[{HAN}]{{2,8}}（(?!\d)")  # 教师731人（…, 171个党支部（其中…


def _inside_brackets(printing: Printing) -> Iterator[tuple[int, list[_Part], bool]]:
    """Yield the figure before a bracket and those in it: 教师731人（学前350人，小学381人）."""
    figures, text = printing.figures, printing.text
    for index, one in enumerate(figures):
        opened = _OPENS.match(text, one.until)
        if not is_summable(one) or not opened:
            continue
        opening = opened.end() - 1
        close = _closing(text, opening)
        later = range(index + 1, len(figures))
        inside = list(takewhile(lambda i, close=close: figures[i].at < close, later))
        parts, since = [], opening
        for i in inside:
            if _nested(text, opening, figures[i].at):
                continue
            if is_summable(figures[i]) and _adds_to(printing, i, one):
                parts.append(_Part(i, label_of(printing, i, since)))
                since = figures[i].until
        yield index, parts, True


def _closing(text: str, opening: int) -> int:
    depth = 0
    for at in range(opening, min(len(text), opening + 1500)):
        if text[at] == "（":
            depth += 1
        elif text[at] == "）":
            depth -= 1
            if depth == 0:
                return at
        elif text[at] == "\n":
            break
    return opening


def _nested(text: str, opening: int, at: int) -> bool:
    piece = text[opening + 1 : at]
    return piece.count("（") > piece.count("）")


_COUNTED_TOGETHER = re.compile(
    r"(?:共|共有|共计|合计|总计)(?:为|达)?$|共(?:需|投入|筹集|安排|下达)[^，。；\d]{0,6}$"
)


def _after_mark(printing: Printing) -> Iterator[tuple[int, list[_Part], bool]]:
    """Yield totals before 其中 (or a colon) with the figures of their dimension after it."""
    figures, text = printing.figures, printing.text
    depths = _depths(text)
    for index in range(1, len(figures)):
        gap_start = figures[index - 1].until
        gap = text[gap_start : figures[index].at]
        mark = re.match(
            r"^[，。；、：\s]{0,2}(?:其中|包括|分别是|分别为|分别有|——)", gap
        ) or re.match(r"^：|^[^，。；：\d]{0,16}中[，：]", gap)
        if not mark and _COUNTED_TOGETHER.search(printing.gap(index - 1)):
            mark = re.match(r"^，(?=[^，。；\d]{1,12}$)", gap)
        if not mark and _WHOLE_SCHOOLING.search(figures[index - 1].what):
            mark = re.match(r"^，(?=(?:幼儿园|学前教育|小学)$)", gap)
        if not mark and _are_halves(printing, index):
            mark = re.match(r"^，", gap)
        if not mark or depths[figures[index].at] > depths[max(0, gap_start - 1)]:
            continue
        start = gap_start + mark.end()
        totals = _totals_before(printing, index - 1, depths)
        for total in totals.values():
            parts = _collect(printing, index, start=start, total=total, depths=depths)
            for some in _lists_in(printing, total, parts) if parts else ():
                yield total, some, False


def _lists_in(printing: Printing, total: int, parts: list[_Part]) -> list[list[_Part]]:
    """Return the lists that may divide a total: all; those of its noun; those that ； parts.

    占地面积A，建筑面积B，其中小学占地面积C，建筑面积D: each divides the total of its own noun.
    """
    figures = printing.figures
    nouns = [figures[part.index].what[-4:] for part in parts]
    same = [
        part for part, noun in zip(parts, nouns, strict=True) if noun == figures[total].what[-4:]
    ]
    if figures[total].dimension in _MEASURED and 1 < len(same) < len(parts):
        return [same]
    lists: list[list[_Part]] = []
    for part in parts:
        if not lists or "；" in printing.gap(part.index):
            lists.append([])
        lists[-1].append(part)
    return [parts, *(one for one in lists if 1 < len(one) < len(parts))]


def _are_halves(printing: Printing, index: int) -> bool:
    """Say whether two figures are all of the figure before: 38624人，男生20391人，女生18233人."""
    if not 0 < index < len(printing.figures) - 1:
        return False
    trio = printing.figures[index - 1 : index + 2]
    gaps = [
        re.fullmatch(r"[，、]([^，、。；\d]{1,10})", printing.gap(i)) for i in (index, index + 1)
    ]
    if not all(gaps) or len({one.dimension for one in trio}) > 1:
        return False
    labels = [gap[1] for gap in gaps if gap]
    family = _partition(labels)
    return bool(family and len(family.exhaustive) == 1 and _is_exhaustive(family, labels))


_WHOLE_SCHOOLING = re.compile(
    r"^(?:全[县市区])?(?:现有|共有)?(?:各级各类|中小学|中小学幼儿园|义务教育)"
)


_MEASURED = ("square_metres", "mu")
_IS_BASE = re.compile(r"(?:比|较)[^，。；]{0,14}$|^[，（]?(?:上年|去年|同期)")


def _totals_before(printing: Printing, last: int, depths: list[int]) -> dict[tuple, int]:
    """Return the nearest figure of each noun and dimension before a mark, outside of brackets.

    Of one dimension, a second noun counts that has the length of the first: 占地面积, 建筑面积.
    """
    figures = printing.figures
    out: dict[tuple, int] = {}
    sentence = printing.sentence(last)
    depth = depths[min(figures[last + 1].at, len(depths) - 1)]
    for i in range(last, max(-1, last - 8), -1):
        if printing.sentence(i) != sentence or len(out) > 2:
            break
        one = figures[i]
        if depths[one.at] > depth:
            continue
        if one.kind in (CHANGE, GROWTH, SHARE, POINTS):
            continue
        if is_summable(one) and not _IS_BASE.search(printing.gap(i)):
            measured = one.dimension if one.dimension not in _MEASURED else one.what[-4:]
            out.setdefault((one.dimension, measured), i)
        if i < last and "其中" in printing.gap(i + 1):
            break
    return out


def _collect(
    printing: Printing, first: int, *, start: int, total: int, depths: list[int]
) -> list[_Part]:
    figures, text = printing.figures, printing.text
    parts: list[_Part] = []
    since = start
    depth = depths[figures[first].at]
    nested = ended = False
    ends = printing.sentence_ends[bisect_right(printing.sentence_ends, start) :][:40]
    end = next((at for at in ends if text[at] in "。！？"), len(text))
    for i in range(first, min(len(figures), first + 40)):
        one = figures[i]
        if one.at > end:
            break
        newline = text.find("\n", figures[i - 1].until, one.at)
        if newline >= 0 and i > first and text[newline - 1] in "。；":
            break
        if depths[one.at] != depth:
            continue
        if not is_summable(one) or not _adds_to(printing, i, figures[total]):
            continue
        label = label_of(printing, i, since)
        if parts and nested and "；" not in label:
            continue
        nested = bool(parts) and bool(re.search("其中|包括", label.rpartition("；")[2]))
        if nested:
            continue
        if (
            parts
            and _NEW_SUBJECT.search(_last_clause(label))
            and not _NEW_SUBJECT.search(_last_clause(parts[0].label))
            and _partition([*(part.label for part in parts), label]) is None
        ):
            ended = True
        ended = ended or bool(_BESIDES.search(_last_clause(label)))
        parts.append(_Part(i, label, ended))
        since = one.until
    return parts + _in_next_sentence(printing, parts, figures[total]) if parts else parts


def _in_next_sentence(printing: Printing, parts: list[_Part], total: Figure) -> list[_Part]:
    """Return the figures with which the sentence after a list begins, if they may go on with it."""
    figures, last = printing.figures, parts[-1].index
    out: list[_Part] = []
    for i in range(last + 1, min(len(figures), last + 5)):
        gap = printing.gap(i)
        goes_on = r"^[。；][^，。；：\d]{2,14}$" if not out else r"^[，、；][^，。；：\d]{2,14}$"
        same = is_summable(figures[i]) and figures[i].dimension == total.dimension
        if not same or not re.match(goes_on, gap) or _NEW_SUBJECT.search(gap):
            break
        out.append(_Part(i, gap[1:], is_beyond=True, is_later=True))
    return out


_BESIDES = re.compile(r"^(?:另外?有|另外|另设|此外|还有|不含)")


def _last_clause(label: str) -> str:
    return re.split(r"[，；。]", label)[-1]


_LONGEST = 24  # figures of a list before its total


def _before_total(printing: Printing) -> Iterator[tuple[int, list[_Part], bool]]:
    """Yield a list and the total after it: 中央1240万元，省级655万元，合计1895万元."""
    figures = printing.figures
    for index in range(2, len(figures)):
        one = figures[index]
        if not is_summable(one):
            continue
        gap = printing.gap(index)
        explicit = re.match(
            r"^[，、；：\s]*[^，。；\d]{0,10}(?:合计|共计|总计|总共|小计|三项合计|各项合计|[两三四五六]年累计|共)[^，。；\d]{0,6}$|^，共有?义务教育学校$",
            gap,
        )
        parts: list[_Part] = []
        i = index - 1
        while (
            i >= max(0, index - _LONGEST) and is_summable(figures[i]) and _adds_to(printing, i, one)
        ):
            parts.insert(0, _Part(i, ""))
            here = printing.gap(i)
            if (
                re.search(r"[。；！？\n]|其中|共|合计", here)
                or (
                    len(re.findall(r"[，、]", here)) != 1 and not re.fullmatch(r"\s*[和与及]", here)
                )
                or "分别" in here
            ):
                break
            i -= 1
        stopped = i >= 0 and parts and parts[0].index == i + 1 and not _starts_list(printing, i + 1)
        if len(parts) < 2 or one.size < max(figures[part.index].size for part in parts):
            continue
        if stopped:  # the list may begin earlier: it can follow, and is not accused
            given = [printing.printed(part.index) for part in parts]
            if (
                explicit
                and arithmetic.compare(arithmetic.total, given, printing.printed(index)) == FOLLOWS
            ):
                yield index, parts, True
            continue
        labelled = [
            _Part(p.index, label_of(printing, p.index, label_start(printing, p.index)))
            for p in parts
        ]
        if explicit and not BREAK.search(gap):
            yield index, labelled, True
        elif (
            re.match(r"^[，][^，。；\d、]{2,10}$", gap)
            and len(parts) >= 3
            and "其中" not in printing.gap(parts[0].index)
        ):
            family = _partition([p.label for p in labelled])
            labels = [part.label for part in labelled]
            if family and _is_exhaustive(family, labels) and group_of(family, gap) is None:
                yield index, labelled, True


_OF_ALL_BEFORE = re.compile(r"[。；][^，。；\d]{0,16}(?:累计|合计|共计|总计|共)[^，。；\d]{0,8}$")


def _of_sentences_before(printing: Printing) -> Iterator[tuple[int, list[_Part], bool]]:
    """Yield a total of its own sentence with the figures of its unit right before it.

    中央3260万元。省级和市级1145万元，县级685万元。累计投入5090万元: the longest list that holds,
    else all of them, of which only exchanged digits are sure.
    """
    figures = printing.figures
    for index in range(2, len(figures)):
        one = figures[index]
        if not is_summable(one) or not _OF_ALL_BEFORE.search(printing.gap(index)):
            continue
        chain: list[int] = []
        for i in range(index - 1, max(-1, index - 9), -1):
            same = is_summable(figures[i]) and figures[i].dimension == one.dimension
            if not same or printing.line(i) != printing.line(index):
                break
            chain.insert(0, i)
        lists = [chain[n:] for n in range(len(chain) - 1)]
        stated = printing.printed(index)
        held = next(
            (
                some
                for some in lists
                if arithmetic.compare(arithmetic.total, [printing.printed(i) for i in some], stated)
                != CONTRADICTS
            ),
            None,
        )
        for some in [held] if held else lists[:1]:
            yield index, [_Part(i, printing.gap(i), is_beyond=not held) for i in some], False


def label_start(printing: Printing, index: int) -> int:
    """Return where the words that name a figure of a list begin."""
    at = printing.figures[index].at
    start = max(
        (
            match.end()
            for match in re.finditer(r"[，。；、\n：]", printing.text[max(0, at - 40) : at])
        ),
        default=0,
    )
    return max(0, at - 40) + start


def _sum_relation(
    printing: Printing, total: int, parts: list[_Part], closed: bool
) -> Relation | None:
    sure = [part for part in parts if not part.is_beyond]
    indices = [part.index for part in sure]
    stated = printing.printed(total)
    figures = printing.figures
    longer = [part.index for part in parts[: len(sure) + 6]]
    sizes = [*range(len(sure), 1, -1), *range(max(2, len(sure) + 1), len(longer) + 1)]
    for size in sizes:
        chosen = longer[:size]
        status = arithmetic.compare(arithmetic.total, [printing.printed(i) for i in chosen], stated)
        if status != CONTRADICTS:
            formula = added(chosen)
            return Relation(
                (total, *chosen), SUM, status, message="分项之和", of=total, formula=formula
            )
    if len(sure) < 2:
        return _accuse_of_no_family(printing, total, parts, closed)
    if _partition([part.label for part in sure]) is None and _matches_with_nesting(
        printing, total, sure
    ):
        return Relation((total, *indices), SUM, FOLLOWS, message="分项之和")
    within = [part for part in parts if not part.is_later]
    if len(sure) < len(within) and not _is_over(printing, total, indices):
        return _accuse_of_no_family(printing, total, parts, closed)  # the list may go on
    one_family = _one_family(sure, figures[total].stage)
    relation = _accuse_sum(printing, total, one_family, closed)
    if relation is None and len(one_family) < len(parts):
        return _accuse_of_no_family(printing, total, parts, closed)
    return relation


def _is_over(printing: Printing, total: int, indices: Sequence[int]) -> bool:
    return sum(printing.figures[i].size for i in indices) > printing.figures[total].size


def _one_family(parts: list[_Part], stage: str) -> list[_Part]:
    """Return the first parts that divide a whole completely, where all together divide none."""
    if _partition([part.label for part in parts]) is not None:
        return parts
    for size in range(len(parts) - 1, 1, -1):
        labels = [part.label for part in parts[:size]]
        family = _partition(labels)
        kept, left = ({part.label[-2:] for part in some} for some in (parts[:size], parts[size:]))
        if family and _is_exhaustive(family, labels, stage) and not kept & left:
            return parts[:size]
    return parts


def _matches_with_nesting(printing: Printing, total: int, parts: list[_Part]) -> bool:
    """Say whether the total follows when some parts are parts of the part before them."""
    stated = printing.printed(total)
    indices = [part.index for part in parts]
    if len(indices) > 14:
        return False
    figures = printing.figures
    for first in range(len(indices)):
        running = 0.0
        for last in range(first + 1, len(indices)):
            running += figures[indices[last]].size
            if (
                abs(running - figures[indices[first]].size)
                <= 1e-6 * max(1.0, running) + figures[indices[first]].step
            ):
                rest = indices[: first + 1] + indices[last + 1 :]
                for size in range(len(rest), 1, -1):
                    if (
                        arithmetic.compare(
                            arithmetic.total, [printing.printed(i) for i in rest[:size]], stated
                        )
                        != CONTRADICTS
                    ):
                        return True
    return False


def _without_one(printing: Printing, total: int, indices: list[int]) -> int | None:
    stated = printing.printed(total)
    for left in indices:
        rest = [printing.printed(i) for i in indices if i != left]
        if len(rest) > 1 and arithmetic.compare(arithmetic.total, rest, stated) == FOLLOWS:
            return left
    return None


def _accused(
    printing: Printing, total: int, indices: Sequence[int], slip: str, *, doubt: int = -1
) -> Relation:
    """Return a sum that does not hold; doubt: the figure in doubt, the total where none is."""
    figures = printing.figures
    expected = in_unit(sum(figures[i].size for i in indices), figures[total])
    message = f"分项之和为{expected}，文中总数为{figures[total].shown}"
    message += f"；可能：{slip}" if slip else ""
    first = total if doubt < 0 else doubt
    members = (first, *(i for i in (total, *indices) if i != first))
    formula = added(indices)
    return Relation(members, SUM, CONTRADICTS, expected, message, slip, total, formula)


def _accuse_sum(
    printing: Printing, total: int, parts: list[_Part], closed: bool
) -> Relation | None:
    figures = printing.figures
    indices = [part.index for part in parts]
    labels = [part.label for part in parts]
    after = re.split("[。；\n]", printing.text[figures[indices[-1]].until :][:30])[0]
    if re.search("^等|其余|余下|剩余", after) and not _is_over(printing, total, indices):
        return None
    family = _partition(labels)
    if family is None:
        return (
            _accuse_ages(printing, total, indices)
            or _accuse_of_no_family(printing, total, parts, closed)
            or (_doubt_of_list(printing, total, parts) if closed else None)
        )
    sum_of_parts = sum(figures[i].size for i in indices)
    over = sum_of_parts > figures[total].size
    expected = in_unit(sum_of_parts, figures[total])
    left = _without_one(printing, total, indices)
    members = (total, *indices)
    message = f"分项之和为{expected}，文中总数为{figures[total].shown}"
    if left is not None:
        note = f"{message}；不计{figures[left].shown}则相符，口径待核"
        return Relation(members, SUM, DOUBT, expected, note)
    slip = _sum_slip(printing, total, indices)
    name = slip[0] if slip else ""
    if name == _LEFT_OUT and not over and figures[total].dimension in _BODIES:
        name = ""  # 2所 for 27所: as likely a kind of schools is not listed
    stage = "" if figures[total].dimension in _BODIES else figures[total].stage
    whole = _is_exhaustive(family, labels, stage) and bool(name or family.name != "学段")
    in_brackets = closed and total < min(indices)
    if not (name or (whole and in_brackets)) and not _is_total_of(
        figures[total], [figures[i] for i in indices]
    ):
        return None
    strong = name in arithmetic.RARE or bool(
        name
        and figures[total].size >= 1000
        and (len(indices) >= 3 or (closed and _is_far(figures[total], sum_of_parts)))
    )
    narrowed = family.name not in _NARROW_BY_NATURE and any(
        _NARROW.search(label) and not _NARROW.search(figures[total].what) for label in labels
    )
    listed_before = closed and total > max(indices)
    if over:
        if narrowed and not strong and not closed:
            return Relation(members, SUM, DOUBT, expected, message)
    elif not (listed_before and _BARE_TOTAL.match(printing.gap(total))) and _may_be_partial(
        family, labels, figures[total], sum_of_parts, name=name
    ):
        return Relation(members, SUM, DOUBT, expected, message) if whole or strong else None
    elif not listed_before and (narrowed or not (whole or strong)):
        return None
    if slip and slip[1] >= 0:
        doubt = indices[slip[1]]
        members = (doubt, total, *(i for i in indices if i != doubt))
    if name:
        message += f"；可能：{name}"
    return Relation(
        *(members, SUM, CONTRADICTS, expected, message, name),
        of=total,
        formula=added(indices),
    )


_AGES = re.compile(
    r"(?P<below>\d{2})\s*(?:周?岁)?及?以下|(?P<low>\d{2})\s*[-—~至]+\s*(?P<high>\d{2})\s*周?岁"
    r"|(?P<above>\d{2})\s*(?:周?岁)?及?以上"
)


def _accuse_ages(printing: Printing, total: int, indices: list[int]) -> Relation | None:
    if not _are_all_ages(printing, indices):
        return None
    one = printing.figures[total]
    expected = in_unit(sum(printing.figures[i].size for i in indices), one)
    message = f"各年龄段之和为{expected}，文中总数为{one.shown}"
    slip = _sum_slip(printing, total, indices)
    members = (total, *indices)
    if slip and slip[1] >= 0:
        doubt = indices[slip[1]]
        members = (doubt, *(i for i in members if i != doubt))
    name = slip[0] if slip else ""
    message += f"；可能：{name}" if name else ""
    formula = added(indices)
    return Relation(members, SUM, CONTRADICTS, expected, message, name, total, formula)


_SPAN_OF_YEARS = re.compile(r"((?:19|20)\d{2})年?\s*[-—－–~至到]+\s*((?:19|20)\d{2})年")
_SOME_YEARS = re.compile(r"(?:近|过去|连续|前)?([两二三四五六])年(?:来|间|累计|共|合计)")
_NUMERALS = {"两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6}
_BARE_TOTAL = re.compile(
    r"^[，；](?:[两二三四五六各](?:项|者|校|类|部分))?(?:合计|共计|总计|共)(?:为|达到?)?$"
)
_PLAIN_PART = re.compile(r"^[，、][^，。；：（）\d]{1,16}$")
_ADDED = re.compile(r"增加|减少|其中|增长|下降|比上年|累计|共|含|以上")
_OPEN_LIST = re.compile(r"等|主要|包括|包含|含|不足|左右|另")
_LONG = 4  # digits of a total that exchanged digits of its parts make whole hardly by chance


def _accuse_of_no_family(
    printing: Printing, total: int, parts: list[_Part], closed: bool
) -> Relation | None:
    """Accuse a list of kinds that no family knows: its structure says that it is whole.

    Any slip counts where every year that is named is listed, where a kind and what is not of the
    kind are, and where nothing but 共计 parts a plain list from its total; exchanged digits, where
    the parts exceed the total or are long numbers.
    """
    for size in sorted({sum(not p.is_beyond for p in parts), len(parts)}):
        indices = [part.index for part in parts[:size]]
        slip = _sum_slip(printing, total, indices)
        if size > 2 and not slip and _follows_plainly(printing, total, indices):
            near = _is_total_of(printing.figures[total], [printing.figures[i] for i in indices])
            return _accused(printing, total, indices, "") if near else None
        if size < 2 or not slip or not _is_total_when(printing, total, indices, slip):
            continue
        is_result_or_rare = slip[1] < 0 or slip[0] in arithmetic.RARE
        is_whole = (
            _are_all_years(printing, total, indices)
            or _ends_as_a_whole(printing, total, parts[:size])
            or _are_opposites(parts[:size])
            or (_follows_plainly(printing, total, indices) and (is_result_or_rare or size > 2))
        )
        swapped = slip[0] in arithmetic.RARE[:3] and _is_clear(
            printing, total, parts[:size], closed
        )
        if is_whole or swapped:
            doubt = indices[slip[1]] if slip[1] >= 0 else total
            return _accused(printing, total, indices, slip[0], doubt=doubt)
    return None


def _is_total_when(
    printing: Printing, total: int, indices: Sequence[int], slip: tuple[str, int, float]
) -> bool:
    """Say whether a figure may be the total meant, once the slip is mended."""
    figures, members = printing.figures, (total, *indices)
    sizes = [figures[i].size for i in members]
    sizes[slip[1] + 1] = slip[2]
    others = {figures[i].unit for i in members if i != members[slip[1] + 1]}
    if slip[0] in arithmetic.RARE[1:3] and figures[members[slip[1] + 1]].unit in others:
        return False
    printed_sum = sum(figures[i].size for i in indices)
    is_of_size = 0.5 * printed_sum <= figures[total].size <= 2 * printed_sum
    if slip[0] not in arithmetic.RARE and not is_of_size:
        return False
    near = figures[total].step + sum(figures[i].step for i in indices)
    is_exact = abs(sum(sizes[1:]) - sizes[0]) <= near + 1e-9 * sizes[0]
    return is_exact and all(0 < size <= sizes[0] for size in sizes[1:])


def _are_all_years(printing: Printing, total: int, indices: Sequence[int]) -> bool:
    """Say whether 三年累计6530万元 is that of 2021年、2022年、2023年, and of no other."""
    figures = printing.figures
    years = [figures[i].year for i in indices]
    first, last = min(total, indices[0]), max(total, indices[-1])
    around = printing.text[max(0, figures[first].at - 40) : figures[last].at]
    named = [int(year) for year in re.findall(r"((?:19|20)\d{2})年", around)]
    if any(year is None for year in years) or not set(years) <= set(named):
        return False
    if any(after - before != 1 for before, after in pairwise([year or 0 for year in years])):
        return False
    at = figures[total].at
    before = re.split(r"[。；\n]", printing.text[max(0, at - 40) : at])[-1]
    span, some = _SPAN_OF_YEARS.search(before), _SOME_YEARS.search(before)
    is_span = span and (int(span[1]), int(span[2])) == (years[0], years[-1])
    return bool(is_span or (some and _NUMERALS[some[1]] == len(years)))


def _ends_as_a_whole(printing: Printing, total: int, parts: Sequence[_Part]) -> bool:
    """Say whether a list leaves nothing out, or holds a part that is more than all.

    其他 ends a list of three or more kinds; 和 does where they exceed their total.
    """
    one, indices = printing.figures[total], [part.index for part in parts]
    gaps = [printing.gap(i) for i in indices]
    if any(_NARROW.search(gap) for gap in gaps) or _OPEN_LIST.search("".join(gaps[1:])):
        return False
    over = _is_over(printing, total, indices)
    rest = re.match(r"^[，、；和]?(?:其他|其它)[^，。；\d]{0,8}$", gaps[-1])
    ends = re.match(r"^(?:和|以及|及)[^，。；\d]{1,10}$", gaps[-1])
    exceeds = any(printing.figures[i].size > one.size for i in indices)
    is_long = len(re.sub(r"\D", "", one.printed)) > 2
    return bool(len(parts) > 2 and (rest or (ends and over))) or (exceeds and is_long)


def _are_opposites(parts: Sequence[_Part]) -> bool:
    """Say whether a list is of a kind and of what is not of the kind: 学科类, 非学科类."""
    names = [re.split(r"[，、；：（]|其中", part.label)[-1] for part in parts]
    return len(parts) == 2 and any(a == f"非{b}" and len(b) > 1 for a, b in (names, names[::-1]))


def _follows_plainly(printing: Printing, total: int, indices: Sequence[int]) -> bool:
    """Say whether nothing but 共计 stands between a plain list and its total."""
    if not _BARE_TOTAL.match(printing.gap(total)) or total != indices[-1] + 1:
        return False
    gaps = [printing.gap(i) for i in indices[1:]]
    names = [printing.figures[i].what for i in indices]
    starts = indices[0] == 0 or _starts_list(printing, indices[0])
    plain = all(_PLAIN_PART.match(gap) and not _ADDED.search(gap) for gap in gaps)
    return plain and len(set(names)) == len(names) and starts


def _is_clear(printing: Printing, total: int, parts: Sequence[_Part], closed: bool) -> bool:
    """Say whether exchanged digits of a list of no family are hardly a coincidence."""
    one, indices = printing.figures[total], [part.index for part in parts]
    digits = len(re.sub(r"\D", "", one.printed))
    names = [re.sub("其中", "", printing.gap(i)) + printing.figures[i].stage for i in indices]
    first, last = min(total, indices[0]), max(total, indices[-1])
    between = printing.text[printing.figures[first].until : printing.figures[last].at]
    between = re.sub(r"^[，。；]?(?:其中)?包括|（[^（）]*）", "", between)
    after = printing.text[printing.figures[last].until :][:6]
    if _OPEN_LIST.search(between) or after.startswith("等") or 1 < len(set(names)) < len(names):
        return False
    is_narrow = any(_NARROW.search(name) for name in names) and not _NARROW.search(one.what)
    is_narrow = is_narrow and not (closed and total > indices[-1])
    if _is_over(printing, total, indices) and not is_narrow:
        return True
    long = one.size >= 1000 * one.factor or one.decimals > 1
    return digits > _LONG if len(parts) < 3 else long or len(parts) >= _KINDS - 1


_NEAR = 0.015  # of a total; a list of the same things that comes so near is meant to be whole


def _doubt_of_list(printing: Printing, total: int, parts: list[_Part]) -> Relation | None:
    """Doubt a total whose list of the same things, of no family, misses it by little.

    党支部171个（公办学校党支部111个，民办学校党支部28个，退休党支部31个）.
    """
    figures, one = printing.figures, printing.figures[total]
    indices = [part.index for part in parts]
    added = sum(figures[i].size for i in indices)
    same = all(figures[i].what[-2:] == one.what[-2:] for i in indices)
    distinct = len({figures[i].what for i in indices}) == len(indices)
    if len(parts) < 3 or not (same and distinct) or abs(added - one.size) > _NEAR * one.size:
        return None
    expected = in_unit(added, one)
    message = f"分项之和为{expected}，文中总数为{one.shown}"
    return Relation((total, *indices), SUM, DOUBT, expected, message)


def _are_all_ages(printing: Printing, indices: Sequence[int]) -> bool:
    """Say whether the parts are ages that follow each other without a gap, from 以下 to 以上."""
    spans: list[tuple[int, int]] = []
    for index in indices:
        ages = list(_AGES.finditer(printing.gap(index)))
        if len(ages) != 1:
            return False
        one = ages[0]
        low = int(one["low"] or one["above"] or 0)
        spans.append((low, int(one["high"] or one["below"] or 99)))
    spans.sort()
    joined = all(0 <= after[0] - before[1] <= 1 for before, after in pairwise(spans))
    return len(spans) > 2 and joined and spans[0][0] == 0 and spans[-1][1] == 99


def _is_far(total: Figure, sum_of_parts: float) -> bool:
    """Say whether two sums differ by so much that a single digit explains it hardly by chance."""
    return abs(total.size - sum_of_parts) >= 100 * 10.0**-total.decimals * total.factor


def _is_exhaustive(family: Family, labels: Sequence[str], stage: str = "") -> bool:
    """Say whether the labels name every part of their family that a total must have.

    Of 义务教育 and 高中阶段 those are two stages only.
    """
    named = {group for label in labels if (group := group_of(family, label))}
    groups = {number for number, _ in named}
    heads = {family.words[number][0] for number in groups if number >= 0}
    if family.name == "学段" and heads == set(words().wholes.get(stage, ())):
        return True
    return any(needed <= groups for needed in family.exhaustive)


_LEFT_OUT = "漏印一位数字"
_NARROW_BY_NATURE = ("城乡", "资金来源", "性别", "职称", "办别", "招聘", "编制", "在岗", "科类")
_SPECIAL = "特殊教育"


def _is_total_of(total: Figure, parts: Sequence[Figure]) -> bool:
    """Say whether a figure may be the total meant: no part exceeds it, the sum is of its size."""
    added = sum(one.size for one in parts)
    return all(one.size <= total.size for one in parts) and added <= 2 * total.size <= 4 * added


def _may_be_partial(
    family: Family, labels: Sequence[str], total: Figure, sum_of_parts: float, *, name: str
) -> bool:
    missing = total.size - sum_of_parts
    if name not in arithmetic.RARE and _may_leave_out(family, labels, missing, total.size):
        return True
    return name != arithmetic.RARE[0] and _lacks_a_kind(family, labels, total, missing)


def _may_leave_out(family: Family, labels: Sequence[str], missing: float, whole: float) -> bool:
    """Say whether what a list lacks may be the few special schools that it does not name."""
    if family.name != "学段" or any(_SPECIAL[:2] in label or "特教" in label for label in labels):
        return False
    return 0 < missing <= max(3.0, 0.01 * whole)


_FEW, _ONE_OR_TWO = 0.12, 3.0  # what a list of schools by kind may leave out: of all, in number
_KINDS = 6


def _lacks_a_kind(family: Family, labels: Sequence[str], total: Figure, missing: float) -> bool:
    """Say whether a list of schools may leave out a kind: 九年一贯制, 专门学校, 部队办.

    A list of all stages with special schools leaves out no more than a school or two.
    """
    by_kind = family.name == "学段" or any("部门办" in label for label in labels)
    complete = len(labels) >= _KINDS and any("特殊" in label or "特教" in label for label in labels)
    most = _ONE_OR_TWO if complete else max(_ONE_OR_TWO, _FEW * total.size)
    return total.dimension in _BODIES and by_kind and 0 < missing <= most


def _partition(labels: Sequence[str]) -> Family | None:
    """Return the family of which the labels are different, not overlapping, parts."""
    if any(_AT_LEAST.search(label) for label in labels):
        return None
    for family, groups in _families_of(labels):
        named = [number for number, _ in groups if number >= 0]
        if len(set(groups)) != len(groups) or len(set(named)) < 2:
            continue
        heads = {family.words[number][0] for number in named}
        synonyms = {word for number in named for word in family.words[number]}
        if any(pair <= (heads | synonyms & pair) for pair in _OVERLAPS):
            continue
        return family
    return None


def _sum_slip(
    printing: Printing, total: int, indices: Sequence[int]
) -> tuple[str, int, float] | None:
    """Return the slip that explains a sum; no decimal point is lost where none is printed."""
    given = [printing.printed(i) for i in indices]
    slip = arithmetic.likely_slip(arithmetic.total, given, printing.printed(total))
    if slip and slip[0] == arithmetic.RARE[3]:
        one = printing.figures[total if slip[1] < 0 else indices[slip[1]]]
        return slip if one.decimals else None
    return slip
