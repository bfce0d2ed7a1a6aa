"""Tables of computed values, of their formulas, and of the national figures beside them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from dudao.base import reference
from dudao.base.rounding import fixed, plain, qualified
from dudao.case import Case
from dudao.facts.items import STAGES, SUBORDINATE, TIERS, Item, item, spoken
from dudao.indicators.measure import Measure, MeasureTable
from dudao.show.tables import Table, table
from dudao.show.words import BASES

# Formula of the dictionary -> how it is said; over, under and of are the items that it names.
_FORMULAS = {
    "ratio": "{over} ÷ {under}",
    "share": "{over} ÷ {under} × 100",
    "growth": "（数据年{of} ÷ 基准年{of} - 1）× 100",
    "growth_difference": "{of}",
    "share_change": "数据年（{over} ÷ {under} × 100）- 基准年（同左）",
    "reduction": "基准年（{over} ÷ {under} × 100）- 数据年（同左）",
    "share_of_stages": "小学、初中{over} ÷ 小学、初中{under} × 100",
    "tier_share": "{tier}资金 ÷ 已列各级资金合计 × 100",
    "local_share": "市县资金 ÷ 省、市、县资金合计 × 100",
    "years_since": "数据年 - {of}",
    "register": "已整改的问题 ÷ 登记的问题 × 100",
    "school": "按学校表逐校计算",
    "": "本县所报",
}


def _measure_row(measure: Measure, decimals: int) -> tuple[Any, ...]:
    lacking = f"缺：{'、'.join(measure.missing)}" if measure.missing else ""
    computed = measure.basis != "attested"
    value = f"{fixed(measure.value, decimals)}{measure.unit}" if computed else ""
    value = value or qualified(measure.value, measure.qualifier, measure.unit)
    return (
        measure.label,
        str(measure.data_year),
        measure.working,
        value if measure.is_known else "—",
        plain(measure.stated),
        BASES[measure.basis],
        (lacking, measure.note, "；".join(measure.sources)),
    )


def measures_table(measures: MeasureTable) -> Table:
    """Show computed values with working, what the report prints, basis and sources."""
    columns = ("指标", "年度", "算式", "数值", "报告所列", "方式", "说明与出处")
    rows = (_measure_row(measure, measures.decimals) for measure in measures)
    return table(
        measures.title, columns, rows, numbers=("数值", "报告所列"), empty="没有可计算的数据"
    )


def _in_words(expression: str, stage: str) -> str:
    """Return `a + b` with the labels of the items; several of them stand in brackets."""
    words = [
        spoken(word, stage).removeprefix(SUBORDINATE) if word.isidentifier() else word
        for word in expression.split()
    ]
    return f"（{' '.join(words)}）" if len(words) > 1 else "".join(words)


def formula_in_words(entry: Item, stage: str) -> str:
    """Return how an item of a stage is worked out, as the dictionary declares it, in Chinese."""
    over, _, under = entry.inputs.partition(" / ")
    names = {"over": "", "under": "", "of": "", "tier": ""}
    if entry.formula == "tier_share":
        names["tier"] = TIERS[over.rpartition(" ")[2]]
    elif entry.formula not in ("school", "local_share", "register", ""):
        names |= {"over": _in_words(over, stage), "under": _in_words(under, stage)}
        names["of"] = names["over"].strip("（）")
    return _FORMULAS[entry.formula].format(**names)


def _grouped(working: str) -> str:
    """Return a working with its whole numbers in groups of three digits."""
    return re.sub(r"(?<![\d.])\d{4,}", lambda match: f"{int(match[0]):,}", working)


def formulas_table(*tables: MeasureTable) -> Table:
    """Show how measures are worked out: the dictionary's formula, then this county's numbers."""
    rows = {
        measure.label: (
            measure.label,
            formula_in_words(item(measure.item), measure.stage),
            _grouped(measure.working) if measure.is_known else "—",
            f"{fixed(measure.value, group.decimals)}{measure.unit}" if measure.is_known else "—",
        )
        for group in tables
        for measure in group
        if item(measure.item).is_derived
    }
    columns = ("指标", "公式（指标字典）", "代入本县的数", "数值")
    return table("公式", columns, rows.values(), numbers=("数值",))


def national_table(case: Case, stages: Iterable[str]) -> Table:
    """Show national per-pupil expenditure by stage and year beside the county's level."""
    years = range(case.year.data_year - 5, case.year.data_year + 1)
    rows = []
    for stage in stages:
        nation = reference.national_per_pupil("per_pupil_expenditure", stage)
        county = case.facts.get("per_pupil_expenditure", stage)
        values = [plain(nation.get(year, float("nan"))) or "未见" for year in years]
        rows.append((STAGES[stage], *values, plain(county.value) or "未报"))
    labels = [f"{year}年" for year in years]
    columns = ("学段", *labels, f"本县{case.year.data_year}年")
    return table("全国生均一般公共预算教育经费（元，参考）", columns, rows, numbers=columns[1:])
