"""The public edition as its readers get it: no small school, nothing that would tell one."""

import math
import re
from pathlib import Path

import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from openpyxl import load_workbook
from tools import example

from dudao.show.tables import Link, Marked, table
from dudao_pipeline.publish.pages.page_tables import PageTables
from dudao_pipeline.publish.public.hidden import Hidden, hidden_schools
from dudao_pipeline.publish.public.redaction import (
    public_notebook,
    public_record,
    public_table,
    without_cells,
)
from tests.command_line import dudao
from tests.unit import county


def schools(*rows) -> pd.DataFrame:
    """rows: school, stage, kind, pupils."""
    return pd.DataFrame(rows, columns=["school", "stage", "kind", "pupils"])


def primary(*pupils) -> pd.DataFrame:
    return schools(*((f"P{n}", "primary", "小学", p) for n, p in enumerate(pupils, 1)))


@pytest.mark.parametrize(
    ("pupils", "hidden"),
    [
        # One alone is told by the total, one of two by whoever knows the other: three go.
        ((29, 31, 500, 600), {"P1", "P2", "P3"}),
        ((30, 31, 500, 600), set()),  # at the number a school is shown
        ((29, 28, 27, 500, 600), {"P1", "P2", "P3"}),  # 55 pupils beside the largest
        ((5, 6, 500, 600), {"P1", "P2", "P3", "P4"}),  # the 500 know that two have 11 together
        ((14, 16, 500, 600), {"P1", "P2", "P3"}),  # 30 beside the largest are enough
        ((14, 15, 500, 600), {"P1", "P2", "P3", "P4"}),
        ((math.nan, 40, 500), {"P1", "P2", "P3"}),  # not reported counts as small
        ((0, 40, 500), {"P1", "P2", "P3"}),
    ],
)
def test_small_schools_and_enough_others_are_hidden(pupils, hidden):
    assert hidden_schools(primary(*pupils), 30) == (hidden, False)


def test_a_school_is_hidden_in_all_its_stages_and_covered_in_each():
    rows = schools(
        ("C1", "primary", "九年一贯制学校", 20),
        ("C1", "junior", "九年一贯制学校", 400),
        ("P2", "primary", "小学", 90),
        ("P3", "primary", "小学", 800),
        ("P4", "primary", "小学", 900),
        ("J2", "junior", "初级中学", 300),
        ("J3", "junior", "初级中学", 700),
        ("J4", "junior", "初级中学", 800),
    )
    assert hidden_schools(rows, 30) == ({"C1", "P2", "P3", "J2", "J3"}, False)


def test_kindergartens_are_covered_by_their_own_kind():
    rows = schools(
        ("K1", "preschool", "公办", 12),
        ("K2", "preschool", "公办", 200),
        ("K4", "preschool", "公办", 250),
        ("K3", "preschool", "普惠性民办", 31),
    )
    assert hidden_schools(rows, 30) == ({"K1", "K2", "K4"}, False)
    assert hidden_schools(rows[rows["school"] != "K2"], 30) == ({"K1", "K4"}, True)


NAMES = {"学校": "学校名称", "幼儿园": "园所名称"}
SMALL = Hidden(frozenset({"虚构一小"}), frozenset({"虚构一小分校", "虚构二小"}))


def test_a_name_within_a_longer_name_stays():
    assert SMALL.without("虚构一小、虚构一小分校") == "（不列名学校）、虚构一小分校"


def test_rows_and_totals_go_and_the_table_says_so():
    rows = [("虚构一小", "3"), ("虚构一小分校", "4"), ("小学合计", "7")]
    shown = public_table(table("各校", ("学校", "教师"), rows).record, SMALL)
    assert shown["rows"] == [["虚构一小分校", "4"]] and "totals" not in shown
    assert "另有1所学校（园）不列" in shown["note"]
    assert "另有1所学校（园）不列" in PageTables().html(shown)


def test_a_name_in_any_part_of_a_table_goes():
    rows = [
        (Marked("虚构一小", "met", ("虚构一小",)), Link("虚构一小", "https://a.cn", "虚构一小"))
    ]
    shown = public_table(table("虚构一小", ("虚构一小", "乙"), rows).record, SMALL)
    assert "虚构一小" not in str(shown) and "不列名学校" in str(shown)


def test_a_table_without_hidden_schools_stays_as_it_is():
    record = table("各校", ("学校", "教师"), [("虚构二小", "3"), ("合计", "3")]).record
    assert public_table(record, SMALL) == record


def test_a_foreign_table_that_names_a_hidden_school_goes():
    html = "<table><tr><td>虚构一小</td><td>7</td></tr></table>"
    output = new_output("display_data", data={"text/html": html, "text/plain": "虚构一小 7"})
    shown = public_notebook(new_notebook(cells=[new_code_cell("x", outputs=[output])]), SMALL)
    (data,) = (output["data"] for output in shown["cells"][0]["outputs"])
    assert "虚构一小" not in str(data) and "7" not in data["text/html"]


