"""The problem list as a county hands it on: figures in, cause and measure left free to write."""

import itertools
from collections.abc import Iterable, Sequence
from typing import Any

from dudao.base.short_lists import name_first
from dudao.indicators.measure import CONTRADICTED
from dudao.judging.results import NOT_MET, UNCONFIRMED, Verdict
from dudao.judging.shortfall_list import MONEY, Problem
from dudao.law.rules_check import LAW_STATUS
from dudao.show.records import gap_record
from dudao.show.results_cell import limit_of
from dudao.show.tables import Marked, Room, Table, table, tabulate
from dudao.show.words import BASES, RESULTS

TO_FILL = ("原因", "整改措施", "责任单位", "整改时限")
BUYABLE = (MONEY, "人", "所", "间", "㎡", "个", "册", "台")  # not: hours, grades, amounts per pupil
WEIGHTIEST = 10  # problems on the first pages; the list has all
UNITS_SHOWN = 6  # schools named in a cell; the record has all


def _figures(problem: Problem) -> tuple[str, ...]:
    value, limit, gap = _now(problem)
    return (f"现值 {value}", f"标准 {limit}", gap) if problem.verdict else (value,)


def _words(problem: Problem) -> tuple[str, ...]:
    """Return what is wrong, where, and that print says otherwise if it does."""
    if problem.verdict is None:
        return (problem.what, problem.note)
    doubt = BASES[CONTRADICTED] if problem.verdict.basis == CONTRADICTED else ""
    unproven = f"标准{LAW_STATUS[UNCONFIRMED]}" if problem.verdict.is_unproven else ""
    units = name_first(problem.verdict.units, UNITS_SHOWN, "所")
    return (problem.what, unproven, doubt, f"涉及：{units}" if units else "")


def _now(problem: Problem) -> tuple[str, str, str]:
    """Return value, standard and gap; a point that only the county rates has none."""
    verdict = problem.verdict
    if verdict is None:
        return "本县自评", "", ""
    limit = limit_of(verdict)
    return verdict.value_text, limit, verdict.gap.text if verdict.gap else ""


def with_figures(problem: Problem) -> str:
    """Return what is wrong with value and standard: a ratio of the two says less."""
    value, limit, _ = _now(problem)
    return f"{problem.what}（{value}，标准{limit}）" if limit else problem.what


def weightiest_table(problems: Sequence[Problem]) -> Table:
    """Show the problems at the head of the list, a line each; the whole list stands below."""
    rows = [
        (str(number), problem.what, "、".join(problem.points), *_now(problem))
        for number, problem in enumerate(problems[:WEIGHTIEST], 1)
    ]
    more = f"，共{len(problems)}项" if len(problems) > WEIGHTIEST else ""
    columns = ("序号", "问题", "要点", "现值", "标准", "差额")
    caption = f"最重的问题（{len(rows)}项{more}）"
    return table(caption, columns, rows, numbers=columns[3:], empty="没有未达标的事项")


def problems_table(problems: Sequence[Problem]) -> Table:
    """Show every problem in order; the last four columns are for the county to write in."""
    numbers = itertools.count(1)
    columns = {
        "序号": lambda _: str(next(numbers)),
        "要点": lambda problem: "、".join(problem.points),
        "问题与涉及学校": _words,
        "现值与标准": _figures,
        **dict.fromkeys(TO_FILL, lambda _: Room()),
    }
    caption, empty = f"问题清单（{len(problems)}项）", "没有未达标的事项"
    return tabulate(caption, problems, columns, numbers=("现值与标准",), empty=empty)


def gaps_table(problems: Sequence[Problem]) -> Table:
    """Show what would have to be paid, hired or built, by unit; within a unit the most first."""
    checks = [problem.verdict for problem in problems if problem.verdict]
    gaps = [(verdict, verdict.gap) for verdict in checks if verdict.gap]
    rows = [
        (verdict.label, gap.quantity, verdict.points_text)
        for unit in BUYABLE
        for verdict, gap in sorted(gaps, key=lambda pair: pair[1].amount, reverse=True)
        if gap.unit == unit
    ]
    caption = "要补多少：先资金，再人、校舍和设备，各由多到少"
    columns = ("事项", "差额", "要点")
    return table(caption, columns, rows, numbers=("差额",), empty="没有可计算的差额")


def vetoes_table(verdicts: Iterable[Verdict]) -> Table:
    """Show the veto items that occurred or were not reported: one is enough to fail."""
    columns = {
        "一票否决事项": lambda v: v.label,
        "情况": lambda v: Marked("已发生" if v.result == NOT_MET else "未报", v.result),
        "数值": lambda v: v.value_text,
        "所否决的要点": lambda v: v.points_text,
        "需补充与说明": lambda v: (*v.missing, v.note),
    }
    caption, empty = "一票否决事项：已发生或未报", "没有发生，也没有漏报"
    return tabulate(caption, verdicts, columns, empty=empty)


def problem_record(problem: Problem) -> dict[str, Any]:
    """Return a problem as plain data."""
    verdict = problem.verdict
    return {
        "points": list(problem.points),
        "what": problem.what,
        "note": problem.note,
        "veto": problem.is_veto,
        "check": verdict.check if verdict else "",
        "value": verdict.value if verdict else None,
        "value_text": verdict.value_text if verdict and verdict.is_known else "",
        "threshold": verdict.threshold if verdict else None,
        "unit": verdict.unit if verdict else "",
        "compare": verdict.compare if verdict else "",
        "shortfall": problem.shortfall,
        "gap": gap_record(verdict.gap) if verdict else None,
        "money_wan": problem.money,
        "units": list(verdict.units) if verdict else [],
        "result": RESULTS[NOT_MET][0],
    }
