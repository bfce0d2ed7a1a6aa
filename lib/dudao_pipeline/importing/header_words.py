"""What a head or a label says: item, stage, year, unit, tier, and what it is only a part of.

The vocabulary is the dictionary's own labels, the given maps (`maps/*.yaml`), the stages and parts
that the reading of reports knows, and the table of units: none of them is written a second time.
"""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from dudao.base.yaml_text import read_own
from dudao.facts import units
from dudao.facts.items import STAGE_CODES, items
from dudao.facts.sheet_layout import COUNTY, KINDERGARTENS, SCHOOLS
from dudao_pipeline.intake.headers import arabic_years, plain, unit_in, units_of_titles
from dudao_pipeline.report_check.rules import words as report_words

FOLDER = Path(__file__).with_name("maps")
EXACT, SYNONYM, CLOSE = 1.0, 0.95, 0.8  # how sure a name is; only what is sure is applied
SURE = 0.9
NAMED_BY = 6  # characters of a name that a title says of its whole table
_YEAR = re.compile(r"((?:19|20)\d\d)(?:[-/—–~至]+(?:19|20)?\d\d)?(?:学年度?|年度|年末|年底|年)?")
# Bullets and the number of a line; a question mark is what an odd blank becomes.
_DAY_OF_WRITING = re.compile(
    r"(?<!截至)(?<!截止)(?<!截止到)(?<!\d)(?:19|20)\d\d(?:年\d{1,2}月\d{1,2}[日号]|[-./]\d{1,2}[-./]\d{1,2}|\d{4})(?!\d)"
)
_NUMBER_OF_PAPER = re.compile(r"[〔\[【(](?:19|20)\d\d[〕\]】)]第?\d+号")
_ORDINAL = re.compile(
    r"^[?*·•●○■□◆◇▲△]*(?:[一二三四五六七八九十]+[、.]|\((?:[一二三四五六七八九十]+|\d{1,2})\)|\d{1,2}[、.](?!\d))?"
)
_NUMBER_OF_TABLE = re.compile(
    r"^\s*(?:附?表\s*\d+(?:[-—–.]\d+)*|[\d一二三四五六七八九十]+(?:[-—–.]\d+)*(?=[、.．:：\s]))[、.．:：\s]*"
)
# Words of a title that say of whom a table is, and that it is one.
_OF_TABLES = re.compile(
    r"各级各类(?:学校)?|各(?:学段|级|类)(?:学校|教育)?|分(?:学段|年度)|历年|基本|统计|情况|一览|汇总|[年末]?表$"
)
# A head above others that only gathers them: it says no kind, part, year or change.
_GATHERS = re.compile(
    r"(?:办学|学校|机构|基本|基础|情况|条件|规模|学生|班级|教师|教职工|师资|队伍|校舍|用房|场地|场馆|设施|设备|装备"
    r"|图书|资源|配置|配备|信息|统计|数据|指标|面积|数量|与|和|及|[、的/()])+"
)
_TOTAL = re.compile(r"(?:合计|总计|小计|共计|计|总数|全部|全[县区])")
# A head above figures that are said beside them to be of this or that.
_VALUE = re.compile(r"(?:指标|填报|填写|统计|报送|实际)?(?:数值|值|数据|数额|数量|数|金额|内容)")
_SEX = re.compile(r"(?:其中[:：]?)?(男|女)(?:生|性|学生|教师|幼儿|童)?")
_RATES = re.compile(
    r"增长|增减|增幅|比上年|同比|占比|比例|比重|比率|%$|率$|差额|增加额|排名|位次|^生均|^每百|^人均|^校均|平均"
)


@dataclass(frozen=True)
class Meaning:
    """What a text says; rest is what nothing known explains."""

    item: str = ""
    stage: str = ""
    year: int = 0
    relative: int | None = None
    unit: str = ""
    tier: str = ""
    programme: str = ""
    attribute: str = ""
    is_personal: bool = False
    is_rate: bool = False
    part: str = ""
    rest: str = ""
    score: float = 0.0
    why: str = ""

    @property
    def about(self) -> str:
        """Return the column, item or programme that is meant."""
        return self.attribute or self.item or self.programme


@cache
def given(name: str) -> dict:
    """Return one of the given maps."""
    return read_own(FOLDER / f"{name}.yaml")


