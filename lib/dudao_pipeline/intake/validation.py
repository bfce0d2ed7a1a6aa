"""Facts that stand twice, in a stage that does not report them, or beyond all size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dudao.facts.items import items
from dudao_pipeline.intake.findings import ERROR, Finding

if TYPE_CHECKING:
    import pandas as pd

_KEY = ["county", "year", "data_year", "item", "stage", "school"]
_LARGEST = 1e15  # beyond it a float no longer tells one from the next


def _finding(row, code: str, what: str, step: str) -> Finding:
    return Finding(code, ERROR, row.file, row.sheet, row.cell, what, step)


def _duplicates(facts: pd.DataFrame) -> list[Finding]:
    """Return one finding per repeated row, at its first cell."""
    repeated = facts[facts.duplicated(_KEY, keep="first")]
    rows = repeated.assign(row=repeated["cell"].str.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    return [
        _finding(row, "K01", f"“{items()[row.item].label}”重复填报。", "请只保留一行。")
        for row in rows.drop_duplicates(["file", "sheet", "row"]).itertuples()
    ]


def validate(facts: pd.DataFrame) -> list[Finding]:
    """Return a finding per repeated row, and one per cell that no item of a stage can hold.

    Columns as `facts.schema` declares them; every item is one of the dictionary.
    """
    allowed = {(code, stage) for code, item in items().items() for stage in item.stages}
    keys = list(zip(facts["item"], facts["stage"], strict=True))
    faults = {
        "数值过大": facts["value"].abs() >= _LARGEST,
        "该指标不在这一学段填报": [key not in allowed for key in keys],
    }
    return _duplicates(facts) + [
        _finding(row, "K02", f"{fault}：{row.item}。", "请按模板更正。")
        for fault, is_wrong in faults.items()
        for row in facts[is_wrong].itertuples()
    ]
