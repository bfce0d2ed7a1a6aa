"""An own table of an office: read as it is, mapped with reasons, nothing guessed or silent."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font
from tools.example import own_tables as foreign_tables

from dudao.base.errors import FactsError
from dudao.facts.sheet_layout import SCHOOLS
from dudao.law import EvaluationYear
from dudao_pipeline.cli import main
from dudao_pipeline.importing import import_maps, import_plans, reshaping, source_tables, telling
from dudao_pipeline.importing.filling_by_plan import Target, put_all
from dudao_pipeline.intake import template
from dudao_pipeline.intake.submission import read_submission
from dudao_pipeline.intake.template.grid import Grid
from tests.cases.odd_workbooks import Parts

YEAR = EvaluationYear(2024)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def planned(name: str, folder: Path) -> list[import_plans.Plan]:
    path = foreign_tables.write(name, folder)
    grids = source_tables.read_file(path)
    return [
        import_plans.propose(t) for grid in grids for t in source_tables.tables_of(path.name, grid)
    ]


def imported(folder: Path, *names: str, more: tuple[str, ...] = ()) -> int:
    paths = [str(foreign_tables.write(name, folder)) for name in names]
    return main(["import", *paths, "--county", "990100", "--year", "2024", *more])


def facts(folder: Path, name: str = "报送表.xlsx"):
    """Return the reported figures of a workbook by place, and its tables.

    Where the data come from is not filled in yet, which is found and leaves the tables as they are.
    """
    read = read_submission(folder / name).tables
    told = read.facts[read.facts["status"] == "reported"]
    keys = zip(told["school"], told["item"], told["stage"], told["data_year"], strict=True)
    return dict(zip(keys, told["value"], strict=True)), read


def test_a_list_of_schools_gives_rows_and_leaves_persons_out(folder, capsys):
    assert imported(folder, "school_list") == 0
    said = capsys.readouterr().out
    _, read = facts(folder)
    rows = set(zip(read.schools["school"], read.schools["stage"], strict=True))
    assert rows == {
        *(("9901000001", "primary"), ("9901000002", "primary"), ("9901000002", "junior")),
        *(("9901000003", "junior"), ("9901000004", "primary")),
    }
    assert set(read.schools["location"]) == {"城区", "镇区", "乡村"}
    assert set(read.schools["built"]) == {1998}
    assert "个人信息已略去：校长姓名、联系电话" in said
    written = (folder / "maps/school_list.yaml").read_text(encoding="utf-8") + said
    assert "赵某某" not in written and "13900000000" not in written


def test_conditions_find_the_schools_of_the_list_and_convert_what_the_head_says(folder, capsys):
    assert imported(folder, "school_list", "conditions") == 0
    values, _ = facts(folder)
    assert values["9901000001", "enrolment", "primary", 2023] == 1240
    assert values["9901000001", "equipment_value", "primary", 2023] == 1_864_200
    assert values["9901000003", "teaching_area", "junior", 2023] == 5200.5
    assert not any(code == "9901000002" for code, *_ in values)
    assert (
        "“虚构县石桥学校”（conditions.xlsx/Sheet1!A7）有几个学段，只有合计的数字没有按学段分开"
        in capsys.readouterr().out
    )


def test_a_school_with_two_stages_is_read_from_split_columns(folder):
    assert imported(folder, "school_list", "split_columns") == 0
    values, _ = facts(folder)
    assert values["9901000002", "enrolment", "primary", 2023] == 480
    assert values["9901000002", "classes", "junior", 2023] == 6


def test_kindergartens_are_numbered_in_a_stated_way_and_an_unknown_kind_is_asked(folder, capsys):
    assert imported(folder, "kindergartens") == 0
    said = capsys.readouterr().out
    values, read = facts(folder)
    assert list(read.schools["school"]) == [f"990100000{n}" for n in (1, 2, 3, 4)]
    assert values["9901000002", "outdoor_area", "preschool", 2023] == 700.5
    assert "4所学校（园）没有代码，按“县代码＋四位顺序号”编号" in said
    assert "kindergartens.xlsx/Sheet1!B9：办园性质“民办”" in said
    assert list(read.schools["kind"]) == ["公办", "公办", "普惠性民办", ""]


def test_funds_by_stage_and_year_fill_both_years(folder, capsys):
    assert imported(folder, "funds_by_stage", "funds_down") == 0
    values, _ = facts(folder)
    assert values["", "per_pupil_expenditure", "junior", 2022] == 16880
    assert values["", "per_pupil_non_personnel_expenditure", "vocational", 2023] == 4010
    assert values["", "fiscal_education_funding", "all", 2023] == 38100
    assert values["", "education_expenditure", "all", 2022] == 32110.4
    said = capsys.readouterr().out
    assert "未读取的行：普通高校" in said and "未读取的行：地方教育附加＞万元" in said


def test_a_budget_fills_the_tiers_and_no_total(folder):
    assert imported(folder, "budget") == 0
    values, _ = facts(folder)
    assert values["", "operating_fund_central", "compulsory", 2023] == 600
    assert values["", "living_allowance_fund_county", "compulsory", 2023] == 24
    assert len(values) == 12


def test_the_finer_of_two_units_is_used(folder):
    assert imported(folder, "yearbook") == 0
    values, _ = facts(folder)
    assert values["", "enrolment", "primary", 2023] == 12380
    assert values["", "schools", "junior", 2023] == 5
    assert values["", "kindergartens", "preschool", 2023] == 30


def test_every_sheet_is_read_and_a_school_of_unknown_kind_takes_its_sheets_stage(folder):
    assert imported(folder, "two_sheets") == 0
    values, read = facts(folder)
    assert sorted(values[key] for key in values if key[1] == "enrolment") == [88, 960, 1240]
    assert set(read.schools["name"]) == {"虚构县东关小学", "新村学校", "虚构县第二中学"}


def test_a_title_may_name_the_item_and_a_corner_may_be_blank(folder):
    sheets = {
        "标题": [
            ("生均一般公共预算教育经费（元）",),
            ("年份", "小学", "初中"),
            ("2022年", 12000, 16000),
        ],
        "空角": [
            ("2023年学校情况",),
            (None, "学校数（所）", "在校学生数（人）"),
            ("小学", 14, 12000),
        ],
        "决算": [
            ("2023年执行情况",),
            ("科目", "年初预算（万元）", "决算数（万元）", "上年决算数（万元）"),
            ("一般公共预算教育支出", 30000, 32000, 31000),
        ],
        "行列": [
            ("2023年（万元）",),
            ("资金来源", "城乡义务教育公用经费"),
            ("中央", 600),
            ("县级", 160),
        ],
    }
    for name, rows in sheets.items():
        foreign_tables.sheet_of(rows).save(folder / f"{name}.xlsx")
    paths = [f"{name}.xlsx" for name in sheets]
    assert main(["import", *paths, "--county", "990100", "--year", "2024"]) == 0
    values, _ = facts(folder)
    assert values == {
        ("", "per_pupil_expenditure", "primary", 2022): 12000,
        ("", "per_pupil_expenditure", "junior", 2022): 16000,
        ("", "schools", "primary", 2023): 14,
        ("", "enrolment", "primary", 2023): 12000,
        ("", "education_expenditure", "all", 2022): 31000,
        ("", "education_expenditure", "all", 2023): 32000,
        ("", "operating_fund_central", "compulsory", 2023): 600,
        ("", "operating_fund_county", "compulsory", 2023): 160,
    }


def test_what_is_doubtful_is_asked_and_not_imported(folder, capsys):
    assert imported(folder, "doubtful") == 0
    values, _ = facts(folder)
    assert {item for _, item, *_ in values} == {"sports_area"}
    said = capsys.readouterr().out
    for text in (
        "几列都是“在校生（在园幼儿）”，不知取哪一列",
        "没有写明单位（应为元）",
        "与“多媒体教室数”相近",
        "含小数，不像以人为单位的数",
        "比率、平均数或增减，由程序计算",
    ):
        assert text in said, text


def test_a_corrected_map_is_followed_and_serves_the_next_year(folder, capsys):
    assert imported(folder, "doubtful") == 0
    path = folder / "maps/doubtful.yaml"
    told = yaml.safe_load(path.read_text(encoding="utf-8"))
    for column in told["表"][0]["列"]:
        if column["表头"] == "教学仪器设备值":
            column |= {"采用": "是", "单位": "万元"}
        if column["表头"] == "学生数":
            column |= {"采用": "是", "对应": "enrolment"}
    path.write_text(yaml.safe_dump(told, allow_unicode=True), encoding="utf-8")
    assert imported(folder, "doubtful", more=("--overwrite",)) == 0
    values, _ = facts(folder)
    assert values["9901000001", "equipment_value", "primary", 2023] == 865_000
    assert values["9901000002", "enrolment", "junior", 2023] == 960
    assert "按对应表 doubtful.yaml" in capsys.readouterr().out
    assert imported(folder, "funds_by_stage", more=("-o", "经费.xlsx")) == 0
    book = foreign_tables.funds_by_stage()
    for cell, text in (
        ("A1", "2024年"),
        ("B4", "2023年"),
        ("C4", "2024年"),
        ("E4", "2023年"),
        ("F4", "2024年"),
    ):
        book.active[cell] = text
    book.save(folder / "次年.xlsx")
    capsys.readouterr()
    options = ["--county", "990100", "--year", "2025", "-o", "次年报送表.xlsx"]
    assert main(["import", "次年.xlsx", *options]) == 0
    assert "按对应表 funds_by_stage.yaml" in capsys.readouterr().out
    values, _ = facts(folder, "次年报送表.xlsx")
    assert values["", "per_pupil_expenditure", "primary", 2024] == 12310.4
    assert sorted(path.name for path in (folder / "maps").iterdir()) == [
        "doubtful.yaml",
        "funds_by_stage.yaml",
    ]


@pytest.mark.parametrize(
    ("sheet", "title", "stage"),
    [
        ("教基3115", "分类型学生数", "junior"),
        ("Sheet1", "表号：教基3118", "senior"),
        ("教基3112", "小学分类型学生数", "primary"),
        ("教基9999", "分类型学生数", ""),
    ],
)
def test_a_form_of_the_statistics_is_known_by_its_code_and_its_parts_are_no_wholes(
    folder, sheet, title, stage
):
    rows = [
        (title, None, None, "单位：人"),
        ("指标名称", "代码", "毕业生数", "在校生数", "#女", "一年级", "预计毕业生数"),
        ("甲", "乙", 1, 2, 3, 4, 5),
        ("总计", "01", 2000, 6200, 3000, 2100, 2020),
        ("#女", "02", 950, 3000, "-", 1000, 1000),
        ("#寄宿生", "5", 900, 3100, 1500, 1000, 1000),
    ]
    book = foreign_tables.sheet_of(rows)
    book.active.title = sheet
    book.save(folder / "2023年统计.xlsx")
    (grid,) = source_tables.read_file(folder / "2023年统计.xlsx")
    (plan,) = [
        import_plans.propose(table) for table in source_tables.tables_of("2023年统计.xlsx", grid)
    ]
    target = Target(template.build("990100", "虚构县", 2024), "990100", "虚构县", YEAR)
    put_all([plan], target)
    sheet_of_county = Grid(target.workbook["县级指标"])
    put = {
        (code, name): value
        for row, code, name in sheet_of_county.triples("指标代码", "学段")
        if (value := sheet_of_county.sheet.cell(row, 6).value) not in (None, "")
    }
    names = {"primary": "小学", "junior": "初中", "senior": "普通高中"}
    wanted = {("enrolment", names[stage]): 6200} if stage else {}
    assert put == wanted


def test_a_name_says_the_stage_where_no_column_does(folder):
    book = Workbook()
    for row in (("学校名称", "备注"), ("虚构县职业高中", "甲"), ("虚构县第一高中", "乙")):
        book.active.append(row)
    book.save(folder / "names.xlsx")
    assert main(["import", "names.xlsx", "--county", "990100", "--year", "2024"]) == 0
    _, read = facts(folder)
    stages = dict(zip(read.schools["name"], read.schools["stage"], strict=True))
    assert stages == {"虚构县职业高中": "vocational", "虚构县第一高中": "senior"}


def test_titles_by_grade_are_parts_and_only_their_whole_is_read(folder):
    book = Workbook()
    for row in (
        ("2023年教师职称分级情况（虚构）",),
        ("学校名称", "办学类型", "专任教师", None, None, None, "中级及以上职称教师"),
        (None, None, "合计", "副高级", "中级", "助理级"),
        ("虚构县东关小学", "小学", 72, 10, 40, 22, 50),
    ):
        book.active.append(row)
    for merged in ("A1:G1", "C2:F2", "A2:A3", "B2:B3", "G2:G3"):
        book.active.merge_cells(merged)
    book.save(folder / "titles.xlsx")
    assert main(["import", "titles.xlsx", "--county", "990100", "--year", "2024"]) == 0
    (grid,) = source_tables.read_file(folder / "titles.xlsx")
    (table,) = source_tables.tables_of("titles.xlsx", grid)
    columns = import_plans.propose(table).columns
    assert [part.use for part in columns] == [True, True, True, False, False, False, True]
    assert {part.why for part in columns[3:6]} == {"只是其中一部分（专任教师）"}
    values, _ = facts(folder)
    (row,) = {key[0] for key in values if key[0]}
    items = {key[1]: value for key, value in values.items() if key[0] == row}
    assert items == {"school_teachers": 72, "middle_title_teachers": 50}


def test_a_filled_workbook_keeps_its_figures_and_the_difference_is_told(folder, capsys):
    assert imported(folder, "school_list", "conditions") == 0
    book = foreign_tables.conditions()
    book.active["E6"] = 1300
    book.save(folder / "conditions2.xlsx")
    options = ["--county", "990100", "--year", "2024", "--into", "报送表.xlsx", "-o", "再填.xlsx"]
    assert main(["import", "conditions2.xlsx", *options]) == 0
    said = capsys.readouterr().out
    assert "为“1240”，conditions2.xlsx/Sheet1!E6 为“1300”，保留前者" in said
    values, _ = facts(folder, "再填.xlsx")
    assert values["9901000001", "enrolment", "primary", 2023] == 1240
    record = (folder / "再填-导入记录.csv").read_text(encoding="utf-8-sig")
    assert tuple(next(r for r in csv.reader(record.splitlines()) if r[0] == "不一致")[:2]) == (
        "不一致",
        "",
    )


def test_no_file_is_replaced_and_a_wrong_one_is_refused_in_plain_words(folder, capsys):
    assert imported(folder, "budget") == 0
    assert imported(folder, "budget") == 2
    assert "已经存在，没有改动" in capsys.readouterr().err
    (folder / "坏.xlsx").write_bytes(b"no workbook")
    for path in ("坏.xlsx", "没有.xlsx", "旧.xls"):
        if path == "旧.xls":
            (folder / path).write_bytes(b"")
        assert main(["import", path, "--county", "990100", "--year", "2024", "-o", "新.xlsx"]) == 2
    said = capsys.readouterr().err
    assert "Traceback" not in said and "另存" in said
    (folder / "maps/budget.yaml").write_text("表: [", encoding="utf-8")
    assert imported(folder, "budget", more=("--overwrite",)) == 2
    assert "budget.yaml 无法解析：第" in capsys.readouterr().err


def test_a_template_starts_from_a_list_of_schools(folder):
    path = foreign_tables.write("school_list", folder)
    options = ["--county", "990100", "--year", "2024", "--schools", str(path), "--short"]
    assert main(["template", *options]) == 0
    sheet = Grid(load_workbook(folder / "报送表.xlsx")[SCHOOLS])
    names = [name for _, name, _ in sheet.triples("学校名称", "学段") if name]
    assert len(names) == 5


def test_sixty_schools_are_typed_by_nobody(folder):
    """With a list and a table of conditions, 60 schools leave 20 cells to type at most."""
    rows = [("学校名称", "办学类型", "城乡", "建校年份")]
    heads = (
        "学校名称",
        "在校生数",
        "教学班数",
        "高于规定学历教师数",
        "县级及以上骨干教师数",
        "体育、艺术专任教师数",
        "教学及辅助用房面积（㎡）",
        "体育运动场馆面积（㎡）",
        "教学仪器设备值（万元）",
        "网络多媒体教室数",
        "最大班额",
        "音乐专用教室数",
        "美术专用教室数",
        "音乐专用教室最小面积（㎡）",
        "美术专用教室最小面积（㎡）",
    )
    figures = [("2023年办学条件（虚构）",), heads]
    for number in range(60):
        name = f"虚构第{number + 1}小学"
        rows.append((name, "小学", "镇区", 1999))
        figures.append((name, 300 + number, 8, 18, 3, 3, 2500, 3000, 80, 9, 44, 1, 1, 96, 90))
    for name, listed in (("名单", rows), ("条件", figures)):
        foreign_tables.sheet_of(listed).save(folder / f"{name}.xlsx")
    command = [
        "import",
        "名单.xlsx",
        "条件.xlsx",
        "--county",
        "990100",
        "--year",
        "2024",
        "--short",
    ]
    assert main(command) == 0
    sheet = load_workbook(folder / "报送表.xlsx")[SCHOOLS]
    shown = [c for c in sheet[3] if not sheet.column_dimensions[c.column_letter].hidden]
    asked = [c.column for c in shown if c.value != "备注"]
    blank = sum(sheet.cell(row, at).value is None for row in range(5, 65) for at in asked)
    assert blank <= 20


WORDS = st.sampled_from(
    [
        "学校名称",
        "在校生数",
        "合计",
        "男",
        "2023年",
        "小学",
        "单位：万元",
        "中央",
        "序号",
        "注：虚构",
        "1",
        "2023",
        "3.5",
        "12.5%",
        "—",
        "不涉及",
        "联系电话",
        "县级",
        "生均公用经费（元）",
        "学校名称",
        "虚构县",
        "虚构二县",
        "指标",
        "数值",
        "东关小学",
        "幼儿园",
        "（人）",
        "L1",
        "甲",
    ]
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.lists(st.none() | WORDS | st.integers(-5, 99999), min_size=1, max_size=6),
        min_size=1,
        max_size=9,
    )
)
def test_no_shape_raises_and_no_column_is_silent(rows):
    grid_rows = {}
    for number, row in enumerate(rows, start=1):
        line = {
            at: source_tables.Raw(
                str(v), source_tables.NUMBER if isinstance(v, int) else source_tables.TEXT
            )
            for at, v in enumerate(row, start=1)
            if v is not None
        }
        if line:
            grid_rows[number] = line
    grid = source_tables.Grid("表", True, grid_rows)
    book = template.build("990100", "虚构县", 2024, short=True) if not CACHE else CACHE[0]
    CACHE[:] = [book]
    for table in source_tables.tables_of("虚构.xlsx", grid):
        plan = import_plans.propose(table)
        said = "\n".join(telling.lines_of(plan))
        for column in table.columns:
            assert column.head in said
            part = next(p for p in plan.columns if p.at == column.at)
            assert part.why
        under = {column.at for column in table.columns}
        beside = {at for row in table.rows for at in grid_rows[row]} - under
        assert not beside or table.headless
        assert import_maps.signature(table) and import_maps.to_yaml([plan])
        put_all([plan], Target(book, "990100", "虚构县", YEAR))
        for listed in reshaping.as_lists([table]):
            turned = import_plans.propose(listed, "虚构县")
            assert "\n".join(telling.lines_of(turned)) and import_maps.to_yaml([turned])
            put_all([turned], Target(book, "990100", "虚构县", YEAR))


CACHE: list[Workbook] = []


def _written(folder: Path, rows: list[list], merges: tuple[str, ...] = ()) -> dict:
    """Import a sheet of our own making; return the figures by school and item."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for merge in merges:
        book.active.merge_cells(merge)
    book.save(folder / "本校表.xlsx")
    assert main(["import", "本校表.xlsx", "--county", "990100", "--year", "2024"]) == 0
    figures, read = facts(folder)
    names = dict(zip(read.schools["school"], read.schools["name"], strict=True))
    return {(names[s], item, stage): v for (s, item, stage, _), v in figures.items() if s}


