"""How a county stands among the counties in the store; real and fictional ones are never mixed."""

from dudao.peers.collect import is_fresh, refresh, summary
from dudao.peers.standing import (
    FEWEST,
    HIGHER,
    LOWER,
    Place,
    Quartiles,
    Standing,
    standings,
    standings_of,
)

__all__ = [
    "FEWEST",
    "HIGHER",
    "LOWER",
    "Place",
    "Quartiles",
    "Standing",
    "is_fresh",
    "refresh",
    "standings",
    "standings_of",
    "summary",
]
