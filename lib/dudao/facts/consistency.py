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
class CrossCheck:
    """One rule in one year: the figures it rests on, how it came out, and the computed value.

    whole: what the parts make up, or do not exceed; of a ratio, the figure divided by. value: the
    sum of the parts, the part, or the ratio. What it says in words is asked of facts alone.
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

    @property
    def label(self) -> str:
        """Return what is compared."""
        return str(self.rule["label"])

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Return the facts that it rests on; an identity names its whole first."""
        is_identity = self.kind == IDENTITIES
        return (self.whole, *self.parts) if is_identity else (*self.parts, self.whole)

    @property
    def cells(self) -> tuple[str, ...]:
        """Return every cell that it rests on."""
        return tuple(fact.where for fact in self.facts if fact.is_reported)

    @property
    def topics(self) -> tuple[str, ...]:
        """Return what it is about."""
        return item(self.facts[0].item).topics

    @property
    def working(self) -> str:
        """Return the comparison as a reader writes it; nothing where figures are lacking."""
        whole = plain(self.whole.value)
        if self.kind == RATIOS:
            return f"{plain(self.parts[0].value)} ÷ {whole}＝{plain(self.value, 2)}倍"
        if self.kind == NOT_ABOVE:
            return f"{plain(self.value)} ≤ {whole}"
        if self.outcome == UNCHECKED:
            return ""
        return f"{_sum_text(self.parts)}＝{plain(self.value)}，所列为{whole}"

    @property
    def note(self) -> str:
        """Return why it cannot be decided, or what may be meant where it does not come out."""
        if self.kind == RATIOS:
            is_odd = self.outcome == IMPLAUSIBLE
            return f"{self.rule['why']}；请核实，数据照原样使用" if is_odd else ""
        if not self.is_exact:
            return "含约数，不能核对"
        lacking = "、".join(fact.label for fact in self.facts if not fact.is_reported)
        return f"缺：{lacking}" if lacking else self.reading

    @property
    def reading(self) -> str:
        """Return how a whole in doubt may be meant: without the parts that are left over."""
        return "；".join(map(self._without_rest, _readings(self.whole, self.parts)))

    def _without_rest(self, some: tuple[Any, ...]) -> str:
        rest = (part for part in self.parts if part not in some)
        left = "、".join(f"{item(part.item).label}{plain(part.value)}" for part in rest)
        same = f"{_sum_text(some)}＝{plain(self.whole.value)}"
        return f"{same}，合计可能不含{left}；请核实，数据照原样使用"


def _sum_text(parts: Iterable[Any]) -> str:
    return "＋".join(plain(part.value) for part in parts)


def rules() -> dict[str, list[dict[str, Any]]]:
    """Return the rules by kind: identities, parts not above a whole, usual ratios."""
    by_kind: dict[str, list[dict[str, Any]]] = read_own(FILE)
    return by_kind


def _holds_number(row: Any) -> bool:
    return row is not None and row.status == REPORTED


def _identity(rule: dict[str, Any], get: Lookup, year: int) -> CrossCheck | None:
    whole, listed = get(*rule["total"], year), [get(*part, year) for part in rule["parts"]]
    parts = tuple(row for row in listed if row is None or row.status != NOT_APPLICABLE)
    rows = (whole, *parts)
    if not parts or not any(map(_holds_number, rows)):
        return None
    if not all(map(_holds_number, rows)) or any(row.qualifier for row in rows):
        return CrossCheck(IDENTITIES, rule, year, whole, parts, UNCHECKED)
    added = sum(row.value for row in parts)
    if abs(whole.value - added) <= SAME:
        return CrossCheck(IDENTITIES, rule, year, whole, parts, AGREES, added)
    outcome = IMPLAUSIBLE if _readings(whole, parts) else DISAGREES
    return CrossCheck(IDENTITIES, rule, year, whole, parts, outcome, added)


def _readings(whole: Any, parts: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    """Return the choices of two parts or more, not all, that add up to the whole.

    Such a whole may be meant without the others: that is in doubt, no contradiction.
    """
    chosen = chain.from_iterable(combinations(parts, n) for n in range(2, len(parts)))
    return [some for some in chosen if abs(whole.value - sum(r.value for r in some)) <= SAME]


def _not_above(rule: dict[str, Any], get: Lookup, year: int) -> CrossCheck | None:
    part, whole = get(*rule["part"], year), get(*rule["whole"], year)
    if not (_holds_number(part) and _holds_number(whole)) or part.qualifier or whole.qualifier:
        return None
    outcome = DISAGREES if part.value > whole.value + SAME else AGREES
    return CrossCheck(NOT_ABOVE, rule, year, whole, (part,), outcome, part.value)


def _ratio(rule: dict[str, Any], get: Lookup, year: int) -> CrossCheck | None:
    over, under = get(*rule["over"], year), get(*rule["under"], year)
    if not (_holds_number(over) and _holds_number(under) and under.value):
        return None
    times = over.value / under.value
    outcome = AGREES if rule["at_least"] <= times <= rule["at_most"] else IMPLAUSIBLE
    return CrossCheck(RATIOS, rule, year, under, (over,), outcome, times)


_KINDS = {IDENTITIES: _identity, NOT_ABOVE: _not_above, RATIOS: _ratio}


def compared(kind: str, get: Lookup, years: Iterable[int]) -> Iterator[CrossCheck]:
    """Compare reported figures by every rule of a kind, in each year that has something to say."""
    years = tuple(years)
    for rule in rules()[kind]:
        yield from filter(None, (_KINDS[kind](rule, get, year) for year in years))


def cross_checks(facts: Facts) -> list[CrossCheck]:
    """Run every cross-check that has something to compare, for each year of the submission."""
    years = facts.year.all
    return [check for kind in _KINDS for check in compared(kind, facts.get, years)]
