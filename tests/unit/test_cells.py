"""What one cell of the workbook may say."""

import math

import pytest

from dudao.facts import cells
from dudao_pipeline.intake import cell_reading


@pytest.mark.parametrize(
    ("text", "value", "status", "qualifier"),
    [
        ("720", 720.0, "reported", ""),
        (" 1,702 ", 1702.0, "reported", ""),
        ("１２３", 123.0, "reported", ""),
        ("0", 0.0, "reported", ""),
        ("-12.87", -12.87, "reported", ""),
        ("90以上", 90.0, "reported", "以上"),
        ("200余", 200.0, "reported", "余"),
        ("近2000余", 2000.0, "reported", "近…余"),
        ("", math.nan, "missing", ""),
        ("   ", math.nan, "missing", ""),
        ("不涉及", math.nan, "not_applicable", ""),
        ("—", math.nan, "missing", ""),
        ("无", math.nan, "missing", ""),
        *((word, math.nan, "missing", "") for word in ("暂无数据", "未统计", "待补", "不详", "…")),
    ],
)
def test_cell_is_read_as_meant(text, value, status, qualifier):
    cell = cell_reading.parse(text)
    assert (cell.status, cell.qualifier) == (status, qualifier)
    assert cell.value == value or (math.isnan(cell.value) and math.isnan(value))


@pytest.mark.parametrize("text", ["约好", "1/2", "=A1", "十二", "1.2.3", "以上", "1,2", "12,34"])
def test_a_cell_that_is_no_number_is_refused_not_guessed(text):
    assert cell_reading.parse(text) is None


@pytest.mark.parametrize(
    ("qualifier", "kind"),
    [
        ("", ""),
        ("以上", "floor"),
        ("余", "floor"),
        ("近", "ceiling"),
        ("近…余", "vague"),
        ("全部", ""),
    ],
)
def test_a_qualifier_says_what_the_number_still_decides(qualifier, kind):
    assert cells.bound(qualifier) == kind


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("80%", "%", 80.0),
        ("12人", "人", 12.0),
        ("1.2万", "人", 12000.0),
        ("1.2万元", "万元", 1.2),
        ("3.5亿元", "万元", 35000.0),
        ("2万", "元", 20000.0),
        ("96.5 ㎡", "㎡", 96.5),
    ],
)
def test_a_number_written_with_its_unit_is_converted_once(text, unit, value):
    assert cell_reading.parse(text, unit).value == value


@pytest.mark.parametrize(
    ("text", "unit", "value", "qualifier"),
    [
        ("不超60", "人", 60, "以下"),
        ("不超过60人", "人", 60, "以下"),
        ("90分钟以内", "分钟", 90, "以下"),
        ("≤45", "人", 45, "以下"),
        ("不少于3.5亿元", "万元", 35000, "以上"),
    ],
)
def test_words_for_a_bound_are_read_as_one_and_told(text, unit, value, qualifier):
    cell = cell_reading.parse(text, unit)
    assert (cell.value, cell.qualifier) == (value, qualifier)
    assert text in cell.remark


@pytest.mark.parametrize(
    ("text", "unit", "said"),
    [
        ("30亩", "㎡", "20000㎡"),
        ("1.5公顷", "平方米", "15000平方米"),
        ("12元", "万元", "0.0012万元"),
        ("30亩", "人", ""),
        ("约30", "㎡", ""),
    ],
)
def test_a_number_in_another_unit_is_told_in_the_wanted_one(text, unit, said):
    assert cell_reading.in_unit(text, unit) == said


@pytest.mark.parametrize(
    ("text", "unit"),
    [("80%", "人"), ("12元", "万元"), ("1.2万", "万元"), ("3万", "%"), ("12所", "人")],
)
def test_a_number_in_another_unit_is_refused(text, unit):
    assert cell_reading.parse(text, unit) is None


def test_what_was_converted_or_taken_as_missing_is_recorded():
    assert "1.2万" in cell_reading.parse("1.2万", "人").remark
    assert "按未报处理" in cell_reading.parse("无", "人").remark
    assert "按未报处理" in cell_reading.parse("NULL", "人").remark
    assert cell_reading.parse("12", "人").remark == ""


@pytest.mark.parametrize(
    ("number", "qualifier", "unit", "shown"),
    [
        (90.0, "以上", "%", "90%以上"),
        ("2000", "近…余", "万元", "近2000余万元"),
        ("100", "全部", "%", "100%（“全部”）"),
        ("开齐开足", "开齐开足", "", "开齐开足"),
        (math.nan, "以上", "%", ""),
    ],
)
def test_a_number_stands_within_its_words_and_beside_its_unit(number, qualifier, unit, shown):
    assert cells.qualified(number, qualifier, unit) == shown


@pytest.mark.parametrize(
    "text",
    [
        *("20240202", "2024-02-02 00:00:00", "2024-02-02T08:30:00Z", "2024年2月2号", "45324"),
        *("'2024-02-02", "2024.02.02.", "45324.5", "2024年2月2日 9时5分"),
    ],
)
def test_a_day_is_read_however_a_program_wrote_it(text):
    assert cell_reading.day_text(text) == "2024-02-02"


@pytest.mark.parametrize(
    "text", ["2024年2月", "2024/2/2", "24-2-2", "20241350", "2024", "去年", ""]
)
def test_a_day_that_is_plain_or_is_none_stands_as_written(text):
    assert cell_reading.day_text(text) == text
    assert cell_reading.day_text("—") == ""


@pytest.mark.parametrize(
    "text",
    [
        "9901 0900 01",
        "'9901090001",
        "9901090001.0",
        "9.901090001E+09",
        "９９０１０９０００１",
        "“9901090001”",
    ],
)
def test_a_code_is_read_however_a_program_wrote_it(text):
    assert cell_reading.code_text(text) == "9901090001"


@pytest.mark.parametrize("text", ["9.90109E+09", "9901-090001", "9901090001（旧）", "", "A.0"])
def test_a_code_that_is_not_sure_stands_as_written(text):
    assert cell_reading.code_text(text) == text
