"""Cross-checks between reported figures; what disagrees is named, never mended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from dudao.facts.items import item
from dudao.facts.view import Fact, Facts
from dudao.rounding import plain

FILE = Path(__file__).with_name("consistency.yaml")
AGREES, DISAGREES, IMPLAUSIBLE, UNCHECKED = "agrees", "disagrees", "implausible", "unchecked"


@dataclass(frozen=True)
class CrossCheck:
    """One cross-check: what was compared, how it came out, and every place it rests on."""

    label: str
    data_year: int
    working: str
    outcome: str
    difference: float
    places: tuple[str, ...]
    topics: tuple[str, ...]
    note: str = ""


@cache
def _rules() -> dict:
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))


def _check(label: str, facts: list[Fact], working: str, outcome: str, **more) -> CrossCheck:
    return CrossCheck(
        label=label,
        data_year=facts[0].data_year,
        working=working,
        outcome=outcome,
        places=tuple(fact.where for fact in facts if fact.is_reported),
        topics=item(facts[0].item).topics,
        **{"difference": 0.0, **more},
    )


def _identity(rule: dict, facts: Facts, year: int) -> CrossCheck | None:
    total = facts.get(*rule["total"], year)
    listed = [facts.get(*part, year) for part in rule["parts"]]
    parts = [fact for fact in listed if not fact.is_not_applicable]
    known = [fact for fact in (total, *parts) if fact.is_reported]
    if not known:
        return None
    if any(fact.qualifier for fact in known):
        return _check(rule["label"], [total, *parts], "", UNCHECKED, note="含约数，不能核对")
    if len(known) <= len(parts):
        lacking = "、".join(fact.label for fact in (total, *parts) if not fact.is_reported)
        return _check(rule["label"], [total, *parts], "", UNCHECKED, note=f"缺：{lacking}")
    added = sum(fact.value for fact in parts)
    difference = total.value - added
    sum_text = "＋".join(plain(fact.value) for fact in parts)
    working = f"{sum_text}＝{plain(added)}，所列为{plain(total.value)}"
    outcome = AGREES if abs(difference) < 1e-9 else DISAGREES
    return _check(rule["label"], [total, *parts], working, outcome, difference=difference)


def _not_above(rule: dict, facts: Facts, year: int) -> CrossCheck | None:
    part, whole = facts.get(*rule["part"], year), facts.get(*rule["whole"], year)
    if not (part.is_reported and whole.is_reported) or part.qualifier or whole.qualifier:
        return None
    working = f"{plain(part.value)} ≤ {plain(whole.value)}"
    outcome = AGREES if part.value <= whole.value else DISAGREES
    return _check(rule["label"], [part, whole], working, outcome)


def _ratio(rule: dict, facts: Facts, year: int) -> CrossCheck | None:
    over, under = facts.get(*rule["over"], year), facts.get(*rule["under"], year)
    if not (over.is_reported and under.is_reported and under.value):
        return None
    ratio = over.value / under.value
    usual = rule["at_least"] <= ratio <= rule["at_most"]
    working = f"{plain(over.value)} ÷ {plain(under.value)}＝{plain(ratio, 2)}倍"
    note = "" if usual else f"{rule['why']}；请核实，数据照原样使用"
    return _check(
        rule["label"], [over, under], working, AGREES if usual else IMPLAUSIBLE, note=note
    )


def _all(facts: Facts) -> Iterator[CrossCheck | None]:
    kinds = (("identities", _identity), ("not_above", _not_above), ("ratios", _ratio))
    years = (facts.year.base_year, facts.year.data_year, facts.year.progress_year)
    for kind, check in kinds:
        for rule in _rules()[kind]:
            for year in years:
                yield check(rule, facts, year)


def cross_checks(facts: Facts) -> list[CrossCheck]:
    """Run every cross-check that has something to compare, for each year of the submission."""
    return [check for check in _all(facts) if check is not None]
