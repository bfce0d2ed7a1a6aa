"""Stage U: figures in another unit than their column's, told by their order of magnitude.

A wrong unit is off by ten thousand (元 for 万元), a thousand, a hundred (0.351 for 35.1%) or by the
size of a 亩; no county is. What is compared with is national, or of published counties, per head or
per pupil (`data/reference/plausible_levels.csv`); it tells units, it judges nobody.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from statistics import median

from dudao.base import reference
from dudao.base.rounding import plain
from dudao.facts.cells import REPORTED
from dudao.facts.items import describe, item
from dudao.facts.sheet_layout import SCHOOLS
from dudao_pipeline.intake.checks.common import Book, figure, finding, limits
from dudao_pipeline.intake.findings import Finding

PUPILS, ENROLMENT = "pupils", "enrolment"  # what a level is per, besides the figure itself
FEWEST = 3  # schools that make a column


@dataclass(frozen=True)
class PlausibleLevel:
    """The order of magnitude of a quantity, and how many times above and below is possible.

    per: "" the figure itself, "pupils" of the county, "enrolment" of the same school and stage.
    """

    per: str
    level: float
    span: float
    source: str


@cache
def plausible_levels() -> dict[tuple[str, str], PlausibleLevel]:
    """Return by item and stage the level that tells a wrong unit (`plausible_levels.meta.yml`)."""
    rows = reference.table("plausible_levels").fillna("").itertuples()
    return {
        (r.item, r.stage): PlausibleLevel(r.per, float(r.level), float(r.span), r.source_title)
        for r in rows
    }


@dataclass(frozen=True)
class Meant:
    """The unit that a figure seems to be written in, and what it is in the column's unit."""

    unit: str
    value: float

    def text(self, unit: str) -> str:
        """Return what the figure would be, in words."""
        return f"像是以{self.unit}填写的，换算后为{plain(self.value, 2)}{unit}"


def likely_unit(value: float, expected: float, span: float, unit: str) -> Meant | None:
    """Return the unit by which a figure comes nearest to what is expected; None if none does.

    span: how many times above or below what is expected a figure may be.
    """
    slips = limits()["unit_slips"]["units"].get(unit or "none", {})
    near = [
        (abs(math.log(value * factor / expected)), name, value * factor)
        for name, factor in slips.items()
    ]
    if not near:
        return None
    distance, name, converted = min(near)
    return Meant(name, converted) if distance <= math.log(span) else None


def _is_possible(ratio: float, span: float) -> bool:
    return 1 / span <= ratio <= span


def _finding(
    row, named: str, ratio: float, *, level: PlausibleLevel, meant: Meant | None
) -> Finding:
    """Say how far a figure is from its level: an error where only another unit explains it."""
    never = level.span * limits()["unit_slips"]["never"]
    times = plain(ratio, 4 if ratio < 1 else 0)
    what = f"{named}，是可比水平（{level.source}）的{times}倍"
    if meant is None:
        return finding("U03", row, f"{what}。")
    code = "U02" if _is_possible(ratio, never) else "U01"
    return finding(code, row, f"{what}，{meant.text(item(row.item).unit)}。")


def pupils(book: Book, year: int) -> float | None:
    """Return about how many pupils all stages have in a year, for the order of magnitude.

    As reported; where primary or junior pupils are missing, one and a half times the census's
    people of 5 to 14 years (ten ages, and fifteen grades from kindergarten to senior school); None
    where neither is known.
    """
    rows = {stage: book.exact("enrolment", stage, year) for stage in item("enrolment").stages}
    if rows["primary"] is None or rows["junior"] is None:
        people = reference.census(book.tables.county)
        return 1.5 * (people["age_5_9"] + people["age_10_14"]) if people else None
    return sum(row.value for row in rows.values() if row is not None) or None


def expected_of(book: Book, row) -> tuple[float, PlausibleLevel] | None:
    """Return what a county figure would be at its level, or None where nothing is known of it."""
    level = plausible_levels().get((row.item, row.stage))
    if level is None or level.per == ENROLMENT or row.value <= 0:
        return None
    heads = pupils(book, row.data_year) if level.per == PUPILS else 1.0
    return (level.level * heads, level) if heads else None


def unit_meant(book: Book, row) -> Meant | None:
    """Return the unit that a county figure seems to be in, if its own makes it impossible."""
    usual = expected_of(book, row)
    if usual is None:
        return None
    expected, level = usual
    if _is_possible(row.value / expected, level.span):
        return None
    return likely_unit(row.value, expected, level.span, item(row.item).unit)


def differs_by_unit(one: float, other: float, unit: str) -> bool:
    """Say whether two figures of a quantity are as far apart as two units of it."""
    if one <= 0 or other <= 0 or not unit:  # without a unit a hundredfold is no other one
        return False
    rule = limits()["unit_slips"]
    ratio = max(one, other) / min(one, other)
    factors = {max(f, 1 / f) for f in rule["units"].get(unit, {}).values()}
    return any(_is_possible(ratio / factor, rule["tolerance"]) for factor in factors)


