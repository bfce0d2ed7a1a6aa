"""Pieces of a page: prose, code, figures with a text alternative."""

import html
import re
from collections.abc import Mapping
from functools import lru_cache
from xml.etree import ElementTree

from dudao_pipeline.publish.pages import pictures
from dudao_pipeline.publish.pages.markdown import (
    DataRenderer,
    ProseRenderer,
    framed,
    highlighted,
    rendered,
)
from dudao_pipeline.publish.pages.page_tables import REGION

SVG = "image/svg+xml"
SVG_NAMESPACE = "{http://www.w3.org/2000/svg}"
NO_DESCRIPTION = "图（未提供文字说明）"
SOURCES = 2048  # cells of all notebooks: the same in every county, so each is set once
FORMULA = '<pre class="formula">'
_IMPLIED = re.compile(r"</t(?:d|h|r)>\n?(?=\s*<)")
_PLAIN_CODE = re.compile(r'<span class="(?:n|w|p|o)">([^<]*)</span>')
_EMPTY_LINES = re.compile(r"\n(?:[ \t]*\n)+(?=[ \t]*<(?!/?(?:pre|span|code)))")


def prose(source: str, attachments: Mapping[str, dict[str, str]] | None = None) -> str:
    """Convert a markdown cell, which is ours: its HTML is trusted."""
    if not attachments:
        return _prose(source)
    return _short(rendered(ProseRenderer(escape=False, attachments=attachments), source))


@lru_cache(SOURCES)
def _prose(source: str) -> str:
    return _short(rendered(ProseRenderer(escape=False), source))


def markdown_output(source: str) -> str:
    """Markdown that code printed may carry data: HTML in it is escaped."""
    return _short(rendered(DataRenderer(escape=True, allow_harmful_protocols=False), source))


def _short(text: str) -> str:
    """Leave out what HTML implies."""
    text = _IMPLIED.sub("", _PLAIN_CODE.sub(r"\1", text))
    return _EMPTY_LINES.sub("\n", text.replace("<br/>", "<br>")).strip("\n")


@lru_cache(SOURCES)
def code(source: str) -> str:
    """Return highlighted code; what is plain has no mark."""
    return _short(highlighted(source))


def html_output(fragment: str) -> str:
    """HTML that no table stands for: what may scroll can be reached by the keyboard."""
    text = fragment.replace(FORMULA, f'{FORMULA[:-1]} {REGION} aria-label="公式">')
    return _short(framed(text, "表") if "<table" in text else text)


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
