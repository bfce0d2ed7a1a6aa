"""Sentences drawn from results, for the chapter that reads them; nothing undecided is claimed."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from dudao.case import Case
from dudao.facts.items import item
from dudao.judging.results import MET, NOT_MET, UNDECIDED, Verdict
from dudao.law.cautions import cautions as all_cautions
from dudao.show.records import contradictions
from dudao.show.results_cell import limit_of


@dataclass(frozen=True)
class Sentences:
    """Paragraphs, each a sentence with the items that follow it."""

    paragraphs: tuple[tuple[str, tuple[str, ...]], ...]

    def _repr_html_(self) -> str:
        return "\n".join(_paragraph(line, listed) for line, listed in self.paragraphs)

    def __repr__(self) -> str:
        lines = [[line, *(f"- {entry}" for entry in listed)] for line, listed in self.paragraphs]
        return "\n".join(text for group in lines for text in group)


def _paragraph(line: str, listed: tuple[str, ...]) -> str:
    entries = "".join(f"<li>{escape(entry)}</li>" for entry in listed)
    return f"<p>{escape(line)}</p>" + (f"\n<ul>{entries}</ul>" if listed else "")


UNPROVEN = "unproven"


def _judged(verdict: Verdict) -> str:
    gap = f"，{verdict.gap.text}" if verdict.gap else ""
    return f"{verdict.label}：{verdict.value_text}，标准{limit_of(verdict)}{gap}。"


def _undecided(verdict: Verdict) -> str:
    reason = "缺数据" if verdict.missing else verdict.note or "需人工认定"
    return f"{verdict.label}：{reason}。"


def _doubt(contradiction: dict[str, Any]) -> str:
    year = f"{contradiction['year']}年" if contradiction["year"] else ""
    places = "、".join(contradiction["places"])
    parts = (f"{year}{contradiction['label']}：{contradiction['working']}", contradiction["note"])
    return f"{'，'.join(filter(None, parts))}（{places}）。"


def reading(case: Case, verdicts: Sequence[Verdict]) -> Sentences:
    """Say in words what is met, what is not and by how much, what is open, what does not fit."""
    wording = (
        (MET, "达标{}项：", _judged),
        (NOT_MET, "未达标{}项：", _judged),
        (UNPROVEN, "未达标（未经证实）{}项，不单独判要点未达标：", _judged),
        (UNDECIDED, "待定{}项，不作断言：", _undecided),
    )
    paragraphs = []
    for result, line, word in wording:
        of_kind = (v for v in verdicts if result == (UNPROVEN if v.is_unproven else v.result))
        listed = tuple(map(word, of_kind))
        if listed:
            paragraphs.append((line.format(len(listed)), listed))
    points = case.judge_points(list(verdicts))
    doubts = tuple(_doubt(contradiction) for contradiction in contradictions(case, points))
    if doubts:
        paragraphs.append((f"矛盾或存疑{len(doubts)}处，请核实：", doubts))
    return Sentences(tuple(paragraphs) or (("本册没有可由数据判定的事项。", ()),))


def caveats(case: Case) -> Sentences:
    """List the known problems of the county's data, as registered when they were entered."""
    notes = tuple(case.meta.get("notes", ()))
    return Sentences(((f"登记{len(notes)}条。" if notes else "没有登记的数据问题。", notes),))


def cautions(case: Case) -> Sentences:
    """Name the figures of this notebook that a document forbids to reward by or to publicise."""
    lines = []
    for caution in all_cautions():
        if caution.topic in case.topics and caution.start <= case.year.law_date():
            reported = (item(code).label for code in caution.items if _is_reported(case, code))
            printed = caution.names(claim.name for claim in case.facts.claims)
            if names := tuple(dict.fromkeys((*reported, *printed))):
                cited = caution.reference.cited(caution.reference.clause)
                lines.append((f"{cited}：{caution.text}。涉及：", names))
    return Sentences(tuple(lines) or (("没有需要提醒的数字。", ()),))


def _is_reported(case: Case, code: str) -> bool:
    """Say whether the county reports an item at any stage, of the judged year or since."""
    years = (case.year.data_year, case.year.progress_year)
    stages = item(code).stages
    return any(case.facts.get(code, stage, year).is_reported for stage in stages for year in years)
