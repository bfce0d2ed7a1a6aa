"""Rounding as the law counts: half away from zero, on the decimal number that is meant."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

_NOISE = 10  # binary noise lives beyond this many decimals; no reported figure does


_EXACT, _TIE = 1e9, 1e-3  # below the one, and farther than the other from a half, noise is nothing


def round_half_up(value: float, decimals: int) -> float:
    """Round half away from zero at some decimals; NaN stays NaN."""
    if math.isnan(value):
        return value
    if decimals >= 0:
        scaled = abs(value) * 10**decimals
        if scaled < _EXACT and abs(scaled % 1 - 0.5) > _TIE:
            # The quotient of two whole numbers is the float nearest to the decimal that is meant.
            return math.copysign(round(scaled) / 10**decimals, value) + 0.0  # no -0.00
    exact = Decimal(repr(round(float(value), _NOISE)))
    return float(exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)) + 0.0


def without_noise(value: float) -> float:
    """Return a number without what binary arithmetic left behind, as 2.5 for 2.4999999999999996.

    A number with digits of its own there keeps them: nothing is rounded.
    """
    near = round(value, _NOISE)
    return near if math.isclose(near, value, rel_tol=1e-14, abs_tol=1e-15) else value


def round_half_up_all(values: pd.DataFrame, decimals: int) -> pd.DataFrame:
    """Round every value of a table as `round_half_up` does; NaN stays NaN.

    Index and columns stay as they are.
    """
    return values.map(lambda value: round_half_up(value, decimals))


def fixed(value: float, decimals: int) -> str:
    """Return the rounded value as text with exactly these decimals; empty for NaN."""
    return "" if math.isnan(value) else f"{round_half_up(value, decimals):.{decimals}f}"


def half_unit(decimals: int) -> float:
    """Return half a unit of the last decimal: what rounding may have moved a printed number."""
    return float(0.5 * 10**-decimals)


def plain(value: float | None, most: int = 4) -> str:
    """Return a number as a reader writes it: no trailing zeros, at most some decimals."""
    if value is None or math.isnan(value):
        return ""
    text = f"{round_half_up(value, most):.{most}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
