"""The problem list (问题清单): what is not met, the largest shortfall first; prices unknown."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from dudao.base.rounding import plain
from dudao.judging.results import NOT_MET, UNDECIDED, PointVerdict, Verdict
from dudao.law.rules_check import VETO

_WRONG = {
    ">=": "低于标准",
    ">": "未高于标准",
    "<=": "高于标准",
    "<": "未低于标准",
    "==": "与标准不符",
}
_RATES = ("%", "百分点")
MONEY = "万元"  # a gap in 元 is one of a per-pupil figure, no sum of money


def relative_shortfall(value: float | None, standard: float | None, unit: str) -> float | None:
    """Return |standard - value| / |standard|; None without figures.

    Beside a standard of zero, a rate is a part itself: what fell by 5 % lacks 5 %. Of anything
    else that is allowed none, such as accidents, all is too much: 1.
    """
    if value is None or standard is None or math.isnan(value):
        return None
    if standard:
        return abs(standard - value) / abs(standard)
    return abs(value) / 100 if unit in _RATES else float(value != 0)


@dataclass(frozen=True)
class Problem:
    """One failed check, or one point that the county itself says is not met (no verdict)."""

    points: tuple[str, ...]
    what: str
    verdict: Verdict | None = None
    note: str = ""

    @property
    def is_veto(self) -> bool:
        """Say whether one case was enough to fail every point it is about."""
        return self.verdict is not None and self.verdict.role == VETO

    @property
    def shortfall(self) -> float | None:
        """Return how far it is from the standard, as a part of it; None without figures."""
        if self.verdict is None:
            return None
        return relative_shortfall(self.verdict.value, self.verdict.threshold, self.verdict.unit)

    @property
    def money(self) -> float | None:
        """Return the gap in 万元 where it is a sum of money, else None."""
        gap = self.verdict.gap if self.verdict else None
        return gap.amount if gap and gap.unit == MONEY else None


def occurred(verdicts: Iterable[Verdict]) -> str:
    """Say which veto items occurred, and how often."""
    listed = (f"{one.label}{plain(one.value)}{one.unit}" for one in verdicts)
    return f"发生一票否决事项：{'；'.join(listed)}"


def _of_check(verdict: Verdict) -> Problem:
    if verdict.role == VETO:
        what = occurred([verdict])
    else:
        what = f"{verdict.label}{_WRONG[verdict.compare]}"
    return Problem(verdict.points, what, verdict, verdict.note)


def _by_own_word(points: Iterable[PointVerdict], failed: Sequence[Verdict]) -> list[Problem]:
    """Return the points that are not met though none of their checks fails."""
    with_check = {point for verdict in failed for point in verdict.points}
    return [
        Problem((rated.point.id,), f"{rated.point.title}：本县自评未达标", note=rated.note)
        for rated in points
        if rated.result == NOT_MET and rated.point.id not in with_check
    ]


def _order(problem: Problem) -> tuple[Any, ...]:
    shortfall = problem.shortfall
    return (not problem.is_veto, shortfall is None, -(shortfall or 0), problem.verdict is None)


def problems(points: Iterable[PointVerdict], verdicts: Iterable[Verdict]) -> list[Problem]:
    """List what is not met: veto items, then by relative shortfall, then what has none.

    Equal ones keep the order of the tree.
    """
    failed = [verdict for verdict in verdicts if verdict.result == NOT_MET]
    listed = [*map(_of_check, failed), *_by_own_word(points, failed)]
    return sorted(listed, key=_order)


def vetoes(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Return the veto items that occurred or were not reported; the occurred ones first."""
    listed = [v for v in verdicts if v.role == VETO and v.result in (NOT_MET, UNDECIDED)]
    return sorted(listed, key=lambda verdict: verdict.result != NOT_MET)
