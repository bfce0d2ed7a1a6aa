"""What a county handed in and could not be taken into the store, kept until it is.

Without it a city's page would say that the county has sent nothing.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path

from dudao.base import workspace
from dudao.facts import store
from dudao_pipeline.files import write_json

_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")


def folder() -> Path:
    """Return where refusals are kept."""
    return workspace.store() / "refused"


def _path(county: str, year: int) -> Path:
    return folder() / f"{county}-{year}.json"


def keep(county: str, year: int, reason: str) -> None:
    """Keep why what a county handed in was refused; the newest reason stands."""
    path = _path(county, year)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_json(path, {"reason": reason})


def forget(county: str, year: int) -> None:
    """Forget a refusal: something of this county and year is in the store."""
    _path(county, year).unlink(missing_ok=True)


def of_year(year: int) -> dict[str, str]:
    """Return the reasons of a year by county."""
    paths = sorted(folder().glob(f"??????-{year}.json"))
    return {path.name[:6]: json.loads(path.read_text(encoding="utf-8"))["reason"] for path in paths}


def guess(path: Path, expected: Mapping[str, str]) -> tuple[str, int] | None:
    """Return whose file one is that cannot be read, by its name; None where nobody knows.

    expected: names by code of the counties that are to report. Without a year in the name it is of
    the newest year in the store.
    """
    hits = [c for c, name in expected.items() if c in path.stem or (name and name in path.stem)]
    stem = path.stem.replace(hits[0], "") if hits else ""
    years = {int(text) for text in _YEAR.findall(stem)}
    years = years or {max((year for _, year in store.submissions()), default=0)}
    return (hits[0], years.pop()) if len(hits) == 1 and len(years) == 1 else None
