"""What a user types: every word that comes back is Chinese and names what is nearest."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
from openpyxl import load_workbook

from dudao.base import workspace
from dudao.base.errors import FactsError, ParameterError, nearest
from dudao.facts import store
from dudao.facts.county_names import code_of
from dudao_pipeline.cli import main
from tests.unit import county

ONE = ["--county", "990002", "--year", "2024"]
ENGLISH = re.compile(
    r"\b(usage|error|argument|expected|invalid|choice|required|unrecognized|option|show|help)\b"
)


@pytest.fixture
def own_store(tmp_path, monkeypatch):
    monkeypatch.setenv("DUDAO_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("DUDAO_OUTPUTS", str(tmp_path / "outputs"))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ([], "缺少必填项：命令"),
        (["ingst"], "没有命令“ingst”，最接近的是：ingest"),
        (["帮助"], "没有命令“帮助”，可用：template"),
        (
            ["template", "--conty", "990100", "--year", "2024"],
            "没有选项“--conty”，最接近的是：--co",
        ),
        (["template", "--county"], "--county：后面要写一个值"),
        (["template", "--county", "990100"], "缺少必填项：--year"),
        (["template", "--county", "990100", "--year", "去年"], "“去年”应是整数"),
        (["publish", "--p"], "选项“--p”不完整，可能是：--pdf, --public"),
        (["run", "-p", "county"], "后面要写2个值"),
        (["status", "多余"], "多余的参数：多余"),
        (["publish", "--draft=1"], "后面不带值，却写了'1'"),
        (["ingest"], "缺少必填项：文件或文件夹"),
        (["ingest", ""], "应是路径"),
    ],
)
def test_a_slip_of_typing_is_told_in_chinese(capsys, typed, said):
    with pytest.raises(SystemExit) as left:
        main(typed)
    told = capsys.readouterr().err
    assert left.value.code == 2
    assert said in told
    assert not ENGLISH.search(told.replace("--help", ""))


@pytest.mark.parametrize("command", ["", "template", "ingest", "run", "release", "remove"])
def test_the_usage_is_chinese(capsys, command):
    with pytest.raises(SystemExit):
        main([*filter(None, [command]), "--help"])
    told = capsys.readouterr().out
    assert told.startswith("用法：dudao")
    assert not ENGLISH.search(re.sub(r"--?[a-z-]+", "", told))


def test_the_package_runs_as_the_command():
    done = subprocess.run(
        [sys.executable, "-m", "dudao", "--help"], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("用法：dudao")


def test_full_width_forms_and_long_dashes_are_read(tmp_path):
    path = tmp_path / "报送表.xlsx"
    typed = ["template", "——county", "９９０１0０", "－－year", "２０２４", "-o", str(path)]
    assert main(typed) == 0
    assert path.is_file()


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("410727", "410727"),
        ("封丘县", "410727"),
        ("河南省新乡市封丘县", "410727"),
        ("990100", "990100"),
    ],
)
def test_a_county_is_known_by_code_and_name(typed, code):
    assert code_of(typed) == code


@pytest.mark.parametrize(
    ("typed", "among", "said"),
    [
        ("410728", None, "区划代码表中没有410728，最接近的是"),
        ("鼓楼区", None, "叫“鼓楼区”的县（区）有4个：320106（江苏省南京市鼓楼区）"),
        ("封邱县", None, "不是六位代码，也不是县名，最接近的是："),
        ("41072", None, "不是六位代码"),
        ("410727", {"410324"}, "封丘县（410727）没有入库的数据"),
        ("123456", {"410324"}, "“123456”不在区划代码表中"),
        ("410727", set(), "数据库是空的"),
    ],
)
def test_an_unknown_county_is_refused_with_what_is_nearest(typed, among, said):
    with pytest.raises(ParameterError, match=re.escape(said)):
        code_of(typed, among)


def test_a_hint_names_the_characters_that_nobody_sees():
    assert nearest("小学\u200b", ["小学"]).endswith("（所填含看不见或形似的字符：U+200B）")
    assert nearest("⼩学", ["小学", "初中"]).endswith("：U+2F29）")
    assert nearest("小学部", ["小学"]) == "，最接近的是：小学"


def test_a_submission_under_a_wrong_code_leaves_and_stays_in_the_archive(
    tmp_path, own_store, capsys
):
    folder = county.copy(tmp_path)
    assert main(["ingest", str(folder)]) == 0
    county.set_item(folder, "education_expenditure", "全县", "数据年", "65000")
    assert main(["ingest", str(folder)]) == 0
    assert main(["remove", *ONE, "--reason", " "]) == 2
    assert "请用 --reason 写明移出的理由" in capsys.readouterr().err
    assert main(["remove", *ONE, "--reason", "县代码填错"]) == 0
    assert "共2版" in capsys.readouterr().out
    assert store.submissions() == []
    archive = store.archive_path("990002", 2024) / "1"
    assert {path.name for path in archive.iterdir()} == {
        *("0001.json", "0002.json", "manifest.json"),
        store.REMOVAL,
    }
    with pytest.raises(FactsError, match="移出数据库（县代码填错）"):
        store.meta("990002", 2024)
    assert main(["ingest", str(folder)]) == 0
    assert store.removal("990002", 2024) is None
    assert store.versions("990002", 2024) == [1]


def test_every_missing_cell_stands_in_the_list_and_what_was_checked_is_told(
    tmp_path, own_store, capsys
):
    assert main(["ingest", str(workspace.data() / "example" / "990105-2024")]) == 0
    path = tmp_path / "报送表.xlsx"
    export = ["export", "--county", "990105", "--year", "2024", "-o", str(path)]
    assert main(export) == 0
    capsys.readouterr()
    assert main(["ingest", str(path), "--json", "--reports", str(tmp_path / "检查")]) == 0
    (told,) = json.loads(capsys.readouterr().out)
    missing = [found for found in told["findings"] if found["code"] == "Q01"]
    at = {(found["sheet"], found["cell"]) for found in missing}
    assert len(missing) > 100 and len({name for name, _ in at}) > 1
    sheet = load_workbook(path)["县级指标"]
    assert all(sheet[cell].value is None for name, cell in at if name == "县级指标" and cell)
    book = load_workbook(tmp_path / "检查" / "报送表-检查结果.xlsx")
    listed = [row for row in book["检查结果"].iter_rows(values_only=True) if row[1] == "Q01"]
    assert len(listed) == len(missing)
    checks = {one["title"]: one for one in told["checks"]}
    complete = checks["各要点所需数据齐全"]
    assert complete["found"] == len(missing)
    assert complete["looked"] == complete["passed"] + complete["found"] + complete["unjudged"]
    assert [row[0] for row in book["检查项目"].iter_rows(values_only=True)][1:] == list(checks)
    marked = load_workbook(tmp_path / "检查" / "报送表-已标注.xlsx")["县级指标"]
    fills = {marked[cell].fill.start_color.rgb for name, cell in at if name == "县级指标" and cell}
    assert fills == {"00BDD7EE"}
    page = (tmp_path / "检查" / "报送表-检查结果.html").read_text(encoding="utf-8")
    assert "<details>" in page and "检查了什么" in page


def test_a_missing_path_stops_no_other(tmp_path, own_store, capsys):
    folder = county.copy(tmp_path)
    assert main(["ingest", str(tmp_path / "没有.xlsx"), str(folder)]) == 1
    assert "找不到文件夹或文件" in capsys.readouterr().err
    assert store.submissions() == [("990002", 2024)]


UNFIT = {
    "is a file": ("文件/报送表.xlsx", "文件夹"),
    "is a folder": ("文件夹", "文件夹"),
    "is too long": (f"{'长' * 300}.xlsx", "文件名或路径过长"),
}


@pytest.mark.parametrize(("name", "said"), UNFIT.values(), ids=UNFIT)
@pytest.mark.parametrize("command", ["template", "check-report"])
def test_a_path_that_cannot_be_written_is_refused(
    tmp_path, own_store, monkeypatch, capsys, command, name, said
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "文件").write_text("一般公共预算教育支出81425.68万元。", encoding="utf-8")
    (tmp_path / "文件夹").mkdir()
    (tmp_path / "报告.txt").write_text("小学在校生120人。", encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))
    typed = {"template": [*ONE, "-o"], "check-report": ["报告.txt", "--text"]}[command]
    assert main([command, *typed, name]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert "详情见" not in told
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("name", ["报送表.csv", "报送表.pdf", "报送表", f"{'长' * 300}.xlsx"])
def test_a_file_that_is_no_workbook_is_refused_by_name(tmp_path, own_store, capsys, name):
    if len(name) < 100:
        (tmp_path / name).write_text("x", encoding="utf-8")
    assert main(["ingest", str(tmp_path / name)]) == 2
    told = capsys.readouterr().err
    assert "请" in told and "详情见" not in told


def test_a_store_is_not_called_whole_by_a_workbook_that_cannot_be_read(tmp_path, own_store, capsys):
    county.copy(tmp_path)
    assert main(["check-store", str(tmp_path / "没有.xlsx")]) == 2
    assert "没有能读的报送表" in capsys.readouterr().err
