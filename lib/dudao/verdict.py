"""The only comparer: a measure against a threshold, in three states, with basis and gap."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import pandas as pd

from dudao.facts.cells import CEILING, FLOOR
from dudao.facts.items import STAGES, item
from dudao.facts.layout import OUT_OF_SCOPE, TEACHING_POINT
from dudao.indicators.measure import CONTRADICTED, Gap, Measure
from dudao.law import DatedValue, Point, Threshold
from dudao.rounding import round_half_up, round_half_up_all

MET, NOT_MET, UNDECIDED = "met", "not_met", "undecided"
NOT_APPLICABLE, REFERENCE = "not_applicable", "reference"

# What a bounded value can still decide: "90 以上" meets >= 85 but leaves >= 95 open.
_DECIDES = {">=": {FLOOR: MET, CEILING: NOT_MET}, "<=": {FLOOR: NOT_MET, CEILING: MET}}


@dataclass(frozen=True)
class Verdict:
    """One check: what was found, what the law asks, the result and its basis."""

    point: str
    check: str
    label: str
    item: str
    stage: str
    data_year: int
    value: float
    unit: str
    threshold: float | None
    compare: str
    decimals: int
    result: str
    basis: str
    gap: Gap | None
    citation: str
    url: str
    law_status: str
    sources: tuple[str, ...]
    missing: tuple[str, ...]
    stated: float
    qualifier: str
    note: str


def _holds(value: float, compare: str, threshold: float) -> bool:
    return {
        ">=": value >= threshold,
        "<=": value <= threshold,
        "==": value == threshold,
        ">": value > threshold,
        "<": value < threshold,
    }[compare]


def compare(measure: Measure, rule: Threshold, threshold: float) -> str:
    """Compare at the declared decimals; a bounded value decides only what its bound allows."""
    decided = round_half_up(measure.value, rule.decimals)
    result = MET if _holds(decided, rule.compare, threshold) else NOT_MET
    if not measure.bound:
        return result
    return result if _DECIDES.get(rule.compare, {}).get(measure.bound) == result else UNDECIDED


def meets_k_of_n(
    values: pd.DataFrame, limits: pd.Series, at_least: float, floor_percent: float, decimals: int
) -> pd.Series:
    """Say for each school: at least k of the limits met, every other at least the floor.

    values: index school, one column per limit. 1 met, 0 not met, NaN where a value is missing.
    Values count at the declared decimals; the floor is exact (85 % of 4.2 is 3.57).
    """
    decided = round_half_up_all(values[limits.index], decimals)
    enough = (decided >= limits).sum(axis=1) >= at_least
    above_floor = (decided >= (limits * floor_percent / 100).round(decimals + 3)).all(axis=1)
    return (enough & above_floor).astype(float).where(decided.notna().all(axis=1))


def in_scope(schools: pd.DataFrame, teaching_point_pupils: float) -> pd.Series:
    """Say for each school whether the comparison of schools covers it.

    schools: columns kind and enrolment. Special and vocational schools and teaching points below
    a number of pupils are outside; a teaching point without a number is not left out silently.
    """
    small = (schools["kind"] == TEACHING_POINT) & (schools["enrolment"] < teaching_point_pupils)
    return ~small & ~schools["kind"].isin(OUT_OF_SCOPE)


def _result(measure: Measure, rule: Threshold, value: DatedValue | None) -> str:
    if value is None or not measure.applies:
        return NOT_APPLICABLE
    if rule.role == REFERENCE:
        return REFERENCE
    if value.value is None or not measure.is_known:
        return UNDECIDED
    return compare(measure, rule, value.value)


def _note(measure: Measure, rule: Threshold, value: DatedValue | None) -> str:
    parts = [measure.note, rule.note]
    if value is None:
        parts.append(f"标准自{rule.values[0].start}起施行，不适用于本评价年度")
    elif measure.is_known and value.value is not None:
        exact = _holds(measure.value, rule.compare, value.value)
        rounded = _holds(round_half_up(measure.value, rule.decimals), rule.compare, value.value)
        if exact != rounded:
            parts.append(f"结论取决于四舍五入：未舍入值为{measure.value!r}")
    if measure.bound:
        parts.append("原文只给出界限或约数")
    if measure.basis == CONTRADICTED:
        parts.append(f"报告所列为{measure.stated:g}，与数据重算不符")
    return "；".join(filter(None, parts))


def _label(measure: Measure, rule: Threshold) -> str:
    """Name the check: the rule, its stage where the rule's words leave it open, its part."""
    stage = STAGES[rule.stage]
    several = len(item(rule.item).stages) > 1
    named = rule.label if not several or stage in rule.label else f"{rule.label}（{stage}）"
    return f"{named}·{measure.detail}" if measure.detail else named


def judge(measure: Measure, rule: Threshold, day: date) -> Verdict:
    """Judge one measure by one threshold as it stood on a day.

    Not known, or no sourced value: undecided; not yet in force: not applicable; a goal line:
    reference.
    """
    value = rule.at(day) if rule.in_force(day) else None
    threshold = value.value if value else None
    result = _result(measure, rule, value)
    missed = result == NOT_MET and threshold is not None
    cited = value or rule.values[0]
    shared = ("item", "stage", "data_year", "value", "unit", "basis", "sources", "stated")
    return Verdict(
        **{name: getattr(measure, name) for name in (*shared, "qualifier")},
        point=rule.point,
        check=rule.id,
        label=_label(measure, rule),
        threshold=threshold,
        compare=rule.compare,
        decimals=rule.decimals,
        result=result,
        gap=measure.gap_to(threshold) if missed else None,
        citation=cited.citation,
        url=cited.reference.url,
        law_status=rule.status,
        missing=measure.missing if result == UNDECIDED and not measure.is_known else (),
        note=_note(measure, rule, value),
    )


@dataclass(frozen=True)
class PointVerdict:
    """The result of one point of evaluation, and what would decide it."""

    point: Point
    result: str
    to_supply: tuple[str, ...]


def _to_supply(point: Point, verdicts: list[Verdict], evidence: Iterable[str]) -> tuple[str, ...]:
    wanted = [text for verdict in verdicts for text in verdict.missing]
    lawless = [
        f"“{verdict.label}”的法定标准"
        for verdict in verdicts
        if verdict.result == UNDECIDED and verdict.threshold is None
    ]
    on_file = set(evidence)
    papers = [f"佐证材料：{title}" for title in point.evidence if title not in on_file]
    return tuple(dict.fromkeys([*wanted, *lawless, *(papers if point.qualitative else ())]))


def judge_point(
    point: Point, verdicts: Iterable[Verdict], evidence_on_file: Iterable[str] = (), vetoed=False
) -> PointVerdict:
    """Roll checks up: not met if any is, else undecided if any is, else met.

    A veto makes the point not met. A point that people must judge is never met by figures alone.
    """
    own = [verdict for verdict in verdicts if verdict.point == point.id]
    results = {verdict.result for verdict in own}
    judged = results & {MET, NOT_MET, UNDECIDED}
    if vetoed or NOT_MET in results:
        result = NOT_MET
    elif UNDECIDED in results or point.qualitative or not judged:
        result = UNDECIDED
    else:
        result = MET
    supply = _to_supply(point, own, evidence_on_file)
    return PointVerdict(point, result, supply)
