"""Questions an analyst asks of one or several counties; the answers are frames in Chinese."""

from __future__ import annotations

import re

import pandas as pd

from dudao import scenarios
from dudao.base import reference
from dudao.base.errors import ParameterError, nearest
from dudao.base.rounding import plain
from dudao.case import Case, case_of, open_case
from dudao.comparison.year_on_year import changes
from dudao.facts import county_names, store
from dudao.facts.items import STAGE_CODES, STAGES, describe, item, items
from dudao.indicators.schools import BALANCED_STAGES, SCHOOL_RESOURCES
from dudao.indicators.stage_schools import ABOVE, BETWEEN, UNKNOWN, StageSchools, stage_schools
from dudao.law.rules_check import LAW_STATUS
from dudao.law.topics import OVERVIEW
from dudao.show.results_cell import limit_of, shown_value
from dudao.show.words import BASES, CHANGES, OPERATORS, RESULTS, STATUSES

_SAME = {"生师比": ("生师比", "与教职工之比", "与专任教师之比")}
_WORDS = re.compile(r"[\s，,、]+")


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
    scenario: str = "",
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
        return open_case(code, wanted, notebook, scenario)
    case = case_of(store.read_version(code, wanted, version), code, wanted, notebook)
    return case.assuming(scenarios.read(scenario)) if scenario else case


def data(case: Case, word: str = "") -> pd.DataFrame:
    """列出县级数据：指标、学段、年度、数值、单位、位置。word 是指标名称的一部分，可写几个词。

    例：数据(县案, "专任教师 小学")。未报和不涉及照样列出，不当作 0。
    """
    table = case.facts.table
    rows = []
    for row in table[table["school"] == ""].itertuples():
        label = describe(row.item, row.stage)
        if not _has_words(f"{label} {STAGES[row.stage]}", word):
            continue
        shown = plain(row.value) if row.status == "reported" else STATUSES.get(row.status, "")
        shown += row.qualifier
        rows.append(
            (
                label,
                STAGES[row.stage],
                row.data_year,
                row.value,
                shown,
                item(row.item).unit,
                f"{row.sheet}!{row.cell}",
            )
        )
    columns = ["指标", "学段", "年度", "数值", "填报", "单位", "位置"]
    return pd.DataFrame(rows, columns=columns)


def _has_words(text: str, words: str) -> bool:
    """Say whether a text has every word; 生师比 is also written 与教职工之比."""
    asked = [word for word in _WORDS.split(words.strip()) if word]
    return all(any(one in text for one in _SAME.get(word, (word,))) for word in asked)


def _stage(stage: str) -> str:
    code = STAGE_CODES.get(stage, stage)
    if code not in BALANCED_STAGES:
        allowed = "、".join(STAGES[one] for one in BALANCED_STAGES)
        raise ParameterError(f"学校表只有这些学段：{allowed}。写的是“{stage}”。")
    return code


def schools_of(case: Case, stage: str) -> StageSchools:
    """Return the schools of a stage beside what the law asks of each."""
    return stage_schools(case.facts, _stage(stage), case.school_rules)


def school_table(case: Case, stage: str = "小学") -> pd.DataFrame:
    """列出一个学段各校：在校生、本校过线至少还需、七项资源的生均（或每百名学生）值、各项达标与否。

    达标与否：√ 达到标准，△ 在下限与标准之间，× 低于下限，？ 缺数据。可以像任何表一样排序和筛选。
    例：学校表(县案, "初中").query("本校 == '未达标'")。
    """
    group = schools_of(case, stage)
    signs = {ABOVE: "√", BETWEEN: "△", UNKNOWN: "？"}
    frame = pd.DataFrame(
        {"学校": [group.names.get(s) or s for s in group.schools.index]}, index=group.schools.index
    )
    frame.index.name = "学校代码"
    frame["类别"], frame["城乡"] = group.schools["kind"], group.schools["location"]
    frame["在校生"] = group.schools["enrolment"]
    frame["本校"] = group.passes.map({1.0: "达标", 0.0: "未达标"}).fillna("缺数据")
    frame["过线至少还需"] = [_needs(row) for _, row in group.to_pass.iterrows()]
    for code in SCHOOL_RESOURCES:
        label = item(code).label
        frame[f"{label}（标准{plain(group.standards.limits[code])}）"] = group.values[code].round(2)
        frame[f"{label}达标"] = group.states[code].map(signs).fillna("×")
    return frame


