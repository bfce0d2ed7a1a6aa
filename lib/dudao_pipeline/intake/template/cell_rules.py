"""What a cell accepts: lists, numbers with their qualifiers, years; each with hint and message."""

from dataclasses import dataclass
from string import ascii_uppercase

from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from dudao.base.rounding import plain
from dudao.facts.cells import AFTER, BEFORE
from dudao.facts.items import Item


@dataclass(frozen=True)
class Last:
    """Last year's figure, and between what this year's usually lies."""

    value: float
    low: float
    high: float


IMPROBABLE = "FFFFB56B"  # the shade of a figure far from last year's
QUALIFIERS = (*BEFORE, *AFTER)  # before or after the number
SIGNED_UNITS = frozenset({"百分点"})
TITLE_LIMIT, PROMPT_LIMIT = 32, 255  # of the file format
NUMBER_MESSAGE = (
    "请填数字，不带单位。没有数据请留空，确实没有请填“不涉及”，带限定词的照填，如：90以上。"
)


def _stripped(cell: str) -> str:
    text = cell
    for word in QUALIFIERS:
        text = f'SUBSTITUTE({text},"{word}","")'
    return text


def _number_formula(cell: str, fits: str) -> str:
    """Return a rule that takes numbers that fit, 不涉及, and numbers with qualifiers.

    A decimal rule would refuse the words.
    """
    return f'IF(ISNUMBER({cell}),{fits},OR({cell}="不涉及",ISNUMBER(VALUE({_stripped(cell)}))))'


def _add(sheet: Worksheet, area: str, rule: DataValidation, prompt: tuple[str, str]) -> None:
    title, text = prompt
    rule.errorStyle, rule.allow_blank = "stop", True
    rule.showErrorMessage, rule.showInputMessage = True, bool(text)
    rule.errorTitle = rule.errorTitle or "填写有误"
    if text:
        rule.promptTitle, rule.prompt = title[:TITLE_LIMIT], text[:PROMPT_LIMIT]
    rule.add(area)
    sheet.add_data_validation(rule)


def number(sheet: Worksheet, area: str, item: Item) -> None:
    """Accept a number of an item: not negative unless it is a difference."""
    signed, cell = item.unit in SIGNED_UNITS, area.split(":")[0]
    least = "" if signed else "数字不小于0。"
    rule = DataValidation(
        type="custom",
        formula1=_number_formula(cell, "TRUE" if signed else f"{cell}>=0"),
        error=f"{NUMBER_MESSAGE}{least}",
    )
    _add(sheet, area, rule, (item.label, f"单位：{item.unit}。{item.definition}。"))


def number_after(sheet: Worksheet, area: str, item: Item, last: Last) -> None:
    """Accept a number of an item, and ask again where it is improbable after last year's.

    It is a hint, no wall: the county may keep what it typed. A cell has one rule, so what is no
    number is asked about in the same way; reading the workbook refuses it.
    """
    low, high = (f"{bound:.7g}" for bound in (last.low, last.high))
    cell = area.split(":")[0]
    usual = f"上年{plain(last.value)}，通常在{plain(last.low, 2)}至{plain(last.high, 2)}之间"
    rule = DataValidation(
        type="custom",
        formula1=_number_formula(cell, f"AND({cell}>={low},{cell}<={high})"),
        error=f"{usual}（{item.unit}）。请核对单位和数字；确实如此请继续，并在备注写明原因。",
        errorTitle="与上年相差较大，或不是数字",
    )
    _add(sheet, area, rule, (item.label, f"单位：{item.unit}。{usual}。{item.definition}。"))
    rule.errorStyle = "warning"


def shaded_after(sheet: Worksheet, area: str, last: Last) -> None:
    """Shade a figure that is improbable after last year's, pasted ones too."""
    cell = area.split(":")[0]
    low, high = (f"{bound:.7g}" for bound in (last.low, last.high))
    _shade(sheet, area, f"AND(ISNUMBER({cell}),OR({cell}<{low},{cell}>{high}))")


def shaded_beyond(sheet: Worksheet, area: str, key: list[str], bounds: tuple[str, int]) -> None:
    """Shade the figures of a column that lie beyond their row's bounds on another sheet.

    key: the columns that name a row, as the first column of the other sheet joins them by |.
    bounds: that sheet, and the column there of the lower bound; the upper stands beside it.
    """
    title, at = bounds
    cell = area.split(":")[0]
    row = cell.lstrip(ascii_uppercase)
    name = '&"|"&'.join(f"${column}{row}" for column in key)
    low, high = (
        f"VLOOKUP({name}&\"\",'{title}'!$A:${get_column_letter(n)},{n},FALSE)" for n in (at, at + 1)
    )
    beyond = f"AND(ISNUMBER({cell}),OR({cell}<{low},{cell}>{high}))"
    _shade(sheet, area, f"IFERROR({beyond},FALSE)")


def _shade(sheet: Worksheet, area: str, formula: str) -> None:
    shade = PatternFill("solid", bgColor=IMPROBABLE)
    sheet.conditional_formatting.add(area, FormulaRule(formula=[formula], fill=shade))


def without(sheet: Worksheet, area: str) -> None:
    """Take the rule of exactly an area away."""
    rules = sheet.data_validations
    rules.dataValidation = [r for r in rules.dataValidation if str(r.sqref) != area]


def choice(sheet: Worksheet, area: str, source: str, prompt: str = "") -> None:
    """Accept one word of a list, given as `"甲,乙"` or as a range of another sheet."""
    rule = DataValidation(
        type="list", formula1=source, error="请从下拉表中选择，不要自行输入其他内容。"
    )
    _add(sheet, area, rule, ("请选择", prompt))


def whole(sheet: Worksheet, area: str, limits: tuple[int, int], prompt: str = "") -> None:
    """Accept a whole number between two limits."""
    low, high = limits
    rule = DataValidation(
        type="whole",
        operator="between",
        formula1=str(low),
        formula2=str(high),
        error=f"请填{low}至{high}之间的整数；不清楚的请留空。",
    )
    _add(sheet, area, rule, ("整数", prompt))


def hint(sheet: Worksheet, area: str, title: str, text: str) -> None:
    """Accept anything, and say what is meant."""
    _add(sheet, area, DataValidation(), (title, text))


def words(*choices: str) -> str:
    """Return a list of words as a drop-down's source."""
    return f'"{",".join(choices)}"'
