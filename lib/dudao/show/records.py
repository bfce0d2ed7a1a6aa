"""The results as plain data: what the runner stores and the publisher reads."""

import math
from collections.abc import Sequence
from typing import Any

from dudao.base.rounding import plain, without_noise
from dudao.case import Case
from dudao.facts.consistency import AGREES, UNCHECKED
from dudao.indicators.measure import CONTRADICTED
from dudao.judging.results import NOT_MET, Gap, PointVerdict, Verdict
from dudao.show.report import scenario_record
from dudao.show.words import result_word

SCHEMA = 2


def _number(value: float | None) -> float | None:
    return None if value is None or math.isnan(value) else without_noise(value)


def gap_record(gap: Gap | None) -> dict[str, Any] | None:
    """Return a gap as plain data, with the text that every reader prints."""
    names = ("amount", "unit", "what", "is_excess", "text")
    return None if gap is None else {name: getattr(gap, name) for name in names}


def _check_record(verdict: Verdict) -> dict[str, Any]:
    fields = ("check", "label", "item", "stage", "data_year", "unit", "compare")
    more = ("decimals", "role", "result", "basis", "citation", "area", "law_status", "note")
    return {
        **{name: getattr(verdict, name) for name in (*fields, *more)},
        "points": list(verdict.points),
        "result_text": result_word(verdict.result, verdict.law_status),
        "value": _number(verdict.value),
        "value_text": verdict.value_text,
        "stated": _number(verdict.stated),
        "threshold": verdict.threshold,
        "gap": gap_record(verdict.gap),
        "sources": list(verdict.sources),
        "missing": list(verdict.missing),
        "missing_inputs": len(verdict.missing),
        "units": list(verdict.units),
    }


def _failed_cross_checks(case: Case) -> list[dict[str, Any]]:
    return [
        {
            "kind": check.outcome,
            "label": check.label,
            "year": check.data_year,
            "working": check.working,
            "places": list(check.cells),
            "note": check.note,
        }
        for check in case.cross_checks
        if check.outcome not in (AGREES, UNCHECKED)
    ]


def _contradicted_claims(case: Case) -> list[dict[str, Any]]:
    items = {rule.item for rule in case.thresholds}
    return [
        {
            "kind": check.outcome,
            "label": check.claim.name,
            "year": check.claim.data_year,
            "working": f"报告{check.claim.printed}，据数据{plain(check.recomputed)}",
            "places": [check.claim.source],
            "note": check.note,
        }
        for check in case.claim_checks
        if check.outcome == CONTRADICTED and check.claim.item in items
    ]


def _overrated(case: Case, points: Sequence[PointVerdict]) -> list[dict[str, Any]]:
    """Return the points that the county rates as met and its data fail."""
    ratings = case.self_ratings
    return [
        {
            "kind": "overrated",
            "label": f"要点{verdict.point.id}{verdict.point.title}",
            "year": case.year.data_year,
            "working": "自评达标，据数据未达标",
            "places": [ratings[verdict.point.id].source],
            "note": "以逐项判定为准",
        }
        for verdict in points
        if verdict.result == NOT_MET
        and verdict.point.id in ratings
        and ratings[verdict.point.id].says_met
    ]


def contradictions(case: Case, points: Sequence[PointVerdict]) -> list[dict[str, Any]]:
    """Return what does not fit: cross-checks that fail, levels in doubt, claims, self-ratings."""
    return [*_failed_cross_checks(case), *_contradicted_claims(case), *_overrated(case, points)]


def _point_record(verdict: PointVerdict) -> dict[str, Any]:
    return {
        "id": verdict.point.id,
        "title": verdict.point.title,
        "result": verdict.result,
        "basis": verdict.basis,
        "note": verdict.note,
        "to_supply": list(verdict.to_supply),
        "law": list(verdict.law),
    }


def record(
    case: Case, verdicts: Sequence[Verdict], points: Sequence[PointVerdict]
) -> dict[str, Any]:
    """Return the results as plain data; the runner stores exactly this.

    area: whose scheme and law hold. titles: of every point that a check decides, points of
    other notebooks included.
    """
    named = {point for verdict in verdicts for point in verdict.points}
    return {
        "schema": SCHEMA,
        "county": case.county,
        "county_name": case.name,
        "year": case.year.year,
        "notebook": case.notebook,
        "area": case.law.area,
        "framework": case.framework.scheme,
        "framework_title": f"{case.framework.title}（{case.framework.number}）",
        "fictional": case.is_fictional,
        "data_version": case.data_version,
        "law_version": case.law_version,
        **scenario_record(case),
        "points": [_point_record(of_point) for of_point in points],
        "titles": {point.id: point.title for point in case.framework.points if point.id in named},
        "checks": [_check_record(verdict) for verdict in verdicts],
        "contradictions": contradictions(case, points),
    }
