"""Primary 6, 教师队伍建设: staff and posts, pay, training, rotation."""

from __future__ import annotations

from dataclasses import replace

from dudao.base.rounding import plain
from dudao.facts.view import Facts
from dudao.indicators.declared import YUAN_PER_WAN, quotient
from dudao.indicators.measure import Measure, raised_in

TAUGHT = ("primary", "junior")  # the stages of compulsory education
PAY_ITEMS = ("teacher_average_pay", "civil_servant_average_pay")


def _shortfall(facts: Facts, lacking: float) -> str:
    """Say what a teacher lacks to a civil servant, and what all teachers lack together."""
    text = f"教师比公务员人均少{plain(lacking, 2)}元"
    reported = [facts.get("full_time_teachers", stage) for stage in TAUGHT]
    if not all(fact.is_reported for fact in reported):
        return text
    teachers = sum(fact.value for fact in reported)
    total = plain(lacking * teachers / YUAN_PER_WAN, 2)
    return f"{text}，按小学、初中专任教师{plain(teachers)}人计合计{total}万元"


def pay(facts: Facts) -> list[Measure]:
    """Average pay of compulsory teachers over that of civil servants; 元 a teacher raise it.

    Source: 教督〔2017〕6号.
    """
    measure = raised_in(quotient(facts, "teacher_pay_ratio"), "元/人")
    teachers, others = (facts.get(code).value for code in PAY_ITEMS)
    if not others > teachers:
        return [measure]
    return [replace(measure, note=_shortfall(facts, others - teachers))]
