"""The tables that every notebook shows: the case, the law, what is reported, what is computed."""

import inspect
import platform
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from html import escape
from textwrap import dedent
from typing import Any

import dudao
from dudao.base import reference
from dudao.base.rounding import plain
from dudao.case import Case
from dudao.facts.cells import figure_text, qualified
from dudao.facts.items import STAGES, SUBORDINATE, TIERS, Item, item, items, spoken
from dudao.facts.measure_groups import reported_group
from dudao.facts.printed_formulas import rows_of
from dudao.facts.view import Claim, cell_of
from dudao.indicators.measure import ATTESTED, Measure, MeasureTable
from dudao.law import DatedValue, EvaluationYear, Threshold, law_for
from dudao.law.framework import ORIGINS
from dudao.law.rules_check import ROLES
from dudao.scenarios import CLAIMS_LEFT_OUT
from dudao.show.charts import SCENARIO
from dudao.show.tables import Cited, Link, Marked, Table, Tables, table, tabulate
from dudao.show.words import (
    BASES,
    CROSS_CHECKS,
    OPERATORS,
    OUTCOMES,
    STATUSES,
    area_mark,
    reported_text,
    status_mark,
)


def changes(case: Case) -> list[dict[str, str]]:
    """Return every changed figure and assumed standard in words: what, whose, from, to, unit."""
    figures = [
        {
            "what": effect.label,
            "school": effect.school,
            "from": qualified(effect.before, effect.qualifier) or STATUSES[effect.status],
            "to": plain(effect.after),
            "unit": effect.unit,
        }
        for effect in (case.scenario.effects if case.scenario else ())
    ]
    return [*figures, *_assumed_standards(case)]


def _assumed_standards(case: Case) -> list[dict[str, str]]:
    standards = case.scenario.scenario.standards if case.scenario else ()
    in_force = law_for(case.law.area)
    rows = []
    for standard in standards:
        if standard.rule not in in_force.thresholds:
            continue
        rule = in_force[standard.rule]
        current = rule.in_year(case.year)
        before = current.value if current else None
        rows.append(
            {
                "what": f"标准：{rule.label}",
                "school": "",
                "from": "未施行" if before is None else plain(before),
                "to": plain(standard.value),
                "unit": rule.unit,
            }
        )
    return rows


def scenario_table(case: Case) -> Table:
    """List every figure that the scenario changes, with what was reported."""
    rows = [tuple(change.values()) for change in changes(case)]
    columns = ("指标", "学校", "实际数据", "情景假设", "单位")
    return table(f"情景假设（{SCENARIO}）", columns, rows, numbers=columns[2:4])


def scenario_record(case: Case) -> dict[str, Any]:
    """Return the entry of the results that names the scenario; nothing for the real data."""
    if case.scenario is None:
        return {}
    assumed = case.scenario.scenario
    named = {name: getattr(assumed, name) for name in ("name", "title", "note", "digest")}
    return {"scenario": {**named, "changes": changes(case)}}


def _nature(case: Case) -> str:
    """Say whether figures are invented, and whether some are only assumed."""
    nature = "虚构数据，仅供演示" if case.is_fictional else "据公开报告或公告"
    return f"{nature}；{SCENARIO}" if case.scenario else nature


def case_table(case: Case) -> Table | Tables:
    """Say whose figures these are, from where, and under which scheme they are judged."""
    meta, year, scenario_rows = case.meta, case.year, []
    if case.scenario:
        assumed = case.scenario.scenario
        lines = (f"{assumed.title}（{assumed.file}）", assumed.note, f"{CLAIMS_LEFT_OUT}。")
        scenario_rows = [("情景", (f"【{SCENARIO}】", *lines))]
    remarks = (case.framework.origin, case.framework.remark(year.year))
    rows = [
        ("县（区）", f"{case.name}（{case.county}）"),
        ("数据性质", _nature(case)),
        *scenario_rows,
        ("评价年度", f"{year.year}年：评{year.data_year}年，比{year.base_year}年"),
        ("评价方案", f"{case.framework.title}（{case.framework.number}）"),
        ("方案来源", "；".join(filter(None, remarks))),
        ("数据来源", Link(meta["title"], meta.get("url") or "")),
        ("录入方式", meta["transcription"]),
        ("未收或未列", tuple(meta.get("left_out", ()))),
    ]
    if row := reference.census(case.county):
        rows.append(("常住人口（2020年普查）", f"{row['population']:,.0f}人"))
    head = table("本县与本年度", ("项目", "内容"), rows)
    return Tables((head, scenario_table(case))) if case.scenario else head


