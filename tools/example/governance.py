"""What a fictional county does for balanced development: admissions, vetoes, planning."""

from __future__ import annotations

from dudao.law import law_for
from dudao.law.rules_check import VETO
from tools.example import limits
from tools.example.basic_balance import basic_balance
from tools.example.model import Model
from tools.example.schools import JUNIOR, PRIMARY, Unit

Values = dict[tuple[str, str], float]
STAGES = (PRIMARY, JUNIOR)
RECOGNISED, RECOGNISED_LATE = 2015, 2021
USUAL_CASES = {"school_choice_violations": 2, "key_schools_classes": 1}
VARIATION = 0.55  # of the limit, where a county keeps it


def _zones(model: Model, drawn: Values) -> Values:
    """About half of the pupils go to public schools of towns without boarding."""
    figures: Values = {}
    for stage in STAGES:
        name, pupils = f"zoned_enrolment_share_{stage}", round(drawn["enrolment", stage] * 0.55)
        figures["zoned_school_pupils", stage] = pupils
        figures["pupils_from_own_zone", stage] = limits.part(name, pupils, model.margin(name))
    return figures


def _large(unit: Unit, year: int, at_least: float) -> int:
    """Return the large classes of a school: all where the average is one, else its largest."""
    values = unit.values(year)
    if values["largest_class"] < at_least:
        return 0
    return int(values["classes"]) if values["enrolment"] >= at_least * values["classes"] else 1


def _classes(model: Model, year: int, drawn: Values) -> Values:
    """All classes of primary and junior schools, and the large ones as the school sheet has it."""
    figures: Values = {("classes", "compulsory"): sum(drawn["classes", s] for s in STAGES)}
    for kind in ("large", "super_large"):
        limit = limits.latest(f"{kind}_class_pupils")
        count = sum(_large(unit, year, limit) for unit in model.units)
        figures[f"{kind}_classes", "compulsory"] = count
    return figures


def _monitoring(model: Model, year: int) -> Values:
    figures: Values = {}
    for stage in STAGES:
        rule = f"monitoring_variation_{stage}"
        factor = VARIATION if model.margin(rule) >= 0 else 1 + VARIATION / 2
        figures["monitoring_variation", stage] = round(limits.latest(rule) * factor, 3)
        figures["basic_balance_cv", stage] = basic_balance(model, stage, year)
        name = f"monitoring_level_{stage}"
        figures["monitoring_level", stage] = limits.at_least(name, model.margin(name), 1)
    return figures


def _veto_cases(model: Model) -> Values:
    """Return the cases of each veto item: none, unless the county is far from the rules."""
    vetoes = (rule for rule in law_for().about(("balanced_quality",)) if rule.role == VETO)
    return {
        (rule.item, rule.stage): 0 if model.margin(rule.id) >= 0 else USUAL_CASES.get(rule.id, 0)
        for rule in vetoes
    }


def values(model: Model, year: int, drawn: Values) -> Values:
    """Return the figures of the government's part in a calendar year."""
    in_time = model.margin("years_since_basic_balance") >= 0
    unified = "unified_standards"
    return {
        **_zones(model, drawn),
        **_classes(model, year, drawn),
        **_monitoring(model, year),
        **_veto_cases(model),
        **{("private_enrolment", stage): 0 for stage in STAGES},
        (unified, "compulsory"): limits.at_least(unified, model.margin(unified), 1),
        ("basic_balance_year", "compulsory"): RECOGNISED if in_time else RECOGNISED_LATE,
    }