def test_a_list_that_goes_on_beside_itself_is_read_as_two(folder):
    head = ["序号", "学校名称", "学段", "在校生"]
    rows = [
        [1, "虚构一小", "小学", 1200],
        [2, "虚构二小", "小学", 345],
        [3, "虚构三小", "小学", 88],
    ]
    beside = [[4, "虚构一中", "初中", 640], [5, "虚构二中", "初中", 512], [None] * 4]
    lines = [[*a, None, *b] for a, b in zip(rows, beside, strict=True)]
    figures = _written(folder, [[*head, None, *head], *lines])
    listed = [*rows, *beside[:2]]
    stages = {"小学": "primary", "初中": "junior"}
    assert figures == {(n, "enrolment", stages[s]): v for _, n, s, v in listed}


def test_a_cell_that_cannot_be_read_is_named(folder, capsys):
    rows = [["学校名称", "学段", "在校生", "班级数"], ["虚构一小", "小学", 1200, "=9+9"]]
    rows += [["虚构二小", "小学", None, 9], ["虚构三小", "小学", "#REF!", 6]]
    figures = _written(folder, rows, ("C2:C3",))
    assert {item for _, item, _ in figures} == {"classes"}
    said = capsys.readouterr().out
    assert "C2 合并了几行的数1200；D2 公式没有保存结果；C4 #REF!" in said
    assert "3格没有读取" in said and "格是公式" not in said


