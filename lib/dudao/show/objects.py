"""What an analyst sees who ends a cell with a case, facts, measures, verdicts or schools.

IPython is told how to show them, lists of them too; a program that runs without it is not touched.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from dudao.base.rounding import plain
from dudao.facts.items import STAGES, item
from dudao.facts.view import Fact, Facts
from dudao.indicators.measure import Measure
from dudao.indicators.schools import SCHOOL_RESOURCES
from dudao.indicators.stage_schools import ABOVE, BETWEEN, UNKNOWN, StageSchools
from dudao.judging.results import Verdict
from dudao.show.tables import Marked, Record, Table, table
from dudao.show.words import BASES, RESULTS, STATUSES

MOST = 200  # rows shown of what has thousands


def case_table(case: Any) -> Table:
    """Say which county, year and notebook a case is, and what it holds."""
    rows = [
        ("县（区）", f"{case.name}（{case.county}）" + ("　虚构" if case.is_fictional else "")),
        ("评价年度", f"{case.year.year}年（数据{case.year.data_year}年）"),
        ("分册", case.notebook),
        ("评价方案", case.framework.title),
        ("要点", "、".join(f"{p.id} {p.title}" for p in case.points)),
        ("已报", f"{len(case.facts.table)}个数"),
        ("下一步", "case.facts 看数据，case.verdicts() 看判定"),
    ]
    return table("本县与本年度", ("名称", "内容"), rows)


def facts_table(facts: Facts) -> Table:
    """List what is reported, item by item; of many rows the first."""
    shown = facts.table.head(MOST)
    rows = [
        (
            item(row.item).label,
            STAGES[row.stage],
            str(row.data_year),
            row.school,
            plain(row.value),
            item(row.item).unit,
            STATUSES.get(row.status, row.status),
            f"{row.sheet}!{row.cell}",
        )
        for row in shown.itertuples()
    ]
    more = f"，列前{MOST}个" if len(facts.table) > MOST else ""
    columns = ("指标", "学段", "年份", "学校", "数值", "单位", "状态", "出处")
    return table(f"报送的数据（{len(facts.table)}个{more}）", columns, rows, numbers=("数值",))


def fact_table(facts: Iterable[Fact]) -> Table:
    """List single facts."""
    rows = [
        (
            item(one.item).label,
            STAGES[one.stage],
            str(one.data_year),
            f"{one.qualifier}{plain(one.value)}",
            item(one.item).unit,
            STATUSES.get(one.status, one.status),
            one.place,
        )
        for one in facts
    ]
    columns = ("指标", "学段", "年份", "数值", "单位", "状态", "出处")
    return table("报送的数据", columns, rows, numbers=("数值",))


def measures_table(measures: Iterable[Measure]) -> Table:
    """List measures with what they were worked out from."""
    rows = [
        (
            f"{item(one.item).label}{f'·{one.detail}' if one.detail else ''}",
            STAGES[one.stage],
            str(one.data_year),
            plain(one.value, 4) or "缺数据",
            one.unit,
            BASES[one.basis],
            one.working,
            "、".join(one.missing),
            "、".join(one.sources),
        )
        for one in measures
    ]
    columns = ("指标", "学段", "年份", "数值", "单位", "凭据", "算式", "缺少", "出处")
    return table("指标", columns, rows, numbers=("数值",))


def verdicts_table(verdicts: Iterable[Verdict]) -> Table:
    """List verdicts with value, limit, gap and citation."""
    rows = [
        (
            "、".join(one.points),
            one.label,
            Marked(RESULTS[one.result][0], one.result),
            plain(one.value, 4) or "—",
            plain(one.threshold) if one.threshold is not None else "",
            one.gap.text if one.gap else "",
            BASES[one.basis],
            one.citation,
        )
        for one in verdicts
    ]
    columns = ("要点", "检查", "结果", "数值", "标准", "还差", "凭据", "依据")
    return table("判定", columns, rows, numbers=("数值", "标准", "还差"))


def schools_table(group: StageSchools) -> Table:
    """List the schools of a stage: pupils, the seven resources per pupil, whether each passes."""
    marks = {ABOVE: "met", BETWEEN: "reference", UNKNOWN: "undecided"}
    rows = []
    for code, row in group.schools.iterrows():
        states = group.states.loc[code]
        cells = [
            Marked(plain(group.values.loc[code, c], 2) or "—", marks.get(states[c], "not_met"))
            for c in SCHOOL_RESOURCES
        ]
        passes = group.passes[code]
        result = "undecided" if pd.isna(passes) else "met" if passes else "not_met"
        name = group.names.get(code) or str(code)
        rows.append(
            (name, row["kind"], plain(row["enrolment"]), *cells, Marked(RESULTS[result][0], result))
        )
    heads = tuple(item(code).label for code in SCHOOL_RESOURCES)
    columns = ("学校", "类别", "在校生", *heads, "本校")
    return table(f"{STAGES[group.stage]}各校（{len(rows)}所）", columns, rows, numbers=("在校生",))


LISTED: dict[type, Callable[[Any], Table]] = {
    Measure: measures_table,
    Verdict: verdicts_table,
    Fact: fact_table,
}


def of_list(values: list[Any] | tuple[Any, ...]) -> Table | None:
    """Return the table of a list of one of our kinds; None, and IPython's own way, of others."""
    kinds = {type(value) for value in values}
    shown = LISTED.get(next(iter(kinds))) if len(kinds) == 1 else None
    return shown(values) if shown else None


def register() -> None:
    """Tell a running IPython how to show them; does nothing where none runs."""
    module = sys.modules.get("IPython")
    shell = module.get_ipython() if module else None
    if shell is None or shell.display_formatter is None:
        return
    bundles = shell.display_formatter.mimebundle_formatter
    text = shell.display_formatter.formatters["text/plain"]
    tables: dict[type, Callable[[Any], Table]] = {
        Facts: facts_table,
        StageSchools: schools_table,
        **{kind: _alone(shown) for kind, shown in LISTED.items()},
    }
    for kind, shown in tables.items():
        bundles.for_type(kind, _as_bundle(shown))
        text.for_type(kind, _as_text(shown))
    bundles.for_type_by_name("dudao.case", "Case", _as_bundle(case_table))
    text.for_type_by_name("dudao.case", "Case", _as_text(case_table))
    for kind in (list, tuple):
        bundles.for_type(kind, _as_bundle(of_list))


def _alone(shown: Callable[[Any], Table]) -> Callable[[Any], Table]:
    return lambda one: shown([one])


def _as_bundle(shown: Callable[[Any], Table | None]) -> Callable[..., Record | None]:
    def made(value: object, include: object = None, exclude: object = None) -> Record | None:
        table = shown(value)
        return table._repr_mimebundle_() if table else None

    return made


def _as_text(shown: Callable[[Any], Table]) -> Callable[..., Any]:
    return lambda value, printer, cycle: printer.text(repr(shown(value)))


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
    return Formula(function.__qualname__, inspect.getsource(function).rstrip())
