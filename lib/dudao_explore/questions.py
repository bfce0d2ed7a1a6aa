"""Questions an analyst asks of one or several counties; the answers are frames in Chinese."""

import math
import re
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import pandas as pd

from dudao.base import reference
from dudao.base.errors import ParameterError, nearest
from dudao.base.rounding import fixed, plain, round_half_up, without_noise
from dudao.base.short_lists import name_first
from dudao.case import Case, case_of, open_case
from dudao.comparison.peers.ranks import DECIMALS
from dudao.comparison.peers.ranks_store import summary
from dudao.comparison.peers.standing import HIGHER, LOWER, Standing, directions, standings
from dudao.comparison.year_on_year import changes
from dudao.facts import county_names, store
from dudao.facts.cells import MISSING, REPORTED, qualified
from dudao.facts.items import STAGES, describe, item, items
from dudao.indicators.measure import Measure
from dudao.judging.results import NOT_MET, REFERENCE, Verdict
from dudao.judging.shortfall_list import problems, relative_shortfall
from dudao.law.rules_check import LAW_STATUS, VETO
from dudao.law.thresholds import Threshold
from dudao.law.topics import OVERVIEW
from dudao.show.peers import DIRECTIONS
from dudao.show.report import formula_in_words
from dudao.show.results_cell import limit_of
from dudao.show.supply_tables import to_supply
from dudao.show.words import BASES, CHANGES, OPERATORS, RESULTS, STATUSES, reported_text

_SAME = {
    "生师比": ("生师比", "与教职工之比", "与专任教师之比"),
    "老师": ("教师",),
    "学生数": ("在校生",),
}
PROVINCE = 2  # digits of a county code that name the province
SHOWN = 12  # labels named to who writes a word that none has
_WORDS = re.compile(r"[\s，,、]+")
T = TypeVar("T")


def counties(word: str = "") -> pd.DataFrame:
    """列出数据库中的县：代码、名称、年度、是否虚构。word 是名称或代码的一部分，不写为全部。

    例：县("安平")。
    """
    rows = []
    for code, year in store.submissions():
        meta = store.meta(code, year)["meta"]
        name = str(meta.get("county_name") or code)
        official = reference.counties().get(code)
        area = official.full_name if official else ""
        if str(word) in f"{code} {name} {area}":
            kind = "虚构" if meta.get("fictional") else "实际"
            rows.append((code, name, area, year, kind))
    frame = pd.DataFrame(rows, columns=["代码", "名称", "所在地", "评价年度", "数据"])
    return frame.set_index("代码")


def open_county(
    county: str | int,
    year: int | str = 0,
    notebook: str = OVERVIEW,
    *,
    version: int = 0,
) -> Case:
    """打开一个县一个评价年度。county 写名称或代码；year 不写为最新一年；notebook 不写为全部要点。

    例：打开("990102", 2024)；打开("虚构县乙")。写错时，会列出最接近的名称和代码。
    报送更正过的，version 写版次，不写为最新一版：打开("990102", 2024, version=1)。
    """
    code = county_names.code_in_store(county, county_names.names())
    years = [other for known_code, other in store.submissions() if known_code == code]
    wanted = max(years) if not year else int(str(year).strip().removesuffix("年"))
    if not version:
        return open_case(code, wanted, notebook)
    return case_of(store.read_version(code, wanted, version), code, wanted, notebook)


def data(case: Case, word: str = "") -> pd.DataFrame:
    """列出县级数据：指标、学段、年度、数值、单位、位置。word 是指标名称的一部分，可写几个词。

    例：数据(县案, "专任教师 小学")。未报和不涉及照样列出，不当作 0。
    """
    table = case.facts.table
    own = table[table["school"] == ""].itertuples()
    rows = [
        (
            describe(row.item, row.stage),
            STAGES[row.stage],
            row.data_year,
            row.value,
            reported_text(row),
            item(row.item).unit,
            f"{row.sheet}!{row.cell}",
        )
        for row in named(own, word, "县级数据", lambda row: _with_stage(row.item, row.stage))
    ]
    columns = ["指标", "学段", "年度", "数值", "填报", "单位", "位置"]
    return pd.DataFrame(rows, columns=columns)


def named(listed: Iterable[T], word: str, what: str, label: Callable[[T], str]) -> list[T]:
    """Return those of a list whose label has every word; refuse words that none has.

    An empty table would read as if there were no such figure. ParameterError names the nearest
    labels, or else the first that there are.
    """
    labelled = [(label(one), one) for one in listed]
    if hits := [one for text, one in labelled if text and _has_words(text, word)]:
        return hits
    distinct = list(dict.fromkeys(filter(None, (text for text, _ in labelled))))
    hint = nearest(word, distinct) or f"。有这些：{name_first(distinct, SHOWN, '个', '；')}"
    raise ParameterError(f"{what}的名称中没有“{word}”{hint}。")


