"""Reading one cell: a number of a unit, a year, a month, a serial number, or what is none."""

import math
import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date, timedelta

from dudao.facts import units
from dudao.facts.cells import AFTER, BEFORE, MISSING, NOT_APPLICABLE, REPORTED, day_of, folded
from dudao.facts.plain_text import BLANKS, half_width
from dudao_pipeline.intake.clean_text import visible

NOT_APPLICABLE_WORDS = frozenset({"不涉及", "不适用"})
NULLS = ("null", "NULL", "Null", "None", "N/A", "n/a", "NA")  # of databases
_MISSING = re.compile(
    rf"{'|'.join(NULLS)}|[-—–―─]+|[/\\]+|…+|\.{{3,}}|·"
    r"|[暂尚]?(?:无|没有|缺|(?:无|没有|未|缺|缺少)(?:数据|资料|统计数据|统计|填报|填写|填|上报|提供))"
    r"|待(?:统计|填报|填写|填|补充|补报|补|核实|核|定)|不详|不明|空白?"
)

_SCALES = {"万": 10_000.0, "亿": 100_000_000.0}
_SCALED_UNITS = {("万", "万元"): 1.0, ("亿", "万元"): 10_000.0, ("万", "元"): 10_000.0}
_CELL = re.compile(
    rf"({'|'.join(BEFORE)})?([+-]?[0-9]+(?:\.[0-9]+)?)(%|万|亿)?([^0-9%]*?)({'|'.join(AFTER)})?"
)
_MONTH = re.compile(r"([0-9]{4})\s*(?:[-/.年]\s*([0-9]{1,2})\s*月?|年)")
_YEAR = re.compile(r"([0-9]{4})(?:\.0+)?\s*(?:年|年度)?")
_BUILT = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})(?:[-/.月](?:[0-9]{1,2}日?)?)?")
_SERIAL_DAY = re.compile(r"1905-0[3-9]-[0-9]{2}")  # days 1900 to 2099 of the calendar
_CLOCK = re.compile(r"(?:\s+|T)[0-9]{1,2}[:时][0-9]{1,2}(?:[:分][0-9.]*)?[秒分Z]?$")
_COMPACT_DAY = re.compile(r"((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})")
_NUMBERED_DAY = re.compile(r"[34][0-9]{4}(?:\.[0-9]+)?")  # how a spreadsheet counts days from 1982
FIRST_DAY = date(1899, 12, 30)
# Words for a bound, and the word behind the number that says the same.
_BOUNDS = (
    (
        re.compile(
            r"(?:不超过?|不多于|不高于|不大于|至多|最多|≤)(.*[0-9].*)|(.*[0-9].*)(?:以内|之内)"
        ),
        "以下",
    ),
    (re.compile(r"(?:不少于|不低于|不小于|至少|≥)(.*[0-9].*)"), "以上"),
)
_CURRENCY = re.compile("(?:人民币|[¥￥])")
_QUOTES = "'‘’`\"“”"
_EXPONENT = re.compile(r"([0-9])\.([0-9]+)[Ee]\+?([0-9]+)")
_SERIAL = re.compile(r"[(（\[【第]?([0-9]{1,9})[)）\]】号]?[.、．]?")
_DIGITS = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,9})?")
_CIRCLED = re.compile("[①-⑳㉑-㉟㊱-㊿⑴-⒇⒈-⒛❶-❿]")
_THOUSANDS = re.compile(r"[^0-9]*[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?[^0-9]*")
_GROUPED = re.compile(r"(?<![0-9.,])([0-9]{1,3}(?: [0-9]{3})+)(?! *[0-9])")
LARGEST = 1e15  # no figure of a county has so many digits; a spreadsheet keeps no more either
LONGEST = 15  # digits of the largest number
_SHOWN = 30  # characters of a cell that a message repeats


def is_missing(text: str) -> bool:
    """Say whether a text stands for no figure: —, …, 无, 暂无数据, 待补, 不详."""
    return _MISSING.fullmatch(text) is not None


