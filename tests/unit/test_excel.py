"""A filled workbook is read as it was meant, and what cannot stand is named at its cell."""

import tracemalloc
from datetime import date, datetime
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook

from dudao.facts.sheet_layout import CLAIMS, COUNTY, EVIDENCE, FUNDS, GUIDE, SCHOOLS
from dudao_pipeline.intake.excel_grid import number_text, read_workbook
from dudao_pipeline.intake.findings import ERROR, NOTICE, errors
from dudao_pipeline.intake.sheet_headers import SHEETS

YEARS = ("2022年（基准年）", "2023年（数据年）", "2024年（进展年）")
COUNTY_HEADER = ("指标代码", "指标名称", "学段", "单位", *YEARS, "备注")
SCHOOL_HEADER = SHEETS[SCHOOLS].columns
FUND_HEADER = (
    "项目",
    "资金年度",
    "中央（万元）",
    "省级（万元）",
    "县级（万元）",
    "合计（万元）",
    "备注",
)
TOP = 3  # title and hint stand above the header, as in the template


@pytest.fixture
def book():
    book = Workbook()
    book.remove(book.active)
    return book


def _add(book, title, header, *rows):
    sheet = book.create_sheet(title)
    sheet["A1"], sheet["A2"] = title.strip(), "请逐格填写"
    sheet.merge_cells("A1:H1")
    for row, line in enumerate((header, *rows), start=TOP):
        for column, value in enumerate(line, start=1):
            sheet.cell(row, column).value = value
    return sheet


def _save(book, tmp_path):
    path = tmp_path / "990001-2024.xlsx"
    book.save(path)
    return path


def _read(book, tmp_path):
    return read_workbook(_save(book, tmp_path))


def _places(findings):
    return [(finding.code, finding.sheet, finding.cell) for finding in findings]


def _item(*years, code="full_time_teachers", note=""):
    return (code, "专任教师", "小学", "人", *years, note)


def test_header_found_below_title_and_rows_keep_their_numbers(book, tmp_path):
    _add(book, COUNTY, COUNTY_HEADER, _item(1, 2, 3), (), _item(4, 5, 6))
    sheets, findings = _read(book, tmp_path)
    sheet = sheets[COUNTY]
    assert (sheet.file, sheet.name) == ("990001-2024.xlsx", COUNTY)
    assert sheet.header == SHEETS[COUNTY].required
    assert [row for row, _ in sheet.rows] == [4, 6]
    assert sheet.cell(6, "数据年") == "F6"
    assert findings == []
    assert sheet.rows[1][1]["数据年"] == "5"


def test_header_need_not_start_in_the_first_column(book, tmp_path):
    _add(book, COUNTY, ("", *COUNTY_HEADER), ("", *_item(1, 2, 3)))
    sheet = _read(book, tmp_path)[0][COUNTY]
    assert sheet.header[:2] == ("", "指标代码")
    assert sheet.cell(4, "基准年") == "F4"
    assert "" not in sheet.rows[0][1]


def test_header_of_another_width_and_with_line_breaks_is_still_found(book, tmp_path):
    header = (" 项 目", "资金年度", "中央\n(万元)", "省级(万元)", "县级（万元）", "", "备注")
    _add(book, FUNDS, header, ("生均公用经费", 2023, 1, 2, 3))
    sheets, findings = _read(book, tmp_path)
    assert errors(findings) == []
    assert sheets[FUNDS].rows[0][1]["中央（万元）"] == "1"


def test_header_beyond_the_tenth_row_is_missed_and_said_so(book, tmp_path):
    sheet = book.create_sheet(COUNTY)
    for column, text in enumerate(COUNTY_HEADER, start=1):
        sheet.cell(11, column).value = text
    sheets, findings = _read(book, tmp_path)
    assert sheets == {}
    assert _places(findings) == [("S02", COUNTY, "")]
    assert "找不到表头" in findings[0].what


def test_sheets_in_any_order_with_blanks_in_their_names(book, tmp_path):
    _add(book, " 专项资金 ", FUND_HEADER, ("生均公用经费", 2023, 1, 2, 3))
    _add(book, "县级 指标", COUNTY_HEADER, _item(1, 2, 3))
    sheets, findings = _read(book, tmp_path)
    assert list(sheets) == [FUNDS, COUNTY]
    assert findings == []


def test_unknown_sheet_is_noticed_and_hidden_lists_are_not(book, tmp_path):
    _add(book, COUNTY, COUNTY_HEADER, _item(1, 2, 3))
    book.create_sheet("草稿")["A1"] = 1
    book.create_sheet("选项").sheet_state = "hidden"
    sheets, findings = _read(book, tmp_path)
    assert list(sheets) == [COUNTY]
    assert [(f.code, f.severity, f.sheet) for f in findings] == [("S04", NOTICE, "草稿")]


