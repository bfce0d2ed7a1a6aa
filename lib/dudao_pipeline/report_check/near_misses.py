"""Figures that those beside them miss by one slip, whatever the words between them.

What other rules have settled is left alone.

A list is next to its total, before it or after it. What makes any list right is right. Where none
is, a sum that one slip of the pen turns into the total is hardly chance, if the two lie far apart:
`_chance` says how often a list that is no division of the total would come so near. Words that
divide or add up allow more of it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, pairwise

from dudao_pipeline.report_check import arithmetic
from dudao_pipeline.report_check.arithmetic import CONTRADICTS
from dudao_pipeline.report_check.figures import Figure
from dudao_pipeline.report_check.numbers import CHANGE, COUNT, GROWTH, LEVEL, POINTS, RATIO, SHARE
from dudao_pipeline.report_check.printing import NOT_BASE, Relation
from dudao_pipeline.report_check.readings import (
    BY_OTHER_FORMULA,
    OUT_OF_ORDER,
    SIGN,
    Reading,
    contradiction,
    fits_units,
    follows,
    slip_of,
    status_of,
)
from dudao_pipeline.report_check.rules import pattern, words
from dudao_pipeline.report_check.shares import quotient_words
from dudao_pipeline.report_check.structure import FOR_EACH, LARGEST_ONLY, Passage, is_summable

_LONGEST = 12  # parts of a list
_LEAST, _MOST = 0.3, 3.0  # times the sum that a total may be
_DIVIDES, _ADDS_UP, _REST = pattern("divides"), pattern("adds_up"), pattern("the_rest")
_SURELY, _PER = pattern("surely_all"), pattern("per_head")
_SWAPPED, _DIGIT = "相邻两位数字颠倒", "一位数字有误"
_SLIPS = {_DIGIT: 0.6, _SWAPPED: 0.15, "数字次序有误": 4.0}  # of the orders of four digits
_FACTORS = (1e4, 1e8, 1e-4, 1e-8, 10, 100, 0.1, 0.01)
_UNITS = ("单位相差一万倍", "单位相差一亿倍")
# The chance that is allowed: of a list with the rest, of one that words add up or divide, of any.
_WITH_REST, _SURE, _BY_WORDS, _BY_PLACE = 0.3, 0.1, 0.02, 0.003


@dataclass(frozen=True)
class _Miss:
    total: int
    parts: tuple[int, ...]
    chance: float
    allowed: float


def near_misses(passage: Passage, settled: Set[int]) -> Iterator[Relation]:
    """Yield what one slip explains of figures that are not settled, and totals that hold."""
    exchanged = list(_exchanged_results(passage, settled))
    for one in exchanged:
        yield contradiction(passage.printing, one, OUT_OF_ORDER, doubt=one.result)
    settled = {*settled, *(one.result for one in exchanged)}
    for one in chain(_missed_totals(passage, settled), _missed_results(passage, settled)):
        if (status := status_of(passage.printing, one)) != CONTRADICTS:
            yield follows(passage.printing, one, status)
        elif (slip := slip_of(passage.printing, one)).name:
            yield contradiction(passage.printing, one, slip)


def _missed_totals(passage: Passage, settled: Set[int]) -> Iterator[Reading]:
    tried: list[_Miss] = []
    explained = set(settled)
    for total in range(len(passage.figures)):
        if not _may_be_total(passage, total) or total in settled:
            continue
        stated = passage.printing.printed(total)
        for parts in _lists(passage, total):
            given = [passage.printing.printed(i) for i in parts]
            apart = abs(sum(one.value for one in given) - stated.value)
            room = 2 * stated.half + sum(one.half for one in given)
            is_near = apart <= room * (1 + 1e-9) + 1e-9 * stated.value
            if is_near and arithmetic.compare(arithmetic.total, given, stated) != CONTRADICTS:
                explained |= {total, *parts}
                if _allowed(passage, total, parts) >= _SURE:
                    yield Reading("total", total, parts)
                    break
                continue
            if passage.printing.adds_up_elsewhere(total, parts):
                continue
            if miss := _miss(passage, total, parts):
                tried.append(miss)
    for one in sorted(tried, key=lambda one: (one.chance / (one.allowed or 1e-9), -len(one.parts))):
        members = {one.total, *one.parts}
        if one.total in explained or one.chance > one.allowed or members <= explained:
            continue
        explained |= members
        yield Reading("total", one.total, one.parts, 0)


def _may_be_total(passage: Passage, index: int) -> bool:
    one = passage.figures[index]
    is_each = FOR_EACH.search(passage.tails[index])
    return is_summable(one) and one.size > 0 and not passage.bases[index] and not is_each


def _lists(passage: Passage, total: int) -> Iterator[tuple[int, ...]]:
    """Yield the lists next to a total, of all like figures and of those of its own noun."""
    noun = passage.figures[total].what[-2:]
    seen: set[tuple[int, ...]] = set()
    for step in (1, -1):
        like = _like(passage, total, step)
        if (columns := passage.columns(total, like)) is not None:
            yield from columns
            continue
        named = [i for i in like if noun and noun in f"{passage.label(i)}{passage.figures[i].what}"]
        for some in (like, named, _led(passage, total) if step > 0 else []):
            for size in range(2, len(some) + 1):
                parts = tuple(sorted(some[:size]))
                if parts not in seen and passage.are_of_one_column(total, parts):
                    seen.add(parts)
                    yield parts


def _like(passage: Passage, total: int, step: int, *, since: int | None = None) -> list[int]:
    """Return the figures of a paragraph that may be parts of a total, from it on or back.

    since: the figure to begin with, where it is not the next one.
    """
    figures, whole = passage.figures, passage.figures[total]
    line, depth = passage.printing.line(total), passage.depths[whole.at]
    out: list[int] = []
    index = total + step if since is None else since
    while 0 <= index < len(figures) and passage.printing.line(index) == line:
        one = figures[index]
        if passage.depths[one.at] < depth:
            break
        inner = passage.depths[one.at] > depth + (step > 0 and not out)  # what a part consists of
        if one.dimension == whole.dimension and _may_be_total(passage, index) and not inner:
            out.append(index)
        if len(out) == _LONGEST:
            break
        index += step
    return out


def _led(passage: Passage, total: int) -> list[int]:
    """Return the list of a later clause that names a total again: 公办部分按身份分：在编…."""
    label = passage.label(total)[-2:]
    for index in range(total + 2, min(len(passage.figures), total + 7)):
        if passage.printing.line(index) != passage.printing.line(total):
            break
        gap = passage.gaps[index]
        if len(label) > 1 and label in gap and _SURELY.search(gap):
            return _like(passage, total, 1, since=index)
    return []


def _miss(passage: Passage, total: int, parts: tuple[int, ...]) -> _Miss | None:
    stated = passage.printing.printed(total)
    given = [passage.printing.printed(i) for i in parts]
    added = sum(one.value for one in given)
    is_of_size = _LEAST * added <= stated.value <= _MOST * added
    if not stated.text or not (is_of_size or _is_of_other_unit(added, stated.value)):
        return None
    apart, allowed = abs(added - stated.value), _allowed(passage, total, parts)
    zeros = min(len(_ZEROS.search(passage.figures[i].printed)[0]) for i in (total, *parts))
    chance_of = partial(_chance, passage.figures[total], parts=len(parts), apart=apart, zeros=zeros)
    least = chance_of(_SWAPPED)  # of all slips of a digit
    if not allowed or (is_of_size and least > allowed):
        return None
    named = arithmetic.likely_slip(arithmetic.total, given, stated)
    if named is None:
        return None
    chance = chance_of(named[0])
    return _Miss(total, parts, chance, allowed)


_ZEROS = re.compile("0*$")


def _is_of_other_unit(added: float, stated: float) -> bool:
    return stated > 0 and any(abs(added / stated / f - 1) < 1e-3 for f in _FACTORS)


def _chance(one: Figure, slip: str, *, parts: int, apart: float, zeros: int) -> float:
    """Return how often a list that divides nothing would be apart by such a slip.

    zeros: with which all of its numbers end, so that they say less.
    """
    step = 10.0**-one.decimals * one.factor * 10.0**zeros
    if slip in _UNITS or slip == "小数点错位":
        tried = 1 if slip in _UNITS else 6  # one unit, or a point moved by three places either way
        return tried * (parts + 1) * max(parts * (one.decimals > 0), 1) * step / one.size
    steps = apart / step
    if steps < 1:
        return 1.0
    if slip not in _SLIPS:
        return 1.0
    return _SLIPS[slip] * (parts + 1) * 10.0 ** -math.floor(math.log10(steps) + 1e-9)


def _allowed(passage: Passage, total: int, parts: tuple[int, ...]) -> float:
    """Return which chance is allowed: by the words between total and list, and by where it ends."""
    figures = passage.figures
    first, last = parts[0], parts[-1]
    if (
        first == total + 1
        and _REST.search(passage.label(last))
        and (passage.same_sentence(total, last) or passage.is_plain_list(parts))
    ):
        return _WITH_REST
    nouns = {_noun(passage, i) for i in (total, *parts)} - {""}
    if len(nouns) > 1 or any(LARGEST_ONLY.search(passage.gaps[i]) for i in parts):
        return 0.0
    if first > total:
        between = passage.text[figures[total].until : figures[first].at]
        announced = between if first == total + 1 else _OF_A_PART.sub("", passage.gaps[first])
        if _SURELY.search(announced):
            return _SURE
        rows = {after - before for before, after in pairwise(parts)} - {1}
        parted = all("；" in passage.between(*pair) for pair in pairwise(parts))
        if len(rows) == 1 and parted and first <= total + min(rows) + 1:  # a column
            heads = (passage.gaps[i] for i in range(total + 1, first))
            return _SURE if any(_SURELY.search(head) for head in heads) else 0.0
        is_closed = _ends(passage, parts)
        if _DIVIDES.search(between):
            return _BY_WORDS if is_closed else _BY_PLACE
        return _BY_PLACE if first == total + 1 and is_closed else 0.0
    between = passage.text[figures[last].until : figures[total].at]
    if _SURELY.search(between):
        return _SURE
    return _BY_WORDS if _ADDS_UP.search(between) else 0.0


_OF_A_PART = re.compile("(?:合计|总计|共计)(?:为|达)?$")  # the first part is a total itself


def _ends(passage: Passage, parts: tuple[int, ...]) -> bool:
    """Say whether a list ends with its last part: with the sentence, or by a stop of its own."""
    last = parts[-1]
    if last + 1 == len(passage.figures) or not passage.same_sentence(last, last + 1):
        return True
    stops = {stop for i in parts[1:] for stop in _STOP.findall(passage.gaps[i])}
    after = set(_STOP.findall(passage.gaps[last + 1]))
    if passage.figures[last + 1].dimension != passage.figures[last].dimension:
        return True
    return bool(after - stops)


_STOP = re.compile(r"[，、；）：]")
_COUNTED = ("enrolment", "intake", "graduates", "staff", "teachers", "site", "buildings")


def _noun(passage: Passage, index: int) -> str:
    """Return what of a school is counted: pupils, those who enter or leave, staff, area."""
    label = passage.label(index)
    kinds = (kind for kind in _COUNTED if re.search(words().nouns[kind], label))
    return next(kinds, "")


_LAST_YEAR = re.compile("上年|去年|上一年")
_COMPARED = re.compile(r"[，、；：。]|上年|去年|同期|其中|20\d\d年|为|的|[比较]")
_OTHER_BASE = re.compile(f"年均|{NOT_BASE.pattern}")
_NEAR = 14  # figures before a result among which its inputs are looked for
_FORMULAS = {
    GROWTH: "growth",
    SHARE: "share",
    RATIO: "quotient",
    POINTS: "points",
    CHANGE: "difference",
}
_ALLOWED, _ALLOWED_BY_WORDS = 0.001, 0.03


def _missed_results(passage: Passage, settled: Set[int]) -> Iterator[Reading]:
    """Yield rates, quotients and differences that two figures near them miss by one slip."""
    for result, one in enumerate(passage.figures):
        name = _FORMULAS.get(one.kind, "")
        if one.kind in (LEVEL, COUNT) and _PER.search(passage.clause(result)):
            name = "quotient"
        if not name or result in settled or not one.is_exact or not one.value:
            continue
        if passage.bases[result]:
            continue
        if _OTHER_BASE.search(passage.clause(result)) or is_explained(passage, result):
            continue
        least = _chance_of_result(one.printed, _SWAPPED)
        best: tuple[float, Reading] | None = None
        for rank, reading in enumerate(_pairs(passage, result, name), 1):
            if status_of(passage.printing, reading) != CONTRADICTS:
                best = None
                break
            if least * rank > _ALLOWED_BY_WORDS:
                continue
            slip = slip_of(passage.printing, reading)
            if slip.which >= 0 or not slip.name:
                continue
            chance = _chance_of_result(one.printed, slip.name) * rank
            is_sure = _is_of_wording(passage, reading)
            is_sure = is_sure or (slip.name != _DIGIT and _is_named(passage, reading))
            allowed = _ALLOWED_BY_WORDS if is_sure else _ALLOWED
            if chance <= allowed and (best is None or chance < best[0]):
                best = chance, reading
        if best:
            yield best[1]


def is_explained(passage: Passage, result: int) -> bool:
    """Say whether two figures around a rate or quotient of three digits give exactly it."""
    one = passage.figures[result]
    name = _FORMULAS.get(one.kind, "quotient")
    if len(re.sub(r"\D", "", one.printed)) < 3 or name not in ("growth", "share"):
        return False
    line = passage.printing.line(result)
    near = [
        i
        for i in range(max(0, result - _NEAR), min(len(passage.figures), result + _NEAR))
        if i != result and passage.printing.line(i) == line and passage.is_level(i)
    ]
    readings = (Reading(name, result, (a, b)) for a in near for b in near if a != b)
    return any(_hold(passage, [one]) for one in readings if _is_of_size(passage, one))


def _exchanged_results(passage: Passage, settled: Set[int]) -> Iterator[Reading]:
    """Yield two quotients of a list that are each other's: by two lists before, or by two pairs."""
    figures = passage.figures
    for first in range(4, len(figures) - 1):
        pair = first, first + 1
        one, other = (figures[i] for i in pair)
        is_alike = (one.kind, one.unit) == (other.kind, other.unit) and one.value != other.value
        if not is_alike or not _PER.search(passage.gaps[first]):
            continue
        stages = [one.stage, other.stage]
        is_open = not settled & set(pair)
        for at in range(max(0, first - _NEAR), first - 3):
            a, b, c, d = range(at, at + 4)
            for inputs in (((a, c), (b, d)), ((c, a), (d, b)), ((a, b), (c, d))):
                given = [i for some in inputs for i in some]
                of_stages = [[figures[i].stage for i in some] for some in inputs]
                is_named = of_stages == [[stage] * 2 for stage in stages] and len(set(stages)) > 1
                if not all(passage.is_level(i) for i in given) or not (is_open or is_named):
                    continue
                right = [Reading("quotient", i, some) for i, some in zip(pair, inputs, strict=True)]
                moved = [
                    replace(one, result=i) for one, i in zip(right, reversed(pair), strict=True)
                ]
                if _hold(passage, moved) and not any(_hold(passage, [one]) for one in right):
                    yield from right
                    break


