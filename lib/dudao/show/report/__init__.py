"""The tables that every notebook shows, by kind; notebooks reach all of them as `report.…`."""

from dudao.show.report.law_tables import law_table
from dudao.show.report.measures import formulas_table, measures_table, national_table
from dudao.show.report.origin_tables import (
    case_table,
    evidence_table,
    points_table,
    provenance_table,
)
from dudao.show.report.reported import (
    claims_table,
    cross_check_table,
    facts_table,
    warnings_table,
)

__all__ = [
    "case_table",
    "claims_table",
    "cross_check_table",
    "evidence_table",
    "facts_table",
    "formulas_table",
    "law_table",
    "measures_table",
    "national_table",
    "points_table",
    "provenance_table",
    "warnings_table",
]
