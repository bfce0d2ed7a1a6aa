"""A report is read from the file that an office has, whatever its kind; numbers as they stand."""

import json

import docx
import pytest
import typst
from docx.oxml import parse_xml

from dudao.show import font
from dudao_pipeline.report_check.figures import read_figures
from dudao_pipeline.report_check.reading import ReportError, read_report
from dudao_pipeline.report_check.text import Report
from tests.command_line import dudao

LINE = "2023年，全县共有小学12所（虚构），在校生3200人，比上年增长2.5%。"
BOX = (
    '<w:r xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:pict>'
    '<v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox><w:txbxContent><w:p><w:r>'
    "<w:t>框中：教师96人。</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_a_text_file_is_read_in_the_encodings_of_offices(tmp_path, encoding):
    (tmp_path / "报告.txt").write_bytes(LINE.encode(encoding))
    assert read_report(tmp_path / "报告.txt").text.strip() == LINE


def test_a_text_file_in_another_encoding_says_what_to_do(tmp_path):
    (tmp_path / "报告.txt").write_bytes(b"\xff\x80\xff")
    with pytest.raises(ReportError, match="另存为 UTF-8"):
        read_report(tmp_path / "报告.txt")


def _pdf(path, text):
    source = f'#set text(font: "Noto Sans CJK SC", lang: "zh")\n{text}'
    path.write_bytes(typst.compile(source.encode(), font_paths=[str(font.folder())]))
    return path


def test_a_pdf_is_read_as_text_and_one_without_text_is_a_scan(tmp_path):
    report = read_report(_pdf(tmp_path / "报告.pdf", LINE))
    assert report.is_set and "".join(report.text.split()) == LINE
    with pytest.raises(ReportError, match="扫描件"):
        read_report(_pdf(tmp_path / "扫描.pdf", "#rect()"))


def test_breaks_boxes_and_tables_of_a_word_file_are_read_and_stand_in_the_marked_copy(tmp_path):
    document = docx.Document()
    first = document.add_paragraph("第一行")
    first.add_run().add_break()
    first.add_run("第二行\t列")
    document.add_paragraph("有框。")._p.append(parse_xml(BOX))
    table = document.add_table(2, 2)
    for cell, text in zip(table._cells, ("学校", "人数（人）", "虚构小学", "520"), strict=True):
        cell.text = text
    document.save(tmp_path / "报告.docx")
    report = read_report(tmp_path / "报告.docx")
    assert report.text.splitlines()[:4] == ["第一行", "第二行 列", "有框。", "框中：教师96人。"]
    done = dudao("check-report", str(tmp_path / "报告.docx"), "--html", str(tmp_path / "标记.html"))
    page = (tmp_path / "标记.html").read_text(encoding="utf-8")
    assert done.returncode == 0 and "<table><tr><td>" in page and "520" in page


def test_the_findings_are_told_as_data(tmp_path):
    (tmp_path / "报告.txt").write_text(LINE, encoding="utf-8")
    told = json.loads(dudao("check-report", str(tmp_path / "报告.txt"), "--json").stdout)
    assert [one["printed"] for one in told["figures"]] == ["12", "3200", "2.5"]


WRONG_CALLS = [
    (["没有.txt"], "没有这个文件或文件夹"),
    (["报告.txt", "--county", "990100"], "同时给出 --county 和 --year"),
    (["空", "--json"], "只用于一份报告"),
    (["空"], "没有报告"),
]


@pytest.mark.parametrize(("arguments", "message"), WRONG_CALLS)
def test_a_call_that_cannot_be_says_why(tmp_path, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "报告.txt").write_text(LINE, encoding="utf-8")
    (tmp_path / "空").mkdir()
    done = dudao("check-report", *arguments)
    assert done.returncode == 2 and message in done.stderr


NUMBERS = [
    ("全县总人口107万，其中农村人口60万。", ["107万人", "60万人"]),
    ("全县百万人口。", []),
    ("2万多考生参加考试。", ["2万人"]),
    ("新建教学楼一幢，宿舍一座。", ["一幢", "一座"]),
    ("八项的措施，两项安排。", []),
    ("在校学生1200，教师85。", ["1200人", "85人"]),
    (
        "建筑66.3万平方米（幼儿园6.4万、小学24.3万）。",
        ["66.3万平方米", "6.4万平方米", "24.3万平方米"],
    ),
    ("增长百分之三点五。", ["百分之三点五%"]),
    ("投入1.2亿元，其中上级0.8亿。", ["1.2亿元", "0.8亿元"]),
    ("班额为30至40人。", ["30人", "40人"]),
    ("分别提高3个、5个百分点。", ["3个百分点", "5个百分点"]),
    ("全市排名第3。", ["3位"]),
    ("合格率为99.3，优秀率45.2。", ["99.3%", "45.2%"]),
    ("投入资金3000余万，用于维修。", ["3000万元"]),
    ("招生三〇五人。", ["三〇五人"]),
]


@pytest.mark.parametrize(("text", "read"), NUMBERS, ids=[text for text, _ in NUMBERS])
def test_a_number_has_the_unit_that_its_words_leave_out(text, read):
    assert [f"{one.printed}{one.unit}" for one in read_figures(Report("", text))] == read
