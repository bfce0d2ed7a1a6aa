"""Where things are: the one place that knows the folders of a working copy."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

SCENARIO_RESULTS = "scenarios"  # in a county's folder, where no pattern for real results looks

_CHECKOUT = Path(__file__).resolve().parents[3]
_DATA = _CHECKOUT / "data"


def root() -> Path:
    """Return the working copy that this library stands in (it is installed in place)."""
    return _CHECKOUT


def data() -> Path:
    """Return the folder of committed inputs."""
    return _DATA


def path_named(variable: str, default: Path) -> Path:
    """Return the path that an environment variable names, or the default."""
    return _path(os.environ.get(variable) or "", default)


@cache
def _path(named: str, default: Path) -> Path:
    """Return a path, made once: places are asked for several times a notebook of the nation."""
    return Path(named) if named else default


def store() -> Path:
    """Return the Parquet store: `DUDAO_STORE`, or `data/store`."""
    return path_named("DUDAO_STORE", _DATA / "store")


def added_law() -> Path:
    """Return the folder of law files that a user adds: `DUDAO_LAW`, or `data/law`."""
    return path_named("DUDAO_LAW", _DATA / "law")


def scenarios() -> Path:
    """Return the folder of scenarios: `DUDAO_SCENARIOS`, or `data/scenarios`."""
    return path_named("DUDAO_SCENARIOS", _DATA / "scenarios")


def expected_counties() -> Path:
    """Return the list of counties that are to report: `DUDAO_EXPECTED`, or among the data."""
    return path_named("DUDAO_EXPECTED", _DATA / "expected_counties.csv")


def reviews() -> Path:
    """Return the folder of reviewers' opinions: `DUDAO_REVIEWS`, or `data/reviews`."""
    return path_named("DUDAO_REVIEWS", _DATA / "reviews")


def notebooks() -> Path:
    """Return the folder of the notebooks: `DUDAO_NOTEBOOKS`, or `notebooks`."""
    return path_named("DUDAO_NOTEBOOKS", _CHECKOUT / "notebooks")


def outputs() -> Path:
    """Return the folder of everything a run produces: `DUDAO_OUTPUTS`, or `outputs`."""
    return path_named("DUDAO_OUTPUTS", _CHECKOUT / "outputs")


@lru_cache(maxsize=64)  # a plan asks for each several times a notebook, county by county
def _results(home: Path, county: str, year: int, scenario: str) -> Path:
    folder = home / str(year) / county
    return folder / SCENARIO_RESULTS / scenario if scenario else folder


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