def month_of(text: str) -> date | None:
    """Read a month or a year as its first day, as in 2024年3月 or 2024年; None if it is none."""
    match = _MONTH.fullmatch(folded(text))
    try:
        return date(int(match[1]), int(match[2] or 1), 1) if match else None
    except ValueError:
        return None


def day_text(text: str, first_day: date = FIRST_DAY) -> str:
    """Return a day as 2024-02-02 where a program or a hand wrote it otherwise, and it is sure.

    20240202, 2024-02-02 00:00:00, 2024年2月2号 and 45324; a text as it stands if it is none, or is
    a day or month that every reader of the sheet knows; "" for a dash.
    """
    if not text or day_of(text) or month_of(text):
        return text
    bare = _CLOCK.sub("", folded(text).strip(_QUOTES)).rstrip(".,。、;").replace("号", "日")
    if is_missing(bare):
        return ""
    if day := day_of(_COMPACT_DAY.sub(r"\1-\2-\3", bare)):
        return day.isoformat()
    if _NUMBERED_DAY.fullmatch(bare):
        return (first_day + timedelta(days=int(float(bare)))).isoformat()
    return text


def code_text(text: str) -> str:
    """Return a code without blanks, quotes and what a program made of it as a number, where sure.

    9901 0900 01, '9901090001, 9901090001.0 and 9.901090001E+09; any other text as it stands.
    """
    bare = re.sub(r"\s+", "", half_width(text)).strip(_QUOTES)
    bare = re.sub(r"(?<=[0-9])\.0+$", "", bare)
    match = _EXPONENT.fullmatch(bare)
    if match and len(match[2]) == int(match[3]):
        bare = match[1] + match[2]
    return bare if bare.isascii() and bare.isalnum() else text


def name_text(text: str) -> str:
    """Return a name without the breaks that put it on several lines of its cell."""
    return re.sub(r"\s*\n\s*", "", text)


def year_of(text: str) -> int | None:
    """Read a year, as in 2023, 2023年 or 2023年度; None if it is none."""
    match = _YEAR.fullmatch(_unquoted(folded(text)))
    return int(match[1]) if match else None


def built_of(text: str) -> int | None:
    """Read the year of a building, as in 2010, 2010年, 2010.9 or 2010年9月; None if it is none."""
    match = _BUILT.fullmatch(folded(text))
    if match and _SERIAL_DAY.fullmatch(text):
        return None  # a year that a format of dates shows as a day
    if match:
        return int(match[1]) if 1 <= int(match[2]) <= 12 else None
    return year_of(text)


def serial_of(text: str) -> int | None:
    """Read a serial number, as in 1, （1）, 1. or ①; None if it is none."""
    if _CIRCLED.fullmatch(text.strip()):
        return int(unicodedata.numeric(text.strip()))
    match = _SERIAL.fullmatch(folded(text))
    return int(match[1]) if match else None


@dataclass(frozen=True)
class Cell:
    """A parsed cell: value (NaN unless reported), status, printed qualifier, and what was read."""

    value: float
    status: str
    qualifier: str = ""
    remark: str = ""


def _is_same(printed: str, stored: str) -> bool:
    """Say whether a unit behind a figure is the stored one in other words, as 名 for 人.

    Units of count are not: 12所 says more than 12 of a column in 个.
    """
    given, wanted = units.plain(printed), units.plain(stored)
    if not given or given == wanted:
        return True
    return units.factor(given, wanted) == 1 and units.table()[given][0] != "count"


def _factor(mark: str, rest: str, unit: str) -> float | None:
    """Return what the written number is multiplied by to be in the unit; None if it cannot be."""
    if mark == "%":
        return 1.0 if unit in ("%", "百分点", "") and not rest else None
    if not mark:
        return 1.0 if not unit or _is_same(rest, unit) else None
    if unit == "万元":
        return _SCALED_UNITS[mark, unit] if rest in ("元", "") else None
    return _SCALES[mark] if rest in ("", unit) and unit != "%" else None


