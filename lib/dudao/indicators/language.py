"""Primary 8, 语言文字工作: who speaks the common language, and how well teachers do."""

from __future__ import annotations

from dudao.facts.items import item
from dudao.facts.view import Facts
from dudao.indicators.declared import quotient
from dudao.indicators.measure import Measure


def popularisation(facts: Facts) -> list[Measure]:
    """Share of those surveyed who can speak Putonghua (普通话普及率)."""
    return [quotient(facts, "putonghua_rate")]


def teacher_levels(facts: Facts) -> list[Measure]:
    """Teachers with the required Putonghua grade: all by stage, then those of Chinese."""
    return [
        quotient(facts, code, stage)
        for code in ("putonghua_2b_rate", "chinese_teacher_2a_rate")
        for stage in item(code).stages
    ]
