"""Where lists stand that may divide a total: in brackets, after 其中, before 合计, and others."""

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from dudao_pipeline.report_check.figures import Figure
from dudao_pipeline.report_check.rules import HAN, pattern
from dudao_pipeline.report_check.structure import (
    Passage,
    core_of,
    family_of,
    is_summable,
    leaves_nothing_out,
)
from dudao_pipeline.report_check.whole_lists import (
    BODIES,
    OTHERS,
    PartList,
    is_over,
    is_said_to_be_all,
    size_limit,
)

_NEW_SUBJECT = pattern("new_subject")
_MARK = pattern("parts_mark")
TOGETHER = pattern("together")
_MEASURED = ("square_metres", "mu")
_FOR_EACH = re.compile("每[人生名校班所年月]|[人生校班]均|平均")  # what is no part of a total
LONGEST = 24  # figures of a list


DIVIDED_AS = re.compile(r"[分按][^，。；：\d]{1,8}(?:看|统计|划分)?[：，]\s*[^，。；：\d]{0,10}")


def is_beside(passage: Passage, index: int, total: int, run: Sequence[int]) -> bool:
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


def closed_by_words(passage: Passage) -> Iterator[PartList]:
    """Yield the lists right after a figure that words close.

    其他 ends it, 按…分 begins it, or it is all of one family.
    """
    figures = passage.figures
    for total in range(len(figures) - 2):
        if not is_total(passage, total) or passage.bases[total]:
            continue
        is_other = figures[total + 1].dimension != figures[total].dimension
        first = total + 1 + is_other  # 学生642人，占三成。由…三部分构成
        parts: list[int] = []
        for i in range(first, min(len(figures), first + LONGEST)):
            goes_on = i == first or passage.is_plain_list((i,))
            if not goes_on or not is_beside(passage, i, total, parts):
                break
            parts.append(i)
        some = tuple(parts)
        if len(some) > 1 and _are_closed(passage, total, some):
            yield PartList(total, some, 2)


def _are_closed(passage: Passage, total: int, parts: tuple[int, ...]) -> bool:
    """Say whether words say that a list right after a figure is all of it."""
    first, last = parts[0], parts[-1]
    if is_said_to_be_all(passage, parts):
        return True
    same = passage.same_sentence(total, last)
    if DIVIDED_AS.fullmatch(passage.gaps[first].lstrip("，。；")):
        return same
    is_member = passage.gaps[first].startswith(("、", "和", "及", "；"))
    if is_member or not passage.is_plain_list((first,)):
        return False
    labels = [passage.label(i) for i in parts]
    family, stage = family_of(labels), passage.figures[total].stage
    is_whole = family is not None and leaves_nothing_out(family, labels, stage)
    return bool(OTHERS.search(passage.tails[last])) or (same and is_whole)


def are_siblings(passage: Passage, total: int, parts: tuple[int, ...]) -> bool:
    """Say whether a figure is a member of the list that may divide it, or of its kind."""
    if TOGETHER.search(passage.tails[total]):
        return False
    labels = [passage.label(i) for i in (total, *parts)]
    if core_of(labels[0]) in map(core_of, labels[1:]):
        return True  # 中央资金 of one fund among those of the next
    family = family_of(labels[1:])
    if family and leaves_nothing_out(family, labels[1:]):
        return False  # 学生38624人，男生20391人，女生18233人
    nouns = {passage.after(i)[:2] for i in (total, *parts)}
    is_loose = passage.figures[total].dimension in ("pieces", "entries", "items")
    return (is_loose and len(nouns) > 1) or family_of(labels) is not None


def adds_to(passage: Passage, index: int, total: Figure) -> bool:
    """Say whether a figure may be a part of a total: 教学点15个 of 学校73所, too."""
    one = passage.figures[index]
    if not is_summable(one) or _FOR_EACH.search(passage.tails[index]):
        return False
    if one.dimension == total.dimension:
        return True
    if one.dimension not in BODIES or total.dimension not in BODIES:
        return False
    if total.dimension == "pieces" and not _BODY.search(total.what):
        return False  # 学位 are no sum of schools
    if total.what.endswith("班") and one.dimension == "schools":
        return False
    return bool(re.search(r"教学点|校|园|[小中]学|[初高]中|机构|中心$", passage.gaps[index][-8:]))


