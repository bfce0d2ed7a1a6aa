"""Readings of a passage: a result, the figures it may follow from, and how far words say so.

Every rule proposes readings; `decide` holds them against arithmetic. What any reading makes right
is right. What none makes right is accused when its slip is at least as telling as the reading is
doubtful: of `penalty` 0 the words state the relation, and no slip is needed.
"""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from dudao_pipeline.report_check import arithmetic
from dudao_pipeline.report_check.arithmetic import (
    CONTRADICTS,
    FOLLOWS,
    ONE_DIGIT,
    RARE,
    WITHIN_ROUNDING,
    Printed,
)
from dudao_pipeline.report_check.contexts import COUNTY
from dudao_pipeline.report_check.figures import Figure
from dudao_pipeline.report_check.numbers import CHANGE, GROWTH, RATIO, SHARE
from dudao_pipeline.report_check.printing import (
    DIFFERENCE,
    DOUBT,
    GROWTH_OF,
    POINTS_OF,
    RATIO_OF,
    SHARE_OF,
    SUM,
    YEARLY_GROWTH,
    Printing,
    Relation,
    added,
    plain_number,
    with_unit,
)
from dudao_pipeline.report_check.structure import family_of, group_of

MASKS = 4  # penalty of a reading that may be right; only the rarest slips accuse it
OTHER = 5  # penalty of one whose words name something else: it may be right and is never accused


@dataclass(frozen=True)
class Formula:
    """How a result follows from its inputs, what the relation is called, and how it is written.

    `same`: inputs of one dimension; `all_same`: the result has it, too; `rounded`: the result is,
    also where it counts persons.
    """

    compute: Callable[..., float]
    relation: str
    written: str = "#{0}/#{1}"
    same: bool = False
    all_same: bool = False
    rounded: bool = False


FORMULAS = {
    "growth": Formula(arithmetic.growth, GROWTH_OF, "#{0}/#{1}-1", same=True),
    "growth_from_change": Formula(
        arithmetic.growth_from_change, GROWTH_OF, "#{1}/(#{0}-#{1})", same=True
    ),
    "growth_over_base": Formula(arithmetic.share, GROWTH_OF, same=True),
    "difference": Formula(arithmetic.difference, DIFFERENCE, "#{0}-#{1}", all_same=True),
    "apart": Formula(lambda one, other: abs(one - other), DIFFERENCE, "#{0}-#{1}", all_same=True),
    "ranks_apart": Formula(lambda one, other: abs(one - other), DIFFERENCE, "#{0}-#{1}"),
    "points": Formula(arithmetic.difference, POINTS_OF, "#{0}-#{1}"),
    "points_apart": Formula(lambda one, other: abs(one - other), POINTS_OF, "#{0}-#{1}"),
    "share": Formula(
        lambda part, *whole: part / sum(whole) * 100, SHARE_OF, "#{0}/({rest})", same=True
    ),
    "quotient": Formula(arithmetic.quotient, RATIO_OF, rounded=True),
    "per_myriad": Formula(lambda over, under: over / under * 10_000, RATIO_OF, rounded=True),
    "per_hundred": Formula(lambda over, under: over / under * 100, RATIO_OF, rounded=True),
    "product": Formula(lambda one, other: one * other, RATIO_OF, "#{0}*#{1}"),
    "more": Formula(lambda now, base: now / base - 1, RATIO_OF, "#{0}/#{1}-1", same=True),
    "more_from_change": Formula(
        lambda now, change: change / (now - change), RATIO_OF, "#{1}/(#{0}-#{1})", same=True
    ),
    "more_over_base": Formula(arithmetic.quotient, RATIO_OF, same=True),
    "total": Formula(arithmetic.total, SUM, "{all}", all_same=True),
    "mean": Formula(
        lambda *parts: sum(parts) / len(parts), RATIO_OF, "({all})/{n}", all_same=True, rounded=True
    ),
    "percent": Formula(arithmetic.growth, POINTS_OF),
    "points_in_percent": Formula(arithmetic.difference, POINTS_OF, "#{0}-#{1}"),
    "yearly": Formula(arithmetic.growth, YEARLY_GROWTH, ""),
    "yearly_change": Formula(arithmetic.difference, DIFFERENCE, "", all_same=True, rounded=True),
}


@dataclass(frozen=True)
class Reading:
    """One way to read a figure: `result` follows by a formula from `inputs`.

    `penalty`: 0 where the words say so, up to OTHER. `years`: of a yearly growth. `note`: what is
    added to the relation where it holds. `is_bare`: of a share whose whole no words name.
    `needs_all`: of a list of which no part may be left out.
    """

    name: str
    result: int
    inputs: tuple[int, ...]
    penalty: int = 0
    years: int = 1
    note: str = ""
    is_bare: bool = False
    needs_all: bool = False

    @property
    def members(self) -> tuple[int, ...]:
        """Return the result and its inputs."""
        return (self.result, *self.inputs)

    @property
    def relation(self) -> str:
        """Return what the relation is called."""
        return FORMULAS[self.name].relation

    def written(self) -> str:
        """Return the formula as 报告所列数据 writes it."""
        rest = added(self.inputs[1:])
        text = FORMULAS[self.name].written
        if len(self.inputs) == 2:
            text = text.replace("({rest})", "{rest}")
        return text.format(*self.inputs, all=added(self.inputs), rest=rest, n=len(self.inputs))

    def compute(self) -> arithmetic.Formula:
        """Return the function of the formula; the growth of a year takes the number of years."""
        if self.name == "yearly_change":
            return lambda now, base: abs(now - base) / self.years
        if self.name != "yearly":
            return FORMULAS[self.name].compute

        def yearly(*given: float) -> float:
            times = given[0] / given[1] if len(given) > 1 else 1 + given[0] / 100
            return (times ** (1 / self.years) - 1) * 100

        return yearly


