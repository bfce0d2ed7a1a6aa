"""Cross-checks between reported figures; what disagrees is named, never mended.

One evaluator for both readers: the checks of a submission (findings at a cell) and the notebooks.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, combinations
from pathlib import Path
from typing import Any

from dudao.base.rounding import plain
from dudao.base.yaml_text import read_own
from dudao.facts.cells import NOT_APPLICABLE, REPORTED
from dudao.facts.items import item
from dudao.facts.view import Fact, Facts

FILE = Path(__file__).with_name("consistency.yaml")
AGREES, DISAGREES, IMPLAUSIBLE, UNCHECKED = "agrees", "disagrees", "implausible", "unchecked"
IDENTITIES, NOT_ABOVE, RATIOS = "identities", "not_above", "ratios"
SAME = 1e-6  # sums of decimals carry binary noise
# Of item, stage and year: a figure with value, status, qualifier; or None.
Lookup = Callable[..., Any]


@dataclass(frozen=True)
class Comparison:
    """One rule in one year: the figures it rests on, how it came out, and the computed value.

    whole: what the parts make up, or do not exceed; of a ratio, the figure divided by. value: the
    sum of the parts, the part, or the ratio.
    """

    kind: str
    rule: dict[str, Any]
    data_year: int
    whole: Any
    parts: tuple[Any, ...]
    outcome: str
    value: float = 0.0

    @property
    def is_exact(self) -> bool:
        """Say whether no figure is only about right."""
        return not any(row.qualifier for row in (self.whole, *self.parts) if row is not None)


@dataclass(frozen=True)
class CrossCheck:
    """One cross-check: what was compared, how it came out, and every cell it rests on."""

    label: str
    data_year: int
    working: str
    outcome: str
    difference: float
    cells: tuple[str, ...]
    topics: tuple[str, ...]
    note: str = ""


def rules() -> dict[str, list[dict[str, Any]]]:
    """Return the rules by kind: identities, parts not above a whole, usual ratios."""
    by_kind: dict[str, list[dict[str, Any]]] = read_own(FILE)
    return by_kind


def _holds_number(row: Any) -> bool:
    return row is not None and row.status == REPORTED


def _identity(rule: dict[str, Any], get: Lookup, year: int) -> Comparison | None:
    whole, listed = get(*rule["total"], year), [get(*part, year) for part in rule["parts"]]
    parts = tuple(row for row in listed if row is None or row.status != NOT_APPLICABLE)
    rows = (whole, *parts)
    if not parts or not any(map(_holds_number, rows)):
        return None
    if not all(map(_holds_number, rows)) or any(row.qualifier for row in rows):
        return Comparison(IDENTITIES, rule, year, whole, parts, UNCHECKED)
    added = sum(row.value for row in parts)
    if abs(whole.value - added) <= SAME:
        return Comparison(IDENTITIES, rule, year, whole, parts, AGREES, added)
    outcome = IMPLAUSIBLE if _readings(whole, parts) else DISAGREES
    return Comparison(IDENTITIES, rule, year, whole, parts, outcome, added)


def _readings(whole: Any, parts: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    """Return the choices of two parts or more, not all, that add up to the whole.

    Such a whole may be meant without the others: that is in doubt, no contradiction.
    """
    chosen = chain.from_iterable(combinations(parts, n) for n in range(2, len(parts)))
    return [some for some in chosen if abs(whole.value - sum(r.value for r in some)) <= SAME]


def _not_above(rule: dict[str, Any], get: Lookup, year: int) -> Comparison | None:
    part, whole = get(*rule["part"], year), get(*rule["whole"], year)
    if not (_holds_number(part) and _holds_number(whole)) or part.qualifier or whole.qualifier:
        return None
    outcome = DISAGREES if part.value > whole.value + SAME else AGREES
    return Comparison(NOT_ABOVE, rule, year, whole, (part,), outcome, part.value)


def _ratio(rule: dict[str, Any], get: Lookup, year: int) -> Comparison | None:
    over, under = get(*rule["over"], year), get(*rule["under"], year)
    if not (_holds_number(over) and _holds_number(under) and under.value):
        return None
    times = over.value / under.value
    outcome = AGREES if rule["at_least"] <= times <= rule["at_most"] else IMPLAUSIBLE
    return Comparison(RATIOS, rule, year, under, (over,), outcome, times)


_KINDS = {IDENTITIES: _identity, NOT_ABOVE: _not_above, RATIOS: _ratio}


def compared(kind: str, get: Lookup, years: Iterable[int]) -> Iterator[Comparison]:
    """Compare reported figures by every rule of a kind, in each year that has something to say."""
    years = tuple(years)
    for rule in rules()[kind]:
        yield from filter(None, (_KINDS[kind](rule, get, year) for year in years))


def _identity_text(comparison: Comparison) -> tuple[str, str]:
    whole, parts = comparison.whole, comparison.parts
    if not comparison.is_exact:
        return "", "含约数，不能核对"
    if lacking := "、".join(fact.label for fact in (whole, *parts) if not fact.is_reported):
        return "", f"缺：{lacking}"
    working = f"{_sum_text(parts)}＝{plain(comparison.value)}，所列为{plain(whole.value)}"
    return working, reading_text(comparison)


def _sum_text(parts: Iterable[Fact]) -> str:
    return "＋".join(plain(fact.value) for fact in parts)


def reading_text(comparison: Comparison) -> str:
    """Say how a whole in doubt may be meant: without the parts that are left over."""
    return "；".join(
        _without(comparison, some) for some in _readings(comparison.whole, comparison.parts)
    )


def _without(comparison: Comparison, some: tuple[Any, ...]) -> str:
    left = "、".join(
        f"{item(f.item).label}{plain(f.value)}" for f in comparison.parts if f not in some
    )
    same = f"{_sum_text(some)}＝{plain(comparison.whole.value)}"
    return f"{same}，合计可能不含{left}；请核实，数据照原样使用"


def _not_above_text(comparison: Comparison) -> tuple[str, str]:
    return f"{plain(comparison.value)} ≤ {plain(comparison.whole.value)}", ""


def _ratio_text(comparison: Comparison) -> tuple[str, str]:
    over, times = plain(comparison.parts[0].value), plain(comparison.value, 2)
    working = f"{over} ÷ {plain(comparison.whole.value)}＝{times}倍"
    if comparison.outcome != IMPLAUSIBLE:
        return working, ""
    return working, f"{comparison.rule['why']}；请核实，数据照原样使用"


_TEXTS = {IDENTITIES: _identity_text, NOT_ABOVE: _not_above_text, RATIOS: _ratio_text}


def _cross_check(comparison: Comparison) -> CrossCheck:
    """Put a comparison into the words of a notebook; an identity names its whole first."""
    is_identity = comparison.kind == IDENTITIES
    whole, parts = comparison.whole, comparison.parts
    rows = (whole, *parts) if is_identity else (*parts, whole)
    working, note = _TEXTS[comparison.kind](comparison)
    decided = is_identity and comparison.outcome != UNCHECKED
    return CrossCheck(
        label=comparison.rule["label"],
        data_year=comparison.data_year,
        working=working,
        outcome=comparison.outcome,
        difference=whole.value - comparison.value if decided else 0.0,
        cells=tuple(fact.where for fact in rows if fact.is_reported),
        topics=item(rows[0].item).topics,
        note=note,
    )


def cross_checks(facts: Facts) -> list[CrossCheck]:
    """Run every cross-check that has something to compare, for each year of the submission."""
    return [
        _cross_check(comparison)
        for kind in _KINDS
        for comparison in compared(kind, facts.get, facts.year.all)
    ]
