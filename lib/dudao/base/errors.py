"""Errors that a user reads: Chinese text saying what, where, and what to do next."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class DudaoError(Exception):
    """Base of every error whose text is meant for the user."""


class LawError(DudaoError):
    """The law holds no such framework, threshold or date."""


class FactsError(DudaoError):
    """The data of a county are absent or cannot be used."""


class ScenarioError(DudaoError):
    """A scenario does not exist, says something wrong, or does not fit a county."""


class ParameterError(DudaoError):
    """A command was given a parameter that does not exist or is malformed."""


def nearest(wrong: str, known: Iterable[str], count: int = 3) -> str:
    """Return a Chinese hint that names the known words closest to a wrong one."""
    close = difflib.get_close_matches(str(wrong), list(known), n=count, cutoff=0.4)
    return f"，最接近的是：{'、'.join(close)}" if close else ""
