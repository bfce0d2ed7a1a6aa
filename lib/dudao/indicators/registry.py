"""Measures of an item by the formula that the dictionary declares, of a group, of a notebook.

measures.yaml says which groups a notebook has. No formula stands here.
"""

import inspect
from collections.abc import Callable, Iterator
from importlib import import_module

from dudao.facts.items import item
from dudao.facts.measure_groups import ComputedGroup, computed_groups
from dudao.facts.view import Facts, once_per_county
from dudao.indicators import balanced_government, funding, supervision
from dudao.indicators.declared import difference_of_shares, growth, level, quotient
from dudao.indicators.measure import Measure
from dudao.indicators.schools import SchoolRules

FUNCTION, PROGRESS = "=", ":progress"  # how measures.yaml writes a function, and the progress year
# Formula of the dictionary -> what computes it of facts, item, stage and data year.
_FORMULAS: dict[str, Callable[[Facts, str, str, int], Measure]] = {
    "": level,
    "share": quotient,
    "ratio": quotient,
    "growth": lambda facts, code, stage, _: growth(facts, code, stage),
    "growth_difference": lambda facts, *_: funding.growth_over_revenue(facts),
    "share_change": lambda facts, code, stage, _: difference_of_shares(
        facts, code, stage, facts.year.data_year, facts.year.base_year
    ),
    "reduction": lambda facts, code, stage, _: difference_of_shares(
        facts, code, stage, facts.year.base_year, facts.year.data_year
    ),
    "share_of_stages": lambda facts, *_: balanced_government.private_share(facts),
    "tier_share": lambda facts, code, *_: funding.tier_share(facts, *item(code).inputs.split()),
    "local_share": lambda facts, code, *_: funding.local_share(facts, item(code).inputs),
    "years_since": lambda facts, code, stage, _: balanced_government.years_since(
        facts, code, stage
    ),
    "register": lambda facts, *_: supervision.rectification_rate(facts),
}


def measure_of(facts: Facts, code: str, stage: str, data_year: int) -> Measure:
    """Return an item's measure by the formula that the dictionary declares for it."""
    return _FORMULAS[item(code).formula](facts, code, stage, data_year)


def _called(name: str, facts: Facts, rules: SchoolRules) -> list[Measure]:
    module, _, function = name.partition(".")
    compute = getattr(import_module(f"dudao.indicators.{module}"), function)
    arguments = (facts, rules)[: len(inspect.signature(compute).parameters)]
    measures = compute(*arguments)
    return [measures] if isinstance(measures, Measure) else measures


def measures_of(group: ComputedGroup, facts: Facts, rules: SchoolRules) -> Iterator[Measure]:
    """Yield the measures of a group in the order of its table."""
    for entry in group.measures:
        if entry.startswith(FUNCTION):
            yield from _called(entry.removeprefix(FUNCTION), facts, rules)
            continue
        code, _, chosen = entry.removesuffix(PROGRESS).partition("@")
        year = facts.year.progress_year if entry.endswith(PROGRESS) else facts.year.data_year
        for stage in chosen.split() or item(code).stages:
            yield measure_of(facts, code, stage, year)


@once_per_county
def measures_of_notebook(facts: Facts, notebook: str, rules: SchoolRules) -> list[Measure]:
    """Return every measure of a notebook, group by group."""
    groups = computed_groups(notebook).values()
    return [measure for group in groups for measure in measures_of(group, facts, rules)]
