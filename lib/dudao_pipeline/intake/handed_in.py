"""A submission as it is handed in: its tables, and the file where their cells stand."""

from dataclasses import dataclass

from dudao.facts.store import Stored
from dudao.facts.submission_tables import SubmissionTables
from dudao.law.areas import area_of
from dudao.law.dates import EvaluationYear


@dataclass(frozen=True, kw_only=True)
class Tables(SubmissionTables):
    """A submission as checks and the template see it; file: where its cells stand."""

    county: str
    year: EvaluationYear
    file: str
    law_area: str = ""

    @property
    def area(self) -> str:
        """Return the area whose law holds: the declared one, or the county's own code."""
        return area_of(vars(self))


def as_handed_in(stored: Stored, county: str, year: int, file: str) -> Tables:
    """Return a stored submission as it was handed in, as if in a file of this name."""
    return Tables(
        county=county,
        year=EvaluationYear(year),
        file=file,
        law_area=stored.meta.get("law_area", ""),
        **stored.by_name(),
    )
