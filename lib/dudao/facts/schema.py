"""The tables of a submission: their columns and types."""

from __future__ import annotations

import pandas as pd

_PLACE = {"file": "str", "sheet": "str", "cell": "str"}
FACTS = {
    "county": "str",
    "year": "int64",
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
CLAIMS = {
    "county": "str",
    "year": "int64",
    "number": "int64",
    "section": "str",
    "name": "str",
    "stage": "str",
    "data_year": "int64",
    "printed": "str",
    "value": "float64",
    "decimals": "int64",
    "unit": "str",
    "qualifier": "str",
    "item": "str",
    "formula": "str",
    "basis_note": "str",
    "note": "str",
    **_PLACE,
}
EVIDENCE = {
    "county": "str",
    "year": "int64",
    "point": "str",
    "title": "str",
    "issuer": "str",
    "number": "str",
    "date": "str",
    "attachment": "str",
    "size": "int64",
    "sha256": "str",
    "note": "str",
    **_PLACE,
}
SCHOOLS = {
    "county": "str",
    "year": "int64",
    "school": "str",
    "stage": "str",
    "name": "str",
    "kind": "str",
    "location": "str",
    "note": "str",
    "built": "int64",
    **_PLACE,
}
EXCEPTIONS = {
    "county": "str",
    "year": "int64",
    "school": "str",
    "name": "str",
    "item": "str",
    "matter": "str",
    "amount": "float64",
    "reason": "str",
    "document": "str",
    "decided_by": "str",
    "date": "str",
    **_PLACE,
}
LAST_ROUND = {
    "county": "str",
    "year": "int64",
    "number": "int64",
    "point": "str",
    "problem": "str",
    "units": "str",
    "measure": "str",
    "office": "str",
    "deadline": "str",
    "state": "str",
    "done": "str",
    "paper": "str",
    "note": "str",
    **_PLACE,
}
SELF_RATINGS = {
    "county": "str",
    "year": "int64",
    "point": "str",
    "rating": "str",
    "score": "float64",
    "reason": "str",
    "office": "str",
    "date": "str",
    **_PLACE,
}
FINDINGS = {
    "county": "str",
    "year": "int64",
    "code": "str",
    "severity": "str",
    **_PLACE,
    "what": "str",
    "next_step": "str",
    "why": "str",
}
TABLES = {
    "facts": FACTS,
    "claims": CLAIMS,
    "evidence": EVIDENCE,
    "schools": SCHOOLS,
    "exceptions": EXCEPTIONS,
    "last_round": LAST_ROUND,
    "self_ratings": SELF_RATINGS,
    "findings": FINDINGS,
}


def empty(table: str) -> pd.DataFrame:
    """Return a table of the store without rows, with its columns and types."""
    return typed([], TABLES[table], {})


def typed(rows: list[dict], columns: dict[str, str], place: dict) -> pd.DataFrame:
    """Return rows as a table with exactly these columns and types."""
    table = pd.DataFrame([{**place, **row} for row in rows], columns=list(columns))
    return table.astype(columns)