_LOOSELY = 0.25
_STANDARD = re.compile(r"规定|标准|要求|目标|定额|底线")


def numbers_of(printing: Printing, one: Reading) -> tuple[list[Printed], Printed]:
    """Return the inputs of a reading and its result as arithmetic takes them."""
    figures = printing.figures
    given = [printing.printed(i) for i in one.inputs]
    stated, result = printing.printed(one.result), figures[one.result]
    if result.kind == RATIO and result.dimension != "times":
        stated = replace(stated, text=f"{result.value:.{result.decimals}f}")
    if result.dimension == "doublings":
        stated = replace(stated, half=_LOOSELY * result.size)  # 翻了一番: of 2.03 times, too
    if FORMULAS[one.name].rounded:
        stated = replace(stated, half=0.5 * 10.0**-result.decimals * result.factor)
    if one.name == "apart":  # a standard is exact
        near = [
            figures[i].what + printing.text[max(0, figures[i].at - 16) : figures[i].at]
            for i in one.inputs
        ]
        given = [
            replace(n, half=0.0) if _STANDARD.search(words) else n
            for n, words in zip(given, near, strict=True)
        ]
    if one.name in ("apart", "points_apart", "yearly_change"):
        stated = replace(stated, value=abs(stated.value))
    return given, stated


_ALIKE = {
    "points": "percent",
    "mu": "square_metres",
    **dict.fromkeys(("pieces", "institutions", "teaching_points"), "schools"),
}


def measure_of(one: Figure) -> str:
    """Return what a figure measures: one name for 亩 and 平方米, for what counts schools."""
    return _ALIKE.get(one.dimension, one.dimension)


def fits_units(printing: Printing, one: Reading) -> bool:
    """Say whether the units of a reading agree, and its sizes are not of different things."""
    formula = FORMULAS[one.name]
    result, *inputs = (printing.figures[i] for i in one.members)
    if len(set(one.inputs)) < len(one.inputs) - (one.name == "share") or one.result in one.inputs:
        return False
    is_apart = formula.relation == DIFFERENCE or one.name == "points_apart"
    if is_apart and result.value and inputs[0].size == inputs[1].size:
        return False  # 收入、支出总计相同，各增加; a rate that is printed twice
    if one.name.endswith("_from_change") and 0 < inputs[0].size < inputs[1].size:
        return False  # a level below its rise, which `rises_above_their_level` names
    if one.name == "growth" and one.penalty > 1 and inputs[0].size == inputs[1].size:
        return False  # one figure, printed twice
    if one.name == "share" and len(inputs) == 2 and inputs[0].size == inputs[1].size:
        return result.value == 100  # one quantity, printed twice
    if one.name == "quotient" and result.kind != RATIO:
        return measure_of(result) == measure_of(inputs[0])
    compared = [result, *inputs] if formula.all_same else inputs if formula.same else []
    return len({measure_of(each) for each in compared}) < 2


def status_of(printing: Printing, one: Reading) -> str:
    """Return how a reading holds; a rate that is one off in its last digit is badly rounded."""
    if one.name in _OTHER_UNITS:
        return CONTRADICTS
    given, stated = numbers_of(printing, one)
    compute = one.compute()
    status = arithmetic.compare(compute, given, stated)
    if printing.figures[one.result].dimension == "times" and one.relation == RATIO_OF:
        try:
            exact = compute(*(each.value for each in given))  # 4倍 of 3.0: cut off, never added
        except ZeroDivisionError:
            return status
        fits = -1e-9 <= exact - stated.value < 2 * stated.half or status == FOLLOWS
        return status if fits else CONTRADICTS
    if status == CONTRADICTS and one.relation in (RATIO_OF, SHARE_OF, GROWTH_OF):
        apart = abs(_computed(printing, one) - stated.value)
        is_fine = printing.figures[one.result].decimals > 0
        return WITHIN_ROUNDING if is_fine and apart <= 2 * stated.half else status
    return status


_OTHER_UNITS = {"percent": "%", "points_in_percent": "个百分点"}
_OTHER_GROWTHS: tuple[tuple[arithmetic.Formula, str], ...] = (
    (lambda now, base: (now - base) / now * 100, "以本年数为基数，应以上年数为基数"),
    (lambda now, base: (base / now - 1) * 100, "本年数与上年数颠倒"),
    (lambda now, base: now / base * 100, "写成了本年数占上年数的比例"),
)
_OTHER_FORMULAS: dict[str, tuple[tuple[arithmetic.Formula, str], ...]] = {
    "growth": _OTHER_GROWTHS,
    "growth_from_change": ((lambda now, change: change / now * 100, _OTHER_GROWTHS[0][1]),),
    "more": ((arithmetic.quotient, "写成了两数之比，应减一"),),
    "share": ((lambda part, *whole: sum(whole) / part * 100, "分子与分母颠倒"),),
}
LEFT_OUT = "漏加最后一项"
SIGN, COPIED = "增减方向写反", "与上一个比率相同，疑为照抄"
OTHER_PART = "写成了另一部分的占比"
_TELLS_SHARE = 3  # digits of a share that is another by chance hardly ever
# What a result that another formula gives is said to be.
BY_OTHER_FORMULA = frozenset(name for some in _OTHER_FORMULAS.values() for _, name in some)


