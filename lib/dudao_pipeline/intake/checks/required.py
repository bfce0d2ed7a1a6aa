"""Stage Q: how much is still missing for each point that figures decide."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from types import SimpleNamespace

from dudao.base.errors import LawError
from dudao.facts.cells import MISSING
from dudao.facts.items import TIERS, Item, describe, item, items
from dudao.facts.layout import COUNTY, KINDERGARTENS, SCHOOLS, number_columns
from dudao.law import Point, Threshold, framework_for, law_for
from dudao_pipeline.intake.checks.common import Book, found, limits
from dudao_pipeline.intake.findings import Finding

SCHOOL_STAGES = ("primary", "junior")  # what the rows of compulsory schools are about
TWO_YEARS = ("growth", "reduction", "share_change")  # formulas that need the base year too
NAMED = 5  # as many missing inputs are named; a longer list is read by nobody


def _codes(entry: Item) -> list[str]:
    """Return the base items behind an item."""
    if entry.formula == "tier_share":
        programme = entry.inputs.split()[0]
        return [f"{programme}_{tier}" for tier in TIERS]
    if entry.formula == "local_share":
        return [f"{entry.inputs}_{tier}" for tier in ("provincial", "county")]
    if not entry.is_derived:
        return [entry.item]
    return [code for code in entry.inputs.split() if code in items()]


def _county_inputs(book: Book, rule: Threshold) -> Iterator[tuple[str, str, int]]:
    """Yield item, stage and year of what a rule compares."""
    yield from _inputs_of(book, item(rule.item), rule.stage)


def _inputs_of(book: Book, entry: Item, stage: str) -> Iterator[tuple[str, str, int]]:
    year = book.year
    stages = SCHOOL_STAGES if entry.formula == "share_of_stages" else (stage,)
    for code, own in product(_codes(entry), stages):
        if entry.is_derived and item(code).is_derived:
            yield from _inputs_of(book, item(code), own)
            continue
        of_progress = code in limits()["reported_for_progress_year"]["items"]
        if entry.formula in TWO_YEARS:
            yield code, own, year.base_year
        yield code, own, year.progress_year if of_progress else year.data_year


def _lacking(book: Book, key: tuple) -> tuple[str, object] | None:
    code, stage, year = key
    row = book.county.get(key)
    if row is not None and row.status != MISSING:
        return None
    return f"{year}年{describe(code, stage)}", row


def _school_inputs(book: Book, stages: set[str]) -> Iterator[tuple[str, object, bool]]:
    """Yield name, place and whether it is missing, for every school column a stage needs."""
    for stage in sorted(stages):
        sheet = KINDERGARTENS if stage == "preschool" else SCHOOLS
        for code in number_columns(sheet).values():
            if stage not in item(code).stages:
                continue
            rows = book.schools.get((sheet, code, stage), [])
            empty = [row for row in rows if row.status == MISSING]
            count = f"（{len(empty)}行未填）" if empty else "（未填）"
            place = empty[0] if empty else None
            every = "各园" if sheet == KINDERGARTENS else "各校"
            yield f"{every}{describe(code, stage)}{count}", place, bool(empty) or not rows


def _point(book: Book, title: str, rules: list[Threshold]) -> Iterator[Finding]:
    keys = dict.fromkeys(key for rule in rules for key in _county_inputs(book, rule))
    by_school = {
        stage
        for rule in rules
        if item(rule.item).formula == "school"
        for stage in (SCHOOL_STAGES if rule.stage == "compulsory" else (rule.stage,))
    }
    schools = list(_school_inputs(book, by_school))
    lacking = [gap for key in keys if (gap := _lacking(book, key))]
    lacking += [(name, place) for name, place, is_missing in schools if is_missing]
    if not lacking:
        return
    names = "、".join(name for name, _ in lacking[:NAMED])
    more = "等" if len(lacking) > NAMED else ""
    count = f"需要{len(keys) + len(schools)}项数据，缺{len(lacking)}项"
    nowhere = SimpleNamespace(file=book.tables.file, sheet=COUNTY, cell="")
    place = next((place for _, place in lacking if place is not None), nowhere)
    yield found("Q01", place, f"要点{title}{count}：{names}{more}。")


def _in_force(book: Book, point: Point) -> list[Threshold]:
    rules = law_for(book.tables.area).of_points([point])
    return [
        rule
        for rule in rules
        if rule.item in items() and rule.in_force(book.year.law_date(rule.date_rule))
    ]


def check(book: Book) -> Iterator[Finding]:
    """Say for each point with thresholds how many of its inputs are missing."""
    try:
        points = framework_for(book.year.year, book.tables.area).points
    except LawError:
        return
    for point in points:
        if rules := _in_force(book, point):
            yield from _point(book, f"{point.id}“{point.title}”", rules)
