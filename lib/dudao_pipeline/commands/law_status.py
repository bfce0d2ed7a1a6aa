"""The table of the law: rule, value, since, document, clause or that none was seen, who relies."""

from __future__ import annotations

from collections.abc import Iterator

from dudao.law.areas import NATIONAL
from dudao.law.framework import Framework, framework_for
from dudao.law.rules_check import OPERATORS
from dudao.law.thresholds import PASS, REFERENCE, VETO, Threshold, all_thresholds
from dudao.law.topics import notebook_of
from dudao.law.values import UNSEEN, DatedValue

LATEST = 2024  # the scheme whose points are named
ROLES = {PASS: "达标线", VETO: "一票否决", REFERENCE: "参考线"}
STATUS = {"sourced": "有出处", "unconfirmed": "未经证实"}
HEADER = ("编号", "内容", "标准", "起始日", "依据", "条文", "性质", "出处", "用于")
HEAD = """# 标准的依据一览

本表由 `dudao law --status` 写成，不手工修改；一条标准的每个数值一行。

- “条文”：见到的写条号，没有见到原文的写“未见条文”。
- “未经证实”的标准单独不能使要点未达标。
- “未查到”：知道有文件而没有见到数值，取得后按 [加载标准](load-your-scheme.md) 补入。
- “用于”：依靠它的评价要点；只用于单校、单园判定的写明。
"""


def _number(rule: Threshold, value: float | None) -> str:
    return "未查到" if value is None else f"{OPERATORS[rule.compare]}{value:g}{rule.unit}"


def _limit(rule: Threshold, value: DatedValue) -> str:
    kinds = [f"{kind}{_number(rule, number)}" for kind, number in value.kinds]
    general = _number(rule, value.value)
    return "；".join((*kinds, f"其余{general}")) if kinds else general


def _document(value: DatedValue) -> str:
    papers = (value.reference, *value.also)
    return "、".join(
        f"{p.title}{p.number}" if p.convention else f"《{p.title}》{p.number}" for p in papers
    )


def _clause(value: DatedValue) -> str:
    if value.reference.convention:
        return "无文件条文"
    return value.clause or value.reference.clause or UNSEEN


def _reliance(rule: Threshold, framework: Framework) -> str:
    points = framework.points_of(rule.topics, rule.id)
    if points:
        return "、".join(points)
    if rule.topics:
        return "、".join(dict.fromkeys(notebook_of(topic) for topic in rule.topics))
    return "单校（园）判定"


def _rows(rule: Threshold, framework: Framework) -> Iterator[tuple[str, ...]]:
    for value in rule.values:
        yield (
            f"`{rule.id}`",
            rule.label,
            _limit(rule, value),
            value.start.isoformat(),
            _document(value),
            _clause(value),
            ROLES[rule.role],
            STATUS[rule.status],
            _reliance(rule, framework),
        )


def _area(areas: tuple[str, ...]) -> str:
    return "全国" if areas == (NATIONAL,) else f"区划代码{'、'.join(areas)}"


def _table(rows: list[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(HEADER)} |"
    yield f"|{'---|' * len(HEADER)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def status_text() -> str:
    """Return docs/law-status.md: one table for each law file, one row for each dated value."""
    framework = framework_for(LATEST)
    rules = all_thresholds()
    files = dict.fromkeys(rule.file for rule in rules)
    judging = [rule for rule in rules if rule.role != REFERENCE]
    unconfirmed = sum(rule.status == "unconfirmed" for rule in judging)
    lines = [HEAD, f"共{len(rules)}条，其中判定{len(judging)}条，未经证实的{unconfirmed}条。"]
    for name in files:
        of_file = [rule for rule in rules if rule.file == name]
        lines += ["", f"## {name}（{_area(of_file[0].areas)}）", ""]
        lines += _table([row for rule in of_file for row in _rows(rule, framework)])
    return "\n".join(lines) + "\n"
