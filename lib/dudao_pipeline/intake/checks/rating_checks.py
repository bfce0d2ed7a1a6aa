"""Stage P, second part: the county's own conclusions, point by point (自评)."""

from __future__ import annotations

import math
from collections.abc import Iterator

from dudao.base.rounding import plain
from dudao.facts.sheet_layout import RATED_MET
from dudao_pipeline.intake.checks.common import Book, finding, limits
from dudao_pipeline.intake.checks.entries import dated, scheme, unknown_point
from dudao_pipeline.intake.findings import Finding


def _score(row, full_marks: dict[str, float]) -> Iterator[Finding]:
    if math.isnan(row.score) or row.point not in full_marks:
        return
    full = full_marks[row.point]
    if not full:
        what = f"要点{row.point}填了自评得分{plain(row.score)}分，评价方案对它不计分。"
        yield finding("P10", row, what, "自评得分")
    elif not 0 <= row.score <= full:
        what = f"要点{row.point}自评得分{plain(row.score)}分，满分为{plain(full)}分。"
        yield finding("P11", row, what, "自评得分")


def check(book: Book) -> Iterator[Finding]:
    """Name the conclusions that cannot be told apart, counted, or followed to a paper."""
    framework, seen = scheme(book), {}
    full_marks = {point.id: point.full_marks for point in framework.points} if framework else {}
    with_papers = set(book.tables.evidence["point"])
    years = (limits()["evidence_from"]["year"], book.year.year + 1)
    for row in book.tables.self_ratings.itertuples(index=False):
        book.look("P09")
        yield from unknown_point("P01", row, framework)
        yield from _score(row, full_marks)
        yield from dated(("P04", "P05"), row, "日期", row.date, years=years)
        twin = seen.setdefault(row.point, row)
        if row.point and twin is not row:
            yield finding("P09", row, f"要点{row.point}与{twin.sheet}!{twin.cell}重复。")
        if row.rating == RATED_MET and row.point in full_marks and row.point not in with_papers:
            yield finding("P12", row, f"要点{row.point}自评达标，没有登记佐证材料。", "自评结论")