def _heads(kind: str) -> Any:
    """Return the words of heads that are of a kind."""
    return given("表头用语")[kind]


@cache
def attributes(kind: str) -> dict[str, str]:
    """Return column of a school sheet by the heads that offices give it; none of other sheets."""
    lists = {SCHOOLS: "学校名单", KINDERGARTENS: "幼儿园"}
    columns = given(lists[kind])["columns"] if kind in lists else {}
    listed = ((plain(name), column) for column, names in columns.items() for name in names)
    return {key: column for name, column in listed for key in (name, re.sub(r"[()]", "", name))}


@cache
def names(kind: str) -> dict[str, tuple[str, float]]:
    """Return item and score by name, of the items that a sheet reports."""
    names_of_kind: dict[str, tuple[str, float]] = {}
    for code, entry in items().items():
        if kind in entry.sheets and not entry.is_derived:
            for label in {entry.label, entry.label.removeprefix("其中：")}:
                names_of_kind.setdefault(plain(label), (code, EXACT))
    source = {SCHOOLS: "学校办学条件", KINDERGARTENS: "幼儿园", COUNTY: "教育经费"}[kind]
    for code, listed in given(source)["items"].items():
        for name in listed:
            names_of_kind.setdefault(plain(name), (code, SYNONYM))
    return names_of_kind


@cache
def of_budgets(kind: str) -> dict[str, str]:
    """Return tiers, or programmes, by the words that offices use for them."""
    return {plain(w): code for code, listed in given("预算执行")[kind].items() for w in listed}


@cache
def _stage_words() -> list[tuple[str, str]]:
    """Return words and stage code, the longest first."""
    listed = report_words().stages
    pairs = [(w, STAGE_CODES[s]) for s, ws in listed.items() if s in STAGE_CODES for w in ws]
    of_stages = [pair for pair in pairs if pair[0] not in _heads("no_stage")]
    return sorted([*of_stages, ("中职学校", "vocational")], key=lambda pair: -len(pair[0]))


def stage_of_form(text: str) -> str:
    """Return the stage of the statistical form whose code a title prints; "" for none."""
    listed = given("统计表号")["forms"]
    stages = {entry["stage"] for code, entry in listed.items() if code in plain(text)}
    return STAGE_CODES[stages.pop()] if len(stages) == 1 else ""


def stage_of(text: str) -> tuple[str, str]:
    """Return the one stage that a text names, and the text without it; "" for none or several."""
    rest, stages = text, []
    for word, code in _stage_words():
        if word in rest:
            stages.append(code)
            rest = rest.replace(word, "", 1) if len(set(stages)) == 1 else rest
    if len(set(stages)) != 1:
        return "", text
    return stages[0], rest


def is_personal(text: str, *, counts: bool = False) -> bool:
    """Say whether a head announces persons or how to reach them; counts: its column counts."""
    lists = ("contacts",) if counts else ("persons", "contacts")
    return any(word in plain(text) for name in lists for word in given("不读")[name])


def _useless(text: str) -> bool:
    listed = given("不读")["others"].values()
    return any(plain(text) == plain(word) for ws in listed for word in ws)


def unit_of_titles(titles: list[str]) -> str:
    """Return the unit that stands for a whole table: 单位：万元; "" for none or several."""
    named = units_of_titles(titles)
    return named.pop() if len(named) == 1 else ""


def unit_among(titles: list[str], wanted: str) -> str:
    """Return the one unit of a table's titles that becomes a wanted one; "" for none or several."""
    fitting = [unit for unit in units_of_titles(titles) if units.factor(unit, wanted) is not None]
    return fitting[0] if len(fitting) == 1 else ""


def _subject(title: str) -> str:
    """Return what is left of a title without number, years, units, stages and words for a table."""
    bare = _YEAR.sub("", arabic_years(plain(_NUMBER_OF_TABLE.sub("", title))))
    bare = _OF_TABLES.sub("", re.sub(r"\(.*?\)", "", bare))
    return stage_of(bare)[1]