def test_heads_in_english_are_read_by_a_map_that_a_clerk_writes(folder, capsys):
    rows = [["School", "Stage", "Number", "Number"], ["虚构中心小学", "Junior", 7, 3]]
    rows += [["虚构一中", "初中", 640, 14], ["虚构二中", "初中", 512, 11]]
    assert _written(folder, rows) == {}
    path = folder / "maps/本校表.yaml"
    told = yaml.safe_load(path.read_text(encoding="utf-8"))
    told["表"][0]["种类"] = "学校"
    columns = told["表"][0]["列"]
    for column, target in zip(columns, ("学校名称", "学段", "在校生", "班级"), strict=True):
        column |= {"采用": "是", "对应": target}

    def written(**changes: object) -> int:
        columns[2] |= changes
        path.write_text(yaml.safe_dump(told, allow_unicode=True), encoding="utf-8")
        capsys.readouterr()
        call = ["import", "本校表.xlsx", "--county", "990100", "--year", "2024", "--overwrite"]
        return main(call)

    assert written() == 0
    assert "“虚构中心小学”（本校表.xlsx/Sheet!A2）看不出是哪个学段" in capsys.readouterr().out
    figures, _ = facts(folder)
    kept = {(item, value) for (school, item, *_), value in figures.items() if school}
    assert kept == {("enrolment", 640), ("enrolment", 512), ("classes", 14), ("classes", 11)}
    assert written(单位="元") == 2
    assert "“Number”的单位“元”不能换算为人" in capsys.readouterr().err
    told["表"][0]["列"] = None
    assert written() == 2
    assert "的“列”或“行”写得不完整" in capsys.readouterr().err


