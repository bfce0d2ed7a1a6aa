"""A page shows the verdicts before the working, and loses nothing of the notebook."""

import re
from collections import Counter

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output, new_raw_cell

from dudao.base.mime import TABLES as MIME
from dudao.show.tables import bundle, table
from dudao_pipeline.publish.pages.arrangement import Fold, arranged
from dudao_pipeline.publish.pages.page import PageInfo, notebook_to_html
from dudao_pipeline.publish.pages.pictures import MARK
from tests.house_style.source import notebook_paths

NUMBER = re.compile(r"\d+(?:\.\d+)?")
INFO = {
    "title": "标题",
    "county_name": "虚构县",
    "county": "990102",
    "year": 2024,
    "notebook": "03 基础教育",
    "framework_title": "方案",
    "data_version": "第1版",
}


def _table(text, tags=()):
    output = new_output("display_data", data=bundle([table(text, ("名",), [(text,)])], text))
    return new_code_cell("show()", outputs=[output], metadata={"tags": list(tags)})


def _picture():
    return new_code_cell("draw()", outputs=[new_output("display_data", data={"image/png": "x"})])


def _book():
    return [
        new_markdown_cell("问题：什么？"),
        new_markdown_cell("参数：改下面三行即可。"),
        new_code_cell("county = 1", metadata={"tags": ["parameters"]}),
        new_markdown_cell("## 0 准备"),
        _table("本县"),
        new_markdown_cell("## 2 数据\n\n支出。"),
        _table("支出表"),
        new_markdown_cell("## 5 判定\n\n逐项。"),
        _table("判定表"),
        new_markdown_cell("各校。", metadata={"tags": ["folded"]}),
        _table("各校表", ["folded"]),
        new_markdown_cell("## 6 图\n\n图中的数字都在上文表格里。\n\n趋势。"),
        _picture(),
        new_markdown_cell("## 8 运行记录"),
        _table("版本"),
    ]


def _order(blocks):
    """Return what stands in each place: a fold in brackets, the text of a table, a picture."""
    shown = []
    for block in blocks:
        if isinstance(block, Fold):
            shown += ["(", *_order(block.cells), ")"]
            continue
        for output in block.get("outputs", ()):
            tables = output["data"].get(MIME, {}).get("tables", ())
            shown += [one["caption"] for one in tables] or ["图"]
    return shown


def _cells(blocks):
    for block in blocks:
        yield from block.cells if isinstance(block, Fold) else [block]


def test_picture_and_verdicts_come_first_and_the_working_is_folded():
    assert _order(arranged(_book())) == [
        *("图", "判定表", "(", "各校表", ")"),
        *("(", "支出表", ")", "(", "本县", "版本", ")"),
    ]


def test_parameters_are_left_out_with_the_sentence_that_announces_them():
    text = "".join(cell["source"] for cell in _cells(arranged(_book())))
    assert "county = 1" not in text
    assert "参数：" not in text


def test_a_chapter_with_an_error_is_not_folded():
    cells = _book()
    cells[6].outputs = [new_output("error", ename="错", evalue="缺数", traceback=[])]
    titles = [block.title for block in arranged(cells) if isinstance(block, Fold)]
    assert "数据" not in titles and "## 数据" in [
        cell["source"] for cell in _cells(arranged(cells))
    ]


def test_markup_of_a_notebook_never_reaches_a_page():
    foreign = new_raw_cell("<script>1</script>")
    assert foreign not in list(_cells(arranged([foreign, *_book()])))
    assert foreign not in arranged([foreign])


def test_a_notebook_of_other_chapters_keeps_its_order():
    cells = [new_markdown_cell("## 甲"), _table("1"), new_markdown_cell("## 乙"), _table("2")]
    assert arranged(cells) == cells


def _numbers(html: str) -> Counter:
    return Counter(NUMBER.findall(BeautifulSoup(html, "html.parser").get_text(" ")))


@pytest.mark.parametrize("path", notebook_paths(), ids=lambda path: path.stem)
def test_every_figure_of_a_notebook_is_on_its_page(path):
    notebook = nbformat.read(path, as_version=4)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    shown = sum((_numbers(o.get("data", {}).get("text/html", "")) for o in outputs), Counter())
    page = notebook_to_html(notebook, PageInfo(**INFO))
    assert not set(shown) - set(_numbers(page))
    drawn = sum("image/svg+xml" in output.get("data", {}) for output in outputs)
    assert page.count(f"<svg {MARK} ") == drawn
