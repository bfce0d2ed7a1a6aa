"""What slip of the pen explains that a reading does not hold, and how telling that is, 0 to 3."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from dudao_pipeline.report_check import arithmetic
from dudao_pipeline.report_check.arithmetic import CONTRADICTS, ONE_DIGIT, RARE, Formula, Printed
from dudao_pipeline.report_check.figures import Figure
from dudao_pipeline.report_check.numbers import CHANGE, GROWTH, POINTS, RATIO, SHARE
from dudao_pipeline.report_check.printing import GROWTH_OF, RATIO_OF, SHARE_OF, SUM, Printing
from dudao_pipeline.report_check.readings import OTHER_UNITS, Reading, numbers_of

SIGN, COPIED = "增减方向写反", "与上一个比率相同，疑为照抄"
OTHER_PART = "写成了另一部分的占比"
ONE_LESS, ONE_MORE = "漏印一位数字", "多印一位数字"
LENGTHS = (RARE[3], ONE_LESS, ONE_MORE)  # slips that change how long a number is
_TELLS_SHARE = 3  # digits of a share that is another by chance hardly ever
_OF_RATES = (SHARE_OF, GROWTH_OF, RATIO_OF)
_OTHER_GROWTHS: tuple[tuple[Formula, str], ...] = (
    (lambda now, base: (now - base) / now * 100, "以本年数为基数，应以上年数为基数"),
    (lambda now, base: (base / now - 1) * 100, "本年数与上年数颠倒"),
    (lambda now, base: now / base * 100, "写成了本年数占上年数的比例"),
)
_OTHER_FORMULAS: dict[str, tuple[tuple[Formula, str], ...]] = {
    "growth": _OTHER_GROWTHS,
    "growth_from_change": ((lambda now, change: change / now * 100, _OTHER_GROWTHS[0][1]),),
    "more": ((arithmetic.quotient, "写成了两数之比，应减一"),),
    "share": ((lambda part, *whole: sum(whole) / part * 100, "分子与分母颠倒"),),
}
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


def slip_of(printing: Printing, one: Reading, sure: Collection[int] = ()) -> Slip:
    """Return the likely slip of a reading that does not hold; one without a name where none is.

    sure: the figures in which no slip is sought.
    """
    given, stated = numbers_of(printing, one)
    stated, *given = (
        replace(number, text="") if i in sure else number
        for i, number in zip(one.members, (stated, *given), strict=True)
    )
    if one.name in OTHER_UNITS:
        return Slip(f"单位应为{OTHER_UNITS[one.name]}", -1, stated.value, 3)
    for slip, formula, result in _meant(printing, one, stated):
        if _holds(formula, given, result):
            return slip
    if _is_copied(printing, one.result) and one.relation in (GROWTH_OF, SHARE_OF):
        is_fine = one.relation == SHARE_OF and _length(stated) > _TELLS_SHARE
        return Slip(COPIED, -1, stated.value, 3 if is_fine else 2)
    return _slip_of_digits(printing, one, given, stated)


def _meant(
    printing: Printing, one: Reading, stated: Printed
) -> Iterator[tuple[Slip, Formula, Printed]]:
    """Yield what else a result may be, with the formula and number by which it would follow."""
    result = printing.figures[one.result]
    if stated.value and result.kind in (GROWTH, CHANGE, POINTS):
        slip = Slip(SIGN, -1, -stated.value, 3 if one.penalty < 3 else 1)
        yield slip, one.compute(), replace(stated, value=-stated.value)
    for formula, name in _OTHER_FORMULAS.get(one.name, ()):
        yield Slip(name, -1, stated.value, 3 if _length(stated) > 2 else 1), formula, stated
    if one.relation == SHARE_OF and _length(stated) >= _TELLS_SHARE:
        other = replace(stated, value=100 - stated.value)
        yield Slip(OTHER_PART, -1, stated.value, 3), one.compute(), other


def _holds(formula: Formula, given: list[Printed], stated: Printed) -> bool:
    try:
        return arithmetic.compare(formula, given, stated) != CONTRADICTS
    except ZeroDivisionError:
        return False


def _is_copied(printing: Printing, index: int) -> bool:
    """Say whether the growth or share printed before is the same number: copied from above."""
    one = printing.figures[index]
    before = (printing.figures[i] for i in range(index - 1, -1, -1))
    last = next((other for other in before if other.kind == one.kind), None)
    is_told = one.kind == GROWTH or (one.kind == SHARE and one.decimals > 0)
    return is_told and last is not None and last.printed == one.printed


def _slip_of_digits(
    printing: Printing, one: Reading, given: list[Printed], stated: Printed
) -> Slip:
    """Return the slip in the digits or unit of one figure by which a reading would hold."""
    unitless = [
        n - 1
        for n, i in enumerate(one.members)
        if printing.figures[i].dimension in ("percent", "points", "times")
        or printing.figures[i].kind == RATIO
    ]
    named = arithmetic.likely_slip(one.compute(), given, stated, unitless=unitless)
    if named is None and one.relation in _OF_RATES and any(n.half for n in given):
        rounded = (RARE[0], ONE_DIGIT)  # 1.13万 of 9.47万: 11.97%, printed as 17.97%
        near = arithmetic.likely_slip(
            one.compute(), given, stated, within_rounding=rounded, unitless=unitless
        )
        if near and near[1] < 0 and near[0] in rounded:
            return Slip(*near, weight=1)
    if named is None:
        return Slip()
    name, which, value = named
    number = stated if which < 0 else given[which]
    if name == RARE[3] and "." not in number.text:
        if which < 0 and value == 10 * stated.value and _length(number) > 1:
            return Slip(ONE_LESS, which, value, 3)  # 8400元 for 84000元
        if which < 0 and stated.value == 10 * value and _length(number) > 2:
            return Slip(ONE_MORE, which, value, 3)
        return Slip()
    if one.relation == SUM:
        total = printing.figures[one.result]
        weight = _weight_in_sum(name, given, stated, total=total, is_worded=one.penalty < 2)
        digits = _length(number, "0")
        most = 1 if digits < 2 else 2 if digits < 3 and one.penalty > 1 else 3  # 19 for 91
    else:
        weight, digits = _weight(name, which, number), _length(stated, "0")
        tells = name in RARE or "." in stated.text  # 0.01 is near many differences, 4% near any
        most = tells if digits < 2 else 2 if digits < 3 and which >= 0 else 3
    return Slip(name, which, value, min(weight, most))


def _length(number: Printed, without: str = "") -> int:
    """Return how many digits a number is printed with, those at its beginning left out or not."""
    return len(only_digits(number.text).lstrip(without or "x"))


def only_digits(text: str) -> str:
    """Return the digits of a printed number."""
    return re.sub(r"\D", "", text)


def _weight(name: str, which: int, number: Printed) -> int:
    """Return how unlikely it is that a slip explains what does not follow by chance, 0 to 3."""
    digits = len(only_digits(number.text).strip("0"))
    if name == RARE[0]:
        return 3 if digits > 2 else 2
    if name in RARE:
        return 3 if _length(number) > 2 or which < 0 else 1
    if name in LENGTHS:
        return 2 if digits > 4 else 1
    if which < 0:
        return 2 if digits > 2 else 1
    return 2 if digits > 4 else 1 if digits > 3 else 0


def _weight_in_sum(
    name: str, given: list[Printed], stated: Printed, *, total: Figure, is_worded: bool
) -> int:
    """Return how telling a slip in one of many figures is: of a small difference, hardly at all.

    Where no words name the sum, the zeros at the end of all its figures say nothing.
    """
    unit = 10.0**-total.decimals * total.factor
    ends = [len(number.text) - len(number.text.rstrip("0")) for number in (stated, *given)]
    apart = abs(sum(one.value for one in given) - stated.value)
    steps = apart / unit / (1 if is_worded else 10 ** min(ends))
    if name == RARE[0]:
        exceeds = any(one.value > stated.value for one in given)
        return 3 if exceeds or stated.value >= 1000 * unit else 2
    if name in RARE:
        return 3 if name != RARE[3] and _length(stated) > 2 else 1 + (_length(stated) > 3)
    least = (100, 1000, 100_000) if name in LENGTHS else (10, 100, 1000)
    return sum(steps >= each for each in least)
