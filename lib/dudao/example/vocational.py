"""Vocational schools of a fictional county: conditions, intake, cooperation."""

from __future__ import annotations

from dudao.example.model import Model

Values = dict[tuple[str, str], float]


def values(model: Model, year: int, known: Values) -> Values:
    """Return the figures of vocational education in a calendar year."""
    return {}
