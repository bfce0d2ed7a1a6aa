"""One executed notebook becomes one HTML file that needs no network and no script."""

import base64
import copy
import hashlib
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import ClassVar

from jinja2 import pass_context
from nbconvert.exporters import TemplateExporter
from nbconvert.filters import Highlight2HTML
from nbformat import NotebookNode
from traitlets.config import Config

from dudao.show.words import RESULTS as RESULT_WORDS
from dudao_pipeline.publish import fragments, pictures
from dudao_pipeline.publish.arrangement import arranged
from dudao_pipeline.publish.notes import with_notes

TEMPLATES = Path(__file__).parent / "templates"
RESULTS = "application/vnd.dudao.results+json"
WIDGET = "application/vnd.jupyter.widget-view+json"
SHOWN = (
    "text/html",
    "image/svg+xml",
    "text/markdown",
    "text/latex",
    "image/png",
    "image/jpeg",
    "text/plain",
)
FIRST_HEADING = re.compile(r"\A\s*#[ \t]+(?P<text>.+?)[ \t]*(?:\n|\Z)")
CHAPTER = re.compile(
    r'(?P<section><section class="prose">\s*|<details class="fold"[^>]*><summary>)'
    r"<h2>(?P<title>.*?)</h2>"
)
SMALL = re.compile(r" <small>.*?</small>")
OUR_TABLE = re.compile(r'<table class="dudao">.*?</table>', re.DOTALL)
CELL = re.compile(r'<td(?: class="(?P<names>[^"]*)")?>')
COLUMN_MARKS = {"num": "n", "w": "w"}  # of a cell, and of a table whose column has it throughout
COLUMNS = 14  # that the stylesheet names
NAMED = re.compile(
    r'<div (?=[^>]*class="table-wrap")(?=[^>]*tabindex="0")[^>]*aria-label="(?P<name>[^"]*)"[^>]*>'
    r'<table class="dudao"><caption>(?P<caption>[^<]*)</caption>'
)
QUOTED = re.compile(r'(?<=[a-z])="([\w#.-]+)"(?=[^<>]*>)')
IMPLIED = re.compile(r"</t(?:d|h|r)>\n?(?=\s*<)")
PLAIN_CODE = re.compile(r'<span class="(?:n|w|p|o)">([^<]*)</span>')
EMPTY_LINES = re.compile(r"\n(?:[ \t]*\n)+(?=[ \t]*<(?!/?(?:pre|span|code)))")
SCRIPT_NOTE = re.compile(r"^[ ]*//.*\n|^ +", re.MULTILINE)
CSS_NOTE = re.compile(r"/\*.*?\*/", re.DOTALL)
CSS_SPACE = re.compile(r"\s*([{};,])\s*")
CHAPTERS = '<nav class="chapters"></nav>'
SOURCES = 2048  # cells of all notebooks: the same in every county, so each is set once
TAG = re.compile(r"<[^>]*>")
CHAPTER_NUMBER = re.compile(r"^\d+\s*[·.、]?\s*")


@dataclass(frozen=True)
class PageInfo:
    """What a page says of itself; `notebook` is the words of its 指标 line, not a file name.

    `summary` holds point, title and result (met, not_met, undecided) of what the page judges,
    `counts` result and number over them, `rests` what the results rest on.
    `gaps` holds what falls short: label, value, limit, gap, anchor of the check; `more_gaps` how
    many further ones the page lists below.
    `blocked` says what the checklist rejects: the page is then marked as a draft, on paper too.
    `public` says what a public page leaves out; `scenario` is title and note of what is assumed.
    An overview has its `headline`.
    """

    title: str
    county_name: str
    county: str
    year: int
    notebook: str
    framework_title: str
    data_version: str
    fictional: bool = False
    links: tuple[tuple[str, str], ...] = ()
    summary: tuple[tuple[str, str, str], ...] = ()
    counts: tuple[tuple[str, int], ...] = ()
    headline: tuple[str, ...] = ()
    rests: tuple[str, ...] = ()
    gaps: tuple[tuple[str, str, str, str, str], ...] = ()
    more_gaps: int = 0
    blocked: tuple[str, ...] = ()
    public: str = ""
    scenario: tuple[str, ...] = ()


