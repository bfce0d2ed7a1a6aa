"""What a submission says of itself: every fault is named, together with what is wrong elsewhere."""

import io

import openpyxl
import pytest
import yaml

from dudao.base import yaml_text
from dudao.base.errors import FactsError
from dudao.facts import store
from dudao.facts.sheet_layout import GUIDE
from dudao_pipeline.cli import main
from dudao_pipeline.intake.findings import errors
from dudao_pipeline.intake.submission import county_and_year, read_submission
from tests.cases.odd_workbooks import base
from tests.unit import county


@pytest.fixture
def folder(tmp_path):
    return county.copy(tmp_path)


def _origin(folder, **changed):
    path = folder / "source.meta.yml"
    meta = yaml.safe_load(path.read_text(encoding="utf-8")) | changed
    meta = {key: value for key, value in meta.items() if value != "left out"}
    path.write_text(yaml.safe_dump(meta, allow_unicode=True), encoding="utf-8")


def _said(folder):
    found = errors(read_submission(folder).findings)
    return "\n".join(f.what for f in found if f.code == "S11")


FAULTS = [
    ({"county_name": "left out", "title": None}, "缺少：county_name、title。"),
    ({"county": "99000"}, "县（区）代码“99000”不是六位数字。"),
    ({"county": "410799"}, "区划代码表中没有410799，最接近的是"),
    (
        {"county": "230221", "county_name": "齐齐哈尔市依安县"},
        "县（区）代码230221是黑龙江省齐齐哈尔市龙江县，而县（区）名称是“齐齐哈尔市依安县”。",
    ),
    ({"county": "990003"}, "county、year 与文件夹名不一致。"),
    ({"year": "二四"}, "评价年度“二四”不是四位年份。"),
    ({"fictional": "false"}, "fictional应为 true 或 false"),
    ({"notes": "一条"}, "notes应为若干行，每行以“- ”开头。"),
    ({"left_out": [{"a": 1}]}, "left_out应为一行文字。"),
    ({"county_name": ["虚构县"]}, "county_name应为一行文字。"),
    ({"title": "x" * 1001}, "title超过1000字。"),
    ({"title": "虚构\ufffe报告"}, "title含不能使用的字符U+FFFE。"),
    ({"url": "javascript:alert(1)"}, "url应以 http:// 或 https:// 开头。"),
    ({"own": {"a": {"b": 1}}}, "own应为一行文字。"),
]


@pytest.mark.parametrize(("changed", "said"), FAULTS, ids=[said for _, said in FAULTS])
def test_each_fault_of_an_origin_is_named(folder, changed, said):
    _origin(folder, **changed)
    assert said in _said(folder)


def test_a_rightly_filled_origin_is_accepted(folder):
    _origin(folder, published=None, retrieved="2026-11", url="https://a.cn/1", notes=["一", 2])
    assert _said(folder) == ""


def test_the_cover_s_faults_and_those_of_the_cells_are_listed_together(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("DUDAO_STORE", str(tmp_path / "库"))
    book = openpyxl.load_workbook(io.BytesIO(base()))
    rows = {book[GUIDE].cell(row, 1).value: row for row in range(1, 20)}
    book[GUIDE].cell(rows["县（区）代码"], 2).value = "41079"
    book[GUIDE].cell(rows["数据来源"], 2).value = None
    book["县级指标"]["F4"].value = "许多"
    book.save(tmp_path / "报送表.xlsx")
    assert main(["ingest", str(tmp_path / "报送表.xlsx")]) == 2
    said = capsys.readouterr().err
    assert "报送表.xlsx/填写说明：缺少：数据来源。请补上。" in said
    assert f"填写说明!B{rows['县（区）代码']}：县（区）代码“41079”不是六位数字。" in said
    assert "县级指标!F4：“许多”不是以万元为单位的数字" in said
    assert store.submissions() == []
    assert county_and_year(tmp_path / "报送表.xlsx") is None


def test_a_cover_without_a_year_names_every_fault_of_it(tmp_path):
    book = openpyxl.load_workbook(io.BytesIO(base()))
    rows = {book[GUIDE].cell(row, 1).value: row for row in range(1, 20)}
    book[GUIDE].cell(rows["评价年度"], 2).value = "去年"
    book[GUIDE].cell(rows["县（区）代码"], 2).value = "4107"
    book.save(tmp_path / "报送表.xlsx")
    with pytest.raises(FactsError, match=r"4107(.|\n)*去年(.|\n)*请更正后重试。$"):
        read_submission(tmp_path / "报送表.xlsx")


YAML = {
    "a: b: c": "第1行附近一行中有两个英文冒号",
    "a: [1, 2": "没有配对",
    "a: 'x": "引号没有配对",
    "\tb: 1": "制表符",
    "a: *z": "未定义的引用",
    "a: !!python/object/apply:os.system [id]": "不允许的标记",
    "a: \x00": "控制字符",
    "date: 2024-13-45": "写错的日期或数字",
    "a\n---\nb": "一个文件中只能有一份内容",
    "- a\nb: 1": "第2行附近",
}


@pytest.mark.parametrize(("text", "why"), YAML.items(), ids=range(len(YAML)))
def test_what_is_wrong_with_a_yaml_file_is_said_in_chinese(folder, text, why):
    (folder / "source.meta.yml").write_text(text, encoding="utf-8")
    with pytest.raises(FactsError) as raised:
        read_submission(folder)
    said = str(raised.value)
    assert why in said and said.endswith("请按样例更正，存为UTF-8。")
    left = said.replace(folder.name, "").replace("source.meta.yml", "").replace("UTF-8", "")
    assert not any(word in left for word in ("while", "expected", "found", "line", "not"))


def test_a_reason_that_nobody_foresaw_is_said_in_chinese_too():
    assert yaml_text.explain(yaml.YAMLError("something new")) == "不合YAML的写法"


def test_folders_below_the_one_that_is_named_are_told(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("DUDAO_STORE", str(tmp_path / "库"))
    monkeypatch.setenv("DUDAO_OUTPUTS", str(tmp_path / "果"))
    county.copy(tmp_path / "各县", county="990901")
    county.copy(tmp_path / "各县/甲市/补报", county="990902")
    (tmp_path / "各县/佐证材料").mkdir()
    (tmp_path / "各县/佐证材料/附件.xlsx").write_bytes(b"x")
    assert main(["ingest", str(tmp_path / "各县")]) == 0
    said = capsys.readouterr().err
    assert f"下级文件夹“{tmp_path / '各县/甲市/补报'}”（1份）中还有" in said
    assert "佐证材料”" not in said
    assert store.submissions() == [("990901", 2024)]
    assert main(["ingest", str(tmp_path / "各县/甲市")]) == 2
    assert "补报”（1份）中还有" in capsys.readouterr().err
