"""Scenarios: a submission with some figures changed, to see which checks would change."""

from dudao.scenarios.application import CLAIMS_LEFT_OUT, SHEET, Applied, Effect, applied
from dudao.scenarios.scenario_files import AssumedStandard, Change, Scenario, made, names, read

__all__ = [
    "CLAIMS_LEFT_OUT",
    "SHEET",
    "Applied",
    "AssumedStandard",
    "Change",
    "Effect",
    "Scenario",
    "applied",
    "made",
    "names",
    "read",
]