class AppendixExporter(TemplateExporter):
    """Our template on nbconvert's bare base: no stylesheet of Lab, no script, no prompts.

    nbconvert's own HTML exporter parses the finished page once more, for images without words
    and for Lab's panes; our fragments have both, and that pass costs half of an export.
    """

    file_extension = ".html"
    output_mimetype = "text/html"
    default_preprocessors: ClassVar[list] = []

    def __init__(self, **kwargs: object) -> None:
        """Use the template that lies beside this module, wherever the command is called."""
        names = {"template_name": "appendix", "extra_template_basedirs": [str(TEMPLATES)]}
        super().__init__(**(names | kwargs))

    @property
    def default_config(self) -> Config:
        """Show the form of an output that our library wrote for readers."""
        config = Config({"NbConvertBase": {"display_data_priority": list(SHOWN)}})
        inherited = super().default_config.copy()
        inherited.merge(config)
        return inherited

    def default_filters(self) -> Iterator[tuple[str, object]]:
        """Fragments of a page are made by `fragments`, not by nbconvert."""
        yield from super().default_filters()
        yield "markdown2html", _markdown_cell
        yield "highlight_code", _highlighted
        yield "markdown_output", fragments.markdown_output
        yield "html_output", fragments.html_output
        yield "figure", fragments.figure


@pass_context
def _markdown_cell(context: dict, source: str) -> str:
    attachments = context.get("cell", {}).get("attachments")
    return fragments.prose(source, attachments) if attachments else _prose(source)


@lru_cache(SOURCES)
def _prose(source: str) -> str:
    return fragments.prose(source)


@lru_cache(SOURCES)
def _highlighted(source: str) -> str:
    return Highlight2HTML(pygments_lexer="python3")(source)


@cache
def _exporter() -> AppendixExporter:
    return AppendixExporter()


@cache
def stylesheet() -> str:
    """Appendix and index share one stylesheet."""
    text = (TEMPLATES / "appendix" / "appendix.css").read_text(encoding="utf-8")
    for mark in COLUMN_MARKS.values():
        every = ",".join(f".{mark}{at} td:nth-child({at})" for at in range(1, COLUMNS + 1))
        text = text.replace(f".{mark}-columns td", every)
    return CSS_SPACE.sub(r"\1", re.sub(r"\s+", " ", CSS_NOTE.sub("", text))).strip()


@cache
def scripts(*names: str) -> str:
    """Return the scripts of a page, one after the other, without remarks and indents."""
    text = "\n".join((TEMPLATES / name).read_text(encoding="utf-8").strip() for name in names)
    return SCRIPT_NOTE.sub("", text)


def seal(script: str) -> str:
    """Return the hash by which a page allows its own script and no other."""
    return f"sha256-{base64.b64encode(hashlib.sha256(_lines(script)).digest()).decode()}"


def _lines(script: str) -> bytes:
    return f"\n{script}\n".encode()


def own_script() -> str:
    """Return the script of a page that shows tables of schools: it sorts and tries them out."""
    return scripts("sort.js", "appendix/schools.js")


def _scenario_css() -> str:
    """Only a page that shows a scenario carries its marks."""
    return (TEMPLATES / "appendix" / "scenario.css").read_text(encoding="utf-8").strip()


def notebook_to_html(notebook: NotebookNode, page: PageInfo) -> str:
    """Convert what was run; the same notebook and page give the same bytes."""
    shown = _for_reader(notebook, page)
    script = own_script() if _shows_schools(shown) else ""
    resources = {
        "page": page,
        "script": script,
        "script_hash": seal(script) if script else "",
        "css": f"{stylesheet()}\n{_scenario_css()}" if page.scenario else stylesheet(),
        "version": version("dudao"),
        "results": {name: word for name, (word, _) in RESULT_WORDS.items()},
        "has_error": any(output.output_type == "error" for output in _outputs(shown)),
    }
    text, _ = _exporter().from_notebook_node(shown, resources=resources)
    return _compact(pictures.with_letters(with_notes(_with_chapters(text))))


def _shows_schools(notebook: NotebookNode) -> bool:
    return any(
        "<caption>表Ⅰ" in output.get("data", {}).get("text/html", "")
        for output in _outputs(notebook)
    )


def _compact(text: str) -> str:
    """Leave out what HTML implies; nothing that is read or reached is left out.

    A cell of our tables is one short line: where it is longer, it says so.
    """
    numbers = itertools.count(1)
    text = NAMED.sub(lambda region: _named(region, next(numbers)), text)
    text = OUR_TABLE.sub(
        lambda table: QUOTED.sub(r"=\1", _by_column(CELL.sub(_cell, table[0]))), text
    )
    text = IMPLIED.sub("", PLAIN_CODE.sub(r"\1", text))
    return EMPTY_LINES.sub("\n", text.replace("<br/>", "<br>"))


