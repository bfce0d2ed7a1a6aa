"""Stage I: parts and wholes, within the county's figures and against the lists of schools."""

from collections.abc import Iterator

from dudao.base.errors import LawError
from dudao.base.rounding import plain
from dudao.facts import consistency
from dudao.facts.consistency import SAME
from dudao.facts.items import COMPULSORY_STAGES, PROGRAMMES, TIERS, item, items
from dudao.facts.sheet_layout import COUNTY, KINDERGARTENS, SCHOOLS
from dudao.law import law_for
from dudao_pipeline.intake.checks.common import Book, figure, finding, limits, placed, total
from dudao_pipeline.intake.checks.plausibility import other_unit
from dudao_pipeline.intake.findings import Finding
from dudao_pipeline.intake.sheet_headers import number_columns


def _identities(book: Book, year: int) -> Iterator[Finding]:
    for one in consistency.compared(consistency.IDENTITIES, book.row, [year]):
        (book.leave if one.outcome == consistency.UNCHECKED else book.look)("I01")
        if one.outcome in (consistency.DISAGREES, consistency.IMPLAUSIBLE):
            of_parts = "、".join(placed(row) for row in one.parts)
            sums = f"{figure(one.whole)}，各项之和{plain(one.value)}（{of_parts}）"
            difference = plain(abs(one.whole.value - one.value))
            slip = other_unit(one.whole.value, one.value, item(one.whole.item).unit)
            what = f"{one.rule['label']}：{year}年{sums}，相差{difference}{slip}"
            what = f"{'。'.join(filter(None, (what, one.reading)))}。"
            yield finding("I01", one.whole, what)


def _not_above() -> Iterator[tuple[str, list[tuple[str, str]], tuple[str, str]]]:
    """Yield the code of the finding, parts and whole wherever the parts cannot exceed the whole."""
    for rule in consistency.rules()[consistency.NOT_ABOVE]:
        yield "I02", [tuple(rule["part"])], tuple(rule["whole"])
    for code, entry in items().items():
        parts, _, whole = entry.inputs.partition(" / ")
        may_exceed = code in limits()["shares_above_whole"]["items"]
        if entry.formula == "share" and not may_exceed:
            for stage in entry.stages:
                yield "I02", [(part, stage) for part in parts.split(" + ")], (whole, stage)
    for rule in limits()["not_above"]["rules"]:
        for stage in item(rule["part"]).stages:
            yield "I06", [(rule["part"], stage)], (rule["whole"], stage)


def _above(book: Book, year: int) -> Iterator[Finding]:
    """Name every whole that its parts exceed, once however many rules say so."""
    seen = set()
    for code, part_keys, whole_key in _not_above():
        parts, whole = [book.exact(*key, year) for key in part_keys], book.exact(*whole_key, year)
        if whole is None or None in parts:
            continue
        book.look("I02")
        pair = whole.cell, parts[0].cell
        if sum(part.value for part in parts) > whole.value + SAME and pair not in seen:
            seen.add(pair)
            together = "与".join(placed(part) for part in parts)
            both = "之和" if len(parts) > 1 else ""
            yield finding(code, parts[0], f"{year}年{together}{both}多于{placed(whole)}。")


def _differs(
    book: Book, code: str, stated, listed: float | None, *, of_what: str
) -> Iterator[Finding]:
    if stated is None or listed is None:
        if stated is not None:
            book.leave("I03")
        return
    book.look("I03")
    if abs(stated.value - listed) <= SAME:
        return
    unit = item(stated.item).unit
    difference = plain(abs(stated.value - listed))
    slip = other_unit(stated.value, listed, unit)
    what = f"全县{figure(stated)}，{of_what}为{plain(listed)}{unit}，相差{difference}{unit}{slip}。"
    yield finding(code, stated, what)


def _sums(book: Book) -> Iterator[Finding]:
    for sheet in (SCHOOLS, KINDERGARTENS):
        for code in number_columns(sheet).values():
            for stage in item(code).stages if COUNTY in item(code).sheets else ():
                rows = book.schools.get((sheet, code, stage), [])
                stated = book.exact(code, stage)
                yield from _differs(
                    book, "I03", stated, total(rows), of_what=f"“{sheet}”表{len(rows)}行之和"
                )


