"""Figures of a check as pages print them: value, standard and gap, from its record."""

from collections.abc import Iterable

from dudao.judging.results import NOT_MET
from dudao.judging.shortfall_list import relative_shortfall
from dudao.law.rules_check import VETO
from dudao.show.words import limit_words


def limit_text(check: dict) -> str:
    """Return operator and standard; nothing where there is none."""
    return limit_words(check["compare"], check["threshold"], check["unit"])


def gap_text(check: dict) -> str:
    """Return how much is missing, as the results have it; nothing if nothing is."""
    return check["gap"]["text"] if check["gap"] else ""


def by_weight(check: dict) -> tuple[bool, float]:
    """Return the key that puts failed checks in order: vetoes, then by relative shortfall."""
    short = relative_shortfall(check["value"], check["threshold"], check["unit"])
    return check["role"] != VETO, -(short or 0)


def failed(checks: Iterable[dict]) -> list[dict]:
    """Return the failed checks by weight; equal ones keep their order."""
    return sorted((check for check in checks if check["result"] == NOT_MET), key=by_weight)
