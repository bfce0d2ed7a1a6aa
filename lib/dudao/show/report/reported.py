"""Tables of what was reported, and of what does not fit in it."""

from __future__ import annotations

from typing import Any

from dudao.base.rounding import plain
from dudao.case import Case
from dudao.facts.consistency import CrossCheck
from dudao.facts.items import STAGES, items
from dudao.facts.measure_groups import reported_group
from dudao.facts.printed_formulas import rows_of
from dudao.scenarios import CLAIMS_LEFT_OUT
from dudao.show.tables import Marked, Table, table
from dudao.show.words import CROSS_CHECKS, OUTCOMES, STATUSES


def facts_table(case: Case, name: str) -> Table:
    """Show a group of items as reported: three years, with the cell of the judged year.

    name: of the group in measures.yaml.
    """
    group = reported_group(case.notebook, name)
    years = (case.year.base_year, case.year.data_year, case.year.progress_year)
    rows = []
    for code in group.items:
        for stage in filter(group.stages.__contains__, items()[code].stages):
            by_year = [case.facts.get(code, stage, year) for year in years]
            values = [
                f"{plain(f.value)}{f.qualifier}" if f.is_reported else STATUSES[f.status]
                for f in by_year
            ]
            name = items()[code].label
            rows.append((name, STAGES[stage], items()[code].unit, *values, by_year[1].place))
    labels = [f"{year}年" for year in years]
    columns = ("指标", "学段", "单位", *labels, "数据年出处")
    return table(group.title, columns, rows, numbers=labels)


def warnings_table(case: Case) -> Table:
    """Show what the checks found at ingest in the cells that this notebook uses."""
    rows = [
        (row.severity, row.code, f"{row.sheet}!{row.cell}", row.what, row.next_step)
        for row in case.warnings.itertuples()
    ]
    columns = ("等级", "编号", "单元格", "发现", "处理")
    return table("入库检查的警告与提示", columns, rows, empty="本册所用单元格没有警告")


def cross_check_table(case: Case) -> Table:
    """Show every cross-check between reported figures; what disagrees keeps both places."""
    return table(
        "勾稽关系与合理性",
        ("核对", "年度", "算式", "结果", "涉及单元格", "说明"),
        (_cross_check_row(check) for check in case.cross_checks),
        empty="没有可核对的数据",
    )


def _cross_check_row(check: CrossCheck) -> tuple[Any, ...]:
    word, mark = CROSS_CHECKS[check.outcome]
    places = "、".join(check.places)
    return check.label, str(check.data_year), check.working, Marked(word, mark), places, check.note


def claims_table(case: Case) -> Table:
    """Compare the figures that the report prints for this notebook's points with the data."""
    of_notebook = set(case.topics)
    about = {
        check.claim.number
        for check in case.claim_checks
        if check.claim.item and of_notebook & set(items()[check.claim.item].topics)
    }
    checks = [
        check
        for check in case.claim_checks
        if check.claim.number in about
        or (not check.claim.item and about & set(rows_of(check.claim.formula)))
    ]
    rows = [
        (
            str(check.claim.number),
            check.claim.section,
            check.claim.name,
            STAGES[check.claim.stage],
            str(check.claim.data_year or "未写明"),
            f"{check.claim.printed}{check.claim.unit}{check.claim.qualifier}",
            plain(check.recomputed),
            Marked(*OUTCOMES[check.outcome]),
            check.note,
        )
        for check in checks
    ]
    columns = ("序号", "位置", "名称", "学段", "年份", "报告所列", "据数据", "核对", "说明")
    caption, empty = "报告所列数据与本县数据核对", CLAIMS_LEFT_OUT if case.scenario else "无"
    return table(caption, columns, rows, numbers=("报告所列", "据数据"), empty=empty)
