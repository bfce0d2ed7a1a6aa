"""The tables of each notebook as data: which items it shows, which measures it computes."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dudao.base.errors import FactsError, nearest
from dudao.base.yaml_text import read_own
from dudao.facts.items import STAGES, items, items_about
from dudao.facts.sheet_layout import COUNTY

FILE = Path(__file__).with_name("measures.yaml")


@dataclass(frozen=True)
class ReportedGroup:
    """Items that one table shows as the county reports them, and the stages it shows."""

    title: str
    items: tuple[str, ...]
    stages: tuple[str, ...]


@dataclass(frozen=True)
class ComputedGroup:
    """Measures that one table shows, as measures.yaml writes them; decimals that are shown."""

    title: str
    measures: tuple[str, ...]
    decimals: int = 2


def notebooks_with_measures() -> tuple[str, ...]:
    """Return the notebooks that compute measures, in their order."""
    return tuple(read_own(FILE))


def _group(notebook: str, kind: str, name: str) -> dict[str, Any]:
    groups: dict[str, dict[str, Any]] = read_own(FILE).get(notebook, {}).get(kind, {})
    if name not in groups:
        raise FactsError(f"{notebook} 没有名为“{name}”的一组指标{nearest(name, groups)}。")
    return groups[name]


def reported_group(notebook: str, name: str) -> ReportedGroup:
    """Return a group of reported items; FactsError names the nearest group."""
    entry = _group(notebook, "reported", name)
    of_topics = [
        code for code in items_about(entry.get("topics", ())) if COUNTY in items()[code].sheets
    ]
    codes = (*entry.get("items", ()), *of_topics)
    return ReportedGroup(entry["title"], codes, tuple(entry.get("stages", STAGES)))


def computed_groups(notebook: str) -> dict[str, ComputedGroup]:
    """Return the groups of computed measures of a notebook by name; none where it has none."""
    return {
        name: ComputedGroup(entry["title"], tuple(entry["measures"]), entry.get("decimals", 2))
        for name, entry in read_own(FILE).get(notebook, {}).get("computed", {}).items()
    }


def computed_group(notebook: str, name: str) -> ComputedGroup:
    """Return one group of computed measures; FactsError names the nearest group."""
    _group(notebook, "computed", name)
    return computed_groups(notebook)[name]
