"""Stages E, X, C and P: the registers; what is asked of each of their rows is in registers.yaml."""

import math
import re
from collections.abc import Iterator

from dudao.base.errors import LawError, nearest
from dudao.base.rounding import plain, round_half_up
from dudao.base.yaml_text import read_own
from dudao.facts import printed_formulas, units
from dudao.facts.cells import day_of
from dudao.facts.items import STAGES, items
from dudao.facts.sheet_layout import RATED_MET, RECTIFIED
from dudao.facts.view import Facts
from dudao.law import Framework, framework_for
from dudao_pipeline.intake.cell_reading import month_of
from dudao_pipeline.intake.checks.common import FOLDER, Book, finding, limits
from dudao_pipeline.intake.findings import Finding
from dudao_pipeline.intake.personal_data import URL
from dudao_pipeline.intake.sheet_headers import header_of

_PATH = re.compile(r"[/\\]|^[A-Za-z]:|^\.\.?$|^~")
_BETWEEN = re.compile("[、；;]")


def scheme(book: Book) -> Framework | None:
    """Return the scheme of the submission's year and area, or None where there is none."""
    try:
        return framework_for(book.year.year, book.tables.area)
    except LawError:
        return None


def named_papers(cell: str, on_file: set[str]) -> list[str]:
    """Return the papers that a cell names: one title, or several set apart by 、 or ；."""
    if not cell or cell in on_file:
        return [cell] if cell else []
    return [title.strip() for title in _BETWEEN.split(cell) if title.strip()]


class _Rules:
    """The rules of registers.yaml, a method for each kind; all are given a row and the rule."""

    def __init__(self, book: Book):
        self.book, self.framework = book, scheme(book)
        points = self.framework.points if self.framework else ()
        self.full_marks = {point.id: point.full_marks for point in points}
        schools = {book.tables.county, *(row.school for row in book.attributes)}
        self.listed_words = {"schools": dict.fromkeys(sorted(schools)), "items": items()}
        self.papers_on_file = set(book.tables.evidence["title"])
        self.points_with_papers = set(book.tables.evidence["point"])
        self.first: dict[tuple, object] = {}
        year = book.year
        self.years = {
            "evidence_from": limits()["evidence_from"]["year"],
            "base_year": year.base_year,
            "next_year": year.year + 1,
            "last_deadline": year.year + limits()["deadline_after"]["years"],
        }

    def check(self, row, rule: dict) -> Iterator[Finding]:
        """Check a row by the method that a rule names first, or that `check` names."""
        kind = next(iter(rule))
        yield from getattr(self, rule[kind] if kind == "check" else kind)(row, rule)

    def tell(self, kind: str, row, rule: dict, **words: str) -> Finding:
        """Return the finding of a rule at the cell of its column."""
        what = rule["what"].format(row=row, **words)
        return finding(rule[kind], row, what, header_of(row.sheet, rule["column"]))

    def point(self, row, rule: dict) -> Iterator[Finding]:
        """Name a point that the scheme does not have, or that was not filled in."""
        if self.framework is not None and row.point not in self.full_marks:
            hint = nearest(row.point, list(self.full_marks)) if row.point else ""
            what = f"评价要点“{row.point}”不在评价方案中{hint}。" if row.point else "未填评价要点。"
            yield finding(rule["point"], row, what, "评价要点")

    def blank(self, row, rule: dict) -> Iterator[Finding]:
        """Name a cell that was not filled in."""
        if not getattr(row, rule["column"]):
            yield self.tell("blank", row, rule)

    def listed(self, row, rule: dict) -> Iterator[Finding]:
        """Name a code that stands nowhere, with the nearest that does."""
        words, value = self.listed_words[rule["among"]], getattr(row, rule["column"])
        if value not in words:
            yield self.tell("listed", row, rule, hint=nearest(value, words) if value else "")

    def twin(self, row, rule: dict) -> Iterator[Finding]:
        """Name a row that says what another has said before it."""
        text, within = getattr(row, rule["column"]), getattr(row, rule.get("within", ""), "")
        first = self.first.setdefault((rule["twin"], within, text), row)
        if text and first is not row:
            yield self.tell("twin", row, rule, first=f"{first.sheet}!{first.cell}")

    def day(self, row, rule: dict) -> Iterator[Finding]:
        """Name a date that is none (first code), or lies outside the years (second code).

        A month or a year without a day is a warning of its own.
        """
        text, column = getattr(row, rule["column"]), header_of(row.sheet, rule["column"])
        first, last = (self.years[name] for name in rule["years"])
        day = day_of(text)
        if text and day is None and (day := month_of(text)):
            yield finding("E08", row, f"{column}“{text}”没有写到日。", column)
        if text and day is None:
            yield finding(rule["day"][0], row, f"“{text}”不是日期。", column)
        elif day and not first <= day.year <= last:
            what = f"{column}{text}不在{first}年至{last}年之间。"
            yield finding(rule["day"][1], row, what, column)

    def path(self, row, _rule: dict) -> Iterator[Finding]:
        """Name a file that is given with its folder."""
        if not URL.fullmatch(row.attachment) and _PATH.search(row.attachment):
            yield finding("E04", row, f"文件“{row.attachment}”带有路径。", "文件")

    def claim(self, row, _rule: dict) -> Iterator[Finding]:
        """Name a printed figure that cannot be compared: by its year, its stage or its unit."""
        first, last = self.years["base_year"], self.book.year.progress_year + 1
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

    def state(self, row, _rule: dict) -> Iterator[Finding]:
        """Name a problem whose state and day contradict each other."""
        if row.state == RECTIFIED and not row.done:
            yield finding("P03", row, "状态为已整改，未填完成日期。", "完成日期")
        if row.state != RECTIFIED and row.done:
            yield finding("P06", row, f"状态为{row.state}，却填了完成日期{row.done}。", "整改状态")

    def papers(self, row, _rule: dict) -> Iterator[Finding]:
        """Name the papers of a problem that are not registered."""
        for title in named_papers(row.paper, self.papers_on_file):
            if title not in self.papers_on_file:
                yield finding("P07", row, f"“{title}”不在佐证材料表中。", "佐证材料")

    def score(self, row, _rule: dict) -> Iterator[Finding]:
        """Name marks that the scheme does not give."""
        if math.isnan(row.score) or row.point not in self.full_marks:
            return
        full, given = self.full_marks[row.point], f"要点{row.point}"
        if not full:
            what = f"{given}填了自评得分{plain(row.score)}分，评价方案对它不计分。"
            yield finding("P10", row, what, "自评得分")
        elif not 0 <= row.score <= full:
            what = f"{given}自评得分{plain(row.score)}分，满分为{plain(full)}分。"
            yield finding("P11", row, what, "自评得分")

    def rating(self, row, _rule: dict) -> Iterator[Finding]:
        """Name a conclusion that no paper bears out."""
        is_met = row.rating == RATED_MET and row.point in self.full_marks
        if is_met and row.point not in self.points_with_papers:
            yield finding("P12", row, f"要点{row.point}自评达标，没有登记佐证材料。", "自评结论")


def formulas(book: Book) -> Iterator[Finding]:
    """Name each 算式 that cannot be read, and each figure that does not follow from its own."""
    rows = book.rows("claims")
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
    """Name what is wrong in the registers, row by row, and in the 算式 of printed figures."""
    rules = _Rules(book)
    for table, asked in read_own(FOLDER / "registers.yaml").items():
        for row in book.rows(table):
            book.look(asked["counted"])
            for rule in asked["rules"]:
                yield from rules.check(row, rule)
        if table == "claims":
            yield from formulas(book)
