"""The rows of single schools as one wide table a stage."""

from __future__ import annotations

import pandas as pd


def school_rows(
    table: pd.DataFrame, school_table: pd.DataFrame, stage: str, data_year: int
) -> pd.DataFrame:
    """Return every item of a stage's schools in a year, and what is known about each school.

    table: facts, one a row; school_table: a school and stage a row. Index school; a column per item
    that any of them has, NaN if missing; kind and location ("" if not given), built (0 if not).
    """
    rows = table[
        (table["school"] != "") & (table["stage"] == stage) & (table["data_year"] == data_year)
    ]
    wide = rows.pivot(index="school", columns="item", values="value")
    listed = school_table[school_table["stage"] == stage].set_index("school")
    about = listed[["kind", "location", "built"]].reindex(wide.index)
    texts = about[["kind", "location"]].fillna("")
    return wide.assign(**texts, built=about["built"].fillna(0).astype(int))