@dataclass(frozen=True)
class Slip:
    """What would explain a contradiction: its name, whose it is, the value meant, how telling."""

    name: str = ""
    which: int = -1  # -1 the result, else the index of the input
    value: float = 0.0
    weight: int = 0


OUT_OF_ORDER = Slip("各项次序有误", -1, 0.0, 3)


_OF_RATES = (SHARE_OF, GROWTH_OF, RATIO_OF)


def slip_of(printing: Printing, one: Reading, sure: Collection[int] = ()) -> Slip:
    """Return the likely slip of a reading that does not hold; one without a name where none is.

    sure: the figures in which no slip is sought.
    """
    given, stated = numbers_of(printing, one)
    stated, *given = (
        replace(number, text="") if i in sure else number
        for i, number in zip(one.members, (stated, *given), strict=True)
    )
    compute = one.compute()
    result = printing.figures[one.result]
    if one.name in _OTHER_UNITS:
        return Slip(f"单位应为{_OTHER_UNITS[one.name]}", -1, stated.value, 3)
    if stated.value and result.kind in ("growth", "change", "points"):
        flipped = replace(stated, value=-stated.value)
        if arithmetic.compare(compute, given, flipped) != CONTRADICTS:
            return Slip(SIGN, -1, -stated.value, 3 if one.penalty < 3 else 1)
    if one.needs_all and arithmetic.compare(compute, given[:-1], stated) == FOLLOWS:
        return Slip(LEFT_OUT, -1, stated.value, 3)
    is_long = len(_only_digits(stated.text).strip("0")) > 3
    if one.relation == SUM and result.kind == CHANGE and (is_long or not one.penalty):
        right = (FOLLOWS, WITHIN_ROUNDING) if is_long else (FOLLOWS,)
        for which, number in enumerate(given):
            turned = [*given[:which], replace(number, value=-number.value), *given[which + 1 :]]
            if arithmetic.compare(compute, turned, stated) in right:
                return Slip(SIGN, which, -number.value, 3)
    for other, name in _OTHER_FORMULAS.get(one.name, ()):
        try:
            if arithmetic.compare(other, given, stated) != CONTRADICTS:
                return Slip(name, -1, stated.value, 3 if len(_only_digits(stated.text)) > 2 else 1)
        except ZeroDivisionError:
            continue
    if one.relation == SHARE_OF and len(_only_digits(stated.text)) >= _TELLS_SHARE:
        of_other = replace(stated, value=100 - stated.value)
        if arithmetic.compare(compute, given, of_other) != CONTRADICTS:
            return Slip(OTHER_PART, -1, stated.value, 3)
    if _is_copied(printing, one.result) and one.relation in (GROWTH_OF, SHARE_OF):
        is_fine = one.relation == SHARE_OF and len(_only_digits(stated.text)) > _TELLS_SHARE
        return Slip(COPIED, -1, stated.value, 3 if is_fine else 2)
    rates = [
        n - 1
        for n, i in enumerate(one.members)
        if printing.figures[i].dimension in ("percent", "points", "times")
        or printing.figures[i].kind == RATIO
    ]
    named = arithmetic.likely_slip(compute, given, stated, unitless=rates)
    if named is None and one.relation in _OF_RATES and any(n.half for n in given):
        rounded = (RARE[0], ONE_DIGIT)  # 1.13万 of 9.47万: 11.97%, printed as 17.97%
        near = arithmetic.likely_slip(
            compute, given, stated, within_rounding=rounded, unitless=rates
        )
        if near and near[1] < 0 and near[0] in rounded:
            return Slip(*near, weight=1)
    if named is None:
        return Slip()
    name, which, value = named
    text = (stated if which < 0 else given[which]).text
    if name == RARE[3] and "." not in text:
        if which < 0 and 10 * value == stated.value and len(_only_digits(text)) > 2:
            return Slip("多印一位数字", which, value, 3)  # 2400元 for 240元
        if which >= 0 or value != 10 * stated.value or len(_only_digits(text)) < 2:
            return Slip()
        return Slip("漏印一位数字", which, value, 3)  # 8400元 for 84000元
    weight = _weight(name, which, text)
    if len(_only_digits(stated.text).lstrip("0")) < 2:
        tells = name in RARE or "." in stated.text  # 0.01 is near many differences, 4% near any
        weight = min(weight, 1) if tells else 0
    elif len(_only_digits(stated.text).lstrip("0")) < 3 and which >= 0 and one.relation != SUM:
        weight = min(weight, 2)  # of three hundred ways to mend an input some give two digits
    if one.relation == SUM:
        ends = [len(_ZEROS.search(n.text)[0]) for n in (stated, *given)]
        zeros = min(ends) if one.penalty > 1 else 0  # they say nothing where no words do
        weight = _weight_of_sum(name, given, stated, printing.figures[one.result], zeros=zeros)
        short = len(_only_digits(text).lstrip("0"))
        weight = min(weight, 1) if weight and short < 2 else weight
        weight = min(weight, 2) if short < 3 and one.penalty > 1 else weight  # 19 for 91: by chance
    return Slip(name, which, value, weight)


