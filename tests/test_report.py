"""The Word report as its readers find it: form, figures, what it must never claim."""

import io
import re
import zipfile

import pytest
from docx import Document
from docx.oxml.ns import qn

from dudao.base.errors import ParameterError
from dudao_pipeline.publish.report.closing import attachments
from dudao_pipeline.publish.report.draft import Draft, numeral
from dudao_pipeline.publish.report.drafting import blocks
from dudao_pipeline.publish.report.sentences import check_sentence, growth
from dudao_pipeline.publish.report.word import to_docx
from dudao_pipeline.publish.report.wording import wording

WORDS = wording()
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def check(**changes) -> dict:
    facts = {
        "point": "2.1.1",
        "check": "growth",
        "label": "小学生均支出增长",
        "value": 4.681,
        "unit": "%",
        "compare": ">=",
        "threshold": 0,
        "decimals": 2,
        "result": "met",
        "role": "pass",
        "gap": None,
        "law_status": "sourced",
    }
    return facts | changes


def point(identity: str = "2.1.1", result: str = "met", **changes) -> dict:
    facts = {"id": identity, "title": "支出增长", "result": result, "basis": "computed"}
    return facts | {"to_supply": [], "note": ""} | changes


def record(**changes) -> dict:
    facts = {
        "notebook": "02_funding",
        "county": "990100",
        "county_name": "虚构县",
        "year": 2024,
        "framework_title": "评价方案（文号隐去）",
        "data_version": "abc",
        "fictional": True,
        "points": [point()],
        "checks": [check()],
    }
    return facts | changes


def draft(found: dict, overview: dict | None = None, digests: dict | None = None) -> Draft:
    records = {"02_funding": found}
    if overview is not None:
        base = {"points": found["points"], "checks": [], "changes": [], "peers": [], "problems": []}
        records["00_overview"] = found | base | overview
    return Draft(records, digests or {}, WORDS)


def text_of(made: Draft) -> str:
    return "\n".join(block.text for block in blocks(made))


def word(made: Draft, mark: str = "【虚构】") -> bytes:
    return to_docx(blocks(made), attachments(made), year=2024, mark=mark)


