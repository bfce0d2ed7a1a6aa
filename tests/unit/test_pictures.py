"""Charts in a page: short, each letter once, complete again when they stand alone."""

import re
from xml.etree import ElementTree

import matplotlib.pyplot as plt
import pytest

from dudao.show import charts
from dudao.show.font import family
from dudao_pipeline.publish.pages.pictures import Letters, drawn, outline, standing_alone

SVG = "{http://www.w3.org/2000/svg}"


def chart(title: str) -> str:
    import io

    with plt.rc_context({"font.family": family(), "svg.hashsalt": "dudao"}):
        figure, axes = plt.subplots(figsize=(4, 3))
        axes.plot([1, 2, 3], [3, 1, 2], marker="s")
        axes.set_title(title)
        stream = io.StringIO()
        figure.savefig(stream, format="svg")
        plt.close(figure)
    return stream.getvalue()


def page_of(*charts: str) -> str:
    letters = Letters()
    shown = "".join(map(letters.numbered, charts))
    return letters.table() + shown


def test_letters_of_two_charts_stand_once_and_no_name_stands_twice():
    first, second = chart("学校达标"), chart("学校达标情况")
    page = page_of(drawn(first, "甲"), drawn(second, "乙"))
    ids = re.findall(r' id="?([\w-]+)', page)
    assert len(ids) == len(set(ids))
    used = re.findall(r'(?:href=|url\()"?#([\w-]+)', page)
    assert used and set(used) <= set(ids)
    assert len(page) < 0.45 * (len(first) + len(second))
    assert page.count("<defs>") < 12 and "NotoSans" not in page


def test_a_chart_that_stands_alone_is_a_complete_picture():
    text = chart("学校达标")
    shown = ElementTree.fromstring(standing_alone(drawn(text, "甲“乙”<丙>")))
    before = ElementTree.fromstring(text)
    assert shown.get("aria-label") == "甲“乙”<丙>"
    for tree in (shown, before):
        named = {node.get("id") for node in tree.iter()}
        used = [
            node.get("href") or node.get("{http://www.w3.org/1999/xlink}href")
            for node in tree.iter(f"{SVG}use")
        ]
        assert {one.lstrip("#") for one in used} <= named
    assert len(list(shown.iter(f"{SVG}use"))) == len(list(before.iter(f"{SVG}use")))


def test_panels_that_share_a_mark_keep_it():
    with charts.drawing(2, 1, 2) as panels:
        for panel in panels:
            panel.set_across(0, 4)
            panel.set_up(0, 4)
            marks = {"linestyle": "none", "markeredgewidth": 0}
            panel.line([1, 2, 3], [1, 2, 3], "#9cc6e6", marker="s", **marks)
            panel.line([1, 2, 3], [3, 1, 2], "#d2774f", marker="o", **marks)
        page = page_of(drawn(charts.render(panels[0].sheet, "两栏").svg, "两栏"))
    used = re.findall(r'(?:href=|url\()"?#([\w-]+)', page)
    assert set(used) <= set(re.findall(r' id="?([\w-]+)', page))


@pytest.mark.parametrize(
    "part",
    [
        "<script>1</script>",
        '<g onload="x()"/>',
        '<image href="http://a/b"/>',
        '<a href="#x"/>',
        '<g style="fill:url(http://a/b)"/>',
        "<foreignObject/>",
    ],
)
def test_what_is_no_chart_of_ours_stays_a_closed_image(part):
    svg = f'<svg viewBox="0 0 1 1" xmlns="http://www.w3.org/2000/svg">{part}</svg>'
    assert drawn(svg, "图").startswith("<img ")


def test_an_outline_is_told_as_ways_from_point_to_point():
    square = "M 100 200 L 300 200 L 300 400 C 300 500 200 600 100 400 z"
    assert outline(square) == "m2 4h4v4c0 2-2 4-4 0z"
    assert outline("") == ""
