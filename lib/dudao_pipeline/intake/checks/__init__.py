"""Checks of a submission in stages; what they find is named at its cell, never mended."""

from __future__ import annotations

from dudao.facts.submission_tables import Tables
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

__all__ = ["Book", "Coverage", "codes", "coverage", "limits", "run", "run_on"]


def run(tables: Tables) -> list[Finding]:
    """Run every stage and return all findings in one pass, in the order of the stages."""
    return run_on(Book(tables))


def run_on(book: Book) -> list[Finding]:
    """Run every stage on a book, which then holds what was looked at."""
    return [finding for stage in STAGES for finding in stage.check(book)]
