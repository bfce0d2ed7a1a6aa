"""What a ratio of money lacks to its standard, in money that a county can spend."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dudao.indicators.measure import Gap, Measure


def with_gap(measure: Measure, gap_to: Callable[[float], Gap]) -> Measure:
    """Give a computed measure another gap; one that was not computed keeps its own (none)."""
    known = measure.is_known and not measure.missing
    return replace(measure, gap_to=gap_to) if known else measure
