"""Claims: the figures a county's report prints, recomputed from its data and compared."""

from dudao.claims.compare import ClaimCheck, check_claims

__all__ = ["ClaimCheck", "check_claims"]
