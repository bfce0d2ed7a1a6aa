"""One executed notebook becomes one HTML file that needs no network and no script."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape

from dudao.base.mime import RESULTS, TABLES
from dudao.show.words import RESULTS as RESULT_WORDS
from dudao_pipeline.publish.pages import fragments
from dudao_pipeline.publish.pages.arrangement import Block, Cell, Fold, arranged, is_picture
from dudao_pipeline.publish.pages.page_tables import PageTables, rows_shown, with_links
from dudao_pipeline.publish.pages.pictures import MARK, Letters
from dudao_pipeline.publish.runs import Notebook, has_tag, outputs_of, tables_of
from dudao_pipeline.publish.templates import own_script, read, render, seal, stylesheet

WIDGET = "application/vnd.jupyter.widget-view+json"
HTML, TEXT = "text/html", "text/plain"
IMAGES = ("image/png", "image/jpeg")
# The forms of an output that a page can show, the one that it takes first.
SHOWN = (TABLES, HTML, fragments.SVG, "text/markdown", "text/latex", *IMAGES, TEXT)
FIRST_HEADING = re.compile(r"\A\s*#[ \t]+(?P<text>.+?)[ \t]*(?:\n|\Z)")
CHAPTER_NUMBER = re.compile(r"^\d+\s*[·.、]?\s*")
OF_SCHOOLS = "表Ⅰ"  # tables of schools that a page's script sorts
_TAG = re.compile(r"<[^>]*>")
_COLOURS = re.compile(r"\x1b\[.*?[@-~]")  # of a terminal, in what a program prints


@dataclass(frozen=True)
class PageInfo:
    """What a page says of itself; `notebook` is the words of its 指标 line, not a file name.

    `summary` holds point, title and result (met, not_met, undecided) of what the page judges,
    `counts` result and number over them, `rests` what the results rest on.
    `gaps` holds what falls short: label, value, limit, gap, anchor of the check; `more_gaps` how
    many further ones the page lists below.
    `blocked` says what the checklist rejects: the page is then marked as a draft, on paper too.
    `public` says what a public page leaves out; `scenario` is title and note of what is assumed.
    An overview has its `headline`. `has_data`: the page of what was submitted lies beside it, and
    every place of a cell is a link to it.
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
    has_data: bool = False


def notebook_to_html(notebook: Notebook, page: PageInfo) -> str:
    """Convert what was run; the same notebook and page give the same bytes."""
    blocks = blocks_of(notebook, page)
    folded = [block.cells if isinstance(block, Fold) else [block] for block in blocks]
    outputs = list(outputs_of(cell for cells in folded for cell in cells))
    captions = [table.get("caption", "") for one in outputs for table in tables_of(one)]
    writer = _Writer(page.has_data)
    body = "\n".join(filter(None, map(writer.block, blocks)))
    css = stylesheet()
    if page.scenario:
        css += f"\n{read('appendix/scenario.css')}"
    script = own_script() if any(caption.startswith(OF_SCHOOLS) for caption in captions) else ""
    return render(
        "appendix/page.html.j2",
        page=page,
        script=script,
        script_hash=seal(script) if script else "",
        css=css,
        results={name: word for name, (word, _) in RESULT_WORDS.items()},
        has_error=any(output["output_type"] == "error" for output in outputs),
        chapters=writer.chapters,
        letters=writer.letters.table(),
        body=body,
        notes=writer.tables.notes(),
        with_links=writer.text,
    )


def blocks_of(notebook: Notebook, page: PageInfo) -> list[Block]:
    """Return what a page shows of a notebook, in order.

    What is for machines is left out, and the title that the page's head already says.
    """
    cells = [
        {**cell, "outputs": list(filter(_is_for_reader, cell["outputs"]))}
        if cell["cell_type"] == "code"
        else cell
        for cell in notebook["cells"]
        # papermill announces an error in English cells of its own; the error itself is shown.
        if not has_tag(cell, "papermill-error-cell-tag")
    ]
    return arranged(_without_title(cells, page))


def _is_for_reader(output: Mapping) -> bool:
    kind = output["output_type"]
    if kind in ("stream", "error"):
        return kind == "error" or output["name"] == "stdout"
    data = output["data"]
    shown = set(data).intersection(SHOWN)
    # The text beside results or a widget is the object's repr, which tells a reader nothing.
    return bool(shown - {TEXT} if {RESULTS, WIDGET} & set(data) else shown)


