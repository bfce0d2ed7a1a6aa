"""One point of evaluation: its checks rolled up, and what people must judge."""

from collections.abc import Iterable

from dudao.indicators.measure import ATTESTED, COMPUTED, CONTRADICTED
from dudao.judging.results import (
    MET,
    NOT_APPLICABLE,
    NOT_MET,
    REFERENCE,
    UNDECIDED,
    PointVerdict,
    SelfRating,
    Verdict,
)
from dudao.law import Point

OWN_RATING = "自评结论（自评）"
PAPER = "佐证材料："


def _by_document(verdicts: Iterable[Verdict]) -> dict[str, str]:
    """Return the labels of checks, in quotation marks, by the documents that their rules cite."""
    labels: dict[str, list[str]] = {}
    for verdict in verdicts:
        labels.setdefault(verdict.citation, []).append(f"“{verdict.label}”")
    return {cited: "".join(dict.fromkeys(named)) for cited, named in labels.items()}


def _lacking_law(verdicts: list[Verdict]) -> tuple[str, ...]:
    """Name each document once that would settle checks without a value, or with an unproven one."""
    absent = _by_document(
        verdict for verdict in verdicts if verdict.result == UNDECIDED and verdict.threshold is None
    )
    unproven = _by_document(verdict for verdict in verdicts if verdict.is_unproven)
    return (
        *(f"{cited}：待查{named}的标准" for cited, named in absent.items()),
        *(f"{cited}：须核对原文，{named}未达到的标准未经证实" for cited, named in unproven.items()),
    )


_LATER = "现有标准在本评价年度尚未施行，此前的标准未收录"


def _later_law(verdicts: list[Verdict]) -> tuple[str, ...]:
    """Name the rules that came later than the year: what held before them is missing."""
    named = (f"“{v.label}”在{v.starts}以前的标准（此后为{v.citation}）" for v in verdicts)
    return tuple(dict.fromkeys(named))


def _by_people(point: Point, papers: list[str], rating: SelfRating | None) -> PointVerdict:
    """Judge a point that figures cannot: the county's statement counts with its papers on file."""
    if rating and rating.says_not_met:
        return PointVerdict(point, NOT_MET, ATTESTED, (), f"本县自评未达标（{rating.source}）")
    stated = rating is not None and rating.says_met
    supply = (*papers, *(() if stated else (OWN_RATING,)))
    if supply or rating is None:
        return PointVerdict(point, UNDECIDED, "", supply)
    note = f"据本县自评和佐证材料，待评审认定（{rating.source}）"
    return PointVerdict(point, MET, ATTESTED, (), note)


def _basis(verdicts: list[Verdict]) -> str:
    bases = {verdict.basis for verdict in verdicts}
    return next((basis for basis in (CONTRADICTED, ATTESTED) if basis in bases), COMPUTED)


def _by_figures(point: Point, verdicts: list[Verdict], papers: list[str]) -> PointVerdict | None:
    """Judge a point by its checks; None where they leave it to people."""
    failed = [verdict for verdict in verdicts if verdict.effect == NOT_MET]
    supply = tuple(dict.fromkeys(text for verdict in verdicts for text in verdict.missing))
    law = _lacking_law(verdicts)
    if failed:
        return PointVerdict(point, NOT_MET, _basis(failed), supply, law=law)
    judged = [verdict for verdict in verdicts if verdict.effect in (MET, UNDECIDED)]
    if any(verdict.effect == UNDECIDED for verdict in judged):
        more = papers if point.qualitative else []
        is_unproven = any(verdict.is_unproven for verdict in verdicts)
        note = "未达到的标准未经证实，不单独判要点未达标" if is_unproven else ""
        return PointVerdict(point, UNDECIDED, "", (*supply, *more), note, law)
    if point.qualitative:
        return None
    absent = [verdict for verdict in verdicts if verdict.result == NOT_APPLICABLE]
    if not judged and (later := [verdict for verdict in absent if verdict.starts]):
        return PointVerdict(point, UNDECIDED, "", (), _LATER, _later_law(later))
    if not judged and absent:
        return PointVerdict(point, NOT_APPLICABLE, "", ())
    return PointVerdict(point, MET, _basis(judged), ()) if judged else None


def judge_point(
    point: Point,
    verdicts: Iterable[Verdict],
    evidence_on_file: Iterable[str] = (),
    rating: SelfRating | None = None,
) -> PointVerdict:
    """Roll checks up: not met if any is, else undecided if any is, else met.

    A check that fails an unconfirmed rule leaves the point undecided, and the note says so. So
    do rules that all came later than the year: only a county without such schools is 不适用.

    One veto is a check that is not met, for every point it is about. Reference lines decide
    nothing. A point that people must judge is met only as the county states it with every
    expected paper on file (attested), never by figures alone.
    """
    of_point = [v for v in verdicts if point.id in v.points and v.result != REFERENCE]
    held = set(evidence_on_file)
    papers = [f"{PAPER}{title}" for title in point.evidence if title not in held]
    return _by_figures(point, of_point, papers) or _by_people(point, papers, rating)
