"""What a reader of a published page would miss, and what must never reach one."""

import re
import urllib.parse
from html.parser import HTMLParser
from pathlib import Path
from xml.etree.ElementTree import canonicalize

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from playwright.sync_api import sync_playwright

from dudao.base.mime import RESULTS
from dudao.show.tables import COLUMNS, Marked, Table, bundle, table
from dudao.show.words import RESULTS as RESULT_WORDS
from dudao_pipeline.publish.checklist import notebook_errors, page_errors
from dudao_pipeline.publish.pages.page import PageInfo, notebook_to_html
from dudao_pipeline.publish.templates import stylesheet

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="700" height="90"><title>各校师生比</title>'
    '<rect id="a" width="690" height="50"/><use href="#a"/></svg>'
)
NUMBERS = tuple(f"数值{n}" for n in range(12))
TABLE = table(
    "表1　判定",
    ("检查项", *NUMBERS),
    [(Marked("达标", "met"), *["12,345,678"] * 12)],
    numbers=NUMBERS,
)
TABLE_OF_TWO = table("甲乙", ("甲", "乙"), [("一", "1")], numbers=["乙"])
CHROMIUM = "/usr/bin/chromium"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


def page(**changes) -> PageInfo:
    facts = {
        "title": "教育经费保障自评",
        "county_name": "虚构县",
        "county": "990002",
        "year": 2024,
        "notebook": "02 教育经费保障",
        "framework_title": "评价方案",
        "data_version": "第2版",
        "links": (("目录", "../../index.html"),),
    }
    return PageInfo(**(facts | changes))


def shown(data: dict, **fields) -> nbformat.NotebookNode:
    return new_output("display_data", data=data, **fields)


def shown_table(one: Table) -> nbformat.NotebookNode:
    return shown(bundle([one], repr(one)))


def code(*outputs, source="case.show()", count=1, tags=()) -> nbformat.NotebookNode:
    metadata = {"tags": list(tags)}
    return new_code_cell(source, outputs=list(outputs), execution_count=count, metadata=metadata)


def book(*cells) -> nbformat.NotebookNode:
    return new_notebook(cells=list(cells))


def convert(*cells, **changes) -> str:
    return notebook_to_html(book(*cells), page(**changes))


def complete() -> nbformat.NotebookNode:
    formula = "$$CV=\\frac{S}{\\bar{X}}$$\n\n其中 $S<1$，见[原文](https://www.example.gov.cn/)。"
    return book(
        new_markdown_cell("# 02 · 教育经费保障\n\n本附件回答一个问题。"),
        code(source='county: str = "990002"', tags=["parameters"]),
        new_markdown_cell("## 依据与口径\n\n" + formula),
        code(shown({RESULTS: {"secret": "机器结果"}, **bundle([TABLE], "表")}), tags=["results"]),
        code(shown({"image/svg+xml": SVG, "text/plain": "<Figure>"})),
    )


