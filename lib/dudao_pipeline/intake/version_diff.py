"""What changed between two versions of a submission: figures, cell by cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dudao.base.rounding import qualified
from dudao.facts import store
from dudao.facts.cells import REPORTED
from dudao.facts.items import describe

if TYPE_CHECKING:
    import pandas as pd

KEY = ["data_year", "item", "stage", "school"]
ABSENT = "（无）"
STATUS_WORDS = {"missing": "未报", "not_applicable": "不涉及"}


@dataclass(frozen=True)
class Change:
    """One figure that is not what it was."""

    data_year: int
    item: str
    stage: str
    school: str
    before: str
    after: str
    place: str

    def __str__(self) -> str:
        school = f"{self.school} " if self.school else ""
        name = describe(self.item, self.stage)
        return f"{self.data_year}年 {school}{name}：{self.before} → {self.after}（{self.place}）"


def _word(row: pd.Series | None) -> str:
    if row is None:
        return ABSENT
    if row["status"] == REPORTED:
        return qualified(row["value"], row["qualifier"])
    return STATUS_WORDS[row["status"]]


def _changes(before: pd.DataFrame, after: pd.DataFrame) -> Iterator[Change]:
    old, new = (table.set_index(KEY).sort_index() for table in (before, after))
    for key in old.index.union(new.index):
        rows = [table.loc[key] if key in table.index else None for table in (old, new)]
        words = [_word(row) for row in rows]
        if words[0] != words[1]:
            shown = rows[1] if rows[1] is not None else rows[0]
            yield Change(*key, *words, place=f"{shown['sheet']}!{shown['cell']}")


def changed_figures(before: store.Stored, after: store.Stored) -> list[Change]:
    """Return every figure that differs between two versions, in the order of year and item."""
    return list(_changes(before.facts, after.facts))
