"""Passages that say the same of several things: 城区107所、24240人；县镇39所、7404人；….

Such a passage is a table in prose. Where one column of it adds up to a total, the others do; where
most of its rows follow by one formula, all do.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, permutations, product

from dudao_pipeline.report_check import arithmetic
from dudao_pipeline.report_check.arithmetic import CONTRADICTS, FOLLOWS
from dudao_pipeline.report_check.contexts import COUNTY
from dudao_pipeline.report_check.numbers import RATIO
from dudao_pipeline.report_check.printing import RATIO_OF, SHARE_OF, Relation, in_unit
from dudao_pipeline.report_check.readings import Reading, fits_units, status_of
from dudao_pipeline.report_check.rules import pattern, words
from dudao_pipeline.report_check.shares import BARE_SHARE, is_vague
from dudao_pipeline.report_check.structure import (
    COLUMN_NOUN,
    NOUN_CLASSES,
    PUPILS,
    Passage,
    core_of,
    is_narrow,
)

_TOGETHER, _OF = pattern("together"), pattern("of")
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
    """Yield the columns of sums beside a column that adds up, and rows unlike the others."""
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
    yield from _rows(passage)
    yield from _unlike_rows(columns)


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
            if passage.figures[i].size > limit:
                break
            chain.append(i)
            added += passage.figures[i].size
            if added > 1.01 * limit:
                break
            if len(chain) > 1 and added > 0.99 * limit:
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


def _rows(passage: Passage) -> Iterator[Reading]:
    """Yield the row that is unlike the others of its passage: each a/b = c, all but one."""
    by_shape: dict[tuple, list[Reading]] = {}
    for index in range(2, len(passage.figures)):
        if passage.letters[index] not in "ASGR" or passage.figures[index].value == 0:
            continue
        for trio in ((index - 2, index - 1), (index + 1, index + 2)):
            if trio[-1] < len(passage.figures) and passage.same_sentence(*trio):
                _add_row(passage, index, trio, by_shape)
    for some in by_shape.values():
        held = [one for one in some if status_of(passage.printing, one) != CONTRADICTS]
        if len(held) >= 2 and len(some) - len(held) == 1:
            yield from some


def _add_row(
    passage: Passage, index: int, trio: tuple[int, int], by_shape: dict[tuple, list[Reading]]
) -> None:
    """Add how a figure may be the quotient of two beside it to those of its shape."""
    if not passage.same_sentence(trio[0], index) or not all(passage.is_level(i) for i in trio):
        return
    shape = tuple(
        (passage.figures[i].dimension, passage.figures[i].decimals > 0) for i in (*trio, index)
    )
    named = trio[1:] if passage.letters[index] == "R" else (trio[1], index)
    names = [(COLUMN_NOUN.findall(passage.gaps[i]) or [passage.tails[i][-2:]])[-1] for i in named]
    nouns = tuple(NOUN_CLASSES.get(name, name) for name in names)
    result = passage.figures[index]
    for one, other in (trio, trio[::-1]):
        reading = Reading("quotient", index, (one, other), 0)
        same = result.kind == RATIO or result.dimension == passage.figures[one].dimension
        if result.decimals and same and fits_units(passage.printing, reading):
            key = (shape, nouns, one < other, trio[0] < index)
            by_shape.setdefault(key, []).append(reading)


_WIDEST = 8  # figures of a record
_TELLING = 5  # digits of all results by which a formula holds hardly by chance
_OF_RESULT = {
    "S": ("share",),
    "G": ("growth",),
    "C": ("difference",),
    "P": ("points",),
    "R": ("quotient",),
    "A": ("quotient", "difference"),
}


def _unlike_rows(columns: _Columns) -> Iterator[Reading]:
    """Yield the formula that holds in all records of a passage that are built alike, but in one.

    甲区总数…人，其中文盲…人，文盲率…；乙区总数…: what the others say by it, that one does.
    """
    passage = columns.passage
    by_shape: dict[tuple, list[range]] = {}
    first = 0
    for index in range(1, len(passage.figures) + 1):
        if index == len(passage.figures) or columns.records[index] != columns.records[first]:
            row = range(first, index)
            shape = tuple(
                (passage.letters[i], passage.figures[i].dimension, passage.bases[i]) for i in row
            )
            if 2 < len(row) <= _WIDEST:
                by_shape.setdefault(shape, []).append(row)
            first = index
    for shape, rows in by_shape.items():
        if len(rows) > 2:
            yield from _formulas_of_rows(passage, shape, rows)


_ROWS_OF_SUMS = 3  # rows in which a sum or difference of columns holds, not by chance


def _formulas_of_rows(passage: Passage, shape: tuple, rows: list[range]) -> Iterator[Reading]:
    width = len(rows[0])
    for result, (letter, *_) in enumerate(shape):
        unlike: list[list[Reading]] = []
        for name in _OF_RESULT.get(letter, ()):
            for pair in permutations((i for i in range(width) if i != result), 2):
                readings = [
                    Reading(name, row[result], tuple(row[i] for i in pair), 0) for row in rows
                ]
                if not all(fits_units(passage.printing, one) for one in readings):
                    continue
                held = [one for one in readings if _holds(passage, one)]
                digits = sum(
                    len(re.sub(r"\D", "", passage.figures[one.result].printed)) for one in held
                )
                if len(held) == len(rows):
                    break  # another formula makes every row right
                few = letter == "A" and len(held) < _ROWS_OF_SUMS
                if len(held) == len(rows) - 1 and digits >= _TELLING and not few:
                    unlike.append(readings)
            else:
                continue
            break
        else:
            if len(unlike) == 1:
                yield from unlike[0]


_ALIKE = 3  # quotients that are by one number of pupils, so that a further one is, too
_BY_OTHERS = re.compile("宿舍|寄宿|住[校宿]|食堂|餐|床")
_PER_PUPIL = re.compile(r"[，、（]?(?:生均|每生|人均|每?百名学生)[^，。；\d]{0,6}")
_FACTOR = 2.0  # what is farther off is by another number


@dataclass(frozen=True)
class _Implied:
    """A quotient, and the least and greatest number that the amount before it is divided by."""

    index: int
    least: float
    most: float

    def meets(self, others: Sequence[_Implied]) -> bool:
        """Say whether one number is what this quotient and all of some others are by."""
        some = (self, *others)
        return max(one.least for one in some) <= min(one.most for one in some)


def implied_numbers(passage: Passage) -> Iterator[Relation]:
    """Accuse the quotient that implies another number of pupils than those beside it.

    占地面积1995356平方米，生均60.03平方米；用房449313平方米，生均13.52平方米；…: each amount by its
    quotient gives the number that no sentence may print. Three others give one number; or each
    record has two, and those of the other records agree.
    """
    by_line: dict[int, list[list[_Implied]]] = {}
    for index in range(1, len(passage.figures)):
        one, over = passage.figures[index], passage.figures[index - 1]
        is_pair = passage.is_level(index) and passage.is_level(index - 1)
        beside = is_pair and passage.same_sentence(index - 1, index) and one.dimension
        if not beside or not _PER_PUPIL.fullmatch(passage.gaps[index]):
            continue
        if over.dimension != one.dimension or _BY_OTHERS.search(passage.words_of(index - 1)):
            continue
        given = [passage.printing.printed(i) for i in (index - 1, index)]
        records = by_line.setdefault(passage.printing.line(index), [])
        if not records or "；" in passage.gaps[index - 1]:
            records.append([])
        records[-1].append(_Implied(index, *arithmetic.span(arithmetic.quotient, given)))
    for records in by_line.values():
        some = [one for record in records for one in record]
        unlike = [record for record in records if not record[0].meets(record[1:])]
        if len(records) > 1 and all(len(record) > 1 for record in records):
            if len(unlike) == 1:
                shown = [passage.figures[one.index].printed for one in some]
                copied = [r for r in unlike[0] if shown.count(passage.figures[r.index].printed) > 1]
                doubt = (copied or unlike[0])[-1]
                yield from _unlike_number(passage, doubt, [r for r in unlike[0] if r != doubt])
            continue
        for one in some:
            stage = passage.figures[one.index].stage
            others = [r for r in some if r != one and passage.figures[r.index].stage == stage]
            if len(others) >= _ALIKE and others[0].meets(others[1:]) and not one.meets(others):
                yield from _unlike_number(passage, one, others)


def unlike_wholes(passage: Passage, settled: Collection[int]) -> Iterator[Relation]:
    """Accuse the share that implies another whole than three others of it, in a line or in lines.

    settled: the shares of which another relation has told.
    应届生38564人，占考生总数的28.8%，往届生7984人，占17.2%；文科考生19024人，占40.9%，理科考生24039人，占51.6%.
    """
    of_one: dict[tuple[int, str, str], list[_Implied]] = {}
    printing, name, block, last = passage.printing, "", 0, 0
    for index in range(1, len(passage.figures)):
        one, part = passage.figures[index], passage.figures[index - 1]
        named = _OF.search(passage.clause(index)) if passage.letters[index] == "S" else None
        name = core_of(named["whole"]) if named and named["whole"] else name
        is_share = passage.letters[index] == "S" and passage.is_level(index - 1)
        beside = is_share and passage.same_sentence(index - 1, index) and 0 < one.value < 100
        is_stated = named or BARE_SHARE.fullmatch(passage.gaps[index])
        if not (beside and is_stated and len(name) > 1 and "、" not in passage.gaps[index - 1]):
            continue
        given = [printing.printed(i) for i in (index - 1, index)]
        ends = arithmetic.span(lambda over, rate: over / rate * 100, given)
        line = printing.line(index)
        is_next = printing.text.count("\n", last, line) < 2
        block = block if is_next and named and not is_vague(name) else line
        last = line
        of_one.setdefault((block, name, part.dimension), []).append(_Implied(index, *ends))
    for some in of_one.values():
        others = _agreeing(some)
        for one in some:
            if one in others or len(others) < _ALIKE or one.meets(others) or one.index in settled:
                continue
            low, high = max(o.least for o in others), min(o.most for o in others)
            yield _unlike_share(passage, one, others, (low + high) / 2)


def _agreeing(some: Sequence[_Implied]) -> list[_Implied]:
    """Return the most shares that one whole gives; none where two wholes have as many."""
    groups = [[other for other in some if other.least <= one.most <= other.most] for one in some]
    groups.sort(key=len)
    rivals = [one for one in groups if set(one).isdisjoint(groups[-1])]
    is_only = all(len(one) < len(groups[-1]) - 1 for one in rivals)
    return groups[-1] if groups and is_only else []


def _unlike_share(
    passage: Passage, one: _Implied, others: Sequence[_Implied], whole: float
) -> Relation:
    """Return the relation of a share that is not of the whole that others give."""
    result, part = passage.figures[one.index], passage.figures[one.index - 1]
    expected = f"{100 * part.size / whole:.{max(2, result.decimals)}f}%"
    message = f"按同段其余各项推算的总数，{part.shown}应占{expected}，文中为{result.shown}"
    members = [i for some in (one, *others) for i in (some.index, some.index - 1)]
    return Relation(tuple(members), SHARE_OF, CONTRADICTS, expected, message)


def _unlike_number(
    passage: Passage, one: _Implied, others: Sequence[_Implied]
) -> Iterator[Relation]:
    """Yield the relation of a quotient that is not by the number that others give.

    One that is by a number which the text prints is by another number, as is one far off.
    """
    low, high = max(other.least for other in others), min(other.most for other in others)
    result, over = passage.figures[one.index], passage.figures[one.index - 1]
    is_printed = any(
        one.least <= figure.size <= one.most and figure.dimension == "persons"
        for figure in passage.figures
    )
    if is_printed or not 1 / _FACTOR < over.size / result.size / low < _FACTOR:
        return
    expected = in_unit((over.size / low + over.size / high) / 2, result)
    message = f"按同段其余各项推算的人数，{over.shown}应为人均{expected}，文中为{result.shown}"
    members = [one.index, one.index - 1]
    members += [i for other in others for i in (other.index, other.index - 1)]
    yield Relation(tuple(members), RATIO_OF, CONTRADICTS, expected, message)


def _holds(passage: Passage, one: Reading) -> bool:
    is_there = all(passage.figures[i].value for i in one.members)
    return is_there and status_of(passage.printing, one) != CONTRADICTS
