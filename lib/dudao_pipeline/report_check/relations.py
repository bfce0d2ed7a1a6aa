"""Relations that a text states between its figures: sums, growth, shares, points, equality.

Each rule looks at how figures follow each other and at the words between them. A rule that is
not sure that the text states the relation says nothing: a wrong accusation is worse than a miss.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise, takewhile
from math import ceil, floor

from dudao_pipeline.report_check import arithmetic
from dudao_pipeline.report_check.arithmetic import CONTRADICTS, FOLLOWS, WITHIN_ROUNDING, Printed
from dudao_pipeline.report_check.figures import (
    CHANGE,
    COUNT,
    GROWTH,
    LEVEL,
    POINTS,
    RATIO,
    SHARE,
    Figure,
)
from dudao_pipeline.report_check.parallel import (
    parallel_lists,
    shares_in_another_order,
    shares_of_lists,
)
from dudao_pipeline.report_check.printing import (
    BREAK,
    DIFFERENCE,
    DOUBT,
    EQUAL,
    GROWTH_OF,
    NOT_BASE,
    POINTS_OF,
    QUALIFIER,
    SHARE_OF,
    SUM,
    UNCHECKED,
    YEARLY_GROWTH,
    Printing,
    Relation,
    around,
    in_unit,
)
from dudao_pipeline.report_check.ratios import differences, pupil_teacher_ratios, times
from dudao_pipeline.report_check.rules import HAN, Family, macro, pattern, word_pattern, words
from dudao_pipeline.report_check.stages import over_stages


def _plain_number(value: float) -> str:
    text = f"{value:.4f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


# --- growth and differences ------------------------------------------------------------------

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
    if block.base >= 0 and not block.is_yearly and _LAST.search(gap):
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
                formula=_written(_formula, inputs),
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
        formula=_written(formula, inputs),
    )


def _written(formula: arithmetic.Formula, inputs: Sequence[int]) -> str:
    """Return a formula over figures as 报告所列数据 writes it."""
    rows = [f"#{index}" for index in inputs]
    if formula is arithmetic.growth:
        return f"{rows[0]}/{rows[1]}-1"
    if formula is arithmetic.growth_from_change:
        return f"{rows[1]}/({rows[0]}-{rows[1]})"
    if formula is arithmetic.difference:
        return f"{rows[0]}-{rows[1]}"
    return "+".join(rows)


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


# --- yearly growth ---------------------------------------------------------------------------


def yearly_growths(printing: Printing) -> Iterator[Relation]:
    """Check 年均增长 against 比某年增长 of the same thing in the same sentence."""
    figures = printing.figures
    for index, one in enumerate(figures):
        if (
            one.kind != GROWTH
            or one.dimension != "percent"
            or not printing.gap(index)
            .rstrip()
            .endswith(("年均增长", "年均递增", "年均增幅", "年均增长率"))
        ):
            continue
        for later in range(index + 1, min(index + 4, len(figures))):
            gap = printing.gap(later)
            if BREAK.search(gap):
                break
            named = re.search(r"比((?:19|20)\d{2})年(?:[^，。；\d]{0,4})(?:增长|增加|提高)", gap)
            other = figures[later]
            if not named or other.kind != GROWTH or other.dimension != "percent":
                continue
            now = figures[later - 1].year or other.year
            years = (now or 0) - int(named[1])
            if 2 <= years <= 20 and one.is_exact and other.is_exact:
                formula = _yearly(years)
                given, stated = [printing.number(later)], printing.number(index)
                status = arithmetic.compare(formula, given, stated)
                expected = f"{formula(other.value):.2f}%"
                if status == CONTRADICTS:
                    slip = arithmetic.likely_slip(formula, given, stated)
                    name = slip[0] if slip else ""
                    message = (
                        f"{years}年增长{other.printed}%，年均应为{expected}，文中为{one.printed}%"
                    )
                    yield Relation(
                        (index, later),
                        YEARLY_GROWTH,
                        CONTRADICTS,
                        expected,
                        message + (f"；可能：{name}" if name else ""),
                        name,
                    )
                else:
                    yield Relation((index, later), YEARLY_GROWTH, status, expected)
            break


def _yearly(years: int) -> arithmetic.Formula:
    return lambda total: ((1 + total / 100) ** (1 / years) - 1) * 100


# --- percentage points -----------------------------------------------------------------------


_LATER = re.compile(
    r"[，、]?(?:到|至)?(?:19|20)\d{2}年(?:底|末)?(?:的|为|达到?|(?:提高|提升|增加|上升|下降|降低)(?:到|至))*"
)
_APART = re.compile(r"(?:相差|差距|极差)(?:了|为|达到?)?$")
_SPAN = re.compile(r"(?:[一二两三四五六七八九十]|\d{1,2})年(?:来|间)?(?!均)")


def points(printing: Printing) -> Iterator[Relation]:
    """Check 百分点 against the two percentages that the same sentence compares."""
    figures = printing.figures
    for index, one in enumerate(figures):
        if one.kind != POINTS or not one.is_exact or index < 2:
            continue
        first, second = figures[index - 2], figures[index - 1]
        if not (
            first.dimension == second.dimension == "percent" and first.is_exact and second.is_exact
        ):
            if figures[index - 1].dimension == "percent":
                yield Relation(
                    (index, index - 1), POINTS_OF, UNCHECKED, message="缺比较的另一个百分数"
                )
            continue
        if printing.sentence(index - 2) != printing.sentence(index):
            continue
        gap, to_points = printing.gap(index - 1), printing.gap(index)
        before = printing.text[max(0, first.at - 24) : first.at]
        if NOT_BASE.search(gap + to_points):
            continue
        if _APART.search(to_points):
            now, base = sorted((index - 2, index - 1), key=lambda i: -figures[i].value)
        elif (
            _FROM.search(before)
            and (_RISEN_TO.search(gap) or re.search(r"(?:到|至|为)[^，。；]{0,4}$", gap))
            and not _residue(to_points)
        ) or (_LATER.fullmatch(gap) and not _residue(_SPAN.sub("", to_points))):
            now, base = index - 1, index - 2
        elif (
            re.match(
                rf"^[，、（\s]*(?:比|较|与|和|低于|高于|同比)?\s*{_PERIOD}(?:的|为|是|同期)*$", gap
            )
            and not _residue(to_points)
        ) or (
            re.match(
                r"^[，（]?\s*(?:比|较|与|高于|低于)[^，。；\d]{2,30}(?:增幅|增速|增长|下降|水平|平均|比例|率|平均值)?(?:的|为)?$",
                gap,
            )
            and re.match(
                r"^[，、]?(?:的?(?:要求|标准|规定|目标|水平))?\s*(?:相比)?(?:，)?"
                r"(?:(?:高|低|多|少|快|慢)(?:出|了|于)?)?\s*$",
                to_points,
            )
            and (to_points.strip() or re.match(r"^[，（]?\s*(?:高于|低于)", gap))
        ):
            now, base = index - 2, index - 1
        else:
            continue
        yield _points_relation(printing, index, now, base)


def _points_relation(printing: Printing, index: int, now: int, base: int) -> Relation:
    figures = printing.figures
    given = [printing.number(now), printing.number(base)]
    status = arithmetic.compare(arithmetic.difference, given, printing.number(index))
    expected = f"{_plain_number(figures[now].value - figures[base].value)}个百分点"
    if status != CONTRADICTS:
        return Relation(
            (index, now, base), POINTS_OF, status, expected, of=index, formula=f"#{now}-#{base}"
        )
    flipped = Printed(-figures[index].value, printing.number(index).half)
    if arithmetic.compare(arithmetic.difference, given, flipped) != CONTRADICTS:
        slip = "增减方向写反"
    else:
        named = arithmetic.likely_slip(arithmetic.difference, given, printing.number(index))
        slip = named[0] if named else ""
    message = f"{printing.shown(now, base)}相差{expected}，文中为{figures[index].shown}"
    return Relation(
        (index, now, base),
        POINTS_OF,
        CONTRADICTS,
        expected,
        message + (f"；可能：{slip}" if slip else ""),
        slip,
    )


# --- sums ------------------------------------------------------------------------------------

_NEW_SUBJECT = pattern("new_subject")
_NARROW = pattern("narrow")


@dataclass(frozen=True)
class _Part:
    """A figure of a list; `is_beyond` where it may be about another subject than the list."""

    index: int
    label: str
    is_beyond: bool = False


def _families_of(labels: Sequence[str]) -> Iterator[tuple[Family, list[tuple[int, str]]]]:
    """Yield each family in which every label names exactly one part, with the parts named."""
    for family in words().families:
        groups = [_group_of(family, label) for label in labels]
        if all(group is not None for group in groups):
            yield family, [group for group in groups if group is not None]


@cache
def _finder(family: Family) -> tuple[dict[str, int], re.Pattern[str]]:
    """Return the part that each word of a family names, and a pattern of them, longest first."""
    numbers = {word: n for n, part in enumerate(family.words) for word in part}
    return numbers, re.compile(word_pattern(numbers))


def _group_of(family: Family, label: str) -> tuple[int, str] | None:
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
    ]:
        key = (total, *(part.index for part in parts))
        if len(parts) < 2 or key in seen:
            continue
        seen.add(key)
        relation = _sum_relation(printing, total, parts, closed)
        if relation:
            yield relation


def _summable(one: Figure) -> bool:
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
    return bool(re.search(r"[。；！？\n：]|其中", printing.gap(index)))


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


def _label(printing: Printing, index: int, since: int) -> str:
    """Return the words before a figure, without those in brackets that are about another."""
    words_before = re.sub(r"[\d.,%:]+", "", printing.text[since : printing.figures[index].at])
    bare = re.sub(r"（[^（）]*）", "", words_before)
    return bare if re.search(r"[^，；、和及与\s]", bare) else printing.figures[index].what


_OPENS = re.compile(rf"（|[{HAN}]{{2,8}}（(?!\\d)")  # 教师731人（…, 171个党支部（其中…


def _inside_brackets(printing: Printing) -> Iterator[tuple[int, list[_Part], bool]]:
    """Yield the figure before a bracket and those in it: 教师731人（学前350人，小学381人）."""
    figures, text = printing.figures, printing.text
    for index, one in enumerate(figures):
        opened = _OPENS.match(text, one.until)
        if not _summable(one) or not opened:
            continue
        opening = opened.end() - 1
        close = _closing(text, opening)
        later = range(index + 1, len(figures))
        inside = list(takewhile(lambda i, close=close: figures[i].at < close, later))
        parts, since = [], opening
        for i in inside:
            if _nested(text, opening, figures[i].at):
                continue
            if _summable(figures[i]) and _adds_to(printing, i, one):
                parts.append(_Part(i, _label(printing, i, since)))
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


_COUNTED_TOGETHER = re.compile(r"(?:共|共有|共计|合计|总计)(?:为|达)?$")


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
        if not mark or depths[figures[index].at] > depths[max(0, gap_start - 1)]:
            continue
        start = gap_start + mark.end()
        totals = _totals_before(printing, index - 1, depths)
        for total in totals.values():
            parts = _collect(printing, index, start=start, total=total, depths=depths)
            if parts:
                yield total, parts, False


def _totals_before(printing: Printing, last: int, depths: list[int]) -> dict[str, int]:
    """Return the nearest figure of each dimension before a mark, outside of closed brackets."""
    figures = printing.figures
    out: dict[str, int] = {}
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
        if _summable(one):
            out.setdefault(one.dimension, i)
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
        if not _summable(one) or not _adds_to(printing, i, figures[total]):
            continue
        label = _label(printing, i, since)
        if parts and nested and "；" not in label:
            continue
        nested = bool(parts) and "其中" in label
        if nested:
            continue
        if (
            parts
            and _NEW_SUBJECT.search(_last_clause(label))
            and not _NEW_SUBJECT.search(_last_clause(parts[0].label))
            and _partition([*(part.label for part in parts), label]) is None
        ):
            ended = True
        parts.append(_Part(i, label, ended))
        since = one.until
    return parts


def _last_clause(label: str) -> str:
    return re.split(r"[，；。]", label)[-1]


def _before_total(printing: Printing) -> Iterator[tuple[int, list[_Part], bool]]:
    """Yield a list and the total after it: 中央1240万元，省级655万元，合计1895万元."""
    figures = printing.figures
    for index in range(2, len(figures)):
        one = figures[index]
        if not _summable(one):
            continue
        gap = printing.gap(index)
        explicit = re.match(
            r"^[，、；：\s]*[^，。；\d]{0,10}(?:合计|共计|总计|总共|小计|三项合计|各项合计|共)[^，。；\d]{0,6}$",
            gap,
        )
        parts: list[_Part] = []
        i = index - 1
        while i >= 0 and _summable(figures[i]) and _adds_to(printing, i, one):
            parts.insert(0, _Part(i, ""))
            here = printing.gap(i)
            if (
                re.search(r"[。；！？\n]|其中|共|合计", here)
                or len(re.findall(r"[，、]", here)) != 1
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
            _Part(p.index, _label(printing, p.index, _label_start(printing, p.index)))
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
            if family and _is_exhaustive(family, labels) and _group_of(family, gap) is None:
                yield index, labelled, True


def totals_of_shares(printing: Printing) -> Iterator[Relation]:
    """Check 本科25.75%，专科57.83%，合计83.58%."""
    figures = printing.figures
    for index in range(2, len(figures)):
        one = figures[index]
        if one.kind != SHARE or not one.is_exact or not _TOTAL_OF.match(printing.gap(index)):
            continue
        parts = [index - 1]
        while parts[0] > 0 and len(re.findall("[，、]", printing.gap(parts[0]))) == 1:
            before = figures[parts[0] - 1]
            if before.kind != SHARE or not before.is_exact or "其中" in printing.gap(parts[0]):
                break
            if re.search(r"[。；！？\n]", printing.gap(parts[0])):
                break
            parts.insert(0, parts[0] - 1)
        if len(parts) < 2 or any(figures[i].kind != SHARE for i in parts):
            continue
        given, stated = [printing.number(i) for i in parts], printing.number(index)
        status = arithmetic.compare(arithmetic.total, given, stated)
        expected = f"{_plain_number(sum(figures[i].value for i in parts))}%"
        members, formula = (index, *parts), _written(arithmetic.total, parts)
        if status != CONTRADICTS:
            yield Relation(members, SUM, status, expected, "分项之和", of=index, formula=formula)
            continue
        slip = arithmetic.likely_slip(arithmetic.total, given, stated)
        if slip and len(parts) == 2:
            message = (
                f"{printing.shown(*parts)}合计为{expected}，文中为{one.shown}；可能：{slip[0]}"
            )
            yield Relation(
                *(members, SUM, CONTRADICTS, expected, message, slip[0]), of=index, formula=formula
            )


_TOTAL_OF = re.compile(
    r"^，(?:两者|两项|二者|三者)?(?:合计|共计|总计|总共)(?:占比?|比例)?(?:为|达到?)?$"
)


def _label_start(printing: Printing, index: int) -> int:
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
            formula = _written(arithmetic.total, chosen)
            return Relation(
                (total, *chosen), SUM, status, message="分项之和", of=total, formula=formula
            )
    if len(sure) < 2:
        return None
    if _partition([part.label for part in sure]) is None and _matches_with_nesting(
        printing, total, sure
    ):
        return Relation((total, *indices), SUM, FOLLOWS, message="分项之和")
    if len(sure) < len(parts) and not _is_over(printing, total, indices):
        return None  # the list may go on
    return _accuse_sum(printing, total, _one_family(sure, figures[total].stage), closed)


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
        if len(rest) > 1 and arithmetic.compare(arithmetic.total, rest, stated) != CONTRADICTS:
            return left
    return None


def _accuse_sum(
    printing: Printing, total: int, parts: list[_Part], closed: bool
) -> Relation | None:
    figures = printing.figures
    indices = [part.index for part in parts]
    labels = [part.label for part in parts]
    family = _partition(labels)
    if family is None:
        return _accuse_ages(printing, total, indices) or (
            _doubt_of_list(printing, total, parts) if closed else None
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
    stage = "" if figures[total].dimension in _BODIES else figures[total].stage
    whole = _is_exhaustive(family, labels, stage) and bool(name or family.name != "学段")
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
    elif name not in arithmetic.RARE and _may_leave_out(
        family, labels, figures[total].size - sum_of_parts, figures[total].size
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
        formula=_written(arithmetic.total, indices),
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
    formula = _written(arithmetic.total, indices)
    return Relation(members, SUM, CONTRADICTS, expected, message, name, total, formula)


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
        found = list(_AGES.finditer(printing.gap(index)))
        if len(found) != 1:
            return False
        one = found[0]
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
    named = {group for label in labels if (group := _group_of(family, label))}
    groups = {number for number, _ in named}
    heads = {family.words[number][0] for number in groups if number >= 0}
    if family.name == "学段" and heads == set(words().wholes.get(stage, ())):
        return True
    return any(needed <= groups for needed in family.exhaustive)


_NARROW_BY_NATURE = ("城乡", "资金来源", "性别", "职称", "办别", "招聘", "编制", "在岗", "科类")
_SPECIAL = "特殊教育"


def _may_leave_out(family: Family, labels: Sequence[str], missing: float, whole: float) -> bool:
    """Say whether what a list lacks may be the few special schools that it does not name."""
    if family.name != "学段" or any(_SPECIAL[:2] in label or "特教" in label for label in labels):
        return False
    return 0 < missing <= max(3.0, 0.01 * whole)


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


def _sum_slip(printing: Printing, total: int, indices: list[int]) -> tuple[str, int] | None:
    given = [printing.printed(i) for i in indices]
    stated = printing.printed(total)
    slip = arithmetic.likely_slip(arithmetic.total, given, stated)
    return (slip[0], slip[1]) if slip else None


# --- shares ----------------------------------------------------------------------------------

_OF = pattern("of")
_SCOPE = pattern("scope")


def _core(label: str) -> str:
    return _SCOPE.sub("", label)


def shares(printing: Printing) -> Iterator[Relation]:
    """Check 占…的比例 and …占比 against the part and the whole that the text names."""
    figures = printing.figures
    for index, one in enumerate(figures):
        if one.kind != SHARE or one.dimension != "percent" or not one.is_exact:
            continue
        before = printing.text[max(0, one.at - 50) : one.at]
        clause = re.split(r"[，。；！？\n]", before)[-1]
        pair = _share_pair(printing, index, clause)
        if pair is None:
            implied = _implied_whole(printing, index, clause)
            if implied:
                yield implied
            continue
        part, wholes = pair
        relation = _share_relation(printing, index, part, wholes)
        if relation:
            yield relation


def _implied_whole(printing: Printing, index: int, clause: str) -> Relation | None:
    """Return the whole that a part and its share give, where the report prints no such whole."""
    match = _OF.search(clause)
    if not match or len(_core(match["whole"])) < 2 or not clause.startswith("占"):
        return None
    part = _share_part(printing, index, "")
    share = printing.number(index)
    if part is None or not 0 < share.ends[0] < share.ends[1] <= 100:
        return None
    if part > 0 and re.match(r"^[、和及与]", printing.gap(part)):
        return None  # the share may be that of a list
    one = printing.figures[part]
    given = [printing.printed(part), share]
    low, high = arithmetic.span(lambda over, rate: over / rate * 100, given)
    if one.is_counted:
        low, high = float(ceil(low)), float(floor(high))
    expected = f"{in_unit(low, one)}—{in_unit(high, one)}"
    whole, shown = match["whole"].rstrip("的"), printing.figures[index].shown
    message = f"文中没有列{whole}，按{one.shown}、{shown}推算为{expected}"
    return Relation((index, part), SHARE_OF, UNCHECKED, expected, message)


def _share_pair(printing: Printing, index: int, clause: str) -> tuple[int, tuple[int, ...]] | None:
    figures = printing.figures
    match = _OF.search(clause)
    if match and match["whole"] and not match["whole"].startswith("比"):
        whole_name = _core(match["whole"])
        subject = clause[: match.start()]
        part = _share_part(printing, index, subject)
        if part is None or len(whole_name) < 2:
            return None
        union = _union(printing, index, whole_name, part)
        if union:
            return part, union
        whole = _named(printing, index, whole_name, figures[part].dimension, exclude=part)
        return (part, (whole,)) if whole is not None else None
    if clause.endswith(("占比", "占比为", "占比达", "占比达到")):
        name = _core(re.sub(r"占比.*$", "", clause))
        part = _named(printing, index, name, None, exclude=-1, near=4) if len(name) >= 2 else None
        if part is None:
            return None
        for i in range(index - 1, max(-1, part - 5), -1):
            label = _core(figures[i].what)
            if (
                figures[i].dimension == figures[part].dimension
                and _summable(figures[i])
                and len(label) >= 2
                and _core(figures[part].what).endswith(label)
                and label != _core(figures[part].what)
            ):
                return part, (i,)
    return None


_BARE = re.compile(
    r"占(?:其|总|全部|全县|全市|全区)?(?:总数|总量|总额|总人数|比|比例|比重|的)*(?:为|达到?|约|是)*\s*$"
)


def bare_shares(printing: Printing) -> Iterator[Relation]:
    """Check 其中高级812人，占19.7%: a share beside its part, of the total that 其中 divides.

    The total is not named, so a share that does not follow is in doubt only where another of
    the same total follows, or a rare slip explains it.
    """
    by_whole: dict[int, list[Relation]] = {}
    for index, one in enumerate(printing.figures):
        if one.kind != SHARE or one.dimension != "percent" or not one.is_exact:
            continue
        clause = re.split(r"[，。；！？\n（]", printing.text[max(0, one.at - 40) : one.at])[-1]
        if not _BARE.fullmatch(clause) or _share_pair(printing, index, clause) is not None:
            continue
        pair = _fitting_total(printing, index) or _part_and_total(printing, index)
        relation = _share_relation(printing, index, pair[0], (pair[1],)) if pair else None
        if pair and relation:
            by_whole.setdefault(pair[1], []).append(relation)
    for found in by_whole.values():
        proved = any(one.status in (FOLLOWS, WITHIN_ROUNDING) for one in found)
        for one in found:
            if one.status not in (CONTRADICTS, DOUBT) or one.slip in arithmetic.RARE:
                yield one
            elif proved:
                yield replace(one, status=CONTRADICTS if one.slip else DOUBT)


def _fitting_total(printing: Printing, index: int) -> tuple[int, int] | None:
    """Return the part of a share whose whole is not named, and an earlier figure that fits."""
    part = _share_part(printing, index, "")
    if part is None or any(printing.figures[i].kind == SHARE for i in range(part + 1, index)):
        return None
    stated, one = printing.number(index), printing.figures[part]
    for i in range(part - 1, max(-1, part - 26), -1):
        other = printing.figures[i]
        if not _summable(other) or other.dimension != one.dimension or other.size <= one.size:
            continue
        given = [printing.printed(part), printing.printed(i)]
        if arithmetic.compare(arithmetic.share, given, stated) == FOLLOWS:
            return part, i
    return None


def _part_and_total(printing: Printing, index: int) -> tuple[int, int] | None:
    """Return the level right before a share, and the total whose parts 其中 or a bracket begins."""
    figures = printing.figures
    part = _share_part(printing, index, "")
    if part is None or any(figures[i].kind == SHARE for i in range(part + 1, index)):
        return None
    name = _core(figures[part].what)
    for i in range(part - 1, max(-1, part - 26), -1):
        one = figures[i]
        if not _summable(one) or one.dimension != figures[part].dimension:
            continue
        if one.size <= figures[part].size:
            continue
        label = _core(one.what)
        is_named = len(label) >= 2 and name.endswith(label) and name != label
        is_named = is_named or (i == part - 1 and "总" in one.what and name[-2:] == label[-2:])
        divides = re.search(r"^[，。；（：\s]*(?:其中|包括)", printing.gap(i + 1))
        same_line = printing.line(i) == printing.line(part)
        if is_named or (divides and same_line):
            return part, i
    return None


_IS_BASE = re.compile(r"(?:比|较)[^，。；]{0,14}$|^[，（]?(?:上年|去年|同期)")


def _share_part(printing: Printing, index: int, subject: str) -> int | None:
    """Return the figure whose share it is: the level that the clause before is about."""
    figures = printing.figures
    name = _core(subject)
    if len(name) >= 2:
        return _named(printing, index, name, None, exclude=-1, near=5)
    for i in range(index - 1, max(-1, index - 5), -1):
        if printing.sentence(i) != printing.sentence(index):
            return None
        if figures[i].kind == RATIO:
            return None
        if figures[i].kind in (CHANGE, GROWTH, POINTS) or _IS_BASE.search(printing.gap(i)):
            continue
        return i if _summable(figures[i]) else None
    return None


def _named(
    printing: Printing,
    index: int,
    name: str,
    dimension: str | None,
    *,
    exclude: int,
    near: int = 30,
) -> int | None:
    """Return the nearest earlier level whose words are the name, or end in it."""
    figures = printing.figures
    for i in range(index - 1, max(-1, index - 1 - near), -1):
        one = figures[i]
        if i == exclude or not _summable(one) or (dimension and one.dimension != dimension):
            continue
        label = _core(one.what)
        if len(label) >= 2 and (
            label == name
            or (dimension is None and label.startswith(name) and len(label) - len(name) <= 4)
            or (
                label.endswith(name)
                and len(label) - len(name) <= 6
                and not _NARROW.search(label[: -len(name)])
            )
        ):
            return i
    return None


def _union(printing: Printing, index: int, whole: str, part: int) -> tuple[int, ...]:
    """Return the figures that make up a whole which no figure prints: 高中阶段 = 普高 + 中职."""
    figures = printing.figures
    for name, stages in words().wholes.items():
        if not whole.startswith(name):
            continue
        noun = whole[len(name) :].lstrip("教育学校")
        members = []
        for stage in stages:
            match = next(
                (
                    i
                    for i in range(index - 1, max(-1, index - 8), -1)
                    if _summable(figures[i])
                    and figures[i].dimension == figures[part].dimension
                    and printing.sentence(i) == printing.sentence(index)
                    and (
                        figures[i].stage == stage
                        or (stage == "中职" and figures[i].stage == "中等职业学校")
                    )
                    and (
                        not noun
                        or noun.rstrip("生人数") in figures[i].what
                        or figures[i].what.endswith(noun[:2])
                    )
                ),
                None,
            )
            if match is None:
                return ()
            members.append(match)
        if part in members:
            return tuple(members)
    return ()


def _share_relation(
    printing: Printing, index: int, part: int, wholes: tuple[int, ...]
) -> Relation | None:
    figures = printing.figures
    given = [printing.printed(part), *(printing.printed(i) for i in wholes)]
    stated = printing.number(index)

    def formula(over: float, *under: float) -> float:
        return over / sum(under) * 100

    status = arithmetic.compare(formula, given, stated)
    whole_sum = sum(figures[i].size for i in wholes)
    if not whole_sum:
        return None
    expected = f"{figures[part].size / whole_sum * 100:.{max(2, figures[index].decimals)}f}%"
    members = (index, part, *(i for i in wholes if i != part))
    written = f"#{part}/({'+'.join(f'#{i}' for i in wholes)})"
    if status != CONTRADICTS:
        return Relation(members, SHARE_OF, status, expected, of=index, formula=written)
    slip = ""
    for i in range(max(0, index - 8), index):
        rival = figures[i]
        if i == part or (i,) == wholes or not _summable(rival):
            continue
        if rival.dimension != figures[part].dimension:
            continue
        pair = [printing.printed(part), printing.printed(i)]
        if arithmetic.compare(arithmetic.share, pair, stated) == FOLLOWS:
            slip = f"分母用错，疑以{rival.shown}为分母"
            break
    if not slip:
        named = arithmetic.likely_slip(formula, given, stated, within_rounding=arithmetic.RARE)
        slip = named[0] if named else ""
    if not slip and figures[part].size > whole_sum:
        return None
    named_wholes = printing.shown(*wholes)
    message = f"{figures[part].shown}占{named_wholes}应为{expected}，文中为{figures[index].shown}"
    status = CONTRADICTS if slip else DOUBT
    message += f"；可能：{slip}" if slip else ""
    return Relation(members, SHARE_OF, status, expected, message, slip, of=index, formula=written)


# --- equality, qualifiers, rates --------------------------------------------------------------


def parts_of(printing: Printing, family: str) -> Iterator[tuple[int, ...]]:
    """Yield the lists whose members are different parts of a family: 专任96人、特岗15人."""
    figures = printing.figures
    declared = next(one for one in words().families if one.name == family)
    index = 0
    while index < len(figures):
        run, groups = [], set()
        while index < len(figures) and _summable(figures[index]):
            label = _label(printing, index, _label_start(printing, index))
            group = _group_of(declared, label)
            apart = run and (
                not re.fullmatch(r"[、，和及][^，。；、]{0,16}", printing.gap(index))
                or figures[index].dimension != figures[run[0]].dimension
            )
            if group is None or group in groups or apart:
                break
            run.append(index)
            groups.add(group)
            index += 1
        if len(run) > 1:
            yield tuple(run)
        index += not run


def lost_units(printing: Printing) -> Iterator[Relation]:
    """Find the same digits printed once with 万 or 亿 and once without."""
    by_digits: dict[str, list[int]] = {}
    for index, one in enumerate(printing.figures):
        digits = one.printed.replace(",", "").replace(" ", "")
        if one.dimension == "money" and len(digits.replace(".", "").strip("0")) >= 5:
            by_digits.setdefault(digits, []).append(index)
    for indices in by_digits.values():
        for later in indices[1:]:
            first = indices[0]
            one, other = printing.figures[first], printing.figures[later]
            if one.factor == other.factor:
                continue
            doubt, right = (later, first) if other.factor < one.factor else (first, later)
            expected = f"{printing.figures[doubt].printed}{printing.figures[right].unit}"
            ratio = max(one.factor, other.factor) / min(one.factor, other.factor)
            message = (
                f"同一数字另处为{printing.figures[right].shown}，"
                f"此处为{printing.figures[doubt].shown}，单位相差{ratio:g}倍"
            )
            yield Relation((doubt, right), EQUAL, CONTRADICTS, expected, message, "单位有误")


def repeated(printing: Printing) -> Iterator[Relation]:
    """Compare figures of the same words, stage, year and unit in different sentences."""
    groups: dict[tuple, list[int]] = {}
    for index, one in enumerate(printing.figures):
        label = _core(one.what)
        if one.kind in (COUNT, LEVEL, SHARE) and one.is_exact and len(label) >= 4 and one.table < 0:
            groups.setdefault((label, one.stage, one.year, one.dimension, one.kind), []).append(
                index
            )
    for indices in groups.values():
        first = indices[0]
        for later in indices[1:]:
            if printing.sentence(first) == printing.sentence(later):
                continue
            one, other = printing.figures[first], printing.figures[later]
            status = arithmetic.compare(
                arithmetic.total, [printing.printed(first)], printing.printed(later)
            )
            if status != CONTRADICTS:
                yield Relation((later, first), EQUAL, status, of=later, formula=f"同 #{first}")
            elif _swapped(one.printed, other.printed):
                message = f"与另处的{one.shown}不一致"
                yield Relation((later, first), EQUAL, DOUBT, one.shown, message, "相邻两位数字颠倒")


def _swapped(one: str, other: str) -> bool:
    if len(one) != len(other) or len(one) < 4:
        return False
    differ = [i for i in range(len(one)) if one[i] != other[i]]
    return (
        len(differ) == 2
        and differ[1] == differ[0] + 1
        and one[differ[0]] == other[differ[1]]
        and one[differ[1]] == other[differ[0]]
    )


def contradictory_qualifiers(printing: Printing) -> Iterator[Relation]:
    """Find 近…余 and 不足…以上, which cannot both hold."""
    for index, one in enumerate(printing.figures):
        parts = set(one.qualifier.split("…"))
        if parts & {"近", "将近", "接近", "不足", "不到", "不满"} and parts & {"余", "以上"}:
            yield Relation((index,), QUALIFIER, DOUBT, "", f"“{one.qualifier}”的限定词互相矛盾")


RULES = (
    growths,
    yearly_growths,
    points,
    sums,
    shares,
    bare_shares,
    parallel_lists,
    shares_of_lists,
    shares_in_another_order,
    pupil_teacher_ratios,
    times,
    differences,
    totals_of_shares,
    over_stages,
    lost_units,
    repeated,
    contradictory_qualifiers,
)


def relations(printing: Printing) -> tuple[Relation, ...]:
    """Return every relation that the rules see, in the order of the figures.

    A relation that two rules see stands once; a total that follows from its parts in the text is
    not doubted for what other sentences say.
    """
    found: dict[tuple, Relation] = {}
    for rule in RULES:
        for one in rule(printing):
            found.setdefault((frozenset(one.figures), one.relation), one)
    followed = {one.of for one in found.values() if one.relation == SUM and _holds(one)}
    out = [
        one
        for one in found.values()
        if not (one.relation == SUM and one.of in followed and not _holds(one))
    ]
    return tuple(sorted(out, key=lambda one: (min(one.figures), one.figures)))


def _holds(one: Relation) -> bool:
    return one.status in (FOLLOWS, WITHIN_ROUNDING)
