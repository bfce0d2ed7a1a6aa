"""Where things are: the one place that knows the folders of a working copy."""

from __future__ import annotations

import os
from pathlib import Path

SCENARIO_RESULTS = "scenarios"  # in a county's folder, where no pattern for real results looks

_CHECKOUT = Path(__file__).resolve().parents[3]


def root() -> Path:
    """Return the working copy that this library stands in (it is installed in place)."""
    return _CHECKOUT


def data() -> Path:
    """Return the folder of committed inputs."""
    return root() / "data"


def store() -> Path:
    """Return the Parquet store: `DUDAO_STORE`, or `data/store`."""
    return Path(os.environ.get("DUDAO_STORE") or data() / "store")


def added_law() -> Path:
    """Return the folder of law files that a user adds: `DUDAO_LAW`, or `data/law`."""
    return Path(os.environ.get("DUDAO_LAW") or data() / "law")


def scenarios() -> Path:
    """Return the folder of scenarios: `DUDAO_SCENARIOS`, or `data/scenarios`."""
    return Path(os.environ.get("DUDAO_SCENARIOS") or data() / "scenarios")


def expected_counties() -> Path:
    """Return the list of counties that are to report: `DUDAO_EXPECTED`, or among the data."""
    return Path(os.environ.get("DUDAO_EXPECTED") or data() / "expected_counties.csv")


def reviews() -> Path:
    """Return the folder of reviewers' opinions: `DUDAO_REVIEWS`, or `data/reviews`."""
    return Path(os.environ.get("DUDAO_REVIEWS") or data() / "reviews")


def notebooks() -> Path:
    """Return the folder of the notebooks: `DUDAO_NOTEBOOKS`, or `notebooks`."""
    return Path(os.environ.get("DUDAO_NOTEBOOKS") or root() / "notebooks")


def outputs() -> Path:
    """Return the folder of everything a run produces: `DUDAO_OUTPUTS`, or `outputs`."""
    return Path(os.environ.get("DUDAO_OUTPUTS") or root() / "outputs")
