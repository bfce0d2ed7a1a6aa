"""The government's part in balanced compulsory education: county figures and veto items."""

from __future__ import annotations

import math
from dataclasses import replace

from dudao.base.rounding import plain
from dudao.facts.view import Facts, once_per_county
from dudao.indicators.basic_balance import basic_cvs
from dudao.indicators.common import share_percent
from dudao.indicators.declared import level, quotient
from dudao.indicators.measure import Measure, Remedy, from_inputs, named
from dudao.indicators.schools import BALANCED_STAGES, SchoolRules, school_measure
from dudao.indicators.spread import composite

PRINTED = 0.0005  # three decimals are printed

VETOES = (
    ("examination_admissions", "compulsory"),
    ("school_choice_violations", "compulsory"),
    ("key_schools_classes", "compulsory"),
    ("vacant_posts_unfilled", "compulsory"),
    ("long_term_contract_teachers", "compulsory"),
    ("major_safety_accidents", "all"),
    ("serious_discipline_cases", "compulsory"),
    ("data_fraud", "compulsory"),
)


def years_since(facts: Facts, code: str, stage: str) -> Measure:
    """Years from a reported year to the data year; `code` is the item of the number of years."""
    start, year = facts.get("basic_balance_year", stage), facts.year.data_year
    measure = named(
        code,
        stage,
        year,
        raised_by=Remedy("年", lambda amount: year - start.value + amount),
        working=f"{year} - {plain(start.value)}",
    )
    return from_inputs(facts, measure, [start], lambda value: year - value)


def _class_rate(facts: Facts, kind: str, rules: SchoolRules) -> Measure:
    """Share of large classes; a note where the school sheet proves more of them."""
    measure = quotient(facts, f"{kind}_class_rate", "compulsory")
    reported, proven = facts.get(f"{kind}_classes", "compulsory"), 0
    for stage in BALANCED_STAGES:
        rows = facts.schools(stage, ("largest_class",))
        proven += int((rules.meets(f"{kind}_class_pupils", rows["largest_class"], rows) == 1).sum())
    if not reported.value < proven:
        return measure
    note = f"学校表中至少有{proven}个这样的班，多于所报的{plain(reported.value)}个，请核实"
    return replace(measure, note="；".join(filter(None, (measure.note, note))))


def basic_balance(facts: Facts, stage: str, rules: SchoolRules) -> Measure:
    """Composite of the eight coefficients, from the school sheet where it has all eight.

    Else the figure that the county reports; where both are there and differ in print, a note.
    Source: 教督〔2012〕3号 附件.
    """
    reported = level(facts, "basic_balance_cv", stage)
    computed = composite(basic_cvs(facts, stage, rules).values())
    if math.isnan(computed):
        return reported
    differs = reported.is_known and abs(reported.value - computed) > PRINTED
    note = f"县级指标所填{plain(reported.value)}与按学校表计算的不符" if differs else ""
    notes = "；".join(filter(None, (reported.note, note)))
    return school_measure(facts, "basic_balance_cv", stage, computed, note=notes)


def private_share(facts: Facts) -> Measure:
    """Pupils of private schools in all pupils of compulsory education, in percent.

    Source: 关于规范民办义务教育发展的意见 (2021).
    """
    inputs = [
        facts.get(code, stage)
        for code in ("private_enrolment", "enrolment")
        for stage in BALANCED_STAGES
    ]
    measure = named(
        "private_compulsory_share",
        "compulsory",
        facts.year.data_year,
        working="({} + {}) ÷ ({} + {}) × 100".format(*(plain(fact.value) for fact in inputs)),
    )
    return from_inputs(facts, measure, inputs, lambda a, b, c, d: share_percent(a + b, c + d))


@once_per_county
def government(facts: Facts, rules: SchoolRules) -> list[Measure]:
    """Zoned enrolment, unified standards, large classes, basic balance as recognised before.

    Source: 教督〔2017〕6号; 国发〔2016〕40号; 教督〔2012〕3号.
    """
    return [
        *(quotient(facts, "zoned_enrolment_share", stage) for stage in BALANCED_STAGES),
        level(facts, "unified_standards", "compulsory"),
        *(_class_rate(facts, kind, rules) for kind in ("large", "super_large")),
        years_since(facts, "years_since_basic_balance", "compulsory"),
        *(basic_balance(facts, stage, rules) for stage in BALANCED_STAGES),
        private_share(facts),
    ]


def monitoring_results(facts: Facts) -> list[Measure]:
    """Attainment in the national quality monitoring, and how it varies between schools.

    Source: 教督〔2017〕6号.
    """
    codes = ("monitoring_level", "monitoring_variation")
    return [level(facts, code, stage) for code in codes for stage in BALANCED_STAGES]


def vetoes(facts: Facts) -> list[Measure]:
    """Veto items (一票否决): cases found in the data year; one is enough, none can be bought off.

    Source: 教督〔2017〕6号.
    """
    return [level(facts, code, stage) for code, stage in VETOES]