def _kindergartens(book: Book) -> Iterator[Finding]:
    kinds = {row.school: row.kind for row in book.attributes if row.sheet == KINDERGARTENS}
    if not kinds:
        return
    public = sum(kind == "公办" for kind in kinds.values())
    for code, number in (
        ("kindergartens", len(kinds)),
        ("public_kindergartens", public),
        ("private_kindergartens", len(kinds) - public),
    ):
        stated = book.exact(code, "preschool")
        yield from _differs(book, "I04", stated, number, of_what=f"“{KINDERGARTENS}”表所列")
    rows = book.schools.get((KINDERGARTENS, "enrolment", "preschool"), [])
    for code, kind in (("public_enrolment", "公办"), ("inclusive_private_enrolment", "普惠性民办")):
        of_kind = [row for row in rows if kinds.get(row.school) == kind]
        added = total(of_kind) if of_kind else 0.0
        yield from _differs(
            book, "I03", book.exact(code, "preschool"), added, of_what=f"各{kind}园之和"
        )


def _number_of_schools(book: Book) -> Iterator[Finding]:
    """Statistics count kinds, lists count rows: a number between the two is in order."""
    for stage, kinds in limits()["counted_kinds"].items():
        counted_stages = COMPULSORY_STAGES if stage == "compulsory" else (stage,)
        stated = book.exact("schools", stage) if stage in item("schools").stages else None
        listed = [r for r in book.attributes if r.sheet == SCHOOLS and r.stage in counted_stages]
        if stated is None or not listed:
            continue
        book.look("I03")
        low = len({row.school for row in listed if row.kind in kinds})
        high = len({row.school for row in listed})
        if not low <= stated.value <= high:
            count = f"{high}所" if low == high else f"{low}至{high}所（视一贯制学校、教学点计法）"
            yield finding("I04", stated, f"全县{figure(stated)}，“{SCHOOLS}”表所列为{count}。")


def _funds(book: Book) -> Iterator[Finding]:
    for programme, (title, stage) in PROGRAMMES.items():
        years = sorted({year for code, _, year in book.county if code.startswith(programme)})
        for year in years:
            tiers = [book.number(f"{programme}_{tier}", stage, year) for tier in TIERS]
            (book.leave if None in tiers else book.look)("I05")
            if None not in tiers and not any(row.value for row in tiers):
                yield finding("I05", tiers[0], f"{title}{year}年中央、省级、县级资金均为0。")


def _small_limit(book: Book) -> float | None:
    """Return the number of pupils below which a rural school is funded as if it had them."""
    law = law_for(book.tables.area)
    try:
        return law.value("small_school_funded_enrolment", book.year).value
    except LawError:
        return None


def _small_schools(book: Book) -> Iterator[Finding]:
    limit = _small_limit(book)
    declared = book.number("small_school_funded_enrolment", "compulsory")
    if limit is None or (declared and declared.value >= limit):
        return  # the county says that it funds them as the rule wants
    rural = {row.school: row.name for row in book.attributes if row.location == "乡村"}
    pupils: dict[str, list] = {}
    for stage in COMPULSORY_STAGES:
        for row in book.schools.get((SCHOOLS, "enrolment", stage), []):
            pupils.setdefault(row.school, []).append(row)
    for school, rows in pupils.items():
        added = total(rows)
        if school in rural:
            (book.look if added else book.leave)("I07")
        if school in rural and added and added < limit:
            what = f"乡村学校“{rural[school]}”在校生{plain(added)}人，不足{plain(limit)}人"
            yield finding("I07", rows[0], f"{what}，按{plain(limit)}人核定公用经费。")


def check(book: Book) -> Iterator[Finding]:
    """Name every whole that its parts do not make up."""
    for year in book.year.all:
        yield from _identities(book, year)
        yield from _above(book, year)
    for part in (_sums, _kindergartens, _number_of_schools, _funds, _small_schools):
        yield from part(book)
