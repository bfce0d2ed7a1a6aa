"""Three years of every check: base year and data year judged, the progress year only shown."""

from collections.abc import Iterable
from dataclasses import dataclass

from dudao.case import Case
from dudao.judging.results import MET, NOT_MET, Verdict

BETTER, WORSE, SAME, NOT_COMPARABLE = "better", "worse", "same", "not_comparable"
_CHANGES = {
    (NOT_MET, MET): BETTER,
    (MET, NOT_MET): WORSE,
    (MET, MET): SAME,
    (NOT_MET, NOT_MET): SAME,
}


@dataclass(frozen=True)
class Change:
    """One check in three years: the year before, the judged year, the progress after it."""

    now: Verdict
    before: Verdict | None
    later: Verdict | None

    @property
    def change(self) -> str:
        """Return how the result changed; not comparable unless both years have a result."""
        before = self.before.result if self.before else ""
        return _CHANGES.get((before, self.now.result), NOT_COMPARABLE)

    @property
    def standard_changed(self) -> bool:
        """Say whether the two years were judged by different standards."""
        limits = (self.now.threshold, self.before.threshold if self.before else None)
        return None not in limits and limits[0] != limits[1]


def _by_check(verdicts: Iterable[Verdict]) -> dict[tuple[str, str], Verdict]:
    return {(verdict.check, verdict.label): verdict for verdict in verdicts}


def changes(case: Case, verdicts: Iterable[Verdict]) -> list[Change]:
    """Set every check beside itself a year earlier, by the law of then, and a year later."""
    before = _by_check(case.in_data_year(case.year.base_year).verdicts())
    later = _by_check(case.in_data_year(case.year.progress_year).verdicts())
    return [
        Change(now, before.get((now.check, now.label)), later.get((now.check, now.label)))
        for now in verdicts
    ]
