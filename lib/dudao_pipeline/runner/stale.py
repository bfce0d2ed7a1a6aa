"""Which results are not what the inputs give now, and why; publishing is told."""

from __future__ import annotations

from pathlib import Path

from dudao.base import workspace
from dudao.base.errors import DudaoError, ParameterError
from dudao.base.workspace import SCENARIO_RESULTS
from dudao_pipeline.runner.outcome import output_path
from dudao_pipeline.runner.plan import ALL
from dudao_pipeline.runner.selection import expand

Stale = dict[tuple[str, int], dict[str, str]]
NO_LONGER = "情景不再用于本县"


def stale_results() -> Stale:
    """Return why results are stale, by county and year, then by notebook.

    A scenario's notebook is named scenarios/name/notebook.
    """
    stale: Stale = {}
    try:
        plan = expand([ALL], [ALL], [ALL])
    except ParameterError:  # an empty store says nothing about any result
        return stale
    for job, why in (*plan.reasons.items(), *plan.left_out):
        if output_path(job).is_file():
            stale.setdefault((job.county, job.year), {})[job.notebook] = why
    pattern = f"{'[0-9]' * 4}/{'[0-9]' * 6}/{SCENARIO_RESULTS}/*/"
    for folder in sorted(workspace.outputs().glob(pattern)):
        _add_scenario(stale, folder)
    return stale


def _add_scenario(stale: Stale, folder: Path) -> None:
    """Add what is stale of one scenario in one county, or all where it can no longer be applied."""
    at, name = folder.parents[1], folder.name
    current: set[Path] = set()
    reasons: dict[Path, str] = {}
    fault = NO_LONGER
    try:
        plan = expand([at.name], [at.parent.name], [ALL], [name])
        current = {output_path(job) for job in plan.unchanged}
        reasons = {output_path(job): why for job, why in plan.reasons.items()}
    except DudaoError as error:
        fault = str(error)
    found = stale.setdefault((at.name, int(at.parent.name)), {})
    for path in sorted(folder.glob("[0-9][0-9]_*.ipynb")):
        if path not in current:
            found[f"{SCENARIO_RESULTS}/{name}/{path.stem}"] = reasons.get(path, fault)
