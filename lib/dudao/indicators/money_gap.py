"""What raises a ratio of money: money that a county can spend."""

from __future__ import annotations

from dataclasses import replace

from dudao.indicators.measure import Measure, Remedy


def with_remedy(measure: Measure, remedy: Remedy) -> Measure:
    """Give a computed measure another remedy; one that was not computed has none."""
    known = measure.is_known and not measure.missing
    return replace(measure, raised_by=remedy) if known else measure
