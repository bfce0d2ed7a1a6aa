"""Growth, differences and percentage points that a text states beside the figures they come from.

A level with its base, the amount of change and the rate is one block; the figure in doubt is the
one without which the others agree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dudao_pipeline.report_check import arithmetic
from dudao_pipeline.report_check.arithmetic import CONTRADICTS, Printed
from dudao_pipeline.report_check.figures import Figure
from dudao_pipeline.report_check.numbers import CHANGE, COUNT, GROWTH, LEVEL, SHARE
from dudao_pipeline.report_check.printing import (
    BREAK,
    DIFFERENCE,
    GROWTH_OF,
    NOT_BASE,
    UNCHECKED,
    Printing,
    Relation,
    around,
    in_unit,
    written,
)
from dudao_pipeline.report_check.rules import macro, pattern

_PERIOD = macro("period")
_CONNECTORS = pattern("connectors")
_BASE_GAP = pattern("base_gap")
_YEAR_IS = pattern("year_is")
_FROM = pattern("from")
_RISEN_TO = pattern("risen_to")


def _residue(gap: str) -> str:
    return _CONNECTORS.sub("", gap)


def _is_level(one: Figure) -> bool:
    return one.kind in (COUNT, LEVEL) and one.is_exact and one.value > 0


def _same_kind(one: Figure, other: Figure) -> bool:
    return one.dimension == other.dimension and bool(one.dimension)


@dataclass
class _Block:
    """A level with what the text compares it with: base, change and growth."""

    now: int
    base: int = -1
    change: int = -1
    rate: int = -1
    comparable: bool = True
    base_year: int | None = None
    is_yearly: bool = True


def _blocks(printing: Printing) -> list[_Block]:
    figures = printing.figures
    blocks: list[_Block] = []
    index = 0
    while index < len(figures):
        if not _is_level(figures[index]):
            index += 1
            continue
        if _IS_BASE.search(printing.text, max(0, figures[index].at - 24), figures[index].at):
            index += 1  # 总投入比上年的4883万元增加141万元: the level of now is not printed
            continue
        block, after = _block_at(printing, index)
        if block.base >= 0 or block.change >= 0 or block.rate >= 0:
            blocks.append(block)
        index = max(after, index + 1)
    return blocks


_LAST = re.compile(r"上一?年|去年|同比|上学年|同期")
_NOW = re.compile(r"^[，、（\s]*(?:今年|本年度?|当年|本期)(?:的|为|是|达到?|完成|\s)*$")
_GOES_ON_TO = re.compile(
    r"^，(?:到)?(?:19|20)\d{2}年(?:底|末)?(?:又|再|进一步|继续)*"
    r"(?:增加|增长|提高|上升|升|增|减少|下降|降低|回落|降|减)(?:到|至|为)$"
)
_BEFORE_LAST = re.compile(r"(?:上一?年度?|去年)(?:的|为|是|达到?|完成|\s)*$")


def _block_at(printing: Printing, index: int) -> tuple[_Block, int]:
    """Return the figures that follow a level and compare it, and where the next block begins."""
    figures = printing.figures
    block = _Block(index)
    position, skipped = index + 1, False
    while position < len(figures):
        gap, one = printing.gap(position), figures[position]
        if BREAK.search(gap) or NOT_BASE.search(gap):
            block.comparable = bool(BREAK.search(gap) or not NOT_BASE.search(gap))
            break
        is_first = block.base < 0 and block.change < 0 and block.rate < 0
        if is_first and not skipped and one.kind == SHARE and _SHARE_GAP.match(gap):
            skipped = True
            position += 1
            continue
        if _is_level(one) and _same_kind(one, figures[index]) and is_first:
            if not _take_base(printing, block, index, position):
                break
        elif _is_compared(block, gap) and one.kind == CHANGE and block.change < 0:
            if block.rate >= 0 or not _same_kind(one, figures[index]):
                break
            block.change = position
            named = re.search(r"((?:19|20)\d{2})年", gap)
            if named and block.base < 0 and not _LAST.search(gap):
                block.base_year, year = int(named[1]), figures[index].year
                block.is_yearly = year is None or year - block.base_year == 1
        elif _is_compared(block, gap) and one.kind == GROWTH and one.dimension == "percent":
            block.rate = position
            position += 1
            break
        else:
            break
        position += 1
    if skipped and block.change < 0:
        return _Block(index), index + 1  # the growth may be that of the share
    return block, position


_SHARE_GAP = re.compile(r"^[，（]\s*占[^，。；\d]{2,24}$")


def _is_compared(block: _Block, gap: str) -> bool:
    """Say whether the words before a change or a rate speak of the block's figures alone."""
    if _residue(gap) or "年均" in gap or "分别" in gap:
        return False
    if not block.is_yearly and _LAST.search(gap):
        return False
    return not _names_other_year(gap, block.base_year)


