"""Tables of offices that are no plain list: read as what they say, each cell with its place."""

from datetime import date

import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment

from dudao.base.errors import FactsError
from dudao.facts.sheet_layout import COUNTY
from dudao.law import EvaluationYear
from dudao_pipeline.cli import main
from dudao_pipeline.importing import header_words, import_plans, source_tables, telling
from dudao_pipeline.importing.filling_by_plan import Target, put_all
from dudao_pipeline.importing.reshaping import as_lists
from dudao_pipeline.intake import template
from tests.cases import old_workbook

OWN = "虚构县"
EAST, WEST, SOUTH = "虚构县东关小学", "虚构县西关小学", "虚构县南关小学"
LONG = ["学校代码", "学校名称", "学段", "年份", "指标", "单位", "数值"]


class _Read:
    """What an import of rows put by name and header, what it asked, and what it told."""

    def __init__(self, folder, rows, comments=()):
        book = Workbook()
        for row in rows:
            book.active.append(row)
        for cell, text in comments:
            book.active[cell].comment = Comment(text, "虚构")
        book.save(folder / "本地表.xlsx")
        (grid,) = source_tables.read_file(folder / "本地表.xlsx")
        tables = as_lists(source_tables.tables_of("本地表.xlsx", grid))
        plans = [import_plans.propose(table, OWN) for table in tables]
        workbook = template.build("990100", OWN, 2024, short=True)
        done = put_all(plans, Target(workbook, "990100", OWN, EvaluationYear(2024)))
        self.told = "\n".join(line for plan in plans for line in telling.lines_of(plan))
        self.asked = "\n".join(done.questions)
        self.places = {cell.rpartition("!")[2]: value for *_, value, cell in done.put}
        self.values = [value for *_, value, _ in done.put]


def test_schools_in_columns_are_schools_and_their_sum_is_none(tmp_path):
    rows = [
        ["2023年学校基本情况（虚构）"],
        ["学校名称", EAST, WEST, "合计"],
        ["学校代码", "9901000001", "9901000002", None],
        ["学段", "小学", "小学", None],
        ["在校生数（人）", 1240, 860, 2100],
        ["校长姓名", "赵某", "钱某", None],
        ["教学仪器设备值（万元）", 186.42, 86, 272.42],
    ]
    read = _Read(tmp_path, rows)
    assert {read.places[cell] for cell in ("B5", "C5")} == {1240, 860}
    assert read.places["B7"] == 1864200
    assert 2100 not in read.values and "赵某" not in read.told
    assert "第5行 在校生数（人） → 在校生（在园幼儿）" in read.told


def test_the_form_that_one_school_fills_is_one_school(tmp_path):
    rows = [
        ["序号", "类别", "填报项目", "单位", "填报值", "是否必填", "备注说明"],
        [1, "基本情况", "学校名称", "-", EAST, "是", "全称"],
        [2, "基本情况", "学校代码", "-", "9901000001", "是", "标识码"],
        [3, "基本情况", "办学类型", "-", "小学", "是", None],
        [4, "学生", "在校生数", "人", 1240, "是", None],
        [5, "用房", "教学及辅助用房面积", "平方米", 5200.5, "是", "建筑面积"],
        [6, "装备", "教学仪器设备值", "万元", 186.42, "是", None],
    ]
    read = _Read(tmp_path, rows)
    assert read.places["E5"] == 1240 and read.places["E7"] == 1864200
    assert "全称" not in read.values and read.asked == ""


def test_figures_one_a_row_are_gathered_by_school_and_two_of_one_are_none(tmp_path):
    rows = [
        LONG,
        ["9901000001", EAST, "小学", 2023, "在校生数", "人", 1240],
        ["9901000001", EAST, "小学", 2023, "班级数", "个", 28],
        ["9901000001", EAST, "小学", 2022, "班级数", "个", 27],
        ["9901000002", WEST, "小学", 2023, "在校生数", "人", 860],
        ["9901000002", WEST, "小学", 2023, "教学仪器设备值", "万元", 86],
        ["9901000002", WEST, "小学", 2023, "在校生数", "人", 861],
    ]
    read = _Read(tmp_path, rows)
    assert (read.places["G2"], read.places["G3"], read.places["G6"]) == (1240, 28, 860000)
    assert not {27, 860, 861} & {*read.values}
    assert "G7 与G5说的是同一个数而不同，两格都未读取" in read.told


