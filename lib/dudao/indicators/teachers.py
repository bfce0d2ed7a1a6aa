"""Primary 6, 教师队伍建设: staff and posts, pay, training, rotation."""

from __future__ import annotations

from dataclasses import replace

from dudao.base.rounding import plain
from dudao.facts.view import Facts
from dudao.indicators.declared import quotient
from dudao.indicators.measure import Gap, Measure
from dudao.indicators.money_gap import with_gap

COMPULSORY = "compulsory"
TAUGHT = ("primary", "junior")  # the stages of compulsory education
STAFFED = (*TAUGHT, "senior")
WAN = 10_000  # 元 in one 万元: arithmetic of units, not law
STAFF_ITEMS = ("staff", "approved_posts", "vacant_posts", "certified_teachers")
PAY_ITEMS = ("teacher_average_pay", "civil_servant_average_pay")
TRAINING_ITEMS = (
    *("teachers_trained_in_full", "training_expenditure", "operating_budget"),
    "schools_with_training_budget",
)
ROTATION_ITEMS = ("rotation_eligible_teachers", "rotated_teachers", "rotated_backbone_teachers")


def staffing(facts: Facts) -> list[Measure]:
    """Pupils for each member of staff (生师比), and certified teachers, stage by stage."""
    return [
        *(quotient(facts, "pupils_per_staff", stage) for stage in STAFFED),
        *(quotient(facts, "teacher_certification_rate", stage) for stage in TAUGHT),
    ]


def posts(facts: Facts) -> list[Measure]:
    """Pupils for each approved post, and posts left vacant (空编): shown, judged by nobody."""
    codes = ("pupils_per_post", "vacancy_rate")
    return [quotient(facts, code, stage) for code in codes for stage in STAFFED]


def _shortfall(facts: Facts, lacking: float) -> str:
    """Say what a teacher lacks to a civil servant, and what all teachers lack together."""
    text = f"教师比公务员人均少{plain(lacking, 2)}元"
    found = [facts.get("full_time_teachers", stage) for stage in TAUGHT]
    if not all(fact.is_reported for fact in found):
        return text
    teachers = sum(fact.value for fact in found)
    total = plain(lacking * teachers / WAN, 2)
    return f"{text}，按小学、初中专任教师{plain(teachers)}人计合计{total}万元"


def pay(facts: Facts) -> list[Measure]:
    """Average pay of compulsory teachers over that of civil servants; the gap is 元 a teacher.

    Source: 教督〔2017〕6号.
    """
    own, others = (facts.get(code).value for code in PAY_ITEMS)

    def gap_to(threshold: float) -> Gap:
        return threshold * others - own, "元/人"

    measure = with_gap(quotient(facts, "teacher_pay_ratio"), gap_to)
    if not others > own:
        return [measure]
    return [replace(measure, note=_shortfall(facts, others - own))]


def training(facts: Facts) -> list[Measure]:
    """Teachers who completed the hours of a five-year cycle, and money set aside for training."""
    return [
        *(quotient(facts, "training_completion_rate", stage) for stage in TAUGHT),
        quotient(facts, "training_expenditure_share", COMPULSORY),
        quotient(facts, "training_budget_compliance", COMPULSORY),
    ]


def rotation(facts: Facts) -> list[Measure]:
    """Teachers who changed schools (交流轮岗): of those eligible, and backbone teachers of these.

    The denominators differ: eligible teachers for the first, exchanged teachers for the second.
    """
    return [
        quotient(facts, "rotation_rate", COMPULSORY),
        quotient(facts, "backbone_rotation_share", COMPULSORY),
    ]
