"""What a submission's manifest says beside its files: items reported, amounts per pupil."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from dudao.base.errors import FactsError
from dudao.facts import store, units
from dudao.facts.items import items

if TYPE_CHECKING:
    import pandas as pd

PER_PUPIL = (
    "per_pupil_expenditure",
    "per_pupil_operating_expenditure",
    "per_pupil_non_personnel_expenditure",
)


def reported_of(facts: pd.DataFrame, claims: pd.DataFrame) -> dict[str, list[str]]:
    """Return the items that are reported, of the county and of single schools, or only printed.

    facts, claims: columns as `facts.schema` declares them.
    """
    reported = facts[facts["status"] == "reported"]
    of_school = reported["school"] != ""
    return {
        "county": sorted(set(reported.loc[~of_school, "item"])),
        "school": sorted(set(reported.loc[of_school, "item"])),
        "printed": sorted({row.item for row in claims.itertuples() if _is_usable(row)}),
    }


def _is_usable(claim: Any) -> bool:
    """Say whether a printed figure has an item and a unit in which the item can be judged."""
    entry = items().get(claim.item)
    return entry is not None and units.factor(claim.unit, entry.unit) is not None


def levels_of(facts: pd.DataFrame) -> list[tuple[int, str, str, float]]:
    """Return data year, item, stage and value of the amounts per pupil that a county reports.

    facts: columns as `facts.schema` declares them.
    """
    is_level = facts["item"].isin(PER_PUPIL) & (facts["status"] == "reported")
    rows = facts[is_level & (facts["school"] == "")].dropna(subset="value")
    levels = rows[["data_year", "item", "stage", "value"]].itertuples(index=False, name=None)
    return [(int(year), item, stage, float(value)) for year, item, stage, value in levels]


# Whether the counties are fictional, data year, item and stage -> yuan per pupil by county.
Levels = dict[tuple[bool, int, str, str], dict[str, float]]


def add_levels(
    stored: Levels, county: str, levels: Iterable[Sequence[Any]], *, fictional: bool
) -> None:
    """Put the amounts per pupil of a county in the place of its earlier ones."""
    for data_year, item, stage, value in levels:
        stored.setdefault((fictional, data_year, item, stage), {})[county] = value


def stored_levels() -> Levels:
    """Return the amounts per pupil of the counties in the store, of the newest submission each.

    Real counties and fictional ones are never compared. A submission that cannot be opened stands
    beside nobody; whoever asks for it is told.
    """
    stored: Levels = {}
    for county, year in store.submissions():
        with suppress(FactsError):  # a damaged county is told where it is read for itself
            manifest = store.meta(county, year)
            fictional = bool(manifest["meta"].get("fictional"))
            add_levels(stored, county, manifest["levels"], fictional=fictional)
    return stored
