"""A county's own values as its scenario has them; the other counties' stay as reported."""

from __future__ import annotations

import pandas as pd

from dudao.case import Case
from dudao.comparison.peers.collect import IDENTITY, comparable


def with_scenario(table: pd.DataFrame, case: Case) -> pd.DataFrame:
    """Return the table of a year with the case's own rows computed from its scenario, if any."""
    if case.scenario is None:
        return table
    columns = table.columns.drop("digest")
    assumed = pd.DataFrame(comparable(case), columns=columns).drop_duplicates(IDENTITY)
    others = table.loc[table["county"] != case.county, columns]
    return pd.concat([others, assumed.astype(table.dtypes[columns])], ignore_index=True)