def item_in_titles(titles: list[str]) -> str:
    """Return the item that a title names for its whole table; "" for none or several."""
    item_names, hits = names(COUNTY), set()
    for title in titles:
        text = plain(title)
        if hit := _lookup([_subject(title)], COUNTY):
            hits.add(hit[0])
            continue
        named = [name for name in item_names if len(name) >= NAMED_BY and name in text]
        longest = [n for n in named if not any(n != other and n in other for other in named)]
        hits |= {item_names[name][0] for name in longest}
    return hits.pop() if len(hits) == 1 else ""


_YEAR_OF_FILE = re.compile(
    r"(?<![0-9A-Za-z〔\[【第-])((?:19|20)\d\d)"
    r"(?:[-—–~至](?:(?:19|20)?\d\d学年|(?:19|20)\d\d(?!\d))|年(?!\d{1,2}月\d)|学年|(?![0-9A-Za-z〕\]】级届号年.-]))"
)


def years_of_file(stem: str) -> list[int]:
    """Return the years that the name of a file says its table is of.

    Numbers of papers (〔2019〕15号), of files (2019001), of a class (2019级) and days are none.
    """
    return [int(match[1]) for match in _YEAR_OF_FILE.finditer(plain(stem))]


def years_in(text: str) -> list[int]:
    """Return the years that a text names; a school year counts for the one it begins in.

    The day on which something was filled in or written out, 2024年9月10日 or 20240910, is none; the
    day as of which a table stands is.
    """
    dated = _NUMBER_OF_PAPER.sub("", _DAY_OF_WRITING.sub("", arabic_years(plain(text))))
    return [int(match[1]) for match in _YEAR.finditer(dated)]


def _parted(text: str) -> str:
    """Return the word by which a text names only a part of a whole, as 女 or 一年级; else ""."""
    skipped = {"学段", "资金来源", "城乡"}
    for family in report_words().families:
        if family.name in skipped:
            continue
        for listed in family.words:
            if hit := next((word for word in listed if word in text), ""):
                return hit
    return ""


def read(path: tuple[str, ...], kind: str, *, counts: bool = False) -> Meaning:
    """Read the heads above a column, or the labels before a row, as one statement.

    counts: the column holds small numbers, so that 园长及专任教师 are counted and not named.
    """
    bare_parts = (_ORDINAL.sub("", arabic_years(plain(text))) for text in path)
    parts = [part.removeprefix("其中:") for part in bare_parts]
    meaning, left = Meaning(), []
    if any(is_personal(part, counts=counts) for part in parts):
        return Meaning(is_personal=True, why="个人信息")
    for part in parts:
        if sex := _SEX.fullmatch(part):
            meaning = replace(meaning, part=sex[1])
            continue
        unit, part = unit_in(part)
        if unit:
            meaning = replace(meaning, unit=unit)
        bare = re.sub(r"[()\[\]]", "", part)
        if units.plain(bare) in units.table() and bare not in ("年", "级", "天", "日"):
            meaning = replace(meaning, unit=meaning.unit or bare)
            continue
        if tier := of_budgets("tiers").get(bare):
            meaning = replace(meaning, tier=tier)
            continue
        if _TOTAL.fullmatch(bare) or _VALUE.fullmatch(bare):
            continue
        if kind == COUNTY and len(parts) == 1 and bare in _heads("counts"):
            meaning = replace(meaning, unit=meaning.unit or _heads("counts")[bare])
            continue
        for word, shift in (_heads("relative") | _heads("final")).items():
            if bare in (word, f"{word}数", f"{word}数据"):
                meaning, bare = replace(meaning, relative=shift), ""
        if years := years_in(bare):
            meaning = replace(meaning, year=years[0])
            bare = _YEAR.sub("", bare, count=1)
            bare = "" if bare in (*_heads("final"), *_heads("behind_year")) else bare
        left.append(bare)
    return _named(meaning, [text for text in left if text], kind)


def column_said(text: str, kind: str) -> str:
    """Return the column or item of a sheet that a head names beyond doubt, "" for none."""
    bare = unit_in(_ORDINAL.sub("", plain(text)).removeprefix("其中:"))[1]
    hit = None if bare in attributes(kind) else _lookup([bare], kind)
    return attributes(kind).get(bare) or (hit[0] if hit else "")


def is_value(head: str) -> bool:
    """Say whether a head says no more than that figures stand below it."""
    return _VALUE.fullmatch(re.sub(r"[()\[\]]", "", unit_in(plain(head))[1])) is not None


