"""What was checked, not only what was wrong: of every group of checks the cells looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from dudao.base.yaml_text import read_own
from dudao_pipeline.intake.checks.common import FOLDER, Book
from dudao_pipeline.intake.findings import Finding, by_cell

READING = "单元格能否读懂"


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
    grouped = {code for codes in groups.values() for code in codes}
    tables = book.tables
    registers = (tables.claims, tables.evidence, tables.exceptions, tables.last_round)
    cells = len(tables.facts) + sum(map(len, (*registers, tables.self_ratings)))
    unread = sorted(set(counts) - grouped)
    reading = sum(counts[code] for code in unread)
    rows = [Coverage(READING, tuple(unread), max(cells, reading), reading, 0)]
    for title, codes in groups.items():
        looked, unjudged = book.looked[codes[0]], book.unjudged[codes[0]]
        if set(codes) <= set(left):
            unjudged = looked
        reported = sum(counts[code] for code in codes)
        rows.append(
            Coverage(title, tuple(codes), max(looked, reported + unjudged), reported, unjudged)
        )
    return rows