HEADS = {
    "gathered under titles": [
        ("学校名称", "学段", "学生和班级情况", None, "校舍", "教学仪器"),
        (None, None, "在校生", "班级", "教学及辅助用房", "设备值"),
        (None, None, "（人）", "（个）", "面积（㎡）", "（万元）"),
    ],
    "one head in three rows": [
        ("学校名称", "学段", "在校", "班级", "教学及辅助", "教学仪器"),
        (None, None, "学生", "数", "用房面积", "设备值"),
        (None, None, "人", "个", "㎡", "万元"),
    ],
}


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
@pytest.mark.parametrize("merges", [(), ("A1:A3", "B1:B3")])
def test_a_head_of_three_rows_is_read_as_one(folder, head, merges):
    figures = _written(folder, [*head, ("虚构一小", "小学", 1200, 27, 5200.5, 80)], merges)
    values = {item: value for (_, item, _), value in figures.items()}
    assert values == {
        "enrolment": 1200,
        "classes": 27,
        "teaching_area": 5200.5,
        "equipment_value": 800_000,
    }


def test_a_title_over_some_columns_is_part_of_their_heads(folder):
    rows = [
        ("学校（机构）基本情况", None, "民办学校", None, "学生情况"),
        ("学校名称", "学段", "班级数", "图书（册）", "在校生数"),
        ("虚构\n一小", "111普通小学", 27, 9000, 1200),
    ]
    figures = _written(folder, rows, ("A1:B1", "C1:D1"))
    assert figures == {("虚构一小", "enrolment", "primary"): 1200}
    (folder / "本校表.xlsx").unlink(), (folder / "报送表.xlsx").unlink()
    (folder / "报送表-导入记录.csv").unlink()
    rows = [(None, None, "寄宿生", None), ("学校名称", "学段", "在校生数", "班级数")]
    rows += [("虚构一小", "小学", 1200, 27)]
    assert _written(folder, rows, ("C1:D1",)) == {}