def _weight_of_sum(
    name: str, given: list[Printed], stated: Printed, total: Figure, *, zeros: int
) -> int:
    """Return how telling a slip in one of many figures is: of a small difference, hardly at all.

    zeros: digits at the end of all figures by which the difference counts for less.
    """
    apart = abs(sum(one.value for one in given) - stated.value)
    steps = apart / (10.0 ** (zeros - total.decimals) * total.factor)
    if name == RARE[3]:
        return 2 if len(_only_digits(stated.text)) > 3 else 1
    if name in RARE[1:]:
        return 3 if len(_only_digits(stated.text)) > 2 else 1
    if name in ("漏印一位数字", "多印一位数字"):
        return 3 if steps >= 100_000 else 2 if steps >= 1000 else 1 if steps >= 100 else 0
    if name == "漏印一位数字" and total.is_counted and total.dimension != "persons":
        return 0  # 2所 for 27所: as likely a kind of schools is not listed
    if name == RARE[0]:
        exceeds = any(one.value > stated.value for one in given)
        is_long = stated.value >= 1000 * 10.0**-total.decimals * total.factor
        return 3 if exceeds or is_long else 2
    return 3 if steps >= 1000 else 2 if steps >= 100 else 1 if steps >= 10 else 0


_ZEROS = re.compile("0*$")


def _only_digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _weight(name: str, which: int, text: str) -> int:
    """Return how unlikely it is that a slip explains what does not follow by chance, 0 to 3."""
    digits = len(_only_digits(text).strip("0"))
    if name == RARE[0]:
        return 3 if digits > 2 else 2
    if name in RARE:
        return 3 if len(_only_digits(text)) > 2 or which < 0 else 1
    if name in ("漏印一位数字", "多印一位数字"):
        return 2 if digits > 4 else 1
    if which < 0:
        return 2 if digits > 2 else 1
    return 2 if digits > 4 else 1 if digits > 3 else 0


def _is_copied(printing: Printing, index: int) -> bool:
    """Say whether the growth or share printed before is the same number: copied from above."""
    one = printing.figures[index]
    before = (other for other in reversed(printing.figures[:index]) if other.kind == one.kind)
    last = next(before, None)
    is_told = one.kind == GROWTH or (one.kind == SHARE and one.decimals > 0)
    return is_told and last is not None and last.printed == one.printed


def follows(printing: Printing, one: Reading, status: str) -> Relation:
    """Return the relation of a reading that holds."""
    return Relation(
        *(one.members, one.relation, status, _expected(printing, one)),
        message=one.note,
        of=one.result,
        formula=one.written(),
    )


def _expected(printing: Printing, one: Reading) -> str:
    result = printing.figures[one.result]
    value = _computed(printing, one)
    if one.name == "share":
        return f"{value:.{max(2, result.decimals)}f}%"
    unit = _OTHER_UNITS.get(one.name, result.unit)
    return with_unit(plain_number(round(value / result.factor, max(result.decimals, 2))), unit)


def contradiction(
    printing: Printing, one: Reading, slip: Slip, *, status: str = CONTRADICTS, doubt: int = -1
) -> Relation:
    """Return the relation of a reading that does not hold; doubt: the figure that is in doubt."""
    expected, result = _expected(printing, one), printing.figures[one.result]
    if one.relation == SUM and result.kind == CHANGE:
        expected = _with_direction(expected, _computed(printing, one))
        shown = _with_direction(result.shown, result.value)
        message = f"各项增减相抵为{expected}，文中为{shown}"
    elif one.relation == SUM:
        message = f"分项之和为{expected}，文中总数为{result.shown}"
    elif one.name == "share":
        part, whole = printing.shown(one.inputs[0]), printing.shown(*one.inputs[1:])
        message = f"{part}占{whole}应为{expected}，文中为{result.shown}"
    else:
        shown, meant, stated = printing.shown(*one.inputs), expected, result.shown
        value = _computed(printing, one)
        if result.kind == GROWTH and min(value, result.value) < 0:
            meant = _with_direction(meant, value, ("增长", "下降"))
            stated = _with_direction(stated, result.value, ("增长", "下降"))
        message = f"按{shown}计算应为{meant}，文中为{stated}"
    message += f"；可能：{slip.name}" if slip.name else ""
    if doubt < 0:
        doubt = one.members[slip.which + 1] if slip.name else one.result
    if slip.which >= 0 and one.inputs[slip.which] == doubt:
        meant = printing.figures[doubt]
        expected = _mended(meant, slip.value)  # of the figure in doubt, which stands beside it
        if slip.name == SIGN:
            expected = _with_direction(expected, slip.value)
        message += f"（{meant.shown}应为{expected}）"
    members = (doubt, *(i for i in one.members if i != doubt))
    return Relation(
        *(members, one.relation, status, expected, message, slip.name, one.result, one.written()),
        is_stated=one.penalty == 0,
    )


def _with_direction(shown: str, value: float, ways: tuple[str, str] = ("增加", "减少")) -> str:
    return f"{ways[0] if value > 0 else ways[1]}{shown.lstrip('-')}"


def _mended(one: Figure, value: float) -> str:
    return with_unit(plain_number(round(value / one.factor, max(one.decimals, 4))), one.unit)