def points_table(case: Case) -> Table:
    """List the points this notebook answers for, with their origin."""
    titles = case.framework.secondary_titles
    columns = {
        "编号": lambda point: point.id,
        "二级指标": lambda point: titles[point.secondary],
        "评价要点": lambda point: point.title,
        "来源": lambda point: ORIGINS[point.origin],
    }
    return tabulate("评价要点", case.points, columns)


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
    scenario = case.scenario.scenario if case.scenario else None
    rows = [
        ("数据版本（sha256）", case.data_version),
        *([("情景的版本（sha256）", scenario.digest)] if scenario else []),
        ("本册所用法规的版本（sha256）", case.law_version),
        ("指标体系", case.framework.scheme),
        ("dudao", dudao.__version__),
        ("Python", platform.python_version()),
    ]
    return table("运行记录", ("项目", "版本"), rows)


def _limit(value: DatedValue, unit: str = "") -> str:
    return "未查到" if value.value is None else f"{plain(value.value)}{unit}"


def _coming(case: Case, rule: Threshold) -> DatedValue | None:
    """Return the value that judges the progress year, where it differs from the judged one."""
    now, later = (rule.in_year(year) for year in (case.year, EvaluationYear(case.year.year + 1)))
    return later if now and later and later.value != now.value else None


def _since(start: date) -> str:
    """Return from when, as far as it is known: 31 December stands for a year."""
    is_year = (start.month, start.day) == (12, 31)
    return f"{start.year}年" if is_year else f"{start.year}年{start.month}月"


def _law_row(case: Case, rules: list[Threshold]) -> tuple[Any, ...]:
    rule = rules[0]
    current = rule.in_year(case.year)
    value = current or rule.values[0]
    coming = _coming(case, rule)
    then = f"（{_since(coming.start)}起{_limit(coming)}）" if coming else ""
    return (
        "、".join(case.framework.points_of(rule.topics, rule.id)),
        rule.label,
        "、".join(STAGES[rule.stage] for rule in rules),
        (f"{OPERATORS[rule.compare]} {_limit(value, rule.unit)}", then),
        ROLES[rule.role],
        str(value.start) if current else f"{value.start}（尚未施行）",
        (
            area_mark(rule.area),
            Cited(value.citation, value.reference.url),
            status_mark(rule.status),
            value.reference.read_in,
            Cited(coming.citation, coming.reference.url, "其后：") if coming else "",
        ),
    )


def law_table(case: Case) -> Table:
    """List every rule used here with value, document and how well it is attested."""
    grouped: dict[tuple[Any, ...], list[Threshold]] = {}
    order = {point.id: at for at, point in enumerate(case.points)}

    def position(rule: Threshold) -> int:
        points = case.framework.points_of(rule.topics, rule.id)
        return min(order.get(point, len(order)) for point in points)

    for rule in sorted(case.thresholds, key=position):
        grouped.setdefault((rule.label, rule.values), []).append(rule)
    columns = ("要点", "标准", "学段", "数值", "性质", "施行日", "依据与出处")
    rows = (_law_row(case, rules) for rules in grouped.values())
    return table("适用标准（按评价年度取值）", columns, rows, numbers=("数值",))


def facts_table(case: Case, name: str) -> Table:
    """Show a group of items as reported: three years, with the cell of the judged year.

    name: of the group in measures.yaml.
    """
    group = reported_group(case.notebook, name)
    years = case.year.all
    rows = []
    for code in group.items:
        for stage in filter(group.stages.__contains__, items()[code].stages):
            by_year = [case.facts.get(code, stage, year) for year in years]
            values = map(reported_text, by_year)
            name = items()[code].label
            rows.append((name, STAGES[stage], items()[code].unit, *values, by_year[1].cell))
    labels = [f"{year}年" for year in years]
    columns = ("指标", "学段", "单位", *labels, "数据年出处")
    return table(group.title, columns, rows, numbers=labels)