_BODY = re.compile("校|园|教学点|办学点|网点|机构|中心|班")
_OPENS = re.compile(rf"（|[{HAN}]{{2,8}}（(?!\d)")  # 教师731人（…, 171个党支部（其中…


def inside_brackets(passage: Passage) -> Iterator[PartList]:
    """Yield the figure before a bracket and those in it: 教师731人（学前350人，小学381人）."""
    figures, text = passage.figures, passage.text
    for index, one in enumerate(figures):
        opened = _OPENS.match(text, one.until)
        if not is_total(passage, index) or not opened:
            continue
        depth = passage.depths[opened.end() - 1]
        later = range(index + 1, len(figures))
        inside = takewhile(lambda i, depth=depth: passage.depths[figures[i].at] >= depth, later)
        parts = tuple(
            i for i in inside if passage.depths[figures[i].at] == depth and adds_to(passage, i, one)
        )
        if parts:
            is_open = "其中" in passage.text[opened.start() : figures[parts[0]].at]
            yield PartList(index, parts, 2 if is_open else 1)


def is_total(passage: Passage, index: int) -> bool:
    """Say whether a figure may be a total: an exact count, amount or rise, not one of weights."""
    one = passage.figures[index]
    if _CONVERTED.search(passage.tails[index]):
        return False
    return is_summable(one) or (passage.letters[index] == "C" and one.value > 0)


_CONVERTED = re.compile("折合|折算|标准人")  # parts count with a weight


def after_mark(passage: Passage) -> Iterator[PartList]:
    """Yield totals before 其中 (or a colon) with the figures of their dimension after it."""
    figures = passage.figures
    for index in range(1, len(figures)):
        since = figures[index - 1].until
        gap = passage.text[max(since, figures[index].at - 60) : figures[index].at]
        penalty = _mark(passage, index, gap)
        if penalty is None:
            continue
        for total in _totals_before(passage, index - 1):
            parts, more = _collect(passage, index, figures[total])
            for some in _lists_in(passage, total, parts):
                later = more if some == parts else ()
                yield PartList(total, some, penalty, more=later)


def _mark(passage: Passage, index: int, gap: str) -> int | None:
    """Return how doubtful it is that parts begin here; None where nothing says so."""
    if match := _MARK.search(gap):
        return {"sure": 1, "open": 2, "colon": 1, "among": 2}[match.lastgroup or "open"]
    is_sum = passage.letters[index - 1] != "S" and TOGETHER.search(passage.gaps[index - 1])
    if is_sum and re.match(r"^，[^，。；\d]{1,12}$", gap):
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
        if not _reaches(passage, i, last):
            break
        one = figures[i]
        is_change = passage.letters[i] == "C" and len(passage.subject(i)) < 2
        is_of_level = is_change and any(passage.is_level(k) for k in range(max(0, i - 2), i))
        may_divide = is_total(passage, i) and not passage.bases[i] and not is_of_level
        if depths[one.at] <= depth and may_divide:
            measured = one.dimension if one.dimension not in _MEASURED else one.what[-4:]
            out.setdefault((one.dimension, measured), i)
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
    parts: list[int] = []
    more: list[int] = []
    nested = ended = False
    for i in range(first, min(len(figures), first + 40)):
        if i > first and not passage.same_sentence(i, first):
            is_of_year = figures[i].year in (None, figures[first].year)
            if not is_of_year or re.search(r"[。！？]|；\s*\n", passage.between(first, i)):
                break
        if depths[figures[i].at] != depth or not adds_to(passage, i, total) or passage.bases[i]:
            continue
        gap = passage.gaps[i]
        if parts and nested and "；" not in passage.between(parts[-1], i):
            continue
        nested = bool(parts) and bool(re.search("其中|包括", gap.rpartition("；")[2]))
        if nested:
            continue
        tail = re.split(r"[，；。]", gap)[-1]
        lead = re.split(r"[，；。]", passage.gaps[parts[0]])[-1] if parts else ""
        labels = [passage.label(k) for k in (*parts, i)]
        new = _NEW_SUBJECT.search(tail) and not _NEW_SUBJECT.search(lead)
        if parts and new and family_of(labels) is None:
            ended = ended or not re.fullmatch(r"[，、；和][^，。；：\d]{1,10}", gap)
        ended = ended or bool(_BESIDES.search(tail))
        (more if ended else parts).append(i)
    return tuple(parts), tuple(more)