def test_a_title_of_several_units_gives_each_column_its_own(folder):
    rows = [
        ("二〇二三年办学条件　单位：人、平方米、万元",),
        ("学校名称", "学段", "在校生数", "教学及辅助用房面积", "教学仪器设备值"),
        ("虚构一小", "小学", 1200, 5200.5, 80),
    ]
    figures = {item: value for (_, item, _), value in _written(folder, rows).items()}
    assert figures == {"enrolment": 1200, "teaching_area": 5200.5, "equipment_value": 800_000}


def test_two_schools_of_one_name_are_two_and_a_struck_row_is_told(folder, capsys):
    rows = [
        ("学校代码", "学校名称", "学段", "在校生数"),
        ("9901000001", "虚构县东关小学", "小学", 1240),
        ("9901000002", "虚构县东关小学", "小学", 980),
        ("9901000003", "虚构县西关小学", "小学", 655),
    ]
    book = foreign_tables.sheet_of(rows)
    for cell in book.active[4]:
        cell.font = Font(strike=True)
    codes, said = filled(folder, book, capsys)
    assert codes == ["9901000001", "9901000002"]
    assert "按两所学校导入。请核对，并在名称中区别" in said and "A4 整行划了删除线" in said


def test_two_schools_with_one_code_are_told_and_a_comment_is(folder, capsys):
    book = foreign_tables.sheet_of(
        [
            ("学校代码", "学校名称", "学段", "在校生数"),
            ("9901000001", "虚构县东关小学", "小学", 1240),
            ("9901000001", "虚构县西关小学", "小学", 980),
        ]
    )
    book.active["D2"].comment = Comment("实为1250人", "甲")
    codes, said = filled(folder, book, capsys)
    assert codes == ["9901000001"]
    assert "“虚构县西关小学”和“虚构县东关小学”（list.xlsx/Sheet1!A2）的代码都是9901000001" in said
    assert "有批注，未读取：D2“实为1250人”" in said


