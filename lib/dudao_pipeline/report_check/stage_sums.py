"""Sums over stages: what is printed of 义务教育 is that of 小学 and 初中, wherever each stands."""

import re
from collections.abc import Iterator

from dudao_pipeline.report_check import arithmetic
from dudao_pipeline.report_check.arithmetic import FOLLOWS
from dudao_pipeline.report_check.contexts import COUNTY
from dudao_pipeline.report_check.readings import Reading
from dudao_pipeline.report_check.rules import words
from dudao_pipeline.report_check.structure import (
    COLUMN_NOUN,
    NOUN_CLASSES,
    PUPILS,
    Passage,
    is_narrow,
)

NOTE = "各学段之和"
_OF_A_PART = re.compile("生均|教学点")
_OF_MONEY = {"资金", "补助", "投资", "投入"}  # 生活补助37598人次 counts pupils
_SPECIAL = "特殊教育"  # a county counts its pupils with the others or apart

Sum = tuple[int, tuple[int, ...]]


def stage_sums(passage: Passage) -> Iterator[Reading]:
    """Yield the sums over stages: doubtful, but where another quantity of the whole adds up."""
    figures = passage.figures
    sums = list(_sums(passage))
    held = {figures[whole].stage for whole, parts in sums if _adds_up(passage, whole, parts)}
    for whole, parts in sums:
        adds_up = _adds_up(passage, whole, parts)
        penalty = 0 if adds_up else 1 if figures[whole].stage in held else 3
        yield Reading("total", whole, parts, penalty, note=NOTE)


def _sums(passage: Passage) -> Iterator[Sum]:
    """Yield what is printed of 义务教育, 高中阶段 and the county with that of their stages."""
    wholes = [*words().stage_sums.items(), *((COUNTY, some) for some in words().county_sums)]
    for once in _by_stage(passage):
        for whole, names in wholes:
            if whole not in once or not all(name in once for name in names):
                continue
            parts = tuple(once[name] for name in names)
            lists = [parts]
            if whole == COUNTY and _SPECIAL in once:
                lists.append((*parts, once[_SPECIAL]))
            size = passage.figures[once[whole]].size
            yield from (
                (once[whole], some)
                for some in lists
                if size > max(passage.figures[i].size for i in some)
            )


def _by_stage(passage: Passage) -> Iterator[dict[str, int]]:
    """Yield for each noun, unit and year the figure of each stage that is printed once."""
    table: dict[tuple, dict[str, list[int]]] = {}
    for index, one in enumerate(passage.figures):
        noun = _noun(passage, index)
        names = passage.tails[index] + one.what
        is_part = is_narrow(names) or _OF_A_PART.search(names) or passage.bases[index]
        if noun and passage.is_level(index) and not is_part:
            stages = table.setdefault((one.dimension, noun, one.year), {})
            stages.setdefault(one.stage, []).append(index)
    for stages in table.values():
        yield {
            stage: some[0]
            for stage, some in stages.items()
            if len({passage.figures[i].size for i in some}) == 1
        }


def _noun(passage: Passage, index: int) -> str:
    """Return the class of what a figure counts; persons of 义务教育 without a noun are pupils."""
    one = passage.figures[index]
    nouns = COLUMN_NOUN.findall(passage.tails[index])
    if one.dimension in ("persons", "person_times"):
        nouns = [noun for noun in nouns if noun not in _OF_MONEY]
    if one.dimension == "pieces" and (noun := COLUMN_NOUN.match(passage.after(index))):
        nouns = [noun[0]]
    if nouns:
        return NOUN_CLASSES.get(nouns[-1], nouns[-1])
    is_pupils = one.dimension == "persons" and one.stage in words().stage_sums
    return PUPILS if is_pupils else ""


def _adds_up(passage: Passage, whole: int, parts: tuple[int, ...]) -> bool:
    given = [passage.printing.printed(i) for i in parts]
    return arithmetic.compare(arithmetic.total, given, passage.printing.printed(whole)) == FOLLOWS
