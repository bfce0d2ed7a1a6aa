"""The tables of a submission: their columns and types."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from dudao.facts.sheet_layout import COLUMNS, EMPTY, TABLE_OF

if TYPE_CHECKING:
    import pandas as pd

_KEY = {"county": "str", "year": "int64"}
_PLACE = {"file": "str", "sheet": "str", "cell": "str"}
FACTS = {
    **_KEY,
    "data_year": "int64",
    "item": "str",
    "stage": "str",
    "school": "str",
    "value": "float64",
    "status": "str",
    "qualifier": "str",
    "note": "str",
    **_PLACE,
}
FINDINGS = {
    **_KEY,
    "code": "str",
    "severity": "str",
    **_PLACE,
    "what": "str",
    "next_step": "str",
    "why": "str",
}


def _register(table: str) -> dict[str, str]:
    """Return the columns of a table whose rows stand on sheets, as columns.csv declares them."""
    declared = {
        column.name: column.type
        for column in COLUMNS
        if column.name and TABLE_OF[column.sheet] == table
    }
    return {**_KEY, **declared, **_PLACE}


REGISTERS = ("claims", "evidence", "schools", "exceptions", "last_round", "self_ratings")
TABLES = {"facts": FACTS, **{t: _register(t) for t in REGISTERS}, "findings": FINDINGS}


def empty(table: str) -> pd.DataFrame:
    """Return a table of the store without rows, with its columns and types."""
    return _empty(table).copy()


@cache
def _empty(table: str) -> pd.DataFrame:
    return typed([], TABLES[table], {})


def typed(rows: list[dict[str, Any]], columns: dict[str, str], key: dict[str, Any]) -> pd.DataFrame:
    """Return rows as a table with exactly these columns and types.

    A row without one of the columns of a sheet has it empty: kindergartens and schools share a
    table and have not all columns in common.
    """
    import pandas as pd

    def column(name: str, kind: str) -> pd.Series:
        values = (row.get(name, key.get(name)) for row in rows)
        return pd.Series(
            [EMPTY[kind] if value is None or value != value else value for value in values],
            dtype=kind,
        )

    # Column by column: a frame of rows, filled and converted, costs twice as much.
    return pd.DataFrame({name: column(name, kind) for name, kind in columns.items()})