HEAD = ("学校名称", "办学类型", "在校生数（人）", "班级数（个）")


def test_a_row_of_more_cells_than_those_above_is_refused(folder):
    lines = [",".join(HEAD), "虚构县东关小学,小学,1,135,27", "虚构县西关小学,小学,540,12"]
    (folder / "list.csv").write_text("\n".join(lines), encoding="gb18030")
    with pytest.raises(FactsError, match=r"第2行有5格，而它上面各行最多4格。.*英文逗号"):
        source_tables.read_file(folder / "list.csv")


def test_a_code_kept_as_text_in_a_csv_is_the_code(folder):
    (folder / "list.csv").write_text(
        '学校代码,学校名称\n="0012",虚构县东关小学\n', encoding="utf-8"
    )
    (grid,) = source_tables.read_file(folder / "list.csv")
    assert grid.rows[2][1].text == "0012"


def test_a_formula_shows_its_percent_and_a_code_that_lost_digits_is_not_read(folder):
    book = foreign_tables.sheet_of([HEAD, ("虚构县东关小学", "小学", 1135, 27)])
    sheet = book.active
    sheet["D2"], sheet["D2"].number_format = "=27/100", "0%"
    sheet["A2"] = 124107271234567890
    book.save(folder / "list.xlsx")
    parts = Parts.of((folder / "list.xlsx").read_bytes())
    parts.edit(sheet.title, lambda t: re.sub(r"</f><v ?/>|</f><v></v>", "</f><v>0.27</v>", t))
    (folder / "list.xlsx").write_bytes(parts.content())
    (grid,) = source_tables.read_file(folder / "list.xlsx")
    (table,) = source_tables.tables_of("list.xlsx", grid)
    assert table.text(2, 4) == "27%"
    assert table.text(2, 1) == ""
    assert table.unread == ["A2 “124107271234568000”存成了数值，末几位已经丢失"]


