"""What is wrong with a file of thresholds as it is written: file, rule and key are named."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from dudao.base.errors import LawError, nearest
from dudao.law.areas import NATIONAL, areas_of
from dudao.law.dates import DATE_RULES
from dudao.law.file_keys import area_problem, key_problem
from dudao.law.topics import notebook_of

TOP = ("area", "checked_on", "references", "thresholds")
REFERENCE = ("number", "url", "read_in", "convention", "clause")
NEEDED = (*("label", "item", "stage", "compare", "unit", "decimals"), "role", "status", "values")
MORE = ("topic", "date_rule", "note", "group", "exemptions")
PASS, REFERENCE_LINE, VETO = "pass", "reference", "veto"
OPERATORS = {">=": "不低于", "<=": "不高于", "==": "等于", ">": "高于", "<": "低于"}
CHOICES = {
    "compare": OPERATORS,
    "role": (PASS, REFERENCE_LINE, VETO),
    "status": ("sourced", "unconfirmed"),
    "date_rule": DATE_RULES,
}


def _topic_problem(rule: dict[str, Any], where: str) -> str:
    try:
        [notebook_of(topic) for topic in areas_of(rule.get("topic", []))]
    except LawError as error:
        return f"{where}：{str(error).rstrip('。')}"
    return ""


def _choice_problem(rule: dict[str, Any], where: str) -> str:
    for key, allowed in CHOICES.items():
        value = rule.get(key, next(iter(allowed)))
        if value not in allowed:
            close = nearest(str(value), allowed)
            return f"{where}的 {key}“{value}”只能是{'、'.join(allowed)}{close}"
    return ""


def _value_problem(rule: dict[str, Any], where: str, references: dict[str, Any]) -> str:
    if "values" not in rule:
        return ""
    if not isinstance(rule["values"], dict) or not rule["values"]:
        return f"{where}的 values 没有一个“施行日: 数值”"
    for day, entry in rule["values"].items():
        at = f"{where}的 values {day} "
        if not isinstance(day, date):
            return f"{at}不是日期，应写成 2024-01-01"
        if problem := key_problem(entry, at, ("value", "reference"), ("clause", "also", "kinds")):
            return problem
        kinds, also = entry.get("kinds", {}), entry.get("also", [])
        if not isinstance(kinds, dict) or not isinstance(also, list):
            return f"{at}的 kinds 应写成“县的类别: 数值”，also 应是依据的列表"
        for value in (entry["value"], *kinds.values()):
            if not _is_number(value):
                return f"{at}的数值“{value}”应是数字，没有查到的写 null"
        for name in (entry["reference"], *also):
            if name not in references:
                hint = nearest(name, references)
                return f"{at}的依据“{name}”不在 references 中{hint}"
    return ""


def _is_number(value: object) -> bool:
    is_plain = isinstance(value, int | float) and not isinstance(value, bool)
    return value is None or is_plain


def is_partial(rule: dict[str, Any]) -> bool:
    """Say whether a rule of an overlay names only what it changes of a more general one."""
    return any(key not in rule for key in NEEDED)


def _problems(raw: dict[str, Any]) -> Iterator[str]:
    yield area_problem(raw["area"])
    for name, entry in raw["references"].items():
        yield key_problem(entry, f"依据“{name}”", ("title",), REFERENCE)
    for name, rule in raw["thresholds"].items():
        where = f"标准“{name}”"
        whole = areas_of(raw["area"]) == (NATIONAL,)
        keys = (NEEDED, MORE) if whole else ((), (*NEEDED, *MORE))
        if problem := key_problem(rule, where, *keys):
            yield problem
            return
        yield _choice_problem(rule, where)
        yield _topic_problem(rule, where)
        yield _value_problem(rule, where, raw["references"])


def rules_problem(raw: Any) -> str:
    """Return the first thing that is wrong with a file of thresholds, or nothing."""
    if problem := key_problem(raw, "", TOP, ()):
        return problem
    for key in ("references", "thresholds"):
        if not isinstance(raw[key], dict) or not raw[key]:
            return f"“{key}”应写成“名称: 内容”，至少一条"
    return next((problem for problem in _problems(raw) if problem), "")
