"""Pieces of a page: prose with mathematics, figures with a text alternative, tables that scroll."""

import html
import re
from collections.abc import Mapping
from xml.etree import ElementTree

from bs4 import BeautifulSoup, Tag
from latex2mathml.converter import Converter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from dudao_pipeline.publish import pictures

SVG = "image/svg+xml"
SVG_NAMESPACE = "{http://www.w3.org/2000/svg}"
NO_DESCRIPTION = "图（未提供文字说明）"


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


class DataRenderer(ProseRenderer):
    """Markdown that may carry data: a picture that it names is not fetched, its words stay."""

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """Show the words of the picture."""
        return html.escape(text)


def prose(source: str, attachments: Mapping[str, dict[str, str]] | None = None) -> str:
    """Convert a markdown cell, which is ours: its HTML is trusted."""
    renderer = ProseRenderer(escape=False, attachments=dict(attachments or {}))
    return wrap_tables(MarkdownWithMath(renderer=renderer).render(source))


def markdown_output(source: str) -> str:
    """Markdown that code printed may carry data: HTML in it is escaped."""
    renderer = DataRenderer(escape=True, allow_harmful_protocols=False)
    return wrap_tables(MarkdownWithMath(renderer=renderer).render(source))


def html_output(fragment: str) -> str:
    """HTML that the library wrote: what may scroll can be reached by the keyboard."""
    return wrap_tables(fragment.replace(FORMULA, f'{FORMULA[:-1]} {REGION} aria-label="公式">'))


def wrap_tables(fragment: str) -> str:
    """Every table scrolls inside a wrapper that the keyboard can reach, named by its caption."""
    if "<table" not in fragment:
        return fragment
    if (own := OWN_TABLE.match(fragment)) and fragment.count("<table") == 1:
        return f'<div class="table-wrap" {REGION} aria-label="{own["caption"]}">{fragment}</div>'
    soup = BeautifulSoup(fragment, "html.parser")
    for number, table in enumerate(soup.find_all("table")):
        if table.find_parent("table"):
            continue
        wrapper = table.find_parent(class_="table-wrap")
        if wrapper is None:
            wrapper = table.wrap(soup.new_tag("div", attrs={"class": "table-wrap"}))
        caption = table.find("caption")
        name = caption.get_text(" ", strip=True) if caption else f"表{number + 1}"
        wrapper.attrs |= {"tabindex": "0", "role": "region", "aria-label": name}
        _align_heads(table)
    return str(soup)


# How `show.tables` begins a table: escaped throughout, its heads aligned; parsing adds nothing.
OWN_TABLE = re.compile(r'<table class="dudao"><caption>(?P<caption>[^<]*)</caption>')
FORMULA = '<pre class="formula">'
REGION = 'tabindex="0" role="region"'


def _align_heads(table: Tag) -> None:
    """Set the head of a column of numbers above them, on the right."""
    heads, first = table.select("thead th"), table.select_one("tbody tr")
    cells = first.find_all(["th", "td"]) if first else []
    if len(heads) != len(cells):
        return
    for head, cell in zip(heads, cells, strict=True):
        if "num" in cell.get("class", ()):
            head["class"] = sorted({*head.get("class", ()), "num"})


def figure(output: Mapping, mime: str) -> str:
    """Give a picture a text alternative, and ids that clash with no other's."""
    data, alt = output["data"][mime], figure_alt(output, mime) or NO_DESCRIPTION
    if mime == SVG:
        shown = pictures.drawn(data, alt)
    else:
        address = f"data:{mime};base64,{''.join(data.split())}"
        shown = f'<img src="{address}" alt="{html.escape(alt)}">'
    return f'<figure class="figure" tabindex="0" role="region" aria-label="图">{shown}</figure>'


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
