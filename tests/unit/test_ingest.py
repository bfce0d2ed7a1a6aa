"""The door: what is wrong in a submission is named at its cell, and keeps it out of the store."""

import re

import pandas as pd
import pytest
from pyarrow import parquet

from dudao.base import workspace
from dudao.base.errors import FactsError
from dudao.facts import store
from dudao_pipeline.cli import main
from dudao_pipeline.intake import storing
from dudao_pipeline.intake.findings import errors
from dudao_pipeline.intake.submission import read_submission
from tests.unit import county


@pytest.fixture
def folder(tmp_path):
    return county.copy(tmp_path)


@pytest.fixture
def own_store(tmp_path, monkeypatch):
    monkeypatch.setenv("DUDAO_STORE", str(tmp_path / "store"))


FAULTS = [
    ("县级指标", 2, "基准年", "十万", "T01", "县级指标!E2", "的数字"),
    ("县级指标", 2, "数据年", "12人", "T01", "县级指标!F2", "以万元为单位的数字"),
    ("县级指标", 3, "学段", "小学部", "T02", "县级指标!C3", "最接近的是：小学"),
    ("县级指标", 2, "指标代码", "education_spending", "K02", "县级指标!A2", "不在指标字典中"),
    ("县级指标", 2, "学段", "小学", "K02", "县级指标!C2", "学段填报"),
    ("专项资金", 2, "项目", "公用经费", "T04", "专项资金!A2", "最接近的是"),
    ("专项资金", 3, "资金年度", "去年", "T03", "专项资金!B3", "四位年份"),
    ("专项资金", 4, "县级（万元）", "—元", "T01", "专项资金!E4", "以万元为单位的数字"),
    ("报告所列数据", 2, "原文数字", "约好", "T01", "报告所列数据!F2", "不是数字"),
    ("报告所列数据", 2, "学段", "全市", "T02", "报告所列数据!D2", "学段"),
    ("报告所列数据", 2, "指标代码", "no_such_item", "K02", "报告所列数据!I2", "不在指标字典中"),
]


@pytest.mark.parametrize(("sheet", "row", "column", "text", "code", "place", "what"), FAULTS)
def test_a_single_fault_gives_one_finding_at_its_cell(
    folder, sheet, row, column, text, code, place, what
):
    county.set_cell(folder, sheet, row, column, text)
    findings = {(f.code, f.place): f for f in county.problems(folder)}
    assert (code, f"{folder.name}/{place}") in findings
    assert {found for found, _ in findings} == {code}
    assert what in str(findings[code, f"{folder.name}/{place}"])


def test_all_faults_are_found_in_one_pass(folder):
    county.set_cell(folder, "县级指标", 2, "基准年", "十万")
    county.set_cell(folder, "专项资金", 2, "项目", "公用经费")
    county.set_cell(folder, "报告所列数据", 3, "原文数字", "若干")
    assert len(county.problems(folder)) == 3


def test_the_same_item_twice_is_refused(folder):
    lines = county.rows(folder, "县级指标")
    county.write(folder, "县级指标", [*lines, lines[1]])
    findings = county.problems(folder)
    assert {finding.code for finding in findings} == {"K01"}
    assert f"E{len(lines) + 1}" in {finding.cell for finding in findings}


def test_a_missing_sheet_and_a_missing_column_are_named(folder):
    (folder / "佐证材料.csv").unlink()
    lines = county.rows(folder, "县级指标")
    lines[0][lines[0].index("基准年")] = "上年数"
    county.write(folder, "县级指标", lines)
    texts = [str(finding) for finding in county.problems(folder)]
    assert any("佐证材料" in text and "缺少工作表" in text for text in texts)
    assert any("缺少列“基准年”" in text for text in texts)


def test_gb18030_is_read_and_an_unknown_encoding_is_named(folder):
    county.write(folder, "县级指标", county.rows(folder, "县级指标"), encoding="gb18030")
    assert county.problems(folder) == []
    (folder / "县级指标.csv").write_bytes(b"\xff\xff\xff\x00")
    assert [f.code for f in county.problems(folder)] == ["S03"]


