"""Files as they come: painted to the last row, broken CSV, two of one county, a foreign list."""

import io
import os
import resource
import zipfile
from pathlib import Path

import pytest

import dudao_pipeline
from dudao.base.errors import FactsError, ParameterError
from dudao.base.yaml_text import read_own
from dudao.case import open_case
from dudao_pipeline.cli import main
from dudao_pipeline.intake import refusals
from dudao_pipeline.intake.csv_twin import read_folder
from dudao_pipeline.intake.excel_grid import read_grids
from dudao_pipeline.intake.file_safety import check_file
from dudao_pipeline.intake.findings import errors
from dudao_pipeline.intake.submission import county_and_year, is_submission, read_submission
from tests.cases.odd_workbooks import EVIDENCE, Parts, _own_list, base, plain_workbook
from tests.unit import county

LAST = 1_048_576
MIB = 1 << 20


def _painted(path, columns):
    """Write the small workbook with a sheet whose format goes down to the last row."""
    parts = Parts.of(base())
    sheet = parts.sheets[EVIDENCE]
    before, _, after = parts.parts[sheet].partition(b"</sheetData>")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, content in parts.parts.items():
            if name != sheet:
                package.writestr(name, content)
        with package.open(sheet, "w", force_zip64=True) as part:
            part.write(before)
            for start in range(10, LAST + 1, 8192):
                rows = range(start, min(start + 8192, LAST + 1))
                part.write("".join(_row(row, columns) for row in rows).encode())
            part.write(b"</sheetData>" + after)


def _row(row, columns):
    return f'<row r="{row}">{"".join(f"""<c r="{c}{row}" s="1"/>""" for c in columns)}</row>'


def test_a_format_painted_to_the_last_row_is_passed_over_in_bounded_memory(tmp_path):
    path = tmp_path / "报送表.xlsx"
    _painted(path, "AB")
    with zipfile.ZipFile(path) as package:
        assert sum(entry.file_size for entry in package.infolist()) > 60 * MIB
    child = os.fork()
    if child == 0:
        code = 1
        try:
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            check_file(path)
            grid = next(grid for grid in read_grids(path) if grid.title == EVIDENCE)
            grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
            code = 0 if sorted(grid.rows) == [1, 3, 4] and grown < 100 * 1024 else 2
        finally:
            os._exit(code)
    assert os.waitpid(child, 0)[1] == 0


def _csv(tmp_path, content, name="佐证材料"):
    folder = county.copy(tmp_path)
    (folder / f"{name}.csv").write_bytes(content)
    return folder


HEADER = "评价要点,材料名称,出具单位,文号,日期,文件,备注\n"
LINES = "".join(f"1.1.1,文件{n},县政府,〔2023〕{n}号,2023-03-0{n},,\n" for n in range(1, 6))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_csv_of_any_line_end_and_encoding_is_read(tmp_path, end, encoding):
    folder = _csv(tmp_path, (HEADER + LINES).replace("\n", end).encode(encoding))
    sheets, findings = read_folder(folder)
    assert len(sheets["佐证材料"].rows) == 5
    assert not errors(findings)


@pytest.mark.parametrize("delimiter", ["\t", ";"])
def test_a_csv_with_another_delimiter_is_read(tmp_path, delimiter):
    folder = _csv(tmp_path, (HEADER + LINES).replace(",", delimiter).encode())
    assert len(read_folder(folder)[0]["佐证材料"].rows) == 5


BROKEN = {
    "a stray quote": (HEADER + LINES.replace("文件2", '"文件2'), "双引号没有配对"),
    "two stray quotes": (
        HEADER + LINES.replace("文件2", '"文件2').replace("号,2023-03-04", '号",2023-03-04'),
        "双引号没有配对",
    ),
    "a quote before the cell's end": (HEADER + LINES.replace("文件2", '"文"件2'), "双引号没有配对"),
    "a cell of 140,000 characters": (
        HEADER + LINES.replace("文件2", "长" * 140_000),
        "超过131072个字",
    ),
    "a comma too many": (HEADER + LINES.replace("文件2", "文件2,又名甲"), "第3行有8格"),
}


@pytest.mark.parametrize(("text", "said"), BROKEN.values(), ids=BROKEN)
def test_a_broken_csv_is_refused_with_its_line(tmp_path, text, said):
    if "8格" in said:
        text = text.replace("2023-03-02,,", "2023-03-02,,无")
    _, findings = read_folder(_csv(tmp_path, text.encode()))
    found = [f for f in errors(findings) if f.sheet == "佐证材料"]
    assert [f.code for f in found] == ["S03"]
    assert said in found[0].what


def test_nulls_of_a_database_are_blank_cells(tmp_path):
    text = (HEADER + LINES).replace(",,", ",NULL,")
    assert "NULL" in text
    plain, _ = read_folder(_csv(tmp_path / "a", (HEADER + LINES).encode()))
    sheets, findings = read_folder(_csv(tmp_path / "b", text.encode()))
    assert sheets["佐证材料"].rows == plain["佐证材料"].rows
    assert [f.what for f in findings if "“NULL”" in f.what]


TRADITIONAL = "評價要點,材料名稱,出具單位\n1.1.1,表彰文件,虛構縣政府\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (TRADITIONAL.encode("big5"), "是 Big5（繁体中文）编码"),
        ((HEADER + LINES + "文").encode()[:-1], "第7行有字节读不出文字"),
        ((HEADER + LINES).encode() + "1.1.1,文件".encode("gb18030"), "第7行有字节读不出文字"),
        (b"\x80\xff" * 20, "既不是 UTF-8 也不是 GB18030"),
    ],
)
def test_a_csv_of_no_readable_encoding_is_told_why(tmp_path, content, said):
    _, findings = read_folder(_csv(tmp_path, content))
    assert said in next(f.what for f in findings if f.code == "S03")


