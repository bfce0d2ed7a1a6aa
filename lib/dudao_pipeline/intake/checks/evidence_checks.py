"""Stages E, X and C: the registers of evidence, of exceptions and of printed figures."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from dudao.base.errors import nearest
from dudao.base.rounding import plain, round_half_up
from dudao.facts import printed_formulas, units
from dudao.facts.items import STAGES, items
from dudao.facts.view import Facts
from dudao.law import Framework
from dudao_pipeline.intake.checks.common import URL, Book, finding, limits
from dudao_pipeline.intake.checks.entries import dated, scheme, unknown_point
from dudao_pipeline.intake.findings import Finding

_PATH = re.compile(r"[/\\]|^[A-Za-z]:|^\.\.?$|^~")


def _evidence_row(row, framework: Framework | None, last: int) -> Iterator[Finding]:
    yield from unknown_point("E01", row, framework)
    if not row.title:
        yield finding("E05", row, "未填材料名称。")
    if not URL.fullmatch(row.attachment) and _PATH.search(row.attachment):
        yield finding("E04", row, f"文件“{row.attachment}”带有路径。", "文件")
    years = (limits()["evidence_from"]["year"], last)
    yield from dated(("E02", "E03"), row, "日期", row.date, years=years)


def evidence(book: Book) -> Iterator[Finding]:
    """Name what keeps a piece of evidence from being found."""
    framework, seen = scheme(book), {}
    for row in book.tables.evidence.itertuples(index=False):
        book.look("E01")
        yield from _evidence_row(row, framework, book.year.year + 1)
        first = seen.setdefault((row.point, row.title), row)
        if row.title and first is not row:
            what = f"要点{row.point}下“{row.title}”与{first.sheet}!{first.cell}重名。"
            yield finding("E06", row, what)


def exceptions(book: Book) -> Iterator[Finding]:
    """Name what keeps an exception from being granted."""
    subjects = {book.tables.county, *(row.school for row in book.attributes)}
    for row in book.tables.exceptions.itertuples(index=False):
        book.look("X01")
        if row.school not in subjects:
            hint = nearest(row.school, sorted(subjects)) if row.school else ""
            yield finding("X01", row, f"对象代码“{row.school}”不在学校、幼儿园表中{hint}。")
        if row.item not in items():
            hint = nearest(row.item, items()) if row.item else ""
            yield finding("X02", row, f"指标代码“{row.item}”不在指标字典中{hint}。", "指标代码")
        if not row.reason:
            yield finding("X03", row, "例外未写理由。", "理由")
        if not row.document:
            yield finding("X04", row, "例外未写依据文件。", "依据文件")


def claims(book: Book) -> Iterator[Finding]:
    """Name the printed figures that cannot be told apart or compared."""
    first, last, seen = book.year.base_year, book.year.progress_year + 1, {}
    for row in book.tables.claims.itertuples(index=False):
        book.look("C01")
        twin = seen.setdefault(row.number, row)
        if row.number and twin is not row:
            yield finding("C01", row, f"序号{row.number}与{twin.sheet}!{twin.cell}重复。", "序号")
        if row.data_year and not first <= row.data_year <= last:
            what = f"“{row.name}”的年份{row.data_year}不在{first}至{last}年之间。"
            yield finding("C02", row, what, "年份")
        entry = items().get(row.item)
        if entry and row.stage not in entry.stages:
            allowed = "、".join(STAGES[stage] for stage in entry.stages)
            what = f"“{entry.label}”没有{STAGES[row.stage]}的数，只有：{allowed}。"
            yield finding("C03", row, what, "学段")
        if entry and units.factor(row.unit, entry.unit) is None:
            what = f"单位“{row.unit}”不能换算为“{entry.unit}”，这个数不参加核对。"
            yield finding("C04", row, what, "单位")


def formulas(book: Book) -> Iterator[Finding]:
    """Name each 算式 that cannot be read, and each figure that does not follow from its own."""
    rows = list(book.tables.claims.itertuples(index=False))
    stated = Facts(book.tables.facts, book.tables.claims, book.year).claims
    by_number = {claim.number: claim for claim in stated}
    for row, claim in zip(rows, stated, strict=True):
        if not claim.formula:
            continue
        book.look("C06")
        try:
            result = printed_formulas.evaluate(claim, by_number)
        except printed_formulas.FormulaError as error:
            yield finding("C06", row, f"第{claim.number}项：{error}。", "算式")
            continue
        exact = claim.is_comparable and not claim.qualifier and not math.isnan(result.value)
        if exact and not printed_formulas.follows(claim, result):
            value = f"{plain(round_half_up(result.value, max(claim.decimals, 2)))}{claim.unit}"
            what = (
                f"“{claim.name}”印为{claim.printed}{claim.unit}，按算式{claim.formula}应为{value}。"
            )
            yield finding("C07", row, what, "算式")


def check(book: Book) -> Iterator[Finding]:
    """Name what is wrong in the three registers."""
    for part in (evidence, exceptions, claims, formulas):
        yield from part(book)
