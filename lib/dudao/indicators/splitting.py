"""Resources that the stages of one school share, split by pupils and declared weights."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from dudao.facts.cells import NOT_APPLICABLE, REPORTED
from dudao.facts.layout import COMBINED_STAGES
from dudao.facts.view import Facts

SHARED_RESOURCES = (
    *("teaching_area", "sports_area", "equipment_value", "multimedia_classrooms"),
    *("school_computers", "school_books"),
)


def stage_share(pupils: Mapping[str, float], stage: str, weights: Mapping[str, float]) -> float:
    """Part of a shared resource that falls to a stage: its weighted pupils over all of them.

    九年一贯制: A/(A+1.1B), 1.1B/(A+1.1B); 完全中学: B/(B+1.2C), as 1.32 : 1.1; 十二年一贯制:
    A/(A+1.1B+1.32C). NaN where a stage's pupils are unknown or nobody is there.
    Source: 差异系数计算的拆分办法 （转载，无文号）.
    """
    weighted = {name: weights[name] * number for name, number in pupils.items()}
    whole = sum(weighted.values())
    return weighted[stage] / whole if whole else math.nan


def _is_shared(cells: pd.DataFrame, stages: tuple[str, ...]) -> bool:
    """Say whether one stage holds the amount of the whole school: the others say 不涉及."""
    statuses = cells.set_index("stage")["status"].reindex(stages)
    others = (statuses == NOT_APPLICABLE).sum()
    return bool((statuses == REPORTED).sum() == 1 and others == len(stages) - 1)


def _cells(facts: Facts) -> pd.DataFrame:
    """Return the cells of combined schools in the data year, one row each, with the kind."""
    table, schools = facts.table, facts.school_table
    wanted = table["item"].isin((*SHARED_RESOURCES, "enrolment")) & (table["school"] != "")
    rows = table[wanted & (table["data_year"] == facts.year.data_year)]
    kinds = schools.drop_duplicates("school").set_index("school")["kind"]
    found = rows.assign(kind=rows["school"].map(kinds))
    return found[found["kind"].isin(COMBINED_STAGES)]


def shared_amounts(facts: Facts, stage: str, weights: Mapping[str, float]) -> pd.DataFrame:
    """Amounts that fall to a stage of the schools that share them; rows school, columns resource.

    A school shares a resource where it reports it in the row of one stage and says 不涉及 in the
    rows of all other stages of its kind; a cell that is blank shares nothing. NaN elsewhere, and
    where the pupils of a stage are missing.
    """
    found: dict[str, dict[str, float]] = {}
    for (school, kind), own in _cells(facts).groupby(["school", "kind"]):
        stages = COMBINED_STAGES[kind]
        if stage not in stages:
            continue
        pupils = own[own["item"] == "enrolment"].set_index("stage")["value"].reindex(stages)
        share = stage_share(pupils.to_dict(), stage, weights)
        for code, listed in own[own["item"] != "enrolment"].groupby("item"):
            if _is_shared(listed, stages):
                found.setdefault(school, {})[code] = listed["value"].sum() * share
    return pd.DataFrame.from_dict(found, orient="index", dtype=float)