def test_figures_of_a_county_one_a_row_are_read_with_year_and_unit(tmp_path):
    rows = [
        ["学段", "指标", "年份", "单位", "数值", "备注"],
        ["小学", "在校生数", 2023, "人", 12380, "年报"],
        ["小学", "在校生数", 2022, "人", 12400, "年报"],
        ["全县", "一般公共预算教育支出", 2023, "亿元", 3.2, None],
    ]
    assert _Read(tmp_path, rows).places == {"E2": 12380, "E3": 12400, "E4": 32000}


@pytest.mark.parametrize("head", ["{}年", "20{}年", "{}年度"])
def test_a_year_of_two_digits_is_a_year(tmp_path, head):
    rows = [["指标", head.format(22), head.format(23)], ["小学在校生数", 12400, 12380]]
    assert _Read(tmp_path, rows).places == {"B2": 12400, "C2": 12380}
    rows = [["学校名称", "23年在校生数", "班级数（个", "专任教师数_人"], [EAST, 1240, 28, 70]]
    assert {1240, 28, 70} <= {*_Read(tmp_path, rows).values}


def test_years_alone_are_a_head_above_figures_with_a_name(tmp_path):
    rows = [[None, 2022, 2023], ["小学在校生数（人）", 12400, 12380]]
    assert _Read(tmp_path, rows).places == {"B2": 12400, "C2": 12380}


@pytest.mark.parametrize("day", ["填报日期：2024年9月10日", "2024-09-10", "20240910"])
def test_the_day_of_writing_is_not_the_year_of_the_figures(tmp_path, day):
    rows = [["学校基本情况表（虚构）"], ["单位：虚构县教育局", day], ["学校名称", "在校生数"]]
    rows += [[EAST, 1240], ["学校名称", "在校生数"], [WEST, 860]]
    read = _Read(tmp_path, rows)
    assert {1240, 860} <= {*read.values} and read.asked == ""
    assert header_words.years_in("截至2023年9月1日") == [2023]
    assert header_words.years_in("2023-2024学年度") == [2023]
    assert header_words.years_in("2023年情况（虚教发〔2019〕15号）") == [2023]


@pytest.mark.parametrize(
    ("name", "years"),
    [
        ("2023年学校", [2023]),
        ("学校（2023）", [2023]),
        ("2022-2023学年名单", [2022]),
        ("虚教发〔2019〕15号附件", []),
        ("名单2019001", []),
        ("2019级新生", []),
        ("导出2023.9.15", []),
        ("2023年9月15日", []),
        ("DB2010", []),
    ],
)
def test_not_every_number_in_a_files_name_is_a_year(name, years):
    assert header_words.years_of_file(name) == years


def test_a_form_is_a_school_though_most_of_its_lines_are_not_reported(tmp_path):
    rows = [["序号", "填报项目", "单位", "填报值"], [1, "学校名称", None, EAST]]
    rows += [[2, "学段", None, "小学"], [3, "在校生数", "人", 1240], [4, "班级数", "个", 27]]
    rows += [[at, f"另一项{at}", "个", at] for at in range(5, 30)]
    read = _Read(tmp_path, rows)
    assert {EAST, 1240, 27} <= {*read.values} and "横排" in read.told


def test_a_real_county_is_known_by_its_own_name_alone(tmp_path, capsys):
    book = Workbook()
    rows = [["学校名称", "区县", "学段", "在校生数"], ["沈河区虚构小学", "沈河区", "小学", 240]]
    for row in [*rows, ["和平区虚构小学", "和平区", "小学", 860]]:
        book.active.append(row)
    book.save(tmp_path / "全市.xlsx")
    options = ["--county", "210103", "--year", "2024", "--maps", str(tmp_path / "maps")]
    assert main(["import", str(tmp_path / "全市.xlsx"), *options, "--dry-run"]) == 0
    assert "只读“沈河区”的1行" in capsys.readouterr().out