def test_a_figure_names_its_sheet_and_not_its_cell():
    assert without_cells("支出（县级指标!F16、学校!$C$3:$C$9）") == "支出（县级指标、学校）"


def test_kinds_are_not_added_up_where_one_would_be_told():
    record = table("各类", ("办园性质", "园数"), [("公办", "1")]).record
    exposed = Hidden(frozenset({"虚构一园"}), frozenset(), exposed=True)
    assert "公办" not in str(public_table(record, exposed))
    form = {"columns": ["办园性质"], "rows": [["公办"]], "note": ""}
    assert public_record({"forms": [form]}, exposed)["forms"] == []


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    """A county of the generator with a tiny school and a tiny kindergarten, published."""
    base = tmp_path_factory.mktemp("公开")
    homes = {"DUDAO_STORE": str(base / "库"), "DUDAO_OUTPUTS": str(base / "内部")}
    for invented in example.make(1, 1, 1, 2024):
        example.write(invented, base / "数据")
    (made,) = [path for path in (base / "数据").iterdir() if path.is_dir()]
    shrunk = [_shrink(made, sheet) for sheet in ("学校", "幼儿园")]
    for arguments in (("ingest", str(made)), ("run", "--notebook", "00,03,10")):
        done = dudao(*arguments, **homes)
        assert done.returncode == 0, done.stdout + done.stderr
    done = dudao("publish", "--public", str(base / "公开版"), **homes)
    return base, homes, shrunk, done


def _shrink(made: Path, sheet: str) -> str:
    """Leave the third row of a sheet with 7 pupils; return its name."""
    lines = county.rows(made, sheet)
    at = next(n for n, name in enumerate(lines[0]) if name.startswith(("在校生", "在园幼儿")))
    name = lines[0].index(NAMES[sheet])
    lines[3][at] = "7"
    county.write(made, sheet, lines)
    return lines[3][name]


def _texts(folder: Path):
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".html", ".csv"):
            yield path, path.read_text(encoding="utf-8")
        elif path.suffix == ".xlsx":
            sheets = load_workbook(path).worksheets
            yield path, str([[c.value for c in row] for sheet in sheets for row in sheet])


def test_no_public_file_names_a_small_school(places):
    base, _, shrunk, done = places
    assert "必须改正" not in done.stderr, done.stderr
    texts = dict(_texts(base / "公开版"))
    assert {path.suffix for path in texts} == {".html", ".csv", ".xlsx"}
    for path, text in texts.items():
        assert not any(name in text for name in shrunk), path
    internal = (next((base / "内部").glob("2024/*")) / "10_schools.ipynb").read_text("utf-8")
    assert all(name in internal for name in shrunk)


def test_the_public_gets_pages_and_tables_and_nothing_internal(places):
    base = places[0]
    suffixes = {path.suffix for path in (base / "公开版").rglob("*") if path.is_file()}
    assert suffixes <= {".html", ".csv", ".xlsx", ".json"}
    cell = re.compile(r"(?:县级指标|学校|幼儿园|专项资金|报告所列数据)![A-Z]{1,3}\d")
    assert not [str(path) for path, shown in _texts(base / "公开版") if cell.search(shown)]
    (page,) = (base / "公开版").glob("2024/*/10_schools.html")
    text = page.read_text(encoding="utf-8")
    assert "公开版不列这幅图" in text and "<svg" not in text and "<img" not in text
    assert ">数据检查 <small>" in text and text.count("供内部使用，公开版不列") == 2
    assert "评审人员通常会要求" not in text
    (first,) = (base / "公开版").glob("2024/*/03_basic_education.html")
    assert '<svg class="chart"' in first.read_text(encoding="utf-8")


def test_totals_do_not_tell_the_small_school(places):
    """In every form of schools, at least three of the compared are left out, or none."""
    base, _, _, _ = places
    (public,) = (base / "公开版").glob("2024/*/10_schools.xlsx")
    (raw,) = [s for s in load_workbook(public).worksheets if s.title == "幼儿园-2"]
    shown = sum(1 for row in raw.iter_rows(min_row=5) if row[0].value)
    kinds = next(s for s in load_workbook(public).worksheets if s.title == "幼儿园-1")
    counted = sum(row[1].value for row in kinds.iter_rows(min_row=5) if row[0].value)
    assert counted - shown >= 3


def test_a_public_edition_within_the_results_is_refused(places):
    base, homes, _, _ = places
    done = dudao("publish", "--public", str(base / "内部" / "公开"), **homes)
    assert done.returncode == 1 or done.returncode == 2
    assert "互相包含" in done.stderr and "另选一个文件夹" in done.stderr
    assert not (base / "内部" / "公开").exists()


def test_a_public_draft_is_refused(places):
    base, homes, _, _ = places
    done = dudao("publish", "--draft", "--public", str(base / "别处"), **homes)
    assert done.returncode != 0 and "--draft" in done.stderr
    assert not (base / "别处").exists()


def test_an_unchanged_public_edition_is_left_alone(places):
    base, homes, _, _ = places
    done = dudao("publish", "--public", str(base / "公开版"), **homes)
    assert "发布0个县" in done.stdout
