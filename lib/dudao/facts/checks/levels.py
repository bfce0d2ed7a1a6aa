"""Stage L: per-pupil levels against the nation's, and one stage against another."""

from __future__ import annotations

from collections.abc import Iterator

from dudao import reference
from dudao.facts.checks.common import Book, figure, found, limits, placed
from dudao.facts.checks.totals import consistency_rules
from dudao.facts.findings import Finding
from dudao.rounding import plain

PER_PUPIL = (
    "per_pupil_expenditure",
    "per_pupil_operating_expenditure",
    "per_pupil_non_personnel_expenditure",
)


def _national(book: Book) -> Iterator[Finding]:
    rule = limits()["national_level"]
    for (code, stage, year), row in book.county.items():
        if code not in PER_PUPIL or year != book.year.data_year or not book.number(code, stage):
            continue
        series = reference.national_per_pupil(code, stage)
        if series.empty or row.value <= 0:
            continue
        newest, national = series.index[-1], series.iloc[-1]
        times = row.value / national
        if not rule["at_least"] <= times <= rule["at_most"]:
            level = f"全国{newest}年水平{plain(national, 2)}元的{plain(times, 2)}倍"
            bounds = f"不在{rule['at_least']}至{rule['at_most']}倍之间"
            yield found("L01", row, f"{figure(row)}，为{level}，{bounds}。")


def _ratios(book: Book, year: int) -> Iterator[Finding]:
    for rule in consistency_rules()["ratios"]:
        over, under = book.exact(*rule["over"], year), book.exact(*rule["under"], year)
        if over is None or under is None or under.value <= 0:
            continue
        times = over.value / under.value
        if not rule["at_least"] <= times <= rule["at_most"]:
            what = (
                f"{rule['label']}：{year}年{figure(over)}，为{placed(under)}的{plain(times, 2)}倍"
            )
            bounds = f"通常在{rule['at_least']}至{rule['at_most']}倍之间"
            yield found("L02", over, f"{what}，{bounds}。")


def check(book: Book) -> Iterator[Finding]:
    """Name every level that is far from what is usual."""
    yield from _national(book)
    for year in (book.year.base_year, book.year.data_year):
        yield from _ratios(book, year)