def decide(printing: Printing, readings: Iterable[Reading]) -> list[Relation]:
    """Return one relation for each result and kind: what holds, else what is accused or doubted.

    Where one slip in one figure explains all relations that fail by it, it is the one in doubt; a
    figure that another relation confirms is not.
    """
    groups: dict[tuple[int, str, int], list[Reading]] = {}
    for one in readings:
        if fits_units(printing, one):
            first = one.inputs[0] if one.relation == SUM else -1
            groups.setdefault((one.result, one.relation, first), []).append(one)
    out: list[Relation] = []
    failing: list[list[Reading]] = []
    for some in groups.values():
        some.sort(key=lambda one: one.penalty)
        held = next(
            (
                (one, status)
                for one in some
                if (status := status_of(printing, one)) != CONTRADICTS
                and _may_hold(printing, one, some[0], status)
            ),
            None,
        )
        if held:
            out.append(follows(printing, *held))
        else:
            failing.append(some)
    held_totals = {one.of: {*one.figures} - {one.of} for one in out if one.relation == SUM}
    sure = {i for one in out for i in one.figures}
    whole_of = {i: one.of for one in out if one.relation == SUM for i in one.figures if i != one.of}
    shared = {one.figures[-1] for one in out if one.relation == SHARE_OF and len(one.figures) == 3}
    held = _collect_held(printing, out)
    for some in failing:
        plain = (_with_confirmed_whole(printing, one, whole_of, shared) for one in some)
        some[:] = (_with_siblings(printing, one, held) for one in plain)
        some.sort(key=lambda one: one.penalty)
    best = [some[0] for some in failing]
    likely = [one for one in best if one.penalty < (2 if one.relation == SUM else MASKS)]
    mended = _mended_at_once(printing, likely, sure)
    exchanged = _exchanged(printing, best)
    divided = [set(one.figures) for one in out if one.relation == SUM]
    parts_of = [{*one.figures} - {one.of} for one in out if one.relation == SUM]
    failing.sort(key=lambda some: some[0].penalty)
    for some in failing:
        one = some[0]
        is_other = one.relation == SUM and not one.note.startswith("上文")
        is_told = one.needs_all or repeats_its_total(printing, one.result, one.inputs)
        is_told = is_told or (not one.penalty and _is_of_digits(slip_of(printing, one)))
        if is_other and not is_told and printing.adds_up_elsewhere(one.result, one.inputs):
            continue
        is_within = is_other and _is_within_sum(printing, one, divided)
        if is_other and not is_within and any(_is_of_another(one, some) for some in divided):
            continue  # they are of another total
        if is_other and any(one.result in some and some & {*one.inputs} for some in parts_of):
            continue  # what stands beside its part in a sum is not the total of it
        if one.result in exchanged:
            out.append(contradiction(printing, one, OUT_OF_ORDER, doubt=one.result))
        elif (shared := _mended_in(printing, one, mended)) >= 0:
            which = one.members.index(shared) - 1
            slip = replace(mended[shared], which=which)
            out.append(contradiction(printing, one, slip, doubt=shared))
        else:
            relation = _accused(printing, some, sure)
            if relation and not _follows_elsewhere(relation, one, held_totals):
                out.append(relation)
                if is_other:
                    divided.append(set(one.members))
    return out


def _may_hold(printing: Printing, one: Reading, best: Reading, status: str) -> bool:
    """Say whether a doubtful reading that holds says enough against the one of the words.

    A list that goes on does where it adds up exactly: 文史类9.49万人；理工类16.39万人；中职生…; or
    another one of as many parts.
    """
    if best.needs_all and {*one.inputs} < {*best.inputs}:
        return False
    if one.penalty < MASKS - (best.penalty == 0) or best.penalty:
        return True
    if one.relation == SUM and {*one.inputs} < {*best.inputs} and status == FOLLOWS:
        whole = printing.figures[one.result]
        rest = [printing.figures[i].size for i in best.inputs if i not in one.inputs]
        is_long = len(_only_digits(whole.printed).strip("0")) > 3  # no chance, what follows is new
        return is_long or sum(rest) == whole.size  # divided twice
    goes_on = one.relation == SUM and {*one.inputs} >= {*best.inputs}
    goes_on = goes_on or (one.relation == SUM and len(one.inputs) == len(best.inputs))
    digits = len(_only_digits(printing.figures[one.result].printed).strip("0"))
    return goes_on and status == FOLLOWS and digits > 2


def _is_within_sum(printing: Printing, one: Reading, divided: Sequence[set[int]]) -> bool:
    """Say whether parts that a larger sum takes too have a total, two of its digits exchanged.

    在校42860人: 高中阶段9617人 is printed, its 6824人 and 2343人 are among what adds up.
    """
    if not any({*one.inputs} < some and one.result not in some for some in divided):
        return False
    slip = slip_of(printing, one)
    tells = _is_of_digits(slip) and slip.name == RARE[0] and slip.which < 0
    return tells and len(_only_digits(printing.figures[one.result].printed)) > _TELLING


def _is_of_another(one: Reading, members: set[int]) -> bool:
    """Say whether the figures of a sum are those of another: two of its parts and more."""
    shared = members.intersection(one.inputs)
    if one.result in members and shared.issuperset(one.inputs):
        return True
    return (len(shared) > 1 and one.result not in members) or (
        len(shared) > 0
        and (one.result in members and one.penalty > 1 and len(shared | {one.result}) > 1)
    )


def _with_confirmed_whole(
    printing: Printing, one: Reading, whole_of: dict[int, int], shared: set[int]
) -> Reading:
    """Return the reading of a share with less doubt, where other relations confirm its whole."""
    if not one.is_bare or len(one.inputs) != 2 or not 1 <= one.penalty < MASKS:
        return one
    part, whole = one.inputs
    is_beside = printing.line(whole) == printing.line(one.result)
    if is_beside and (whole_of.get(part) == whole or whole in shared):
        return replace(one, penalty=max(1, one.penalty - 2))
    return one


