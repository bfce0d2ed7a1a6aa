"""The places of all counties brought up to date on every core, with a word where it takes long."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from dudao.base import workspace
from dudao.base.files import clear_leftovers
from dudao.comparison.peers import ranks_store
from dudao.facts import store

_MANY = 20  # counties that are computed without a word


def refresh_ranks(workers: int) -> None:
    """Write the places of every year in the store, where they are not fresh.

    What killed calls left half written in the store and among the results is cleared first.
    """
    for folder in (workspace.store(), workspace.outputs()):
        clear_leftovers(folder)

    def over_cores(function: Callable, counties: Sequence) -> Iterable:
        from dudao_pipeline.runner.pool import map_over

        if len(counties) > _MANY:
            print(f"正在计算{len(counties)}个县的各项指标，供各县相比……", flush=True)
        return map_over(function, counties, workers)

    for year in sorted({year for _, year in store.submissions()}):
        ranks_store.refresh(year, over_cores)
