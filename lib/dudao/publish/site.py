"""The index of what was published: county by notebook, and what could not be made."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dudao.publish.html import TEMPLATES, stylesheet

FAILED = "failed"
REFUSED = "refused"
NOTES = {
    FAILED: ("运行失败", "以下附件在运行中出错，没有生成。按原因改正后重新运行。"),
    REFUSED: ("未列入运行", "以下附件缺数据，或标准尚未施行，未列入运行。补充后重新运行即可。"),
}


@dataclass(frozen=True)
class PageLink:
    """One appendix, with how many of its points come to each result."""

    label: str
    href: str
    met: int = 0
    not_met: int = 0
    undecided: int = 0
    not_applicable: int = 0


@dataclass(frozen=True)
class IndexRow:
    """One county in one evaluation year."""

    year: int
    county: str
    county_name: str
    area: str
    pages: tuple[PageLink, ...]
    fictional: bool = False


@dataclass(frozen=True)
class RunProblem:
    """One run without an appendix: `failed` while running or `refused` before it."""

    kind: str
    year: int
    county: str
    county_name: str
    notebook: str
    reason: str


@dataclass(frozen=True)
class YearGroup:
    """The counties of one year; every notebook that any of them has is a column."""

    rows: tuple[IndexRow, ...]

    @property
    def labels(self) -> list[str]:
        """Columns keep the order of the numbers that begin the labels."""
        return sorted({page.label for row in self.rows for page in row.pages})

    def cells(self, row: IndexRow) -> list[PageLink | None]:
        """A county without an appendix has an empty cell, not a shifted row."""
        pages = {page.label: page for page in row.pages}
        return [pages.get(label) for label in self.labels]


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined
    )


def index_html(rows: Iterable[IndexRow], problems: Iterable[RunProblem] = ()) -> str:
    """The newest year comes first; the order of the rows given does not matter."""
    ordered = sorted(rows, key=lambda row: row.county)
    years = sorted({row.year for row in ordered}, reverse=True)
    groups = [(year, YearGroup(tuple(r for r in ordered if r.year == year))) for year in years]
    template = _environment().get_template("site/index.html.j2")
    return template.render(
        years=groups,
        problem_lists=_problem_lists(problems),
        css=stylesheet(),
        version=version("dudao"),
    )


def _problem_lists(problems: Iterable[RunProblem]) -> list[tuple[str, str, list[RunProblem]]]:
    ordered = sorted(problems, key=lambda p: (-p.year, p.county, p.notebook, p.reason))
    unknown = {problem.kind for problem in ordered} - set(NOTES)
    if unknown:
        raise ValueError(f"problem kind must be {FAILED} or {REFUSED}, got {sorted(unknown)}")
    return [(*NOTES[kind], [p for p in ordered if p.kind == kind]) for kind in NOTES]
