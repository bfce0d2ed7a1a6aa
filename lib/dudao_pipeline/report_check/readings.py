"""Readings of a passage: a result, the figures it may follow from, and how far words say so.

Every rule proposes readings; `deciding` holds them against arithmetic. Of `penalty` 0 the words
state the relation.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from dudao_pipeline.report_check import arithmetic
from dudao_pipeline.report_check.arithmetic import (
    CONTRADICTS,
    FOLLOWS,
    WITHIN_ROUNDING,
    Printed,
)
from dudao_pipeline.report_check.figures import Figure
from dudao_pipeline.report_check.numbers import RATIO
from dudao_pipeline.report_check.printing import (
    DIFFERENCE,
    GROWTH_OF,
    POINTS_OF,
    RATIO_OF,
    SHARE_OF,
    SUM,
    YEARLY_GROWTH,
    Printing,
    added,
)
from dudao_pipeline.report_check.structure import family_of

OTHER_UNITS = {"percent": "%", "points_in_percent": "个百分点"}  # of a result in the wrong one
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


_STANDARD = re.compile(r"规定|标准|要求|目标|定额|底线")


def numbers_of(printing: Printing, one: Reading) -> tuple[list[Printed], Printed]:
    """Return the inputs of a reading and its result as arithmetic takes them."""
    figures = printing.figures
    given = [printing.printed(i) for i in one.inputs]
    stated, result = printing.printed(one.result), figures[one.result]
    if result.kind == RATIO and result.dimension != "times":
        stated = replace(stated, text=f"{result.value:.{result.decimals}f}")
    if result.dimension == "doublings":
        stated = replace(stated, half=result.size / 4)  # 翻了一番: of 2.03 times, too
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
    if one.name in OTHER_UNITS:
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
        apart = abs(computed(printing, one) - stated.value)
        is_fine = printing.figures[one.result].decimals > 0
        return WITHIN_ROUNDING if is_fine and apart <= 2 * stated.half else status
    return status


def computed(printing: Printing, one: Reading) -> float:
    """Return what a reading gives; 0 where nothing divides."""
    given, _ = numbers_of(printing, one)
    try:
        return one.compute()(*(number.value for number in given))
    except (ZeroDivisionError, OverflowError, ValueError):
        return 0.0


def repeats_its_total(printing: Printing, total: int, parts: Sequence[int]) -> bool:
    """Say whether one of the parts, which divide one thing, is the total and the others give it.

    支出356万元，其中一般公共服务支出356万元，教育支出262万元，…: the first was to be 0.
    """
    whole, sizes = printing.figures[total].size, [printing.figures[i].size for i in parts]
    gives = whole in sizes and abs(sum(sizes) - 2 * whole) < 1e-6 * whole
    return gives and family_of([printing.figures[i].what for i in parts]) is not None
