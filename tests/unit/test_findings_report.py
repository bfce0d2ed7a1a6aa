"""Findings for the person who fills the workbook: page, list and marked copy."""

from __future__ import annotations

import time

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment

from dudao.base.errors import FactsError
from dudao_pipeline.intake.findings import ERROR, NOTICE, WARNING, Finding
from dudao_pipeline.publish import findings_report as report
from dudao_pipeline.publish.checklist import page_errors
from tests.cases.odd_workbooks import VARIANTS

FILE = "990002-2024.xlsx"
FINDINGS = [
    Finding("Q01", NOTICE, FILE, "县级指标", "", "缺3项。", "请补填。", "只能待定。"),
    Finding("R01", ERROR, FILE, "学校", "G12", "-5人，是负数。", "请更正。", "合计失真。"),
    Finding("J01", WARNING, FILE, "县级指标", "F10", "=1+1增60%。", "请核对。", "须有依据。"),
    Finding("R02", ERROR, FILE, "县级指标", "F10", "<b>1.5</b>人。", "请填整数。", "只能是整数。"),
    Finding("R02", ERROR, FILE, "县级指标", "F9", "2.5人。", "请填整数。", "只能是整数。"),
]


@pytest.fixture
def source(tmp_path):
    workbook = Workbook()
    county, schools = workbook.active, workbook.create_sheet("学校")
    county.title = " 县级指标"
    county["A1"] = "县级指标"
    county.merge_cells("A1:H1")
    county["F10"], county["B10"] = 1.5, '=HYPERLINK("http://a.cn","看")'
    county["B11"], county["B11"].data_type = "=SUM(1)", "s"
    county["F10"].comment = Comment("只填数字", "dudao")
    schools["G4"], schools["G12"] = '=IF(COUNT(G5:G1000)=0,"",SUM(G5:G1000))', -5
    schools["B5"] = "=cmd|' /C calc'!A0"
    path = tmp_path / FILE
    workbook.save(path)
    return path


def test_the_page_lists_errors_first_in_the_order_of_the_sheets_and_escapes():
    html = report.to_html(FINDINGS, FILE)
    assert "&lt;b&gt;1.5" in html and "<b>" not in html
    places = ["2.5人", "&gt;1.5", "-5人", "增60%", "缺3项"]
    assert sorted(places, key=html.index) == places
    assert "共有3处错误，文件未入库" in html
    assert page_errors(html) == []
    assert html == report.to_html(reversed(FINDINGS), FILE)


def test_the_page_of_a_clean_file_says_so():
    assert "没有发现问题，文件可以入库" in report.to_html([], FILE)
    assert "没有错误，文件可以入库" in report.to_html(FINDINGS[:1], FILE)


def test_the_list_holds_every_finding_and_no_formula(tmp_path):
    sheet = load_workbook(report.to_xlsx(FINDINGS, tmp_path / "检查.xlsx")).active
    lines = list(sheet.iter_rows(values_only=True))
    assert [line[:4] for line in lines[1:3]] == [
        ("错误", "R02", "县级指标", "F9"),
        ("错误", "R02", "县级指标", "F10"),
    ]
    assert len(lines) == len(FINDINGS) + 1
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    risky = next(row[4] for row in sheet.iter_rows() if str(row[4].value).startswith("=1+1"))
    assert risky.quotePrefix


def test_the_marked_copy_shows_the_worst_colour_and_all_that_was_found(source, tmp_path):
    copy = load_workbook(report.marked_copy(source, FINDINGS, tmp_path / "标注.xlsx"))
    cell = copy[" 县级指标"]["F10"]
    assert cell.value == 1.5 and cell.fill.start_color.rgb.endswith(report.FILLS[ERROR])
    told = cell.comment.text
    assert told.index("R02") < told.index("J01") < told.index("只填数字")
    assert "请填整数。" in told
    assert copy["学校"]["G12"].fill.start_color.rgb.endswith(report.FILLS[ERROR])
    assert "缺3项" in copy[" 县级指标"]["A1"].comment.text


def test_the_marked_copy_keeps_totals_and_runs_nothing_else(source, tmp_path):
    copy = load_workbook(report.marked_copy(source, FINDINGS, tmp_path / "标注.xlsx"))
    assert copy["学校"]["G4"].data_type == "f"
    county, schools = copy[" 县级指标"], copy["学校"]
    for cell in (county["B10"], county["B11"], schools["B5"]):
        assert (cell.data_type, cell.quotePrefix) == ("s", True)


def test_a_finding_inside_merged_cells_or_an_unknown_sheet_marks_what_it_can(source, tmp_path):
    found = [
        Finding("S02", ERROR, FILE, "县级指标", "C1", "缺少列。", "请恢复。"),
        Finding("S01", ERROR, FILE, "幼儿园", "", "缺少工作表。", "请补上。"),
    ]
    copy = load_workbook(report.marked_copy(source, found, tmp_path / "标注.xlsx"))
    assert "缺少列" in copy[" 县级指标"]["A1"].comment.text


def test_the_source_is_never_touched(source, tmp_path):
    before = source.read_bytes()
    report.marked_copy(source, FINDINGS, tmp_path / "标注.xlsx")
    with pytest.raises(FactsError, match="另取文件名"):
        report.marked_copy(source, FINDINGS, tmp_path / "x" / ".." / FILE)
    assert source.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == [FILE, "标注.xlsx"]


def test_the_same_findings_give_the_same_bytes(source, tmp_path):
    first = [
        report.to_xlsx(FINDINGS, tmp_path / "a.xlsx").read_bytes(),
        report.marked_copy(source, FINDINGS, tmp_path / "b.xlsx").read_bytes(),
    ]
    time.sleep(2.1)  # a zip counts in steps of two seconds
    again = [
        report.to_xlsx(FINDINGS[::-1], tmp_path / "c.xlsx").read_bytes(),
        report.marked_copy(source, FINDINGS[::-1], tmp_path / "d.xlsx").read_bytes(),
    ]
    assert first == again


@pytest.mark.parametrize("name", ["an empty fill", "a family that is none"])
def test_a_workbook_that_cannot_be_written_again_is_said_so(tmp_path, name):
    source = tmp_path / "报送表.xlsx"
    source.write_bytes(next(v for v in VARIANTS if v.name == name).make())
    with pytest.raises(FactsError, match="没有另存标注的副本"):
        report.marked_copy(source, FINDINGS, tmp_path / "已标注.xlsx")
    assert not (tmp_path / "已标注.xlsx").exists()
