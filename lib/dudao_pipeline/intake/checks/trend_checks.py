"""Stage J: the data year against the base year, and spending against its parts per pupil."""

from collections.abc import Iterator

from dudao.base.rounding import plain
from dudao.facts.cells import NOT_APPLICABLE
from dudao.facts.items import item
from dudao_pipeline.intake.checks.common import Book, figure, finding, limits
from dudao_pipeline.intake.checks.plausibility import differs_by_unit, unit_meant
from dudao_pipeline.intake.findings import Finding

PER_WAN = 10_000  # 万元 to 元: arithmetic of units, not law


def _rule(code: str) -> dict | None:
    """Return the greatest usual change of an item, or None where any change is usual.

    at_most: the part by which it changes; fewest: of a count, what is always usual.
    """
    money, counts = limits()["money_change"], limits()["count_change"]
    if item(code).unit in money["units"]:
        return {"at_most": money["at_most"], "fewest": 0}
    return counts if code in counts["items"] else None


def usual_range(code: str, before: float) -> tuple[float, float] | None:
    """Return between what an item usually stays a year later, None where any change is usual."""
    rule = _rule(code)
    if before <= 0 or rule is None:
        return None
    change = max(before * rule["at_most"], rule["fewest"])
    return max(before - change, 0), before + change


def _meant(book: Book, *rows) -> str:
    """Say which of two years is in another unit and what it would be, where a level tells."""
    for row in rows:
        if meant := unit_meant(book, row):
            return f"{row.data_year}年的数{meant.text(item(row.item).unit)}"
    units = "、".join(limits()["unit_slips"]["units"][item(rows[0].item).unit])
    return f"其中一年可能以{units}填写"


def _changes(book: Book) -> Iterator[Finding]:
    for before, row in book.county_levels():
        if before.value <= 0 or row.value <= 0:
            continue
        book.look("J01")
        ratio, rule = row.value / before.value, _rule(row.item)
        years = f"{before.data_year}年{plain(before.value)}，{row.data_year}年{plain(row.value)}"
        named = f"{figure(row)}：{years}"
        if differs_by_unit(row.value, before.value, item(row.item).unit):
            yield finding("J03", row, f"{named}，{_meant(book, before, row)}。")
        elif (
            rule
            and abs(row.value - before.value) >= rule["fewest"]
            and abs(ratio - 1) > rule["at_most"]
        ):
            change = f"{'增' if ratio > 1 else '减'}{plain(abs(ratio - 1) * 100, 1)}%"
            yield finding("J01", row, f"{named}，{change}，超出±{plain(rule['at_most'] * 100)}%。")


def _spent(book: Book, stage: str, year: int) -> float | None:
    """Return spending per pupil times pupils in yuan; zero where the county has no such stage."""
    rows = [book.county.get((code, stage, year)) for code in ("per_pupil_expenditure", "enrolment")]
    if any(row is not None and row.status == NOT_APPLICABLE for row in rows):
        return 0.0
    level, pupils = (
        book.exact(code, stage, year) for code in ("per_pupil_expenditure", "enrolment")
    )
    return None if level is None or pupils is None else level.value * pupils.value


def _cover(book: Book, year: int) -> Iterator[Finding]:
    spending = book.exact("education_expenditure", "all", year)
    stages = item("per_pupil_expenditure").stages
    parts = [_spent(book, stage, year) for stage in stages]
    if spending is None or spending.value <= 0 or None in parts:
        if spending is not None:
            book.leave("J02")
        return
    book.look("J02")
    rule, added = limits()["spending_cover"], sum(parts) / PER_WAN
    share = added / spending.value
    if not rule["at_least"] <= share <= rule["at_most"]:
        what = f"各学段生均经费×学生数合计{plain(added, 1)}万元，{year}年{figure(spending)}"
        bounds = f"前者是后者的{plain(share, 2)}倍，应在{rule['at_least']}至{rule['at_most']}倍之间"
        yield finding("J02", spending, f"{what}，{bounds}。")


def check(book: Book) -> Iterator[Finding]:
    """Name every change and every sum that wants an explanation."""
    yield from _changes(book)
    for year in (book.year.base_year, book.year.data_year):
        yield from _cover(book, year)
