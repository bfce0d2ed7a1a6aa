"""Accept the numbers that no unit follows: with that of their list, or as a value that words name.

Each rule of `_RULES` looks at one such number and returns a number that prints what it lacks; the
first that knows one decides.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise, takewhile

from dudao_pipeline.report_check.numbers import (
    COUNTED_THINGS,
    LIST_GAP,
    RANK,
    RATIO,
    Number,
    dimension_of,
    sentence_start,
)
from dudao_pipeline.report_check.rules import HAN, MASK, pattern, words

_AFTER = pattern("after")
_BEFORE = pattern("before")
_COEFFICIENT = pattern("coefficient")
_COEFFICIENT_LINE = pattern("coefficient_line")
_COMPARED_NEXT = pattern("compared_next")
_MONEY_WORDS = pattern("money_words")
_PERSONS_AFTER = pattern("persons_after")
_QUANTITY = pattern("quantity")
_RANGE_GAP = pattern("range_gap")
_SENTENCE = pattern("sentence")
_VALUE_WORDS = pattern("value_words")
_BARE_RATIO = pattern("bare_ratio")
_SCORE = pattern("score")
_NO_VALUE = re.compile("(?:版本?|[图表见第条节款])$")
_STOPS = "，。、；）（\n"
_LEAST_COUNT, _LEAST_MEMBER, _LEAST_BARE = 2, 10, 100  # 学生1 is a note
_MOST_COEFFICIENT, _FINE = 10, 2  # a coefficient is smaller and has decimals
_LEAST_OF_ROW = 4


@dataclass(frozen=True)
class _Lack:
    """What a number lacks: a unit, or only that some word says it is a value."""

    unit: str = ""
    per: str = ""
    multiple: str = ""
    kind: str = ""


def _like(one: Number) -> _Lack:
    return _Lack(one.unit, one.per, one.multiple)


def _complete(one: Number, lack: _Lack | None) -> bool:
    if lack is not None:
        one.unit, one.per = one.unit or lack.unit, one.per or lack.per
        one.multiple, one.kind = one.multiple or lack.multiple, one.kind or lack.kind
        one.accepted = True
    return lack is not None


def complete(text: str, numbers: list[Number]) -> None:
    """Accept the numbers without a unit that the text says enough of, in place."""
    for one, after in reversed(list(pairwise(numbers))):
        _share_backward(text, one, after)
    for index, one in enumerate(numbers):
        is_large = one.is_numeral and text[one.at] in "百千万亿"  # 百万人口
        if not (one.unit or one.accepted or is_large):
            any(_complete(one, rule(text, numbers, index)) for rule in _RULES_OF_LISTS)
        if one.is_bare:
            any(_complete(one, rule(text, numbers, index)) for rule in _RULES_OF_WORDS)
    for one, after in reversed(list(pairwise(numbers))):
        same = after.accepted and after.kind != RANK and one.decimals and after.decimals
        if one.is_bare and not after.unit and same and LIST_GAP.match(text[one.end : after.at]):
            one.accepted = True


def _share_backward(text: str, one: Number, after: Number) -> None:
    """Give a member of a list or range the unit printed once: 分别为1204、788、455人."""
    gap = text[one.until : after.at]
    is_list, is_range = bool(LIST_GAP.match(gap)), bool(_RANGE_GAP.match(gap))
    if one.unit == "个" and after.unit == "个百分点" and is_list:
        one.unit = after.unit
    if one.unit or one.is_numeral or not after.accepted or after.kind in (RANK, RATIO):
        return
    if after.unit and (is_range or (is_list and one.multiple in ("", after.multiple))):
        _complete(one, _like(after))
        if is_range:
            one.qualifier = one.qualifier or "起"
            after.qualifier = after.qualifier or "止"


def _persons_after(text: str, numbers: Sequence[Number], index: int) -> _Lack | None:
    """2万多考生."""
    one = numbers[index]
    is_counted = one.qualifier == "余" and _PERSONS_AFTER.match(text, one.until)
    return _Lack("人") if is_counted else None


def _of_myriads(text: str, numbers: Sequence[Number], index: int) -> _Lack | None:
    """总人口107万; 66.3万平方米（幼儿园6.4万、小学24.3万）; 投入3.2亿."""
    one = numbers[index]
    if one.multiple not in ("万", "亿"):
        return None
    after = text[one.until : one.until + 1]
    closed = after in "，。、；（）\n "
    if (closed or after == "的") and (unit := _unit_before(text, one)):
        return _Lack(unit)
    if not closed and not _COMPARED_NEXT.match(text, one.until):
        return None if after.isdigit() else _Lack()
    start = sentence_start(text, one.at)
    back = (numbers[i] for i in range(index - 1, -1, -1))
    before = takewhile(lambda n: n.at >= start, back)
    ahead = (numbers[i] for i in range(index + 1, len(numbers)))
    later = takewhile(lambda n: not _SENTENCE.search(text, one.until, n.at), ahead)
    for other in chain((n for n in before if n.accepted), later):
        if other.unit and other.multiple == one.multiple:
            return _Lack(other.unit)
    return _Lack("元" if _MONEY_WORDS.search(text, start, one.at) else "")


def _last_of_list(text: str, numbers: Sequence[Number], index: int) -> _Lack | None:
    """（公办1204人、民办860）; 12.5%、13.2."""
    one, last = numbers[index], numbers[index - 1]
    if not index or not last.accepted or not last.unit or last.kind in (RANK, RATIO):
        return None
    after, gap = text[one.end : one.end + 1], text[last.until : one.at]
    is_decimal = one.decimals == last.decimals > 0 and after in "，。；）\n"
    if LIST_GAP.match(gap) and is_decimal:
        return _like(last)
    is_named = re.fullmatch(rf"[、，]\s*[{HAN}]{{1,8}}", gap) and after == "）" and not one.multiple
    is_counted = dimension_of(last.unit) in COUNTED_THINGS and one.value >= _LEAST_MEMBER
    return _like(last) if is_named and is_counted and not one.is_numeral else None


def _bare_ratio(text: str, numbers: Sequence[Number], index: int) -> _Lack | None:
    """生师比12.78."""
    one = numbers[index]
    before = text[sentence_start(text, one.at) : one.at]
    is_ratio = one.decimals and one.value > 1 and _BARE_RATIO.search(before)
    return _Lack("比1", kind=RATIO) if is_ratio else None


def _counted(text: str, numbers: Sequence[Number], index: int) -> _Lack | None:
    """在校学生1200，教师85; 合格率为99.3."""
    one = numbers[index]
    closes = text[one.end : one.end + 1] in _STOPS
    unit = _unit_before(text, one) if closes else ""
    return _Lack(unit) if unit else None


def _unit_before(text: str, one: Number) -> str:
    """Return the unit of what stands right before a number that may be a count or rate, or ""."""
    before = text[max(0, one.at - 12) : one.at].rstrip()
    like = (unit for unit, like in words().counted_before.items() if like.search(before))
    unit = next(like, "")
    if unit == "%":
        is_rate = one.value <= 100 and (one.decimals > 0 or before[-1:] != "占")
        return unit if is_rate and not one.multiple else ""
    is_whole = (not one.decimals or one.multiple) and one.value >= _LEAST_COUNT
    return unit if is_whole and text[one.at] != "0" else ""


def _named_value(text: str, numbers: Sequence[Number], index: int) -> _Lack | None:
    """差异系数为0.335; 占地面积20416.5; 得分95."""
    one = numbers[index]
    before = text[sentence_start(text, one.at) : one.at]
    after = text[one.end : one.end + 1]
    if after == MASK or after.isdigit():
        return None
    if _QUANTITY.search(before) and (one.decimals or one.value >= _LEAST_BARE):
        return _Lack() if after in _STOPS or re.match(f"[{HAN}]", after) else None
    if _SCORE.search(before) and one.value <= 1000 and not re.match(f"[{HAN}]", after):
        return _Lack()
    if not one.decimals:
        return None
    last = numbers[index - 1] if index else None
    if last and last.accepted and not last.unit and LIST_GAP.match(text[last.until : one.at]):
        return _Lack()
    is_coefficient = _COEFFICIENT.search(before) and after in _STOPS
    is_told = is_coefficient or _VALUE_WORDS.search(before[-8:]) or _AFTER.match(text, one.end)
    is_named = _COEFFICIENT.search(before) or re.search(r"[为≤≥<>=]\s*$", before)
    return _Lack() if is_told and is_named else None


def _of_line_of_coefficients(text: str, numbers: Sequence[Number], index: int) -> _Lack | None:
    """用房0.318，场馆0.442，综合系数0.357."""
    one = numbers[index]
    if one.decimals < _FINE or one.value >= _MOST_COEFFICIENT:
        return None
    line, end = text.rfind("\n", 0, one.at) + 1, text.find("\n", one.at)
    before, after = text[max(line, one.at - 6) : one.at], text[one.end : one.end + 3]
    stands_alone = re.search(rf"[{HAN}：，]$", before) and not _NO_VALUE.search(before)
    is_bound = re.match("的(?:[上下]限|标准|要求|目标|底线)", after)
    is_bound = is_bound or (after[:1] == "的" and _BEFORE.search(before))
    is_named = _COEFFICIENT_LINE.search(text, line, end if end > 0 else len(text))
    is_value = stands_alone and (after[:1] in _STOPS or is_bound) and is_named
    return _Lack() if is_value else None


def _in_row(text: str, numbers: Sequence[Number], index: int) -> _Lack | None:
    """均值 4.84 7.05 3415 20.34: a row that has lost its table."""
    row = [numbers[index]]
    for step in (-1, 1):
        at = index + step
        while 0 <= at < len(numbers) and not (numbers[at].unit or numbers[at].kind):
            first, second = sorted((numbers[at], row[-1 if step > 0 else 0]), key=lambda n: n.at)
            if numbers[at].is_numeral or not re.fullmatch(" +", text[first.end : second.at]):
                break
            row = [*row, numbers[at]] if step > 0 else [numbers[at], *row]
            at += step
    values = [one.value for one in row]
    are_years = all(1900 <= value < 2100 and value == int(value) for value in values)
    counts_up = all(b - a == 1 for a, b in pairwise(values))
    return _Lack() if len(row) >= _LEAST_OF_ROW and not are_years and not counts_up else None


_Rule = Callable[[str, Sequence[Number], int], _Lack | None]
_RULES_OF_LISTS: tuple[_Rule, ...] = (_persons_after, _of_myriads, _last_of_list)
_RULES_OF_WORDS: tuple[_Rule, ...] = (
    *(_bare_ratio, _counted, _named_value, _of_line_of_coefficients, _in_row),
)
