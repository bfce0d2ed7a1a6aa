"""What a printed figure must be, given the other printed figures that its 算式 names.

A formula is a sum, difference, product or quotient of rows (#9) and numbers, or 同 #31. Every row
stands for all values that print as it does; a share or growth of rows comes out in percent.
"""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dudao.base.rounding import half_unit
from dudao.facts import units
from dudao.facts.plain_text import half_width
from dudao.facts.view import Claim

_ROW = re.compile(r"#\s*(\d+)")
_ODD = re.compile(r"[^#0-9.+*/()\s-]")
_SIGNS = str.maketrans("×÷", "*/")
_OPERATIONS: dict[type[ast.operator], Callable[[Span, Span], Span]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_SAME = re.compile(r"\s*(?:#\s*\d+\s*)?(?:同|=)\s*(#\s*\d+)\s*$")
_PERCENT = ("%", "％")
_POINTS = {*_PERCENT, "百分点", "个百分点"}
_COUNTED = ("人", "所", "个", "名", "位", "项", "次", "家")


class FormulaError(ValueError):
    """A formula is not one, or names a row that does not exist; the text is for the user."""


@dataclass(frozen=True)
class Span:
    """A value with the least and the greatest that it may be, given how its inputs print."""

    value: float
    low: float
    high: float

    def __add__(self, other: Span) -> Span:
        return Span(self.value + other.value, self.low + other.low, self.high + other.high)

    def __sub__(self, other: Span) -> Span:
        return Span(self.value - other.value, self.low - other.high, self.high - other.low)

    def __mul__(self, other: Span) -> Span:
        ends = [a * b for a in (self.low, self.high) for b in (other.low, other.high)]
        return Span(self.value * other.value, min(ends), max(ends))

    def __truediv__(self, other: Span) -> Span:
        if other.low <= 0 <= other.high:
            raise FormulaError("算式的除数可能为零")
        return self * Span(1 / other.value, 1 / other.high, 1 / other.low)


def rows_of(formula: str) -> tuple[int, ...]:
    """Return the numbers of the rows that a formula names."""
    return tuple(int(number) for number in _ROW.findall(formula))


def evaluate(claim: Claim, claims: Mapping[int, Claim]) -> Span:
    """Return what a claim's formula gives, in the claim's own unit as printed.

    Raises FormulaError where the formula cannot be read or its rows cannot be taken together.
    """
    formula = half_width(claim.formula).translate(_SIGNS)
    same = _SAME.match(formula)
    text = same[1] if same else formula.rpartition("=")[2]
    names = rows_of(text)
    lacking = [number for number in names if number not in claims]
    if not names:
        raise FormulaError(f"算式“{claim.formula}”没有引用其他行")
    if lacking:
        raise FormulaError(f"算式“{claim.formula}”中没有第{lacking[0]}行")
    is_ratio = "/" in text
    unit = claims[names[0]].unit if is_ratio else claim.unit
    spans = {number: _span(claims[number], unit) for number in names}
    result = _result(text, spans)
    scale = Span(100.0, 100.0, 100.0) if is_ratio and claim.unit in _PERCENT else None
    return result * scale if scale else result


def _span(claim: Claim, unit: str) -> Span:
    both = {claim.unit, unit}
    factor = 1.0 if both <= _POINTS else units.factor(claim.unit, unit)
    if factor is None:
        raise FormulaError(f"第{claim.number}行的单位“{claim.unit}”不能换算为“{unit}”")
    half = half_unit(claim.decimals) * factor
    half = 0.0 if claim.decimals == 0 and claim.unit in _COUNTED else half
    return Span(claim.raw * factor, claim.raw * factor - half, claim.raw * factor + half)


def _result(text: str, spans: Mapping[int, Span]) -> Span:
    """Return what a formula gives, as Python reads it with each row in the place of a name."""
    if odd := _ODD.search(text):
        raise FormulaError(f"算式“{text}”中的“{odd[0]}”不能理解")
    if text.count("(") > text.count(")"):
        raise FormulaError("算式缺右括号")
    try:
        return _value(ast.parse(_ROW.sub(r" row\1 ", text).strip(), mode="eval").body, spans)
    except (SyntaxError, RecursionError, MemoryError):
        raise FormulaError(f"算式“{text}”不完整，或不能理解") from None


def _value(node: ast.expr, spans: Mapping[int, Span]) -> Span:
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATIONS:
        left, right = _value(node.left, spans), _value(node.right, spans)
        return _OPERATIONS[type(node.op)](left, right)
    if isinstance(node, ast.Name):
        return spans[int(node.id.removeprefix("row"))]
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        number = float(node.value)
        return Span(number, number, number)
    raise SyntaxError


def follows(claim: Claim, result: Span) -> bool:
    """Say whether print is what the formula allows, the last digit cut off or rounded."""
    reach = 10.0**-claim.decimals if claim.decimals or result.low != result.high else 0.0
    slack = 1e-9 * max(1.0, abs(result.value))
    is_number = not math.isnan(claim.raw)
    return is_number and result.low - reach - slack <= claim.raw <= result.high + reach + slack
