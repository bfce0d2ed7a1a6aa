"""School-level arithmetic of balanced development: seven resources and their spread."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from dudao.base.rounding import plain
from dudao.facts.items import STAGES, describe, item
from dudao.facts.sheet_layout import SCHOOLS
from dudao.facts.view import Facts, once_per_county, once_per_schools
from dudao.indicators import rates
from dudao.indicators.measure import COMPUTED, Measure, Remedy, with_claim
from dudao.indicators.splitting import shared_amounts

# The seven resources, and the number of pupils to which each is counted.
PUPILS = {
    "teachers_above_standard_degree": 100,
    "backbone_teachers": 100,
    "pe_art_teachers": 100,
    "teaching_area": 1,
    "sports_area": 1,
    "equipment_value": 1,
    "multimedia_classrooms": 100,
}
SCHOOL_RESOURCES = tuple(PUPILS)
BALANCED_STAGES = ("primary", "junior")
LEAST_LISTED = 0.95  # of a county's pupils; where fewer are listed, a school is missing


@dataclass(frozen=True)
class SchoolStandards:
    """What the law asks of one school of a stage: k of n limits, a floor for the rest.

    limits: index resource. floor: percent of the limit. decimals: at which values are decided.
    """

    limits: pd.Series
    at_least: int
    floor: float
    decimals: int


@dataclass(frozen=True)
class SchoolRules:
    """What the law says of single schools, as functions: the formulas themselves know no limit.

    scope: school rows -> which of them the comparison covers.
    standard: (values of a stage's schools, stage) -> 1 met, 0 not met, NaN unknown, per school.
    limit: (threshold, school rows) -> the limit of each school, dated exemptions included.
    meets: (threshold, values, school rows) -> 1 met, 0 not met, NaN unknown, per school; unknown
    also where an exemption would decide and what it needs is missing.
    standards: stage -> the limits of its resources, how many must be met, the floor of the rest.
    split_weights: stage -> weight of one pupil when stages of a school share a resource.
    relief: (resource, school rows) -> which schools may count what a declared exception adds.
    guards: school rows -> the least number of guards of each, NaN before there is a rule.
    """

    scope: Callable[[pd.DataFrame], pd.Series]
    standard: Callable[[pd.DataFrame, str], pd.Series]
    limit: Callable[[str, pd.DataFrame], pd.Series]
    meets: Callable[[str, pd.Series, pd.DataFrame], pd.Series]
    standards: Callable[[str], SchoolStandards]
    split_weights: Mapping[str, float]
    relief: Callable[[str, pd.DataFrame], pd.Series]
    guards: Callable[[pd.DataFrame], pd.Series]


def school_values(schools: pd.DataFrame) -> pd.DataFrame:
    """Return the seven resources of each school, per hundred pupils or per pupil.

    schools: index school, columns enrolment and the seven resources; NaN stays NaN.
    """
    enrolment = schools["enrolment"]
    values = {
        code: rates.per_hundred(schools[code], enrolment) / (100 / pupils)
        for code, pupils in PUPILS.items()
    }
    return pd.DataFrame(values)


@once_per_schools
def covered_schools(
    facts: Facts, stage: str, rules: SchoolRules, codes: tuple[str, ...] = SCHOOL_RESOURCES
) -> tuple[pd.DataFrame, str]:
    """Return the schools that the comparison covers, and a note on splits and on those outside.

    Index school; columns enrolment, the resources asked for, kind, location, built.
    """
    schools = facts.schools(stage, ("enrolment", *codes))
    if schools.empty:
        return schools, ""
    covered = schools[rules.scope(schools)]
    outside = len(schools) - len(covered)
    columns, shape = [*codes], {"index": covered.index, "columns": [*codes]}
    amounts, where_shared = shared_amounts(facts, stage, rules.split_weights)
    parts = amounts.reindex(**shape).to_numpy(float)
    shared = where_shared.reindex(**shape, fill_value=False).to_numpy(bool)
    split = int((shared & ~np.isnan(parts)).any(axis=1).sum())
    unsplit = int((shared & np.isnan(parts)).any(axis=1).sum())
    filled = covered.copy()
    filled[columns] = np.where(shared, parts, covered[columns].to_numpy(float))
    filled, relieved = _with_relief(facts, filled, rules, stage=stage, codes=codes)
    notes = (
        f"{split}所学校与其他学段共用资源，已按学生数折算拆分" if split else "",
        f"{unsplit}所学校与其他学段共用资源，但有学段未列或缺在校生，无法拆分" if unsplit else "",
        f"另有{outside}所不在评估范围（小教学点等）" if outside else "",
        *relieved,
    )
    return filled, "；".join(filter(None, notes))


def _with_relief(
    facts: Facts, schools: pd.DataFrame, rules: SchoolRules, *, stage: str, codes: tuple[str, ...]
) -> tuple[pd.DataFrame, list[str]]:
    """Add what declared exceptions allow a school to count; notes name schools and documents.

    A school of both stages counts it in neither unless the matter names the stage.
    """
    notes: list[str] = []
    if facts.exceptions.empty:
        return schools, notes
    other = {"primary": "junior", "junior": "primary"}.get(stage, "")
    combined = set(facts.schools(other, ("enrolment",)).index) if other else set()
    named_in_one = set(facts.exceptions["item"])
    for code in filter(named_in_one.__contains__, codes):
        added = facts.added_by_exception(code)
        if added.empty:
            continue
        named = added["matter"].str.contains(STAGES[stage]) | ~added["school"].isin(combined)
        added = added[added["school"].isin(schools.index) & named]
        if added.empty:
            continue
        allowed = rules.relief(code, schools)
        counted = added[added["school"].map(allowed).astype(bool)]
        amounts = counted.groupby("school")["amount"].sum()
        schools = schools.assign(
            **{code: schools[code].add(amounts, fill_value=0).where(schools[code].notna())}
        )
        label, refused = item(code).label, len(added) - len(counted)
        if len(counted):
            papers = "、".join(dict.fromkeys(counted["document"]))
            who = "、".join(named_schools(facts, amounts.index))
            notes.append(f"{who}的{label}含按例外计入的{plain(amounts.sum())}（依据：{papers}）")
        if refused:
            notes.append(f"{refused}条{label}的例外不合适用条件，未计入")
    return schools, notes


def lacking_columns(schools: pd.DataFrame, stage: str, codes: tuple[str, ...]) -> tuple[str, ...]:
    """Say which columns of the school sheet are missing, and at how many schools."""
    if schools.empty:
        return tuple(f"各校{describe(code, stage)}（学校）" for code in codes)
    counts = np.isnan(schools[[*codes]].to_numpy(float)).sum(axis=0)
    return tuple(
        f"{describe(code, stage)}：{count}所学校未填（学校）"
        for code, count in zip(codes, counts, strict=True)
        if count
    )


def named_schools(facts: Facts, codes: Iterable[str]) -> tuple[str, ...]:
    """Name schools as a reader knows them; one without a name by its code."""
    names = facts.school_names()
    return tuple(names.get(code) or code for code in codes)


@once_per_county
def unlisted(facts: Facts, stage: str) -> str:
    """Say how far the list of schools falls short of the pupils of the county; "" where not.

    compulsory: primary and junior, each by itself. Nothing is said where either side is unknown.
    """
    texts = []
    for one in BALANCED_STAGES if stage == "compulsory" else (stage,):
        stated = facts.get("enrolment", one)
        listed = facts.schools(one, ("enrolment",))["enrolment"].sum(skipna=False)
        if stated.is_reported and not stated.qualifier and listed < stated.value * LEAST_LISTED:
            pupils = f"{plain(listed)}人，全县{plain(stated.value)}人"
            texts.append(f"名单不全：各校{describe('enrolment', one)}共{pupils}，请补齐学校")
    return "；".join(texts)


def school_measure(
    facts: Facts,
    code: str,
    stage: str,
    value: float,
    *,
    part: str = "",
    sheet: str = SCHOOLS,
    **fields: Any,
) -> Measure:
    """Return a value of the school sheet; where that lacks something, as the report prints it.

    part: the resource that it is about, of an item with a value for each. sheet: where it stands.
    """
    is_known = not math.isnan(value)
    measure = Measure(
        item=code,
        stage=stage,
        data_year=facts.year.data_year,
        value=value,
        unit=item(code).unit,
        basis=COMPUTED if is_known else "",
        sources=(sheet,) if is_known else (),
        spread=(value, value),
        **(fields if is_known else {**fields, "raised_by": None}),
    )
    if is_known and (gap := unlisted(facts, stage)):
        return replace(measure, partial=gap)
    return with_claim(measure, facts.claim(code, stage, measure.data_year, part))


def share_of_schools(
    facts: Facts, code: str, stage: str, met: pd.Series, *, note: str = "", **fields: Any
) -> Measure:
    """Share of schools that meet a rule, in percent; unknown while one school's answer is.

    met: index school; 1 met, 0 not met, NaN unknown. fields: of the measure; more schools that meet
    the rule raise it, unless another remedy is among them.
    """
    is_known = not fields.get("missing") and len(met) and not met.isna().any()
    failing = named_schools(facts, met.index[met == 0])
    notes = (f"未达到{len(failing)}所" if failing else "", note)
    remedy = Remedy("所", lambda amount: rates.share_percent(met.sum() + amount, len(met)))
    usual = {"working": f"{plain(met.sum())} ÷ {len(met)} × 100", "raised_by": remedy}
    return school_measure(
        facts,
        code,
        stage,
        rates.share_percent(met.sum(), len(met)) if is_known else math.nan,
        units=failing,
        note="；".join(filter(None, notes)),
        **{**usual, **fields, **({} if is_known else {"working": ""})},
    )


@once_per_county
def resource_cvs(facts: Facts, rules: SchoolRules) -> list[Measure]:
    """Coefficient of variation of each of the seven resources, for each stage.

    Each is judged on its own, never the mean of the seven; without the school sheet, as the
    report prints it for this resource. Source: 教督〔2017〕6号.
    """
    by_stage = ((stage, covered_schools(facts, stage, rules)) for stage in BALANCED_STAGES)
    return [
        _resource_cv(facts, covered, stage, code)
        for stage, covered in by_stage
        for code in SCHOOL_RESOURCES
    ]


def _resource_cv(facts: Facts, covered: tuple[pd.DataFrame, str], stage: str, code: str) -> Measure:
    schools, outside = covered
    single = "只有一所学校，没有校际差异可言" if len(schools) == 1 else ""
    return school_measure(
        facts,
        "resource_cv",
        stage,
        rates.coefficient_of_variation(schools[code], schools["enrolment"]),
        part=code,
        missing=lacking_columns(schools, stage, ("enrolment", code)),
        detail=item(code).label,
        note="；".join(filter(None, (single, outside))),
    )


def _on_standard(facts: Facts, stage: str, rules: SchoolRules) -> Measure:
    schools, outside = covered_schools(facts, stage, rules)
    met = rules.standard(school_values(schools), stage)
    lacking = lacking_columns(schools, stage, ("enrolment", *SCHOOL_RESOURCES))
    code = "schools_on_standard"
    return share_of_schools(facts, code, stage, met, missing=lacking, note=outside, working="")


@once_per_county
def schools_on_standard(facts: Facts, rules: SchoolRules) -> list[Measure]:
    """Share of schools that meet what one school needs: at least k of n, the rest a floor.

    Source: 教督〔2017〕6号.
    """
    return [_on_standard(facts, stage, rules) for stage in BALANCED_STAGES]
