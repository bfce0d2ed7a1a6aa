"""The workbook end to end: a filled template goes in, comes out, and comes in again."""

import re
import shutil
from pathlib import PurePath

import openpyxl
import pytest

from dudao.facts import store
from dudao_pipeline.cli import main
from dudao_pipeline.intake import manifests
from dudao_pipeline.intake.submission import read_submission
from tests.cases.filled import EXAMPLE, cell_of, write_filled


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    return write_filled(tmp_path_factory.mktemp("workbook"))


def test_the_filled_template_goes_in_without_a_finding(filled):
    assert read_submission(filled).findings == []


def _store_files(folder):
    return {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_export_and_ingest_again_gives_the_same_facts_and_bytes(filled, tmp_path, monkeypatch):
    stores = []
    for name in ("one", "two"):
        monkeypatch.setenv("DUDAO_STORE", str(tmp_path / name))
        source = filled if name == "one" else tmp_path / filled.name
        assert main(["ingest", str(source)]) == 0
        target = str(tmp_path / filled.name)
        arguments = ["--county", "990100", "--year", "2024", "-o", target, "--overwrite"]
        assert main(["export", *arguments]) == 0
        stores.append(_store_files(tmp_path / name))
    assert (tmp_path / filled.name).read_bytes() == filled.read_bytes()
    assert stores[0] == stores[1]


def test_csv_twin_and_workbook_say_the_same(filled):
    key = ["data_year", "item", "stage", "school"]
    twin, book = (read_submission(path).tables.facts for path in (EXAMPLE / "990100-2024", filled))
    columns = [*key, "value", "status", "qualifier"]
    reported = [t[t["status"] != "missing"].sort_values(key)[columns] for t in (twin, book)]
    assert reported[0].reset_index(drop=True).equals(reported[1].reset_index(drop=True))


def test_an_error_leaves_the_store_as_it_was_and_the_report_marks_the_cell(
    filled, tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("DUDAO_STORE", str(tmp_path / "store"))
    assert main(["ingest", str(filled)]) == 0
    before = _store_files(tmp_path / "store")
    workbook = openpyxl.load_workbook(filled)
    cell = cell_of(workbook["县级指标"], "teachers_rewarded/全县", "数据年")
    cell.value = "许多"
    workbook.save(tmp_path / filled.name)
    reports = tmp_path / "检查"
    assert main(["ingest", str(tmp_path / filled.name), "--reports", str(reports)]) == 2
    assert f"县级指标!{cell.coordinate}：“许多”" in capsys.readouterr().err
    refusal, after = PurePath("refused/990100-2024.json"), _store_files(tmp_path / "store")
    assert "“许多”" in after.pop(refusal).decode()
    assert after == before
    names = sorted(path.name for path in reports.iterdir())
    assert names == ["报送表-已标注.xlsx", "报送表-检查结果.html", "报送表-检查结果.xlsx"]
    marked = openpyxl.load_workbook(reports / "报送表-已标注.xlsx")["县级指标"][cell.coordinate]
    assert "请填数字" in marked.comment.text


def test_evidence_files_are_sealed_and_copied_only_on_request(
    filled, tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("DUDAO_STORE", str(tmp_path / "store"))
    workbook = openpyxl.load_workbook(filled)
    cell_of(workbook["佐证材料"], "1.1.1", "文件").value = "项目清单.pdf"
    workbook.save(tmp_path / filled.name)
    (tmp_path / "项目清单.pdf").write_bytes(b"%PDF-1.4 fictional")
    assert main(["ingest", str(tmp_path / filled.name)]) == 0
    sealed = store.read("990100", 2024).evidence.iloc[0]
    assert (sealed["attachment"], sealed["size"]) == ("项目清单.pdf", 18)
    assert len(sealed["sha256"]) == 64
    outputs = tmp_path / "outputs"
    monkeypatch.setenv("DUDAO_OUTPUTS", str(outputs))
    (outputs / "2024" / "990100").mkdir(parents=True)
    assert main(["publish"]) == 0
    assert "没有运行结果，请先运行 dudao run\n发布0个县" in capsys.readouterr().out
    assert not list(outputs.rglob("*.pdf"))
    assert main(["publish", "--evidence", str(tmp_path)]) == 0
    copied = outputs / "2024" / "990100" / "佐证材料" / "项目清单.pdf"
    assert copied.read_bytes() == b"%PDF-1.4 fictional"
    (tmp_path / "项目清单.pdf").write_bytes(b"%PDF-1.4 changed!!!")
    shutil.rmtree(copied.parent)
    assert main(["publish", "--evidence", str(tmp_path)]) == 1
    assert not copied.exists()


def test_next_year_s_template_carries_schools_and_last_year_s_values(filled, tmp_path):
    path = tmp_path / "明年.xlsx"
    arguments = ["--county", "990100", "--year", "2025", "--from", str(filled), "-o", str(path)]
    assert main(["template", *arguments]) == 0
    workbook = openpyxl.load_workbook(path)
    base = cell_of(workbook["县级指标"], "education_expenditure/全县", "基准年")
    last = openpyxl.load_workbook(filled)["县级指标"]
    assert base.value == cell_of(last, "education_expenditure/全县", "数据年").value
    assert cell_of(workbook["县级指标"], "education_expenditure/全县", "数据年").value is None
    assert workbook["学校"]["B5"].value == "虚构第一小学"
    assert workbook["学校"]["G5"].value is None


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("报告.xlsx", b"%PDF-1.7 fictional", "PDF"),
        ("旧表.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "另存"),
        ("坏表.xlsx", b"PK\x03\x04 broken", "损坏|无法"),
    ],
)
def test_a_file_that_is_no_workbook_is_refused_with_what_to_do(
    filled, tmp_path, monkeypatch, capsys, name, content, message
):
    monkeypatch.setenv("DUDAO_STORE", str(tmp_path / "store"))
    assert main(["ingest", str(filled)]) == 0
    before = _store_files(tmp_path / "store")
    (tmp_path / name).write_bytes(content)
    assert main(["ingest", str(tmp_path / name)]) == 2
    shown = capsys.readouterr().err
    assert re.search(message, shown) and "库中原有数据未变" in shown
    assert _store_files(tmp_path / "store") == before


def test_a_blank_template_says_what_to_fill_in_first(tmp_path, capsys):
    path = tmp_path / "报送表.xlsx"
    assert main(["template", "--county", "230221", "--year", "2024", "-o", str(path)]) == 0
    assert main(["ingest", str(path)]) == 2
    assert "填写说明：缺少：数据来源" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--county", "23022", "--year", "2024"], "不是六位代码"),
        (["--county", "230299", "--year", "2024"], "最接近的是"),
        (["--county", "230221", "--year", "2019"], "没有2019年的评价方案"),
    ],
)
def test_a_template_for_no_county_or_year_is_refused(tmp_path, capsys, arguments, message):
    path = tmp_path / "报送表.xlsx"
    assert main(["template", *arguments, "-o", str(path)]) == 2
    assert message in capsys.readouterr().err
    assert not path.exists()


