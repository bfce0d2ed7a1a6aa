"""Schema checks of facts and claims (pandera), all failures in one pass."""

from __future__ import annotations

import pandas as pd

from dudao.facts.cells import MISSING, NOT_APPLICABLE, REPORTED
from dudao.facts.items import STAGES, items
from dudao_pipeline.intake.findings import ERROR, Finding

_KEY = ["county", "year", "data_year", "item", "stage", "school"]


def _facts_schema():
    import pandera.pandas as pa

    listed = items()

    def is_allowed(table: pd.DataFrame) -> pd.Series:
        pairs = zip(table["item"].tolist(), table["stage"].tolist(), strict=True)
        allowed = [item not in listed or stage in listed[item].stages for item, stage in pairs]
        return pd.Series(allowed, index=table.index)

    stage_allowed = pa.Check(
        is_allowed,
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
    """Check facts and claims against their schemas; return a finding per failing cell.

    Columns as `facts.schema` declares them.
    """
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
