"""What stands over all counties, tables and site: what it was made of, and whether that holds."""

import json
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

from dudao.base import versions, workspace
from dudao_pipeline import digests
from dudao_pipeline.files import write_json
from dudao_pipeline.intake import refusals
from dudao_pipeline.publish.public.hidden import PublicEdition
from dudao_pipeline.publish.site.run_problems import RunProblem
from dudao_pipeline.publish.task import Task, program
from dudao_pipeline.runner.environment import program_version

YEAR_RECORD, YEAR_RECORD_OPENLY = "tables.json", "tables-public.json"
SITE_RECORD, SITE_RECORD_OPENLY = "site.json", "site-public.json"
SITE_PAGES = ("index.html", "brief.html")  # of a county: made with the site, not kept in editions
# Of what a site is made of, what all cities share.
SHARED = ("program", "problems", "public", "expected", "refused", "tables")
CITY = 4  # digits of a code that name the city
CITY_WORKBOOK = "city-{}.xlsx"  # results of a city's counties, by the first digits of their codes
Mapper = Callable[[Callable, Sequence], Iterable]
_CITY_TABLES = re.compile(r"city-\d+\.xlsx")
_NOTHING: dict[str, dict] = {"made_of": {}, "areas": {}, "files": {}}


def read_made(record: Path) -> dict[str, dict]:
    """Return what was recorded: made_of, names of areas, the sha256 of its files by name."""
    try:
        read = json.loads(record.read_text(encoding="utf-8"))
        return _NOTHING | read
    except (OSError, ValueError, TypeError):
        return _NOTHING


def is_current(folder: Path, record: Path, made_of: Mapping[str, object]) -> bool:
    """Say whether a folder holds what a record names, made of the same."""
    made = read_made(record)
    return made["made_of"] == made_of and all(
        digests.is_as_recorded(folder / name, digest) for name, digest in made["files"].items()
    )


def write_whole(
    folder: Path,
    counties: Sequence[Path],
    record: Path | None = None,
    *,
    public: bool = False,
    mapper: Mapper = map,
) -> None:
    """Write the results of all counties of a year in every form, and a workbook per city.

    counties: the CSV of each. record: says what they were made of, and is written last; while it
    holds nothing is done, and nothing of a city whose counties are as they were. It lies beside the
    tables unless another file is named. Without a county the tables are withdrawn. The public gets
    no internal form.
    """
    record = record or folder / YEAR_RECORD
    made_of = {path.parent.name: digests.remembered(path) for path in counties}
    made_of["program"] = program()
    if counties and is_current(folder, record, made_of):
        return
    cities: dict[str, list[Path]] = {}
    for path in counties:
        cities.setdefault(path.parent.name[:CITY], []).append(path)
    files = _unchanged(folder, cities, read_made(record), made_of)
    if not counties:
        record.unlink(missing_ok=True)
    changed = [(c, own) for c, own in cities.items() if CITY_WORKBOOK.format(c) not in files]
    write_part = partial(_write_part, folder, public=public)
    for written in mapper(write_part, [("", counties), *changed]):
        files |= written
    for path in folder.glob(CITY_WORKBOOK.format("[0-9]" * CITY)):
        if path.name not in files:
            path.unlink()
    if counties:
        write_json(record, {"made_of": made_of, "files": files})


def _unchanged(
    folder: Path, cities: Iterable[str], before: Mapping[str, dict], made_of: dict
) -> dict[str, str]:
    """Return the workbooks of cities that are there and would be the same, with their sha256."""
    was, files = before["made_of"], before["files"]
    kept = {}
    for code in cities:
        name = CITY_WORKBOOK.format(code)
        then, now = (
            {county: digest for county, digest in made.items() if county.startswith(code)}
            for made in (was, made_of)
        )
        is_same = was.get("program") == made_of["program"] and then == now
        if is_same and digests.is_as_recorded(folder / name, files.get(name, "")):
            kept[name] = files[name]
    return kept


def _write_part(folder: Path, part: tuple[str, Sequence[Path]], *, public: bool) -> dict[str, str]:
    """Write the tables of a year, or the workbook of a city; return the sha256 of the files."""
    from dudao_pipeline.publish.result_tables import write_city, write_year  # slow to load

    code, counties = part
    return (
        write_city(folder, code, counties, public=public)
        if code
        else write_year(folder, counties, public=public)
    )


def site_made_of(
    every: Iterable[Task], problems: Iterable[RunProblem], public: PublicEdition | None
) -> dict[str, object]:
    """Return what a site is made of; of each county under its year and code, as one digest."""
    target = public.folder if public else workspace.outputs()
    expected = workspace.expected_counties()
    by_program = versions.digest([program(), program_version()])
    return {
        "program": by_program,
        "problems": versions.digest(map(repr, problems)),
        "public": [str(target), public.fewest] if public else [],
        "expected": digests.remembered(expected) if expected.is_file() else "",
        "refused": {p.name: digests.sha256(p) for p in refusals.folder().glob("*.json")},
        "tables": sorted(
            f"{folder.name}/{name}"
            for folder in target.glob("[0-9]" * 4)
            for name in _names(folder)
            if _CITY_TABLES.fullmatch(name)
        ),
        **{task.label: _county(task, by_program) for task in every},
    }


def _county(task: Task, by_program: str) -> str:
    """Return the digest of all that the site shows of a county: its record, files and reviews."""
    at = task.county_year
    made = (task.record, workspace.reviews() / str(at.year) / f"{at.county}.json")
    names = sorted({*_names(task.target), *_names(task.target / "editions", "editions/")})
    shown = [name for name in names if name not in SITE_PAGES and not name.startswith(".")]
    present = [digests.remembered(path) if path.is_file() else "" for path in made]
    return versions.digest([by_program, *present, *shown])


def _names(folder: Path, before: str = "") -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return [f"{before}{entry.name}" for entry in entries]
    except OSError:
        return []
