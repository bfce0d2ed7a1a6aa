"""Children with disabilities, of migrants, left behind or at risk in a fictional county."""

from __future__ import annotations

from dudao.example.model import Model

Values = dict[tuple[str, str], float]


def values(model: Model, year: int, known: Values) -> Values:
    """Return the figures of special education and equal access in a calendar year."""
    return {}
