"""Relief of 优质均衡: a declared exception changes the verdict, and its document is named."""

from __future__ import annotations

import pytest

from dudao.facts.view import Facts
from dudao.indicators import schools
from dudao.judging.checks import judge
from dudao.judging.school_rules import school_rules
from dudao.law import EvaluationYear, law_for
from dudao_pipeline.intake.submission import read_submission
from tests.unit import county

YEAR = EvaluationYear(2024)
RULES = school_rules(law_for(), YEAR)
PLENTY = {  # of every resource, for 80 pupils
    "高于规定学历教师（人）": "8",
    "县级以上骨干教师（人）": "2",
    "体育艺术专任教师（人）": "1",
    "教学及辅助用房面积（㎡）": "800",
    "体育运动场馆面积（㎡）": "900",
    "教学仪器设备值（元）": "300000",
    "网络多媒体教室（间）": "4",
}
HEADER = [
    "对象代码",
    "对象名称",
    "指标代码",
    "事项",
    "理由",
    "依据文件",
    "决定单位",
    "计入数量",
    "日期",
]


def submission(tmp_path, location, pupils, cells, exceptions):
    folder = county.copy(tmp_path)
    header = county.rows(folder, "学校")[0]
    lines = [header]
    for code, own in (("A", {**PLENTY, **cells}), ("B", PLENTY)):
        given = {
            **{"学校代码": code, "学校名称": f"虚构{code}校", "办学类型": "小学", "学段": "小学"},
            **{"城乡": location if code == "A" else "镇区", "班级（个）": "6"},
            "在校生（在园幼儿）（人）": str(pupils if code == "A" else 80),
            **own,
        }
        lines.append([given.get(column, "") for column in header])
    county.write(folder, "学校", lines)
    county.write(folder, "例外", [HEADER, *exceptions])
    return folder


def on_standard(folder):
    read = read_submission(folder)
    assert read.acceptable, [f.what for f in read.findings]
    tables = {"schools": read.tables.schools, "exceptions": read.tables.exceptions}
    facts = Facts(read.tables.facts, read.tables.claims, YEAR, **tables)
    measure = schools.schools_on_standard(facts, RULES)[0]
    rule = law_for()["schools_on_standard_primary"]
    return judge(measure, rule, YEAR.law_date(rule.date_rule))


def visiting(code="A", amount="1", document="虚构教〔2023〕9号", item="pe_art_teachers"):
    return [code, "", item, "走教教师", "本校教师不足", document, "虚构县教育局", amount, ""]


# 80 pupils need 0.72 teachers of PE and art; two other resources of A are at the floor or below.
SHORT = {"体育艺术专任教师（人）": "0", "县级以上骨干教师（人）": "2"}


@pytest.mark.parametrize(
    ("location", "pupils", "exceptions", "result"),
    [
        ("乡村", 80, [], "not_met"),
        ("乡村", 80, [visiting()], "met"),
        ("乡村", 50, [visiting()], "met"),
        ("乡村", 49, [visiting()], "not_met"),
        ("乡村", 100, [visiting()], "not_met"),
        ("镇区", 80, [visiting()], "not_met"),
        ("乡村", 80, [visiting(amount="")], "not_met"),
        ("乡村", 80, [visiting(code="B")], "not_met"),
    ],
)
def test_visiting_teachers_count_at_rural_schools_of_50_to_99(
    tmp_path, location, pupils, exceptions, result
):
    assert on_standard(submission(tmp_path, location, pupils, SHORT, exceptions)).result == result


def test_the_document_is_named_and_so_is_what_does_not_count(tmp_path):
    counted = on_standard(submission(tmp_path / "1", "乡村", 80, SHORT, [visiting()]))
    assert "虚构A校的体育艺术专任教师含按例外计入的1（依据：虚构教〔2023〕9号）" in counted.note
    refused = on_standard(submission(tmp_path / "2", "镇区", 80, SHORT, [visiting()]))
    assert "1条体育艺术专任教师的例外不合适用条件，未计入" in refused.note


@pytest.mark.parametrize(("location", "result"), [("城区", "met"), ("乡村", "not_met")])
def test_leased_and_roof_grounds_count_in_the_city(tmp_path, location, result):
    short = {"体育运动场馆面积（㎡）": "300"}  # 3.75 ㎡ a pupil, below the floor of 6.375
    exception = visiting(item="sports_area", amount="400")
    assert on_standard(submission(tmp_path, location, 80, short, [exception])).result == result


def test_an_exception_without_a_document_is_refused_at_intake(tmp_path):
    folder = submission(tmp_path, "乡村", 80, SHORT, [visiting(document="")])
    assert "X04" in {finding.code for finding in read_submission(folder).findings}