def test_a_level_far_from_the_other_counties_is_told_and_not_kept(
    filled, tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("DUDAO_STORE", str(tmp_path / "store"))
    assert main(["ingest", str(filled)]) == 0
    others = {
        key: {f"99010{number}": value for value in own.values() for number in range(1, 9)}
        for key, own in manifests.stored_levels().items()
    }
    monkeypatch.setattr(manifests, "stored_levels", lambda: others)
    workbook = openpyxl.load_workbook(filled)
    cell = cell_of(workbook["县级指标"], "per_pupil_expenditure/特殊教育", "数据年")
    cell.value = float(cell.value) * 6
    workbook.save(tmp_path / filled.name)
    capsys.readouterr()
    assert main(["ingest", str(tmp_path / filled.name), "--reports", str(tmp_path)]) == 0
    page = (tmp_path / "报送表-检查结果.html").read_text(encoding="utf-8")
    assert "L03" in page and "个县中位数" in page
    assert "L03" not in set(store.read("990100", 2024).findings["code"])


def test_an_output_folder_is_made_and_fictional_levels_are_no_peers(filled, tmp_path, monkeypatch):
    monkeypatch.setenv("DUDAO_STORE", str(tmp_path / "store"))
    target = tmp_path / "新建" / "报送表.xlsx"
    assert main(["template", "--county", "230221", "--year", "2024", "-o", str(target)]) == 0
    assert target.is_file()
    assert main(["ingest", str(filled)]) == 0
    levels = manifests.stored_levels()
    assert {county for own in levels.values() for county in own} == {"990100"}
    assert {fictional for fictional, *_ in levels} == {True}
