"""A county in an evaluation year, and the folder of its results."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from dudao.base.workspace import outputs

SCENARIO_RESULTS = "scenarios"  # in a county's folder, where no pattern for real results looks


@lru_cache(maxsize=64)  # a plan asks for each several times a notebook, county by county
def _results(home: Path, county: str, year: int, scenario: str) -> Path:
    folder = home / str(year) / county
    return folder / SCENARIO_RESULTS / scenario if scenario else folder


def folders_in(home: Path, below: str = "") -> list[Path]:
    """Return the folders of counties among results, or what a pattern finds in each, sorted."""
    return sorted(home.glob(f"{'[0-9]' * 4}/{'[0-9]' * 6}/{below}"))


@dataclass(frozen=True, order=True)
class CountyYear:
    """A county in an evaluation year: what is run and published together.

    scenario: the one whose results are meant; empty for the data as reported.
    """

    county: str
    year: int
    scenario: str = ""

    @classmethod
    def of_folder(cls, folder: Path) -> CountyYear:
        """Return whose results a folder `2024/990001` holds, or `2024/990001/scenarios/name`."""
        if folder.parent.name == SCENARIO_RESULTS:
            return cls(folder.parents[1].name, int(folder.parents[2].name), folder.name)
        return cls(folder.name, int(folder.parent.name))

    @property
    def folder(self) -> Path:
        """Return the folder of the results, or that of a scenario inside it."""
        return _results(outputs(), self.county, self.year, self.scenario)

    @property
    def reported(self) -> CountyYear:
        """Return the same without the scenario."""
        return CountyYear(self.county, self.year)

    def __str__(self) -> str:
        return f"{self.year}/{self.county}"
