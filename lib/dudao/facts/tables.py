"""The tables of one submission, as checks and the store see them."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from dudao.law.dates import EvaluationYear


@dataclass(frozen=True)
class Tables:
    """What one submission holds: long facts, claims, evidence, schools' attributes, exceptions."""

    county: str
    year: EvaluationYear
    file: str
    facts: pd.DataFrame
    claims: pd.DataFrame
    evidence: pd.DataFrame
    schools: pd.DataFrame
    exceptions: pd.DataFrame
    law_area: str = ""