def _with_stage(code: str, stage: str) -> str:
    return f"{describe(code, stage)} {STAGES[stage]}"


def _has_words(text: str, words: str) -> bool:
    """Say whether a text has every word, as it is written or as the dictionary calls it."""
    asked = [word for word in _WORDS.split(words.strip()) if word]
    return all(any(one in text for one in _SAME.get(word, (word,))) for word in asked)


def judgements(case: Case, word: str = "") -> pd.DataFrame:
    """列出各项检查：要点、检查、数值、标准、结果、还差、依据。word 是检查名称的一部分。

    没有这个名称的检查时，按评价要点的名称找：判定(县案, "编制")。
    例：判定(县案, "生师比")；判定(县案).query("结果 == '未达标'")。
    """
    rows = [
        (
            v.points_text,
            v.label,
            v.value_text,
            limit_of(v),
            RESULTS[v.result][0],
            v.gap.text if v.gap else "",
            BASES[v.basis],
            v.citation,
            LAW_STATUS[v.law_status],
        )
        for v in _verdicts_named(case, word)
    ]
    columns = ["要点", "检查", "数值", "标准", "结果", "还差", "凭据", "依据", "依据状态"]
    return pd.DataFrame(rows, columns=columns)


def _verdicts_named(case: Case, word: str) -> list[Verdict]:
    """Return the verdicts that a word names by their label, else by the title of their points."""
    verdicts = case.verdicts()
    if own := [v for v in verdicts if _has_words(_named_check(v), word)]:
        return own
    titles = {point.id: point.title for point in case.framework.points}
    named([*titles.values(), *map(_named_check, verdicts)], word, "评价要点和检查", str)
    return [v for v in verdicts if _has_words(" ".join(titles.get(p, "") for p in v.points), word)]


def _named_check(verdict: Verdict) -> str:
    return f"{verdict.points_text} {verdict.label}"


def points(case: Case, word: str = "") -> pd.DataFrame:
    """列出各评价要点：结果、为什么（哪些检查未达标、差多少）、要补什么。word 是编号或名称的一部分。

    例：要点(县案, "3.2.1")；要点(县案).query("结果 == '待定'")。
    """
    verdicts = case.verdicts()
    rows, every = [], case.judge_points(verdicts)
    for judged in named(every, word, "评价要点", lambda one: f"{one.point.id} {one.point.title}"):
        point = judged.point
        failed = [v for v in verdicts if point.id in v.points and v.effect == NOT_MET]
        why = "；".join(map(_shortfall, sorted(failed, key=_weight))) or judged.note
        if not why and judged.result == NOT_MET:
            why = "本县自评未达标"
        waits = "；".join((*judged.to_supply, *(f"标准：{text}" for text in judged.law)))
        rows.append((point.id, point.title, RESULTS[judged.result][0], why, waits))
    return pd.DataFrame(rows, columns=["要点", "名称", "结果", "为什么", "要补什么"])


def _weight(verdict: Verdict) -> tuple[bool, float]:
    """Return the key that puts failed checks in order: vetoes, then the largest shortfall."""
    short = relative_shortfall(verdict.value, verdict.threshold, verdict.unit)
    return verdict.role != VETO, -(short or 0)


def _shortfall(verdict: Verdict) -> str:
    gap = f"，{verdict.gap.text}" if verdict.gap else ""
    return f"{verdict.label}{verdict.value_text}（标准{limit_of(verdict)}{gap}）"


def first_problems(case: Case, word: str = "") -> pd.DataFrame:
    """列出先改什么：一票否决的在前，再按与标准相差的比例，差得多的在前。word 是名称的一部分。

    例：先改(县案).head(10)。
    """
    verdicts = case.verdicts()
    rows, every = [], list(enumerate(problems(case.judge_points(verdicts), verdicts), 1))
    asked = every and named(every, word, "问题", lambda p: f"{'、'.join(p[1].points)} {p[1].what}")
    for number, problem in asked:
        about, v = "、".join(problem.points), problem.verdict
        shown = (
            (v.value_text, limit_of(v), v.gap.text if v.gap else "") if v else ("本县自评", "", "")
        )
        rows.append((number, problem.what, about, *shown, v.citation if v else ""))
    return pd.DataFrame(rows, columns=["序号", "问题", "要点", "数值", "标准", "还差", "依据"])


