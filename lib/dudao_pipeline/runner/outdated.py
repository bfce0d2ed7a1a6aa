"""Which results are not what the inputs give now, and why."""

from pathlib import Path

from dudao.base import workspace
from dudao.base.errors import DudaoError, ParameterError
from dudao_pipeline.county_years import SCENARIO_RESULTS, CountyYear, folders_in
from dudao_pipeline.runner.keys import RESULTS_FILE
from dudao_pipeline.runner.outcome import failed_path, output_path
from dudao_pipeline.runner.plan import ALL
from dudao_pipeline.runner.selection import Plan, expand

Outdated = dict[CountyYear, dict[str, str]]
NO_LONGER = "情景不再用于本县"


def outdated_results() -> Outdated:
    """Return why results are outdated, by county and year, then by notebook.

    A scenario's notebook is named scenarios/name/notebook; results.json is named as it is.
    """
    try:
        outdated = _outdated(expand([ALL], [ALL], [ALL], to_run=False))
    except ParameterError:  # an empty store says nothing about any result
        return {}
    for folder in folders_in(workspace.outputs(), f"{SCENARIO_RESULTS}/*/"):
        _add_scenario(outdated, folder)
    return outdated


def outdated_of(county: str, year: int) -> dict[str, str]:
    """Return why results of a county and year are outdated, by notebook; real data only.

    Every result is read anew, whatever is remembered of its digest.
    """
    plan = expand([county], [str(year)], [ALL], fully=True, to_run=False)
    return _outdated(plan).get(CountyYear(county, year), {})


def _outdated(plan: Plan) -> Outdated:
    """Return of what a plan would run, or cannot, that of which something was made before."""
    outdated: Outdated = {}
    for job, why in (*plan.reasons.items(), *plan.left_out):
        if output_path(job).is_file() or failed_path(job).is_file():
            outdated.setdefault(job.county_year, {})[job.notebook] = why
    for folder, why in plan.uncollected.items():
        if why:
            outdated.setdefault(CountyYear.of_folder(folder), {})[RESULTS_FILE] = why
    return outdated


def _add_scenario(outdated: Outdated, folder: Path) -> None:
    """Add what is outdated of a scenario in a county: all where it can no longer be applied."""
    at = CountyYear.of_folder(folder)
    current: set[Path] = set()
    reasons: dict[Path, str] = {}
    fault = NO_LONGER
    try:
        plan = expand([at.county], [str(at.year)], [ALL], [at.scenario], to_run=False)
        current = {output_path(job) for job in plan.unchanged}
        reasons = {output_path(job): why for job, why in plan.reasons.items()}
    except DudaoError as error:
        fault = str(error)
    of_county = outdated.setdefault(at.reported, {})
    for path in sorted(folder.glob("[0-9][0-9]_*.ipynb")):
        if path not in current:
            of_county[f"{SCENARIO_RESULTS}/{at.scenario}/{path.stem}"] = reasons.get(path, fault)
