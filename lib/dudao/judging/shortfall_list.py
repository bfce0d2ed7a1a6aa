"""The problem list (问题清单): what is not met, the largest shortfall first; prices unknown."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from dudao.base.rounding import plain
from dudao.facts.cells import qualified
from dudao.facts.items import STAGES, item, items
from dudao.judging.results import NOT_MET, UNCONFIRMED, UNDECIDED, PointVerdict, Verdict
from dudao.law.rules_check import VETO

_WRONG = {
    ">=": "低于标准",
    ">": "未高于标准",
    "<=": "高于标准",
    "<": "未低于标准",
    "==": "与标准不符",
}
_OWN_WORD = "本县自评未达标"
_RATES = ("%", "百分点")
_STATUTORY = ("growth", "growth_difference")  # formulas of what the law on spending asks for
_FUNDING_LAW = "expenditure_growth"  # topic: 只增不减, and the growths that 教育法 asks for
_NORMS = ("不低于", "至少", "不超过", "只增不减", "逐步")
_QUANTITIES = ("比例", "率")
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


def level_label(code: str, stage: str) -> str:
    """Return what a growth is of, with its stage."""
    level = item(item(code).inputs)
    return f"{STAGES[stage] if len(level.stages) > 1 else ''}{level.label}"


def _what(verdict: Verdict) -> str:
    """Return what happened: a label that is itself a norm is no name of what went wrong."""
    if verdict.role == VETO:
        return occurred([verdict])
    shown = plain(abs(verdict.value), verdict.decimals)
    label, amount = verdict.label, qualified(shown, verdict.qualifier, verdict.unit)
    if verdict.threshold == 0 and item(verdict.item).formula == "growth":
        return f"{level_label(verdict.item, verdict.stage)}比上年下降{amount}"
    first, higher, second = label.partition("高于")
    if verdict.threshold == 0 and higher and verdict.unit == "百分点":
        away = amount.replace("百分点", "个百分点")
        return f"{first}低于{second}{away}" if verdict.value else f"{first}与{second}持平"
    if label.endswith(_QUANTITIES) or not any(word in label for word in _NORMS):
        return f"{label}{_WRONG[verdict.compare]}"
    is_plain = label.count("不低于") == 1 and "至少" not in label
    return label.replace("不低于", "低于") if is_plain else f"未做到{label}"


def _of_check(verdict: Verdict) -> Problem:
    return Problem(verdict.points, _what(verdict), verdict, verdict.note)


def _by_own_word(points: Iterable[PointVerdict], failed: Sequence[Verdict]) -> list[Problem]:
    """Return the points that are not met though none of their checks fails."""
    with_check = {point for verdict in failed for point in verdict.points}
    return [
        Problem(
            (rated.point.id,),
            f"{rated.point.title}：{_OWN_WORD}",
            note=rated.note.removeprefix(_OWN_WORD).strip("（）"),
        )
        for rated in points
        if rated.result == NOT_MET and rated.point.id not in with_check
    ]


def weight(role: str, law_status: str, code: str, shortfall: float | None) -> tuple[Any, ...]:
    """Return the key that puts failed checks in order, the weightiest first.

    An unverified standard comes behind every verified one; then vetoes, what the law on spending
    asks for, and the rest by relative shortfall.
    """
    quantity = items().get(code)
    is_statutory = (
        quantity is not None and quantity.formula in _STATUTORY and _FUNDING_LAW in quantity.topics
    )
    is_unproven = law_status == UNCONFIRMED
    return is_unproven, role != VETO, not is_statutory, shortfall is None, -(shortfall or 0)


def _order(problem: Problem) -> tuple[Any, ...]:
    verdict = problem.verdict
    if verdict is None:  # the county's own word
        return (True, True, True, True, 1.0)
    return weight(verdict.role, verdict.law_status, verdict.item, problem.shortfall)


def problems(points: Iterable[PointVerdict], verdicts: Iterable[Verdict]) -> list[Problem]:
    """List what is not met by its weight, and the county's own word last.

    Equal ones keep the order of the tree.
    """
    failed = [verdict for verdict in verdicts if verdict.result == NOT_MET]
    listed = [*map(_of_check, failed), *_by_own_word(points, failed)]
    return sorted(listed, key=_order)


def vetoes(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Return the veto items that occurred or were not reported; the occurred ones first."""
    listed = [v for v in verdicts if v.role == VETO and v.result in (NOT_MET, UNDECIDED)]
    return sorted(listed, key=lambda verdict: verdict.result != NOT_MET)
