"""What a fictional county does for balanced development: admissions, vetoes, planning."""

from __future__ import annotations

from dudao.example.model import Model

Values = dict[tuple[str, str], float]


def values(model: Model, year: int, known: Values) -> Values:
    """Return the figures of the government's part in a calendar year."""
    return {}
