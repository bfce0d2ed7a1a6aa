"""Stage Q: how much is still missing for each point that figures decide."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from types import SimpleNamespace

from dudao.base.errors import LawError
from dudao.base.short_lists import name_first
from dudao.facts.cells import MISSING
from dudao.facts.items import COMPULSORY_STAGES, TIERS, Item, describe, item, items
from dudao.facts.sheet_layout import KINDERGARTENS, SCHOOLS
from dudao.law import EvaluationYear, Point, Threshold, framework_for, law_for
from dudao.law.rules_check import REFERENCE_LINE
from dudao_pipeline.intake.checks.common import Book, finding, limits
from dudao_pipeline.intake.findings import Finding
from dudao_pipeline.intake.sheet_headers import number_columns

TWO_YEARS = ("growth", "reduction", "share_change")  # formulas that need the base year too
# Columns of the school sheets that no rule reads.
RECORDED_ONLY = {
    sheet: frozenset(limits()["recorded_only"][sheet]) for sheet in (SCHOOLS, KINDERGARTENS)
}
NAMED = 5  # as many missing inputs are named in one sentence; every cell stands in the list


@dataclass(frozen=True)
class Gap:
    """One input that is missing: what is said of it in a sentence, and its empty cells.

    cells: name and row of each empty cell; the row is None where the sheet has no such row.
    """

    name: str
    cells: tuple[tuple[str, object], ...]


def _codes(entry: Item) -> list[str]:
    """Return the base items behind an item."""
    if entry.formula == "tier_share":
        programme = entry.inputs.split()[0]
        return [f"{programme}_{tier}" for tier in TIERS]
    if entry.formula == "local_share":
        return [f"{entry.inputs}_{tier}" for tier in ("provincial", "county")]
    if not entry.is_derived:
        return [entry.item]
    if entry.formula == "school":
        return []  # its inputs are columns of the school sheet
    return [code for code in entry.inputs.split() if code in items()]


def _inputs_of(year: EvaluationYear, code: str, stage: str) -> Iterator[tuple[str, str, int]]:
    """Yield item, stage and year of what an item of a stage is computed of."""
    entry = item(code)
    stages = COMPULSORY_STAGES if entry.formula == "share_of_stages" else (stage,)
    for part, at_stages in product(_codes(entry), stages):
        if entry.is_derived and item(part).is_derived:
            yield from _inputs_of(year, part, at_stages)
            continue
        of_progress = part in limits()["reported_for_progress_year"]["items"]
        if entry.formula in TWO_YEARS:
            yield part, at_stages, year.base_year
        yield part, at_stages, year.progress_year if of_progress else year.data_year


def _lacking(book: Book, key: tuple) -> Gap | None:
    code, stage, year = key
    row = book.county.get(key)
    if row is not None and row.status != MISSING:
        return None
    name = f"{year}年{describe(code, stage)}"
    return Gap(name, ((name, row or _nowhere(book, item(code).sheets[0])),))


def _nowhere(book: Book, sheet: str) -> object:
    """Return a row for what the submission has no row of: the sheet is all that is known of it."""
    return SimpleNamespace(file=book.tables.file, sheet=sheet, cell="")


def _school_columns(book: Book, stages: set[str]) -> dict[tuple[str, str, str], list]:
    """Return the facts of every school column that some stages need: by sheet, item and stage."""
    sheets = {stage: KINDERGARTENS if stage == "preschool" else SCHOOLS for stage in sorted(stages)}
    return {
        (sheet, code, stage): book.schools.get((sheet, code, stage), [])
        for stage, sheet in sheets.items()
        for code in school_inputs(sheet, stage)
    }


def _school_gap(book: Book, key: tuple[str, str, str], rows: list) -> Gap | None:
    """Return what is missing of a school column, or None."""
    sheet, code, stage = key
    named = describe(code, stage)
    every = f"{'各园' if sheet == KINDERGARTENS else '各校'}{named}"
    empty = [row for row in rows if row.status == MISSING]
    if empty:
        schools = {row.school: row.name for row in book.attributes}
        cells = tuple((f"{schools.get(row.school, '')}{named}", row) for row in empty)
        return Gap(f"{every}（{len(empty)}行未填）", cells)
    return None if rows else Gap(f"{every}（未填）", ((every, _nowhere(book, sheet)),))


def _needed(book: Book, rules: list[Threshold]) -> tuple[int, list[Gap], dict[tuple, int]]:
    """Return how many inputs some rules compare, those missing, and the cells of each input."""
    keys = dict.fromkeys(
        key for rule in rules for key in _inputs_of(book.year, rule.item, rule.stage)
    )
    by_school = {
        stage
        for rule in rules
        if item(rule.item).formula == "school"
        for stage in (COMPULSORY_STAGES if rule.stage == "compulsory" else (rule.stage,))
    }
    columns = _school_columns(book, by_school)
    gaps = [_lacking(book, key) for key in keys]
    gaps += [_school_gap(book, key, rows) for key, rows in columns.items()]
    cells = dict.fromkeys(keys, 1) | {key: max(len(rows), 1) for key, rows in columns.items()}
    return len(gaps), [gap for gap in gaps if gap], cells


def _summary(point: Point, count: int, gaps: list[Gap], parts: dict[tuple, Finding]) -> Finding:
    """Say of a point how much is missing; the cells are its parts."""
    names = name_first([gap.name for gap in gaps], NAMED)
    what = f"要点{point.id}“{point.title}”需要{count}项数据，缺{len(gaps)}项：{names}。"
    cells = [cell for gap in gaps for cell in gap.cells]
    first = next((row for _, row in cells if row.cell), cells[0][1])
    parts_of = tuple(dict.fromkeys(parts[_key(*cell)] for cell in cells))
    return replace(finding("Q01", first, what), parts=parts_of)


def _key(name: str, row) -> tuple:
    return row.sheet, row.cell, name


def _parts(gaps_of: list[tuple[Point, list[Gap]]]) -> dict[tuple, Finding]:
    """Return one finding per empty cell, which names every point that needs it."""
    points: dict[tuple, list[str]] = {}
    rows = {}
    for point, gaps in gaps_of:
        for gap in gaps:
            for name, row in gap.cells:
                rows[_key(name, row)] = row
                points.setdefault(_key(name, row), []).append(point.id)
    return {
        key: finding("Q01", rows[key], f"{key[2]}未填，要点{'、'.join(dict.fromkeys(ids))}需要。")
        for key, ids in points.items()
    }


def _in_force(area: str, year: EvaluationYear, point: Point) -> list[Threshold]:
    return [
        rule
        for rule in law_for(area).of_points([point])
        if rule.item in items() and rule.in_year(year)
    ]


def _judging(rules: list[Threshold]) -> list[Threshold]:
    """Return the rules without reference lines, which judge nobody."""
    return [rule for rule in rules if rule.role != REFERENCE_LINE]


def school_inputs(sheet: str, stage: str) -> list[str]:
    """Return the number columns of a school sheet that a rule in force reads for a stage."""
    return [
        code
        for code in number_columns(sheet).values()
        if stage in item(code).stages and code not in RECORDED_ONLY[sheet]
    ]


def deciding(area: str, year: EvaluationYear) -> dict[tuple[str, str, int], tuple[Threshold, ...]]:
    """Return what decides any point of the scheme: item, stage and year, each with its rules.

    Not among them are the columns of single schools, see `school_inputs`. LawError without a
    scheme for the area and year.
    """
    read: dict[tuple[str, str, int], dict[str, Threshold]] = {}
    for point in framework_for(year.year, area).points:
        for rule in _judging(_in_force(area, year, point)):
            for key in _inputs_of(year, rule.item, rule.stage):
                read.setdefault(key, {})[rule.id] = rule
    return {key: tuple(rules.values()) for key, rules in read.items()}


def check(book: Book) -> Iterator[Finding]:
    """Say for each point with thresholds how many of its inputs are missing."""
    try:
        points = framework_for(book.year.year, book.tables.area).points
    except LawError:
        return
    needed = [
        (point, rules, *_needed(book, rules))
        for point in points
        if (rules := _in_force(book.tables.area, book.year, point))
    ]
    # A point that everything is there for but inputs of reference lines has nothing to ask for.
    lacking = [
        (point, count, gaps)
        for point, rules, count, gaps, _ in needed
        if gaps and _needed(book, _judging(rules))[1]
    ]
    parts = _parts([(point, gaps) for point, _, gaps in lacking])
    cells = {key: count for *_, inputs in needed for key, count in inputs.items()}
    book.look("Q01", sum(cells.values()))
    for point, count, gaps in lacking:
        yield _summary(point, count, gaps, parts)
