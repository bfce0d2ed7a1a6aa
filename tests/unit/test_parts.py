"""A workbook in parts for many hands: divided, filled, put together; what differs is told."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

from dudao.facts.sheet_layout import COUNTY, KINDERGARTENS, SCHOOLS
from dudao_pipeline.cli import main
from dudao_pipeline.intake import collecting, parts, template
from dudao_pipeline.intake.submission import read_submission
from dudao_pipeline.intake.template.grid import Grid

EXAMPLE = Path(__file__).parents[2] / "data/example/990102-2024"
CONTENT = ["data_year", "item", "stage", "school", "value", "status", "qualifier"]
KEPT = 6  # schools and kindergartens: enough to divide


@cache
def submission():
    return read_submission(EXAMPLE)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The one workbook, filled, with a few schools."""
    sub, path = submission(), tmp_path_factory.mktemp("whole") / "报送表.xlsx"
    tables = sub.tables
    gardens = tables.schools[tables.schools["stage"] == "preschool"]["school"].unique()[:2]
    schools = tables.schools[tables.schools["stage"] != "preschool"]["school"].unique()[: KEPT - 2]
    few = {*gardens, *schools}
    facts = tables.facts[(tables.facts["school"] == "") | tables.facts["school"].isin(few)]
    listed = tables.schools[tables.schools["school"].isin(few)]
    book = template.build("990102", sub.meta["county_name"], 2024)
    template.fill(book, replace(tables, facts=facts, schools=listed))
    template.fill_origin(book, sub.meta)
    template.save(book, path)
    return path


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(path: Path) -> pd.DataFrame:
    facts = read_submission(path).tables.facts
    reported = facts[facts["status"] != "missing"][CONTENT]
    return reported.sort_values(CONTENT[:4]).reset_index(drop=True)


def divide(whole: Path, by: str, folder: Path) -> list[Path]:
    assert main(["split", str(whole), "--by", by, "-o", str(folder / by)]) == 0
    return sorted((folder / by).iterdir())


def set_cell(path: Path, sheet: str, row: int, header: str, value: object) -> str:
    book = load_workbook(path)
    grid = Grid(book[sheet])
    cell = grid.sheet.cell(row, grid.columns[header])
    cell.value = value
    book.save(path)
    return cell.coordinate


def test_the_parts_say_together_what_the_one_workbook_says(whole, folder, capsys):
    by_office, by_school = divide(whole, "office", folder), divide(whole, "school", folder)
    assert len(by_school) == KEPT
    assert [path.stem for path in by_office] == sorted(set(parts.offices().values()))
    empty = folder / "空表.xlsx"
    book = template.build("990102", submission().meta["county_name"], 2024)
    template.fill_origin(book, submission().meta)
    template.save(book, empty)
    command = ["collect", "office", "school", "--into", str(empty), "-o", "汇总.xlsx"]
    assert main(command) == 0
    assert "还没有收到" not in capsys.readouterr().out
    pd.testing.assert_frame_equal(said(folder / "汇总.xlsx"), said(whole))


def test_a_part_has_only_its_rows_and_their_rules(whole, folder):
    first = divide(whole, "school", folder)[0]
    book = load_workbook(first)
    name = SCHOOLS if SCHOOLS in book.sheetnames else KINDERGARTENS
    assert set(book.sheetnames) == {"填写说明", name, parts.LIST}
    grid = Grid(book[name])
    codes = {str(book[name].cell(row, 1).value) for row in range(4, book[name].max_row + 1)}
    assert codes == {first.stem.split("-")[0]}
    rules = book[name].data_validations.dataValidation
    assert {rule.type for rule in rules} >= {"list", "custom"}
    assert grid.columns


