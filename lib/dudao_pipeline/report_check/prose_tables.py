"""Passages that say the same of several things: 城区107所、24240人；县镇39所、7404人；….

Such a passage is a table in prose. Where one column of it adds up to a total, the others do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from itertools import chain, product

from dudao_pipeline.report_check import arithmetic
from dudao_pipeline.report_check.arithmetic import FOLLOWS
from dudao_pipeline.report_check.contexts import COUNTY
from dudao_pipeline.report_check.readings import Reading
from dudao_pipeline.report_check.rules import pattern, words
from dudao_pipeline.report_check.structure import (
    COLUMN_NOUN,
    NOUN_CLASSES,
    PUPILS,
    Passage,
    core_of,
    family_of,
    is_narrow,
)

_TOGETHER = pattern("together")
_FAR = 60  # figures among which the rows of one passage are
_NEAR_PARTS = 12  # figures after one that may be its parts, with what stands between them
_OWNED = 100.0  # smaller numbers add up by chance
_LARGE = 1000.0  # a sum of that size is hardly a coincidence
NOTE = "分项之和"

_OF_MONEY = {"资金", "补助", "投资", "投入"}  # 生活补助37598人次 counts pupils
_OF_PERSONS = {"persons": PUPILS}  # what persons are whom no words name
Key = tuple[str, str]


class _Columns:
    """The figures of a passage by what they count, and the record in which each stands."""

    def __init__(self, passage: Passage) -> None:
        self.passage = passage
        self.keys: list[Key] = []
        self.records: list[int] = []
        self.names = [core_of(tail) for tail in passage.tails]
        record = 0
        for index, one in enumerate(passage.figures):
            since = passage.figures[index - 1].until if index else 0
            record += bool(re.search(r"[；。！？：\n]", passage.text[since : one.at]))
            self.records.append(record)
            nouns = COLUMN_NOUN.findall(passage.tails[index])
            if one.dimension in ("persons", "person_times"):
                nouns = [noun for noun in nouns if noun not in _OF_MONEY]
            if one.dimension == "pieces" and (noun := COLUMN_NOUN.match(passage.after(index))):
                nouns = [noun[0]]
            kind = NOUN_CLASSES.get(nouns[-1], nouns[-1]) if nouns else ""
            column = one.dimension if passage.is_level(index) else ""
            if passage.letters[index] == "C":
                column = f"{one.dimension}+"
            self.keys.append((column, kind))

    @cached_property
    def owner(self) -> dict[int, int]:
        """Return of each figure the one before it of which it is a part, with those beside it."""
        out: dict[int, int] = {}
        figures = self.passage.figures
        for whole, one in enumerate(figures):
            added, parts = 0.0, []
            for i in range(whole + 1, min(len(figures), whole + _NEAR_PARTS)):
                if added >= one.size or not self.passage.same_sentence(whole, i):
                    break
                if self.is_like(whole, i):
                    added += figures[i].size
                    parts.append(i)
            if len(parts) > 1 and one.size >= _OWNED and abs(added - one.size) <= 1e-9 * added:
                out.update(dict.fromkeys(parts, whole))
        return out

    def is_like(self, one: int, other: int) -> bool:
        """Say whether two figures may be of one column."""
        (dimension, noun), (same, of_other) = self.keys[one], self.keys[other]
        named = [name or _OF_PERSONS.get(dimension, "") for name in (noun, of_other)]
        return bool(dimension) and dimension == same and (named[0] == named[1] or "" in named)

    def is_one_of(self, index: int, others: list[int]) -> bool:
        """Say whether a figure is of a kind of its own beside others: 小学 of 初中 and 高中."""
        return family_of([self.passage.label(i) for i in (index, *others)]) is not None

    def beside(self, index: int, other: int, offset: int) -> int | None:
        """Return the figure of a column in the record of a figure, between two others.

        It stands as far from the figure as that of the total does, or its words name the column.
        """
        (low, high), key, name = self.bounds(index), self.keys[other], self.names[other]
        figures = self.passage.figures
        of_stage = figures[other].stage == figures[other - offset].stage

        def fits(i: int) -> bool:
            is_of_stage = not of_stage or figures[i].stage == figures[index].stage
            return self.is_beside(index, i) and self.keys[i][0] == key[0] and is_of_stage

        at = index + offset
        if low < at < high and fits(at) and self.keys[at][1] in ("", key[1] or self.keys[at][1]):
            return at
        near = (i for i in range(max(low + 1, index - 8), min(high, index + 9)) if i != index)
        same = [i for i in near if fits(i)]
        named = [i for i in same if key[1] and self.keys[i][1] == key[1] and name == self.names[i]]
        alone = [
            i for i in range(*self.bounds(other - offset)) if i >= 0 and self.keys[i][0] == key[0]
        ]
        alone = [i for i in alone if self.is_beside(other - offset, i)]
        return named[0] if named else same[0] if len(same) == len(alone) == 1 else None

    def is_beside(self, index: int, other: int) -> bool:
        """Say whether another figure of one record stands beside one, or in a bracket after it."""
        if self.records[index] != self.records[other]:
            return False
        first, last = sorted((index, other))
        between = self.passage.between(first, last) if first < last else ""
        opened = between.count("（") - between.count("）")
        return opened == 0 or (opened > 0 and other > index)

    def bounds(self, index: int) -> tuple[int, int]:
        """Return the figures of the same column before and after one."""
        count = len(self.keys)
        before = (i for i in range(index - 1, -1, -1) if self.is_like(index, i))
        after = (i for i in range(index + 1, count) if self.is_like(index, i))
        return next(before, -1), next(after, count)


def records(passage: Passage) -> Iterator[Reading]:
    """Yield the columns of sums beside a column that adds up."""
    columns = _Columns(passage)
    seen: set[tuple[int, ...]] = set()
    stages = _of_stages(columns)
    yield from _over_stages(columns)
    for total in range(len(passage.figures)):
        if not columns.keys[total][0] or passage.bases[total]:
            continue
        of_stages = (parts for whole, parts in stages if whole == total)
        held = (parts for parts in of_stages if _adds_up(passage, total, parts))
        for parts in chain(_sums_of(columns, total), held):
            for one in _companions(columns, total, parts):
                if one.members not in seen:
                    seen.add(one.members)
                    yield one


def _sums_of(columns: _Columns, total: int) -> Iterator[tuple[int, ...]]:
    """Yield the lists after and before a figure that add up to it, from its side on."""
    passage = columns.passage
    stated, limit = passage.printing.printed(total), passage.figures[total].size
    ends = (
        range(total + 1, min(len(passage.figures), total + _FAR)),
        range(total - 1, max(-1, total - _FAR), -1),
    )
    for around, is_outer in product(ends, (False, True)):
        chain: list[int] = []
        added = 0.0
        for i in around:
            if not columns.is_like(total, i) or passage.bases[i]:
                continue
            if is_outer and columns.owner.get(i, total) != total:
                continue  # a part of a part
            if not 0 < passage.figures[i].size <= limit:
                break  # beside a change of 0 it is not told which level is a part of which
            chain.append(i)
            added += passage.figures[i].size
            if added > 1.01 * limit:
                break
            if len(chain) > 1 and added > 0.99 * limit and not columns.is_one_of(total, chain):
                given = [passage.printing.printed(k) for k in chain]
                if arithmetic.compare(arithmetic.total, given, stated) == FOLLOWS:
                    yield tuple(sorted(chain))
                    chain, added = [], 0.0


STAGES = "各学段之和"
_OF_A_PART = re.compile("生均|教学点")


def _of_stages(columns: _Columns) -> list[tuple[int, tuple[int, ...]]]:
    """Return the figures of 义务教育, 高中阶段 and the county with those of their stages.

    They are of one noun, unit and year, and each stage has printed it once.
    """
    passage, figures = columns.passage, columns.passage.figures
    table: dict[tuple, dict[str, list[int]]] = {}
    for index, one in enumerate(figures):
        dimension, noun = columns.keys[index]
        if one.stage in words().stage_sums:
            noun = noun or _OF_PERSONS.get(dimension, "")
        names = passage.tails[index] + one.what
        is_part = is_narrow(names) or _OF_A_PART.search(names) or passage.bases[index]
        if dimension and noun and not is_part:
            stages = table.setdefault((dimension, noun, one.year), {})
            stages.setdefault(one.stage, []).append(index)
    out: list[tuple[int, tuple[int, ...]]] = []
    for stages in table.values():
        once = {
            stage: some[0]
            for stage, some in stages.items()
            if len({figures[i].size for i in some}) == 1
        }
        wholes = [*words().stage_sums.items(), *((COUNTY, some) for some in words().county_sums)]
        for whole, names in wholes:
            if whole not in once or not all(name in once for name in names):
                continue
            parts = tuple(once[name] for name in names)
            special = once.get("特殊教育") if whole == COUNTY else None
            some = [parts] if special is None else [parts, (*parts, special)]
            out.extend(
                (once[whole], each)
                for each in some
                if figures[once[whole]].size > max(figures[i].size for i in each)
            )
    return out


def _over_stages(columns: _Columns) -> Iterator[Reading]:
    """Yield the sums over stages: doubtful, but where another quantity of the whole adds up."""
    sums = _of_stages(columns)
    figures = columns.passage.figures
    held = {figures[t].stage for t, parts in sums if _adds_up(columns.passage, t, parts)}
    for total, parts in sums:
        adds_up = _adds_up(columns.passage, total, parts)
        penalty = 0 if adds_up else 1 if figures[total].stage in held else 3
        yield Reading("total", total, parts, penalty, note=STAGES)


def _companions(columns: _Columns, total: int, parts: tuple[int, ...]) -> Iterator[Reading]:
    """Yield the sums beside one that holds: of the figures that stand to its parts as one to it."""
    passage = columns.passage
    beside: list[tuple[int, tuple[int, ...]]] = []
    low, high = columns.bounds(total)
    near = range(max(low + 1, total - 8), min(high, total + 9))
    for other in near:
        key = columns.keys[other]
        if other == total or not key[0] or not columns.is_beside(total, other):
            continue
        if columns.is_like(total, other) and key == columns.keys[total]:
            continue
        column = [columns.beside(i, other, other - total) for i in parts]
        members = tuple(i for i in column if i is not None)
        if len(set(members)) == len(parts) and other not in members:
            beside.append((other, _mended(columns, other, members)))
    holding = [one for one in beside if _adds_up(passage, *one)]
    size = passage.figures[total].size
    digits = re.sub(r"\D", "", passage.figures[total].printed).strip("0")
    is_large = size >= _LARGE and len(digits) > 2  # 1.8亿 is no less by chance than 18
    is_sure = is_large or (size >= 0.1 * _LARGE and len(parts) > 2) or len(holding) > 1
    is_sure = is_sure or any(passage.figures[other].size >= _LARGE for other, _ in holding)
    slack = sum(passage.printing.printed(i).half for i in (total, *parts)) / size
    for other, members in beside:
        added, stated = sum(passage.figures[i].size for i in members), passage.figures[other].size
        if (other, members) not in holding and abs(added - stated) <= slack * stated:
            continue  # 14.3万所 of rounded parts may lack what is missing here
        confirmed = len(holding) + 1 - ((other, members) in holding)
        is_shown = confirmed > 1 or (len(parts) > _MANY and size >= _LARGE)
        is_shown = is_shown or bool(_TOGETHER.search(passage.gaps[other]))
        is_change = passage.letters[other] == "C"  # a kind that did not change is not named
        penalty = 0 if is_sure and is_shown and not is_change else 1 if is_sure else 3
        yield Reading("total", other, members, penalty, note=NOTE)


def _mended(columns: _Columns, total: int, parts: tuple[int, ...]) -> tuple[int, ...]:
    """Return parts, one of them another figure of its line where they add up with that."""
    line = columns.passage.printing.line
    if _adds_up(columns.passage, total, parts):
        return parts
    for at, part in enumerate(parts):
        for i in range(max(0, part - 8), min(len(columns.keys), part + 9)):
            same = line(i) == line(part) and columns.is_like(i, part)
            others = (*parts[:at], i, *parts[at + 1 :])
            if same and i not in (*parts, total) and _adds_up(columns.passage, total, others):
                return others
    return parts


_MANY = 4  # parts that add up to a total hardly by chance


def _adds_up(passage: Passage, total: int, parts: tuple[int, ...]) -> bool:
    given = [passage.printing.printed(i) for i in parts]
    return arithmetic.compare(arithmetic.total, given, passage.printing.printed(total)) == FOLLOWS
