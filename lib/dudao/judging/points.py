"""One point of evaluation: its checks rolled up, and what people must judge."""

from __future__ import annotations

from collections.abc import Iterable

from dudao.indicators.measure import ATTESTED, COMPUTED, CONTRADICTED
from dudao.judging.ratings import SelfRating
from dudao.judging.results import (
    MET,
    NOT_APPLICABLE,
    NOT_MET,
    REFERENCE,
    UNDECIDED,
    PointVerdict,
    Verdict,
)
from dudao.law import Point

OWN_RATING = "自评结论（自评）"


def _lacking_papers(point: Point, on_file: Iterable[str]) -> list[str]:
    held = set(on_file)
    return [f"佐证材料：{title}" for title in point.evidence if title not in held]


def _lacking_figures(verdicts: list[Verdict]) -> list[str]:
    lawless = [
        f"“{verdict.label}”的法定标准：{verdict.citation}"
        for verdict in verdicts
        if verdict.result == UNDECIDED and verdict.threshold is None
    ]
    return [*(text for verdict in verdicts for text in verdict.missing), *lawless]


def _by_people(point: Point, papers: list[str], rating: SelfRating | None) -> PointVerdict:
    """Judge a point that figures cannot: the county's statement counts with its papers on file."""
    if rating and rating.says_not_met:
        return PointVerdict(point, NOT_MET, ATTESTED, (), f"本县自评未达标（{rating.source}）")
    stated = rating is not None and rating.says_met
    supply = (*papers, *(() if stated else (OWN_RATING,)))
    if supply:
        return PointVerdict(point, UNDECIDED, "", supply)
    note = f"据本县自评和佐证材料，待评审认定（{rating.source}）"
    return PointVerdict(point, MET, ATTESTED, (), note)


def _basis(verdicts: list[Verdict]) -> str:
    found = {verdict.basis for verdict in verdicts}
    return next((basis for basis in (CONTRADICTED, ATTESTED) if basis in found), COMPUTED)


def _by_figures(point: Point, own: list[Verdict], papers: list[str]) -> PointVerdict | None:
    """Judge a point by its checks; None where they leave it to people."""
    failed = [verdict for verdict in own if verdict.result == NOT_MET]
    supply = tuple(dict.fromkeys(_lacking_figures(own)))
    if failed:
        return PointVerdict(point, NOT_MET, _basis(failed), supply)
    judged = [verdict for verdict in own if verdict.result in (MET, UNDECIDED)]
    if any(verdict.result == UNDECIDED for verdict in judged):
        more = papers if point.qualitative else []
        return PointVerdict(point, UNDECIDED, "", (*supply, *more))
    if point.qualitative:
        return None
    if not judged and any(verdict.result == NOT_APPLICABLE for verdict in own):
        return PointVerdict(point, NOT_APPLICABLE, "", ())
    return PointVerdict(point, MET, _basis(judged), ()) if judged else None


def judge_point(
    point: Point,
    verdicts: Iterable[Verdict],
    evidence_on_file: Iterable[str] = (),
    rating: SelfRating | None = None,
) -> PointVerdict:
    """Roll checks up: not met if any is, else undecided if any is, else met.

    One veto is a check that is not met, for every point it is about. Reference lines decide
    nothing. A point that people must judge is met only as the county states it with every
    expected paper on file (attested), never by figures alone.
    """
    own = [v for v in verdicts if point.id in v.points and v.result != REFERENCE]
    papers = _lacking_papers(point, evidence_on_file)
    return _by_figures(point, own, papers) or _by_people(point, papers, rating)