def test_a_second_csv_of_a_sheet_is_an_error(tmp_path):
    folder = _csv(tmp_path, (HEADER + LINES).encode(), "佐证材料 (2)")
    assert {f.code for f in errors(read_folder(folder)[1])} == {"S09"}


@pytest.fixture
def two(tmp_path, monkeypatch):
    """Two workbooks of one county and year in a folder, as a browser saves them."""
    monkeypatch.setenv("DUDAO_STORE", str(tmp_path / "store"))
    folder = tmp_path / "收到"
    folder.mkdir()
    (folder / "报送表.xlsx").write_bytes(base())
    book, written = plain_workbook(), io.BytesIO()
    book["县级指标"]["F4"] = 2443
    book.save(written)
    (folder / "报送表 (1).xlsx").write_bytes(written.getvalue())
    for lock in ("~$报送表.xlsx", ".~报送表.xlsx", "._报送表.xlsx"):
        (folder / lock).write_bytes(b"lock")
    return folder


def test_two_files_of_one_county_and_year_are_both_refused(two, capsys):
    assert main(["ingest", str(two)]) == 2
    said = capsys.readouterr()
    assert "报送表.xlsx" in said.err and "报送表 (1).xlsx" in said.err and "--take" in said.err
    assert "入库" not in said.out


def test_what_is_refused_is_kept_for_the_citys_page_until_it_is_taken(tmp_path, monkeypatch):
    monkeypatch.setenv("DUDAO_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("DUDAO_EXPECTED", str(tmp_path / "应报.csv"))
    (tmp_path / "应报.csv").write_text("区划代码,名称\n990109,虚构县\n", encoding="utf-8")
    path = tmp_path / "虚构县2024年报送表.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    assert main(["ingest", str(path)]) == 2
    assert refusals.of_year(2024)["990109"].startswith(f"{path.name}：文件不完整或已损坏")
    book = plain_workbook()
    book["县级指标"]["F4"] = "=1+1"
    book.save(tmp_path / "b.xlsx")
    assert main(["ingest", str(tmp_path / "b.xlsx")]) == 2
    assert "1处错误，如b.xlsx/县级指标!F4：" in refusals.of_year(2024)["990109"]
    path.write_bytes(base())
    assert main(["ingest", str(path)]) == 0
    assert refusals.of_year(2024) == {}


def test_the_file_that_is_taken_stands(two, capsys):
    assert main(["ingest", str(two), "--take", str(two / "报送表 (1).xlsx")]) == 0
    facts = read_submission(two / "报送表 (1).xlsx").tables.facts
    assert (facts["value"] == 2443).any()
    assert "报送表 (1).xlsx：已入库" in capsys.readouterr().out


def test_a_file_to_take_that_is_not_among_them_is_said(two, capsys):
    assert main(["ingest", str(two), "--take", "别的.xlsx"]) == 2
    assert "不在要导入的文件中" in capsys.readouterr().err


def test_locks_are_no_submissions_and_the_county_is_known_without_reading_all(two):
    assert not any(is_submission(path) for path in two.iterdir() if path.name[0] in "~.")
    with pytest.raises(FactsError, match="是程序打开文件时的临时文件"):
        read_submission(two / "~$报送表.xlsx")
    assert county_and_year(two / "报送表.xlsx") == ("990109", 2024)


@pytest.mark.parametrize("name", ["报送表.xls", "报送表.ods", "报送表.et"])
def test_a_file_of_another_program_is_told_to_be_saved_again(tmp_path, name):
    (tmp_path / name).write_bytes(b"x")
    with pytest.raises(FactsError, match=r"另存为“Excel工作簿（.xlsx）”"):
        read_submission(tmp_path / name)


def test_somebody_s_own_list_is_told_of_the_template(tmp_path):
    book = plain_workbook()
    _own_list(book)
    book.save(tmp_path / "教师名单.xlsx")
    with pytest.raises(FactsError, match="dudao template"):
        read_submission(tmp_path / "教师名单.xlsx")


@pytest.mark.parametrize("given", [990102, "990102", "９９０１０２"])
def test_a_code_that_papermill_made_a_number_is_that_county(given):
    assert open_case(given, "2024", "02_funding").county == "990102"


@pytest.mark.parametrize(
    ("given", "year"), [(99010, 2024), ("甲县", 2024), (True, 2024), (990102, "去年")]
)
def test_any_other_code_or_year_is_one_sentence(given, year):
    with pytest.raises(ParameterError) as caught:
        open_case(given, year, "02_funding")
    assert caught.value._render_traceback_() == [str(caught.value)]
    assert "\n" not in str(caught.value)


def test_the_native_kernel_is_this_interpreter_whatever_jupyter_path_holds(tmp_path, monkeypatch):
    import sys

    from warm_kernels.manager import WarmManager

    folder = tmp_path / "kernels" / "python3"
    folder.mkdir(parents=True)
    spec = '{"argv": ["/usr/bin/false", "-f", "{connection_file}"], "display_name": "x"}'
    (folder / "kernel.json").write_text(spec, encoding="utf-8")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    manager = WarmManager(kernel_name="python3")
    assert manager.kernel_spec.argv[0] == sys.executable


@pytest.mark.parametrize(
    "words", ["intake/reading.yaml", "importing/questions.yaml"], ids=["reading", "questions"]
)
def test_every_sentence_is_said_somewhere(words):
    path = Path(dudao_pipeline.__file__).parent / words
    code = "".join(one.read_text(encoding="utf-8") for one in path.parent.glob("*.py"))
    assert [name for name in read_own(path) if f'"{name}"' not in code] == []
