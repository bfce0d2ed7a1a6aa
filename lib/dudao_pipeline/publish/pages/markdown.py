"""Markdown of a notebook as HTML: its mathematics as MathML, its code highlighted."""

import html
import re
from collections.abc import Mapping
from xml.etree import ElementTree

from latex2mathml.converter import Converter
from mistune import (
    BlockParser,
    BlockState,
    HTMLRenderer,
    InlineParser,
    InlineState,
    Markdown,
    import_plugin,
)
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer, get_lexer_by_name
from pygments.util import ClassNotFound

from dudao_pipeline.publish.pages.page_tables import REGION

PLUGINS = ("strikethrough", "table", "url", "task_lists", "def_list")
# How formulas are set off, as in Jupyter; an environment is a formula with its first and last line.
_MARKS = {"block_math": ("$$", r"\\["), "inline_math": ("$", r"\\(")}
_DISPLAYED = (
    *(r"(?<!\\)\$\$.*?(?<!\\)\$\$", r"(?<!\\)\\\\\[.*?\\\\\]"),
    r"\\begin\{(?P<environment>[a-z]*\*?)\}.*?\\end\{(?P=environment)\}",
)
_WITHIN = (r"(?<![$\\])\$.+?(?<![$\\])\$", r"(?<!\\)\\\\\(.*?(?<!\\)\\\\\)")
_PICTURES = ("image/svg+xml", "image/png", "image/jpeg")  # of an attachment, the first to show
_ATTACHED = "attachment:"


def _all_lines(pattern: str) -> str:
    """Let the dot of a pattern stand for the end of a line too."""
    return f"(?s:{pattern})"


def mathml(latex: str, display: str) -> str:
    """Return a formula as MathML, or its source marked as unconverted; it never disappears."""
    try:
        tree = Converter(display=display).convert_to_element(latex.strip())
    except Exception:  # the converter raises many kinds, bare IndexError among them
        return f'<code class="math-error">公式无法转换：{html.escape(latex)}</code>'
    tree.set("alttext", latex.strip())
    if display == "block":
        tree.set("tabindex", "0")  # a long formula scrolls, so the keyboard must reach it
    for node in tree.iter():
        node.attrib.pop("href", None)  # \\href of a formula may carry a script
        # The converter stores entities as text and would not escape `<`: undo, then serialise.
        node.text = html.unescape(node.text) if node.text else node.text
    return ElementTree.tostring(tree, encoding="unicode")


def framed(table: str, name: str) -> str:
    """Return a table inside a frame that scrolls and that the keyboard can reach."""
    return f'<div class="table-wrap" {REGION} aria-label="{name}">{table}</div>'


class ProseRenderer(HTMLRenderer):
    """Prose of a notebook: mathematics as MathML; the page alone has a level-one heading."""

    def __init__(
        self,
        *,
        escape: bool,
        allow_harmful_protocols: bool = True,
        attachments: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        super().__init__(escape, allow_harmful_protocols)
        self.attachments, self.tables = attachments or {}, 0

    def block_math(self, body: str) -> str:
        """Return a displayed formula, on a line of its own."""
        return mathml(body, "block")

    def inline_math(self, body: str) -> str:
        """Return a formula within its sentence."""
        return mathml(body, "inline")

    def block_code(self, code: str, info: str | None = None) -> str:
        """Return a block of code, highlighted where its language is named and known."""
        try:
            lexer = get_lexer_by_name((info or "").split()[0])
        except (IndexError, ClassNotFound):
            return super().block_code(code, info)
        return highlight(code, lexer, HtmlFormatter())

    def heading(self, text: str, level: int, **attrs: object) -> str:
        """Return a heading one level lower: the notebook's title stands below the page's."""
        if level == 1:
            return f'<h2 class="notebook-title">{text}</h2>\n'
        return f"<h{level}>{text}</h{level}>\n"

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """Return a picture; one that is attached to its cell stands in the page."""
        is_attached = url.startswith(_ATTACHED)
        if is_attached and (attached := self.attachments.get(url.removeprefix(_ATTACHED))):
            kind = next((kind for kind in _PICTURES if kind in attached), next(iter(attached)))
            url = f"data:{kind};base64,{attached[kind]}"
        return super().image(text, url, title)

    def table(self, text: str) -> str:
        """Return a table inside a frame that scrolls and that the keyboard can reach."""
        self.tables += 1
        return framed(f"<table>\n{text}</table>", f"表{self.tables}") + "\n"


class DataRenderer(ProseRenderer):
    """Markdown that may carry data: a picture that it names is not fetched, its words stay."""

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """Show the words of the picture."""
        return html.escape(text)


class _Blocks(BlockParser):
    """Parts of a text: a displayed formula is a paragraph of its own, whatever stands in it."""

    SPECIFICATION = BlockParser.SPECIFICATION | {
        "formula": _all_lines("|".join(_DISPLAYED)),
        # Notebooks show a heading also where no space stands behind its marks.
        "atx_heading": r"^ {0,3}(?P<atx_1>#{1,6})(?!#+)(?P<atx_2>[ \t]*(.*?)?)$",
    }
    DEFAULT_RULES = ("formula", *BlockParser.DEFAULT_RULES)

    def parse_formula(self, match: re.Match[str], state: BlockState) -> int:
        """Leave a formula to what reads sentences."""
        state.add_paragraph(match[0])
        return match.end()


class _Sentences(InlineParser):
    """Sentences with formulas, which are read before anything else."""

    SPECIFICATION = InlineParser.SPECIFICATION | {
        "displayed": _all_lines("|".join(_DISPLAYED)),
        "within": _all_lines("|".join(_WITHIN)),
    }
    DEFAULT_RULES = ("displayed", "within", *InlineParser.DEFAULT_RULES)

    def parse_displayed(self, match: re.Match[str], state: InlineState) -> int:
        """Read a formula that stands on a line of its own."""
        return _formula("block_math", match, state)

    def parse_within(self, match: re.Match[str], state: InlineState) -> int:
        """Read a formula that stands within its sentence."""
        return _formula("inline_math", match, state)


def _formula(kind: str, match: re.Match[str], state: InlineState) -> int:
    text = match[0]
    marks = next((len(mark) for mark in _MARKS[kind] if text.startswith(mark)), 0)
    state.append_token({"type": kind, "raw": text[marks : len(text) - marks]})
    return match.end()


def rendered(renderer: ProseRenderer, source: str) -> str:
    """Return Markdown as a renderer writes it."""
    plugins = map(import_plugin, PLUGINS)
    return str(Markdown(renderer, _Blocks(), _Sentences(), plugins)(source))


def highlighted(source: str) -> str:
    """Return Python code, highlighted."""
    return highlight(source or " ", PythonLexer(), HtmlFormatter(cssclass=" highlight hl-python3"))
