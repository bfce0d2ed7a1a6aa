"""Which calendar years and which legal date an evaluation year stands for."""

from dataclasses import dataclass
from datetime import date

_LAW_DAY = {"calendar_year": (12, 31), "school_year": (9, 1)}


@dataclass(frozen=True)
class EvaluationYear:
    """Evaluation year Y judges data year Y-1 against base year Y-2 and adds progress of Y."""

    year: int

    @property
    def base_year(self) -> int:
        """The calendar year that growth is measured from."""
        return self.year - 2

    @property
    def data_year(self) -> int:
        """The calendar year that is judged."""
        return self.year - 1

    @property
    def progress_year(self) -> int:
        """The calendar year whose progress is reported but not judged."""
        return self.year

    @property
    def all(self) -> tuple[int, int, int]:
        """The three calendar years in order: base year, data year, progress year."""
        return self.base_year, self.data_year, self.progress_year

    def law_date(self, date_rule: str = "calendar_year") -> date:
        """Return the day a threshold is looked up: 31 December, or 1 September for school years."""
        month, day = _LAW_DAY[date_rule]
        return date(self.data_year, month, day)
