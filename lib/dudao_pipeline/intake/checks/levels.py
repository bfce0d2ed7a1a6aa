"""Stage L: per-pupil levels against the nation's, and one stage against another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from dudao.base import reference
from dudao.base.rounding import plain
from dudao.facts import consistency
from dudao_pipeline.intake.checks.common import Book, figure, finding, limits, placed
from dudao_pipeline.intake.findings import Finding
from dudao_pipeline.intake.handed_in import Tables
from dudao_pipeline.intake.manifests import PER_PUPIL, levels_of

if TYPE_CHECKING:
    import pandas as pd


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


class StoredLevels:
    """Per-pupil levels of the counties in the store, read once and kept up with what is added.

    Read again for every submission, they would cost each one more than the one before.
    """

    def __init__(self, read: Callable[..., pd.DataFrame]) -> None:
        self._read = read
        self._known: dict[tuple[int, bool], pd.DataFrame] = {}

    def of(self, data_year: int, *, fictional: bool) -> pd.DataFrame:
        """Return the levels of a data year, of real counties or of fictional ones.

        Columns county, item, stage, value (per pupil).
        """
        key = (data_year, fictional)
        if key not in self._known:
            self._known[key] = self._read(data_year, fictional=fictional)
        return self._known[key]

    def add(self, county: str, facts: pd.DataFrame, *, fictional: bool) -> None:
        """Put the levels of a submission that was stored before those of its county.

        facts: columns as `facts.schema` declares them.
        """
        import pandas as pd

        for (data_year, kind), before in self._known.items():
            if kind == fictional:
                rows = [(county, *level) for year, *level in levels_of(facts) if year == data_year]
                own = pd.DataFrame(rows, columns=before.columns)
                self._known[data_year, kind] = pd.concat([own, before])


def _medians(levels: pd.DataFrame, county: str) -> pd.DataFrame:
    others = levels[levels["county"] != county]
    once = others.drop_duplicates(["county", "item", "stage"])
    return once.groupby(["item", "stage"])["value"].agg(median="median", counties="count")


def against_peers(tables: Tables, levels: pd.DataFrame) -> Iterator[Finding]:
    """Name every per-pupil level far from the median of the other counties in the store.

    levels: amounts per pupil of the data year, columns county, item, stage, value. It depends on
    what the store holds, so it is told at ingest and not kept with the data. Too few counties say
    nothing.
    """
    book, rule = Book(tables), limits()["peer_level"]
    medians = _medians(levels, tables.county)
    for code, stage, row in _levels(book):
        if (code, stage) not in medians.index:
            continue
        peers = medians.loc[(code, stage)]
        times = row.value / peers["median"] if peers["median"] else 1
        usual = rule["at_least"] <= times <= rule["at_most"]
        if peers["counties"] >= rule["counties"] and not usual:
            level = f"库中{peers['counties']:.0f}个县中位数{plain(peers['median'], 2)}元"
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