def _hold(passage: Passage, readings: Sequence[Reading]) -> bool:
    printing = passage.printing
    return all(
        fits_units(printing, one) and status_of(printing, one) != CONTRADICTS for one in readings
    )


def _chance_of_result(text: str, slip: str) -> float:
    """Return how often a number that has nothing to do with another is one slip from it."""
    digits = len(re.sub(r"\D", "", text).lstrip("0"))
    numbers = 9 * 10.0 ** (digits - 1)
    if slip == _SWAPPED:
        return (digits - 1) / numbers
    if slip == _DIGIT and digits > 2:
        return 9 * digits / numbers
    if slip == SIGN or slip in BY_OTHER_FORMULA:
        return 4 / numbers
    return 1.0


def _pairs(passage: Passage, result: int, name: str) -> Iterator[Reading]:
    """Yield a result with each two figures near it that its formula takes, the nearest first."""
    line, wanted = passage.printing.line(result), "S" if name == "points" else "A"
    near = [
        i
        for i in range(max(0, result - _NEAR), result)
        if passage.printing.line(i) == line and passage.is_level(i, wanted)
    ]
    if name in ("share", "quotient"):
        near = [i for i in near if not passage.bases[i]]
        near = [i for i in near if not passage.is_of_whole(i) or i == result - 1]
    pairs = [(a, b) for a in near for b in near if a != b]
    pairs.sort(key=lambda pair: sum(abs(result - i) for i in pair))
    for pair in pairs:
        reading = Reading(name, result, pair)
        fits = not any(passage.misfit(result, i) for i in pair) or _is_of_wording(passage, reading)
        if fits and fits_units(passage.printing, reading) and _is_of_size(passage, reading):
            yield reading