def _take_base(printing: Printing, block: _Block, index: int, position: int) -> bool:
    """Read the second of two levels as what the first is compared with, or the other way round."""
    figures, gap = printing.figures, printing.gap(position)
    before = BREAK.split(printing.text[max(0, figures[index].at - 30) : figures[index].at])[-1]
    if _BASE_GAP.match(gap):
        named = re.search(r"((?:19|20)\d{2})年", gap)
        block.base, block.base_year = position, int(named[1]) if named else None
        year = figures[index].year
        if block.base_year and year and not _LAST.search(gap):
            block.is_yearly = abs(year - block.base_year) == 1
            if block.base_year > year:
                block.now, block.base, block.base_year = position, index, year
        return True
    if _BEFORE_LAST.search(before) and _NOW.match(gap):
        block.now, block.base = position, index
        return True
    if _GOES_ON_TO.match(gap):
        block.now, block.base, block.is_yearly = position, index, False
        return True
    if _FROM.search(before) and _RISEN_TO.search(gap):
        block.now, block.base = position, index
        block.is_yearly = bool(_LAST.search(before))
        return True
    first, second = _YEAR_IS.search(before), _YEAR_IS.search(gap)
    if not (first and second) or _residue(_YEAR_IS.sub("", gap)):
        return False
    years = int(first["year"]), int(second["year"])
    if years[0] == years[1]:
        return False
    block.now, block.base = (position, index) if years[1] > years[0] else (index, position)
    block.base_year = min(years)
    block.is_yearly = abs(years[0] - years[1]) == 1
    return True


def _names_other_year(gap: str, base_year: int | None) -> bool:
    named = re.search(r"((?:19|20)\d{2})年", gap)
    return bool(named and base_year and int(named[1]) != base_year)


_IS_BASE = re.compile(
    rf"(?:比|较|同比)\s*(?:{_PERIOD})(?:的|同期|为|\s)*(?:[^，。；、\d]{{0,4}}的)?$"
)


def growths(printing: Printing) -> Iterator[Relation]:
    """Check 本年, 上年, 增减额 and 增长率 that the text states together."""
    last_rate: int | None = None
    for block in _blocks(printing):
        rate = block.rate
        yield from _check_block(printing, block, last_rate)
        if rate >= 0:
            last_rate = rate


def _check_block(printing: Printing, block: _Block, last_rate: int | None) -> Iterator[Relation]:
    figures = printing.figures
    exact = [
        i
        for i in (block.now, block.base, block.change, block.rate)
        if i >= 0 and figures[i].is_exact
    ]
    now, base, change, rate = (
        i if i in exact else -1 for i in (block.now, block.base, block.change, block.rate)
    )
    if now < 0 or (base < 0 and change < 0):
        if rate >= 0 and now >= 0:
            yield Relation((rate, now), GROWTH_OF, UNCHECKED, message="缺上年数")
        return
    if not block.comparable or NOT_BASE.search(around(printing, now, rate)):
        yield Relation(
            tuple(exact), GROWTH_OF, UNCHECKED, message="文中为同口径或可比口径，所列两数不能复算"
        )
        return
    tests: list[tuple[tuple[int, ...], arithmetic.Formula, int, str]] = []
    if base >= 0 and rate >= 0:
        tests.append(((now, base), arithmetic.growth, rate, GROWTH_OF))
    if base >= 0 and change >= 0:
        tests.append(((now, base), arithmetic.difference, change, DIFFERENCE))
    if base < 0 and change >= 0 and rate >= 0:
        tests.append(((now, change), arithmetic.growth_from_change, rate, GROWTH_OF))
    results = [
        (inputs, formula, stated, name, _compare(printing, inputs, formula, stated))
        for inputs, formula, stated, name in tests
    ]
    bad = [one for one in results if one[4] == CONTRADICTS]
    for inputs, _formula, stated, name, status in results:
        if status != CONTRADICTS:
            yield Relation(
                (stated, *inputs),
                name,
                status,
                message=_working(printing, name, inputs, stated),
                of=stated,
                formula=written(_formula, inputs),
            )
    if not bad:
        return
    yield _blame(printing, block, bad, last_rate)


def _compare(
    printing: Printing, inputs: tuple[int, ...], formula: arithmetic.Formula, stated: int
) -> str:
    figures = printing.figures
    result = figures[stated]
    if formula in (arithmetic.growth, arithmetic.growth_from_change, arithmetic.share):
        return arithmetic.compare(
            formula, [printing.printed(i) for i in inputs], printing.number(stated)
        )
    status = arithmetic.compare(
        formula, [printing.printed(i) for i in inputs], printing.printed(stated)
    )
    if status == CONTRADICTS and formula is arithmetic.difference and result.kind == CHANGE:
        flipped = Printed(-printing.printed(stated).value, printing.printed(stated).half)
        if (
            arithmetic.compare(formula, [printing.printed(i) for i in inputs], flipped)
            != CONTRADICTS
        ):
            return CONTRADICTS
    return status


