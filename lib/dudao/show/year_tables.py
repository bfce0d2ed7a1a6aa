"""Tables of three years."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, TypeGuard

from dudao.base.rounding import plain, without_noise
from dudao.case import Case
from dudao.comparison.year_on_year import BETTER, NOT_COMPARABLE, SAME, WORSE, Change
from dudao.judging.results import Verdict
from dudao.show.tables import Marked, Table, Value, tabulate
from dudao.show.words import CHANGES, result_word

_ORDER = (WORSE, BETTER, SAME, NOT_COMPARABLE)


def _has_value(verdict: Verdict | None) -> TypeGuard[Verdict]:
    return verdict is not None and verdict.is_known


def _judged(verdict: Verdict | None) -> Value:
    """Return value and result of a judged year."""
    if verdict is None:
        return "—"
    shown = verdict.value_text if _has_value(verdict) else "未报"
    return Marked(shown, verdict.result, (result_word(verdict.result, verdict.law_status),))


def _shown(verdict: Verdict | None) -> str:
    """Return the value of the progress year, which nothing judges."""
    return verdict.value_text if _has_value(verdict) else "—"


def _change(change: Change) -> Value:
    word, mark = CHANGES[change.change]
    note = ""
    if change.standard_changed:
        before = change.before.threshold if change.before else None
        note = f"标准由{plain(before)}改为{plain(change.now.threshold)}"
    return Marked(word, mark, (note,)) if change.change in (WORSE, BETTER) else (word, note)


def _table(case: Case, caption: str, changes: Iterable[Change], empty: str) -> Table:
    year = case.year
    progress = f"{year.progress_year}年进展"
    columns = {
        "检查": lambda change: change.now.label,
        "要点": lambda change: change.now.points_text,
        f"{year.base_year}年": lambda change: _judged(change.before),
        f"{year.data_year}年（评价）": lambda change: _judged(change.now),
        progress: lambda change: _shown(change.later),
        "变化": _change,
    }
    ordered = sorted(changes, key=lambda change: _ORDER.index(change.change))
    return tabulate(caption, ordered, columns, numbers=(progress,), empty=empty)


def _is_changed(change: Change) -> bool:
    return change.change in (WORSE, BETTER)


def changed_table(case: Case, changes: Sequence[Change]) -> Table:
    """Show the checks that came to another result than the year before."""
    shown = [change for change in changes if _is_changed(change)]
    return _table(case, f"三年对照：{summary(changes)}", shown, "没有检查的结果与上一年不同")


def unchanged_table(case: Case, changes: Sequence[Change]) -> Table:
    """Show the other checks that more than one year reports."""
    several = [
        change for change in changes if _has_value(change.before) or _has_value(change.later)
    ]
    shown = [change for change in several if not _is_changed(change)]
    single = len(changes) - len(several)
    rest = f"；另{single}项只有一年数据，未列" if single else ""
    return _table(case, f"结果未变或不可比{rest}", shown, "没有两年都报送的检查")


def summary(changes: Sequence[Change]) -> str:
    """Say how many checks changed, and how."""
    counts = Counter(change.change for change in changes)
    return "，".join(f"{CHANGES[kind][0]}{counts[kind]}项" for kind in _ORDER)


def change_record(change: Change) -> dict[str, Any]:
    """Return a check's three years as plain data."""

    def year(verdict: Verdict | None) -> dict[str, Any] | None:
        if not _has_value(verdict):
            return None
        value = without_noise(verdict.value)
        return {"year": verdict.data_year, "value": value, "result": verdict.result}

    later = year(change.later)
    return {
        "points": list(change.now.points),
        "check": change.now.check,
        "label": change.now.label,
        "before": year(change.before),
        "now": year(change.now),
        "later": later and {**later, "result": ""},
        "change": change.change,
        "standard_changed": change.standard_changed,
    }
