"""Resources that the stages of one school share, split by pupils and declared weights."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from dudao.facts.cells import NOT_APPLICABLE, REPORTED
from dudao.facts.sheet_layout import COMBINED_STAGES
from dudao.facts.view import Facts, once_per_schools

SHARED_RESOURCES = (
    *("teaching_area", "sports_area", "equipment_value", "multimedia_classrooms"),
    *("school_computers", "school_books"),
)


def stage_share(pupils: pd.DataFrame, stage: str, weights: Mapping[str, float]) -> pd.Series:
    """Part of a shared resource that falls to a stage: its weighted pupils over all of them.

    pupils: index school, a column per stage. 九年一贯制: A/(A+1.1B), 1.1B/(A+1.1B); 完全中学:
    B/(B+1.2C), as 1.32 : 1.1; 十二年一贯制: A/(A+1.1B+1.32C). NaN where a stage's pupils are
    unknown or nobody is there.
    Source: 差异系数计算的拆分办法 （转载，无文号）.
    """
    weighted = pupils * pd.Series({name: weights[name] for name in pupils.columns})
    whole = weighted.sum(axis=1, skipna=False)
    return weighted[stage] / whole.where(whole > 0)


def _cells(facts: Facts) -> pd.DataFrame:
    """Return the cells of combined schools in the data year, one row each, with the kind."""
    rows, schools = facts.rows_of_schools(), facts.school_table
    rows = rows[rows["item"].isin((*SHARED_RESOURCES, "enrolment"))]
    kinds = schools.drop_duplicates("school").set_index("school")["kind"]
    return rows.assign(kind=rows["school"].map(kinds))


def _of_kind(
    cells: pd.DataFrame, stages: tuple[str, ...]
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return where schools of a kind share, the whole amounts, and their pupils; index school.

    Shared: one stage holds the amount, at least one says 不涉及, and no other says anything else.
    """
    cells = cells[cells["stage"].isin(stages)]
    (row, schools), (column, items) = (
        pd.factorize(cells[name], sort=True) for name in ("school", "item")
    )
    at = row, column, cells["stage"].map(stages.index).to_numpy(int)
    statuses = np.full((len(schools), len(items), len(stages)), "", object)
    values = np.full(statuses.shape, np.nan)
    statuses[at], values[at] = cells["status"], cells["value"]
    elsewhere, unlisted = (statuses == NOT_APPLICABLE).sum(axis=2), (statuses == "").sum(axis=2)
    is_alone = (statuses == REPORTED).sum(axis=2) == 1
    is_shared = is_alone & (elsewhere > 0) & (elsewhere + unlisted == len(stages) - 1)
    shape = {"index": schools, "columns": items}
    declared, whole = pd.DataFrame(is_shared, **shape), pd.DataFrame(np.nansum(values, 2), **shape)
    pupils = pd.DataFrame(values[:, items == "enrolment"].sum(axis=1), schools, [*stages])
    return *(
        table.drop(columns="enrolment", errors="ignore") for table in (declared, whole)
    ), pupils


@once_per_schools
def _by_kind(facts: Facts) -> list[tuple[tuple[str, ...], tuple[pd.DataFrame, ...]]]:
    """Return the stages of each kind of school that the county has, and what `_of_kind` says."""
    cells = _cells(facts)
    kinds = {kind: cells[cells["kind"] == kind] for kind in COMBINED_STAGES}
    return [
        (COMBINED_STAGES[kind], _of_kind(rows, COMBINED_STAGES[kind]))
        for kind, rows in kinds.items()
        if len(rows)
    ]


@once_per_schools
def shared_amounts(
    facts: Facts, stage: str, weights: Mapping[str, float]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Amounts that fall to a stage of the schools that share them, and where that is; index school.

    First: amounts, a column per resource; NaN where the pupils of a stage of the school are
    missing or the stage has no row, for then nobody knows the part. Second: True where a school
    shares: it reports a resource in the row of one stage and says 不涉及 in another; a cell that is
    blank shares nothing.
    """
    amounts, where_shared = [], []
    for stages, (declared, whole, pupils) in _by_kind(facts):
        if stage in stages:
            part = whole.mul(stage_share(pupils, stage, weights), axis=0)
            amounts.append(part.where(declared))
            where_shared.append(declared)
    if not where_shared:
        return pd.DataFrame(dtype=float), pd.DataFrame(dtype=bool)
    declared = pd.concat(where_shared).fillna(False).astype(bool)
    return pd.concat(amounts), declared
