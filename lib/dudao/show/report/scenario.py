"""What a scenario assumes, as a reader and the runner see it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dudao.base.rounding import plain, qualified
from dudao.case import Case
from dudao.law import law_for
from dudao.scenarios import CLAIMS_LEFT_OUT, Effect
from dudao.show.charts import SCENARIO
from dudao.show.tables import Table, table
from dudao.show.words import STATUSES


def scenario_rows(case: Case) -> list[tuple[Any, ...]]:
    """Return the rows of the head that say which scenario this is; none for the real data."""
    if case.scenario is None:
        return []
    assumed = case.scenario.scenario
    lines = (f"{assumed.title}（{assumed.file}）", assumed.note, f"{CLAIMS_LEFT_OUT}。")
    return [("情景", (f"【{SCENARIO}】", *lines))]


def changes(case: Case) -> list[dict[str, str]]:
    """Return every changed figure and assumed standard in words: what, whose, from, to, unit."""
    effects = case.scenario.effects if case.scenario else ()
    return [*_changed_figures(effects), *_assumed_standards(case)]


def _assumed_standards(case: Case) -> list[dict[str, str]]:
    standards = case.scenario.scenario.standards if case.scenario else ()
    in_force = law_for(case.law.area)
    rows = []
    for standard in standards:
        if standard.rule not in in_force.thresholds:
            continue
        rule = in_force[standard.rule]
        day = case.year.law_date(rule.date_rule)
        before = rule.at(day).value if rule.in_force(day) else None
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


def _changed_figures(effects: Iterable[Effect]) -> list[dict[str, str]]:
    return [
        {
            "what": effect.label,
            "school": effect.school,
            "from": _before(effect),
            "to": plain(effect.after),
            "unit": effect.unit,
        }
        for effect in effects
    ]


def _before(effect: Effect) -> str:
    return qualified(effect.before, effect.qualifier) or STATUSES[effect.status]


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
