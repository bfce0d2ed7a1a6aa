"""Sentences drawn from results, for the chapter that reads them; nothing undecided is claimed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from dudao.rounding import fixed, plain
from dudao.show.results import gap_text
from dudao.show.words import OPERATORS
from dudao.verdict import MET, NOT_MET, UNDECIDED, Verdict


@dataclass(frozen=True)
class Sentences:
    """A list of sentences, shown as paragraphs."""

    lines: tuple[str, ...]

    def _repr_html_(self) -> str:
        return "\n".join(f"<p>{escape(line)}</p>" for line in self.lines)

    def __repr__(self) -> str:
        return "\n".join(self.lines)


def _limit(verdict: Verdict) -> str:
    return f"{OPERATORS[verdict.compare]}{plain(verdict.threshold)}{verdict.unit}"


def _met(verdicts: list[Verdict]) -> str:
    listed = "、".join(
        f"{v.label}{fixed(v.value, v.decimals)}{v.unit}（标准{_limit(v)}）" for v in verdicts
    )
    return f"达标{len(verdicts)}项：{listed}。"


def _not_met(verdict: Verdict) -> str:
    gap = f"，尚差{gap_text(verdict)}" if verdict.gap else ""
    value = f"{fixed(verdict.value, verdict.decimals)}{verdict.unit}"
    return f"未达标：{verdict.label}为{value}，标准{_limit(verdict)}{gap}。"


def _undecided(verdicts: list[Verdict]) -> str:
    reasons = [
        f"{v.label}（{'缺数据' if v.missing else v.note or '需人工认定'}）" for v in verdicts
    ]
    return f"待定{len(verdicts)}项：{'、'.join(dict.fromkeys(reasons))}。"


def reading(verdicts: Sequence[Verdict]) -> Sentences:
    """Say in words what is met, what is not and by how much, and what cannot be decided."""
    by_result = {
        result: [v for v in verdicts if v.result == result] for result in (MET, NOT_MET, UNDECIDED)
    }
    lines = [_met(by_result[MET])] if by_result[MET] else []
    lines += [_not_met(verdict) for verdict in by_result[NOT_MET]]
    lines += [_undecided(by_result[UNDECIDED])] if by_result[UNDECIDED] else []
    return Sentences(tuple(lines or ["本册没有可判定的数据。"]))


def caveats(lines: Iterable[str]) -> Sentences:
    """Show known limits of the data, numbered."""
    numbered = tuple(f"{number}. {line}" for number, line in enumerate(lines, start=1))
    return Sentences(numbered or ("没有登记的数据问题。",))
