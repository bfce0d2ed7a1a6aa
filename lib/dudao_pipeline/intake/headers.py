"""Headers as people leave them: full-width or not, moved, or nearly right; never guessed twice."""

import difflib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from dudao.base.errors import nearest
from dudao.facts import units
from dudao.facts.sheet_layout import COUNTY
from dudao.law.dates import EvaluationYear
from dudao_pipeline.intake.findings import Finding
from dudao_pipeline.intake.sheet import Sheet, column_letters
from dudao_pipeline.intake.sheet_headers import GUIDE_KEYS, SHEETS, YEAR_COLUMNS

CLOSE = 0.75  # how alike a renamed header must be to be read as the known one
_BLANKS = re.compile(r"\s+")
# Beside a header, not part of it: that it must be filled in, and its number.
_REMARK = re.compile(r"\((?:必填|选填)项?\)|^\*|\*$|^(?:\(\d{1,2}\)|\d{1,2}[.、])(?!\d)")
_CHINESE_YEAR = re.compile("[一二][〇○零九][〇○零一二三四五六七八九]{2}(?=年)")
# 22年 at the beginning or in brackets; 12年一贯制 and 15年以上 count years.
_SHORT_YEAR = re.compile(r"(?<![^(])['‘’]?([12]\d)年(?![级制龄前后内来以一及])")
_CHINESE_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_SCHOOL_YEAR = re.compile(r"((?:19|20)\d\d)(?:年)?[-/—–~至]+(?:(?:19|20)?\d\d)学年度?")
_YEAR_WORDS = re.compile(
    rf"{'|'.join(YEAR_COLUMNS)}|年度|年份|份|年|数据|数值|数|值|实际|预计|[()\[\]:、,]"
)
# Of a bracket that is not closed, and behind a stroke, as databases head their columns.
_UNIT_BEHIND = re.compile(r"[(\[【]([^()\[\]【】]*)(?:[)\]】]|$)$|[,、/:_]([^,、/:_()]{1,6})$")
# What may stand between the name of a quantity and its unit without changing the quantity.
_NEUTRAL = ("", "数", "数量", "总数", "人数", "个数", "资金", "金额")


def plain(text: str) -> str:
    """Return a header without blanks and width: what is compared."""
    return _plain_short(text) if len(text) <= _SHORT else _plain(text)


def _plain(text: str) -> str:
    return _BLANKS.sub("", unicodedata.normalize("NFKC", text))


_SHORT = 40
_plain_short = lru_cache(maxsize=1 << 15)(_plain)


def arabic_years(text: str) -> str:
    """Return a text with its years in full, as 2023年, whether 二〇二三年 or 23年 is written."""
    in_full = _CHINESE_YEAR.sub(lambda year: year[0].translate(_CHINESE_DIGITS), text)
    return _SHORT_YEAR.sub(r"20\1年", in_full)


def _bare(text: str) -> str:
    return _REMARK.sub("", plain(text))


def unit_in(text: str) -> tuple[str, str]:
    """Return the unit that a text ends with in brackets or behind a comma, and the rest."""
    match = _UNIT_BEHIND.search(text)
    for group in match.groups() if match else ():
        if group and units.plain(group.removeprefix("单位:")) in units.table():
            return group.removeprefix("单位:"), text[: match.start()]
    return "", text


def units_of_titles(titles: Iterable[str]) -> set[str]:
    """Return the units that the titles of a table state for it, as in 单位：万元."""
    named = set()
    for text in map(plain, titles):
        if unit := unit_in(text.removesuffix("(虚构)"))[0]:
            named.add(unit)
        for match in re.finditer(r"单位:([^\s,;)]+)", text):
            is_one = match[1] in units.table()
            listed = [match[1]] if is_one else re.split(r"[、,/和]", match[1])
            named |= {word for word in listed if units.plain(word) in units.table()}
    return named


def guide_key(label: str) -> str:
    """Return the key of an entry of the guide sheet by its label, "" for none."""
    bare = _bare(label).removesuffix(":")
    return next((key for text, key in GUIDE_KEYS.items() if plain(text) == bare), "")


def year_header(text: str) -> tuple[str, int] | None:
    """Read a header that is nothing but a year: its column ("" if unnamed), its year (0 if none).

    2023年（数据年） is both, 数据年 the first, 2023年 the second; 2023年增长率 is neither.
    """
    bare = _SCHOOL_YEAR.sub(r"\1年", arabic_years(plain(text)))
    named = [column for column in YEAR_COLUMNS if column in bare]
    years = _YEAR.findall(bare)
    if _YEAR_WORDS.sub("", _YEAR.sub("", bare)) or len(named) > 1 or len(years) > 1:
        return None
    if not named and not years:
        return None
    return (named[0] if named else ""), (int(years[0]) if years else 0)


def column_of(name: str, text: str) -> str:
    """Return the column of a sheet that a header names, "" for none.

    A year without a word stands for the data year here: which year it is, only `match` can say.
    """
    bare = _bare(text)
    for column in SHEETS[name].columns if name in SHEETS else ():
        if bare == plain(column):
            return column
    header = year_header(text) if name == COUNTY else None
    return (header[0] or YEAR_COLUMNS[1]) if header else ""