def test_a_cell_in_another_unit_is_asked_about_with_what_it_becomes(tmp_path):
    rows = [
        ["学校名称", "学段", "体育运动场馆面积（㎡）", "在校生数"],
        [EAST, "小学", "30亩", "0.124万人"],
        [WEST, "小学", "若干", "860人"],
    ]
    read = _Read(tmp_path, rows)
    assert "C2：“30亩”不以㎡为单位，未导入。换算为20000㎡，请核对后在报送表填这个数。" in read.asked
    assert "C3：“若干”不是数字，未导入。" in read.asked
    assert {1240, 860} <= {*read.values}


def test_schools_are_not_looked_through_for_every_row(tmp_path, monkeypatch):
    looked, alike = [], Target._alike
    monkeypatch.setattr(
        Target, "_alike", lambda *about: looked.extend(alike(*about)) or alike(*about)
    )
    rows = [[f"虚构县第{at}小学", "小学", 100 + at] for at in range(60)]
    read = _Read(tmp_path, [["学校名称", "学段", "在校生数（人）"], *rows])
    assert 159 in read.values and len(looked) < 10 * len(rows)


@pytest.mark.parametrize(
    ("words", "item", "stage"),
    [
        ("义务教育阶段学校数(所)", "schools", "compulsory"),
        ("幼儿园在园幼儿数(人)", "enrolment", "preschool"),
        ("中等职业教育学校在校学生数", "enrolment", "vocational"),
        ("●小学在校生数", "enrolment", "primary"),
        ("地方财政一般公共预算支出(亿元)", "general_budget_expenditure", ""),
    ],
)
def test_words_around_a_stage_hide_no_item(words, item, stage):
    meaning = header_words.read((words,), COUNTY)
    assert (meaning.item, meaning.stage) == (item, stage) and meaning.score > 0.9


def test_middle_schools_are_neither_a_stage_nor_the_county():
    for words in ("普通中学心理健康教育教师", "中学在校生数"):
        meaning = header_words.read((words,), COUNTY)
        assert meaning.stage == "" and meaning.item == "" and meaning.rest


def test_of_a_table_of_counties_only_the_row_of_ours_is_read(tmp_path):
    rows = [
        ["2023年各县（市、区）小学情况（虚构）"],
        ["县区", "小学在校生数（人）"],
        ["合计", 50000],
        [OWN, 30000],
        ["虚构二县", 20000],
    ]
    read = _Read(tmp_path, rows)
    assert read.places == {"B4": 30000}
    assert "只读“虚构县”的1行，其余2行（“合计”、“虚构二县”）未读取" in read.told
    assert "没有“虚构县”，整表未读取" in _Read(tmp_path, [*rows[:3], *rows[4:]]).told


def test_of_counties_beside_each_other_only_the_column_of_ours_is_read(tmp_path):
    rows = [
        ["2023年小学情况（虚构）"],
        ["指标", "合计", OWN, "虚构二县"],
        ["小学在校生数", 50000, 30000, 20000],
    ]
    assert _Read(tmp_path, rows).places == {"C3": 30000}


def test_of_a_list_of_a_city_only_our_schools_are_read(tmp_path):
    rows = [
        ["学校名称", "区县名称", "城乡", "学段", "在校生数"],
        [EAST, OWN, "城区", "小学", 1240],
        ["虚构二县东关小学", "虚构二县", "镇区", "小学", 860],
    ]
    read = _Read(tmp_path, rows)
    assert 1240 in read.values and 860 not in read.values
    rows = [
        [f"{EAST}（含教学点）", "城关学区", "城区", "小学", 1240],
        [WEST, "石桥学区", "镇区", "小学", 860],
    ]
    read = _Read(tmp_path, [["学校名称", "学区", "城乡", "学段", "在校生数"], *rows])
    assert {1240, 860} <= {*read.values}


def test_rows_of_equal_figures_and_schools_of_one_code_are_asked_about(tmp_path):
    head = ["学校代码", "学校名称", "在校生数", "班级数", "专任教师数", "图书册数"]
    rows = [
        ["9901000001", EAST, 1240, 28, 70, 24000],
        ["9901000002", WEST, 1240, 28, 70, 24000],
        ["9901000001", "虚构县第二初级中学", 900, 20, 80, 18000],
    ]
    asked = _Read(tmp_path, [head, *rows]).asked
    assert f"!B3：“{WEST}”与“{EAST}”（本地表.xlsx/Sheet!B2）各项数字完全相同" in asked
    assert f"“虚构县第二初级中学”和“{EAST}”的代码都是9901000001而学段不同" in asked