def test_two_parts_with_two_values_are_told_with_both_places_and_neither_is_taken(
    whole, folder, capsys
):
    made = divide(whole, "school", folder)
    twin = folder / "school" / "另一份.xlsx"
    twin.write_bytes(made[0].read_bytes())
    book = load_workbook(twin)
    name = next(n for n in book.sheetnames if n in (SCHOOLS, KINDERGARTENS))
    header = next(h for h in Grid(book[name]).columns if h.startswith("班级"))
    at = set_cell(twin, name, 4, header, 77)
    assert main(["collect", "school", "-o", "汇总.xlsx"]) == 1
    told = capsys.readouterr().out
    assert "没有写明" not in told
    assert parts.meta_of(load_workbook(folder / "汇总.xlsx")) == parts.meta_of(load_workbook(whole))
    assert f"{made[0].name}/{name}!{at} 填“" in told
    assert f"另一份.xlsx/{name}!{at} 填“77”，都未采用" in told
    record = (folder / "汇总-汇总记录.csv").read_text(encoding="utf-8-sig")
    assert "不一致" in record and f"{made[1].name}/" in record


def test_what_is_missing_is_named_and_a_corrected_part_is_put_in_again(whole, folder, capsys):
    made = divide(whole, "school", folder)
    assert main(["collect", *map(str, made[1:]), "-o", "汇总.xlsx"]) == 0
    assert f"还没有收到：{made[0].stem}。" in capsys.readouterr().out
    name = next(n for n in load_workbook(made[1]).sheetnames if n in (SCHOOLS, KINDERGARTENS))
    header = next(h for h in Grid(load_workbook(made[1])[name]).columns if h.startswith("班级"))
    set_cell(made[1], name, 4, header, 88)
    command = ["collect", str(made[1]), "--into", "汇总.xlsx", "-o", "更正.xlsx"]
    assert main(command) == 0
    told = capsys.readouterr().out
    assert "改为“88”" in told
    assert 88 in list(read_submission_values(folder / "更正.xlsx"))


def read_submission_values(path: Path):
    book = load_workbook(path)
    return {cell.value for name in (SCHOOLS, KINDERGARTENS) for row in book[name] for cell in row}


def test_what_cannot_be_put_in_is_told_and_the_others_go_on(whole, folder, capsys):
    made = divide(whole, "office", folder)
    (folder / "office" / "坏.xlsx").write_bytes(b"no workbook")
    funds = next(path for path in made if path.stem == "计财股")
    book = load_workbook(funds)
    book[COUNTY]["F5"] = "=1+1"
    book[COUNTY]["A4"], book[COUNTY]["A6"] = "no_such_item", None
    book.save(funds)
    assert main(["collect", "office", "--into", str(whole), "-o", "汇总.xlsx"]) == 1
    told = capsys.readouterr().out
    assert "坏.xlsx" in told and "计财股.xlsx/县级指标!F5" in told
    assert "报送表没有“no_such_item" in told
    assert "计财股.xlsx/县级指标!A6：没有填指标代码，这一行未汇总" in told


def test_nothing_is_replaced_and_another_countys_part_is_left_out(whole, folder, capsys):
    divide(whole, "office", folder)
    assert main(["split", str(whole), "--by", "office", "-o", "office"]) == 2
    assert "已经存在，没有改动" in capsys.readouterr().err
    other = template.build("990100", "虚构县", 2024)
    template.save(other, folder / "外县.xlsx")
    assert main(["collect", "office/计财股.xlsx", "--into", "外县.xlsx", "-o", "汇总.xlsx"]) == 1
    assert "是990102的2024年分表，汇总的是990100的2024年" in capsys.readouterr().out
    (folder / "分工.yaml").write_text("计财股: ['2.1']", encoding="utf-8")
    command = ["split", str(whole), "--by", "office", "--offices", "分工.yaml", "-o", "再分"]
    assert main(command) == 2
    assert "由哪个科室填报" in capsys.readouterr().err
    assert main(["split", str(whole), "--by", "office", "-o", "收 回"]) == 0
    assert 'dudao collect "收 回" -o 汇总报送表.xlsx' in capsys.readouterr().out


