"""What a page must not contain and a notebook must, before either is published."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from lxml import etree

from dudao.base.mime import RESULTS
from dudao_pipeline.intake.personal_data import traces
from dudao_pipeline.publish.pages.arrangement import Cell
from dudao_pipeline.publish.pages.fragments import SVG, figure_alt
from dudao_pipeline.publish.runs import Notebook, has_tag, outputs_of
from dudao_pipeline.publish.templates import own_script

LOADING = {
    "src", "srcset", "href", "xlink:href", "data", "poster", "background", "action",
    "formaction", "manifest", "ping", "lowsrc",
}  # fmt: skip
LINKS = {"a", "area"}
ACTIVE = {"script", "iframe", "object", "embed", "applet"}
TAGS = ACTIVE | {"style", "meta"}  # that are looked into whatever their attributes
CSS_REFERENCE = re.compile(
    r"""url\(\s*["']?(?P<url>[^"')]*)|@import\s+(?:url\()?\s*["']?(?P<sheet>[^"');\s]*)""",
    re.IGNORECASE,
)
Element = Any  # of lxml, which has no types
# Attributes that neither load nor run anything; most elements of a page have no other.
PLAIN = frozenset(("class", "id", "x", "y", "d", "colspan", "scope", "transform"))
SPACE = re.compile(r"[\s\x00-\x20]+")
SCRIPT = re.compile(r"(?:javascript|vbscript):", re.IGNORECASE)
ADDRESS_LENGTH = 200  # a script address begins with its scheme; a picture's data is long
MISSING_GLYPH = re.compile(r"Glyph (\d+) .*?missing from font")
LABEL_LENGTH = 24
_LETTER = re.compile(r'<use href="?#[\w-]+"?')  # of a chart: most of a page's elements are such
_PICTURE = re.compile(r'"data:[^"]*"')
MARKUP = re.compile(r"<(style|script)\b.*?</\1>|<[^>]*>", re.DOTALL)


def page_errors(html: str) -> list[str]:
    """List what a page would load, then what it would run; a page does neither.

    Links that a reader clicks are no loading. Scripts, frames, event handlers and script
    addresses run; the one script of our tables of schools, word for word, is allowed.
    """
    text = html.replace(f"<script>\n{own_script()}\n</script>", "", 1).replace("\0", " ")
    text = _LETTER.sub("<use", text)
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True)
    root = etree.HTML(text.encode("utf-8", "replace"), parser) if text.strip() else None
    every = root.iter(etree.Element) if root is not None else ()
    elements = [e for e in every if e.tag in TAGS or not PLAIN.issuperset(e.keys())]
    loads = [f"{one.tag} {what}" for one in elements for what in _loaded(one)]
    return [*loads, *(what for one in elements for what in _run(one))]


def _loaded(element: Element) -> Iterator[str]:
    """Yield where an element would load something from, and by what."""
    addresses: list[tuple[str, str]] = []
    for name, value in element.items():
        if name == "style":
            addresses += _css(value)
        elif name in LOADING and not (element.tag in LINKS and name.endswith("href")):
            addresses.append((name, value))
    if element.tag == "style":
        addresses += _css(element.text or "")
    if element.tag == "meta" and element.get("http-equiv", "").lower() == "refresh":
        addresses.append(("refresh", element.get("content", "")))
    for name, value in addresses:
        address = value.strip()
        if address and not address.lower().startswith(("data:", "#")):
            yield f"{name}: {address}"


def _css(text: str) -> list[tuple[str, str]]:
    return [("css", m["url"] or m["sheet"] or "") for m in CSS_REFERENCE.finditer(text)]


def _run(element: Element) -> Iterator[str]:
    """Yield what an element would run."""
    if element.tag in ACTIVE:
        yield element.tag
    for name, value in element.items():
        is_address = name in LOADING and SCRIPT.match(SPACE.sub("", value[:ADDRESS_LENGTH]))
        if name.startswith("on") or is_address:
            yield f"{element.tag} {name}"


def page_text(page: str) -> str:
    """Return what a reader sees of a page, and the words that replace its pictures."""
    return unescape(MARKUP.sub(" ", _PICTURE.sub('""', page)))


def words_of(page: str) -> str:
    """Return a page without its pictures: all that could name somebody, alternatives included."""
    return unescape(_PICTURE.sub('""', page))


def personal_data(page: str) -> list[str]:
    """List identity numbers, mobile numbers and persons named after a label, each shortened."""
    return list(dict.fromkeys(trace.short for trace in traces(page_text(page))))


def notebook_errors(notebook: Notebook) -> list[str]:
    """Say in Chinese which cell keeps an appendix from being complete, and what to do next."""
    errors = [
        f"第{number}个单元格（{_first_line(cell)}）{message}"
        for number, cell in enumerate(notebook["cells"], 1)
        if cell["cell_type"] == "code"
        for message in _cell_errors(cell)
    ]
    if not any(RESULTS in output.get("data", {}) for output in outputs_of(notebook["cells"])):
        errors.append(_no_results(notebook))
    return errors


def _no_results(notebook: Notebook) -> str:
    for number, cell in enumerate(notebook["cells"], 1):
        if has_tag(cell, "results"):
            return (
                f"第{number}个单元格（{_first_line(cell)}）没有输出判定结果。请重新运行整个笔记本。"
            )
    return (
        f"全部{len(notebook['cells'])}个单元格中没有带 results 标签的单元格，因而没有判定结果。"
        "请在“判定”一章恢复该单元格，再重新运行整个笔记本。"
    )


def _cell_errors(cell: Cell) -> Iterator[str]:
    if cell["source"].strip() and cell["execution_count"] is None:
        yield "没有运行。请从头到尾重新运行整个笔记本并保存。"
    for output in cell["outputs"]:
        kind = output["output_type"]
        if kind == "error":
            error = f"{output['ename']}：{output['evalue']}"
            yield f"运行出错：{error}。请按提示改正数据或参数后重新运行。"
        elif kind == "stream" and output["name"] == "stderr":
            yield _warned(output["text"])
        elif SVG in output.get("data", {}) and not figure_alt(output, SVG):
            yield "的图没有文字说明。请用图表函数的说明参数补上后重新运行。"


def _warned(text: str) -> str:
    absent = dict.fromkeys(chr(int(code)) for code in MISSING_GLYPH.findall(text))
    if not absent:
        return f"输出了警告：{_brief(text)}。请消除警告的原因后重新运行。"
    named = "、".join(f"“{letter}”（U+{ord(letter):04X}）" for letter in absent)
    return f"的图里有字体没有的字：{named}。请核对该字，或在名称中换用通行写法后重新导入并运行。"


def _first_line(cell: Cell) -> str:
    return _brief(cell["source"]) or "空"


def _brief(text: str) -> str:
    first = text.strip().partition("\n")[0].strip()
    return first if len(first) <= LABEL_LENGTH else first[:LABEL_LENGTH] + "…"