def _column_of(case: Case) -> str:
    """Return county and year; the version too where the submission was corrected."""
    year = case.year.year
    name = f"{case.name} {year}年"
    if len(store.versions(case.county, year)) < 2:
        return name
    return f"{name}第{_version(case)}版"


def _version(case: Case) -> int:
    """Return the number of the newest version with the data of a case; 0: none has them."""
    county, year = case.county, case.year.year
    for number in reversed(store.versions(county, year)):
        manifest = store.read_manifest(store.version_path(county, year, number))
        if manifest["digest"] == case.stored.digest:
            return number
    return 0


def compare_counties(*cases: Case, word: str = "", only_different: bool = False) -> pd.DataFrame:
    """并排比较几个县（或同一县的几年、几版）的各项检查：每县两列，数值和结果。

    例：比较县(打开("990101"), 打开("990102"), word="教师")；更正前后：
    比较县(打开("990102", version=1), 打开("990102"), only_different=True)。
    """
    if len(cases) < 2:
        raise ParameterError("请写至少两个县，如 比较县(打开('990101'), 打开('990102'))。")
    columns: dict[str, dict[tuple[str, str], str]] = {}
    order: dict[tuple[str, str], None] = {}
    for case in cases:
        name = _column_of(case)
        values, results = {}, {}
        for v in _verdicts_named(case, word):
            key = (v.label, limit_of(v))
            order.setdefault(key)
            values[key], results[key] = v.value_text, RESULTS[v.result][0]
        columns[name], columns[f"{name}结果"] = values, results
    rows = [(*key, *(column.get(key, "") for column in columns.values())) for key in order]
    if only_different:
        shown = list(columns.values())
        pairs = [(shown[at], shown[at + 1]) for at in range(0, len(shown), 2)]
        rows = [
            row
            for key, row in zip(order, rows, strict=True)
            if len({(values.get(key), results.get(key)) for values, results in pairs}) > 1
        ]
    return pd.DataFrame(rows, columns=["检查", "标准", *columns])


def compare_years(case: Case, word: str = "") -> pd.DataFrame:
    """同一县三年：上一年、评价的一年、下一年进展，各项检查的数值与变化。

    例：比较年(县案, "毛入园率")。
    """
    every = changes(case, case.verdicts())
    rows = [
        (
            one.now.label,
            *(v.value_text if v else "" for v in (one.before, one.now, one.later)),
            CHANGES[one.change][0],
            RESULTS[one.now.result][0],
        )
        for one in named(every, word, "检查", lambda one: _named_check(one.now))
    ]
    years = (f"{year}年" for year in case.year.all)
    return pd.DataFrame(rows, columns=["检查", *years, "变化", "结果"])


def compare_data(case: Case, word: str = "") -> pd.DataFrame:
    """所报的县级数据三年并排：各年填报的数，数据年比基准年增减多少、百分之几。

    例：比较数据(县案, "专任教师")。缺一年的不算增减；以上、余、近一类的约数也不算。
    """
    table = case.facts.table[case.facts.table["school"] == ""]
    years = case.year.all
    groups = dict(list(table.groupby(["item", "stage"], sort=False)))
    rows, reported = [], [key for key in groups if not item(key[0]).is_derived]
    for code, stage in named(reported, word, "所报数据", lambda key: _with_stage(*key)):
        label, listed = describe(code, stage), groups[code, stage]
        cells = {row.data_year: row for row in listed.itertuples()}
        shown = _alike([cells.get(year) for year in years])
        before, now = (_exact(cells.get(year)) for year in years[:2])
        change = now - before
        part = change / abs(before) * 100 if before else math.nan
        rows.append((label, item(code).unit, *shown, without_noise(change), round(part, 2)))
    names = (f"{year}年" for year in years)
    return pd.DataFrame(rows, columns=["指标", "单位", *names, "增减", "增减（%）"])


def _alike(cells: list[Any]) -> list[str]:
    """Return the figures of a row with the same decimals, so that they can be read as one."""
    numbers = [plain(cell.value) for cell in cells if cell is not None and cell.status == REPORTED]
    decimals = max((len(number.partition(".")[2]) for number in numbers), default=0)
    return [
        ""
        if cell is None
        else reported_text(cell)
        if cell.status != REPORTED or cell.qualifier
        else fixed(cell.value, decimals)
        for cell in cells
    ]


