"""Questions about schools one by one: their classes and rooms, what spreads them, what they share.

The answers are frames in Chinese; index: code of the school.
"""

import math

import numpy as np
import pandas as pd

from dudao.base.errors import ParameterError
from dudao.base.rounding import plain
from dudao.case import Case
from dudao.facts.cells import NOT_APPLICABLE, REPORTED
from dudao.facts.items import STAGE_CODES, STAGES, item
from dudao.indicators import rates
from dudao.indicators.school_conditions import (
    ROOMS,
    classes_lacking,
    covered_rows,
    covered_whole,
    enough_rooms,
    pupils_above,
    rooms_lacking,
    within_class_size,
    within_size,
)
from dudao.indicators.schools import (
    BALANCED_STAGES,
    PUPILS,
    SCHOOL_RESOURCES,
    school_measure,
    school_values,
)
from dudao.indicators.splitting import SHARED_RESOURCES, shared_amounts
from dudao.indicators.stage_schools import ABOVE, BETWEEN, UNKNOWN, StageSchools, stage_schools
from dudao.show.results_cell import limit_of
from dudao.show.words import RESULTS
from dudao_explore.questions import named

GROUPS = {"城乡": "location", "办学类型": "kind"}
_RESULTS = {1.0: "达标", 0.0: "未达标"}
_NO_DATA = "缺数据"


def stage_of(stage: str) -> str:
    """Return the code of a stage that the comparison of schools has; a word of it is understood."""
    code = STAGE_CODES.get(stage, stage)
    if code not in BALANCED_STAGES:
        allowed = "、".join(STAGES[one] for one in BALANCED_STAGES)
        raise ParameterError(f"学校表只有这些学段：{allowed}。写的是“{stage}”。")
    return code


def schools_of(case: Case, stage: str) -> StageSchools:
    """Return the schools of a stage beside what the law asks of each."""
    return stage_schools(case.facts, stage_of(stage), case.school_rules)


def _named(case: Case, schools: pd.DataFrame) -> pd.DataFrame:
    """Return a frame of the schools' names, kinds and places to begin an answer with."""
    names = case.facts.school_names()
    frame = pd.DataFrame(
        {"学校": [names.get(code) or code for code in schools.index]}, index=schools.index
    )
    frame.index.name = "学校代码"
    frame["类别"], frame["城乡"] = schools["kind"], schools["location"]
    return frame


def _words(met: pd.Series) -> pd.Series:
    return met.map(_RESULTS).fillna(_NO_DATA)


def school_table(case: Case, stage: str = "小学") -> pd.DataFrame:
    """列出一个学段各校：在校生、本校过线至少还需、七项资源的生均（或每百名学生）值、各项达标与否。

    达标与否：√ 达到标准，△ 在下限与标准之间，× 低于下限，？ 缺数据。可以像任何表一样排序和筛选。
    例：学校表(县案, "初中").query("本校 == '未达标'")。
    """
    group = schools_of(case, stage)
    signs = {ABOVE: "√", BETWEEN: "△", UNKNOWN: "？"}
    frame = _named(case, group.schools)
    frame["在校生"] = group.schools["enrolment"]
    frame["本校"] = _words(group.passes)
    frame["过线至少还需"] = [_needs(row) for _, row in group.to_pass.iterrows()]
    for code in SCHOOL_RESOURCES:
        label = item(code).label
        frame[f"{label}（标准{plain(group.standards.limits[code])}）"] = group.values[code].round(2)
        frame[f"{label}达标"] = group.states[code].map(signs).fillna("×")
    return frame


def amounts_text(amounts: pd.Series) -> str:
    """Return what is to be added in words, nothing where there is none; index: item codes."""
    added = amounts[amounts > 0].items()
    return "；".join(f"{item(code).label}{plain(n)}{item(code).unit}" for code, n in added)


def _needs(row: pd.Series) -> str:
    return _NO_DATA if row.isna().any() else amounts_text(row) or "不缺"


def class_table(case: Case, stage: str = "小学") -> pd.DataFrame:
    """列出一个学段各校的班额、规模和音乐、美术专用教室：数值、上限、达标与否、至少还差多少。

    规模和专用教室按全校（各学段合计）。例：班额表(县案, "初中").query("班额 == '未达标'")。
    """
    code, rules = stage_of(stage), case.school_rules
    rows = covered_rows(case.facts, code, rules)
    whole = covered_whole(case.facts, rules).reindex(rows.index)
    frame = _named(case, rows)
    frame["在校生"], frame["班级"] = rows["enrolment"], rows["classes"]
    frame["平均班额"] = (rows["enrolment"] / rows["classes"].where(rows["classes"] > 0)).round(1)
    frame["最大班额"] = rows["largest_class"]
    frame["班额上限"] = rules.limit(f"class_size_limit_{code}", rows)
    frame["班额"] = _words(within_class_size(rows, code, rules))
    frame["至少增加班级"] = classes_lacking(rows, code, rules)
    frame["全校学生"] = whole["enrolment"]
    frame["规模上限"] = rules.limit("school_size_limit", whole)
    frame["规模"] = _words(within_size(whole, rules))
    frame["超出学生"] = pupils_above(whole, rules)
    for kind, label in ROOMS.items():
        frame[f"{label}（间）"] = whole[f"{kind}_rooms"]
        frame[label] = _words(enough_rooms(whole, kind, rules))
        frame[f"还差{label}"] = rooms_lacking(whole, kind, rules)
    return frame