def test_a_sheet_that_occurs_twice_is_refused(book, tmp_path):
    _add(book, COUNTY, COUNTY_HEADER, _item(1, 2, 3))
    _add(book, f"{COUNTY} ", COUNTY_HEADER, _item(4, 5, 6))
    sheets, findings = _read(book, tmp_path)
    assert sheets[COUNTY].rows[0][1]["基准年"] == "1"
    assert [(f.code, f.severity) for f in findings] == [("S05", ERROR)]


def test_hidden_sheets_rows_and_columns_are_read(book, tmp_path):
    sheet = _add(book, COUNTY, COUNTY_HEADER, _item(1, 2, 3))
    sheet.sheet_state = "hidden"
    _add(book, EVIDENCE, SHEETS[EVIDENCE].columns)
    sheet.row_dimensions[4].hidden = True
    sheet.column_dimensions["F"].hidden = True
    assert _read(book, tmp_path)[0][COUNTY].rows[0][1]["数据年"] == "2"


def test_guide_is_read_by_position(book, tmp_path):
    sheet = book.create_sheet(GUIDE)
    lines = {3: ("县（区）代码", 990001), 4: ("评价年度", 2024), 9: ("是否虚构", True)}
    for row, line in lines.items():
        sheet.cell(row, 1).value, sheet.cell(row, 2).value = line
    sheet["A16"] = "本表由县级填报。"
    sheet.merge_cells("A16:B18")
    found = _read(book, tmp_path)[0][GUIDE]
    assert found.header == ("项目", "内容")
    assert found.rows[0] == (3, {"项目": "县（区）代码", "内容": "990001"})
    assert found.rows[2] == (9, {"项目": "是否虚构", "内容": "是"})
    assert found.rows[3] == (16, {"项目": "本表由县级填报。", "内容": ""})


VALUES = [
    (1702.0, "General", "1702"),
    (0.1 + 0.2, "General", "0.3"),
    (12.50, "0.00", "12.5"),
    (1e-7, "General", "0.0000001"),
    (1234567.5, "#,##0.00", "1234567.5"),
    (0.8, "0%", "80%"),
    (0.2895, "0.00%", "28.95%"),
    (1, '0"%"', "1"),
    (date(2023, 9, 1), "yyyy-mm-dd", "2023-09-01"),
    (datetime(2023, 9, 1, 8, 30), 'yyyy"年"m"月"d"日"', "2023-09-01"),
    (2023, '0"年度"', "2023"),
    (2.5, '"约"0.0"亿元"', "约2.5亿元"),
    (12, "0000", "0012"),
    (24427700, "0!.0,", "24427700（显示的是另一个数）"),
    (True, "General", "是"),
    (False, "General", "否"),
    ("\u3000不涉及 ", "General", "不涉及"),
    ("007", "@", "007"),
    (0, "General", "0"),
    (-3.0, "General", "-3"),
]


@pytest.mark.parametrize(("value", "number_format", "text"), VALUES)
def test_a_value_becomes_the_text_that_was_meant(book, tmp_path, value, number_format, text):
    sheet = _add(book, COUNTY, COUNTY_HEADER, _item(1, value, 3))
    sheet["F4"].number_format = number_format
    sheets, findings = _read(book, tmp_path)
    assert sheets[COUNTY].rows[0][1]["数据年"] == text
    assert findings == []


def test_a_number_is_written_without_noise_and_without_exponent():
    given = (121000000.00000001, 123456789.12345, 1e16, 1.5e-9, -0.0, 10**20)
    shown = ["121000000", "123456789.12345", "1" + "0" * 16, "0.0000000015", "0", "1" + "0" * 20]
    assert [number_text(value) for value in given] == shown


def test_a_formula_in_a_data_cell_is_refused_at_its_cell(book, tmp_path):
    _add(book, COUNTY, COUNTY_HEADER, _item(1, "=1+1", 3), _item(1, 2, 3, note="=E4"))
    sheets, findings = _read(book, tmp_path)
    assert _places(findings) == [("T08", COUNTY, "F4"), ("T08", COUNTY, "H5")]
    assert findings[0].what == "此处应填数值，不能用公式。"
    assert findings[1].what == "此处应填文字，不能用公式。"
    assert sheets[COUNTY].rows[0][1]["数据年"] == ""


def test_formulas_in_the_total_row_and_the_total_column_are_passed_over(book, tmp_path):
    total = ["合 计", "", "", "", "", "", *["=SUM(G5:G9)"] * 9]
    _add(book, SCHOOLS, SCHOOL_HEADER, total, ("A1", "一小", "小学", "小学", "镇区", 2001, 500))
    _add(book, FUNDS, FUND_HEADER, ("生均公用经费", 2023, 1, 2, 3, "=SUM(C4:E4)"))
    sheets, findings = _read(book, tmp_path)
    assert findings == []
    assert [row for row, _ in sheets[SCHOOLS].rows] == [5]
    assert sheets[FUNDS].rows[0][1]["合计（万元）"] == ""


def test_a_row_of_formulas_alone_is_refused_though_it_says_nothing(book, tmp_path):
    _add(book, FUNDS, FUND_HEADER, ("", "", "=1"))
    sheets, findings = _read(book, tmp_path)
    assert sheets[FUNDS].rows == ()
    assert _places(findings) == [("T08", FUNDS, "C4")]