class Elements(HTMLParser):
    """Collects the start tags of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.all: list[tuple[str, dict]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.all.append((tag, dict(attrs)))

    def named(self, tag: str) -> list[dict]:
        return [attrs for name, attrs in self.all if name == tag]


def test_page_is_one_chinese_document_that_loads_and_runs_nothing():
    html = notebook_to_html(complete(), page())
    assert html.startswith("<!DOCTYPE html>")
    assert Elements(html).named("html") == [{"lang": "zh-CN"}]
    assert page_errors(html) == []
    assert len(html) < 40_000


def test_links_to_the_law_survive():
    anchors = Elements(notebook_to_html(complete(), page())).named("a")
    assert {"href": "https://www.example.gov.cn/"} in anchors


def test_same_input_gives_the_same_bytes_and_leaves_the_notebook_alone():
    notebook = complete()
    before = nbformat.writes(notebook)
    first = notebook_to_html(notebook, page())
    assert first == notebook_to_html(notebook, page())
    assert nbformat.writes(notebook) == before


def test_svg_becomes_an_image_with_the_words_of_its_title():
    html = notebook_to_html(complete(), page())
    (image,) = Elements(html).named("img")
    assert image["alt"] == "各校师生比"
    kind, _, encoded = image["src"].partition(",")
    assert kind == "data:image/svg+xml"
    assert canonicalize(urllib.parse.unquote(encoded)) == canonicalize(SVG)
    assert "<svg" not in html


@pytest.mark.parametrize("metadata", [{"alt": '经费"图"'}, {"image/svg+xml": {"alt": '经费"图"'}}])
def test_stated_alternative_goes_before_the_title(metadata):
    html = convert(code(shown({"image/svg+xml": SVG}, metadata=metadata)))
    assert Elements(html).named("img")[0]["alt"] == '经费"图"'


def test_code_is_folded_and_highlighted_without_prompts():
    html = notebook_to_html(complete(), page())
    folds = Elements(html).named("details")
    assert len(folds) == 2
    assert all("open" not in fold for fold in folds)
    assert html.count("<summary>代码</summary>") == 2
    assert "990002&quot;" not in html and '"990002"' not in html.partition("<main>")[2]
    assert not re.search(r"(In|Out)\s*\[", html)


def test_results_for_machines_are_not_shown():
    html = convert(
        code(shown({RESULTS: {"secret": "机器结果"}, "text/plain": "Results(secret)"})),
        code(shown({RESULTS: {"secret": "机器结果"}, "text/html": "<p>给读者的表</p>"})),
    )
    assert "机器结果" not in html
    assert "Results(secret)" not in html
    assert "给读者的表" in html


def test_mathematics_becomes_mathml():
    html = notebook_to_html(complete(), page())
    assert [math["display"] for math in Elements(html).named("math")] == ["block", "inline"]
    assert "<mfrac>" in html
    assert "$" not in html.partition("<main>")[2]


def test_mathematics_cannot_carry_html():
    html = convert(new_markdown_cell(r"$\text{<img src=x>}$"))
    assert not Elements(html).named("img")


def test_a_formula_that_cannot_be_converted_is_shown():
    html = convert(new_markdown_cell(r"$x_$"))
    assert "公式无法转换" in html


def test_dollar_in_code_output_is_no_formula():
    html = convert(code(shown({"text/plain": "$1 和 $2"})))
    assert "$1 和 $2" in html


@pytest.mark.parametrize(
    "output",
    [
        shown({"text/plain": "<script>alert(1)</script>"}),
        shown({"text/markdown": "<script>alert(1)</script>"}),
        new_output("stream", name="stdout", text="<script>alert(1)</script>"),
        new_output("error", ename="ValueError", evalue="<script>alert(1)</script>", traceback=[]),
    ],
)
def test_text_that_code_printed_is_escaped(output):
    html = convert(code(output))
    assert "&lt;script&gt;alert(1)" in html
    assert page_errors(html) == []


def test_page_facts_are_escaped():
    html = convert(title="<script>", county_name="<b onclick=x>", links=(("<i>", 'a"b'),))
    assert page_errors(html) == []
    assert "&lt;b onclick=x&gt;" in html


def test_stderr_is_absent():
    html = convert(code(new_output("stream", name="stderr", text="UserWarning: /home/someone")))
    assert "UserWarning" not in html


def test_error_is_visible_without_paths_of_the_machine():
    trace = ["File /home/someone/x.py"]
    html = convert(
        code(new_output("error", ename="数据错误", evalue="缺少学生数", traceback=trace))
    )
    assert "运行出错：数据错误" in html
    assert "缺少学生数" in html
    assert "band-error" in html.partition("<main>")[0].partition("<body")[2]
    assert "/home/someone" not in html


def test_fictional_data_says_so():
    assert "虚构数据" in convert(fictional=True).partition("<body")[2]
    assert "虚构数据" not in convert(fictional=False).partition("<body")[2]


def test_head_names_county_year_scheme_and_data():
    html = convert().partition("<body")[2]
    for words in (
        "附件",
        "虚构县（990002）",
        "2024年",
        "02 教育经费保障",
        "评价方案",
        "第2版",
        "生成工具 dudao",
    ):
        assert words in html


def test_title_is_not_printed_twice_but_another_title_is_kept():
    repeated = convert(new_markdown_cell("# 02 · 教育经费保障\n\n一个问题。"))
    assert len(Elements(repeated).named("h1")) == 1
    assert repeated.partition("<main>")[2].count("教育经费保障") == 0
    assert "一个问题。" in repeated
    assert "另一标题" in convert(new_markdown_cell("# 另一标题"))


def test_page_begins_with_links_to_its_chapters():
    html = convert(new_markdown_cell("## 9 附 `x`\n\n文。"), new_markdown_cell("## 5 判定\n\n果。"))
    assert '<a href="#chapter-1">判定</a>' in html.partition("<main>")[0]
    assert '<h2 id="chapter-2">附 <code>x</code></h2>' in html
    assert "本页章节" not in convert(new_markdown_cell("没有章节"))


def test_tables_scroll_and_are_named():
    foreign = shown({"text/html": "<table><tr><td>1</td></tr></table>"})
    html = convert(
        code(shown_table(TABLE)), new_markdown_cell("|甲|乙|\n|-|-|\n|1|2|"), code(foreign)
    )
    wraps = [a for a in Elements(html).named("div") if a.get("class") == "table-wrap"]
    assert [w["tabindex"] for w in wraps] == ["0"] * 3
    assert [w.get("aria-label") for w in wraps] == [None, "表1", "表"]
    assert wraps[0]["aria-labelledby"] == Elements(html).named("caption")[0]["id"]


def test_a_table_is_made_from_its_data_and_not_from_the_html_beside_it():
    data = bundle([TABLE_OF_TWO], "表") | {"text/html": "<script>alert(1)</script>"}
    html = convert(code(shown(data)))
    assert "script" not in html.partition("<main>")[2] and "<caption id=table-1>甲乙" in html


def test_heads_of_numbers_stand_above_them():
    html = convert(code(shown_table(TABLE_OF_TWO)))
    assert [a.get("class") for a in Elements(html).named("th")] == [None, "num"]


def test_every_column_that_a_table_marks_is_named_in_the_stylesheet():
    names = [f"{mark}{at + 1} td:nth-child({at + 1})" for mark in "nw" for at in range(COLUMNS)]
    assert not [name for name in names if f".{name}" not in stylesheet()]


@pytest.mark.parametrize("result", RESULT_WORDS)
def test_sign_of_a_result_is_the_one_the_library_prints(result):
    sign = RESULT_WORDS[result][1]
    assert f'.{result.replace("_", "-")}::before{{content: "{sign}";}}' in stylesheet()


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("name", ["met", "not-met", "undecided", "plain", "reference"])
def test_result_colours_reach_aa_contrast(name):
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", stylesheet()))
    dark, light = sorted((luminance(colours[name]), luminance(colours[f"{name}-bg"])))
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_code_colours_reach_aa_contrast():
    for colour in re.findall(r"\.highlight .*\{ color: (#[0-9a-f]{6})", stylesheet()):
        assert (luminance("#f6f7f9") + 0.05) / (luminance(colour) + 0.05) >= 4.5


@pytest.mark.parametrize(
    "html",
    [
        '<script src="https://cdn.example/x.js"></script>',
        '<link rel="stylesheet" href="x.css">',
        '<img src="chart.png">',
        '<img srcset="//cdn.example/x.png 2x">',
        "<style>@import 'x.css';</style>",
        "<style>p{background:url(x.png)}</style>",
        '<p style="background:url(//cdn.example/x.png)">',
        '<svg><image xlink:href="http://cdn.example/x.png"/></svg>',
        '<iframe src="x.html"></iframe>',
        '<meta http-equiv="refresh" content="0;url=x.html">',
    ],
)
def test_checklist_finds_what_a_page_would_load(html):
    assert page_errors(html)[0].partition(" ")[0] in html


def test_checklist_allows_links_fragments_and_data():
    allowed = '<a href="https://x/">a</a><img src="data:image/png;base64,A"><use href="#a"/>'
    assert page_errors(allowed + "<style>p{background:url(data:x)}</style>") == []


@pytest.mark.parametrize(
    "html", ["<script>1</script>", "<p onclick=x>", '<a href=" java\nscript:x">', "<iframe>"]
)
def test_checklist_finds_what_a_page_would_run(html):
    assert page_errors(html)


def test_checklist_passes_a_complete_notebook():
    assert notebook_errors(complete()) == []


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        (code(count=None), "没有运行"),
        (code(new_output("error", ename="E", evalue="缺数", traceback=[])), "运行出错：E：缺数"),
        (code(new_output("stream", name="stderr", text="Warn")), "输出了警告：Warn"),
        (code(shown({"image/svg+xml": "<svg/>"})), "没有文字说明"),
    ],
)
def test_checklist_names_the_cell_and_the_next_step(cell, words):
    notebook = complete()
    notebook.cells.append(cell)
    (message,) = notebook_errors(notebook)
    assert message.startswith("第6个单元格（case.show()）")
    assert words in message
    assert "重新运行" in message


def test_checklist_wants_results():
    notebook = complete()
    notebook.cells[3].outputs = []
    (message,) = notebook_errors(notebook)
    assert message.startswith("第4个单元格")
    del notebook.cells[3]
    (message,) = notebook_errors(notebook)
    assert "没有判定结果" in message


def test_checklist_ignores_empty_cells():
    notebook = complete()
    notebook.cells.append(code(source=" ", count=None))
    assert notebook_errors(notebook) == []


@pytest.fixture(scope="module")
def browser():
    assert Path(CHROMIUM).exists(), "chromium is not installed: run tools/test_programs.sh"
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
def test_pages_open_from_disk_without_network(browser, tmp_path, width):
    (tmp_path / "page.html").write_text(notebook_to_html(complete(), page(fictional=True)))
    context = browser.new_context(offline=True, viewport={"width": width, "height": 844})
    tab, requests, console = context.new_page(), [], []
    tab.on("request", lambda request: requests.append(request.url))
    tab.on("console", lambda message: console.append(message.text))
    tab.goto((tmp_path / "page.html").as_uri())
    assert [url for url in requests if not url.startswith(("file:", "data:"))] == []
    assert console == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    assert tab.evaluate("[...document.images].every(i => i.naturalWidth > 0)")


@pytest.mark.browser
def test_code_is_shown_to_who_asks_and_stays_off_paper(browser, tmp_path):
    (tmp_path / "page.html").write_text(notebook_to_html(complete(), page()))
    tab = browser.new_page()
    tab.goto((tmp_path / "page.html").as_uri())
    folds = tab.locator("details.code")
    assert not folds.first.is_visible()
    tab.get_by_label("显示程序代码").check()
    assert folds.first.is_visible()
    folds.first.locator("summary").click()
    tab.emulate_media(media="print")
    assert [fold.is_visible() for fold in folds.all()] == [True, False]
    assert not tab.locator("nav").first.is_visible()
    assert tab.pdf(prefer_css_page_size=True).startswith(b"%PDF")


FOLDED = (
    new_markdown_cell("## 2 数据\n\n支出。"),
    code(shown_table(TABLE_OF_TWO)),
    new_markdown_cell("## 5 判定\n\n逐项。"),
    code(shown_table(TABLE), tags=["results"]),
)


@pytest.mark.browser
def test_the_working_opens_on_demand_on_screen_and_on_paper(browser, tmp_path):
    (tmp_path / "page.html").write_text(convert(*FOLDED))
    tab = browser.new_context(java_script_enabled=False).new_page()
    tab.goto((tmp_path / "page.html").as_uri())
    working = tab.get_by_text("支出。")
    assert not working.is_visible()
    tab.get_by_label("展开全部").check()
    assert working.is_visible()
    tab.emulate_media(media="print")
    assert working.is_visible()
    assert not tab.get_by_text("没有印出").is_visible()
