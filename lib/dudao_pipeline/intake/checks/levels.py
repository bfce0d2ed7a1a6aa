"""Stage L: per-pupil levels against the nation's, and one stage against another."""

from collections.abc import Iterator
from statistics import median

from dudao.base import reference
from dudao.base.rounding import plain
from dudao.facts import consistency
from dudao_pipeline.intake.checks.common import Book, figure, finding, limits, placed
from dudao_pipeline.intake.findings import Finding
from dudao_pipeline.intake.handed_in import Tables
from dudao_pipeline.intake.manifests import PER_PUPIL, Levels


def _levels(book: Book) -> Iterator[tuple]:
    """Yield item, stage and fact of every per-pupil level of the data year."""
    for (code, stage, year), row in book.county.items():
        is_level = code in PER_PUPIL and year == book.year.data_year
        if is_level and book.number(code, stage) and row.value > 0:
            yield code, stage, row


def _national(book: Book) -> Iterator[Finding]:
    rule = limits()["national_level"]
    for code, stage, row in _levels(book):
        series = reference.national_per_pupil(code, stage)
        if series.empty:
            continue
        book.look("L01")
        newest, national = series.index[-1], series.iloc[-1]
        times = row.value / national
        if not rule["at_least"] <= times <= rule["at_most"]:
            level = f"全国{newest}年水平{plain(national, 2)}元的{plain(times, 2)}倍"
            bounds = f"不在{rule['at_least']}至{rule['at_most']}倍之间"
            yield finding("L01", row, f"{figure(row)}，为{level}，{bounds}。")


def against_peers(tables: Tables, stored: Levels, *, fictional: bool) -> Iterator[Finding]:
    """Name every per-pupil level far from the median of the other counties in the store.

    It depends on what the store holds, so it is told at ingest and not kept with the data. Too few
    counties say nothing.
    """
    book, rule = Book(tables), limits()["peer_level"]
    for code, stage, row in _levels(book):
        listed = stored.get((fictional, book.year.data_year, code, stage), {})
        others = [value for county, value in listed.items() if county != tables.county]
        if len(others) < rule["counties"]:
            continue
        usual = median(others)
        times = row.value / usual if usual else 1
        if not rule["at_least"] <= times <= rule["at_most"]:
            level = f"库中{len(others)}个县中位数{plain(usual, 2)}元"
            yield finding("L03", row, f"{figure(row)}，为{level}的{plain(times, 2)}倍。")


def _ratios(book: Book, year: int) -> Iterator[Finding]:
    for one in consistency.compared(consistency.RATIOS, book.row, [year]):
        book.look("L02")
        is_sound = one.is_exact and one.whole.value > 0
        if is_sound and one.outcome == consistency.IMPLAUSIBLE:
            rule, over = one.rule, one.parts[0]
            times = f"为{placed(one.whole)}的{plain(one.value, 2)}倍"
            what = f"{rule['label']}：{year}年{figure(over)}，{times}"
            bounds = f"通常在{rule['at_least']}至{rule['at_most']}倍之间"
            yield finding("L02", over, f"{what}，{bounds}。")


def check(book: Book) -> Iterator[Finding]:
    """Name every level that is far from what is usual."""
    yield from _national(book)
    for year in (book.year.base_year, book.year.data_year):
        yield from _ratios(book, year)
