"""Writing the site: each page from the counties' summaries, unchanged pages left alone."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from sys import intern

from jinja2 import Environment

from dudao.show.words import RESULTS, signed
from dudao_pipeline import digests
from dudao_pipeline.county_years import CountyYear
from dudao_pipeline.files import scratch_folder, write, write_json
from dudao_pipeline.intake import refusals
from dudao_pipeline.publish.documents import PROBLEM_LIST, REPORT, SUPPLY_LIST, WORKBOOK
from dudao_pipeline.publish.pages.page_tables import DATA_PAGE
from dudao_pipeline.publish.release.editions import FOLDER, editions, homes
from dudao_pipeline.publish.release.provenance import whose
from dudao_pipeline.publish.result_tables import DICTIONARY, FILES, FORMATS, NAME
from dudao_pipeline.publish.review import SEVERITIES, counts_by_severity
from dudao_pipeline.publish.reviews import opinions_of, review_key, write_review
from dudao_pipeline.publish.site.run_problems import FAILED, RunProblem, problem_lists
from dudao_pipeline.publish.site.side_by_side import (
    COUNTED,
    Group,
    cities,
    counts,
    indicator_counts,
    notebooks,
    point_tables,
    provinces,
    strips,
)
from dudao_pipeline.publish.site.states import ABSENT, WORDS, State, expected_counties, states
from dudao_pipeline.publish.summary import label
from dudao_pipeline.publish.templates import new_environment, read, scripts, seal, stylesheet
from dudao_pipeline.publish.whole import CITY_WORKBOOK, SHARED, SITE_PAGES, read_made

INDEX, BRIEF = SITE_PAGES
TABLES_TOGETHER = 30  # counties whose values stand on one page; of more, a page per point
LED_TO = (  # by a year's pages: what no page leads to is withdrawn
    *("indicator-*.html", "province-*.html", "city-*.html", "city-*-review.xlsx"),
    *(f"{'[0-9]' * 6}/{name}" for name in SITE_PAGES),
)
POINT = ("id", "title", "result", "notebook")  # what of a point is kept of every county
Summary = Callable[[], dict | None]
_MANY_POINTS = re.compile(r"（((?:\d+\.\d+\.\d+、){5,}\d+\.\d+\.\d+)）")  # six or more
FIRST_FILES = (REPORT, SUPPLY_LIST, PROBLEM_LIST)  # what a clerk works on next
FEW = 60  # counties of a year that the first page lists one by one
DOWNLOADS = {  # by kind, in the order of the county's page
    **{".docx": "自查自评报告（Word）", ".pdf": "附件合订本（PDF）", ".xlsx": "表格（xlsx）"},
    **{form.suffix: f"数据（{form.title}）" for form in FORMATS},
    ".ipynb": "笔记本",
}
TITLES = {  # of files that are named; of others, by their kind
    WORKBOOK: "本县报送的数据（Excel）",
    SUPPLY_LIST: "待补充的数据和材料",
    PROBLEM_LIST: "问题清单，可填原因、措施、责任单位和时限后退回",
    "10_schools.xlsx": "学校与幼儿园附表",
    f"{NAME}.xlsx": "判定结果",
    **{name: f"判定结果（{form.title}）" for name, form in zip(FILES, FORMATS, strict=True)},
    DICTIONARY: "判定结果各列的说明",
}


@cache
def _script() -> str:
    return scripts("sort.js", "site/filter.js")


@cache
def _environment() -> Environment:
    environment = new_environment()
    environment.globals |= {
        "css": f"{stylesheet()}\n{read('site/site.css')}",
        "script": _script(),
        "script_hash": seal(_script()),
        "words": {name: word for name, (word, _) in RESULTS.items()},
        "signed": signed,
        "sign": {name: sign for name, (_, sign) in RESULTS.items()},
        "label": label,
        "counted": COUNTED,
    }
    environment.globals |= {"severities": SEVERITIES, "state_words": WORDS}
    environment.filters["review_key"] = review_key
    environment.filters["pages_by_point"] = lambda county: {
        point["id"]: f"{point['notebook']}.html#point-{point['id']}"
        for point in county["points"]
        if point["notebook"] in county["pages"]
    }
    environment.filters["point_counts"] = lambda county: counts(county["points"])
    environment.filters["whole_clauses"] = whole_clauses
    environment.filters["folded"] = folded
    environment.globals["first_files"] = FIRST_FILES
    environment.filters["results_by_point"] = lambda county: {
        point["id"]: point["result"] for point in county["points"]
    }
    return environment


def whole_clauses(text: str, most: int = 90) -> str:
    """Return the first clauses of a text, up to so many letters; a clause is never cut."""
    kept, *others = text.split("；")
    while others and len(kept) + len(others[0]) < most:
        kept += f"；{others.pop(0)}"
    return f"{kept}等" if others else kept


def folded(line: str) -> tuple[str, str, int]:
    """Return a sentence without its long list of points, that list, and how many it names."""
    match = _MANY_POINTS.search(line)
    if match is None:
        return line, "", 0
    points = match[1]
    return line.replace(match[0], ""), points, points.count("、") + 1


def render(template: str, **content: object) -> str:
    """Return one page of the site, from a template of its folder."""
    return _environment().get_template(f"site/{template}.html.j2").render(**content)


@dataclass(frozen=True)
class _Counties:
    """The counties of a site, of which only what all pages need is kept in memory.

    loads: (year, county) -> what reads its summary. folder: holds its checks, by notebook.
    """

    folder: Path
    loads: Mapping[tuple[int, str], Summary]
    by_year: Mapping[int, list[dict]]

    def whole(self, group: Group, year: int) -> Group:
        """Return a group with all that is known of its counties."""
        return replace(
            group, counties=tuple(self.loads[year, c["county"]]() for c in group.counties)
        )

    def with_checks(self, group: Group, year: int, notebook: str) -> list[dict]:
        """Return the counties of a group with the checks of one notebook."""
        path = _checks_file(self.folder, year, group.code, notebook)
        checks = dict(map(json.loads, path.read_text(encoding="utf-8").splitlines()))
        present = (county for county in group.counties if county["county"] in checks)
        return [county | {"checks": {notebook: checks[county["county"]]}} for county in present]


def _checks_file(folder: Path, year: int, province: str, notebook: str) -> Path:
    return folder / f"{year}-{province}-{notebook}.jsonl"


def _gathered(summaries: Iterable[Summary | dict], folder: Path) -> _Counties:
    """Read every county once: its points stay in memory, its checks go to files of a folder."""
    loads, by_year = {}, {}
    for one in summaries:
        load = one if callable(one) else partial(dict, one)
        if not (summary := load()):
            continue
        year, county = summary["year"], summary["county"]
        loads[year, county] = load
        by_year.setdefault(year, []).append(_brief(summary))
        for notebook, checks in summary["checks"].items():
            line = json.dumps((county, checks), ensure_ascii=False)
            with _checks_file(folder, year, county[:2], notebook).open(
                "a", encoding="utf-8"
            ) as file:
                file.write(f"{line}\n")
    return _Counties(folder, loads, by_year)


def _brief(summary: dict) -> dict:
    """Return what pages over many counties show of one."""
    points = [{name: intern(point[name]) for name in POINT} for point in summary["points"]]
    left_out = ("review", "headline", "scenarios")
    kept = {name: entry for name, entry in summary.items() if name not in left_out}
    return kept | {"points": points, "checks": dict.fromkeys(summary["checks"], ())}


def write_site(
    outputs: Path,
    summaries: Iterable[Summary | dict],
    problems: Sequence[RunProblem],
    *,
    is_public: bool = False,
    record: Path | None = None,
    made_of: Mapping[str, object] | None = None,
) -> Path:
    """Write every page that leads to the appendices; return the first one.

    summaries: one per county and year, as `county_summary` gives them, in any order; or what reads
    one, so that not all are in memory at once (None: nothing is published of it).
    is_public: leave out what is for reviewers: states of counties, workbooks, opinions.
    record: where it is kept what the pages are made of, as `whole.site_made_of` gives it, and their
    digests: the pages of a county that are still made of the same are left alone.
    """
    outputs.mkdir(parents=True, exist_ok=True)
    expected = {} if is_public else expected_counties()
    written: set[Path] = set()
    with scratch_folder("site") as folder:
        counties = _gathered(summaries, folder)
        by_year = counties.by_year
        years = [(year, provinces(by_year[year])) for year in sorted(by_year, reverse=True)]
        content = {"made_of": made_of or {}, "areas": _areas(years)}
        unchanged = _unchanged(outputs, content, record, is_open=not is_public)
        for year, groups in years:
            faulty = {one.county for one in problems if one.kind == FAILED and one.year == year}
            unread = {} if is_public else refusals.of_year(year)
            reached = states(expected, by_year[year], faulty, outputs / str(year), unread=unread)
            shown = [] if is_public else reached
            _Year(year, outputs / str(year), counties, shown, unchanged, written).write(groups)
    for pattern in LED_TO:  # pages of earlier calls that nothing leads to any more
        for path in outputs.glob(f"{'[0-9]' * 4}/{pattern}"):
            if path not in written:
                path.unlink()
    shown = [(year, groups, _notebooks(groups), _few(groups)) for year, groups in years]
    lists = problem_lists(problems)
    write(outputs / "problems.html", render("problems", problem_lists=lists))
    write(outputs / INDEX, render("index", years=shown, problem_lists=lists))
    if record:
        paths = sorted({*written, outputs / "problems.html", outputs / INDEX})
        files = {path.relative_to(outputs).as_posix(): digests.remembered(path) for path in paths}
        write_json(record, {**content, "files": files})
    return outputs / INDEX


def _areas(years: Iterable[tuple[int, Sequence[Group]]]) -> dict[str, str]:
    """Return the names of provinces and cities, which their counties give, by year and code."""
    return {
        f"{year}/{area.code}": area.name
        for year, groups in years
        for group in groups
        for area in (group, *cities(group.counties))
    }


def _unchanged(
    outputs: Path, content: Mapping, record: Path | None, *, is_open: bool
) -> frozenset[str]:
    """Return the counties and cities whose own pages are there and would be the same.

    Both by year and code. A city's would be if all its counties are, and what all cities share.
    """
    if record is None:
        return frozenset()
    before = read_made(record)
    now, was, files = content["made_of"], before["made_of"], before["files"]

    def is_same(at: str, *pages: str) -> bool:
        areas = (at[:-4], at[:-2], at)  # of a county's year and code: province and city
        return all(content["areas"].get(one) == before["areas"].get(one) for one in areas) and all(
            digests.is_as_recorded(outputs / page, files.get(page, "")) for page in pages
        )

    counties = {
        at
        for at in now.keys() & was.keys()
        if now[at] == was[at] and is_same(at, *(f"{at}/{name}" for name in SITE_PAGES))
    }
    changed = {at[:-2] for at in {*now, *was} - counties}
    is_shared = all(now.get(name) == was.get(name) for name in SHARED)
    cities = {
        area
        for area in (content["areas"].keys() - changed if is_shared else ())
        if is_same(area, *(f"{area[:5]}{name}" for name in _city_pages(area[5:], is_open=is_open)))
    }
    return frozenset(counties | cities)


def _city_pages(code: str, *, is_open: bool) -> list[str]:
    """Return the names of a city's page and, in the house's own site, of its reviewers' list."""
    return [f"city-{code}.html", *([f"city-{code}-review.xlsx"] if is_open else ())]


