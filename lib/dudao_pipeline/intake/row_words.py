"""Words by which a row of any table says that it holds no data: notes, totals, column numbers."""

from __future__ import annotations

import re
from itertools import pairwise

from dudao.facts import cells, units
from dudao_pipeline.intake import cell_reading
from dudao_pipeline.intake.headers import plain

NOTE = re.compile(
    r"[(（【]?(?:注|附注|说明|填表|填报|制表|审核|复核|负责人|单位负责人|统计负责人|联系|数据来源"
    r"|资料来源|报送日期|填报日期|日期)[^，。]{0,8}[：:.、].*|[※＊*].*|[(（【]?注\d*[.、．].*",
    re.DOTALL,
)
_SUM = re.compile(r".{0,8}(?:合计|总计|小计|共计|平均|平均数|平均值)(?:[（(].*[)）])?[:：]?")
_WHOLE = re.compile(r"(?:全县|全区|全市|计)(?:[（(].*[)）])?[:：]?")
_LEGEND = re.compile(
    r"[甲乙丙丁戊己庚辛]|栏次|栏目|\d{1,3}|L\d{1,3}|[（(]\d{1,3}[)）]|\d{1,3}=.*|—|-"
)
_YEAR = re.compile(r"(?:19|20)\d\d年?")
_MANY = 3  # numbers beside each other that count the columns


def is_sum(text: str) -> bool:
    """Say whether a text names a sum or mean of other rows, wherever it stands."""
    return _SUM.fullmatch(plain(text)) is not None


def is_total(text: str) -> bool:
    """Say whether a row's name is that of a sum of other rows: 合计, 城区小计, 全县."""
    return is_sum(text) or _WHOLE.fullmatch(plain(text)) is not None


def is_legend(texts: list[str]) -> bool:
    """Say whether the texts of a row number the columns: 甲 乙 1 2, or 1 2 3."""
    bare = [plain(text) for text in texts]
    if len(bare) < 2 or not all(_LEGEND.fullmatch(text) for text in bare):
        return False
    ordinals = [int(re.sub(r"\D", "", t)) for t in bare if re.fullmatch(r"\D?\d{1,3}\D?", t)]
    counts = all(b - a == 1 for a, b in pairwise(ordinals))
    return counts and (any(not t.isdigit() for t in bare) or len(ordinals) >= _MANY)


def is_year(text: str) -> bool:
    """Say whether a text is nothing but a year."""
    return _YEAR.fullmatch(plain(text)) is not None


def is_figure(text: str) -> bool:
    """Say whether a text is a number, perhaps with its unit or a qualifier, and no year."""
    parsed = cell_reading.parse(text)
    if parsed is None or parsed.status != cells.REPORTED or is_year(text):
        return False
    rest = re.sub(r"[-+0-9.,\s]|近|不足|约|以上|余|多|以下|左右|万|亿", "", plain(text))
    return not rest or units.plain(rest) in units.table()