def test_a_comment_that_says_another_number_is_asked_about(tmp_path):
    rows = [["学校名称", "学段", "在校生数"], [EAST, "小学", 1240], [WEST, "小学", 860]]
    read = _Read(tmp_path, rows, [("C2", "应为1204"), ("C3", "已核对860")])
    assert "C2“应为1204”" in read.asked and "C3" not in read.asked


def test_a_word_that_is_no_choice_is_asked_about_once(tmp_path):
    rows = [["园所名称", "办园性质", "学生数"]]
    rows += [
        [f"虚构县第{n}幼儿园", "民办", 90 + n] for n in "一二三" for n in [("一二三".index(n) + 1)]
    ]
    read = _Read(tmp_path, rows)
    assert read.asked.count("办园性质“民办”") == 1 and "等" not in read.asked
    assert {91, 92, 93} <= {*read.values}


def test_a_workbook_of_the_old_kind_is_read_by_its_formats(tmp_path):
    book = Workbook()
    sheet, hidden = book.active, book.create_sheet("隐藏")
    sheet.append(
        ["学校名称", "学段", "建校时间", "在校生数（人）", "教学仪器设备值（万元）", "占比"]
    )
    sheet.append([EAST, "小学", date(1998, 9, 1), 1240, 186.42, 0.35])
    sheet.append([WEST, "小学", 1998, "=D2", "12²", 0.35])
    sheet["F2"].number_format = "0%"
    hidden.append([EAST])
    hidden.sheet_state = "hidden"
    (tmp_path / "旧.xls").write_bytes(old_workbook.to_bytes(book))
    (shown,) = source_tables.read_file(tmp_path / "旧.xls")
    (table,) = source_tables.tables_of("旧表.xls", shown)
    assert table.values(3) == ["1998-09-01", "1998"] and table.values(4) == ["1240", "7"]
    assert table.values(5)[1] == "12²" and table.values(6) == ["35%", "0.35"]
    assert table.formulas == 1
    locked = old_workbook.to_bytes(book).replace(b"\x31\0\x11\0", b"\x2f\0\x11\0", 1)
    (tmp_path / "密.xls").write_bytes(locked)
    with pytest.raises(FactsError, match=r"密\.xls：有密码保护。请去掉密码"):
        source_tables.read_file(tmp_path / "密.xls")
    (tmp_path / "坏.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(900))
    with pytest.raises(FactsError, match=r"坏\.xls：文件不完整或已损坏。请重新下载"):
        source_tables.read_file(tmp_path / "坏.xls")


def test_a_page_called_a_workbook_is_read_as_its_table(tmp_path):
    page = (
        '<html><meta charset="gb2312"><table><tr><td colspan=3>2023年学校情况</td></tr>'
        "<tr><th rowspan=2>学校<br>名称</th><th colspan=2>在校生数（人）</th></tr>"
        "<tr><th>小学</th><th>教学及辅助用房面积（m<sup>2</sup>）</th></tr>"
        f"<tr><td>{EAST}</td><td>&nbsp;1,240 </td><td>12<sup>2</sup></td></tr></table></html>"
    )
    (tmp_path / "导出.xls").write_bytes(page.encode("gb18030"))
    (grid,) = source_tables.read_file(tmp_path / "导出.xls")
    assert grid.text(4, 2) == "1,240" and grid.text(4, 3) == "12²"
    assert grid.text(3, 3) == "教学及辅助用房面积（m²）" and len(grid.merges) == 3
    text = "学校名称\t在校生数\n第一小学\t1240\n" * 9
    (tmp_path / "文本.xls").write_bytes(text.encode("utf-16"))
    (grid,) = source_tables.read_file(tmp_path / "文本.xls")
    assert grid.text(2, 2) == "1240"


def test_a_text_called_a_workbook_is_read_as_text(tmp_path):
    path = tmp_path / "导出.xls"
    path.write_bytes(f"学校名称\t在校生数\n{EAST}\t1240\n".encode("gb18030"))
    (grid,) = source_tables.read_file(path)
    assert grid.text(2, 2) == "1240"


ONE_FIGURE = [["指标", "单位", "2023年"], ["小学在校生", "人", 3371]]
AROUND = {
    "依安县": [["2023年依安县教育基本情况"], *ONE_FIGURE],
    "依安县 ": [
        ["填报单位：依安县教育局"],
        ["一、规模"],
        *ONE_FIGURE,
        [],
        ["二、教师"],
        *ONE_FIGURE,
    ],
    "齐齐哈尔市": [["齐齐哈尔市2023年教育基本情况"], *ONE_FIGURE],
    "": [["齐齐哈尔市2023年教育基本情况"], ["填报单位：虚构县教育局"], *ONE_FIGURE],
}


@pytest.mark.parametrize(("place", "rows"), AROUND.items())
def test_a_table_that_names_another_place_and_not_ours_is_not_read(tmp_path, place, rows):
    read = _Read(tmp_path, rows)
    assert read.values == ([] if place else [3371])
    assert not place or f"写的是“{place.strip()}”，没有写“{OWN}”，整表未读取" in read.told


def test_what_a_title_names_is_what_the_figures_below_are_of(tmp_path):
    yearbook = [
        ["19-3  各级各类学校在校学生数"],
        [None, None, "单位：万人"],
        ["指标", "2022", "2023"],
        ["普通小学", 2.53, 2.48],
    ]
    assert _Read(tmp_path, yearbook).values == [25300, 24800]
    wrong = [["2023年各学段学校数"], ["学段", "人数"], ["小学", 24800]]
    assert _Read(tmp_path, wrong).values == []
    narrow = [["2023年各级学校专任教师数"], ["类别", "专任教师数", "其中：女"], ["小学", 1450, 900]]
    assert _Read(tmp_path, narrow).values == [1450]


def test_a_figure_written_with_its_unit_needs_none_in_its_head(tmp_path):
    each = "小学生均一般公共预算教育经费"
    rows = [["指标", "2023年"], ["一般公共预算教育支出", "8.1425亿元"], [each, "13307.95元"]]
    assert _Read(tmp_path, rows).values == [81425, 13307.95]


def test_a_number_whose_format_shows_another_is_not_read(tmp_path):
    book = Workbook()
    for row in (["指标", "单位", "2023年"], ["一般公共预算教育支出", "万元", 814256800]):
        book.active.append(row)
    book.active["C2"].number_format = '0!.0,"万"'
    book.save(tmp_path / "本地表.xlsx")
    (grid,) = source_tables.read_file(tmp_path / "本地表.xlsx")
    (table,) = source_tables.tables_of("本地表.xlsx", grid)
    assert table.unread == ["C2 814256800（显示的是另一个数）"]


XML_BOOK = """<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="虚构"><Table>
<Row ss:Index="3"><Cell><Data ss:Type="String">指标</Data></Cell>
<Cell ss:Index="3"><Data ss:Type="String">2023年</Data></Cell></Row>
<Row><Cell><Data ss:Type="String">小学在校生</Data></Cell>
<Cell ss:Index="3"><Data ss:Type="Number">3371</Data></Cell></Row>
</Table></Worksheet></Workbook>"""
MESSAGE = """MIME-Version: 1.0
Content-Type: multipart/related; boundary="b"

--b
Content-Type: text/html; charset="utf-8"
Content-Transfer-Encoding: 8bit

<html><table><tr><td>指标</td><td>2023年</td></tr>
<tr><td>小学在校生</td><td>3371</td></tr></table></html>
--b--
"""


@pytest.mark.parametrize("text", [XML_BOOK, MESSAGE])
def test_what_older_programs_save_as_a_workbook_is_read(tmp_path, text):
    (tmp_path / "本地表.xls").write_text(text, encoding="utf-8")
    (grid,) = source_tables.read_file(tmp_path / "本地表.xls")
    (table,) = source_tables.tables_of("本地表.xls", grid)
    assert [table.values(column.at) for column in table.columns] == [["小学在校生"], ["3371"]]


def test_a_file_is_what_its_bytes_say_and_an_archive_is_to_be_unpacked(tmp_path):
    book = Workbook()
    book.active.append(["指标"])
    book.save(tmp_path / "本地表")
    assert source_tables.read_file(tmp_path / "本地表")[0].rows[1][1].text == "指标"
    (tmp_path / "本地表.rar").write_bytes(b"Rar!\x1a\x07\x00")
    with pytest.raises(FactsError, match="请先解压，再给出里面的工作簿"):
        source_tables.read_file(tmp_path / "本地表.rar")
