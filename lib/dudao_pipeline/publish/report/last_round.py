"""What the last round found and is still open, as the report tells it: who mends it, by when."""

import calendar
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from dudao.facts.cells import day_of, folded
from dudao.indicators import supervision
from dudao.indicators.supervision import LastProblem
from dudao_pipeline.intake.cell_reading import month_of
from dudao_pipeline.publish.report.draft import Draft, ReportProblem, numeral
from dudao_pipeline.publish.report.wording import Words

NAMED = 5  # problems in one sentence


@dataclass(frozen=True)
class OpenProblem:
    """A problem of the last round that is not mended, with its deadline as the county wrote it."""

    register: LastProblem
    written: str

    @property
    def due(self) -> str:
        """Return the deadline as offices write it: a day, a month, a year; else as it stands."""
        day = day_of(self.written)
        if day:
            return f"{day.year}年{day.month}月{day.day}日"
        numbers = re.findall(r"\d+", folded(self.written)) if month_of(self.written) else ()
        parts = (f"{int(n)}{unit}" for n, unit in zip(numbers, "年月", strict=False))
        return "".join(parts) or self.written

    @property
    def is_past(self) -> bool:
        """Say whether the deadline, to its last day, lies before the day that is judged."""
        day = day_of(self.written) or _last_day(self.written)
        return day is not None and day <= self.register.judged_on

    def clause(self, words: Words) -> str:
        """Return when it is due, in words; a deadline that has passed is told as such."""
        if not self.written:
            return ""
        is_day = day_of(self.written) is not None
        form = ("was_due" if self.is_past else "due") if is_day else "due_other"
        return words[form].format(deadline=self.due)

    def text(self, words: Words) -> str:
        """Return the problem with who mends it by when, as far as that is entered."""
        entered = "，".join(filter(None, (self.register.office, self.clause(words))))
        problem = self.register.problem
        return words["one_open"].format(problem=problem, due=entered) if entered else problem


def _last_day(written: str) -> date | None:
    """Return the last day of a month or a year that a text names; None where it names none."""
    first = month_of(written)
    if first is None:
        return None
    month = first.month if len(re.findall(r"\d+", folded(written))) > 1 else 12
    return date(first.year, month, calendar.monthrange(first.year, month)[1])


def open_problems(draft: Draft) -> list[OpenProblem]:
    """Return what is still open of the last round, in the order of the register."""
    written = draft.stored.last_round["deadline"]
    both = zip(supervision.last_round(draft.facts), written, strict=True)
    return [OpenProblem(one, text) for one, text in both if not one.is_rectified]


def last_round_problem(draft: Draft, number: int) -> ReportProblem:
    """Return the open problems of the last round as one problem with measures, offices and days."""
    listed, words = open_problems(draft), draft.words["problem"]
    named = "；".join(one.text(draft.words["last_round"]) for one in listed[:NAMED])
    form = words["last_round_more" if len(listed) > NAMED else "last_round"]
    return ReportProblem(
        number=numeral(number),
        title=words["last_round_title"],
        text=form.format(number=len(listed), listed=named) + "。",
        measure="；".join(_each(one.register.measure for one in listed)),
        office="、".join(offices_of(one.register.office for one in listed)),
        deadline=_deadline(listed, words),
    )


def _each(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(filter(None, texts)))


def _deadline(listed: Sequence[OpenProblem], words: Words) -> str:
    """Return the days to come; a day that has passed is none to offer again."""
    ahead = [one for one in listed if one.written and not one.is_past]
    if not ahead:
        return ""
    if len(ahead) == len(listed) and len({one.due for one in ahead}) == 1:
        return ahead[0].due
    each = (
        words["deadline"].format(problem=one.register.problem, deadline=one.due) for one in ahead
    )
    rest = (words["deadline_rest"],) if len(ahead) < len(listed) else ()
    return "；".join((*each, *rest))


def offices_of(entries: Iterable[str]) -> list[str]:
    """Return the offices that entries name, each once; 教育局 goes where 某县教育局 stands."""
    named = _each(name for entry in entries for name in entry.split("、"))
    return [name for name in named if not any(name != one and name.endswith(one) for one in named)]
