"""Where things are: the one place that knows the folders of a working copy."""

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_CHECKOUT = Path(__file__).resolve().parents[3]
_DATA = _CHECKOUT / "data"


def root() -> Path:
    """Return the working copy that this library stands in (it is installed in place)."""
    return _CHECKOUT


def data() -> Path:
    """Return the folder of committed inputs."""
    return _DATA


def path_named(variable: str, default: Path, environment: Mapping[str, str] = os.environ) -> Path:
    """Return the path that a variable of the environment names, or the default."""
    return _path(environment.get(variable) or "", default)


@cache
def _path(named: str, default: Path) -> Path:
    """Return a path, made once: places are asked for several times a notebook of the nation."""
    return Path(named) if named else default


def store(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the Parquet store: `DUDAO_STORE`, or `data/store`."""
    return path_named("DUDAO_STORE", _DATA / "store", environment)


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