def warnings_table(case: Case) -> Table:
    """Show what the checks found at ingest in the cells that this notebook uses."""
    columns = {
        "等级": lambda row: row.severity,
        "编号": lambda row: row.code,
        "单元格": cell_of,
        "发现": lambda row: row.what,
        "处理": lambda row: row.next_step,
    }
    rows, empty = case.warnings.itertuples(), "本册所用单元格没有警告"
    return tabulate("入库检查的警告与提示", rows, columns, empty=empty)


def cross_check_table(case: Case) -> Table:
    """Show every cross-check between reported figures; what disagrees keeps both places."""
    columns = {
        "核对": lambda check: check.label,
        "年度": lambda check: str(check.data_year),
        "算式": lambda check: check.working,
        "结果": lambda check: Marked(*CROSS_CHECKS[check.outcome]),
        "涉及单元格": lambda check: "、".join(check.cells),
        "说明": lambda check: check.note,
    }
    return tabulate("勾稽关系与合理性", case.cross_checks, columns, empty="没有可核对的数据")


def _printed(claim: Claim) -> str:
    return qualified(claim.printed, claim.qualifier, claim.unit)


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
    columns = {
        "序号": lambda check: str(check.claim.number),
        "位置": lambda check: check.claim.section,
        "名称": lambda check: check.claim.name,
        "学段": lambda check: STAGES[check.claim.stage],
        "年份": lambda check: str(check.claim.data_year or "未写明"),
        "报告所列": lambda check: _printed(check.claim),
        "据数据": lambda check: plain(check.recomputed),
        "核对": lambda check: Marked(*OUTCOMES[check.outcome]),
        "说明": lambda check: check.note,
    }
    caption, empty = "报告所列数据与本县数据核对", CLAIMS_LEFT_OUT if case.scenario else "无"
    return tabulate(caption, checks, columns, numbers=("报告所列", "据数据"), empty=empty)


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


def _measured(measure: Measure, decimals: int) -> str:
    if not measure.is_known:
        return "—"
    shown_at = None if measure.basis == ATTESTED else decimals
    return figure_text(measure.value, measure.unit, measure.qualifier, shown_at)


def measures_table(measures: MeasureTable) -> Table:
    """Show computed values with working, what the report prints, basis and sources."""
    columns = {
        "指标": lambda one: one.label,
        "年度": lambda one: str(one.data_year),
        "算式": lambda one: one.working,
        "数值": lambda one: _measured(one, measures.decimals),
        "报告所列": lambda one: plain(one.stated),
        "方式": lambda one: BASES[one.basis],
        "说明与出处": lambda one: (
            f"缺：{'、'.join(one.missing)}" if one.missing else "",
            one.note,
            "；".join(one.sources),
        ),
    }
    numbers, empty = ("数值", "报告所列"), "没有可计算的数据"
    return tabulate(measures.title, measures, columns, numbers=numbers, empty=empty)


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


def formulas_table(*tables: MeasureTable) -> Table:
    """Show how measures are worked out: the dictionary's formula, then this county's numbers."""
    rows = {
        measure.label: (
            measure.label,
            formula_in_words(item(measure.item), measure.stage),
            # Whole numbers in groups of three digits.
            re.sub(r"(?<![\d.])\d{4,}", lambda match: f"{int(match[0]):,}", measure.working)
            if measure.is_known
            else "—",
            figure_text(measure.value, measure.unit, measure.qualifier, group.decimals) or "—",
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


@dataclass(frozen=True)
class Formula:
    """The source of a formula, shown as code."""

    name: str
    source: str

    def _repr_html_(self) -> str:
        return f'<pre class="formula"><code>{escape(self.source)}</code></pre>'

    def __repr__(self) -> str:
        return f"公式：{self.name}"


def show_formula(function: Callable[..., Any]) -> Formula:
    """Show the source of the function that computes, not a copy of it."""
    return Formula(function.__qualname__, dedent(inspect.getsource(function)).rstrip())
