"""Words by which a row of any table says that it holds no data: notes, totals, column numbers."""

import re
from itertools import pairwise

from dudao.facts import cells, units
from dudao_pipeline.intake import cell_reading
from dudao_pipeline.intake.headers import arabic_years, plain
from dudao_pipeline.intake.sheet import NUMBER, Raw

NOTE = re.compile(
    r"[(（【]?(?:注|附注|说明|填表|填报|制表|审核|复核|负责人|单位负责人|统计负责人|联系|数据来源"
    r"|资料来源|报送日期|填报日期|日期|备注|校长|盖章|签[字名])[^，。]{0,8}[：:.、].*"
    r"|[※＊*★☆◆◇①-⑳].*|[(（【]?注\d*(?:[.、．].*)?|备注|END|(?:以上|本表|此表|数据截[止至]).*"
    r"|[(（]?(?:本[页表])?以下(?:空白|无正文|无数据)[)）]?|-\s*\d{1,3}\s*-|.{0,6}签[字名]"
    r"|[-—－\s]*第\s*\d+\s*页.*|[-—－\s]*完[-—－\s]*|.{0,15}[(（](?:公章|盖章|签[字名]|章)[)）]"
    r"|20\d\d(?:年\d{1,2}月(?:\d{1,2}日)?|-\d\d-\d\d)|[二三][〇○零一二三四五六七八九]{3}年[一二三四五六七八九十]+月.{0,4}",
    re.DOTALL,
)
# Beside whom a name stands, in a cell of its own, below a table.
SIGNER = re.compile(
    r"(?:填表|制表|填报|审核|复核|经办|统计|联系|(?:单位|统计)?负责)人(?:员)?|(?:填表|填报|报送|制表)(?:日期|时间)|联系电话"
)
_SUM = re.compile(
    r"(?:.{0,8}(?:合计|总计|小计|共计)数?|.{1,7}[乡镇县区市]计|.{0,8}平均[数值]?|(?:全[县区市]|各校|城区|镇区|乡村|小学|初中)?"
    r"(?:累计|汇总|总数|均值|中位数|最[大小高低]值|极差|标准差|差异系数|total|sum|average|mean)"
    r"|共\d+[所园个校人].*)(?:[（(].*[)）])?[:：]?",
    re.IGNORECASE,
)
_WHOLE = re.compile(r"(?:全[县区市](?:小学|初中|学校|幼儿园|中小学)?|计)(?:[（(].*[)）])?[:：]?")
_LEGEND = re.compile(
    r"[甲乙丙丁戊己庚辛]|栏次|栏目|\d{1,3}|L\d{1,3}|[（(]\d{1,3}[)）]|\d{1,3}=.*|—|-"
)
_YEAR = re.compile(r"(?:19|20)\d\d年?")
_MANY = 3  # numbers beside each other that count the columns


def is_note(texts: list[str]) -> bool:
    """Say whether the texts of a row explain or sign a table."""
    return all(map(NOTE.fullmatch, texts)) or any(SIGNER.fullmatch(plain(t)) for t in texts)


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
    return _YEAR.fullmatch(arabic_years(plain(text))) is not None


def is_figure(text: str) -> bool:
    """Say whether a text is a number, perhaps with its unit or a qualifier, and no year."""
    parsed = cell_reading.parse(text) or cell_reading.parse(text, "元")  # 8.14亿元
    if parsed is None or parsed.status != cells.REPORTED or is_year(text):
        return False
    rest = re.sub(r"[-+0-9.,\s]|近|不足|约|以上|余|多|以下|左右|万|亿", "", plain(text))
    return not rest or units.plain(rest) in units.table()


def is_number(raw: Raw) -> bool:
    """Say whether a cell holds a number, or a text that is one."""
    return raw.kind == NUMBER or is_figure(raw.text)