_BESIDES = re.compile(r"^(?:另外?有|另外|另设|此外|还有|不含)")


def _lists_in(passage: Passage, total: int, parts: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Return the lists that may divide a total: all; those of its noun; those that ； parts.

    占地面积A，建筑面积B，其中小学占地面积C，建筑面积D: each divides the total of its own noun.
    """
    lists: list[list[int]] = []
    for i in parts:
        if not lists or "；" in passage.gaps[i]:
            lists.append([])
        lists[-1].append(i)
    some = [tuple(one) for one in lists if 1 < len(one) < len(parts)]
    firsts = tuple(one[0] for one in lists)
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
        if is_whole or (family and is_over(passage, total, parts[:size])):
            return parts[:size]
    return parts


_ADDED_TO = re.compile("(?:^|[，；])(?:再)?加上?[^，。；]*$")


def before_total(passage: Passage) -> Iterator[PartList]:
    """Yield a list and the total after it: 中央1240万元，省级655万元，合计1895万元."""
    figures = passage.figures
    for index in range(2, len(figures)):
        one = figures[index]
        gap = passage.text[max(figures[index - 1].until, one.at - 40) : one.at]
        gap = gap or passage.text_before(index - 1)
        explicit = TOGETHER.search(gap)
        is_share = passage.letters[index] == "S" and explicit
        if not (is_total(passage, index) or is_share) or re.search(r"[。！？\n]", gap):
            continue
        if not explicit and not re.match(r"^，[^，。；\d、]{2,10}$", gap):
            continue
        parts = _list_before(passage, index)
        if len(parts) < 2 or any(figures[i].size > size_limit(one, figures[i]) for i in parts):
            continue
        if any(_SO_FAR.search(passage.tails[i]) for i in (*parts, index)) and len(parts) < 3:
            continue  # 新创建5所，累计达到17所；…累计32所
        if len({m[0] for i in parts if (m := _FLOWS.search(passage.tails[i]))}) > 1:
            continue  # 总收入2.7亿元，总支出2.2亿元，当期结余0.5亿元，累计结余3.4亿元
        if _ADDED_TO.search(passage.gaps[parts[0]]):
            continue  # 支出12.4亿元，增长3%。加上上解支出1.2亿元，…，支出总计: of it, too
        if explicit:
            penalty = 0 if _BARE_TOTAL.match(gap) else 1
            yield PartList(index, parts, penalty, is_before=True)
        elif len(parts) > 2:
            labels = [passage.label(i) for i in parts]
            family = family_of(labels)
            if family and leaves_nothing_out(family, labels):
                yield PartList(index, parts, 2, is_before=True)


_SO_FAR = re.compile("累计")
_FLOWS = re.compile("收入|支出|[结节]余")
_BARE_TOTAL = re.compile(
    r"^[，；](?:全[县市区省州旗])?(?:[两二三四五六各](?:项|者|校|类|部分))?(?:合计|共计|总计|共)(?:支出|收入|投入|安排)?(?:为|达到?)?$"
)


def _stands_beside(passage: Passage, index: int) -> bool:
    """Say whether nothing stands between a figure and the one before or after it."""
    after = index + 1 < len(passage.figures) and not passage.text_before(index + 1).strip("、")
    return after or (index > 0 and not passage.text_before(index).strip("、"))


def _list_before(passage: Passage, index: int) -> tuple[int, ...]:
    figures, one = passage.figures, passage.figures[index]
    parts: list[int] = []
    for i in range(index - 1, max(-1, index - LONGEST) - 1, -1):
        if i < 0 or (figures[i].kind == "change" and one.kind != "change"):
            break
        if figures[i].dimension != one.dimension and _stands_beside(passage, i):
            continue  # 春季352人36.18万元，秋季341人34.9万元，共693人71.08万元
        if passage.bases[i] and not passage.bases[index]:
            break
        like = passage.letters[i] == passage.letters[index] == "S" or adds_to(passage, i, one)
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
