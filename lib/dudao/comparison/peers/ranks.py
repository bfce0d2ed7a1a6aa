"""Ranks of all counties at once: how many stand above and below each value.

Quartiles and marks are rounded as they are shown, so that nobody's page turns on more.
"""

from typing import Any

import numpy as np
import pandas as pd

FEWEST = 5  # counties, itself included; among fewer a rank says nothing
AREAS = {"city": 4, "province": 2, "all": 0}  # digits of a county code that its counties share
MARKED = 30  # counties whose values are marked one by one; of more the tenths are
DECIMALS = 2
POOL = ["fictional", "item", "stage", "detail"]
_EQUAL = 0.5e-6  # binary noise is no lead
_COUNTS = [f"{area}_{name}" for area in AREAS for name in ("counties", "higher", "lower")]
RANK_COLUMNS = ["county", *POOL, "value", *_COUNTS]
POOL_COLUMNS = [*POOL, "first", "median", "third", "marks"]


def _counts(values: np.ndarray) -> np.ndarray:
    """Return for each of some values: how many there are, how many are higher, how many lower.

    Among fewer than five both are zero: a rank among so few says nothing.
    """
    if len(values) < FEWEST:
        return np.column_stack([np.full(len(values), len(values)), *np.zeros((2, len(values)))])
    ranked = np.sort(values)
    higher = len(ranked) - np.searchsorted(ranked, values + _EQUAL, side="right")
    lower = np.searchsorted(ranked, values - _EQUAL, side="left")
    return np.column_stack([np.full(len(values), len(values)), higher, lower])


def _counts_within(group: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return the same counts among the counties of the same group, each named by a number."""
    order = np.argsort(group, kind="stable")
    counts = np.empty((len(values), 3), dtype="int32")
    for members in np.split(order, np.flatnonzero(np.diff(group[order])) + 1):
        counts[members] = _counts(values[members])
    return counts


def _pool(key: tuple[Any, ...], values: np.ndarray) -> dict[str, Any]:
    """Return what is said of all counties of a quantity: quartiles, and the values to be marked."""
    quartiles, marks = np.full(3, np.nan), np.empty(0)
    if len(values) >= FEWEST:
        quartiles = np.quantile(values, (0.25, 0.5, 0.75)).round(DECIMALS)
        tenths = np.quantile(values, np.linspace(0, 1, 11)).round(DECIMALS)
        marks = np.sort(values) if len(values) <= MARKED else tenths
    return {
        **dict(zip(POOL, key, strict=True)),
        **dict(zip(("first", "median", "third"), quartiles.tolist(), strict=True)),
        "marks": marks.tolist(),
    }


def numbered(table: pd.DataFrame) -> np.ndarray:
    """Return for each row the number of its quantity, in the order in which they appear."""
    numbers = np.zeros(len(table), "int64")
    for cells in (pd.Categorical(table[name]) for name in POOL):
        numbers = numbers * len(cells.categories) + cells.codes
    in_order: np.ndarray = pd.factorize(numbers)[0].astype("int32")
    return in_order


def pools_and_ranks(table: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rank every value of every county among the counties of its kind, real or fictional.

    table: columns county, fictional, item, stage, detail, value.

    Returns a row per quantity with quartiles (linear) and marks (every value where at most thirty
    report, else the tenths), neither where fewer than five report; and, in the order of the table,
    a row per value with the numbers of counties, of those above it and of those below it in its
    city, in its province and among all.
    """
    counties, values = pd.Categorical(table["county"]), table["value"].to_numpy()
    small = np.min_scalar_type(-1 - len(counties.categories))  # with a sign
    pools, counts = [], np.empty((len(_COUNTS), len(table)), small)
    areas = [pd.factorize(counties.categories.str[:digits])[0] for digits in AREAS.values()]
    quantities = numbered(table)
    order = np.argsort(quantities, kind="stable")
    starts = np.flatnonzero(np.diff(quantities[order], prepend=-1))
    for members in np.split(order, starts)[1:]:
        of_quantity = values[members]
        pools.append(_pool(tuple(table[name].iloc[members[0]] for name in POOL), of_quantity))
        for at, area in enumerate(areas):
            counts[3 * at : 3 * at + 3, members] = _counts_within(
                area[counties.codes[members]], of_quantity
            ).T
    columns = {**table[["county", *POOL, "value"]], **dict(zip(_COUNTS, counts, strict=True))}
    ranks = pd.DataFrame(columns, copy=False)
    return pd.DataFrame(pools, columns=POOL_COLUMNS), ranks
