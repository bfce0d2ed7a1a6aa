"""Which counties a scenario is run for: tried on each before anything runs."""

from collections.abc import Sequence

from dudao import scenarios
from dudao.base.errors import FactsError, ScenarioError
from dudao.facts import store
from dudao.law import EvaluationYear
from dudao.law.topics import OVERVIEW
from dudao_pipeline.county_years import CountyYear
from dudao_pipeline.runner.plan import Job

LeftOut = tuple[tuple[Job, str], ...]


def items_of(name: str) -> set[str]:
    """Return the items that a scenario changes: they are known where it is run."""
    return {change.item for change in scenarios.read(name).changes} if name else set()


def fitting(
    submissions: Sequence[tuple[str, int]], names: Sequence[str], *, strict: bool
) -> tuple[list[CountyYear], LeftOut]:
    """Return every submission with every scenario that fits it, and where one does not and why.

    Without a scenario, the submissions as they are. strict: one that does not fit is an error;
    otherwise only a scenario that fits no submission is one.
    """
    if not names:
        return [CountyYear(*submission) for submission in submissions], ()
    targets: list[CountyYear] = []
    left_out: list[tuple[Job, str]] = []
    for scenario in [scenarios.read(name) for name in dict.fromkeys(names)]:
        faults = {at: fault for at in submissions if (fault := _fault(scenario, *at))}
        meant = [fault for at, fault in faults.items() if _is_for(scenario, at[0])]
        if faults and (strict or len(faults) == len(submissions)):
            raise (meant or list(faults.values()) if strict else meant or [_nowhere(scenario)])[0]
        targets += [CountyYear(*at, scenario.name) for at in submissions if at not in faults]
        left_out += [
            (Job(*at, OVERVIEW, scenario.name), str(fault))
            for at, fault in faults.items()
            if _is_for(scenario, at[0])
        ]
    return targets, tuple(left_out)


def _is_for(scenario: scenarios.Scenario, county: str) -> bool:
    return not scenario.counties or county in scenario.counties


def _nowhere(scenario: scenarios.Scenario) -> ScenarioError:
    counties = "、".join(scenario.counties)
    return scenario.error(
        f"所选范围内没有 counties 所列的县（{counties}）的数据。请先导入，或改县。"
    )


def _fault(scenario: scenarios.Scenario, county: str, year: int) -> ScenarioError | None:
    """Return why a scenario cannot be applied to a submission, or nothing."""
    try:
        scenarios.applied(scenario, store.read(county, year), EvaluationYear(year))
    except ScenarioError as fault:
        return fault
    except FactsError as error:
        return ScenarioError(str(error))
    return None
