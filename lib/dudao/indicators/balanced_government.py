"""The government's part in balanced compulsory education: county figures and veto items."""

import math
from dataclasses import replace

from dudao.base.rounding import plain
from dudao.facts.view import Facts
from dudao.indicators.declared import level, quotient
from dudao.indicators.measure import Measure, Remedy, from_inputs, named
from dudao.indicators.rates import coefficient_of_variation, share_percent
from dudao.indicators.schools import BALANCED_STAGES, SchoolRules, covered_schools, school_measure
from dudao.indicators.spread import composite

BASIC_RESOURCES = (
    *("teaching_area", "sports_area", "equipment_value", "school_computers", "school_books"),
    *("school_teachers", "teachers_above_standard_degree", "middle_title_teachers"),
)
PRINTED = 0.0005  # three decimals are printed


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


def basic_cvs(facts: Facts, stage: str, rules: SchoolRules) -> dict[str, float]:
    """Coefficients of the eight resources of basic balance (基本均衡); NaN where unknown.

    Source: 教督〔2012〕3号.
    """
    schools, _ = covered_schools(facts, stage, rules, BASIC_RESOURCES)
    return {
        code: coefficient_of_variation(schools[code], schools["enrolment"])
        for code in BASIC_RESOURCES
    }


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


def class_rates(facts: Facts, rules: SchoolRules) -> list[Measure]:
    """Large and super-large classes (大班额、超大班额) in all classes of compulsory education.

    Source: 国发〔2016〕40号.
    """
    return [_class_rate(facts, kind, rules) for kind in ("large", "super_large")]


def basic_balances(facts: Facts, rules: SchoolRules) -> list[Measure]:
    """Return the composite of the eight coefficients, primary and junior.

    Source: 教督〔2012〕3号.
    """
    return [basic_balance(facts, stage, rules) for stage in BALANCED_STAGES]
