"""The table of the rules that a notebook applies."""

from __future__ import annotations

from datetime import date
from typing import Any

from dudao.base.rounding import plain
from dudao.case import Case
from dudao.facts.items import STAGES
from dudao.law import DatedValue, EvaluationYear, Threshold
from dudao.law.rules_check import LAW_STATUS, ROLES
from dudao.show.tables import Cited, Table, table
from dudao.show.words import OPERATORS, area_mark


def _limit(value: DatedValue, unit: str = "") -> str:
    return "未查到" if value.value is None else f"{plain(value.value)}{unit}"


def _coming(case: Case, rule: Threshold) -> DatedValue | None:
    """Return the value that judges the progress year, where it differs from the judged one."""
    day = case.year.law_date(rule.date_rule)
    later = EvaluationYear(case.year.year + 1).law_date(rule.date_rule)
    if not rule.in_force(day) or rule.at(later).value == rule.at(day).value:
        return None
    return rule.at(later)


def _since(start: date) -> str:
    """Return from when, as far as it is known: 31 December stands for a year."""
    is_year = (start.month, start.day) == (12, 31)
    return f"{start.year}年" if is_year else f"{start.year}年{start.month}月"


def _law_row(case: Case, rules: list[Threshold]) -> tuple[Any, ...]:
    rule = rules[0]
    day = case.year.law_date(rule.date_rule)
    value = rule.at(day) if rule.in_force(day) else rule.values[0]
    coming = _coming(case, rule)
    then = f"（{_since(coming.start)}起{_limit(coming)}）" if coming else ""
    status = "" if rule.status == "sourced" else f"【{LAW_STATUS[rule.status]}】"
    return (
        "、".join(case.framework.points_of(rule.topics, rule.id)),
        rule.label,
        "、".join(STAGES[rule.stage] for rule in rules),
        (f"{OPERATORS[rule.compare]} {_limit(value, rule.unit)}", then),
        ROLES[rule.role],
        str(value.start) if rule.in_force(day) else f"{value.start}（尚未施行）",
        (
            area_mark(rule.area),
            Cited(value.citation, value.reference.url),
            status,
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
