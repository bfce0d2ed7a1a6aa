"""Tables leave a notebook as data, as docs/table-schema.json says, and the HTML is made of it."""

import json
import re
from html import unescape
from pathlib import Path

import jsonschema
import pytest

from dudao.base.mime import TABLES as MIME
from dudao.law.topics import notebooks
from dudao.show.tables import Cited, Link, Marked, Room, bundle, table, to_html

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "docs/table-schema.json").read_text(encoding="utf-8"))
CHECKER = jsonschema.Draft202012Validator(SCHEMA)


def _outputs(name: str):
    for cell in json.loads((ROOT / f"notebooks/{name}.ipynb").read_text(encoding="utf-8"))["cells"]:
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            if "<table" in "".join(data.get("text/html", "")) or MIME in data:
                yield data


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", notebooks())
def test_every_table_of_a_notebook_is_data_as_declared_and_the_html_is_made_of_it(name):
    found = list(_outputs(name))
    assert found
    for data in found:
        assert not [fault.message[:200] for fault in CHECKER.iter_errors(data[MIME])]
        html = "\n".join(map(to_html, data[MIME]["tables"]))
        assert "".join(data["text/html"]) == html


def test_every_kind_of_cell_is_data():
    cells = (
        "1",
        Marked("达标", "met", ("第二行", "")),
        Link("甲", "https://a.cn/x"),
        Link("乙", "javascript:alert(1)"),
        Cited("《某法》", "", "前", "后"),
        ("一", "", Link("丙", "http://b.cn")),
        Room(),
    )
    columns = ("数值", "结果", "链", "假链", "依据", "几行", "空")
    made = table("表", columns, [cells], numbers=["数值"], anchors=["row-1"])
    record = made.record
    assert not list(CHECKER.iter_errors({"tables": [record]}))
    assert record["columns"][0] == {"label": "数值", "kind": "number"}
    assert record["rows"] == [
        [
            "1",
            {"text": "达标", "mark": "met", "lines": ["第二行"]},
            {"text": "甲", "href": "https://a.cn/x"},
            "乙",
            {"text": "《某法》", "before": "前", "after": "后", "cited": True},
            ["一", {"text": "丙", "href": "http://b.cn"}],
            {"room": True},
        ]
    ]
    words = unescape(re.sub(r"<[^>]+>", "|", bundle([made], "")["text/html"]))
    for word in ("表", "数值", "达标", "第二行", "前", "《某法》", "后", "乙", "丙"):
        assert f"|{word}" in words


def test_a_table_says_which_rows_are_schools_and_which_are_totals():
    record = table("各校", ("学校", "教师"), [("虚构一小", "3"), ("小学合计", "3")]).record
    assert record["columns"] == [{"label": "学校", "kind": "school"}, {"label": "教师"}]
    assert record["totals"] == [1]


def test_a_row_of_another_width_is_refused():
    with pytest.raises(ValueError, match="2 cells, 1 columns"):
        bundle([table("表", ("甲",), [("1", "2")])], "")
