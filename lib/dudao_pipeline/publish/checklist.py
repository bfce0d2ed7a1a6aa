"""What a page must not contain and a notebook must, before either is published."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from dudao_pipeline.publish.pages.arrangement import Cell
from dudao_pipeline.publish.pages.fragments import SVG, figure_alt
from dudao_pipeline.publish.runs import RESULTS, Notebook, has_tag, outputs_of
from dudao_pipeline.publish.templates import own_script

LOADING = {
    "src", "srcset", "href", "xlink:href", "data", "poster", "background", "action",
    "formaction", "manifest", "ping", "lowsrc",
}  # fmt: skip
LINKS = {"a", "area"}
ACTIVE = {"script", "iframe", "object", "embed", "applet"}
CSS_REFERENCE = re.compile(
    r"""url\(\s*["']?(?P<url>[^"')]*)|@import\s+(?:url\()?\s*["']?(?P<sheet>[^"');\s]*)""",
    re.IGNORECASE,
)
HARMLESS = {"class", "scope", "colspan", "rowspan", "tabindex", "role", "id", "lang"}
SPACE = re.compile(r"[\s\x00-\x20]+")
SCRIPT = re.compile(r"(?:javascript|vbscript):", re.IGNORECASE)
ADDRESS_LENGTH = 200  # a script address begins with its scheme; a picture's data is long
MISSING_GLYPH = re.compile(r"Glyph (\d+) .*?missing from font")
LABEL_LENGTH = 24


class _PageParser(HTMLParser):
    """Collects, in one pass, what a page would load and what it would run."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.loads: list[str] = []
        self.runs: list[str] = []
        self.in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.in_style = tag == "style"
        if tag in ACTIVE:
            self.runs.append(tag)
        for name, value in attrs:
            if name not in HARMLESS:
                self._attribute(tag, name, value or "")
        if tag == "meta":
            self._refresh(dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        self.in_style = False

    def handle_data(self, data: str) -> None:
        if self.in_style:
            self._css("style", data)

    def _attribute(self, tag: str, name: str, value: str) -> None:
        if name == "style":
            self._css(tag, value)
        elif name in LOADING and not (tag in LINKS and name.endswith("href")):
            self._keep(tag, name, value)
        is_script = name in LOADING and SCRIPT.match(SPACE.sub("", value[:ADDRESS_LENGTH]))
        if name.startswith("on") or is_script:
            self.runs.append(f"{tag} {name}")

    def _css(self, tag: str, text: str) -> None:
        for match in CSS_REFERENCE.finditer(text):
            self._keep(tag, "css", match["url"] or match["sheet"] or "")

    def _refresh(self, attrs: dict[str, str | None]) -> None:
        if (attrs.get("http-equiv") or "").lower() == "refresh":
            self._keep("meta", "refresh", attrs.get("content") or "")

    def _keep(self, tag: str, name: str, value: str) -> None:
        address = value.strip()
        if address and not address.lower().startswith(("data:", "#")):
            self.loads.append(f"{tag} {name}: {address}")


def page_errors(html: str) -> list[str]:
    """List what a page would load, then what it would run: it shall do neither.

    Links that a reader clicks are no loading. Scripts, frames, event handlers and script
    addresses run; the one script of our tables of schools, word for word, is allowed.
    """
    parser = _PageParser()
    parser.feed(html.replace(f"<script>\n{own_script()}\n</script>", "", 1))
    parser.close()
    return [*parser.loads, *parser.runs]


def notebook_errors(notebook: Notebook) -> list[str]:
    """Say in Chinese which cell keeps an appendix from being complete, and what to do next."""
    found = [
        f"第{number}个单元格（{_first_line(cell)}）{message}"
        for number, cell in enumerate(notebook["cells"], 1)
        if cell["cell_type"] == "code"
        for message in _cell_errors(cell)
    ]
    if not any(RESULTS in output.get("data", {}) for output in outputs_of(notebook["cells"])):
        found.append(_no_results(notebook))
    return found


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
