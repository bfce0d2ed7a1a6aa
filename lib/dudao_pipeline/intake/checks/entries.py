"""What the registers share: the scheme of the year, a point of it, a day within a range."""

from __future__ import annotations

from collections.abc import Iterator

from dudao.base.errors import LawError, nearest
from dudao.facts.cells import day_of, month_of
from dudao.law import Framework, framework_for
from dudao_pipeline.intake.checks.common import Book, finding
from dudao_pipeline.intake.findings import Finding


def scheme(book: Book) -> Framework | None:
    """Return the scheme of the submission's year and area, or None where there is none."""
    try:
        return framework_for(book.year.year, book.tables.area)
    except LawError:
        return None


def unknown_point(code: str, row, framework: Framework | None) -> Iterator[Finding]:
    """Name a point that the scheme does not have, or that was not filled in."""
    if framework is None:
        return
    points = [point.id for point in framework.points]
    if row.point not in points:
        hint = nearest(row.point, points) if row.point else ""
        what = f"评价要点“{row.point}”不在评价方案中{hint}。" if row.point else "未填评价要点。"
        yield finding(code, row, what, "评价要点")


def dated(
    codes: tuple[str, str], row, column: str, text: str, *, years: tuple[int, int]
) -> Iterator[Finding]:
    """Name a date that is none (first code), or lies outside the years (second code).

    A month or a year without a day is a warning of its own.
    """
    day, (first, last) = day_of(text), years
    if text and day is None and (day := month_of(text)):
        yield finding("E08", row, f"{column}“{text}”没有写到日。", column)
    if text and day is None:
        yield finding(codes[0], row, f"“{text}”不是日期。", column)
    elif day and not first <= day.year <= last:
        yield finding(codes[1], row, f"{column}{text}不在{first}年至{last}年之间。", column)