@dataclass(frozen=True)
class _Held:
    """The relations that hold: shares, exact sums, and these by the kinds that divide them."""

    shares: list[Relation]
    sums: list[Relation]
    by_kinds: dict[frozenset[str], list[Relation]]


def _collect_held(printing: Printing, some: list[Relation]) -> _Held:
    sums = [one for one in some if one.relation == SUM and one.status == FOLLOWS]
    by_kinds: dict[frozenset[str], list[Relation]] = {}
    for one in sums:
        if kinds := _kinds(printing, tuple(i for i in one.figures if i != one.of)):
            by_kinds.setdefault(kinds, []).append(one)
    return _Held([one for one in some if one.relation == SHARE_OF], sums, by_kinds)


def _with_siblings(
    printing: Printing,
    one: Reading,
    held: _Held,
) -> Reading:
    """Return a reading with less doubt where others of the passage that are built alike hold.

    Shares of one whole; totals that are divided by the same kinds: pupils, beds and dormitories
    of 小学 and 中学; lists whose figures stand beside those of another.
    """
    if one.is_bare and len(one.inputs) == 2 and one.penalty > 1:
        line = printing.line(one.result)
        alike = [r for r in held.shares if r.figures[2:] == one.inputs[1:]]
        alike = [r for r in alike if printing.line(r.of) == line]
        is_among = any(r.of < one.result for r in alike) and any(r.of > one.result for r in alike)
        is_other = any(r.figures[1] == one.inputs[0] for r in held.shares)
        return replace(one, penalty=1) if len(alike) > 2 and is_among and not is_other else one
    if one.penalty >= MASKS:
        return one
    if one.name == "share" and one.penalty == 1:
        alike = [r for r in held.shares if r.figures[2:] == one.inputs[1:]]
        is_other = any(r.figures[1] == one.inputs[0] for r in alike)  # the part has its share
        return replace(one, penalty=0) if len(alike) > 1 and not is_other else one
    if one.name != "total" or not printing.figures[one.result].size:
        return one
    beside = [
        r for r in held.sums if _is_alongside(printing, r, one) and _is_finer(printing, r, one)
    ]
    whole = printing.figures[one.result].size
    missing = whole - _computed(printing, one)
    if beside and not 0 < missing < _OF_ANOTHER_KIND * whole:
        return replace(one, penalty=max(0, one.penalty - 1 - len(beside)))
    kinds = _kinds(printing, one.inputs)
    if kinds and kinds == _kinds(printing, (one.result, *one.inputs[1:])):
        return one  # the total is one of the kinds itself
    if kinds and kinds == _kinds(printing, (*one.inputs[:-1], one.result)):
        return one
    is_part = any(one.result in r.figures and r.of != one.result for r in held.sums)
    if is_part and one.inputs[0] != one.result + 1:
        return one  # a part, and what is listed later: 一类24.6万元、二类19.3万元；…春季…、秋季…
    line = printing.line(one.result)
    alike = [
        r
        for r in held.by_kinds.get(kinds, ())
        if (printing.line(r.of) == line or len(kinds) > _FEW_KINDS or _is_worded(printing, r, one))
        and not set(r.figures) & set(one.members)
    ]
    alike = [r for r in alike if _is_finer(printing, r, one)]
    if not alike:
        return one
    is_near = len(alike) > 1 or not re.search(r"[。\n]", printing.between(one.result, alike[0].of))
    return replace(one, penalty=max(0, one.penalty - 2 - is_near))


_OF_ANOTHER_KIND = 0.01  # of a total: what schools of a kind that is not listed may have
_ASIDE = 8  # figures between the totals of two lists that stand beside each other


def _is_alongside(printing: Printing, held: Relation, one: Reading) -> bool:
    """Say whether the parts of a sum stand each beside one of a sum that holds, the totals too.

    招生3133人，在校生8637人。普通高中招生2500人，在校生6747人。中职招生633人，在校生1890人.
    """
    parts = tuple(i for i in held.figures if i != held.of)
    digits = len(_only_digits(printing.figures[held.of].printed).strip("0"))
    if printing.figures[one.result].dimension in ("schools", "pieces", "institutions"):
        return False  # 教学点 and 附设班 have pupils and are no schools
    if len(parts) != len(one.inputs) or digits < 3 or {held.of, *parts} & {*one.members}:
        return False
    pairs = list(zip(parts, one.inputs, strict=True))
    is_near = 0 < abs(held.of - one.result) <= _ASIDE
    lines = [printing.line(a) == printing.line(b) for a, b in (*pairs, (held.of, one.result))]
    rows = (
        [(held.of, one.result), *pairs] if held.of < parts[0] else [*pairs, (held.of, one.result)]
    )
    between = all(max(row) < min(after) for row, after in pairwise(rows))
    return is_near and all(lines) and between


def repeats_its_total(printing: Printing, total: int, parts: Sequence[int]) -> bool:
    """Say whether one of the parts, which divide one thing, is the total and the others give it.

    支出356万元，其中一般公共服务支出356万元，教育支出262万元，…: the first was to be 0.
    """
    whole, sizes = printing.figures[total].size, [printing.figures[i].size for i in parts]
    gives = whole in sizes and abs(sum(sizes) - 2 * whole) < 1e-6 * whole
    return gives and family_of([printing.figures[i].what for i in parts]) is not None