def spread_table(case: Case, stage: str = "小学", word: str = "") -> pd.DataFrame:
    """说明一个学段的差异系数由哪些学校造成：各项资源各校一行，超过上限的和影响大的在前。

    占离差：该校一项在全县离差平方和中的百分比。不计该校时：去掉这所学校后的差异系数。
    word 是资源名称的一部分。
    例：离差表(县案, "初中", "多媒体")。
    """
    group = schools_of(case, stage)
    rule = case.law[f"resource_cv_{group.stage}"]
    enrolment, parts = group.schools["enrolment"], []
    for code in SCHOOL_RESOURCES:
        amount, working = group.schools[code], group.spreads[code]
        measure = school_measure(case.facts, "resource_cv", group.stage, working.cv)
        verdict = case.verdict_on(measure, rule)
        part = _named(case, group.schools)
        part["资源"], part["差异系数"] = item(code).label, round(working.cv, 3)
        part["上限"], part["结果"] = limit_of(verdict), RESULTS[verdict.result][0]
        part["占离差（%）"] = working.shares.round(1)
        part["不计该校时"] = [
            round(rates.coefficient_of_variation(amount.drop(one), enrolment.drop(one)), 3)
            for one in amount.index
        ]
        gaps = np.sign(working.values - working.mean)
        part["比全县"] = gaps.map({1.0: "高", -1.0: "低", 0.0: "相同"}).fillna(_NO_DATA)
        unit = "每百名学生" if PUPILS[code] > 1 else "生均"
        part["在校生"], part["口径"] = enrolment, unit
        part["本校"] = (working.values * PUPILS[code]).round(2)
        part["全县"] = round(working.mean * PUPILS[code], 2)
        parts.append(part)
    frame = pd.concat(parts)
    first = ["资源", "差异系数", "上限", "结果", "学校"]
    frame = frame[[*first, *frame.columns.difference(first, sort=False)]]
    labels = [item(code).label for code in SCHOOL_RESOURCES]
    wanted = [label for label in labels if any(one in label for one in word.split())]
    frame = frame[frame["资源"].isin(wanted or named(labels, word, "七项资源", str))]
    return frame.sort_values(["差异系数", "资源", "占离差（%）"], ascending=False, kind="stable")


def group_table(case: Case, stage: str = "小学", by: str = "城乡") -> pd.DataFrame:
    """按城乡或办学类型合计一个学段的学校：校数、在校生、达标校数、七项资源的生均（或每百名学生）值。

    有一所学校缺数，这一组的该项就是缺数据。例：分组表(县案, "小学", "办学类型")。
    """
    if by not in GROUPS:
        raise ParameterError(f"分组只有：{'、'.join(GROUPS)}。写的是“{by}”。")
    group = schools_of(case, stage)
    keys = group.schools[GROUPS[by]].replace("", "未填")
    by_group = group.schools[["enrolment", *SCHOOL_RESOURCES]].groupby(keys, sort=False)
    sums = by_group.agg(lambda amounts: amounts.sum(skipna=False))
    frame = pd.DataFrame({"学校": by_group.size(), "在校生": sums["enrolment"]})
    frame["单校达标"] = (group.passes == 1).groupby(keys, sort=False).sum()
    for code, values in school_values(sums).items():
        limit = plain(group.standards.limits[code])
        frame[f"{item(code).label}（标准{limit}）"] = values.round(2)
    return frame.rename_axis(by).reset_index()


def shared_table(case: Case) -> pd.DataFrame:
    """列出几个学段共用校舍、设备的学校：填在哪个学段的行，全校多少，折算到小学、初中各多少。

    同一代码有几个学段、却没有共用资源的学校也列出，各行“共用”为“各填各的”。例：共用表(县案)。
    """
    facts, rules = case.facts, case.school_rules
    rows = facts.rows_of_schools()
    stages = rows.groupby("school")["stage"].unique()
    split = {stage: shared_amounts(facts, stage, rules.split_weights) for stage in BALANCED_STAGES}
    names = facts.school_names()
    answer = []
    for school in stages.index[stages.map(len) > 1]:
        of_school = rows[rows["school"] == school]
        listed = "、".join(STAGES[one] for one in STAGES if one in stages[school])
        shares = []
        for code in SHARED_RESOURCES:
            cells = of_school[of_school["item"] == code]
            holding = cells[cells["status"] == REPORTED]
            if len(holding) == 1 and (cells["status"] == NOT_APPLICABLE).any():
                held = holding.iloc[0]
                parts = [_part(*split[stage], school, code) for stage in BALANCED_STAGES]
                what = (item(code).label, STAGES[held["stage"]], held["value"], *parts)
                shares.append((school, names.get(school) or school, listed, *what))
        nothing = ("各填各的", "", math.nan, math.nan, math.nan)
        answer += shares or [(school, names.get(school) or school, listed, *nothing)]
    columns = ["学校代码", "学校", "学段", "共用", "填在", "全校", "折算小学", "折算初中"]
    return pd.DataFrame(answer, columns=columns).set_index("学校代码")


def _part(amounts: pd.DataFrame, _places: pd.DataFrame, school: str, code: str) -> float:
    if school not in amounts.index or code not in amounts.columns:
        return math.nan
    return round(float(amounts.loc[school, code]), 2)