def _named(meaning: Meaning, left: list[str], kind: str) -> Meaning:
    """Find the item or column that the rest of a statement names."""
    if not left:
        return meaning
    if len(left) > 1 and not _lookup(left, kind):
        left = [*(text for text in left[:-1] if not _GATHERS.fullmatch(text)), left[-1]]
    if len(left) == 1 and left[0] in attributes(kind):
        column = attributes(kind)[left[0]]
        return replace(meaning, attribute=column, score=EXACT, why="与模板的列一致")
    if len(left) == 1 and _useless(left[0]):
        return replace(meaning, rest=left[0], why="序号、地址等，报送表不用")
    is_stage = len(left) == 1 and stage_of(left[0])[0] and not stage_of(left[0])[1]
    if not (is_stage and kind == COUNTY) and (hit := _lookup(left, kind)):
        code, score = hit
        return _with_item(meaning, code, score)
    stages, rest = [], []
    for text in left:
        stage, other = stage_of(text)
        stages += [stage] if stage else []
        rest += [other] if other else []
    if len(set(stages)) == 1:
        meaning = replace(meaning, stage=stages[0])
    elif stages:
        return replace(meaning, rest="".join(left), why="写了几个学段，无法归入一个")
    if meaning.stage == "all" and any(word in text for text in left for word in _heads("narrower")):
        why = "中学是初中和高中合计等，不是一个学段，也不是全县"
        return replace(meaning, stage="", rest="".join(left), why=why)
    rest = [text.removesuffix("学校") if text != "学校" else text for text in rest]
    rest = [text for text in rest if text not in ("", "阶段", "教育", "部", "学校部", "段")]
    if not rest:
        return replace(meaning, rest="")
    others = _without_stage(left[0], meaning.stage) if len(left) == 1 and meaning.stage else ()
    hits = (_lookup(texts, kind) for texts in (rest, *([text] for text in others)))
    if hit := next(filter(None, hits), None):
        code, score = hit
        return _with_item(meaning, code, score)
    joined = "".join(rest)
    if any(_RATES.search(text) for text in rest):
        why = "比率、平均数或增减，由程序计算"
        return replace(meaning, is_rate=True, rest=joined, why=why)
    if part := meaning.part or _parted(joined):
        return replace(meaning, part=part, rest=joined, why=f"只是其中一部分（{part}）")
    close = difflib.get_close_matches(joined, names(kind), 1, CLOSE)
    if close:
        ratio = difflib.SequenceMatcher(None, joined, close[0]).ratio()
        code = names(kind)[close[0]][0]
        score = round(min(ratio, SURE - 0.01), 2)
        return replace(meaning, item=code, score=score, rest=joined, why=f"与“{close[0]}”相近")
    return replace(meaning, rest=joined, why="没有相应的指标")


def _without_stage(text: str, stage: str) -> Iterator[str]:
    """Yield a text without one of the words for its stage, and what only leads over from it."""
    for word, code in _stage_words():
        if code == stage and word in text:
            rest = text.replace(word, "", 1)
            yield from dict.fromkeys((rest, re.sub("^(?:阶段|教育)?(?:学校)?", "", rest)))
            yield re.sub("^(?:阶段|教育)", "", rest)


def _with_item(meaning: Meaning, code: str, score: float) -> Meaning:
    why = "与指标名称一致" if score == EXACT else "同义词"
    return replace(meaning, item=code, score=score, why=why)


def _lookup(texts: list[str], kind: str) -> tuple[str, float] | None:
    """Return item and score of texts that together name one and nothing else."""
    item_names = names(kind)
    for joined in dict.fromkeys(("".join(texts), "".join(reversed(texts)))):
        for name in _shapes(joined):
            if name in item_names:
                code, score = item_names[name]
                return code, score if name == joined else min(score, SYNONYM)
    return None


def _shapes(text: str) -> list[str]:
    """Return a name with and without the neutral words that offices put behind it."""
    bare = re.sub(r"[:：,，。]", "", text)
    short = re.sub(r"\(.*?\)", "", bare)
    shapes = [text, bare, short]
    neutral = _heads("neutral")
    shapes += [s.removesuffix(word) for s in (bare, short) for word in neutral if s.endswith(word)]
    return [shape for shape in dict.fromkeys(shapes) if shape]