def _is_worded(printing: Printing, held: Relation, one: Reading) -> bool:
    """Say whether the parts of a sum stand after the same words as those of one that holds."""
    parts = [i for i in held.figures if i != held.of]
    return [printing.gap(i) for i in parts] == [printing.gap(i) for i in one.inputs]


def _is_finer(printing: Printing, held: Relation, one: Reading) -> bool:
    """Say whether a sum that holds would show that its parts lack what another sum lacks.

    17.1万 of 15.42万, 1.11万, 0.49万 and 0.07万 may lack a few hundred.
    """
    slack = sum(printing.printed(i).half for i in held.figures)
    whole, stated = printing.figures[held.of].size, printing.figures[one.result].size
    return abs(abs(_computed(printing, one)) - stated) * whole > slack * stated


def _kinds(printing: Printing, parts: tuple[int, ...]) -> frozenset[str]:
    """Return the kinds by which parts divide a total: of a family, or as many are named."""
    labels = [printing.figures[i].what for i in parts]
    if family := family_of(labels):
        groups = [group_of(family, label) for label in labels]
        return frozenset(f"{family.name}{group[0]}" for group in groups if group)
    is_list = len(parts) > _FEW_KINDS and len(set(labels)) == len(parts)
    return frozenset(labels) if is_list else frozenset()


_FEW_KINDS = 3


def _mended_at_once(printing: Printing, failing: list[Reading], sure: set[int]) -> dict[int, Slip]:
    """Return the figures of which one slip explains two relations and more that do not hold."""
    sharing: dict[int, list[Reading]] = {}
    for one in failing:
        for index in one.members:
            sharing.setdefault(index, []).append(one)
    out: dict[int, Slip] = {}
    for index, some in sharing.items():
        one = printing.figures[index]
        text = printing.printed(index).text
        kinds = {r.relation for r in some}
        doubtful = max(r.penalty for r in some) > 1
        together = {frozenset(r.members) for r in some}  # a sum and its difference say the same
        if len(together) < 2 or (doubtful and len(kinds) < 2) or index in sure or not text:
            continue
        scale = abs(one.size) / float(text.replace(",", "").replace(" ", "").lstrip("-") or 1)
        sign = -1.0 if one.size < 0 else 1.0
        for name, variant in arithmetic.digit_variants(text):
            meant = sign * variant * scale
            if all(_holds_with(printing, r, index, meant) for r in some):
                out[index] = Slip(name, -1, meant, 3)
                break
    return out


def _mended_in(printing: Printing, one: Reading, mended: dict[int, Slip]) -> int:
    """Return the mended figure by which a reading holds, too; -1 where none is."""
    some = (i for i in one.members if i in mended)
    return next((i for i in some if _holds_with(printing, one, i, mended[i].value)), -1)


def _as_meant(one: Printed, meant: float) -> Printed:
    """Return a number as another, whose last digit counts less where its point or unit moves."""
    moved = abs(meant / one.value) if one.value else 1.0
    return replace(one, value=meant, half=one.half * min(1.0, moved))


def _holds_with(printing: Printing, one: Reading, index: int, meant: float) -> bool:
    """Say whether a reading holds where a figure is another number."""
    given, stated = numbers_of(printing, one)
    if index == one.result:
        stated = _as_meant(stated, meant)
    else:
        at = one.inputs.index(index)
        given[at] = _as_meant(given[at], meant)
    return one.name not in _OTHER_UNITS and (
        arithmetic.compare(one.compute(), given, stated) != CONTRADICTS
    )


_INPUT = 2  # how telling a slip must be to lie in an input of what words state
_EXACT_DIGITS = 6  # of a total that its parts miss by one digit hardly by chance
_LENGTHS = (RARE[3], "漏印一位数字", "多印一位数字")  # slips that change how long a number is


def _accused(printing: Printing, some: list[Reading], sure: set[int]) -> Relation | None:
    """Return the reading of a figure that is accused, or doubted; nothing where it says little."""
    best = some[0]
    for one in some:
        slip = slip_of(printing, one)
        if one.penalty >= MASKS and not _tells_by_itself(printing, one, slip):
            continue
        if not one.penalty and slip.which >= 0 and slip.weight < _INPUT and one.relation != SUM:
            slip = Slip()
        is_sum = one.relation == SUM
        if one.penalty > is_sum and slip.which >= -is_sum and one.members[slip.which + 1] in sure:
            slip = slip_of(printing, one, sure)  # another relation confirms what it would be in
            if not slip.name:
                continue
        is_short = len(_only_digits(printing.figures[one.result].printed)) < _EXACT_DIGITS
        kinds = family_of([printing.figures[i].what for i in one.inputs])
        is_loose = one.relation == SUM and (is_short if slip.which >= 0 else kinds is None)
        if is_loose and one.penalty > 1 and slip.name in _LENGTHS:
            continue  # what would be ten times another, of many that no words name
        is_alone = (
            one.relation in (GROWTH_OF, DIFFERENCE)
            and one.penalty < 3
            and sure.issuperset(one.inputs)
            and one.result not in sure
        )
        if _is_rounded_to_whole(printing, one):
            continue
        most = MASKS - 1 if one.relation in (SUM, RATIO_OF) else _ENOUGH
        may_be_far = slip.name or one.name == "yearly_change"
        if not may_be_far and one.relation in _OF_SIZE and not _is_near(printing, one):
            continue  # by so much no slip of the pen is off: it is of other figures
        is_told = slip.weight >= min(one.penalty, most) - is_alone
        if is_told or _is_part_above_whole(printing, one):
            if one.name == "points_in_percent" and "百分点" not in printing.text:
                # 由97.9%到98.6%，提高0.7%: loosely worded, often, where no 个百分点 is told from it
                return contradiction(printing, one, slip, status=DOUBT)
            return contradiction(printing, one, slip, doubt=_suspect(one, sure))
    if best.penalty < 2 and _is_near(printing, best):
        return contradiction(printing, best, slip_of(printing, best), status=DOUBT)
    return None


