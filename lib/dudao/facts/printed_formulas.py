"""What a printed figure must be, given the other printed figures that its 算式 names.

A formula is a sum, difference, product or quotient of rows (#9) and numbers, or 同 #31. Every row
stands for all values that print as it does; a share or growth of rows comes out in percent.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from dudao.base.rounding import half_unit
from dudao.facts import units
from dudao.facts.view import Claim

_TOKEN = re.compile(r"\s*(#\s*\d+|\d+(?:\.\d+)?|[-+*/()×÷])")
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
    return tuple(int(number) for number in re.findall(r"#\s*(\d+)", formula))


def evaluate(claim: Claim, claims: Mapping[int, Claim]) -> Span:
    """Return what a claim's formula gives, in the claim's own unit as printed.

    Raises FormulaError where the formula cannot be read or its rows cannot be taken together.
    """
    formula = claim.formula.replace("（", "(").replace("）", ")")
    same = _SAME.match(formula)
    text = same[1] if same else formula.rpartition("=")[2]
    names = rows_of(text)
    lacking = [number for number in names if number not in claims]
    if not names:
        raise FormulaError(f"算式“{claim.formula}”没有引用其他行")
    if lacking:
        raise FormulaError(f"算式“{claim.formula}”中没有第{lacking[0]}行")
    is_ratio = "/" in text or "÷" in text
    unit = claims[names[0]].unit if is_ratio else claim.unit
    spans = {number: _span(claims[number], unit) for number in names}
    result = _Reader(text, spans).read()
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


class _Reader:
    """Reads one formula from left to right."""

    def __init__(self, text: str, spans: Mapping[int, Span]) -> None:
        self.tokens = _tokens(text)
        self.spans = spans

    def read(self) -> Span:
        result = self._sum()
        if self.tokens:
            raise FormulaError(f"算式在“{self.tokens[0]}”处不能理解")
        return result

    def _take(self, *wanted: str) -> str:
        return self.tokens.pop(0) if self.tokens and self.tokens[0] in wanted else ""

    def _sum(self) -> Span:
        result = self._product()
        while sign := self._take("+", "-"):
            other = self._product()
            result = result + other if sign == "+" else result - other
        return result

    def _product(self) -> Span:
        result = self._member()
        while sign := self._take("*", "/", "×", "÷"):
            other = self._member()
            result = result * other if sign in "*×" else result / other
        return result

    def _member(self) -> Span:
        if self._take("("):
            inside = self._sum()
            if not self._take(")"):
                raise FormulaError("算式缺右括号")
            return inside
        if not self.tokens or self.tokens[0] in "+-*/×÷)":
            raise FormulaError("算式不完整")
        token = self.tokens.pop(0)
        if token.startswith("#"):
            return self.spans[int(token[1:])]
        number = float(token)
        return Span(number, number, number)


def _tokens(text: str) -> list[str]:
    out, position = [], 0
    text = text.strip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise FormulaError(f"算式“{text}”中的“{text[position]}”不能理解")
        out.append(re.sub(r"\s", "", match[1]))
        position = match.end()
    return out


def follows(claim: Claim, result: Span) -> bool:
    """Say whether print is what the formula allows, the last digit cut off or rounded."""
    reach = 10.0**-claim.decimals if claim.decimals or result.low != result.high else 0.0
    slack = 1e-9 * max(1.0, abs(result.value))
    is_number = not math.isnan(claim.raw)
    return is_number and result.low - reach - slack <= claim.raw <= result.high + reach + slack
