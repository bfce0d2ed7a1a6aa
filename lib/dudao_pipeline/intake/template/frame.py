"""What all sheets share: the county, the year, its scheme, and title, hint and header rows."""

from dataclasses import dataclass
from functools import cached_property

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from dudao.base.rounding import plain
from dudao.facts.items import Item, items, spoken
from dudao.facts.sheet_layout import COUNTY
from dudao.law import Framework, Threshold
from dudao.law.dates import EvaluationYear
from dudao.law.rules_check import OPERATORS
from dudao_pipeline.intake.checks.required import deciding
from dudao_pipeline.intake.sheet_headers import YEAR_COLUMNS
from dudao_pipeline.intake.template import styles

TITLE_ROW, HINT_ROW, HEADER_ROW, FIRST_ROW = 1, 2, 3, 4
OPTIONS = "选项"
MOST_STANDARDS = 3  # named beside a cell; of what many rules rest on, the rest are counted
UNCONFIRMED = "unconfirmed"  # the status of a rule whose document was not read
POINT_COLUMN, CODE_COLUMN = "A", "C"  # of the hidden sheet


@dataclass(frozen=True)
class Frame:
    """One county's workbook of one year, while it is being built."""

    workbook: Workbook
    county: str
    county_name: str
    year: EvaluationYear
    framework: Framework
    area: str = ""
    short: bool = False

    @property
    def footer(self) -> str:
        """Return what stands at the foot of every printed page."""
        return f"{self.county_name}（{self.county}）　{self.year.year}年评价"

    @cached_property
    def years(self) -> dict[str, int]:
        """Return the three year columns with their calendar years."""
        return dict(zip(YEAR_COLUMNS, self.year.all, strict=True))

    @cached_property
    def deciding(self) -> dict[tuple[str, str, int], tuple[Threshold, ...]]:
        """Return the county's cells that a rule in force reads: item, stage, year, with rules."""
        return deciding(self.area or self.county, self.year)

    @cached_property
    def _deciding_items(self) -> frozenset[tuple[str, str]]:
        years = set(self.years.values())
        return frozenset((code, stage) for code, stage, year in self.deciding if year in years)

    def decides(self, code: str, stage: str) -> bool:
        """Say whether a rule in force reads any year of an item and stage."""
        return (code, stage) in self._deciding_items

    def standards(self, code: str, stage: str) -> str:
        """Return the values in force that an item and stage are compared with, one a line."""
        rules = {
            rule.id: rule
            for year in self.years.values()
            for rule in self.deciding.get((code, stage, year), ())
        }
        texts = (self._standard(rule, rule.item == code) for rule in rules.values())
        lines = list(dict.fromkeys(filter(None, texts)))
        more = [f"等{len(lines)}项标准"] if len(lines) > MOST_STANDARDS else []
        return "\n".join(lines[:MOST_STANDARDS] + more)

    def _standard(self, rule: Threshold, is_own: bool) -> str:
        value = rule.at(self.year.law_date(rule.date_rule)).value
        if value is None:
            return ""
        name = "" if is_own else spoken(rule.item, rule.stage)
        unsure = "（依据未经证实）" if rule.status == UNCONFIRMED else ""
        return f"{name}{OPERATORS[rule.compare]}{plain(value)}{rule.unit}{unsure}"

    @property
    def needed(self) -> list[tuple[Item, tuple[str, ...]]]:
        """Return the reported county items that the scheme's points use, with those points."""
        needed = [
            (item, self.framework.points_of(item.topics))
            for item in items().values()
            if COUNTY in item.sheets and not item.is_derived
        ]
        return [(item, points) for item, points in needed if points]


def head(frame: Frame, name: str, texts: tuple[str, str], widths: dict[str, float]) -> Worksheet:
    """Add a sheet with title, hint and header; widths: header text to column width."""
    sheet = frame.workbook.create_sheet(name)
    sheet.sheet_view.showGridLines = False
    for row, text, look in zip(
        (TITLE_ROW, HINT_ROW), texts, (styles.TITLE, styles.HINT), strict=True
    ):
        styles.band(sheet, row, text, look, columns=(1, len(widths)))
    for column, (header, width) in enumerate(widths.items(), start=1):
        styles.dress(sheet.cell(HEADER_ROW, column, header), styles.HEADER)
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.row_dimensions[TITLE_ROW].height = 34
    sheet.row_dimensions[HINT_ROW].height = styles.height(texts[1], sum(widths.values()), 9)
    styles.fit(sheet, HEADER_ROW)
    styles.print_setup(sheet, f"{TITLE_ROW}:{HEADER_ROW}", frame.footer)
    return sheet


def options(frame: Frame) -> None:
    """Add the hidden sheet that the long drop-downs point to."""
    sheet = frame.workbook.create_sheet(OPTIONS)
    sheet.sheet_state = "hidden"
    sheet.append(("评价要点", "要点名称", "指标代码", "指标名称", "单位"))
    for row, point in enumerate(frame.framework.points, start=2):
        sheet.cell(row, 1, point.id)
        sheet.cell(row, 2, point.title)
    for row, (code, item) in enumerate(items().items(), start=2):
        for column, text in enumerate((code, item.label, item.unit), start=3):
            sheet.cell(row, column, text)
    for letter, width in zip("ABCDE", (10, 40, 40, 40, 12), strict=True):
        sheet.column_dimensions[letter].width = width
    styles.protect(sheet, rows_are_open=False)


def option_range(column: str, count: int) -> str:
    """Return a column of the hidden sheet as a drop-down's source."""
    return f"'{OPTIONS}'!${column}$2:${column}${count + 1}"