def _expected(
    printing: Printing, inputs: tuple[int, ...], formula: arithmetic.Formula, stated: int
) -> float:
    try:
        return formula(*(printing.figures[i].size for i in inputs))
    except ZeroDivisionError:
        return float("nan")


def _working(printing: Printing, name: str, inputs: tuple[int, ...], stated: int) -> str:
    shown = [printing.figures[i].shown for i in inputs]
    if name == GROWTH_OF:
        return f"{shown[0]} 对 {shown[1]}"
    return " - ".join(shown)


def _blame(printing: Printing, block: _Block, bad: list, last_rate: int | None) -> Relation:
    """Choose the figure in doubt among those of a block that do not agree."""
    figures = printing.figures
    now, base, change, rate = block.now, block.base, block.change, block.rate
    doubt = -1
    if (
        base >= 0
        and change >= 0
        and rate >= 0
        and all(figures[i].is_exact for i in (now, base, change, rate))
    ):
        if len(bad) == 1:
            doubt = bad[0][2]
        else:
            from_change = _compare(printing, (now, change), arithmetic.growth_from_change, rate)
            rate_of_base = arithmetic.compare(
                arithmetic.share,
                [printing.printed(change), printing.printed(base)],
                printing.number(rate),
            )
            if from_change != CONTRADICTS:
                doubt = base
            elif rate_of_base != CONTRADICTS:
                doubt = now
            else:
                bad = bad[:1]
    inputs, formula, stated, name, _ = bad[0]
    expected = _expected(printing, inputs, formula, stated)
    result = figures[stated]
    if name == GROWTH_OF:
        expected_text = f"{expected:.{max(result.decimals, 2)}f}%"
        said = f"{'增长' if result.value >= 0 else '下降'}{abs(result.value):g}%"
    else:
        expected_text = in_unit(expected, result)
        said = f"{'增加' if result.value >= 0 else '减少'}{result.printed.lstrip('-')}{result.unit}"
    slip, which = _name_slip(printing, bad[0], last_rate)
    members = tuple(i for i in (stated, *inputs) if i >= 0)
    if doubt < 0:
        doubt = stated if which < 0 else which
    everything = tuple(i for i in (now, base, change, rate) if i >= 0)
    members = (doubt, *(i for i in dict.fromkeys((*members, *everything)) if i != doubt))
    message = f"文中{said}，按{printing.shown(*inputs)}计算应为{expected_text}"
    if slip.startswith("单位有误") and doubt != stated:
        right = figures[inputs[1] if doubt == inputs[0] else inputs[0]].unit
        expected_text = f"{figures[doubt].printed}{right}"
        message = f"{said}与{printing.shown(*inputs)}不能同时成立"
    if slip:
        message += f"；可能：{slip}"
    return Relation(
        *(members, name, CONTRADICTS, expected_text, message, slip),
        of=stated,
        formula=written(formula, inputs),
    )


def _name_slip(printing: Printing, test, last_rate: int | None) -> tuple[str, int]:
    inputs, formula, stated, name, _ = test
    figures = printing.figures
    result = figures[stated]
    given = [printing.printed(i) for i in inputs]
    number = printing.number(stated) if name == GROWTH_OF else printing.printed(stated)
    flipped = Printed(-number.value, number.half, number.text)
    if arithmetic.compare(formula, given, flipped) != CONTRADICTS:
        return "增减方向写反", stated
    if (
        name == GROWTH_OF
        and last_rate is not None
        and figures[last_rate].value == result.value
        and figures[last_rate].decimals == result.decimals
        and last_rate != stated
    ):
        return "与上一行的增长率相同，疑为照抄上一行", stated
    units = {figures[i].factor for i in inputs}
    if len(units) > 1:
        for which, index in enumerate(inputs):
            scale = figures[inputs[1 - which]].factor / figures[index].factor
            changed = Printed(given[which].value * scale, given[which].half * scale)
            others = [changed if k == which else given[k] for k in range(len(inputs))]
            if arithmetic.compare(formula, others, number) != CONTRADICTS:
                wrong = min(inputs, key=lambda i: figures[i].factor)
                right = figures[inputs[1] if wrong == inputs[0] else inputs[0]].unit
                return f"单位有误，{figures[wrong].shown}的单位疑应为{right}", wrong
    if name == GROWTH_OF and formula is arithmetic.growth:
        if arithmetic.compare(lambda a, b: (a - b) / a * 100, given, number) != CONTRADICTS:
            return "以本年数为基数，应以上年数为基数", stated
        if arithmetic.compare(lambda a, b: (b / a - 1) * 100, given, number) != CONTRADICTS:
            return "本年数与上年数颠倒", stated
        if arithmetic.compare(lambda a, b: a / b * 100, given, number) != CONTRADICTS:
            return "写成了本年数占上年数的比例", stated
    slip = arithmetic.likely_slip(formula, given, number)
    if slip is None:
        return "", -1
    what, which, _value = slip
    return what, stated if which < 0 else inputs[which]
