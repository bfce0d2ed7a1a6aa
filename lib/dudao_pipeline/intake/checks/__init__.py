"""Checks of a submission in stages; what they find is named at its cell, never mended."""

from __future__ import annotations

from dudao_pipeline.intake.checks import (
    identities,
    levels,
    plausibility,
    ranges,
    register_checks,
    required,
    totals,
    trend_checks,
)
from dudao_pipeline.intake.checks.common import Book, codes, limits
from dudao_pipeline.intake.checks.coverage import Coverage, coverage
from dudao_pipeline.intake.findings import Finding

STAGES = (
    *(ranges, plausibility, totals, trend_checks, levels),
    *(identities, register_checks, required),
)

__all__ = ["Book", "Coverage", "codes", "coverage", "limits", "run_on"]


def run_on(book: Book) -> list[Finding]:
    """Return the findings of every stage in order; the book then holds what was looked at."""
    return [finding for stage in STAGES for finding in stage.check(book)]
