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
_EXACT = 6  # decimals; binary noise is no lead
_COUNTS = [f"{area}_{name}" for area in AREAS for name in ("counties", "higher", "lower")]
RANK_COLUMNS = ["county", *POOL, "value", *_COUNTS]
POOL_COLUMNS = [*POOL, "first", "median", "third", "marks"]


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


def pools_and_ranks(table: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rank every value of every county among the counties of its kind, real or fictional.

    table: columns county, fictional, item, stage, detail, value.

    Returns a row per quantity with quartiles (linear) and marks (every value where at most thirty
    report, else the tenths), neither where fewer than five report; and, in the order of the table,
    a row per value with the numbers of counties, of those above it and of those below it in its
    city, in its province and among all. Among fewer than five, none is above or below.
    """
    of_quantity = table.groupby(POOL, sort=False, observed=True)
    pools = [_pool(key, values.to_numpy()) for key, values in of_quantity["value"]]
    quantity, counties = of_quantity.ngroup(), pd.Categorical(table["county"])
    small = np.min_scalar_type(-1 - len(counties.categories))  # with a sign
    ranks = table[["county", *POOL, "value"]].copy()
    for area, digits in AREAS.items():
        areas, names = pd.factorize(counties.categories.str[:digits])
        among = table["value"].round(_EXACT).groupby(quantity * len(names) + areas[counties.codes])
        number = among.transform("size")
        enough, above = number >= FEWEST, number - among.rank(method="max")
        ranks[f"{area}_counties"] = number.astype(small)
        ranks[f"{area}_higher"] = above.where(enough, 0).astype(small)
        ranks[f"{area}_lower"] = (among.rank(method="min") - 1).where(enough, 0).astype(small)
    return pd.DataFrame(pools, columns=POOL_COLUMNS), ranks
