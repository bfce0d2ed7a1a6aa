"""The tables of one submission, as the store keeps them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from dudao.facts.schema import REGISTERS
from dudao.law.areas import area_of

if TYPE_CHECKING:
    import pandas as pd

TABLES = ("facts", *REGISTERS)


@dataclass(frozen=True, kw_only=True)
class SubmissionTables:
    """What one submission holds: long facts, schools' attributes, registers."""

    facts: pd.DataFrame
    claims: pd.DataFrame
    evidence: pd.DataFrame
    schools: pd.DataFrame
    exceptions: pd.DataFrame
    last_round: pd.DataFrame
    self_ratings: pd.DataFrame

    def by_name(self) -> dict[str, pd.DataFrame]:
        """Return the tables by name; columns as `facts.schema` declares them."""
        return {name: getattr(self, name) for name in TABLES}


@dataclass(frozen=True, kw_only=True)
class Stored(SubmissionTables):
    """One county's submission for one evaluation year, as read back from the store."""

    meta: dict[str, Any]
    digest: str
    findings: pd.DataFrame

    @property
    def area(self) -> str:
        """Return the area whose law holds: the declared one, or the county's own code."""
        return area_of(self.meta)

    def with_claims_dated(self, data_year: int) -> Stored:
        """Return the same with every undated printed figure in its year, the judged one."""
        years = self.claims["data_year"].replace(0, data_year)
        return replace(self, claims=self.claims.assign(data_year=years))
