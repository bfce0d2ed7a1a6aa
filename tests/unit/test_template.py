"""The workbook a county fills in: complete, hard to fill in wrongly, the same bytes every time."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace

import pandas as pd
import pytest
from openpyxl import load_workbook

from dudao.base.errors import FactsError, LawError
from dudao.facts import cells, schema
from dudao.facts.items import PROGRAMMES, STAGE_CODES, items, spoken
from dudao.facts.sheet_layout import GUIDE
from dudao.law import framework_for
from dudao.law.dates import EvaluationYear
from dudao_pipeline.intake import template
from dudao_pipeline.intake.sheet_headers import SHEETS
from dudao_pipeline.intake.submission import read_submission
from dudao_pipeline.intake.template import cell_rules, styles
from dudao_pipeline.intake.template.grid import Grid
from tests.unit.county import PUBLISHED

LISTS = ("学校", "幼儿园", "专项资金", "佐证材料", "报告所列数据", "例外")
CONTENT = ["data_year", "item", "stage", "school", "value", "status", "qualifier", "note"]
PLACE = ["file", "sheet", "cell"]


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    path = tmp_path_factory.mktemp("template") / "报送表.xlsx"
    template.save(template.build("990002", "虚构县", 2024), path)
    return path


@pytest.fixture(scope="module")
def book(saved):
    return load_workbook(saved)


def column(sheet, header):
    found = [cell.column for cell in sheet[3] if cell.value == header]
    assert len(found) == 1, header
    return found[0]


def validation(sheet, address):
    found = [v for v in sheet.data_validations.dataValidation if address in v.sqref]
    assert len(found) == 1, f"{sheet.title}!{address}"
    return found[0]


def under(sheet, header, row=5):
    return validation(sheet, sheet.cell(row, column(sheet, header)).coordinate)


def test_the_sheets_stand_in_order_with_their_columns(book):
    assert book.sheetnames == [GUIDE, *SHEETS, "选项"]
    assert book["选项"].sheet_state == "hidden"
    for name in LISTS:
        header = [cell.value for cell in book[name][3]]
        assert header == list(SHEETS[name].printed)
        assert sorted(header) == sorted(SHEETS[name].columns)
    years = [cell.value for cell in book["县级指标"][3]][4:7]
    assert years == ["2022年（基准年）", "2023年（数据年）", "2024年（进展年）"]


def test_every_needed_item_stands_once_for_each_of_its_stages(book):
    lines = [row for row in book["县级指标"].iter_rows(min_row=4, values_only=True) if row[0]]
    wanted = [
        (code, len(item.stages))
        for code, item in items().items()
        if "县级指标" in item.sheets and framework_for(2024).points_of(item.topics)
    ]
    keys = [(line[0], line[2]) for line in lines]
    assert len(keys) == len(set(keys)) == sum(count for _, count in wanted)
    for code, count in wanted:
        assert sum(key[0] == code for key in keys) == count
    for line in lines:
        stage = STAGE_CODES[line[2]]
        label = spoken(line[0], stage)
        assert line[1] in (label, label.removeprefix("其中：")), line
        assert (line[3] or "") == items()[line[0]].unit


def test_an_item_of_several_points_stands_in_its_first_group_and_names_them_all(book):
    group, found = "", {}
    points = column(book["县级指标"], "用于要点") - 1
    for row in book["县级指标"].iter_rows(min_row=4, values_only=True):
        group = group if row[0] else row[1]
        found[row[0], row[2]] = (group, str(row[points]).replace("\n", ""))
    assert found["teachers_recruited", "全县"] == ("1.1 “教育强国”战略落实情况", "1.1.1、3.2.1")
    assert found["enrolment", "小学"][0] == "基本数据（各章共用）"
    assert found["education_expenditure", "全县"][0] == "2.1 “两个只增不减”落实情况"


@pytest.mark.parametrize(
    ("sheet", "header", "source"),
    [
        ("学校", "学段", '"小学,初中,普通高中,中等职业学校,特殊教育"'),
        ("学校", "城乡", '"城区,镇区,乡村"'),
        ("幼儿园", "办园性质", '"公办,普惠性民办,非普惠民办"'),
    ],
)
def test_words_are_chosen_from_a_list(book, sheet, header, source):
    rule = under(book[sheet], header)
    assert (rule.type, rule.formula1, rule.errorStyle) == ("list", source, "stop")
    assert rule.showErrorMessage


def test_long_lists_point_to_the_hidden_sheet(book):
    points = len(framework_for(2024).points)
    assert under(book["佐证材料"], "评价要点").formula1 == f"'选项'!$A$2:$A${points + 1}"
    assert book["选项"].cell(points + 1, 1).value == framework_for(2024).points[-1].id
    assert book["选项"].cell(points + 2, 1).value is None
    assert under(book["报告所列数据"], "指标代码").formula1 == f"'选项'!$C$2:$C${len(items()) + 1}"
    assert "全县" in under(book["报告所列数据"], "学段").formula1
    assert "九年一贯制学校" in under(book["学校"], "办学类型").formula1
    assert validation(book[GUIDE], "B12").formula1 == '"是,否"'


def test_no_validation_is_longer_than_excel_opens(book):
    for sheet in book:
        for rule in sheet.data_validations.dataValidation:
            assert len(rule.formula1 or "") < 255
            assert len(rule.prompt or "") <= 255
            assert len(rule.error or "") <= 225
            assert len(rule.promptTitle or "") <= 32


def test_number_cells_say_unit_and_definition_and_refuse_what_is_negative(book):
    sheet = book["县级指标"]
    row = next(c.row for c in sheet["A"] if c.value == "education_expenditure")
    rule = validation(sheet, f"F{row}")
    assert "单位：万元" in rule.prompt
    assert items()["education_expenditure"].definition in rule.prompt
    assert str(rule.sqref) == f"E{row}:G{row}"
    assert f"E{row}>=0" in rule.formula1
    assert "不涉及" in rule.error
    signed = next(c.row for c in sheet["A"] if c.value == "first_tier_rate_above_city")
    assert ">=0" not in validation(sheet, f"E{signed}").formula1


def test_the_rule_for_numbers_lets_every_qualifier_pass_that_the_reader_knows():
    assert set(cell_rules.QUALIFIERS) == {*cells.BEFORE, *cells.AFTER}


def test_number_formats_follow_the_unit(book):
    sheet = book["县级指标"]
    formats = {row[0].value: row[4].number_format for row in sheet.iter_rows(min_row=4)}
    assert formats["teachers_recruited"] == "#,##0"
    assert formats["education_expenditure"] == "#,##0.00"
    assert formats["first_tier_admission_rate"] == "0.00"
    schools = book["学校"]
    assert schools.cell(5, column(schools, "规划建成年份")).number_format == "0"
    assert schools.cell(5, 1).number_format == "@"


def test_only_input_cells_are_open(book):
    for sheet in book:
        assert sheet.protection.sheet, sheet.title
        assert not sheet.protection.password
        assert not sheet.protection.formatColumns
        assert sheet["A1"].protection.locked
        assert sheet["A3"].protection.locked
    county = book["县级指标"]
    opened = {
        cell.column for row in county.iter_rows(min_row=4) for cell in row if not locked(cell)
    }
    assert opened == {5, 6, 7, 8}
    assert all(
        locked(cell) for row in county.iter_rows(min_row=4) if not row[0].value for cell in row
    )
    guide = [row[1].protection.locked for row in book[GUIDE].iter_rows(min_row=4, max_row=12)]
    assert guide == [True, False, True, True, False, False, False, False, False]


def locked(cell):
    return cell.protection.locked


@pytest.mark.parametrize("name", ["学校", "幼儿园", "佐证材料", "报告所列数据", "例外"])
def test_lists_are_open_far_below_the_drawn_rows(book, name):
    sheet = book[name]
    assert not sheet.protection.insertRows
    assert not sheet.protection.sort
    for position, header in enumerate(SHEETS[name].printed, start=1):
        if header == "填报要求":
            continue
        cell = sheet.cell(6, position)
        assert not locked(cell)
        assert not sheet.column_dimensions[cell.column_letter].protection.locked
        assert sheet.column_dimensions[cell.column_letter].number_format == cell.number_format


@pytest.mark.parametrize("name", ["学校", "幼儿园"])
def test_the_total_row_sums_what_was_reported_and_is_locked(book, name):
    sheet = book[name]
    assert sheet["A4"].value == "合计"
    for header in SHEETS[name].numbers:
        cell = sheet.cell(4, column(sheet, header))
        area = f"{cell.column_letter}5:{cell.column_letter}3004"
        assert cell.value == f'=IF(COUNT({area})=0,"",SUM({area}))'
    assert all(locked(cell) for cell in sheet[4])


def test_funds_list_the_programmes_with_a_locked_total(book):
    sheet = book["专项资金"]
    titles = [sheet.cell(row, 1).value for row in range(4, 9)]
    assert titles == [title for title, _ in PROGRAMMES.values()]
    assert sheet["F5"].value == '=IF(COUNT(C5:E5)=0,"",SUM(C5:E5))'
    assert locked(sheet["F5"])
    assert not locked(sheet["E5"])


def test_header_and_names_stay_in_sight_and_on_every_page(book):
    frozen = {name: book[name].freeze_panes for name in SHEETS}
    assert frozen["县级指标"] == "C4"
    assert frozen["学校"] == frozen["幼儿园"] == "C5"
    assert frozen["专项资金"] == "B4"
    for name in (GUIDE, *SHEETS):
        sheet = book[name]
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.print_title_rows == "$1:$3"
        assert sheet["A1"].alignment.horizontal == "center"


def test_the_guide_is_filled_in_as_far_as_known(book):
    values = {row[0]: row[1] for row in book[GUIDE].iter_rows(min_row=4, values_only=True)}
    assert values["县（区）代码"] == "990002"
    assert values["县（区）名称"] == "虚构县"
    assert values["评价年度"] == 2024
    assert values["评价方案"] == framework_for(2024).title
    assert values["适用省份代码"] is None
    text = "".join(map(str, values))
    for words in (
        "空白表示“未报”",
        "不涉及",
        "0 就是 0",
        "限定词",
        "选择性粘贴",
        "个人姓名",
        "dudao ingest",
    ):
        assert words in text


def test_a_borrowed_scheme_is_named_as_such():
    book = template.build("990002", "虚构县", 2023)
    assert framework_for(2024).borrowed_note in book[GUIDE]["A2"].value
    with pytest.raises(LawError, match="没有1999年的评价方案"):
        template.build("990002", "虚构县", 1999)


def test_the_same_template_has_the_same_bytes(saved, tmp_path):
    again = tmp_path / "又一份.xlsx"
    template.save(template.build("990002", "虚构县", 2024), again)
    assert again.read_bytes() == saved.read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["又一份.xlsx"]


def filled(tables, meta):
    book = template.build(tables.county, meta["county_name"], tables.year.year)
    lost = template.fill(book, tables)
    template.fill_origin(book, meta)
    return book, lost


@pytest.mark.parametrize("name", ["990001-2024", "410727-2020"])
def test_a_filled_workbook_says_what_was_put_in(tmp_path, name):
    before = read_submission(PUBLISHED / name)
    book, lost = filled(before.tables, before.meta)
    assert lost == []
    template.save(book, tmp_path / "报送表.xlsx")
    after = read_submission(tmp_path / "报送表.xlsx")
    assert not [str(finding) for finding in after.findings if finding.severity == "错误"]
    pd.testing.assert_frame_equal(said(before.tables.facts), said(after.tables.facts))
    for table in ("claims", "evidence"):
        left, right = (getattr(s.tables, table).drop(columns=PLACE) for s in (before, after))
        pd.testing.assert_frame_equal(left, right)


def said(facts):
    reported = facts[facts["status"] != "missing"][CONTENT]
    return reported.sort_values(CONTENT[:4]).reset_index(drop=True)


def fact(item, stage, value, **other):
    base = {"county": "990002", "year": 2024, "data_year": 2023, "school": "", "qualifier": ""}
    base |= {"item": item, "stage": stage, "value": value, "status": "reported", "note": ""}
    return base | other


def school(code, stage, **other):
    base = {"county": "990002", "year": 2024, "school": code, "stage": stage, "name": f"虚构{code}"}
    return base | {"kind": "小学", "location": "镇区", "built": 0} | other


@pytest.fixture
def tables():
    facts = [
        fact("teachers_recruited", "all", 90.0, qualifier="以上"),
        fact("education_investment", "all", 2000.0, qualifier="近…余"),
        fact("schools", "senior", float("nan"), status="not_applicable"),
        fact("exam_recruited_teachers", "all", 0.0, note="=1+1"),
        fact("training_notices", "all", float("nan"), status="missing"),
        fact("operating_fund_county", "compulsory", 28.25),
        fact("operating_fund_county", "compulsory", 20.0, data_year=2021),
        fact("enrolment", "primary", 300.0, school="S01"),
        fact("enrolment", "junior", 210.0, school="S01"),
        fact("enrolment", "preschool", 88.0, school="K01"),
        fact("teachers_recruited", "all", 3.0, data_year=2019),
    ]
    schools = [
        school("S01", "primary", kind="九年一贯制学校", built=1998),
        school("S01", "junior", kind="九年一贯制学校", built=1998),
        school("K01", "preschool", kind="公办"),
    ]
    empty = read_submission(PUBLISHED / "410727-2020").tables
    return replace(
        empty,
        county="990002",
        year=EvaluationYear(2024),
        facts=pd.DataFrame(facts),
        schools=pd.DataFrame(schools).assign(note=""),
        claims=empty.claims.iloc[:0],
        evidence=empty.evidence.iloc[:0],
        exceptions=empty.exceptions.iloc[:0],
    )


def line(sheet, key, stage):
    return next(
        [cell.value for cell in row]
        for row in sheet.iter_rows(min_row=4)
        if (row[0].value, row[2].value) == (key, stage)
    )


def test_qualifiers_inapplicable_zero_and_missing_are_written_apart(tables):
    book = template.build("990002", "虚构县", 2024)
    template.fill(book, tables)
    sheet = book["县级指标"]
    assert line(sheet, "teachers_recruited", "全县")[5] == "90以上"
    assert line(sheet, "education_investment", "全县")[5] == "近2000余"
    assert line(sheet, "schools", "普通高中")[5] == "不涉及"
    assert line(sheet, "exam_recruited_teachers", "全县")[5] == 0
    assert line(sheet, "training_notices", "全县")[5] is None


def test_a_note_is_never_a_formula(tables, tmp_path):
    book = template.build("990002", "虚构县", 2024)
    template.fill(book, tables)
    template.save(book, tmp_path / "报送表.xlsx")
    sheet = load_workbook(tmp_path / "报送表.xlsx")["县级指标"]
    note = next(row[7] for row in sheet.iter_rows(min_row=4) if row[7].value)
    assert (note.value, note.data_type) == ("=1+1", "s")


def test_funds_of_another_year_have_a_row_of_their_own(tables):
    book = template.build("990002", "虚构县", 2024)
    template.fill(book, tables)
    sheet = book["专项资金"]
    assert (sheet["B4"].value, sheet["E4"].value) == (2023, 28.25)
    title = next(iter(PROGRAMMES.values()))[0]
    assert [sheet.cell(9, at).value for at in (1, 2, 5)] == [title, 2021, 20]


def test_schools_have_a_row_for_each_stage(tables):
    book = template.build("990002", "虚构县", 2024)
    template.fill(book, tables)
    sheet = book["学校"]
    enrolment = column(sheet, "在校生（在园幼儿）（人）")
    assert [cell.value for cell in sheet[5]][:6] == [
        *("S01", "虚构S01", "九年一贯制学校", "小学", "镇区", 1998)
    ]
    assert [sheet.cell(row, enrolment).value for row in (5, 6)] == [300, 210]
    assert book["幼儿园"]["A5"].value == "K01"
    assert book["幼儿园"].cell(5, 5).value is None


def test_what_has_no_cell_is_named(tables):
    book = template.build("990002", "虚构县", 2024)
    assert template.fill(book, tables) == ["2019年招聘教师（县级指标）"]


def test_more_schools_than_drawn_rows_look_alike(tables):
    many = pd.DataFrame([school(f"S{number:03}", "primary") for number in range(120)])
    book = template.build("990002", "虚构县", 2024)
    template.fill(book, replace(tables, schools=many.assign(note=""), facts=tables.facts.iloc[:1]))
    sheet = book["学校"]
    assert sheet["A124"].value == "S119"
    assert sheet["A124"]._style == sheet["A5"]._style


def test_a_workbook_that_was_opened_takes_more_rows_than_are_drawn(saved):
    book = load_workbook(saved)
    grid = Grid(book["学校"])
    last = grid.sheet.max_row
    for row in (last + 1, last + 2):
        grid.put(row, {"学校代码": f"99{row}"})
    assert len(set(book.named_styles)) == len(book.named_styles)
    assert grid.sheet.cell(last + 2, 1).protection.locked is False


def test_last_year_is_a_grey_start_and_schools_come_without_numbers(tables):
    book = template.build("990002", "虚构县", 2025)
    template.fill_last_year(book, tables)
    sheet = book["县级指标"]
    row = next(c.row for c in sheet["A"] if c.value == "teachers_recruited")
    assert [sheet.cell(row, at).value for at in (5, 6, 7)] == ["90以上", None, None]
    assert sheet.cell(row, 5).font.color.rgb == styles.SUGGESTED
    assert sheet.cell(row, 6).font.color is None
    assert not locked(sheet.cell(row, 5))
    schools = book["学校"]
    assert schools["B5"].value == "虚构S01"
    numbers = [schools.cell(5, column(schools, header)).value for header in SHEETS["学校"].numbers]
    assert set(numbers) == {None}


def problem(number, state, **other):
    texts = ("measure", "units", "office", "done", "note", "file", "sheet", "cell")
    return {
        **dict.fromkeys(texts, ""),
        **{"county": "990002", "year": 2024, "number": number, "point": "3.2.1", "state": state},
        **{"problem": f"问题{number}", "deadline": "2024-06-30", "paper": "整改报告"},
        **other,
    }


def test_problems_that_were_not_mended_are_carried_over_in_grey(tables):
    book = template.build("990002", "虚构县", 2025)
    rows = [problem(1, "已整改"), problem(2, "整改中", measure="扩建"), problem(3, "未整改")]
    last = replace(tables, last_round=schema.typed(rows, schema.TABLES["last_round"], {}))
    template.fill_last_year(book, last)
    sheet = book["上轮问题"]
    lines = list(sheet.iter_rows(min_row=4, max_row=6, values_only=True))
    assert [line[:3] for line in lines[:2]] == [(1, "3.2.1", "问题2"), (2, "3.2.1", "问题3")]
    assert lines[0][4:9] == ("扩建", None, "2024-06-30", "整改中", None)
    assert lines[0][9:] == (None, "2024年评价时尚未完成，原序号2")
    assert lines[2][2] is None
    state = sheet.cell(4, column(sheet, "整改状态"))
    assert state.font.color.rgb[-6:] == styles.SUGGESTED[-6:]


def test_another_county_or_year_is_refused(tables):
    for county, year in (("990003", 2024), ("990002", 2025)):
        with pytest.raises(FactsError, match="请更换后重试"):
            template.fill(template.build(county, "虚构县", year), tables)
    with pytest.raises(FactsError, match="模板需要990002的2023年评价数据"):
        template.fill_last_year(template.build("990002", "虚构县", 2024), tables)


def test_another_program_reads_and_writes_the_workbook(saved, tmp_path):
    """LibreOffice where it is installed; without it the file as openpyxl writes it again."""
    program, target = shutil.which("soffice"), tmp_path / "out" / saved.name
    target.parent.mkdir()
    if program:
        profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
        convert = ["--convert-to", "xlsx", "--outdir", str(target.parent), str(saved)]
        subprocess.run(
            [program, "--headless", profile, *convert], check=True, capture_output=True, timeout=120
        )
    else:
        load_workbook(saved).save(target)
    book, before = load_workbook(target), load_workbook(saved)
    assert book.sheetnames == before.sheetnames
    for name in SHEETS:
        assert [c.value for c in book[name][3]] == [c.value for c in before[name][3]]
        assert book[name].protection.sheet
    assert under(book["学校"], "学段").formula1 == '"小学,初中,普通高中,中等职业学校,特殊教育"'
    assert not locked(book["学校"]["G6"])
    assert locked(book["学校"]["G4"])
    assert "SUM(G5:G3004)" in book["学校"]["G4"].value
