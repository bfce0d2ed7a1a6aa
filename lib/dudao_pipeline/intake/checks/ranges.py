"""Stage R: figures that cannot be, each by itself or beside its neighbour in the same row."""

from collections.abc import Iterator

from dudao.base.rounding import plain
from dudao.facts.items import WHOLE_UNITS, item
from dudao_pipeline.intake.checks.common import Book, figure, finding, limits
from dudao_pipeline.intake.findings import Finding

BUILT = "规划建成年份"


def _one(row) -> Iterator[Finding]:
    """Check a figure by its unit; 百分点 is a difference and may be negative."""
    unit = item(row.item).unit
    if unit == "%" and not 0 <= row.value <= 100:
        yield finding("R03", row, f"{figure(row)}，不在0%至100%之间。")
    elif unit not in ("%", "百分点") and row.value < 0:
        yield finding("R01", row, f"{figure(row)}，是负数。")
    elif unit in WHOLE_UNITS and row.value != int(row.value):
        yield finding("R02", row, f"{figure(row)}，不是整数。")
    elif row.item in limits()["hours"]:
        low, high = limits()["hours"][row.item]
        if not low <= row.value <= high:
            yield finding("R08", row, f"{figure(row)}，不在{low}至{high}{unit}之间。")


def _groups(book: Book) -> Iterator[dict]:
    """Yield the figures that belong together: of a school, or of a stage in a year."""
    groups: dict[tuple, dict] = {}
    for row in book.reported:
        key = (row.school, row.stage, row.data_year)
        groups.setdefault(key, {})[row.item] = row
    yield from groups.values()


def _class_size(book: Book, group: dict, kinds: dict) -> Iterator[Finding]:
    pupils, classes = group.get("enrolment"), group.get("classes")
    if pupils is None or classes is None or pupils.value <= 0:
        if pupils is not None and pupils.value > 0:
            book.leave("R04")
        return
    book.look("R04")
    if classes.value == 0:
        yield finding("R09", classes, f"{figure(pupils)}，班级为0。")
    if classes.value <= 0:
        return
    rule, size = limits()["pupils_per_class"], pupils.value / classes.value
    may_be_small = kinds.get((pupils.school, pupils.stage)) in rule["exempt_below"]
    if size > rule["at_most"] or (size < rule["at_least"] and not may_be_small):
        what = f"{figure(pupils)}，{figure(classes)}，平均每班{plain(size, 1)}人"
        bounds = f"不在{rule['at_least']}至{rule['at_most']}人之间"
        yield finding("R04", classes, f"{what}，{bounds}。")


def _nobody_taught(group: dict) -> Iterator[Finding]:
    pupils = group.get("enrolment")
    if pupils is None or pupils.value != 0:
        return
    for code in limits()["teachers_of_pupils"]["items"]:
        if code in group and group[code].value > 0:
            yield finding("R05", pupils, f"{figure(pupils)}，{figure(group[code])}。")
            return


def _built(row, last: int) -> Iterator[Finding]:
    first = limits()["built_from"]["year"]
    if row.built > last:
        yield finding("R06", row, f"规划建成年份{row.built}晚于评价年度{last}。", BUILT)
    elif 0 < row.built < first:
        yield finding("R07", row, f"规划建成年份{row.built}早于{first}年。", BUILT)


def check(book: Book) -> Iterator[Finding]:
    """Name every figure out of the possible."""
    kinds = {(row.school, row.stage): row.kind for row in book.attributes}
    for row in book.reported:
        book.look("R01")
        yield from _one(row)
    for group in _groups(book):
        yield from _class_size(book, group, kinds)
        yield from _nobody_taught(group)
    for row in book.attributes:
        (book.look if row.built else book.leave)("R06")
        yield from _built(row, book.year.year)
