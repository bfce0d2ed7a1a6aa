"""The results cell: one output that serves reader, runner and regression test."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from dudao.case import Case
from dudao.facts.consistency import AGREES, UNCHECKED
from dudao.indicators.measure import ATTESTED, CONTRADICTED
from dudao.rounding import fixed, plain, qualified
from dudao.show.tables import Link, Marked, Table, table
from dudao.show.words import BASES, DOUBTS, LAW_STATUS, OPERATORS, RESULTS, signed
from dudao.verdict import PointVerdict, Verdict

MIME = "application/vnd.dudao.results+json"
SCHEMA = 1
SOURCED = "sourced"


def _number(value: float | None) -> float | None:
    return None if value is None or math.isnan(value) else value


def gap_text(verdict: Verdict) -> str:
    """Return how much is missing, rounded up to what can be bought."""
    if verdict.gap is None:
        return ""
    amount, unit = verdict.gap
    cents = math.ceil(round(amount * 100, 6)) / 100
    return f"{plain(cents, 2)}{unit}"


def _check_record(verdict: Verdict) -> dict:
    fields = ("point", "check", "label", "item", "stage", "data_year", "unit", "compare")
    more = ("decimals", "role", "result", "basis", "citation", "law_status", "note")
    return {
        **{name: getattr(verdict, name) for name in (*fields, *more)},
        "value": _number(verdict.value),
        "stated": _number(verdict.stated),
        "threshold": verdict.threshold,
        "gap": None if verdict.gap is None else {"amount": verdict.gap[0], "unit": verdict.gap[1]},
        "sources": list(verdict.sources),
        "missing": list(verdict.missing),
        "missing_inputs": len(verdict.missing),
        "units": list(verdict.units),
    }


def contradictions(case: Case) -> list[dict]:
    """Return what does not fit: cross-checks that fail, levels in doubt, claims contradicted."""
    found = [
        {
            "kind": check.outcome,
            "label": check.label,
            "year": check.data_year,
            "working": check.working,
            "places": list(check.places),
            "note": check.note,
        }
        for check in case.cross_checks
        if check.outcome not in (AGREES, UNCHECKED)
    ]
    own = {rule.item for rule in case.thresholds}
    return found + [
        {
            "kind": check.outcome,
            "label": check.claim.name,
            "year": check.claim.data_year,
            "working": f"报告{check.claim.printed}，据数据{plain(check.recomputed)}",
            "places": [check.claim.source],
            "note": check.note,
        }
        for check in case.claim_checks
        if check.outcome == CONTRADICTED and check.claim.item in own
    ]


def record(case: Case, verdicts: Sequence[Verdict], points: Sequence[PointVerdict]) -> dict:
    """Return the results as plain data; the runner stores exactly this."""
    return {
        "schema": SCHEMA,
        "county": case.county,
        "county_name": case.name,
        "year": case.year.year,
        "notebook": case.notebook,
        "framework": case.framework.scheme,
        "framework_title": f"{case.framework.title}（{case.framework.number}）",
        "fictional": case.is_fictional,
        "data_version": case.data_version,
        "law_version": case.law_version,
        "points": [
            {
                "id": found.point.id,
                "title": found.point.title,
                "result": found.result,
                "basis": found.basis,
                "note": found.note,
                "to_supply": list(found.to_supply),
            }
            for found in points
        ],
        "checks": [_check_record(verdict) for verdict in verdicts],
        "contradictions": contradictions(case),
    }


def shown_value(verdict: Verdict) -> str:
    """Return the value as decided, or as reported where nothing was computed."""
    if verdict.basis == ATTESTED:
        return f"{qualified(verdict.value, verdict.qualifier)}{verdict.unit}"
    value = fixed(verdict.value, verdict.decimals)
    return f"{value}{verdict.unit}" if value else "缺数据"


def _verdict_row(verdict: Verdict) -> tuple:
    limit = "未查到"
    if verdict.threshold is not None:
        limit = f"{plain(verdict.threshold)}{verdict.unit}"
    gap = f"差{gap_text(verdict)}" if verdict.gap else ""
    status = "" if verdict.law_status == SOURCED else f"【{LAW_STATUS[verdict.law_status]}】"
    return (
        verdict.point,
        verdict.label,
        shown_value(verdict),
        f"{OPERATORS[verdict.compare]} {limit}",
        Marked(RESULTS[verdict.result][0], verdict.result, (BASES[verdict.basis], gap)),
        (Link(verdict.citation, verdict.url), status, verdict.note),
    )


def verdict_table(verdicts: Sequence[Verdict]) -> Table:
    """Show every check: value, limit, result with sign, basis, gap, citation."""
    columns = ("要点", "检查", "数值", "标准", "结果", "依据与说明")
    return table("逐项判定", columns, map(_verdict_row, verdicts), numbers=("数值", "标准"))


def points_table(points: Sequence[PointVerdict]) -> Table:
    """Show the result of every point, and what to supply where it is undecided."""
    rows = [
        (
            found.point.id,
            found.point.title,
            Marked(RESULTS[found.result][0], found.result, (BASES[found.basis],)),
            (*found.to_supply, found.note),
        )
        for found in points
    ]
    return table("评价要点结果", ("要点", "名称", "结果", "需补充与说明"), rows)


def doubts_table(doubts: Sequence[dict]) -> Table:
    """Show what does not fit, with every place; nothing is mended."""
    rows = [
        (
            doubt["label"],
            str(doubt["year"] or "未写明"),
            doubt["working"],
            Marked(DOUBTS[doubt["kind"]], "undecided"),
            (*doubt["places"], doubt["note"]),
        )
        for doubt in doubts
    ]
    return table("矛盾与存疑", ("事项", "年度", "算式", "性质", "位置与说明"), rows)


@dataclass(frozen=True)
class Results:
    """Tables for the reader, and the same records for the runner."""

    tables: tuple[Table, ...]
    data: dict

    def _repr_mimebundle_(self, include=None, exclude=None):
        html = "\n".join(table._repr_html_() for table in self.tables)
        return {MIME: self.data, "text/html": html, "text/plain": repr(self)}

    def __repr__(self) -> str:
        counts: dict[str, int] = {}
        for point in self.data["points"]:
            counts[point["result"]] = counts.get(point["result"], 0) + 1
        return "评价要点结果：" + "，".join(f"{signed(k)} {n}个" for k, n in sorted(counts.items()))


def results(case: Case, verdicts: Sequence[Verdict]) -> Results:
    """Roll the checks up to points and return what the results cell shows."""
    points = case.judge_points(list(verdicts))
    found = record(case, verdicts, points)
    tables = [points_table(points), verdict_table(verdicts)]
    if found["contradictions"]:
        tables.append(doubts_table(found["contradictions"]))
    return Results(tuple(tables), found)