def _ungrouped(text: str) -> str | None:
    """Return a text without thousands marks and blanks; None where they part two numbers.

    A blank or comma is a thousands mark only between groups of three digits.
    """
    spaced = re.sub(f"[{BLANKS}]", " ", text)
    joined = _GROUPED.sub(lambda match: match[1].replace(" ", ""), spaced)
    if re.search(r"[0-9.,]\s+[0-9.,]", joined):
        return None
    plain = re.sub(r"\s+", "", joined)
    if "," in plain:
        return plain.replace(",", "") if _THOUSANDS.fullmatch(plain) else None
    return plain


def _unquoted(text: str) -> str:
    """Return a number without the quote that keeps it a text in a spreadsheet."""
    return text.lstrip(_QUOTES) if text[1:2].isdigit() else text


def has_lost_digits(text: str) -> bool:
    """Say whether a number that a spreadsheet holds has more digits than it keeps, or shows."""
    return (text.isdigit() and len(text) > LONGEST) or _EXPONENT.fullmatch(text) is not None


def shown(text: str) -> str:
    """Return a cell's text as a message repeats it."""
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def odd_signs(text: str) -> list[str]:
    """Return the signs of a text that look like part of a number and are none."""
    return [
        c
        for c in dict.fromkeys(folded(text))
        if not c.isascii() and (unicodedata.category(c) in ("No", "Nd", "Nl", "Cf", "Co", "So"))
    ]


def has_scale(text: str) -> bool:
    """Say whether a number is written with 万 or 亿."""
    return bool(re.search(f"[0-9] *[{''.join(_SCALES)}]", half_width(text)))


def _reported(plain: str, unit: str, written: str) -> Cell | None:
    match = _CELL.fullmatch(plain)
    if match is None:
        return None
    before, number, mark, rest, after = (part or "" for part in match.groups())
    # 1.2万 in a column of 万元 may mean 1.2 or 12000: nobody can know.
    is_ambiguous = mark == "万" and unit == "万元" and not rest
    factor = None if is_ambiguous else _factor(mark, rest, unit)
    if factor is None or odd_signs(rest.replace("㎡", "")):
        return None
    value = round(float(number) * factor, 9)
    if abs(value) >= LARGEST:
        return None
    qualifier = "…".join(filter(None, (before, after))) if before and after else before or after
    is_spaced = re.search(r"[0-9]\s+[0-9]", written) is not None
    converted = f"原填“{written if is_spaced else plain}”" if factor != 1 or is_spaced else ""
    return Cell(value, REPORTED, qualifier, converted)


def in_unit(text: str, unit: str) -> str:
    """Return a number that is written in another unit in the wanted one, "" where it is none."""
    match = re.fullmatch(r"([0-9.,]+)([^0-9.,]+)", re.sub(r"\s", "", folded(visible(text))))
    size = units.factor(match[2], unit) if match and unit else None
    parsed = parse(match[1]) if match and size else None
    return f"{round(parsed.value * size, 6):.15g}{unit}" if parsed and size else ""


def parse(text: str, unit: str = "") -> Cell | None:
    """Read one cell of a unit; None if it cannot be known what is meant.

    Empty, — and 无 are missing; 不涉及 does not apply; full-width digits, thousands separators,
    the unit itself, %, 万 and 亿 are read; a number written in another unit is not.
    """
    if _DIGITS.fullmatch(text):  # nearly every cell: nothing to fold, nothing to convert
        return Cell(float(text), REPORTED)
    written = folded(visible(text))
    plain = _ungrouped(_unquoted(written))
    if plain is None:
        return None
    if not plain:
        return Cell(math.nan, MISSING)
    if is_missing(plain):
        return Cell(math.nan, MISSING, remark=f"原填“{text.strip()}”，按未报处理")
    if plain in NOT_APPLICABLE_WORDS:
        return Cell(math.nan, NOT_APPLICABLE)
    number, wanted = (re.sub("m2|m²|平方米", "㎡", word) for word in (plain, units.plain(unit)))
    number = _CURRENCY.sub("", number, count=1) if "元" in wanted else number
    for bound, behind in _BOUNDS:
        if match := bound.fullmatch(number):
            rest = next(filter(None, match.groups()))
            cell = _reported(f"{rest}{behind}", wanted, written)
            return cell and replace(cell, remark=f"原填“{plain}”")
    return _reported(number, wanted, written)
