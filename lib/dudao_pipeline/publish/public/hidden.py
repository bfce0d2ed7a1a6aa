"""Where a public edition goes, and which schools it does not show.

These are the small ones, and enough others to cover them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from dudao.base import workspace
from dudao.base.errors import ParameterError
from dudao.facts.store import Stored
from dudao.law.dates import EvaluationYear

if TYPE_CHECKING:
    import pandas as pd

UNNAMED = "（不列名学校）"
AT_LEAST = 3  # of a group: who knows one of two hidden schools would know the other
PRESCHOOL = "preschool"


@dataclass(frozen=True)
class PublicEdition:
    """A folder apart from the results, and the fewest pupils with which a school is shown."""

    folder: Path
    fewest: int

    def __post_init__(self) -> None:
        """Refuse a folder that would mix public pages with internal ones."""
        public, internal = self.folder.resolve(), workspace.outputs().resolve()
        if public == internal or internal in public.parents or public in internal.parents:
            raise ParameterError(
                f"公开版的文件夹“{self.folder}”与结果文件夹“{internal}”互相包含。"
                "请另选一个文件夹，以免内部材料随公开版外传。"
            )
        if self.fewest < 1:
            raise ParameterError("--fewest-pupils 至少为1。请改为正整数，如30。")


@dataclass(frozen=True)
class Hidden:
    """The schools of a county that its public pages do not show.

    names: as pages print them. others: the names of all schools that are shown.
    exposed: a kind of kindergarten has too few of them to cover a small one among them.
    """

    names: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()
    exposed: bool = False

    @cached_property
    def _any_name(self) -> re.Pattern:
        """A name that is part of a longer one is not found in it."""
        longest_first = sorted(self.names | self.others, key=lambda name: (-len(name), name))
        return re.compile("|".join(map(re.escape, longest_first)) if self.names else r"(?!)")

    def in_text(self, text: str) -> list[str]:
        """Return the hidden names that a text holds."""
        names = dict.fromkeys(self._any_name.findall(text))
        return [name for name in names if name in self.names]

    def without(self, text: str) -> str:
        """Return a text with other words in the place of hidden names."""
        return self._any_name.sub(lambda m: UNNAMED if m[0] in self.names else m[0], text)


NOTHING = Hidden()


def _groups(rows: pd.DataFrame) -> pd.Series:
    """Name the group that a table adds up: a stage; of kindergartens, a kind."""
    kinds = rows["kind"].where(rows["stage"] == PRESCHOOL, "")
    return rows["stage"] + "/" + kinds.fillna("")


def _is_covered(group: pd.DataFrame, hidden: set[str], fewest: int) -> bool:
    inside = group[group["school"].isin(hidden)]
    return len(inside) == 0 or (
        inside["school"].nunique() >= AT_LEAST
        and inside["pupils"].sum() - inside["pupils"].max() >= fewest
    )


def hidden_schools(rows: pd.DataFrame, fewest: int) -> tuple[set[str], bool]:
    """Return the codes of schools not to be shown, and whether a group could not be covered.

    rows: one per school and stage; columns school, stage, kind, pupils (NaN: not reported, taken
    as small). A small school is hidden in all its stages. In a group with a hidden one the next
    smallest go too, until there are three, and all but the largest have `fewest` pupils together.

    Protection level: who knows the total of a group, all schools that are shown and one that is
    hidden, can say of a small school only what the rule says: from 0 to less than `fewest` pupils.
    """
    rows = rows.assign(group=_groups(rows)).sort_values(["pupils", "school"], kind="stable")
    hidden = set(rows.loc[~(rows["pupils"] >= fewest), "school"])
    groups = [group for _, group in rows.groupby("group", sort=True)]
    while True:
        lacking = [group for group in groups if not _is_covered(group, hidden, fewest)]
        more = [left.iloc[0] for group in lacking if len(left := _shown(group, hidden))]
        if not more:
            return hidden, bool(lacking)
        hidden |= set(more)


def _shown(group: pd.DataFrame, hidden: set[str]) -> pd.Series:
    return group.loc[~group["school"].isin(hidden), "school"]


def hidden_in(stored: Stored, year: int, fewest: int) -> Hidden:
    """Return what the public pages of a county do not show, by its pupils in the data year."""
    facts, schools = stored.facts, stored.schools
    counted = facts[
        (facts["item"] == "enrolment")
        & (facts["school"] != "")
        & (facts["data_year"] == EvaluationYear(year).data_year)
    ]
    pupils = counted[["school", "stage", "value"]].rename(columns={"value": "pupils"})
    rows = schools[["school", "name", "stage", "kind"]].merge(
        pupils, on=["school", "stage"], how="outer"
    )
    rows["kind"] = rows["kind"].fillna("")
    codes, exposed = hidden_schools(rows, fewest)
    is_hidden = rows["school"].isin(codes)
    names, others = _names(rows[is_hidden]), _names(rows[~is_hidden])
    return Hidden(names, others - names, exposed)


def _names(rows: pd.DataFrame) -> frozenset[str]:
    """Return the names and codes of schools, as far as they have them."""
    named = (*rows["name"], *rows["school"])
    return frozenset(name for name in named if isinstance(name, str) and name)
