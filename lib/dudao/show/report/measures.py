"""Tables of computed values, and of the national figures beside them."""

from __future__ import annotations

from collections.abc import Iterable

from dudao.base import reference
from dudao.base.rounding import fixed, plain, qualified
from dudao.case import Case
from dudao.facts.items import STAGES
from dudao.indicators.measure import Measure
from dudao.show.tables import Table, table
from dudao.show.words import BASES


def _measure_row(measure: Measure, decimals: int) -> tuple:
    lacking = f"缺：{'、'.join(measure.missing)}" if measure.missing else ""
    computed = measure.basis != "attested"
    value = fixed(measure.value, decimals) if computed else ""
    value = value or qualified(measure.value, measure.qualifier)
    return (
        measure.label,
        str(measure.data_year),
        measure.working,
        f"{value}{measure.unit}" if measure.is_known else "—",
        plain(measure.stated),
        BASES[measure.basis],
        (lacking, measure.note, "；".join(measure.sources)),
    )


def measures_table(caption: str, measures: Iterable[Measure], decimals: int = 2) -> Table:
    """Show computed values with working, what the report prints, basis and sources."""
    columns = ("指标", "年度", "算式", "数值", "报告所列", "方式", "说明与出处")
    rows = (_measure_row(measure, decimals) for measure in measures)
    return table(caption, columns, rows, numbers=("数值", "报告所列"), empty="没有可计算的数据")


def national_table(case: Case, stages: Iterable[str]) -> Table:
    """Show national per-pupil expenditure by stage and year beside the county's level."""
    years = range(case.year.data_year - 5, case.year.data_year + 1)
    rows = []
    for stage in stages:
        nation = reference.national_per_pupil("per_pupil_expenditure", stage)
        own = case.facts.get("per_pupil_expenditure", stage)
        values = [plain(nation.get(year, float("nan"))) or "未见" for year in years]
        rows.append((STAGES[stage], *values, plain(own.value) or "未报"))
    labels = [f"{year}年" for year in years]
    columns = ("学段", *labels, f"本县{case.year.data_year}年")
    return table("全国生均一般公共预算教育经费（元，参考）", columns, rows, numbers=columns[1:])
