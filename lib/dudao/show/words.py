"""The Chinese words for results, bases and outcomes; one place, so that all pages agree."""

from typing import Any

from dudao.base import reference
from dudao.base.rounding import plain
from dudao.facts.cells import qualified
from dudao.law.areas import NATIONAL
from dudao.law.rules_check import LAW_STATUS
from dudao.show.tables import Marked

RESULTS = {
    "met": ("达标", "✓"),
    "not_met": ("未达标", "×"),
    "undecided": ("待定", "？"),
    "not_applicable": ("不适用", "－"),
    "reference": ("参考", "○"),
}
BASES = {
    "computed": "按数据计算",
    "attested": "据报告陈述",
    "contradicted": "报告与数据不符",
    "": "",
}
WAYS_SHORT = {"computed": "计算", "attested": "陈述", "contradicted": "与报告不符", "": ""}
OUTCOMES = {
    "exact": ("一致", "met"),
    "within_rounding": ("在舍入范围内一致", "met"),
    "attainable": ("可成立，未列分子", "reference"),
    "contradicted": ("不一致", "not_met"),
    "not_comparable": ("口径不同，不可比", "undecided"),
    "not_recomputable": ("不可复算", "undecided"),
    "narrative": ("叙述性数字", "not_applicable"),
}
CROSS_CHECKS = {
    "agrees": ("一致", "met"),
    "disagrees": ("矛盾", "not_met"),
    "implausible": ("存疑", "undecided"),
    "unchecked": ("缺数据", "undecided"),
}
DOUBTS = {
    "disagrees": "矛盾",
    "implausible": "存疑",
    "contradicted": "报告与数据不符",
    "overrated": "自评高于数据",
}
CHANGES = {
    "worse": ("变差", "not_met"),
    "better": ("变好", "met"),
    "same": ("未变", "not_applicable"),
    "not_comparable": ("不可比", "not_applicable"),
}
OPERATORS = {">=": "≥", "<=": "≤", "==": "＝", ">": "＞", "<": "＜"}
STATUSES = {"reported": "", "missing": "未报", "not_applicable": "不涉及"}


def reported_text(row: Any) -> str:
    """Return a figure as it is reported, 近2000 or 90以上, or the word for one that is not.

    row: with status, value and qualifier, of the table of facts or a fact itself.
    """
    return STATUSES[row.status] or qualified(row.value, row.qualifier)


def limit_words(compare: str, threshold: float | None, unit: str = "", between: str = "") -> str:
    """Return operator, standard and unit: ≥85%; nothing where there is no standard."""
    return "" if threshold is None else f"{OPERATORS[compare]}{between}{plain(threshold)}{unit}"


def result_word(result: str, law_status: str) -> str:
    """Return the word of a check's result; one that fails an unconfirmed rule says so."""
    word = RESULTS[result][0]
    is_unproven = result == "not_met" and law_status == "unconfirmed"
    return f"{word}（{LAW_STATUS[law_status]}）" if is_unproven else word


def marked(result: str, law_status: str = "") -> Marked:
    """Return a result as a cell of a table: its word, in its colour."""
    return Marked(result_word(result, law_status), result)


def signed(result: str) -> str:
    """Return sign and word of a result, as in ✓ 达标."""
    word, sign = RESULTS[result]
    return f"{sign} {word}"


def status_mark(law_status: str) -> str:
    """Return 【未经证实】 for a rule that no document was read for, nothing for a sourced one."""
    return "" if law_status == "sourced" else f"【{LAW_STATUS[law_status]}】"


_PROVINCE, _CITY = 2, 4


def area_name(area: str) -> str:
    """Return the name of a province, city or county by its code; the code where it has none."""
    inside = next((c for code, c in reference.counties().items() if code.startswith(area)), None)
    if inside is None:
        return f"代码{area}地区"
    return {_PROVINCE: inside.province, _CITY: inside.city}.get(len(area), inside.name)


def area_mark(area: str) -> str:
    """Return 【河南省标准】 for a local rule, nothing for a national one."""
    return "" if area == NATIONAL else f"【{area_name(area)}标准】"
