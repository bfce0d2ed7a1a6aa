"""Which verdicts differ between two versions of a submission: the same judging, twice."""

from __future__ import annotations

from dataclasses import dataclass

from dudao.base.rounding import fixed
from dudao.case import case_of
from dudao.facts.measure_groups import notebooks_with_measures
from dudao.facts.store import Stored
from dudao.show.words import RESULTS

ABSENT = "（无）"


@dataclass(frozen=True)
class VerdictChange:
    """One check or point whose result or value is not what it was."""

    point: str
    label: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.point} {self.label}：{self.before} → {self.after}"


def _words(stored: Stored, county: str, year: int) -> dict[tuple[str, str], str]:
    """Return result and value of every check, and the result of every point."""
    words = {}
    for notebook in notebooks_with_measures():
        case = case_of(stored, county, year, notebook)
        verdicts = case.verdicts()
        for of_point in case.judge_points(verdicts):
            words[of_point.point.id, "评价要点"] = RESULTS[of_point.result][0]
        for verdict in verdicts:
            value = fixed(verdict.value, verdict.decimals) or "缺数据"
            words[verdict.points_text, verdict.label] = f"{RESULTS[verdict.result][0]}（{value}）"
    return words


def changed_verdicts(county: str, year: int, before: Stored, after: Stored) -> list[VerdictChange]:
    """Return every check and point that differs between two versions, in the order of the tree."""
    old, new = _words(before, county, year), _words(after, county, year)
    return [
        VerdictChange(*key, old.get(key, ABSENT), new.get(key, ABSENT))
        for key in sorted({**old, **new})
        if old.get(key) != new.get(key)
    ]