@pytest.mark.parametrize(("number", "text"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十")])
def test_headings_are_numbered_as_in_official_papers(number, text):
    assert numeral(number) == text


def test_a_met_check_says_figure_standard_and_result():
    assert check_sentence(check(), None, WORDS) == (
        "小学生均支出增长为4.68%，标准为不低于0%，符合规定"
    )


def test_a_failed_check_says_how_much_is_missing():
    found = check(result="not_met", value=-5.81, gap={"amount": 4531.19, "unit": "万元"})
    said = check_sentence(found, None, WORDS)
    assert said == "小学生均支出增长为-5.81%，标准为不低于0%，不符合规定，尚差4531.19万元"


@pytest.mark.parametrize(
    ("before", "value", "said"),
    [
        (16.2, 18.2, "（2022年为16.2%，上升2个百分点）"),
        (18.2, 16.2, "（2022年为18.2%，下降2个百分点）"),
        (16.204, 16.201, "（2022年为16.2%，持平）"),
        (None, 16.2, ""),
    ],
)
def test_growth_is_told_of_figures_as_printed(before, value, said):
    change = {"before": {"year": 2022, "value": before}}
    assert growth(check(value=value), change, WORDS) == said


def test_growth_without_a_year_before_is_not_told():
    assert growth(check(), {"before": None}, WORDS) == growth(check(), None, WORDS) == ""


def test_what_is_undecided_is_never_claimed_as_met():
    undecided = [
        check(result="undecided", value=None, label="甲"),
        check(result="undecided", label="乙"),
    ]
    found = record(
        points=[point(result="undecided", to_supply=["小学支出（县级指标!F1）"])],
        checks=undecided,
    )
    body = text_of(draft(found))
    assert "符合规定" not in body and "达标" not in body.replace("达标与否", "")
    assert "暂不作判定的有：甲" in body and "乙为4.68%，暂不作判定" in body
    assert "需补充：小学支出（县级指标!F1）" in body


def test_no_problem_is_claimed_to_be_absent_without_naming_what_is_open():
    assert "待定要点不在此列" in text_of(draft(record(), {}))
    assert "存在问题" not in text_of(draft(record()))


def test_problems_and_measures_leave_fields_to_fill():
    problem = {
        "what": "小学生均支出低于标准",
        "points": ["2.1.1"],
        "gap": {"amount": 72, "unit": "元/生/年"},
    }
    body = text_of(draft(record(), {"problems": [problem]}))
    assert (
        "1. 支出增长（要点2.1.1）：小学生均支出低于标准，尚差72元/生/年。【待填：原因分析】" in body
    )
    assert "【待填：整改措施】，责任单位【待填】，完成时限【待填】" in body


def test_law_that_is_unconfirmed_is_marked():
    assert "标准出处未经证实" in check_sentence(check(law_status="unconfirmed"), None, WORDS)


def test_every_figure_of_the_report_stands_in_the_results():
    change = {"check": "growth", "before": {"year": 2022, "value": 3.2}}
    made = draft(record(), {"changes": [change]})
    allowed = {"4.68", "0", "3.2", "1.48", "2022", "2023", "2024", "1"}
    assert set(NUMBER.findall(text_of(made))) <= allowed


def test_the_page_is_that_of_official_papers():
    document = Document(io.BytesIO(word(draft(record()))))
    section = document.sections[0]
    assert round(section.page_width.mm) == 210 and round(section.top_margin.mm) == 37
    width = section.page_width.mm - section.left_margin.mm - section.right_margin.mm
    height = section.page_height.mm - section.top_margin.mm - section.bottom_margin.mm
    assert (round(width), round(height)) == (156, 225)
    fonts = {
        name: document.styles[name].element.rPr.rFonts.get(qn("w:eastAsia"))
        for name in ("Normal", "Title", "Heading 1", "Heading 2")
    }
    assert list(fonts.values()) == ["仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312"]
    assert document.styles["Normal"].font.size.pt == 16


def test_headings_are_real_and_pages_are_numbered():
    document = Document(io.BytesIO(word(draft(record()))))
    levels = [p.style.name for p in document.paragraphs if p.style.name.startswith("Heading")]
    assert levels[:4] == ["Heading 1", "Heading 1", "Heading 2", "Heading 3"]
    assert "PAGE" in document.sections[0].footer._element.xml
    assert "PAGE" in document.sections[0].even_page_footer._element.xml


def test_the_fictional_are_marked_on_every_page():
    document = Document(io.BytesIO(word(draft(record()))))
    assert document.sections[0].header.paragraphs[0].text == "【虚构】"
    assert "虚构" in text_of(draft(record()))
    assert "【虚构数据" not in text_of(draft(record(fictional=False)))


def test_appendices_are_listed_with_their_digests():
    made = draft(record(), digests={"02_funding.html": "ab" * 32})
    table = Document(io.BytesIO(word(made))).tables[0]
    cells = [[cell.text for cell in row.cells] for row in table.rows]
    assert cells[1] == ["1", "教育经费保障", "02_funding.html", "ab" * 32]
    assert "tblHeader" in table.rows[0]._tr.xml


def test_names_that_xml_cannot_hold_leave_a_whole_file():
    hostile = "甲\x00县\u202e<w:p>&\ud800" + "长" * 500
    document = Document(io.BytesIO(word(draft(record(county_name=hostile)))))
    assert "甲县<w:p>&长长" in document.paragraphs[0].text


def test_same_results_give_the_same_bytes_without_a_clock():
    first = word(draft(record()))
    assert first == word(draft(record()))
    dates = {entry.date_time for entry in zipfile.ZipFile(io.BytesIO(first)).infolist()}
    assert dates == {(1980, 1, 1, 0, 0, 0)}


def test_an_office_lays_its_own_words_over_ours(tmp_path):
    own = tmp_path / "措辞.yaml"
    own.write_text("opening: 我县{year}年自评如下。\ncheck:\n  met: '{label}达到{value}'\n")
    words = wording(own)
    assert words["opening"] == "我县{year}年自评如下。"
    assert check_sentence(check(), None, words) == "小学生均支出增长达到4.68%"
    assert words["title"] == WORDS["title"]


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("openning: 甲", "openning"),
        ("check:\n  mett: 甲", "check.mett"),
        ("title: '{town}'", "town"),
        ("title: '{county'", "花括号"),
        ("title: [甲]", "文字"),
        ("check: 甲", "下一级"),
        ("- 甲", "名称"),
        ("a: [", "YAML"),
    ],
)
def test_faults_in_own_words_are_told_in_chinese(tmp_path, written, told):
    own = tmp_path / "措辞.yaml"
    own.write_text(written, encoding="utf-8")
    with pytest.raises(ParameterError, match=told):
        wording(own)
