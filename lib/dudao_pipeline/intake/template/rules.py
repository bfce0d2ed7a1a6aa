"""What a cell accepts: lists, numbers with their qualifiers, years; each with hint and message."""

from __future__ import annotations

from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from dudao.facts.items import Item

BEFORE, AFTER = ("近", "不足", "约"), ("以上", "余", "多", "以下", "左右")
QUALIFIERS = (*BEFORE, *AFTER)  # as dudao.facts.cells reads them, before or after the number
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


def _number_formula(cell: str, *, signed: bool) -> str:
    """Return a rule that takes numbers, 不涉及, and numbers with qualifiers (a decimal rule
    would refuse the words)."""
    fits = "TRUE" if signed else f"{cell}>=0"
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
    signed = item.unit in SIGNED_UNITS
    least = "" if signed else "数字不小于0。"
    rule = DataValidation(
        type="custom",
        formula1=_number_formula(area.split(":")[0], signed=signed),
        error=f"{NUMBER_MESSAGE}{least}",
    )
    _add(sheet, area, rule, (item.label, f"单位：{item.unit}。{item.definition}。"))


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
