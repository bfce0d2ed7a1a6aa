"""Stage P, first part: the register of the last round's problems (上轮问题)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dudao.facts.sheet_layout import RECTIFIED
from dudao_pipeline.intake.checks.common import Book, finding, limits
from dudao_pipeline.intake.checks.entries import dated, scheme, unknown_point
from dudao_pipeline.intake.findings import Finding

_BETWEEN = re.compile("[、；;]")


def named_papers(cell: str, on_file: set[str]) -> list[str]:
    """Return the papers that a cell names: one title, or several set apart by 、 or ；."""
    if not cell or cell in on_file:
        return [cell] if cell else []
    return [title.strip() for title in _BETWEEN.split(cell) if title.strip()]


def _days(row, book: Book) -> Iterator[Finding]:
    """Find problems mended before the years of the register, or due far off."""
    first, codes = limits()["evidence_from"]["year"], ("P04", "P05")
    due = book.year.year + limits()["deadline_after"]["years"]
    yield from dated(codes, row, "整改时限", row.deadline, years=(first, due))
    done = (book.year.base_year, book.year.year + 1)
    yield from dated(codes, row, "完成日期", row.done, years=done)


def _state(row) -> Iterator[Finding]:
    if row.state == RECTIFIED and not row.done:
        yield finding("P03", row, "状态为已整改，未填完成日期。", "完成日期")
    if row.state != RECTIFIED and row.done:
        yield finding("P06", row, f"状态为{row.state}，却填了完成日期{row.done}。", "整改状态")


def check(book: Book) -> Iterator[Finding]:
    """Name what keeps a reader from following a problem to its end."""
    framework, seen = scheme(book), {}
    on_file = set(book.tables.evidence["title"])
    for row in book.tables.last_round.itertuples(index=False):
        book.look("P01")
        yield from unknown_point("P01", row, framework)
        if not row.problem:
            yield finding("P02", row, "未写明问题。")
        yield from _state(row)
        yield from _days(row, book)
        for title in named_papers(row.paper, on_file):
            if title not in on_file:
                yield finding("P07", row, f"“{title}”不在佐证材料表中。", "佐证材料")
        twin = seen.setdefault(row.number, row)
        if row.number and twin is not row:
            yield finding("P08", row, f"序号{row.number}与{twin.sheet}!{twin.cell}重复。", "序号")
