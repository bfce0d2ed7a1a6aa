"""Tables about single schools: what the law asks of each, and which fall short of what."""

from collections.abc import Sequence
from typing import Any

from dudao.base.rounding import plain
from dudao.case import Case
from dudao.facts.items import STAGES
from dudao.judging.results import Verdict
from dudao.law import Threshold
from dudao.show.tables import Cited, Table, table
from dudao.show.words import OPERATORS, status_mark

GROUPS = ("balanced_school", "balanced_conditions", "kindergarten_areas")


def _amounts(rules: Sequence[Threshold], values: Sequence[float | None]) -> str:
    """Return one amount where all stages have the same, else each with its stage."""
    texts = [f"{plain(value)}{rule.unit}" for rule, value in zip(rules, values, strict=True)]
    if len(set(texts)) == 1:
        return texts[0]
    return "，".join(f"{STAGES[r.stage]}{text}" for r, text in zip(rules, texts, strict=True))


def _limit_row(case: Case, rules: Sequence[Threshold]) -> tuple[Any, ...]:
    """One line for a rule of all its stages; their exemptions follow the same order."""
    first, values = rules[0], [case.law.value(rule.id, case.year) for rule in rules]
    relaxed = tuple(
        f"{same[0].label}：{_amounts(rules, [one.value for one in same])}"
        for same in zip(*(rule.exemptions for rule in rules), strict=True)
    )
    return (
        first.label,
        f"{OPERATORS[first.compare]} {_amounts(rules, [value.value for value in values])}",
        (*relaxed, first.note),
        (Cited(values[0].citation, values[0].reference.url), status_mark(first.status)),
    )


def limits_table(case: Case) -> Table:
    """List what the law asks of every single school, with the schools for which it is relaxed."""
    grouped: dict[str, list[Threshold]] = {}
    for rule in (rule for group in GROUPS for rule in case.law.of_group(group)):
        grouped.setdefault(rule.label, []).append(rule)
    columns = ("每校标准", "数值", "放宽与说明", "依据")
    rows = (_limit_row(case, rules) for rules in grouped.values())
    return table("对每所学校、幼儿园的要求", columns, rows)


def failing_table(verdicts: Sequence[Verdict]) -> Table:
    """List the schools and kindergartens that fall short, each with what it falls short of."""
    by_school: dict[str, list[str]] = {}
    for verdict in verdicts:
        for name in verdict.units:
            by_school.setdefault(name, []).append(verdict.label.removesuffix("的学校"))
    ordered = sorted(by_school.items(), key=lambda entry: -len(entry[1]))
    rows = [(name, str(len(labels)), "；".join(labels)) for name, labels in ordered]
    columns = ("学校（园）", "项数", "未达到的标准")
    return table("未达到标准的学校（园）", columns, rows, numbers=("项数",), empty="没有")