def test_empty_zero_and_not_applicable_stay_apart_through_the_store(folder, own_store):
    county.set_item(folder, "education_expenditure", "全县", "基准年", "")
    county.set_item(folder, "education_expenditure", "全县", "数据年", "0")
    county.set_item(folder, "education_expenditure", "全县", "进展年", "不涉及")
    storing.write(read_submission(folder))
    facts = store.read("990002", 2024).facts.query("item == 'education_expenditure'")
    assert dict(zip(facts["data_year"], facts["status"], strict=True)) == {
        2022: "missing",
        2023: "reported",
        2024: "not_applicable",
    }


def test_errors_keep_a_file_out_and_leave_the_store_as_it_was(folder, own_store):
    storing.write(read_submission(folder))
    before = sorted(path.name for path in workspace.store().rglob("*") if path.is_file())
    county.set_cell(folder, "县级指标", 2, "基准年", "十万")
    with pytest.raises(FactsError, match="未入库"):
        storing.write(read_submission(folder))
    assert sorted(p.name for p in workspace.store().rglob("*") if p.is_file()) == before


def test_a_correction_replaces_what_is_read_and_keeps_the_old_file(folder, own_store):
    storing.write(read_submission(folder))
    county.set_item(folder, "education_expenditure", "全县", "数据年", "123")
    storing.write(read_submission(folder))
    facts = store.read("990002", 2024).facts
    value = facts.query("item == 'education_expenditure' and data_year == 2023")["value"].item()
    assert value == 123
    assert len(list((workspace.store() / "facts" / "data_year=2023").rglob("990002-*"))) == 2


def test_same_input_gives_the_same_bytes(folder, tmp_path, monkeypatch):
    contents = []
    for name in ("a", "b"):
        monkeypatch.setenv("DUDAO_STORE", str(tmp_path / name))
        storing.write(read_submission(folder))
        files = sorted(p for p in (tmp_path / name).rglob("*") if p.is_file())
        contents.append([(p.relative_to(tmp_path / name), p.read_bytes()) for p in files])
    assert contents[0] == contents[1]


@pytest.mark.parametrize("storage", ["python", "pyarrow"])
def test_how_a_process_holds_texts_changes_no_byte(folder, own_store, storage):
    with pd.option_context("mode.string_storage", storage):
        storing.write(read_submission(folder))
    path = next((workspace.store() / "facts").rglob("*.parquet"))
    assert set(map(str, parquet.read_schema(path).types)) == {"large_string", "int64", "double"}


def test_an_empty_store_says_what_to_run(own_store):
    with pytest.raises(FactsError, match="make report"):
        store.read("990001", 2024)


def test_an_absent_county_or_year_names_what_exists():
    with pytest.raises(FactsError, match="最接近的是：410727"):
        store.read("410728", 2024)
    with pytest.raises(FactsError, match="已有年度：2024"):
        store.read("990001", 2023)


def test_a_folder_of_another_name_or_with_another_code_inside_is_refused(folder, tmp_path):
    moved = folder.rename(tmp_path / "封丘")
    with pytest.raises(FactsError, match="六位代码-评价年度"):
        read_submission(moved)
    (found,) = errors(read_submission(moved.rename(tmp_path / "990003-2024")).findings)
    assert (found.code, found.sheet) == ("S11", "source.meta.yml") and "不一致" in found.what


def _findings(folder):
    return [(f.code, f.place.partition("/")[2]) for f in county.problems(folder)]


def test_a_short_row_is_read_and_a_number_that_is_none_is_named(folder):
    lines = county.rows(folder, "报告所列数据")
    lines[1] = lines[1][:7]
    lines[2][0] = "二"
    lines[3][4] = "2019上半年"
    county.write(folder, "报告所列数据", lines)
    assert _findings(folder) == [("T05", "报告所列数据!A3"), ("T05", "报告所列数据!E4")]


def test_a_school_without_a_code_is_refused_not_taken_for_the_county(folder):
    header = county.rows(folder, "学校")[0]
    row = ["", "虚构小学", "小学", "小学", "乡村", "", "80", *[""] * 9]
    county.write(folder, "学校", [header, row])
    assert _findings(folder) == [("T06", "学校!A2")]


def test_a_unit_other_than_the_dictionary_s_is_refused(folder):
    county.set_cell(folder, "县级指标", 2, "单位", "亿元")
    assert _findings(folder) == [("T07", "县级指标!D2")]


