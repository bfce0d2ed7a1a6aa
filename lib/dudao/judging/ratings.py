"""What a county concludes of itself, point by point, and what its data support of it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from dudao.facts.layout import RATED_MET, RATED_NOT_MET


@dataclass(frozen=True)
class SelfRating:
    """The county's own conclusion on one point, with its own marks if the scheme gives any."""

    point: str
    rating: str
    score: float
    reason: str
    source: str

    @property
    def says_met(self) -> bool:
        """Say whether the county claims the point as met."""
        return self.rating == RATED_MET

    @property
    def says_not_met(self) -> bool:
        """Say whether the county admits the point as not met."""
        return self.rating == RATED_NOT_MET


def self_ratings(table: pd.DataFrame) -> dict[str, SelfRating]:
    """Return the self-ratings by point; the last line of a point counts."""
    return {
        row.point: SelfRating(
            row.point, row.rating, row.score, row.reason, f"{row.sheet}!{row.cell}"
        )
        for row in table.itertuples(index=False)
    }
