"""Tables about the county and the run: whose figures, which points, which versions."""

from __future__ import annotations

import platform

import dudao
from dudao.base import reference
from dudao.case import Case
from dudao.law.framework import ORIGINS
from dudao.show.charts import SCENARIO
from dudao.show.report.scenario import scenario_rows, scenario_table
from dudao.show.tables import Link, Table, Tables, table


def _nature(case: Case) -> str:
    """Say whether figures are invented, and whether some are only assumed."""
    nature = "虚构数据，仅供演示" if case.is_fictional else "据公开报告或公告"
    return f"{nature}；{SCENARIO}" if case.scenario else nature


def case_table(case: Case) -> Table | Tables:
    """Say whose figures these are, from where, and under which scheme they are judged."""
    meta, year = case.meta, case.year
    remarks = (case.framework.origin, case.framework.remark(year.year))
    rows = [
        ("县（区）", f"{case.name}（{case.county}）"),
        ("数据性质", _nature(case)),
        *scenario_rows(case),
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
    rows = [
        (point.id, titles[point.secondary], point.title, ORIGINS[point.origin])
        for point in case.points
    ]
    return table("评价要点", ("编号", "二级指标", "评价要点", "来源"), rows)


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