def _exact(cell: Any) -> float:
    """Return a figure that is one, not a bound and not lacking; else NaN."""
    is_exact = cell is not None and cell.status == REPORTED and not cell.qualifier
    return cell.value if is_exact else math.nan


def compare_peers(case: Case, word: str = "") -> pd.DataFrame:
    """各项在入库的同类各县中的位置：本县、中位数、优于还是差于中位数、第几位、共几县。

    不分优劣的只说高于还是低于。填报的县太少的项目没有中位数。例：位次(县案, "生师比")。
    """
    rows = []
    for one in named(standings(case), word, "能比较的指标", lambda one: one.label):
        median = one.quartiles.median if one.quartiles else math.nan
        rows.append(
            (
                one.label,
                one.unit,
                DIRECTIONS[one.direction],
                round_half_up(one.value, DECIMALS),
                round_half_up(median, DECIMALS),
                _beside_median(one, median),
                one.all.rank,
                one.all.counties,
            )
        )
    columns = ["指标", "单位", "方向", "本县", "中位数", "与中位数比", "第几位", "共几县"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.astype({"第几位": "Int64"})


def all_counties(case: Case, word: str) -> pd.DataFrame:
    """一项指标在入库的同类各县：数值、标准、结果；好的在前，没有数值的在后。word 是名称的一部分。

    标准按县案所在的省，外省的县只列数值。例：各县(县案, "生师比")。
    """
    table = summary(case.year.year)
    table = table[table["fictional"] == case.is_fictional]
    quantities = dict(list(table.groupby(["item", "stage", "detail"], sort=False)))
    rules = sorted(case.law.thresholds.values(), key=lambda rule: rule.role == REFERENCE)
    better, names, others = directions(rules), county_names.names(), _alike_counties(case)
    rows = []
    for code, stage, detail in named(quantities, word, "能比较的指标", lambda key: describe(*key)):
        label, unit = describe(code, stage, detail), item(code).unit
        rule = next((r for r in rules if (r.item, r.stage) == (code, stage)), None)
        values = quantities[code, stage, detail].set_index("county")["value"].reindex(others)
        is_lower = better.get((code, stage)) == LOWER
        for county, value in values.sort_values(ascending=is_lower, kind="stable").items():
            shown = round_half_up(value, rule.decimals if rule else DECIMALS)
            limit = result = ""
            if math.isnan(value):
                result = "没有数值"
            elif rule and county[:PROVINCE] == case.county[:PROVINCE]:
                measure = Measure(code, stage, case.year.data_year, value, unit, detail=detail)
                verdict = case.verdict_on(measure, rule)
                limit, result = limit_of(verdict), RESULTS[verdict.result][0]
            rows.append((label, names.get(county, county), shown, unit, limit, result, county))
    columns = ["指标", "县", "数值", "单位", "标准", "结果", "代码"]
    return pd.DataFrame(rows, columns=columns)


def _alike_counties(case: Case) -> list[str]:
    """Return the counties that reported for the same year, real or fictional as the case is."""
    of_year = (county for county, year in store.submissions() if year == case.year.year)
    return [
        county
        for county in of_year
        if bool(store.meta(county, case.year.year)["meta"].get("fictional")) is case.is_fictional
    ]


def _beside_median(standing: Standing, median: float) -> str:
    if math.isnan(median):
        return "县数太少"
    gap = without_noise(standing.value - median)
    if gap == 0:
        return "相同"
    if not standing.direction:
        return "高于" if gap > 0 else "低于"
    return "优于" if (gap > 0) == (standing.direction == HIGHER) else "差于"


def missing(case: Case, word: str = "") -> pd.DataFrame:
    """列出缺什么：先是待定的评价要点需要补充的（写明用于哪些要点），再是其他没有填的格。

    各校、各园的空格按列合计，写明几所。不涉及的不算缺。例：缺数据(县案, "教师")。
    """
    wanted = to_supply(case.judge_points(case.verdicts()))
    rows = [(sheet, what, "、".join(points), cell) for (sheet, cell, what), points in wanted]
    listed = {(sheet, cell) for sheet, *_, cell in rows if cell}
    table = case.facts.table
    blank = table[(table["status"] == MISSING) & (table["data_year"] == case.year.data_year)]
    for row in blank[blank["school"] == ""].itertuples():
        if (row.sheet, row.cell) not in listed:
            label = f"{row.data_year}年{describe(row.item, row.stage)}"
            rows.append((row.sheet, label, "", row.cell))
    columns = blank[blank["school"] != ""].groupby(["sheet", "item", "stage"], sort=False)
    for (sheet, code, stage), cells in columns:
        each = "各园" if stage == "preschool" else "各校"
        label = f"{each}{describe(code, stage)}：{len(cells)}所未填"
        rows.append((sheet, label, "", "、".join(cells["cell"])))
    frame = pd.DataFrame(rows, columns=["工作表", "缺什么", "用于待定要点", "单元格"])
    return frame[frame["缺什么"].map(lambda what: _has_words(what, word)).astype(bool)]


def _matching_items(word: str) -> list[str]:
    codes = [code for code, one in items().items() if _has_words(f"{one.label} {code}", word)]
    if not codes:
        labels = {one.label: code for code, one in items().items()}
        raise ParameterError(f"指标字典中没有“{word}”{nearest(word, labels)}。")
    return codes


def sources(case: Case, word: str) -> pd.DataFrame:
    """说明一个数从哪来：单元格、算式、由哪些数算出。word 是指标名称或代码的一部分。

    例：来源(县案, "专任教师学历")；学校的数加上学校名：来源(县案, "教学及辅助用房 虚构第三小学")。
    """
    names = case.facts.school_names()
    wanted = [w for w in _WORDS.split(word.strip()) if w]
    schools = {code for code, name in names.items() if any(w and w in (name, code) for w in wanted)}
    words = " ".join(w for w in wanted if w not in {*schools, *(names[s] for s in schools)})
    rows = []
    for code in _matching_items(words):
        one = item(code)
        facts = case.facts.table.query("item == @code")
        for row in facts.itertuples():
            if (row.school in schools) if schools else row.school == "":
                value = STATUSES[row.status] or qualified(row.value, row.qualifier, one.unit)
                rows.append(
                    (
                        describe(code, row.stage),
                        names.get(row.school, ""),
                        row.data_year,
                        value,
                        "填报",
                        f"{row.sheet}!{row.cell}",
                        row.file,
                    )
                )
        for v in case.verdicts() if one.is_derived else ():
            if v.item == code:
                how = formula_in_words(one, v.stage)
                rows.append((v.label, "", v.data_year, v.value_text, how, "、".join(v.sources), ""))
    columns = ["数", "学校", "年度", "数值", "怎么来的", "单元格", "文件"]
    return pd.DataFrame(rows, columns=columns)


def citations(case: Case, word: str = "") -> pd.DataFrame:
    """说明标准的出处：标准、施行日、数值、文件与条款、状态、最后核对日。word 是标准名称的一部分。

    没有这个名称的标准时，按评价要点的编号和名称、文件与条款找：依据(县案, "编制")。
    例：依据(县案, "生师比")。历次数值都列出，“现行”一列为评价年度所用的一条。
    """
    rows = []
    for rule in _rules(case, word):
        judging = rule.in_year(case.year)
        current = judging.start if judging else None
        for value in rule.values:
            shown = "未查到" if value.value is None else plain(value.value)
            rows.append(
                (
                    rule.label,
                    f"{OPERATORS[rule.compare]}{shown}{rule.unit}",
                    str(value.start),
                    "现行" if value.start == current else "",
                    value.citation,
                    value.reference.url,
                    LAW_STATUS[rule.status],
                    str(rule.checked_on or ""),
                )
            )
    columns = ["标准", "数值", "施行日", "评价年度", "文件与条款", "网址", "状态", "核对日"]
    return pd.DataFrame(rows, columns=columns)


def _rules(case: Case, word: str) -> list[Threshold]:
    """Return the rules that a word names: by label, else by point, else by document.

    ParameterError names the nearest labels: an empty table would read as if there were no law.
    """
    rules = list(case.law.thresholds.values())
    of_points = {
        rule.id: " ".join(
            f"{point.id} {point.title}"
            for point in case.framework.points
            if point.takes(rule.id, rule.topics)
        )
        for rule in rules
    }
    texts: tuple[Callable[[Threshold], str], ...] = (
        lambda rule: f"{rule.label} {rule.id}",
        lambda rule: of_points[rule.id],
        lambda rule: " ".join(value.citation for value in rule.values),
    )
    for text in texts:
        if named := [rule for rule in rules if _has_words(text(rule), word)]:
            return named
    labels = [rule.label for rule in rules]
    raise ParameterError(f"没有哪条标准、要点或文件的名称中有“{word}”{nearest(word, labels)}。")


def whole(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame whose columns of whole numbers say so: 819, not 819.0, and no -0."""
    numbers = frame.select_dtypes("float")
    fitting = [name for name in numbers if (numbers[name].dropna() % 1 == 0).all()]
    return frame.astype(dict.fromkeys(fitting, "Int64"))
