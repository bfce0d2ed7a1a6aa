"""The tables that every notebook shows, in the order of its chapters."""

from __future__ import annotations

import platform
from collections.abc import Iterable

import dudao
from dudao import reference
from dudao.case import Case
from dudao.facts.consistency import CrossCheck
from dudao.facts.items import STAGES, items
from dudao.indicators.measure import Measure
from dudao.law import Threshold
from dudao.law.framework import ORIGINS
from dudao.rounding import fixed, plain, qualified
from dudao.show.tables import Link, Marked, Table, table
from dudao.show.words import BASES, CROSS_CHECKS, LAW_STATUS, OPERATORS, OUTCOMES, STATUSES


def case_table(case: Case) -> Table:
    """Say whose figures these are, from where, and under which scheme they are judged."""
    meta, year = case.meta, case.year
    remarks = (case.framework.origin, case.framework.remark(year.year))
    rows = [
        ("县（区）", f"{case.name}（{case.county}）"),
        ("数据性质", "虚构数据，仅供演示" if case.is_fictional else "据公开报告或公告"),
        ("评价年度", f"{year.year}年：评{year.data_year}年，比{year.base_year}年"),
        ("评价方案", f"{case.framework.title}（{case.framework.number}）"),
        (
            "方案来源",
            "；".join(filter(None, remarks)),
        ),
        ("数据来源", Link(meta["title"], meta.get("url") or "")),
        ("录入方式", meta["transcription"]),
        ("未收或未列", tuple(meta.get("left_out", ()))),
    ]
    if found := reference.census(case.county):
        rows.append(("常住人口（2020年普查）", f"{found['population']:,.0f}人"))
    return table("本县与本年度", ("项目", "内容"), rows)


def points_table(case: Case) -> Table:
    """List the points this notebook answers for, with their origin."""
    titles = case.framework.secondary_titles
    rows = [
        (point.id, titles[point.secondary], point.title, ORIGINS[point.origin])
        for point in case.points
    ]
    return table("评价要点", ("编号", "二级指标", "评价要点", "来源"), rows)


def _law_row(case: Case, rules: list[Threshold]) -> tuple:
    rule = rules[0]
    day = case.year.law_date(rule.date_rule)
    value = rule.at(day) if rule.in_force(day) else rule.values[0]
    limit = "未查到" if value.value is None else f"{plain(value.value)}{rule.unit}"
    status = "" if rule.status == "sourced" else f"【{LAW_STATUS[rule.status]}】"
    return (
        "、".join(case.framework.points_of(rule.topics, rule.id)),
        rule.label,
        "、".join(STAGES[rule.stage] for rule in rules),
        f"{OPERATORS[rule.compare]} {limit}",
        "达标线" if rule.role == "pass" else "参考线",
        str(value.start) if rule.in_force(day) else f"{value.start}（尚未施行）",
        (Link(value.citation, value.reference.url), status, value.reference.read_in),
    )


def law_table(case: Case) -> Table:
    """List every rule used here with value, document and how well it is attested."""
    grouped: dict[tuple, list[Threshold]] = {}
    for rule in case.thresholds:
        grouped.setdefault((rule.label, rule.values), []).append(rule)
    columns = ("要点", "标准", "学段", "数值", "性质", "施行日", "依据与出处")
    rows = (_law_row(case, rules) for rules in grouped.values())
    return table("适用标准（按评价年度取值）", columns, rows, numbers=("数值",))


def facts_table(case: Case, caption: str, codes: Iterable[str]) -> Table:
    """Show what is reported for some items: three years, with the cell of the judged year."""
    years = (case.year.base_year, case.year.data_year, case.year.progress_year)
    rows = []
    for code in codes:
        for stage in items()[code].stages:
            found = [case.facts.get(code, stage, year) for year in years]
            values = [
                f"{plain(f.value)}{f.qualifier}" if f.is_reported else STATUSES[f.status]
                for f in found
            ]
            name = items()[code].label
            rows.append((name, STAGES[stage], items()[code].unit, *values, found[1].place))
    labels = [f"{year}年" for year in years]
    columns = ("指标", "学段", "单位", *labels, "数据年出处")
    return table(caption, columns, rows, numbers=labels)


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


def _cross_check_row(check: CrossCheck) -> tuple:
    word, mark = CROSS_CHECKS[check.outcome]
    places = "、".join(check.places)
    return check.label, str(check.data_year), check.working, Marked(word, mark), places, check.note


def claims_table(case: Case) -> Table:
    """Compare the figures that the report prints for this notebook's points with the data."""
    own = set(case.topics)
    checks = [
        check
        for check in case.claim_checks
        if check.claim.item and own & set(items()[check.claim.item].topics)
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
    return table("报告所列数据与本县数据核对", columns, rows, numbers=("报告所列", "据数据"))


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


def evidence_table(case: Case) -> Table:
    """List the evidence a reviewer expects for each point and what is on file."""
    rows = []
    for point in case.points:
        on_file = case.evidence_titles(point.id)
        rows += [(point.id, title, "报告提及或已登记") for title in on_file]
        rows += [(point.id, title, "待补") for title in point.evidence if title not in on_file]
    return table("佐证材料登记", ("要点", "材料", "状态"), rows)


def provenance_table(case: Case) -> Table:
    """Say what exactly was run: data, law and library versions."""
    rows = [
        ("数据版本（sha256）", case.data_version),
        ("法规版本（sha256）", case.law_version),
        ("指标体系", case.framework.scheme),
        ("dudao", dudao.__version__),
        ("Python", platform.python_version()),
    ]
    return table("运行记录", ("项目", "版本"), rows)