def test_headers_moved_widened_or_nearly_right_are_read_and_said(folder):
    lines = county.rows(folder, "县级指标")
    moved = [[line[at] for at in (3, 0, 1, 2, 6, 5, 4, 7)] for line in lines]
    moved[0] = [
        "单 位",
        "指标代号",
        "指标名称 ",
        "学段",
        "2024年（进展年）",
        "数据年",
        "基准年份",
        "备注",
    ]
    county.write(folder, "县级指标", moved)
    read = read_submission(folder)
    found = county.problems(folder)
    assert [(f.code, f.severity, f.sheet) for f in found] == [("H01", "提示", "县级指标")]
    assert "表头“指标代号”按“指标代码”读取" in str(found[0])
    before = read_submission(county.PLAIN).tables.facts[["item", "stage", "value"]]
    after = read.tables.facts[["item", "stage", "value"]]
    key = ["item", "stage", "value"]
    assert (
        before.sort_values(key)
        .reset_index(drop=True)
        .equals(after.sort_values(key).reset_index(drop=True))
    )


def test_habits_are_read_and_recorded(folder):
    county.set_item(folder, "education_expenditure", "全县", "数据年", "9.39亿元")
    county.set_item(folder, "education_expenditure", "全县", "基准年", "暂无")
    read = read_submission(folder)
    found = [(f.code, f.severity) for f in county.problems(folder)]
    assert found == [("H02", "提示"), ("H02", "提示")]
    facts = read.tables.facts.query("item == 'education_expenditure'")
    assert facts["value"].tolist()[1] == 93900
    assert "原填“9.39亿元”" in facts["note"].tolist()[1]


def test_versions_are_kept_and_their_difference_is_shown(folder, own_store, capsys):
    storing.write(read_submission(folder))
    county.set_item(folder, "per_pupil_expenditure", "小学", "数据年", "9000")
    assert storing.write(read_submission(folder)) == storing.ADDED
    assert storing.write(read_submission(folder)) == storing.UNCHANGED
    assert store.versions("990002", 2024) == [1, 2]
    assert main(["diff", "--county", "990002", "--year", "2024"]) == 0
    shown = capsys.readouterr().out
    assert "小学生均一般公共预算教育经费：5925.17元 → 9000元" in shown
    assert "只增不减（小学）：未达标（-20.07%） → 达标（21.42%）" in shown
    county.set_item(folder, "per_pupil_expenditure", "小学", "数据年", "9100")
    heads = ["评价要点", "自评结论", "自评得分", "说明", "责任单位", "日期"]
    county.write(folder, "自评", [heads, ["2.1.1", "达标", "", "财政投入增加", "", ""]])
    assert storing.write(read_submission(folder)) == storing.ADDED
    assert main(["diff", "--county", "990002", "--year", "2024"]) == 0
    shown = capsys.readouterr().out
    assert "结果变化0处\n仅数值变化" in shown
    assert re.search(r"只增不减（小学）：21\.42% → 22\.\d\d%（仍为达标）", shown)
    assert "“自评”表1处：" in shown and "2.1.1：新增　自评结论“达标”" in shown


def test_newer_checks_rewrite_what_the_same_input_gave(folder, own_store, monkeypatch, capsys):
    """The input is the same, the findings are not: the version stays, its content is renewed."""
    assert main(["ingest", str(folder)]) == 0
    before = store.read("990002", 2024)
    monkeypatch.setattr("dudao_pipeline.intake.submission.checks.run_on", lambda book: [])
    assert main(["ingest", str(folder)]) == 0
    assert "已按现行指标字典和检查规则重写" in capsys.readouterr().out
    after = store.read("990002", 2024)
    assert len(before.findings) > len(after.findings) == 0
    assert store.versions("990002", 2024) == [1]


def test_one_version_has_nothing_to_compare(folder, own_store, capsys):
    storing.write(read_submission(folder))
    assert main(["diff", "--county", "990002", "--year", "2024"]) == 2
    assert "只有一版" in capsys.readouterr().err
    assert main(["diff", "--county", "990002", "--year", "2024", "1"]) == 2
    assert "两个版次" in capsys.readouterr().err
