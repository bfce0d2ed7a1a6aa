"""How far the words of a list say that it is all of its total: what they leave open is a penalty.

Different parts of one family, nothing left out and no part narrowed are a whole.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from dudao_pipeline.report_check import arithmetic
from dudao_pipeline.report_check.arithmetic import FOLLOWS
from dudao_pipeline.report_check.figures import Figure
from dudao_pipeline.report_check.readings import (
    MASKS,
    repeats_its_total,
)
from dudao_pipeline.report_check.rules import HAN, Family
from dudao_pipeline.report_check.structure import (
    AT_LEAST,
    NUMERALS,
    UNREAD,
    Passage,
    family_of,
    is_narrow,
    leaves_nothing_out,
)

_FEW_SPECIAL, _PART_SPECIAL = 3, 0.01  # what special schools are of a county, at most
BODIES = ("schools", "pieces", "institutions", "teaching_points")


@dataclass(frozen=True)
class PartList:
    """A list that may be all of a total; `penalty`: of its mark; `more` may go on with it."""

    total: int
    parts: tuple[int, ...]
    penalty: int
    is_before: bool = False
    more: tuple[int, ...] = ()


_MOST_OF_TWO = 1.5  # times a total that two parts add up to; more are one within the other


OTHERS = re.compile("^[，、；和及（]?(?:其他|其它|其余)")


def size_limit(total: Figure, part: Figure) -> float:
    """Return the size that no part exceeds, also where the total has lost its 万."""
    return max(total.size, total.value * part.factor) if total.dimension == "money" else total.size


_IS_ALL = re.compile("(?:等?[两二三四五六七八九十]个?(?:部分|方面|项|类|者))?(?:组成|构成|之和)")


def is_said_to_be_all(passage: Passage, parts: Sequence[int]) -> bool:
    """Say whether words after a list say that it is all: 由…三部分构成, 即…、…、…之和."""
    if parts[-1] - parts[0] != len(parts) - 1:
        return False
    is_begun = re.search("由|即|是|为", passage.gaps[parts[0]])
    return bool(is_begun and _IS_ALL.match(passage.after(parts[-1])))


def is_over(passage: Passage, total: int, parts: Sequence[int]) -> bool:
    """Say whether parts add up to more than a total."""
    added = sum(passage.figures[i].size for i in parts)
    return added > passage.figures[total].size * (1 + 1e-9)


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


def doubt_of(passage: Passage, one: PartList) -> int:
    """Return how doubtful it is that a list is all of its total, from 0."""
    figures, total, parts = passage.figures, passage.figures[one.total], one.parts
    labels = [passage.label(i) for i in parts]
    some_years = _SOME_YEARS.search(passage.tails[one.total])
    if some_years and NUMERALS[some_years[1]] != len(parts):
        return MASKS
    over = is_over(passage, one.total, parts)
    added = sum(figures[i].size for i in parts)
    limit = max(size_limit(total, figures[i]) for i in parts)
    most = 2.0 if len(parts) > 2 else _MOST_OF_TWO
    of_size = any(added / most <= size <= 2 * added for size in (total.size, limit))
    if not of_size or any(figures[i].size > limit for i in parts):
        return 2 if of_size or one.is_before else 3
    if _are_all_ages(passage, parts):
        return 0
    if _are_all_years(passage, one.total, parts):
        return 2 if re.search("和|及|新增|追加", passage.tails[one.total]) else 0
    if UNREAD.search("".join(passage.gaps[i] for i in parts)):
        return MASKS
    family = family_of(labels)
    penalty = one.penalty
    if family and family.name == "学历" and over:
        return MASKS  # 大专52人 may hold 本科13人
    if family:
        stage = "" if total.dimension in BODIES else total.stage
        of_stages = family.name == "学段" and not over
        is_whole = leaves_nothing_out(family, labels, stage)
        is_whole = is_whole and not (of_stages and total.dimension in BODIES)
        is_whole = is_whole and (family.name != "研究生" or "研究生" in passage.words_of(one.total))
        penalty += 1 if of_stages and one.penalty < 2 else 0  # a stage may be left out
        penalty -= 2 if is_whole else 1 if over else 0
    else:
        penalty += _of_no_family(passage, one, labels)
    by_nature = family is not None and family.name in _NARROW_BY_NATURE
    listed_before = one.is_before
    if not by_nature and not listed_before:
        sources = "中央|省级|市级|重点" if total.dimension == "money" else "(?!)"
        bare = [re.sub(sources, "", label) for label in labels]
        narrowed = [i for i, label in zip(parts, bare, strict=True) if is_narrow(label)]
        if narrowed and not is_narrow(total.what):
            penalty += 1 if over else 2
    last = figures[parts[-1]].until
    after = re.split("[。；\n]", passage.text[last : last + 30])[0]
    if _BROKEN_OFF.fullmatch(after):
        return MASKS
    between = "".join(passage.gaps[i] for i in parts[1:])
    if (not listed_before and re.search("^等|其余|余下|剩余", after)) or _OPEN_LIST.search(between):
        penalty += 1 if over else 3
    is_vague = any(AT_LEAST.search(label) for label in labels)
    penalty += 2 if is_vague else 0
    noun = re.match(f"[{HAN}]{{2,8}}", passage.after(one.total))
    if one.is_before and noun and not passage.are_words_of(noun[0][-2:], *parts):
        penalty += 2
    steps = sum("；" in passage.gaps[i] for i in parts[1:])
    if 0 < steps < len(parts) - 1:
        penalty += 2  # the list goes over into another
    missing = total.size - added
    if missing > 0 and one.penalty and (not listed_before or total.dimension in BODIES):
        penalty += _may_lack(total, missing, family, labels)
    if re.search("其余|余下|剩余|剩下", passage.tails[parts[-1]]):
        penalty -= 2
    penalty -= (2 if len(parts) > 2 else 1) if over and not is_vague else 0
    penalty += 2 if _without_one(passage, one) else 0
    is_closed = one.is_before or any(OTHERS.search(passage.tails[i]) for i in parts)
    if family is None and not is_closed:
        least = 1 if one.penalty < 2 else 2 if over else 3
        penalty = max(least, penalty)
    if family and family.name == "学段" and not over:
        penalty = max(1, penalty)  # a kind of schools may be left out
    return max(0, min(MASKS, penalty))


def _of_no_family(passage: Passage, one: PartList, labels: Sequence[str]) -> int:
    """Return how much more doubtful a list of kinds is that no family knows."""
    what = [passage.figures[i].what for i in one.parts]
    if len(labels) > 2 and re.match(r"^[，、；和]?(?:其他|其它)", passage.gaps[one.parts[-1]]):
        return -1
    like = all(w[-2:] == what[0][-2:] for w in what)
    return 0 if like or one.is_before or len(labels) > 3 else 1


def _may_lack(total: Figure, missing: float, family: Family | None, labels: Sequence[str]) -> int:
    """Return how likely a list leaves out special schools, 托班, or who is not at school."""
    if "适龄" in total.what:
        return 2
    if family is None:
        return 0
    if family.name == "班龄" and len(labels) == len(family.exhaustive[0]):
        return 2  # 托班 is seldom named
    is_special = any("特殊" in label or "特教" in label for label in labels)
    is_few = missing <= max(_FEW_SPECIAL, _PART_SPECIAL * total.size)
    return 1 if family.name == "学段" and is_few and not is_special else 0


def _without_one(passage: Passage, one: PartList) -> bool:
    """Say whether a total is the sum of all parts but one."""
    stated = passage.printing.printed(one.total)
    if repeats_its_total(passage.printing, one.total, one.parts):
        return False
    for left in one.parts:
        rest = [passage.printing.printed(i) for i in one.parts if i != left]
        if len(rest) > 1 and arithmetic.compare(arithmetic.total, rest, stated) == FOLLOWS:
            return True
    return False
