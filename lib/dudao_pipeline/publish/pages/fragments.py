"""Pieces of a page: prose with mathematics, code, figures with a text alternative."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from functools import lru_cache
from xml.etree import ElementTree

from latex2mathml.converter import Converter
from nbconvert.filters import Highlight2HTML
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from dudao_pipeline.publish.pages import pictures
from dudao_pipeline.publish.pages.page_tables import REGION

SVG = "image/svg+xml"
SVG_NAMESPACE = "{http://www.w3.org/2000/svg}"
NO_DESCRIPTION = "图（未提供文字说明）"
SOURCES = 2048  # cells of all notebooks: the same in every county, so each is set once
FORMULA = '<pre class="formula">'
_IMPLIED = re.compile(r"</t(?:d|h|r)>\n?(?=\s*<)")
_PLAIN_CODE = re.compile(r'<span class="(?:n|w|p|o)">([^<]*)</span>')
_EMPTY_LINES = re.compile(r"\n(?:[ \t]*\n)+(?=[ \t]*<(?!/?(?:pre|span|code)))")


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


class ProseRenderer(IPythonRenderer):
    """Prose of a notebook: mathematics as MathML; the page alone has a level-one heading."""

    tables = 0

    def block_math(self, body: str) -> str:
        """Return a displayed formula, on a line of its own."""
        return mathml(body, "block")

    def inline_math(self, body: str) -> str:
        """Return a formula within its sentence."""
        return mathml(body, "inline")

    def latex_environment(self, name: str, body: str) -> str:
        """Return a LaTeX environment as a displayed formula."""
        return mathml(f"\\begin{{{name}}}{body}\\end{{{name}}}", "block")

    def heading(self, text: str, level: int, **attrs: object) -> str:
        """Return a heading one level lower: the notebook's title stands below the page's."""
        if level == 1:
            return f'<h2 class="notebook-title">{text}</h2>\n'
        return f"<h{level}>{text}</h{level}>\n"

    def table(self, text: str) -> str:
        """Return a table inside a frame that scrolls and that the keyboard can reach."""
        self.tables += 1
        return _framed(f"<table>\n{text}</table>", f"表{self.tables}") + "\n"


class DataRenderer(ProseRenderer):
    """Markdown that may carry data: a picture that it names is not fetched, its words stay."""

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """Show the words of the picture."""
        return html.escape(text)


def prose(source: str, attachments: Mapping[str, dict[str, str]] | None = None) -> str:
    """Convert a markdown cell, which is ours: its HTML is trusted."""
    return (
        _rendered(ProseRenderer(escape=False, attachments=dict(attachments)), source)
        if (attachments)
        else _prose(source)
    )


@lru_cache(SOURCES)
def _prose(source: str) -> str:
    return _rendered(ProseRenderer(escape=False), source)


def markdown_output(source: str) -> str:
    """Markdown that code printed may carry data: HTML in it is escaped."""
    return _rendered(DataRenderer(escape=True, allow_harmful_protocols=False), source)


def _rendered(renderer: ProseRenderer, source: str) -> str:
    text = MarkdownWithMath(renderer=renderer).render(source)
    return _short(text).strip("\n")


def _short(text: str) -> str:
    """Leave out what HTML implies."""
    text = _IMPLIED.sub("", _PLAIN_CODE.sub(r"\1", text))
    return _EMPTY_LINES.sub("\n", text.replace("<br/>", "<br>"))


@lru_cache(SOURCES)
def code(source: str) -> str:
    """Return highlighted code; what is plain has no mark."""
    return _short(Highlight2HTML(pygments_lexer="python3")(source)).strip("\n")


def html_output(fragment: str) -> str:
    """HTML that no table stands for: what may scroll can be reached by the keyboard."""
    text = fragment.replace(FORMULA, f'{FORMULA[:-1]} {REGION} aria-label="公式">')
    return _short(_framed(text, "表") if "<table" in text else text).strip("\n")


def _framed(table: str, name: str) -> str:
    return f'<div class="table-wrap" {REGION} aria-label="{name}">{table}</div>'


def figure(output: Mapping, mime: str) -> tuple[str, str]:
    """Return a picture, a chart of ours not yet numbered, and the words that replace it."""
    data, alt = output["data"][mime], figure_alt(output, mime) or NO_DESCRIPTION
    if mime == SVG:
        return pictures.drawn(data, alt), alt
    address = f"data:{mime};base64,{''.join(data.split())}"
    return f'<img src="{address}" alt="{html.escape(alt)}">', alt


def figure_alt(output: Mapping, mime: str) -> str:
    """Return the words that replace a picture: the output's metadata, else its own title."""
    metadata = output.get("metadata", {})
    stated = metadata.get(mime, {}).get("alt") or metadata.get("alt")
    if stated or mime != SVG:
        return stated or ""
    try:
        root = ElementTree.fromstring(output["data"][mime])
    except ElementTree.ParseError:
        return ""
    parts = (root.findtext(SVG_NAMESPACE + tag, "").strip() for tag in ("title", "desc"))
    return "。".join(part for part in parts if part)