def _few(groups: Sequence) -> list[dict]:
    counties = [county for group in groups for county in group.counties]
    return counties if len(counties) <= FEW else []


def _notebooks(groups: Sequence) -> list[str]:
    return notebooks(county for group in groups for county in group.counties)


def _points(counties: Iterable[dict]) -> dict[str, str]:
    return {p["id"]: p["title"] for county in counties for p in county["points"]}


def _failed_by_point(counties: Iterable[dict]) -> Counter:
    """Count the counties in which each point is not met."""
    return Counter(
        p["id"] for county in counties for p in county["points"] if p["result"] == "not_met"
    )


def _by_failures(county: dict) -> tuple:
    counted = counts(county["points"])
    return (-counted["not_met"], -counted["undecided"], county["county"])


@dataclass(frozen=True)
class _Year:
    """The pages of one year in its folder; states: how far its counties are, for the house only.

    unchanged: year and code of counties whose own pages stay. written: takes every page.
    """

    year: int
    folder: Path
    counties: _Counties
    states: Sequence[State]
    unchanged: frozenset[str]
    written: set[Path]

    def _page(self, name: str, template: str, **content: object) -> None:
        path = self.folder / name
        self.written.add(path)
        write(path, render(template, **content))

    def _keep(self, city: Group) -> None:
        """Leave the pages of a city and of its counties as they are."""
        pages = _city_pages(city.code, is_open=bool(self.states))
        counties = [f"{one['county']}/{name}" for one in city.counties for name in SITE_PAGES]
        self.written.update(self.folder / name for name in (*pages, *counties))

    def write(self, groups: Sequence[Group]) -> None:
        """Write the pages of provinces, and those that compare provinces."""
        for group in groups:
            self.province(group)
        for notebook in _notebooks(groups):
            rows = [(group, indicator_counts(group.real.counties, notebook)) for group in groups]
            self._page(
                f"indicator-{notebook[:2]}.html",
                "indicator",
                year=self.year,
                notebook=notebook,
                rows=rows,
            )

    def province(self, group: Group) -> None:
        """Write the page of a province, of its cities and counties, and what compares these."""
        own_states = [one for one in self.states if one.code.startswith(group.code)]
        judged, in_cities = notebooks(group.counties), cities(group.counties)
        self._page(
            f"province-{group.code}.html",
            "province",
            year=self.year,
            group=group,
            cities=in_cities,
            notebooks=judged,
            points=_points(group.counties),
            ranked=sorted(group.counties, key=_by_failures),
            failed_by_point=_failed_by_point(group.counties),
            states=[one for one in own_states if one.state != ABSENT],
            missing=[one for one in own_states if one.state == ABSENT],
        )
        for city in in_cities:
            if f"{self.year}/{city.code}" in self.unchanged:
                self._keep(city)
                continue
            whole = self.counties.whole(city, self.year)
            self.city(group, whole)
            for county in whole.counties:
                self.county(county, group, whole)
        for notebook in judged:
            self.comparison(group, notebook, self.counties.with_checks(group, self.year, notebook))

    def comparison(self, group: Group, notebook: str, counties: Sequence[dict]) -> None:
        """Write how the counties lie on each check; where they are many, a page per point."""
        tables = point_tables(counties, notebook)
        parts = len(group.counties) > TABLES_TOGETHER
        shared = {"year": self.year, "group": group, "notebook": notebook}
        for table in tables if parts else ():
            self._page(f"province-{group.code}-p{table.id}.html", "point", **shared, table=table)
        name = f"province-{group.code}-{notebook[:2]}.html"
        own_strips = strips(counties, notebook)
        self._page(name, "comparison", **shared, tables=tables, strips=own_strips, parts=parts)

    def city(self, group: Group, city: Group) -> None:
        """Write the page of a city: what is to be reviewed in each county, the worst first."""
        queue = [(county, counts_by_severity(county.get("review", ()))) for county in city.counties]
        queue.sort(
            key=lambda entry: ([-number for number in entry[1].values()], entry[0]["county"])
        )
        workbook = CITY_WORKBOOK.format(city.code)
        is_open = any(one.code.startswith(city.code) for one in self.states)
        if is_open:
            path = self.folder / f"city-{city.code}-review.xlsx"
            self.written.add(path)
            write_review(path, city.counties, city.name, self.year)
        self._page(
            f"city-{city.code}.html",
            "city",
            year=self.year,
            group=group,
            city=city,
            queue=queue,
            totals={name: sum(counted[name] for _, counted in queue) for name in SEVERITIES},
            points=_points(city.counties),
            failed_by_point=_failed_by_point(city.counties),
            states=[one for one in self.states if one.code.startswith(city.code)],
            has_review=is_open,
            workbook=workbook if (self.folder / workbook).is_file() else "",
            reviewed=_reviewed(city.counties) if is_open else {},
        )

    def county(self, county: dict, group: Group, city: Group) -> None:
        """Write the first page of a county and its short form."""
        folder = self.folder / county["county"]
        if f"{self.year}/{county['county']}" in self.unchanged:
            self.written.update(folder / name for name in SITE_PAGES)
            return
        by_notebook: dict[str, list[dict]] = {}
        for point in county["points"]:
            by_notebook.setdefault(point["notebook"], []).append(point)
        shared = {"year": self.year, "county": county}
        self._page(
            f"{county['county']}/{INDEX}",
            "county",
            **shared,
            group=group,
            city=city,
            opinions=opinions_of(county["county"], county["year"]) if self.states else {},
            sections=sorted(by_notebook.items(), key=lambda section: section[0] or "~"),
            downloads=_downloads(folder),
            has_data=(folder / DATA_PAGE).is_file(),
            editions=len(homes(folder)),
        )
        self._page(f"{county['county']}/{BRIEF}", "brief", **shared)


def _reviewed(counties: Iterable[dict]) -> dict[str, str]:
    """Say for each county how many of its findings were reviewed, and in which data version."""
    shown = {}
    for county in counties:
        opinions = opinions_of(county["county"], county["year"])
        keys = {review_key(item) for item in county["review"]}
        number = sum(key in opinions for key in keys)
        if keys:
            shown[county["county"]] = f"{number}／{len(keys)}"
    return shown


def _downloads(folder: Path) -> list[tuple[str, str]]:
    paths = sorted(folder.iterdir()) if folder.is_dir() else []
    return [
        (path.name, TITLES.get(path.name, kind))
        for suffix, kind in DOWNLOADS.items()
        for path in paths
        if path.suffix == suffix and not path.name.startswith(".") and ".failed." not in path.name
    ]


def write_editions(folder: Path) -> Path | None:
    """Write the list of editions, the newest first; nothing where there is none."""
    released = editions(folder)
    if not released:
        return None
    path, at = folder / FOLDER / "index.html", CountyYear.of_folder(folder)
    write(path, render("editions", editions=released[::-1], county=whose(folder)[0], year=at.year))
    return path
