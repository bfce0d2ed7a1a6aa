"""The few measures of primaries 1, 5, 6 and 7 that need more than the dictionary's formula.

党对教育工作的全面领导: what the county invested, recruited, awarded, achieved. 教育公平: funds of
disabled pupils. 教师队伍建设: pay. 学校安全: guards.
"""

from dataclasses import replace

import pandas as pd

from dudao.base.rounding import plain
from dudao.facts.items import items
from dudao.facts.view import Facts, once_per_county
from dudao.indicators.declared import YUAN_PER_WAN, level, quotient
from dudao.indicators.measure import Measure, from_inputs, named, raised_in
from dudao.indicators.rates import share_percent
from dudao.indicators.schools import SchoolRules, lacking_columns

TOPIC = "education_strategy"
RECRUITMENT = (
    "teachers_recruited",
    "full_time_teachers_recruited",
    "special_post_teachers_recruited",
    "exam_recruited_teachers",
)
TAUGHT = ("primary", "junior")  # the stages of compulsory education
PAY_ITEMS = ("teacher_average_pay", "civil_servant_average_pay")
GUARDED = ("primary", "junior", "senior")


def stated_levels(facts: Facts) -> list[Measure]:
    """Return the point's figures as the county states them: data year, then progress year.

    No document sets a pass line for any of them; each is attested only.
    """
    codes = [code for code, item in items().items() if TOPIC in item.topics]
    years = (facts.year.data_year, facts.year.progress_year)
    return [
        level(facts, code, stage, year)
        for year in years
        for code in codes
        for stage in items()[code].stages
        if facts.get(code, stage, year).is_reported
    ]


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


@once_per_county
def guard_numbers(facts: Facts, rules: SchoolRules) -> list[Measure]:
    """Guards of all schools in the least that their sizes ask for together, in percent.

    A school of several stages counts once, with all its pupils. Source: GB/T 29315-2022.
    """
    guards = facts.get("security_guards")
    by_stage = {stage: facts.schools(stage, ("enrolment",)) for stage in GUARDED}
    schools = pd.concat(by_stage.values())
    lacking: tuple[str, ...] = ("各校在校生（学校）",)
    if len(schools):
        listed = [
            lacking_columns(rows, stage, ("enrolment",))
            for stage, rows in by_stage.items()
            if len(rows)
        ]
        lacking = tuple(text for texts in listed for text in texts)
    pupils = schools["enrolment"].groupby(level=0).sum(skipna=False)
    least = rules.guards(schools[~schools.index.duplicated()].assign(enrolment=pupils))
    total = least.sum(skipna=False)
    measure = named(
        "guards_to_minimum",
        "all",
        facts.year.data_year,
        working=f"{plain(guards.value)} ÷ {plain(total)} × 100",
        note=f"按{len(least)}所学校的规模至少应配{plain(total)}名" if total > 0 else "",
    )
    if lacking:
        asked = (guards.request, *lacking) if guards.is_missing else lacking
        return [replace(measure, missing=asked, working="")]
    computed = from_inputs(facts, measure, [guards], lambda value: share_percent(value, total))
    return [replace(computed, sources=(*computed.sources, "学校"))]


def special_operating_funds(facts: Facts) -> Measure:
    """Operating funds per disabled pupil (特殊教育生均公用经费), raised by money.

    Pupils of special schools and 随班就读; home teaching is in neither side.
    Source: 国发〔2015〕67号.
    """
    measure = quotient(facts, "special_operating_funds_per_pupil", "compulsory")
    return raised_in(measure, "万元", YUAN_PER_WAN)