def test_text_that_starts_with_an_equals_sign_stays_text(book, tmp_path):
    sheet = _add(book, COUNTY, COUNTY_HEADER, _item(1, 2, 3))
    sheet["H4"].value = "=见附表"
    sheet["H4"].data_type, sheet["H4"].quotePrefix = "s", True
    sheets, findings = _read(book, tmp_path)
    assert sheets[COUNTY].rows[0][1]["备注"] == "=见附表"
    assert findings == []


def test_an_error_value_is_refused_at_its_cell(book, tmp_path):
    _add(book, COUNTY, COUNTY_HEADER, _item(1, "#DIV/0!", 3))
    sheets, findings = _read(book, tmp_path)
    assert _places(findings) == [("T09", COUNTY, "F4")]
    assert findings[0].what == "单元格是错误值“#DIV/0!”。"
    assert sheets[COUNTY].rows[0][1]["数据年"] == ""


def test_blank_rows_and_group_titles_are_dropped(book, tmp_path):
    sheet = _add(
        book,
        COUNTY,
        COUNTY_HEADER,
        ("2.1 “两个只增不减”落实情况",),
        _item(1, 2, 3),
        ("", "2.2 教师", "", "", " ", None, ""),
        _item("", "", ""),
        _item("", 2, "", code=""),
    )
    sheet.merge_cells("A4:H4")
    rows = _read(book, tmp_path)[0][COUNTY].rows
    # Row 7 says that an item is not reported; row 8 has a value that must not vanish.
    assert [row for row, _ in rows] == [5, 7, 8]


def test_merged_text_is_filled_down(book, tmp_path):
    sheet = _add(
        book,
        SCHOOLS,
        SCHOOL_HEADER,
        (2130001, "一贯制学校", "九年一贯制学校", "小学", "镇区", 2001, 500),
        ("", "", "", "初中", "镇区", "", "不涉及"),
        ("", "", "", "普通高中", "镇区", 2003, ""),
    )
    for column in "ABC":
        sheet.merge_cells(f"{column}4:{column}5")
    sheet.merge_cells("F4:F5")
    sheet.merge_cells("G5:G6")
    rows = dict(_read(book, tmp_path)[0][SCHOOLS].rows)
    assert [rows[5][name] for name in SCHOOL_HEADER[:6]] == [
        *("2130001", "一贯制学校", "九年一贯制学校", "初中", "镇区", "2001")
    ]
    assert rows[6]["学校代码"] == ""
    assert rows[6][SCHOOL_HEADER[6]] == "不涉及"


@pytest.mark.parametrize(("merged", "value"), [("F4:F5", 12), ("F4:G4", 12), ("F4:F5", "约12")])
def test_a_merged_number_is_refused_and_never_filled(book, tmp_path, merged, value):
    sheet = _add(book, COUNTY, COUNTY_HEADER, _item(1, value, ""), _item(1, "", 3))
    sheet.merge_cells(merged)
    sheets, findings = _read(book, tmp_path)
    assert _places(findings) == [("T10", COUNTY, "F4")]
    assert "取消合并" in findings[0].next_step
    assert sheets[COUNTY].rows[1][1]["数据年"] == ""


def test_a_merge_of_whole_columns_and_a_stray_cell_cost_nothing(book, tmp_path):
    sheet = _add(book, EVIDENCE, SHEETS[EVIDENCE].columns, ("2.1", "通知"), ("", "报告"))
    sheet["XFD1048576"] = "x"
    path = _save(book, tmp_path)
    _rewrite(path, b"A1:H1", b"A4:A1048576")
    tracemalloc.start()
    rows = read_workbook(path)[0][EVIDENCE].rows
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [line["评价要点"] for _, line in rows] == ["2.1", "2.1"]
    assert peak < 16 << 20  # a million filled cells take more


def _rewrite(path, old, new):
    """Change bytes inside the sheets of a workbook."""
    with ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    with ZipFile(path, "w", ZIP_DEFLATED) as target:
        for name, content in parts.items():
            inside = name.startswith("xl/worksheets/")
            assert not inside or old in content
            target.writestr(name, content.replace(old, new) if inside else content)


def test_three_thousand_schools_are_read(book, tmp_path):
    line = ("一小", "小学", "小学", "镇区", 2001, *range(100, 109), "无")
    _add(book, SCHOOLS, SCHOOL_HEADER, *((f"S{n}", *line) for n in range(3000)))
    path = _save(book, tmp_path)
    sheets, findings = read_workbook(path)
    assert len(sheets[SCHOOLS].rows) == 3000
    assert findings == []


def test_a_printed_figure_keeps_its_text(book, tmp_path):
    header = SHEETS[CLAIMS].columns
    _add(book, CLAIMS, header, (1, "二（一）", "教师", "小学", 2023, "80.0", "%"))
    line = _read(book, tmp_path)[0][CLAIMS].rows[0][1]
    assert (line["序号"], line["原文数字"]) == ("1", "80.0")