LIST = ("学校代码", "学校名称", "学段", "在校生数", "班级数", "图书（册）")
LISTED = [
    ("9901000001.0", "虚构县东关小学", "小学", 1240, 28, 31000),
    ("'9901000002", "虚构县西关小学", "小学", 980, 22, 25000),
    ("9.901000003E+09", "虚构县南关小学", "小学", 655, 15, 16400),
]


def filled(folder: Path, book: Workbook, capsys) -> tuple[list, str]:
    book.save(folder / "list.xlsx")
    command = ["import", "list.xlsx", "--county", "990100", "--year", "2024", "--overwrite"]
    assert main(command) == 0
    grid = Grid(load_workbook(folder / "报送表.xlsx")[SCHOOLS])
    return [code for _, code, _ in grid.triples("学校代码", "学校名称")], capsys.readouterr().out


def test_a_total_under_any_word_is_no_school_and_codes_are_read_as_meant(folder, capsys):
    total = ("9901009999", "虚构县教育局", "小学", 2875, 65, 72400)
    mean = ("", "平均", "", 958.33, 21.67, 24133.33)
    book = foreign_tables.sheet_of([LIST, *LISTED, total, mean])
    book.active["F1"], book.active["G1"], book.active["G3"] = "图书（册）", "网络多媒体教室数", "—"
    codes, said = filled(folder, book, capsys)
    assert codes == ["9901000001", "9901000002", "9901000003"]
    assert "写“—”“无”等的list.xlsx/Sheet1!G3按没有数据处理" in said
    assert "合计行（第5、6行）未作为学校读取" in said
    sheet = load_workbook(folder / "报送表.xlsx")[SCHOOLS]
    header = next(h for h in Grid(sheet).columns if h.startswith("班级"))
    assert [classes for *_, classes in Grid(sheet).triples("学校代码", header)] == [28, 22, 15]


