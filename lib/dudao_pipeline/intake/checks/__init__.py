"""Checks of a submission in stages; what they find is named at its cell, never mended."""

from __future__ import annotations

from dudao.facts.tables import Tables
from dudao_pipeline.intake.checks import (
    evidence,
    identities,
    levels,
    problems,
    ranges,
    ratings,
    required,
    totals,
    trends,
)
from dudao_pipeline.intake.checks.common import Book, codes, limits
from dudao_pipeline.intake.findings import Finding

STAGES = (ranges, totals, trends, levels, identities, evidence, problems, ratings, required)

__all__ = ["codes", "limits", "run"]


def run(tables: Tables) -> list[Finding]:
    """Run every stage and return all findings in one pass, in the order of the stages."""
    book = Book(tables)
    return [finding for stage in STAGES for finding in stage.check(book)]
