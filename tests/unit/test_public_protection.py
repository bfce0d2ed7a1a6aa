"""The public edition under attack by linear programming: what can be said of a hidden school."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from dudao_pipeline.publish.public.hidden import hidden_schools

FEWEST = 30
KINDS = ("公办", "普惠性民办", "非普惠性民办")


def county(seed: int) -> pd.DataFrame:
    """A fictional county (虚构): schools of one stage or two, and kindergartens of three kinds."""
    chance = np.random.default_rng(seed)
    rows = []
    for number in range(chance.integers(4, 40)):
        stages = [("primary",), ("junior",), ("primary", "junior")][chance.integers(3)]
        for stage in stages:
            small = chance.random() < 0.2
            pupils = chance.integers(0, 30) if small else chance.integers(30, 900)
            rows.append((f"S{number}", stage, "学校", float(pupils)))
    for number in range(chance.integers(3, 25)):
        kind = KINDS[chance.integers(len(KINDS))]
        rows.append((f"K{number}", "preschool", kind, float(chance.integers(0, 200))))
    return pd.DataFrame(rows, columns=["school", "stage", "kind", "pupils"])


def groups(rows: pd.DataFrame) -> pd.Series:
    return rows["stage"] + rows["kind"].where(rows["stage"] == "preschool", "")


def interval(
    rows: pd.DataFrame, hidden: set[str], target: int, insider: str
) -> tuple[float, float]:
    """Return the least and the most that one row's pupils can be.

    Known are every total of a group, the pupils of all schools that are shown, and those of one
    hidden school, the insider's own, in all its stages.
    """
    is_known = ~rows["school"].isin(hidden - {insider})
    totals, equations = [], []
    for _, own in rows.groupby(groups(rows)):
        equations.append(rows.index.isin(own.index).astype(float))
        totals.append(own["pupils"].sum())
    bounds = [
        (pupils, pupils) if known else (0, None)
        for pupils, known in zip(rows["pupils"], is_known, strict=True)
    ]
    wanted = np.zeros(len(rows))
    wanted[target] = 1
    ends = [
        linprog(sign * wanted, A_eq=np.array(equations), b_eq=totals, bounds=bounds)
        for sign in (1, -1)
    ]
    least, most = ends[0].fun, np.inf if ends[1].status == 3 else -ends[1].fun
    return least, most


def covered(rows: pd.DataFrame, hidden: set[str]) -> list[int]:
    """Return the rows of small schools in groups that could be covered."""
    found = []
    for _, own in rows.groupby(groups(rows)):
        inside = own[own["school"].isin(hidden)]
        if len(inside) >= 3 and inside["pupils"].sum() - inside["pupils"].max() >= FEWEST:
            found += list(inside.index[inside["pupils"] < FEWEST])
    return found


@pytest.mark.parametrize("seed", range(12))
def test_who_knows_one_hidden_school_learns_only_that_another_is_small(seed):
    rows = county(seed)
    hidden, exposed = hidden_schools(rows, FEWEST)
    targets = covered(rows, hidden)
    if not exposed:
        small = rows.index[rows["pupils"] < FEWEST]
        assert set(targets) == set(small)
    for target in targets:
        same = groups(rows) == groups(rows)[target]
        insiders = sorted(set(rows.loc[same, "school"]) & hidden - {rows.at[target, "school"]})
        largest = max(
            insiders, key=lambda name: rows.loc[same & (rows["school"] == name), "pupils"].sum()
        )
        for insider in {largest, insiders[0]}:
            least, most = interval(rows, hidden, target, insider)
            assert least <= 1e-6 and most >= FEWEST - 1, (seed, rows.loc[target].to_dict(), insider)


def test_the_attack_succeeds_where_two_cover_one_another():
    """The attack itself works: with two hidden schools one tells the other."""
    rows = pd.DataFrame(
        [
            ("A", "primary", "学校", 12.0),
            ("B", "primary", "学校", 40.0),
            ("C", "primary", "学校", 99.0),
        ],
        columns=["school", "stage", "kind", "pupils"],
    )
    assert interval(rows, {"A", "B"}, 0, "B") == pytest.approx((12, 12))
