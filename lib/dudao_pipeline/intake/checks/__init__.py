"""Checks of a submission in stages: what they find is named at its cell, never mended.

Of every group of checks the cells looked at are counted: what was checked, not only what is wrong.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from dudao.base.yaml_text import read_own
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
from dudao_pipeline.intake.checks.common import FOLDER, Book, codes, limits
from dudao_pipeline.intake.findings import Finding, by_cell

STAGES = (
    *(ranges, plausibility, totals, trend_checks, levels),
    *(identities, register_checks, required),
)
READING = "单元格能否读懂"

__all__ = ["Book", "Coverage", "codes", "coverage", "limits", "run_on"]


def run_on(book: Book) -> list[Finding]:
    """Return the findings of every stage in order; the book then holds what was looked at."""
    return [finding for stage in STAGES for finding in stage.check(book)]


@dataclass(frozen=True)
class Coverage:
    """A group of checks: how many cells it looked at, how many it could not judge, and findings."""

    title: str
    codes: tuple[str, ...]
    looked: int
    reported: int
    unjudged: int

    @property
    def passed(self) -> int:
        """Return how many cells were judged and found in order."""
        return max(self.looked - self.reported - self.unjudged, 0)


def coverage(book: Book, findings: Iterable[Finding], left: Collection[str]) -> list[Coverage]:
    """Count by group what was looked at, passed, found and not judged.

    left: codes that were not judged, since other cells could not be read.
    """
    counts = Counter(finding.code for finding in by_cell(findings))
    groups = read_own(FOLDER / "groups.yaml")
    grouped = {code for members in groups.values() for code in members}
    tables = book.tables
    registers = (tables.claims, tables.evidence, tables.exceptions, tables.last_round)
    cells = len(tables.facts) + sum(map(len, (*registers, tables.self_ratings)))
    unread = sorted(set(counts) - grouped)
    reading = sum(counts[code] for code in unread)
    rows = [Coverage(READING, tuple(unread), max(cells, reading), reading, 0)]
    for title, members in groups.items():
        looked, unjudged = book.looked[members[0]], book.unjudged[members[0]]
        if set(members) <= set(left):
            unjudged = looked
        reported = sum(counts[code] for code in members)
        rows.append(
            Coverage(title, tuple(members), max(looked, reported + unjudged), reported, unjudged)
        )
    return rows
