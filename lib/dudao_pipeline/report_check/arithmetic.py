"""What printed figures allow: intervals, and which single slip of the pen explains a disagreement.

A printed figure stands for every value that prints as it does. A relation follows when some
values that print as the given ones fulfil it; the last printed digit of the derived figure may
also have been cut off, towards zero, instead of rounded.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, permutations, product
from math import isnan, nan

FOLLOWS, WITHIN_ROUNDING, CONTRADICTS = "follows", "within_rounding", "contradicts"


@dataclass(frozen=True)
class Printed:
    """A number as printed: its value, half of its last digit, and its digits."""

    value: float
    half: float
    text: str = ""

    @property
    def ends(self) -> tuple[float, float]:
        """Return the least and the greatest value that print as this one."""
        return self.value - self.half, self.value + self.half


Formula = Callable[..., float]


_MOST_CORNERS = 6  # inputs of which both ends are tried with both ends of every other


def span(formula: Formula, inputs: Sequence[Printed]) -> tuple[float, float]:
    """Return the least and greatest result over the ends of monotone inputs.

    Many inputs have too many corners. They are those of a mean, or of a part and its whole: all but
    the first move together. Where some ends give no result, there is no bound: a base that
    may be nothing as printed.
    """
    if formula is total:
        return sum(one.ends[0] for one in inputs), sum(one.ends[1] for one in inputs)
    corners: Iterable[Sequence[float]] = product(*(one.ends for one in inputs))
    if len(inputs) > _MOST_CORNERS:
        first, *others = (one.ends for one in inputs)
        corners = ((one, *together) for one in first for together in zip(*others, strict=True))
    results = []
    for corner in corners:
        try:
            results.append(formula(*corner))
        except (ZeroDivisionError, OverflowError, ValueError):
            return float("-inf"), float("inf")
    return min(results), max(results)


def _of(formula: Formula, values: Sequence[float]) -> float:
    """Return the result of numbers; NaN where there is none."""
    try:
        return formula(*values)
    except (ZeroDivisionError, OverflowError, ValueError):
        return nan


def _agree(exact: float, stated: float, half: float) -> bool:
    """Say whether a result prints as stated."""
    return abs(exact - stated) <= half + 1e-9 * max(1.0, abs(exact), abs(stated))


def compare(formula: Formula, inputs: Sequence[Printed], stated: Printed) -> str:
    """Say whether a printed result follows from printed inputs, exactly or within rounding."""
    exact = _of(formula, [one.value for one in inputs])
    if isnan(exact):
        return WITHIN_ROUNDING
    if _agree(exact, stated.value, stated.half):
        return FOLLOWS
    slack = 1e-9 * max(1.0, abs(exact), abs(stated.value))
    low, high = span(formula, inputs)
    cut, rounded = 2 * stated.half + slack, stated.half + slack
    below, above = (cut, rounded) if stated.value > 0 else (rounded, cut)
    inside = low - below <= stated.value <= high + above
    return WITHIN_ROUNDING if inside else CONTRADICTS


def exchanged(text: str) -> list[float]:
    """Return the numbers that two neighbouring digits, exchanged, would have turned into these."""
    return [value for name, value in digit_variants(text) if name == RARE[0]]


def digit_variants(text: str) -> Iterator[tuple[str, float]]:
    """Yield each number that one slip would have turned into the printed digits."""
    digits = text.replace(",", "").replace(" ", "").lstrip("-")
    places = [index for index, character in enumerate(digits) if character.isdigit()]
    for first, second in pairwise(places):
        is_led_by_zero = first == places[0] and digits[second] == "0" and len(places) > 1
        if digits[first] != digits[second] and not is_led_by_zero:
            swapped = list(digits)
            swapped[first], swapped[second] = swapped[second], swapped[first]
            yield "相邻两位数字颠倒", float("".join(swapped))
    for index in places:
        for digit in "0123456789":
            if digit != digits[index] and not (index == places[0] and digit == "0"):
                yield "一位数字有误", float(digits[:index] + digit + digits[index + 1 :])
    for index in range(len(places) + 1):
        at = places[index] if index < len(places) else len(digits)
        for digit in "0123456789":
            yield "漏印一位数字", float(digits[:at] + digit + digits[at:])
    if len(places) > 1:
        for index in places:
            rest = digits[:index] + digits[index + 1 :]
            if rest.strip("."):
                yield "多印一位数字", float(rest if rest[0] != "." else "0" + rest)
    value = float(digits)
    for power in (10, 100, 1000):
        yield "小数点错位", value / power
        yield "小数点错位", value * power
    yield "单位相差一万倍", value * 1e4
    yield "单位相差一万倍", value / 1e4
    yield "单位相差一亿倍", value * 1e8
    yield "单位相差一亿倍", value / 1e8


def _permuted(text: str) -> Iterator[tuple[str, float]]:
    """Yield the numbers that the same three to five digits in another order print."""
    digits = [character for character in text if character.isdigit()]
    if not 3 <= len(digits) <= 5:
        return
    point = len(text) - text.rfind(".") - 1 if "." in text else 0
    for other in {"".join(one) for one in permutations(digits)} - {"".join(digits)}:
        if other[0] != "0":
            yield "数字次序有误", int(other) / 10**point


@lru_cache(maxsize=256)
def _variants(text: str, *, is_result: bool) -> dict[str, tuple[float, ...]]:
    """Return the numbers that each slip would have turned into the printed digits."""
    out: dict[str, tuple[float, ...]] = {}
    for name, value in (*digit_variants(text), *(_permuted(text) if is_result else ())):
        out[name] = (*out.get(name, ()), value)
    return out


ONE_DIGIT = "一位数字有误"
RARE = ("相邻两位数字颠倒", "单位相差一万倍", "单位相差一亿倍", "小数点错位")
_ORDER = (
    "单位相差一万倍",
    "单位相差一亿倍",
    "相邻两位数字颠倒",
    "小数点错位",
    "数字次序有误",
    "一位数字有误",
    "漏印一位数字",
    "多印一位数字",
)


def likely_slip(
    formula: Formula,
    inputs: Sequence[Printed],
    stated: Printed,
    *,
    within_rounding: Sequence[str] = RARE[1:],
    unitless: Sequence[int] = (),
) -> tuple[str, int, float] | None:
    """Return the slip that one printed number needs for the relation to follow: name, which, value.

    Which is -1 for the result, else the index of the input. A slip of the result comes before
    one of an input; among one number's, the rarer coincidence comes first (`_ORDER`). A slip of
    `within_rounding` may explain the relation within rounding; any other, exactly. Those of
    `unitless` (which) have lost no 万 or 亿: they are rates.
    """
    values = [one.value for one in inputs]
    exact, halves = _of(formula, values), sum(one.half for one in inputs)
    suspects = [
        (which, one)
        for which, one in enumerate((stated, *inputs), -1)
        if one.text and _may_be_off(formula, exact, one, which=which, stated=stated.value)
    ]
    for name, (which, one) in product(_ORDER, suspects):
        if which in unitless and name in RARE[1:3]:
            continue
        for value in _values_meant(one, name, is_result=which < 0):
            if which >= 0 and _becomes_nothing(name, value, one, stated):
                continue
            moved = abs(value / one.value) if name in RARE[1:] and one.value else 1.0
            changed = Printed(value, one.half * moved, one.text)
            result = changed if which < 0 else stated
            if which < 0:
                meant = exact
            elif formula is total:
                meant = exact - one.value + value
            else:
                meant = _of(formula, [*values[:which], value, *values[which + 1 :]])
            if _agree(meant, result.value, result.half):
                return name, which, value
            if name not in within_rounding:
                continue
            farthest = 2 * (halves + changed.half + result.half)
            if formula is total and not _agree(meant, result.value, farthest):
                continue  # most, of a long column
            given = [*inputs[:which], changed, *inputs[which + 1 :]] if which >= 0 else inputs
            is_meant = compare(formula, given, result) == WITHIN_ROUNDING
            if is_meant and _tells_size(*span(formula, given)):
                return name, which, value
    return None


def _may_be_off(formula: Formula, exact: float, one: Printed, *, which: int, stated: float) -> bool:
    """Say whether one slip of a number may be why a sum does not hold; of others always."""
    if formula is not total or not one.value or isnan(exact):
        return True
    needed = exact if which < 0 else stated - exact + one.value
    return _is_of_digits(abs(needed / one.value))


def _values_meant(one: Printed, name: str, *, is_result: bool) -> Iterator[float]:
    """Yield what a number may have been meant as, if it is printed with a slip."""
    sign = -1.0 if one.value < 0 else 1.0
    digits = float(one.text.replace(",", "").replace(" ", "").lstrip("-") or 1)
    scale = abs(one.value) / digits if one.value else 1.0
    for variant in _variants(one.text, is_result=is_result).get(name, ()):
        value = sign * variant * scale
        if one.half or not value % 1:  # no part of a person is counted
            yield value


def _becomes_nothing(name: str, value: float, one: Printed, stated: Printed) -> bool:
    """Say whether a number less a 万 would be so small beside the result that it counts as none."""
    shrinks = abs(value) < abs(one.value) and name in RARE[1:3]
    return shrinks and abs(value) < 0.01 * abs(stated.value)


def _tells_size(low: float, high: float) -> bool:
    """Say whether results are of one size: what is near nothing fits any number less units."""
    return low * high > 0 and max(low / high, high / low) < _ONE_SIZE


_ONE_SIZE = 2.0  # times
_SCALES = (1e-8, 1e-4, 1e-3, 1e-2, 1e2, 1e3, 1e4, 1e8)


def _is_of_digits(ratio: float) -> bool:
    """Say whether a number that is so many times another may be it but for one slip."""
    return 0.05 < ratio < 20 or any(0.9 < ratio / scale < 1.1 for scale in _SCALES)


def growth(now: float, before: float) -> float:
    """Return the growth from before to now, in percent."""
    return (now / before - 1) * 100


def growth_from_change(now: float, change: float) -> float:
    """Return the growth in percent, given now and by how much it changed; of no base, none."""
    if now * (now - change) < 0:
        raise ZeroDivisionError
    return change / (now - change) * 100


def share(part: float, whole: float) -> float:
    """Return a part of a whole, in percent."""
    return part / whole * 100


def difference(now: float, before: float) -> float:
    """Return by how much now is more than before."""
    return now - before


def total(*parts: float) -> float:
    """Return the sum."""
    return sum(parts)


def quotient(over: float, under: float) -> float:
    """Return a ratio, over to one under."""
    return over / under
