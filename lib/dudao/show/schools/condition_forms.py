"""表Ⅳ and its like, entry by entry: the government's part, quality, preschool education."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dudao.case import Case
from dudao.judging import UNDECIDED, Verdict, judge
from dudao.law.forms import FormEntry, FormPlan, form_plans
from dudao.law.rules_check import LAW_STATUS
from dudao.law.topics import notebook_of
from dudao.show.results_cell import limit_of, shown_value
from dudao.show.schools.form import Form, Forms
from dudao.show.tables import Marked
from dudao.show.words import RESULTS, result_word

BY_PEOPLE = "由评审人员按材料认定"


def verdicts_of(case: Case, checks: Sequence[str]) -> list[Verdict]:
    """Judge some rules by name, wherever their measures are computed; a rule of others' law not."""
    in_law = case.law.thresholds
    rules = [in_law[check] for check in checks if check in in_law]
    homes = sorted({notebook_of(topic) for rule in rules for topic in rule.topics})
    measures = [measure for home in homes for measure in case.measures(home)]
    return [
        judge(measure, rule, case.year.law_date(rule.date_rule))
        for rule in rules
        for measure in measures
        if (measure.item, measure.stage) == (rule.item, rule.stage)
    ]


def _row(number: int, entry: FormEntry, verdict: Verdict) -> tuple[Any, ...]:
    limit = limit_of(verdict, " ") or "尚未施行或未查到"
    status = "" if verdict.law_status == "sourced" else LAW_STATUS[verdict.law_status]
    result = Marked(result_word(verdict.result, verdict.law_status), verdict.result)
    return (str(number), entry.title, verdict.label, shown_value(verdict), limit, result, status)


def _rows(number: int, entry: FormEntry, verdicts: Sequence[Verdict]) -> list[tuple[Any, ...]]:
    of_entry = [verdict for verdict in verdicts if verdict.check in entry.checks]
    if of_entry:
        return [_row(number, entry, verdict) for verdict in of_entry]
    undecided = Marked(RESULTS[UNDECIDED][0], UNDECIDED)
    return [(str(number), entry.title, BY_PEOPLE, "", "", undecided, "")]


def _form(plan: FormPlan, verdicts: Sequence[Verdict]) -> Form:
    rows = [row for at, entry in enumerate(plan.entries, 1) for row in _rows(at, entry, verdicts)]
    columns = ("序号", "内容", "检查", "数值", "标准", "结果", "标准出处")
    note = "内容按公开摘引整理，未见原表"
    return Form(plan.number, plan.title, dict.fromkeys(columns), tuple(rows), note)


def condition_forms(case: Case, name: str) -> Forms:
    """Return the forms of "balanced" or "preschool", judged where they are computed."""
    plans = form_plans(name)
    wanted = [check for plan in plans for entry in plan.entries for check in entry.checks]
    verdicts = verdicts_of(case, wanted)
    return Forms(tuple(_form(plan, verdicts) for plan in plans))
