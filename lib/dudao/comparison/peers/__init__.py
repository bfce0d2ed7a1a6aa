"""How a county stands among the counties in the store; real and fictional ones are never mixed."""

from dudao.comparison.peers.ranks import DECIMALS, FEWEST, MARKED
from dudao.comparison.peers.ranks_store import freeze, is_fresh, refresh, shown, summary
from dudao.comparison.peers.standing import (
    HIGHER,
    LOWER,
    Quartiles,
    Rank,
    Standing,
    standings,
    standings_of,
)

__all__ = [
    "DECIMALS",
    "FEWEST",
    "HIGHER",
    "LOWER",
    "MARKED",
    "Quartiles",
    "Rank",
    "Standing",
    "freeze",
    "is_fresh",
    "refresh",
    "shown",
    "standings",
    "standings_of",
    "summary",
]