def other_unit(one: float, other: float, unit: str) -> str:
    """Return a remark where two figures of the same thing differ as two units do, else ""."""
    if not differs_by_unit(one, other, unit):
        return ""
    return f"，相差约{plain(max(one, other) / min(one, other), 0)}倍，像是两处单位不同"


def _county(book: Book) -> Iterator[Finding]:
    years = (book.year.base_year, book.year.data_year)
    for (code, stage, year), row in book.county.items():
        if row.status != REPORTED or year not in years:
            continue
        other = book.number(code, stage, sum(years) - year)
        if other is not None and differs_by_unit(row.value, other.value, item(code).unit):
            continue  # stage J names the two years beside each other
        usual = expected_of(book, row)
        if usual is None:
            if (code, stage) in plausible_levels() and row.value > 0:
                book.leave("U01")
            continue
        book.look("U01")
        expected, level = usual
        ratio = row.value / expected
        if not _is_possible(ratio, level.span):
            meant = likely_unit(row.value, expected, level.span, item(code).unit)
            yield _finding(row, f"{year}年{figure(row)}", ratio, level=level, meant=meant)


def _pairs(book: Book, code: str, stage: str) -> list[tuple]:
    """Return figure and pupils of every school of a stage that has both."""
    rows = book.schools.get((SCHOOLS, code, stage), [])
    pupils_of = {
        row.school: row.value
        for row in book.schools.get((SCHOOLS, "enrolment", stage), [])
        if row.status == REPORTED and row.value > 0
    }
    return [
        (row, pupils_of[row.school])
        for row in rows
        if row.status == REPORTED and row.value > 0 and row.school in pupils_of
    ]


def _column(book: Book, code: str, stage: str, level: PlausibleLevel) -> Iterator[Finding]:
    """Name a column that is in another unit, or the single schools that are."""
    unit = item(code).unit
    odd = []
    pairs = _pairs(book, code, stage)
    book.look("U01", len(pairs))
    for row, heads in pairs:
        expected = level.level * heads
        if not _is_possible(row.value / expected, level.span):
            meant = likely_unit(row.value, expected, level.span, unit)
            if meant is not None:
                odd.append((row, row.value / expected, meant))
    of_most = len(odd) >= max(FEWEST, 2 * len(pairs) / 3)
    if not of_most:
        for row, ratio, meant in odd:
            named = f"该校{figure(row)}"
            yield finding(
                "U02", row, f"{named}，是可比水平的{plain(ratio, 4)}倍，{meant.text(unit)}。"
            )
        return
    row, _, meant = odd[0]
    added, heads = sum(row.value for row, _ in pairs), sum(heads for _, heads in pairs)
    named = (
        f"“{SCHOOLS}”表{describe(code, stage)}：{len(pairs)}所学校中{len(odd)}所"
        f"像是以{meant.unit}填写，"
        f"合计{plain(added, 2)}{unit}、每生{plain(added / heads, 4)}{unit}"
    )
    whole = likely_unit(added, level.level * heads, level.span, unit) or meant
    yield _finding(row, named, added / (level.level * heads), level=level, meant=whole)


def _schools(book: Book) -> Iterator[Finding]:
    for (code, stage), level in plausible_levels().items():
        if level.per == ENROLMENT:
            yield from _column(book, code, stage, level)


def _usual_share(book: Book, row) -> tuple[float, str] | None:
    """Return what a share is in the other year, in the other stages or in the nation, and which."""
    other_year = book.year.base_year + book.year.data_year - row.data_year
    other = book.number(row.item, row.stage, other_year)
    least = limits()["fraction_for_percent"]["usual_from"]
    if other is not None and other.value >= least:
        return other.value, f"{other_year}年为{plain(other.value)}%"
    others = [
        number.value
        for stage in item(row.item).stages
        if stage != row.stage
        and (number := book.number(row.item, stage, row.data_year)) is not None
    ]
    if others and median(others) >= least:
        return median(others), f"其他学段为{plain(median(others), 2)}%"
    nation = reference.national_rate(row.item, row.stage)
    if not nation.empty and nation.iloc[-1] >= least:
        return float(nation.iloc[-1]), f"全国{nation.index[-1]}年为{plain(nation.iloc[-1])}%"
    usual = limits()["fraction_for_percent"]["items"].get(row.item)
    return (usual, f"通常在{plain(usual)}%左右") if usual else None


def _shares(book: Book) -> Iterator[Finding]:
    """Yield shares written as a fraction: 0.351 where 35.1 is meant."""
    rule = limits()["fraction_for_percent"]
    for row in book.reported:
        if row.school or item(row.item).unit != "%":
            continue
        book.look("U01")
        if not 0 < row.value <= 1:
            continue
        usual = _usual_share(book, row)
        if usual and _is_possible(row.value * 100 / usual[0], rule["span"]):
            meant = Meant("小数", row.value * 100)
            yield finding(
                "U04", row, f"{row.data_year}年{figure(row)}，{usual[1]}，{meant.text('%')}。"
            )


def check(book: Book) -> Iterator[Finding]:
    """Name every figure that its order of magnitude shows to be in another unit."""
    for part in (_county, _schools, _shares):
        yield from part(book)
