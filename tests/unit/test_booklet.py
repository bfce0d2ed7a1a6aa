"""The appendices as one PDF: formulas, escaping, bookmarks, same bytes."""

import re
import shutil
import subprocess

import pytest
from bs4 import BeautifulSoup

from dudao.show.tables import Marked, bundle, table
from dudao_pipeline.publish.booklet.markup import (
    BookletPage,
    UnknownElementError,
    compile_booklet,
    typst_math,
)
from dudao_pipeline.publish.pages.markdown import mathml

FOUND = {
    "county_name": "虚构#县$",
    "year": 2024,
    "framework_title": "评价方案",
    "fictional": True,
}
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="70" height="9">'
    '<rect width="9" height="5"/></svg>'
)


def page(*cells) -> BookletPage:
    return BookletPage("02_funding", cells)


def prose(source: str) -> dict:
    return {"cell_type": "markdown", "source": source, "metadata": {}}


def shown(data: dict, alt: str = "") -> dict:
    output = {"output_type": "display_data", "data": data, "metadata": {"alt": alt} if alt else {}}
    return {"cell_type": "code", "source": "", "metadata": {}, "outputs": [output]}


def as_typst(latex: str) -> str:
    return typst_math(BeautifulSoup(mathml(latex, "block"), "lxml").math)


@pytest.mark.parametrize(
    ("latex", "typst"),
    [
        (r"\frac{S}{\bar{X}}", "frac(S, macron(X))"),
        (r"CV", "C V"),
        (r"\sqrt{x_i}", "sqrt(x _(i))"),
        (r"s_{本县} \times 100", 's _("本县") × 100'),
        (r"a \le b \qquad 12\%", 'a ≤ b quad quad  12 "%"'),
        (r"E_{t-1}, \sum_i^n", 'E _(t − 1) "," ∑ _(i) ^(n)'),
    ],
)
def test_formulas_are_set_not_copied(latex, typst):
    assert as_typst(latex) == typst


@pytest.mark.parametrize("latex", [r"\integral x", r"\frac{a}", r"\begin{matrix}a\end{matrix}"])
def test_a_formula_that_is_not_known_is_not_guessed(latex):
    with pytest.raises(UnknownElementError):
        as_typst(latex)


def test_same_pages_give_the_same_bytes():
    first, second = (compile_booklet([page(prose("## 依据\n\n正文"))], FOUND) for _ in range(2))
    assert first.startswith(b"%PDF") and first == second


@pytest.mark.parametrize(
    "hostile",
    [
        "#panic(1)",
        '"); #panic("x',
        "$x$ *强* _斜_ `代码` \\ [1] <标签> @引用 ~ //注",
        '#import "@preview/x:1.0.0"',
        "\u202e\u200b\x07",
        "长" * 3000,
    ],
)
def test_text_from_data_is_never_markup(hostile):
    cells = (
        shown({"text/plain": hostile}),
        shown({"text/html": hostile, "text/plain": hostile}),
        shown({"text/markdown": hostile}),
        shown(bundle([table(hostile, (hostile,), [(hostile,)])], hostile)),
    )
    assert compile_booklet([page(*cells)], FOUND).startswith(b"%PDF")


def test_the_booklet_is_accessible():
    """Levels that a page skips are closed up; typst refuses what PDF/UA-1 forbids."""
    body = prose("## 一\n\n$$CV=\\frac{S}{x}$$ 行内 $x_i$\n\n#### 跳级")
    made = compile_booklet([page(body, shown({"image/svg+xml": SVG}))], FOUND)
    assert b"pdfuaid" in made and b"/StructTreeRoot" in made


def test_tables_pictures_and_formulas_of_a_page_are_in_the_booklet(tmp_path):
    judged = table(
        "表1　判定", ("检查", "数值"), [(Marked("未达标", "not_met"), "12.5")], numbers=["数值"]
    )
    cells = (
        prose("## 依据\n\n$$CV=\\frac{S}{\\bar{X}}$$"),
        shown(bundle([judged], "表")),
        shown({"image/svg+xml": SVG}, "图"),
    )
    made = tmp_path / "a.pdf"
    made.write_bytes(compile_booklet([page(*cells)], FOUND))
    assert shutil.which("pdftotext"), "pdftotext is not installed: run tools/test_programs.sh"
    told = subprocess.run(["pdftotext", made, "-"], capture_output=True, text=True, check=True)
    text = re.sub(r"\s+", "", told.stdout)
    for words in ("02教育经费保障", "依据", "表1判定", "未达标", "12.5", "虚构#县$", "不得引用"):
        assert words in text