def test_a_stage_in_other_words_is_the_same_row_and_an_unknown_code_is_told(whole, folder):
    part = divide(whole, "school", folder)[0]
    book = load_workbook(part)
    name = next(name for name in (SCHOOLS, KINDERGARTENS) if name in book.sheetnames)
    sheet = book[name]
    if name == SCHOOLS:
        sheet["D4"] = " ".join(sheet["D4"].value)
    sheet.append(["9901029999", *[cell.value for cell in sheet[4]][1:]])
    book.save(part)
    before = set(collecting.Collection(load_workbook(whole)).grids[name].rows)
    collection = collecting.Collection(load_workbook(whole))
    collection.add(collecting.read_part(part))
    (added,) = set(collection.grids[name].rows) - before
    assert added[0] == "9901029999"
    assert [line for line in collection.done.changes if "新增一行" in line and added[0] in line]


def collected(whole: Path, part: Path) -> collecting.Collected:
    return collecting.collect([part], load_workbook(whole), lambda done: None)


def test_a_part_is_read_as_a_workbook_is(whole, folder):
    """The year in other words, a renamed head; what no reader knows is told and not taken."""
    part = divide(whole, "school", folder)[0]
    name = next(n for n in load_workbook(part).sheetnames if n in (SCHOOLS, KINDERGARTENS))
    year = set_cell(part, "填写说明", 6, "填写内容", "2024年")
    assert load_workbook(part)["填写说明"][f"A{year[1:]}"].value == "评价年度"
    header = next(h for h in Grid(load_workbook(part)[name]).columns if h.startswith("在校生"))
    at = set_cell(part, name, 4, header, "约1135（含）")
    book = load_workbook(part)
    book[name]["BA4"] = "没有表头"
    book.save(part)
    done = collected(whole, part)
    assert not [line for line in done.changes if header in line or at in line]
    (problem,) = done.problems
    assert f"{name}!{at}：“约1135（含）”不是以人为单位的数字" in problem
    (notice,) = done.notices
    assert "BA4没有表头，未读取" in notice


@pytest.mark.parametrize(("column", "text"), [("单位", "亿元"), ("指标名称", "经费（亿元）")])
def test_a_row_of_a_part_in_another_unit_is_not_taken(whole, folder, column, text):
    divide(whole, "office", folder)
    part = folder / "office/计财股.xlsx"
    header = next(h for h in Grid(load_workbook(part)[COUNTY]).columns if "数据年" in h)
    set_cell(part, COUNTY, 4, header, 7.5)
    at = set_cell(part, COUNTY, 4, column, text)
    done = collected(whole, part)
    assert not done.changes
    assert f"计财股.xlsx/{COUNTY}!{at}：" in done.problems[0] and "亿元" in done.problems[0]


def test_what_is_no_part_in_a_folder_is_told(whole, folder, capsys):
    divide(whole, "school", folder)
    for name in ("甲.csv", "乙.xls"):
        (folder / "school" / name).write_text("学校代码,1", encoding="gb18030")
    (folder / "school/更多").mkdir()
    (folder / "school/更多/丙.xlsx").write_bytes(b"PK")
    assert main(["collect", "school", "--into", str(whole), "-o", "汇总.xlsx"]) == 1
    said = capsys.readouterr().out
    assert "甲.csv：是CSV或文本文件" in said and "乙.xls：是CSV或文本文件" in said
    assert "更多”（1份）中还有报送表" in said


@pytest.mark.parametrize("at", [1, 4])
def test_a_workbook_with_rows_moved_is_not_divided(whole, folder, at, capsys):
    book = load_workbook(whole)
    book[SCHOOLS].insert_rows(at) if at == 1 else book[SCHOOLS].delete_rows(at)
    book.save(folder / "改过.xlsx")
    assert main(["split", "改过.xlsx", "--by", "school", "-o", "分表"]) == 2
    said = capsys.readouterr().err
    assert f"改过.xlsx/{SCHOOLS}：第{3 if at == 1 else 4}行" in said and "勿增删行列" in said
