"""A county's own values as its scenario has them; the other counties' stay as reported."""

from __future__ import annotations

import pandas as pd

from dudao.case import Case
from dudao.indicators.registry import MEASURES

_IDENTITY = ["county", "item", "stage", "detail"]


def with_scenario(table: pd.DataFrame, case: Case) -> pd.DataFrame:
    """Return the table of a year with the case's own rows computed from its scenario, if any."""
    if case.scenario is None:
        return table
    measures = [measure for name in MEASURES for measure in case.measures(name)]
    known = [m for m in measures if m.applies and m.is_known and not m.bound]
    whose = {"county": case.county, "fictional": case.is_fictional}
    rows = [
        {**whose, **{name: getattr(m, name) for name in ("item", "stage", "detail", "value")}}
        for m in known
    ]
    own = pd.DataFrame(rows, columns=[*whose, "item", "stage", "detail", "value"])
    others = table.loc[table["county"] != case.county, list(own.columns)]
    types = {name: table[name].dtype for name in own.columns}
    return pd.concat([others, own.drop_duplicates(_IDENTITY).astype(types)], ignore_index=True)
