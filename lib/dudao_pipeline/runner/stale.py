"""Which results are not what the inputs give now, and why; publishing is told."""

from __future__ import annotations

from pathlib import Path

from dudao.base import workspace
from dudao.base.errors import DudaoError, ParameterError
from dudao.base.workspace import SCENARIO_RESULTS
from dudao_pipeline.runner.keys import RESULTS_FILE
from dudao_pipeline.runner.outcome import failed_path, output_path
from dudao_pipeline.runner.plan import ALL, Job
from dudao_pipeline.runner.selection import expand

Stale = dict[tuple[str, int], dict[str, str]]
NO_LONGER = "情景不再用于本县"


def stale_results() -> Stale:
    """Return why results are stale, by county and year, then by notebook.

    A scenario's notebook is named scenarios/name/notebook; results.json is named as it is.
    """
    stale: Stale = {}
    try:
        plan = expand([ALL], [ALL], [ALL])
    except ParameterError:  # an empty store says nothing about any result
        return stale
    for job, why in (*plan.reasons.items(), *plan.left_out):
        if output_path(job).is_file():
            stale.setdefault((job.county, job.year), {})[job.notebook] = why
    for folder, why in plan.uncollected.items():
        if why:
            stale.setdefault((folder.name, int(folder.parent.name)), {})[RESULTS_FILE] = why
    pattern = f"{'[0-9]' * 4}/{'[0-9]' * 6}/{SCENARIO_RESULTS}/*/"
    for folder in sorted(workspace.outputs().glob(pattern)):
        _add_scenario(stale, folder)
    return stale


def stale_of(county: str, year: int, *, fully: bool = False) -> dict[str, str]:
    """Return why results of a county and year are stale, by notebook; real data only.

    fully: read every result anew, whatever is remembered of its digest.
    """
    plan = expand([county], [str(year)], [ALL], fully=fully)
    told = [*plan.reasons.items(), *plan.left_out]
    stale = {job.notebook: why for job, why in told if _was_run(job)}
    for why in filter(None, plan.uncollected.values()):
        stale[RESULTS_FILE] = why
    return stale


def _was_run(job: Job) -> bool:
    return output_path(job).is_file() or failed_path(job).is_file()


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
