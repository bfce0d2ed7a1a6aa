"""The tables of a submission and their schema checks (pandera), all failures in one pass."""

from __future__ import annotations

import pandas as pd

from dudao.facts.cells import MISSING, NOT_APPLICABLE, REPORTED
from dudao.facts.findings import ERROR, Finding
from dudao.facts.items import STAGES, items

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
_KEY = ["county", "year", "data_year", "item", "stage", "school"]


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


def _facts_schema():
    import pandera.pandas as pa

    stage_allowed = pa.Check(
        lambda table: pd.Series(
            [
                row.stage in items()[row.item].stages if row.item in items() else True
                for row in table.itertuples()
            ],
            index=table.index,
        ),
        name="stage",
        error="该指标不在这一学段填报",
    )
    columns = {
        "item": pa.Column(str, pa.Check.isin(list(items()), error="指标代码不在指标字典中")),
        "stage": pa.Column(str, pa.Check.isin(list(STAGES), error="学段名称不在学段表中")),
        "status": pa.Column(str, pa.Check.isin([REPORTED, MISSING, NOT_APPLICABLE])),
        "value": pa.Column(
            float,
            pa.Check(lambda value: value.abs() < 1e15, error="数值过大"),
            nullable=True,
        ),
    }
    return pa.DataFrameSchema(columns, checks=[stage_allowed])


def _duplicates(facts: pd.DataFrame) -> list[Finding]:
    """Return one finding per repeated row, at its first cell."""
    repeated = facts[facts.duplicated(_KEY, keep="first")]
    rows = repeated.assign(row=repeated["cell"].str.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    return [
        Finding(
            "K01",
            ERROR,
            row.file,
            row.sheet,
            row.cell,
            f"“{items()[row.item].label}”重复填报。",
            "请只保留一行。",
        )
        for row in rows.drop_duplicates(["file", "sheet", "row"]).itertuples()
    ]


def _failure(row: pd.Series, message: str) -> Finding:
    return Finding(
        "K02", ERROR, row.file, row.sheet, row.cell, f"{message}：{row['item']}。", "请按模板更正。"
    )


def validate(facts: pd.DataFrame, claims: pd.DataFrame) -> list[Finding]:
    """Check facts and claims against their schemas; return a finding per failing cell."""
    import pandera.pandas as pa

    findings = _duplicates(facts)
    try:
        _facts_schema().validate(facts, lazy=True)
    except pa.errors.SchemaErrors as failed:
        cases = failed.failure_cases.dropna(subset=["index"]).drop_duplicates(["index", "check"])
        findings += [
            _failure(facts.loc[case["index"]], str(case["check"])) for _, case in cases.iterrows()
        ]
    unknown = claims[(claims["item"] != "") & ~claims["item"].isin(list(items()))]
    findings += [_failure(row, "指标代码不在指标字典中") for _, row in unknown.iterrows()]
    return findings
