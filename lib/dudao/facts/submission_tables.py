"""The tables of one submission, as checks and the store see them."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from dudao.facts.schema import REGISTERS
from dudao.law.areas import area_of
from dudao.law.dates import EvaluationYear

TABLES = ("facts", *REGISTERS)


@dataclass(frozen=True)
class Tables:
    """What one submission holds: long facts, claims, evidence, schools' attributes, registers."""

    county: str
    year: EvaluationYear
    file: str
    facts: pd.DataFrame
    claims: pd.DataFrame
    evidence: pd.DataFrame
    schools: pd.DataFrame
    exceptions: pd.DataFrame
    last_round: pd.DataFrame
    self_ratings: pd.DataFrame
    law_area: str = ""

    @property
    def area(self) -> str:
        """Return the area whose law holds: the declared one, or the county's own code."""
        return area_of(vars(self))