@dataclass
class Matching:
    """The headers of one sheet: what each is read as, and what has been found."""

    sheet: Sheet
    names: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def header(self) -> tuple[str, ...]:
        """Return the header with the names of the template where they are known."""
        return tuple(self.names.get(text, text) for text in self.sheet.header)

    @property
    def free(self) -> list[str]:
        """Return the headers that are nothing known yet."""
        return [text for text in self.sheet.header if text and text not in self.names]

    @property
    def lacking(self) -> list[str]:
        """Return the required columns that no header is."""
        required = SHEETS[self.sheet.name].required
        return [column for column in required if column not in self.names.values()]

    def tell(self, name: str, /, **words: object) -> None:
        """Record a finding at the sheet."""
        self.findings.append(self.sheet.finding(name, **words))


def _match_exactly(matching: Matching) -> None:
    """Take the headers that differ from a known one only in width, blanks or sign of the unit."""
    columns = {plain(column): column for column in SHEETS[matching.sheet.name].columns}
    for text in matching.free:
        if column := columns.get(_bare(text), ""):
            matching.names[text] = column


def _match_years(matching: Matching, year: EvaluationYear | None) -> None:
    """Take the headers of years; one that the evaluation year contradicts is an error."""
    years = year.all if year else (0, 0, 0)
    wanted = dict(zip(YEAR_COLUMNS, years, strict=True))
    columns = {number: column for column, number in wanted.items()}
    unnamed = []
    for text in matching.free:
        match year_header(text):
            case None:
                continue
            case ("", number) if year and number in columns:
                unnamed.append((text, columns[number]))
            case ("", _):
                continue
            case (column, number):
                if year and number and number != wanted[column]:
                    words = {"year": year.year, "header": column, "wanted": wanted[column]}
                    matching.tell("header_of_other_year", text=text, **words)
                matching.names[text] = column
    for text, column in unnamed:
        if column in matching.lacking:
            matching.names[text] = column


def _split(text: str) -> tuple[str, str]:
    """Return name and unit of a header, as in 班级（个）."""
    bare = _bare(text)
    if match := re.fullmatch(r"(.*)\((.*)\)", bare):
        return match[1], match[2]
    unit, name = unit_in(bare)
    return name, unit


def _named(name: str, lacking: dict[str, tuple[str, str]]) -> list[str]:
    """Return the columns whose quantity a name says, perhaps with a neutral word behind it.

    Of 在校生（在园幼儿） either word will do.
    """
    short = name.replace("在校学生", "在校生")
    return [
        column
        for column, (candidate, _) in lacking.items()
        if any(
            short.startswith(word) and short.removeprefix(word) in _NEUTRAL
            for word in (candidate, *re.findall(r"[^()]+", candidate))
        )
    ]


def _match_units(matching: Matching) -> None:
    """Take headers of quantities that say the same; another unit than the column's is an error."""
    lacking = {column: _split(column) for column in matching.lacking if _split(column)[1]}
    for text in matching.free:
        name, unit = plain(text), ""
        columns = _named(name, lacking)
        if not columns:
            name, unit = _split(text)
            columns = _named(name, lacking)
        if len(columns) != 1 or columns[0] in matching.names.values():
            continue
        column = columns[0]
        wanted = lacking[column][1]
        read_as = {"text": text, "header": column}
        if unit and units.factor(unit, wanted) != 1:
            matching.tell("header_in_other_unit", unit=unit, wanted=wanted, **read_as)
        elif unit and name != lacking[column][0]:  # else the same in other signs: 平方米 for ㎡
            matching.tell("header_read_as", **read_as)
        elif not unit:
            is_count = wanted in ("人", "个")
            kind = "header_of_counts" if is_count else "header_without_unit"
            matching.tell(kind, wanted=wanted, **read_as)
        matching.names[text] = column


def _match_closely(matching: Matching) -> None:
    """Take headers of words where one and only one known column is nearly the same."""
    lacking = [column for column in matching.lacking if not _split(column)[1]]
    matched: dict[str, str] = {}
    for text in matching.free:
        if _split(text)[1]:
            continue
        matches = difflib.get_close_matches(plain(text), map(plain, lacking), 2, CLOSE)
        if len(matches) == 1:
            matched[text] = next(c for c in lacking if plain(c) == matches[0])
    for text, column in matched.items():
        if list(matched.values()).count(column) == 1:
            matching.names[text] = column
            matching.tell("header_read_as", text=text, header=column)


def _name_missing(matching: Matching) -> None:
    """Name the columns that are missing, and those that stand twice."""
    free = matching.free
    for column in matching.lacking:
        matching.tell("header_missing", header=column, hint=nearest(column, free))
    columns, declared = matching.header, SHEETS[matching.sheet.name].columns
    for column in sorted({c for c in columns if c in declared and columns.count(c) > 1}):
        matching.tell("header_twice", header=column)


def match(sheet: Sheet, year: EvaluationYear | None = None) -> Matching:
    """Say what each header of a sheet is read as; findings name what was read so, and what lacks.

    year: the evaluation year that headers with a year must agree with.
    """
    matching = Matching(sheet)
    if sheet.name in SHEETS:
        _match_exactly(matching)
        if sheet.name == COUNTY:
            _match_years(matching, year)
        _match_units(matching)
        _match_closely(matching)
        _name_missing(matching)
    return matching


def unread(matching: Matching, rows: Iterable[dict[str, str]]) -> list[Finding]:
    """Name the columns that hold something and are not read, once for the sheet."""
    sheet, lines = matching.sheet, list(rows) if matching.sheet.name in SHEETS else []
    filled = [text for text in dict.fromkeys(matching.free) if any(x.get(text) for x in lines)]
    if not filled:
        return []
    shown = [f"“{text}”（{column_letters(sheet.header.index(text) + 1)}列）" for text in filled]
    return [sheet.finding("headers_unknown", listed="、".join(shown))]