def _without_title(cells: list[Cell], page: PageInfo) -> list[Cell]:
    at = next((n for n, cell in enumerate(cells) if cell["cell_type"] == "markdown"), None)
    match = FIRST_HEADING.match(cells[at]["source"]) if at is not None else None
    if match and CHAPTER_NUMBER.sub("", match["text"]) in f"{page.title} {page.notebook}":
        rest = {**cells[at], "source": cells[at]["source"][match.end() :]}
        return [*cells[:at], rest, *cells[at + 1 :]]
    return cells


def _contents(cells: Iterable[Cell]) -> str:
    """Say how much lies behind a fold."""
    cells = list(cells)
    tables = [
        table for output in outputs_of(cells) for table in tables_of(output) if "rows" in table
    ]
    pictures = sum(map(is_picture, cells))
    parts = (
        f"表{len(tables)}张、{sum(map(rows_shown, tables))}行" if tables else "",
        f"图{pictures}幅" if pictures else "",
    )
    return "，".join(filter(None, parts))


class _Writer:
    """Writes the blocks of one page; numbers its chapters, tables, sources and letters."""

    def __init__(self, has_data: bool) -> None:
        """Begin a page."""
        self.text = with_links if has_data else str
        self.tables = PageTables((lambda text: with_links(escape(text))) if has_data else escape)
        self.letters = Letters()
        self.chapters: list[str] = []

    def block(self, block: Block) -> str:
        if isinstance(block, Fold):
            return self._fold(block)
        if block["cell_type"] == "markdown":
            return self._prose(block)
        return self._code(block)

    def _fold(self, fold: Fold) -> str:
        title, number = escape(fold.title), _contents(fold.cells)
        more = f" <small>{number}</small>" if number else ""
        head = f"<h{fold.level}{self._chapter(title) if fold.level == 2 else ''}>{title}{more}"
        return "\n".join(
            (
                f'<details class="fold" data-title="{title}">'
                f"<summary>{head}</h{fold.level}></summary>",
                *filter(None, map(self.block, fold.cells)),
                "</details>",
            )
        )

    def _chapter(self, title: str) -> str:
        """Enter a heading in the links at the top of the page; return its id."""
        self.chapters.append(_TAG.sub("", title))
        return f' id="chapter-{len(self.chapters)}"'

    def _prose(self, cell: Cell) -> str:
        if not cell["source"].strip():
            return ""
        html = fragments.prose(cell["source"], cell.get("attachments"))
        if html.startswith("<h2>"):
            title, _, rest = html.removeprefix("<h2>").partition("</h2>")
            html = f"<h2{self._chapter(title)}>{title}</h2>{rest}"
        return f'<section class="prose">\n{self.text(html)}\n</section>'

    def _code(self, cell: Cell) -> str:
        parts = []
        if cell["source"].strip():
            parts += [
                f'<details class="code"><summary>代码</summary>\n{fragments.code(cell["source"])}',
                "</details>",
            ]
        if outputs := cell["outputs"]:
            parts += ['<div class="outputs">', *map(self._output, outputs), "</div>"]
        return "\n".join(parts)

    def _output(self, output: Mapping) -> str:
        kind = output["output_type"]
        if kind == "stream":
            return self._plain(output["text"])
        if kind == "error":
            return _error(output)
        data = output["data"]
        mime = next(mime for mime in SHOWN if mime in data)
        if mime == TABLES:
            return "\n".join(map(self.tables.html, data[TABLES]["tables"]))
        if mime == HTML:
            return self.text(fragments.html_output(data[HTML]))
        if mime == TEXT:
            return self._plain(data[TEXT])
        if mime in ("text/markdown", "text/latex"):
            return (
                f'<div class="prose">\n{self.text(fragments.markdown_output(data[mime]))}\n</div>'
            )
        shown, _ = fragments.figure(output, mime)
        if MARK in shown[:40]:
            shown = self.letters.numbered(shown)
        return f'<figure class="figure" tabindex="0" role="region" aria-label="图">{shown}</figure>'

    def _plain(self, text: str) -> str:
        return f'<pre class="text">{self.text(_printed(text))}</pre>'


def _printed(text: str) -> str:
    return escape(_COLOURS.sub("", text))


def _error(output: Mapping) -> str:
    """Show an error without its traceback, which prints paths of the machine that ran it."""
    return (
        '<div class="run-error">\n'
        f"<p><strong>运行出错：{_printed(output['ename'])}</strong></p>\n"
        f"<pre>{_printed(output['evalue'])}</pre>\n"
        "<p>此单元格未正常完成。完整出错信息见同名笔记本的这一单元格；"
        "改正后重新运行，再发布。</p>\n</div>"
    )
