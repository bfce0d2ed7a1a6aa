"""Writing the site: each page from the counties' summaries, unchanged pages left alone."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dudao.show.words import RESULTS, signed
from dudao_pipeline.publish.files import write
from dudao_pipeline.publish.html import TEMPLATES, stylesheet
from dudao_pipeline.publish.site import comparison
from dudao_pipeline.publish.site.groups import COUNTED, Group, cities, counts, notebooks, provinces
from dudao_pipeline.publish.site.problems import RunProblem, problem_lists
from dudao_pipeline.publish.summary import label

INDEX = "index.html"
FEW = 60  # counties of a year that the first page lists one by one
DOWNLOADS = {".docx": "自查自评报告（Word）", ".pdf": "附件合订本（PDF）"}
DOWNLOADS |= {".xlsx": "表格（xlsx）", ".csv": "数据（CSV）", ".parquet": "数据（Parquet）"}
DOWNLOADS |= {".ipynb": "笔记本"}


@cache
def _script() -> str:
    return (TEMPLATES / "site" / "filter.js").read_text(encoding="utf-8").strip()


@cache
def _environment() -> Environment:
    found = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined
    )
    sealed = base64.b64encode(hashlib.sha256(f"\n{_script()}\n".encode()).digest()).decode()
    found.globals |= {
        "css": f"{stylesheet()}\n{_own_css()}",
        "script": _script(),
        "script_hash": f"sha256-{sealed}",
        "version": version("dudao"),
        "words": {name: word for name, (word, _) in RESULTS.items()},
        "signed": signed,
        "sign": {name: sign for name, (_, sign) in RESULTS.items()},
        "label": label,
        "counted": COUNTED,
    }
    found.filters["point_counts"] = lambda county: counts(county["points"])
    found.filters["results_by_point"] = lambda county: {
        point["id"]: point["result"] for point in county["points"]
    }
    return found


def _own_css() -> str:
    return (TEMPLATES / "site" / "site.css").read_text(encoding="utf-8").strip()


def render(template: str, **content: object) -> str:
    """Return one page of the site, from a template of its folder."""
    return _environment().get_template(f"site/{template}.html.j2").render(**content)


def _page(path: Path, template: str, **content: object) -> None:
    write(path, render(template, **content))


def write_site(outputs: Path, summaries: Sequence[dict], problems: Iterable[RunProblem]) -> Path:
    """Write every page that leads to the appendices; return the first one.

    summaries: one per county and year, as `county_summary` gives them, in any order.
    """
    outputs.mkdir(parents=True, exist_ok=True)
    by_year: dict[int, list[dict]] = {}
    for found in summaries:
        by_year.setdefault(found["year"], []).append(found)
    years = [(year, provinces(by_year[year])) for year in sorted(by_year, reverse=True)]
    for year, groups in years:
        _write_year(outputs / str(year), year, groups)
    _withdraw(outputs, years)
    shown = [(year, groups, _notebooks(groups), _few(groups)) for year, groups in years]
    lists = problem_lists(problems)
    _page(outputs / "problems.html", "problems", problem_lists=lists)
    _page(outputs / INDEX, "index", years=shown, problem_lists=lists)
    return outputs / INDEX


def _withdraw(outputs: Path, years: Iterable[tuple[int, Sequence[Group]]]) -> None:
    """Remove the pages of earlier calls that nothing leads to any more."""
    current: set[Path] = set()
    for year, groups in years:
        folder = outputs / str(year)
        current |= {folder / f"indicator-{name[:2]}.html" for name in _notebooks(groups)}
        for group in groups:
            current.add(folder / f"province-{group.code}.html")
            own = notebooks(group.counties)
            current |= {folder / f"province-{group.code}-{name[:2]}.html" for name in own}
            current |= {folder / f"city-{city.code}.html" for city in cities(group.counties)}
            current |= {folder / county["county"] / INDEX for county in group.counties}
    patterns = ("indicator-*.html", "province-*.html", "city-*.html", f"{'[0-9]' * 6}/{INDEX}")
    for pattern in patterns:
        for path in outputs.glob(f"{'[0-9]' * 4}/{pattern}"):
            if path not in current:
                path.unlink()


def _few(groups: Sequence) -> list[dict]:
    found = [county for group in groups for county in group.counties]
    return found if len(found) <= FEW else []


def _notebooks(groups: Sequence) -> list[str]:
    return notebooks(county for group in groups for county in group.counties)


def _write_year(folder: Path, year: int, groups: Sequence) -> None:
    for group in groups:
        _write_province(folder, year, group)
    for notebook in _notebooks(groups):
        rows = [(group, comparison.indicator_counts(group.counties, notebook)) for group in groups]
        path = folder / f"indicator-{notebook[:2]}.html"
        _page(path, "indicator", year=year, notebook=notebook, rows=rows)


def _write_province(folder: Path, year: int, group: Group) -> None:
    found = cities(group.counties)
    own = notebooks(group.counties)
    path = folder / f"province-{group.code}.html"
    _page(path, "province", year=year, group=group, cities=found, notebooks=own)
    for city in found:
        points = {p["id"]: p["title"] for county in city.counties for p in county["points"]}
        path = folder / f"city-{city.code}.html"
        _page(path, "city", year=year, group=group, city=city, points=points)
        for county in city.counties:
            _write_county(folder, county, group=group, city=city)
    for notebook in own:
        tables = comparison.point_tables(group.counties, notebook)
        path = folder / f"province-{group.code}-{notebook[:2]}.html"
        _page(path, "comparison", year=year, group=group, notebook=notebook, tables=tables)


def _write_county(year_folder: Path, county: dict, *, group: Group, city: Group) -> None:
    folder = year_folder / county["county"]
    by_notebook: dict[str, list[dict]] = {}
    for point in county["points"]:
        by_notebook.setdefault(point["notebook"], []).append(point)
    _page(
        folder / INDEX,
        "county",
        year=county["year"],
        group=group,
        city=city,
        county=county,
        sections=sorted(by_notebook.items(), key=lambda section: section[0] or "~"),
        downloads=_downloads(folder),
        editions=len(list(folder.glob("editions/[0-9]*"))),
    )


def _downloads(folder: Path) -> list[tuple[str, str]]:
    paths = sorted(folder.iterdir()) if folder.is_dir() else []
    return [
        (path.name, kind)
        for suffix, kind in DOWNLOADS.items()
        for path in paths
        if path.suffix == suffix and not path.name.startswith(".") and ".failed." not in path.name
    ]