def _named(match: re.Match, number: int) -> str:
    """Return the frame of a table, which takes its name from the caption."""
    return (
        f'<div class="table-wrap" tabindex="0" role="region" aria-labelledby="table-{number}">'
        f'<table class="dudao"><caption id="table-{number}">{match["caption"]}</caption>'
    )


def _cell(match: re.Match) -> str:
    names = (match["names"] or "").split()
    if "short" in names:
        names.remove("short")
    elif not set(names) - {"num"}:
        names.append("w")
    return f'<td class="{" ".join(names)}">' if names else "<td>"


def _by_column(table: str) -> str:
    """Say once what holds for every cell of a column: `n3` its numbers stand on the right.

    `w4` says that its text takes several lines. The stylesheet and the booklet read both.
    """
    head, _, body = table.partition("<tbody>")
    rows = [[(cell["names"] or "").split() for cell in CELL.finditer(r)] for r in body.split("<tr")]
    rows = [row for row in rows if row]
    if "colspan" in body or len({len(row) for row in rows}) != 1 or len(rows[0]) > COLUMNS:
        return table
    common = {
        (name, at)
        for name in COLUMN_MARKS
        for at in range(len(rows[0]))
        if all(name in row[at] for row in rows)
    }
    cells = itertools.cycle(range(len(rows[0])))

    def shorter(match: re.Match) -> str:
        at = next(cells)
        names = [n for n in (match["names"] or "").split() if (n, at) not in common]
        return f'<td class="{" ".join(names)}">' if names else "<td>"

    marks = "".join(f" {COLUMN_MARKS[name]}{at + 1}" for name, at in sorted(common))
    head = head.replace('class="dudao"', f'class="dudao{marks}"', 1)
    return f"{head}<tbody>{CELL.sub(shorter, body)}"


def _with_chapters(text: str) -> str:
    """Return links to the chapters of a long page: the headings that begin a cell."""
    titles: list[str] = []

    def numbered(match: re.Match) -> str:
        titles.append(TAG.sub("", SMALL.sub("", match["title"])))
        return f'{match["section"]}<h2 id="chapter-{len(titles)}">{match["title"]}</h2>'

    text = CHAPTER.sub(numbered, text)
    items = "".join(f'<li><a href="#chapter-{n}">{t}</a></li>' for n, t in enumerate(titles, 1))
    links = f'<nav class="chapters" aria-label="本页章节"><ul>{items}</ul></nav>' if items else ""
    return text.replace(CHAPTERS, links, 1)


def _outputs(notebook: NotebookNode) -> Iterator[NotebookNode]:
    for cell in notebook.cells:
        yield from cell.get("outputs", ())


def _for_reader(notebook: NotebookNode, page: PageInfo) -> NotebookNode:
    """Leave out what is for machines, and the title that the page's head already says."""
    shown = copy.copy(notebook)
    shown.cells = [copy.copy(cell) for cell in notebook.cells if not _is_marker(cell)]
    for cell in shown.cells:
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if _is_for_reader(output)]
    _drop_repeated_title(shown, page)
    shown.cells = arranged(shown.cells)
    return shown


def _is_marker(cell: NotebookNode) -> bool:
    """Papermill announces an error in English cells of its own; the error itself is shown."""
    return "papermill-error-cell-tag" in cell.metadata.get("tags", ())


def _is_for_reader(output: NotebookNode) -> bool:
    if output.output_type == "stream":
        return output.name == "stdout"
    if output.output_type == "error":
        return True
    shown = set(output.data).intersection(SHOWN)
    # The text beside results or a widget is the object's repr, which tells a reader nothing.
    return bool(shown - {"text/plain"} if {RESULTS, WIDGET} & set(output.data) else shown)


def _drop_repeated_title(notebook: NotebookNode, page: PageInfo) -> None:
    first = next((cell for cell in notebook.cells if cell.cell_type == "markdown"), None)
    found = FIRST_HEADING.match(first.source) if first else None
    if found and CHAPTER_NUMBER.sub("", found["text"]) in f"{page.title} {page.notebook}":
        first.source = first.source[found.end() :]