def _needs(row: pd.Series) -> str:
    if row.isna().any():
        return "缺数据"
    parts = [
        f"{item(code).label}{plain(amount)}{item(code).unit}"
        for code, amount in row.items()
        if amount > 0
    ]
    return "；".join(parts) or "不缺"


def judgements(case: Case, word: str = "") -> pd.DataFrame:
    """列出各项检查：要点、检查、数值、标准、结果、还差、依据。word 是检查名称的一部分。

    例：判定(县案, "生师比")；判定(县案).query("结果 == '未达标'")。
    """
    rows = [
        (
            v.points_text,
            v.label,
            shown_value(v),
            limit_of(v),
            RESULTS[v.result][0],
            v.gap.text if v.gap else "",
            BASES[v.basis],
            v.citation,
            LAW_STATUS[v.law_status],
        )
        for v in case.verdicts()
        if _has_words(f"{v.points_text} {v.label}", word)
    ]
    columns = ["要点", "检查", "数值", "标准", "结果", "还差", "凭据", "依据", "依据状态"]
    return pd.DataFrame(rows, columns=columns)


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
        for v in case.verdicts():
            if _has_words(f"{v.points_text} {v.label}", word):
                key = (v.label, limit_of(v))
                order.setdefault(key)
                values[key], results[key] = shown_value(v), RESULTS[v.result][0]
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
    rows = []
    for change in changes(case, case.verdicts()):
        if _has_words(f"{change.now.points_text} {change.now.label}", word):
            three = (change.before, change.now, change.later)
            rows.append(
                (
                    change.now.label,
                    *(shown_value(v) if v else "" for v in three),
                    CHANGES[change.change][0],
                    RESULTS[change.now.result][0],
                )
            )
    years = (f"{year}年" for year in case.year.all)
    return pd.DataFrame(rows, columns=["检查", *years, "变化", "结果"])


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
        formula = one.formula and f"{_in_words(one.inputs)}"
        facts = case.facts.table.query("item == @code")
        for row in facts.itertuples():
            if (row.school in schools) if schools else row.school == "":
                value = plain(row.value) if row.status == "reported" else STATUSES[row.status]
                rows.append(
                    (
                        describe(code, row.stage),
                        names.get(row.school, ""),
                        row.data_year,
                        f"{value}{one.unit}",
                        "填报",
                        f"{row.sheet}!{row.cell}",
                        row.file,
                    )
                )
        how = formula or one.definition
        rows += [
            (v.label, "", v.data_year, shown_value(v), how, "、".join(v.sources), "")
            for v in case.verdicts()
            if one.is_derived and v.item == code
        ]
    columns = ["数", "学校", "年度", "数值", "怎么来的", "单元格", "文件"]
    return pd.DataFrame(rows, columns=columns)


def _in_words(inputs: str) -> str:
    """Return a formula of item codes with the labels of the items."""
    return " ".join(item(word).label if word in items() else word for word in inputs.split())


def citations(case: Case, word: str = "") -> pd.DataFrame:
    """说明标准的出处：标准、施行日、数值、文件与条款、状态、最后核对日。word 是标准名称的一部分。

    例：依据(县案, "生师比")。历次数值都列出，“现行”一列为评价年度所用的一条。
    """
    rows = []
    for rule in case.law.thresholds.values():
        if not _has_words(f"{rule.label} {rule.id}", word):
            continue
        day = case.year.law_date(rule.date_rule)
        current = rule.at(day).start if rule.in_force(day) else None
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


def whole(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame whose columns of whole numbers say so: 819, not 819.0, and no -0."""
    numbers = frame.select_dtypes("float")
    fitting = [name for name in numbers if (numbers[name].dropna() % 1 == 0).all()]
    return frame.astype(dict.fromkeys(fitting, "Int64"))