_OF_SIZE = (DIFFERENCE, RATIO_OF)
_ENOUGH = 2  # the weight of a slip in a rate or difference: seldom by chance
_TELLING = 3  # the weight of a slip of a digit that chance hardly ever shows


def _is_of_digits(slip: Slip) -> bool:
    """Say whether a slip is of the digits of a long number, which chance hardly ever explains."""
    return slip.weight >= _TELLING and slip.name in (RARE[0], ONE_DIGIT, *RARE[1:3])


def _tells_by_itself(printing: Printing, one: Reading, slip: Slip) -> bool:
    """Say whether a slip accuses whatever the words: digits of a long number, by one or exchanged.

    In 520 passages of published reports no reading that is not meant was so near; a total of three
    digits is near many in a whole document. Of a reading whose words name something else,
    neighbouring digits are exchanged.
    """
    figures = [printing.figures[i] for i in one.members]
    digits = len(_only_digits(figures[0].printed))
    if one.penalty == MASKS or not _is_of_digits(slip):
        is_long = digits > _TELLING + (slip.name != RARE[0])
        return _is_of_digits(slip) and (one.relation != SUM or is_long)
    stages = {each.stage for each in figures[1:]} | {COUNTY}
    are_alike = figures[0].stage in stages and len(stages) < 3
    return slip.name == RARE[0] and slip.which < 0 and digits > _TELLING and are_alike


FAR_OFF = 5.0  # times: what a difference or sum misses by more is not what the words mean


def _is_near(printing: Printing, one: Reading) -> bool:
    stated, computed = abs(printing.figures[one.result].size), abs(_computed(printing, one))
    near = stated / FAR_OFF < computed < stated * FAR_OFF
    is_bare_share = one.relation == SHARE_OF and one.penalty > 0
    return near or not (is_bare_share or one.relation in (SUM, DIFFERENCE, RATIO_OF))


def _is_rounded_to_whole(printing: Printing, one: Reading) -> bool:
    """Say whether a share or growth in whole per cent is less than one off."""
    result = printing.figures[one.result]
    whole = one.relation in (SHARE_OF, GROWTH_OF) and result.decimals == 0
    return whole and abs(_computed(printing, one) - result.value) < 1


def _exchanged(printing: Printing, failing: list[Reading]) -> set[int]:
    """Return the results of one list that are right in another order."""
    out: set[int] = set()
    figures = printing.figures
    groups: list[list[Reading]] = []
    for one in sorted((f for f in failing if f.penalty < 3), key=lambda one: one.result):
        last = groups[-1][-1] if groups else one
        like = last.name == one.name and figures[last.result].unit == figures[one.result].unit
        if groups and like and 0 < one.result - last.result < 4:
            groups[-1].append(one)
        else:
            groups.append([one])
    for some in groups:
        values = {figures[one.result].value for one in some}
        if 1 < len(values) == len(some):
            right = sorted(some, key=lambda one: _computed(printing, one))
            stated = sorted((one.result for one in some), key=lambda i: figures[i].size)
            moved = [replace(one, result=i) for one, i in zip(right, stated, strict=True)]
            if all(status_of(printing, one) != CONTRADICTS for one in moved):
                out |= set(stated)
    return out


def _computed(printing: Printing, one: Reading) -> float:
    given, _ = numbers_of(printing, one)
    try:
        return one.compute()(*(number.value for number in given))
    except (ZeroDivisionError, OverflowError, ValueError):
        return 0.0


def _follows_elsewhere(relation: Relation, one: Reading, totals: dict[int, set[int]]) -> bool:
    """Say whether a total follows from others, so that these are not what it is of.

    Two lists of one length may both divide a total: 公办53所，民办75所；城区50所，农村78所.
    """
    if relation.relation != SUM or one.result not in totals:
        return False
    if totals[one.result] & set(one.inputs):
        return True
    same = len(totals[one.result]) == len(one.inputs)
    return one.penalty > 0 and not (same and relation.slip == RARE[0] and one.penalty < 2)


def _is_part_above_whole(printing: Printing, one: Reading) -> bool:
    """Say whether a share below 100 % is of a part above the whole right before it."""
    if not one.is_bare or len(one.inputs) != 2 or one.penalty > 1:
        return False
    part, whole = one.inputs
    sizes = [printing.figures[i].size for i in one.inputs]
    is_near = whole == part - 1 and one.result == part + 1
    return (
        is_near and sizes[1] < sizes[0] < 2 * sizes[1] and printing.figures[one.result].value < 100
    )


def _suspect(one: Reading, sure: set[int]) -> int:
    """Return the one member that no relation confirms; -1 where there are more."""
    unconfirmed = [i for i in one.members if i not in sure]
    return unconfirmed[0] if len(unconfirmed) == 1 else -1