def test_of_two_years_beside_each_other_the_data_year_is_read(folder, capsys):
    heads = ("学校代码", "学校名称", "学段", "2022年在校生数", "2023年在校生数")
    line = ("9901000001", "虚构县东关小学", "小学", 1180, 1240)
    _, said = filled(folder, foreign_tables.sheet_of([heads, line]), capsys)
    grid = Grid(load_workbook(folder / "报送表.xlsx")[SCHOOLS])
    header = next(h for h in grid.columns if h.startswith("在校生"))
    assert [pupils for *_, pupils in grid.triples("学校代码", header)] == [1240]
    assert "写的是2022年，报送表要数据年2023年的数，这些年的数字未导入" in said


def test_of_two_sheets_that_say_the_same_one_is_read_and_none_where_they_differ(folder, capsys):
    book = foreign_tables.sheet_of([LIST, *LISTED], title="学校表")
    book.copy_worksheet(book.active).title = "学校表 (2)"
    codes, said = filled(folder, book, capsys)
    assert (
        len(codes) == 3 and "list.xlsx/学校表、list.xlsx/学校表 (2)：内容相同，只读前一张" in said
    )
    book.copy_worksheet(book.active).title = "学校表副本"
    book["学校表 (2)"]["D2"] = 9999
    codes, said = filled(folder, book, capsys)
    assert codes == [] and "不知以哪一张为准，都未导入" in said


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16", "gb18030"])
def test_a_table_of_any_encoding_line_end_and_mark_is_read(folder, encoding):
    text = "\r".join("|".join(map(str, line)) for line in (LIST, *LISTED))
    (folder / "list.csv").write_bytes(text.encode(encoding))
    (grid,) = source_tables.read_file(folder / "list.csv")
    assert grid.rows[3][2].text == "虚构县西关小学"


def test_tabs_that_end_cells_part_none(folder):
    text = "\n".join(",".join(f"{cell}\t" for cell in line) for line in (LIST, *LISTED))
    (folder / "list.csv").write_text(text, encoding="utf-8")
    (grid,) = source_tables.read_file(folder / "list.csv")
    assert grid.rows[3][2].text == "虚构县西关小学"
    (folder / "list.csv").write_bytes(b"\xef\xbb\xbf")
    with pytest.raises(FactsError, match="是空文件"):
        source_tables.read_file(folder / "list.csv")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("虚构县东关", '"虚构县东关', "第2行"),
        ("虚构县南关", '"虚构县南关', "第4行"),
        ("虚构县东关", '"虚构县"东关', "第2行"),
        ("学校代码", "PK\x03\x04", "是Excel工作簿或压缩包"),
    ],
)
def test_a_table_with_a_stray_quote_is_refused_with_its_line(folder, old, new, said):
    text = "\n".join(",".join(map(str, line)) for line in (LIST, *LISTED))
    (folder / "list.csv").write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(FactsError, match=said):
        source_tables.read_file(folder / "list.csv")


def test_a_table_of_which_no_column_is_read_is_told_column_by_column(folder, capsys):
    book = foreign_tables.sheet_of([LIST, *LISTED], title="学校表")
    sheet = book.active
    sheet.insert_rows(1)
    sheet["A1"], sheet["E1"] = "甲乙丙丁", "其他"
    sheet.merge_cells("A1:D1")
    sheet.merge_cells(start_row=1, end_row=1, start_column=5, end_column=len(LIST))
    codes, said = filled(folder, book, capsys)
    assert codes == [] and "未导入" in said, said