def _is_of_size(passage: Passage, reading: Reading) -> bool:
    one, other = (passage.figures[i] for i in reading.inputs)
    ratio = one.size / other.size
    if reading.name == "share":
        return ratio < 1
    if reading.name in ("growth", "difference", "points"):
        if {one.year, other.year} != {None} and (one.year or 0) - (other.year or 0) != 1:
            return False
        rises = passage.figures[reading.result].value > 0
        return 0.2 < ratio < 5 and (ratio > 1) == rises
    return one.dimension != other.dimension or ratio > 1


def _is_of_wording(passage: Passage, reading: Reading) -> bool:
    """Say whether both figures are of the kinds that the words of a result name.

    Pupils and teachers of 师生比; of a growth, the base just before it and the like-named figure.
    """
    one, other = reading.inputs
    if reading.name == "growth":
        named = [_COMPARED.sub("", passage.label(i)) for i in (one, other)]
        before = passage.bases[other] or _LAST_YEAR.search(passage.label(other))
        is_base = other == reading.result - 1 and before
        return bool(is_base) and len(named[1]) > 1 and named[0].endswith(named[1])
    clause = passage.clause(reading.result)
    wording = next((q for q in quotient_words() if q.words.search(clause)), None)
    if reading.name != "quotient" or wording is None or not wording.over.pattern:
        return False
    over, under = (passage.label(i) + passage.figures[i].what for i in reading.inputs)
    is_under = wording.under.search(under) and not wording.under.search(over)
    return bool(wording.over.search(over) and is_under)


def _is_named(passage: Passage, reading: Reading) -> bool:
    """Say whether the clause of a result names both figures."""
    clause = passage.clause(reading.result)
    around = [f"{passage.label(i)}{passage.figures[i].what}" for i in reading.inputs]
    return all(any(words[k : k + 2] in clause for k in range(len(words) - 1)) for words in around)
