"""Rounding as the law counts: half away from zero, on the decimal number that is meant."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd

_NOISE = 10  # binary noise lives beyond this many decimals; no reported figure does


def round_half_up(value: float, decimals: int) -> float:
    """Round half away from zero at some decimals; NaN stays NaN."""
    if math.isnan(value):
        return value
    exact = Decimal(repr(round(float(value), _NOISE)))
    return float(exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


def round_half_up_all(values: pd.DataFrame, decimals: int) -> pd.DataFrame:
    """Round every value of a table as `round_half_up` does; NaN stays NaN."""
    return values.map(lambda value: round_half_up(value, decimals))


def fixed(value: float, decimals: int) -> str:
    """Return the rounded value as text with exactly these decimals; empty for NaN."""
    return "" if math.isnan(value) else f"{round_half_up(value, decimals):.{decimals}f}"


def qualified(value: float, qualifier: str) -> str:
    """Return a number with the words print puts around it, as in 近2000余 or 90以上."""
    before = qualifier[:1] if qualifier[:1] in ("近", "约") else ""
    after = qualifier.removeprefix(before).removeprefix("…")
    return f"{before}{plain(value)}{after}" if qualifier != "全部" else plain(value)


def plain(value: float, most: int = 4) -> str:
    """Return a number as a reader writes it: no trailing zeros, at most some decimals."""
    if math.isnan(value):
        return ""
    text = f"{round_half_up(value, most):.{most}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
