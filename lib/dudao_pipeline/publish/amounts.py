"""Figures of a check as pages print them: value, standard and gap, from its record."""

from collections.abc import Iterable
from typing import Any

from dudao.judging.results import NOT_MET, UNCONFIRMED
from dudao.judging.shortfall_list import relative_shortfall, weight
from dudao.law.rules_check import LAW_STATUS
from dudao.show.words import limit_words


def limit_text(check: dict) -> str:
    """Return operator and standard; nothing where there is none."""
    return limit_words(check["compare"], check["threshold"], check["unit"])


def unproven_mark(law_status: str) -> str:
    """Return what marks a failed check whose standard no document was read for, else nothing."""
    return f"（标准{LAW_STATUS[UNCONFIRMED]}）" if law_status == UNCONFIRMED else ""


def gap_text(check: dict) -> str:
    """Return how much is missing, as the results have it; nothing if nothing is."""
    return check["gap"]["text"] if check["gap"] else ""


def by_weight(check: dict) -> tuple[Any, ...]:
    """Return the key that puts failed checks in the order of the problem list."""
    short = relative_shortfall(check["value"], check["threshold"], check["unit"])
    return weight(check["role"], check["law_status"], check["item"], short)


def failed(checks: Iterable[dict]) -> list[dict]:
    """Return the failed checks by weight; equal ones keep their order."""
    return sorted((check for check in checks if check["result"] == NOT_MET), key=by_weight)
