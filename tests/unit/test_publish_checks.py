"""What the checklist of publishing keeps back, what it reminds of, and what it lets pass."""

import json
from dataclasses import replace

import pandas as pd
import pytest

from dudao_pipeline.publish.appendices import outcome_of
from dudao_pipeline.publish.checklist import personal_data
from dudao_pipeline.publish.remarks import (
    REFUSED,
    Remark,
    evidence_remarks,
    grouped,
    noted_cells,
    record_remarks,
)
from dudao_pipeline.publish.task import Task, sealed


def results(**changes) -> dict:
    facts = {
        "notebook": "03_basic_education",
        "county": "230202",
        "fictional": False,
        "points": [{"id": "3.2.1", "title": "资源配置", "result": "met"}],
        "checks": [],
        "contradictions": [],
    }
    return facts | changes


def check(**changes) -> dict:
    facts = {"label": "违规择校", "role": "veto", "result": "met", "law_status": "sourced"}
    return facts | {"missing": []} | changes


def doubt(**changes) -> dict:
    facts = {
        "kind": "disagrees",
        "label": "招聘教师合计与分项",
        "working": "111≠115",
        "places": ["县级指标!F5"],
        "note": "",
    }
    return facts | changes


def blocking(found: dict, notes=()) -> list[str]:
    return [r.text for r in record_remarks(found, "2024/230202/03", notes) if r.blocking]


def reminding(found: dict) -> list[str]:
    return [r.text for r in record_remarks(found, "2024/230202/03", ()) if not r.blocking]


def test_nothing_is_said_of_results_without_fault():
    assert record_remarks(results(checks=[check()]), "2024/230202/03", ()) == []


def test_fictional_data_under_a_real_code_is_kept_back():
    (text,) = blocking(results(fictional=True))
    assert "230202" in text and "重新运行" in text
    assert blocking(results(fictional=True, county="990100")) == []


@pytest.mark.parametrize(("result", "said"), [("undecided", 1), ("met", 0), ("not_met", 0)])
def test_an_unreported_veto_item_is_told_with_its_cell_and_keeps_nothing_back(result, said):
    found = results(checks=[check(result=result, missing=["2023年违规择校（县级指标!F90）"])])
    assert blocking(found) == []
    told = [text for text in reminding(found) if "一票否决" in text]
    assert len(told) == said
    assert all("违规择校" in text and "县级指标!F90" in text and "填0" in text for text in told)


def test_an_undecided_standard_is_no_veto_item():
    assert blocking(results(checks=[check(role="pass", result="undecided")])) == []


def test_a_note_beside_one_of_the_cells_explains_and_what_reading_wrote_does_not():
    found = results(contradictions=[doubt(places=["县级指标!F304（报告第4项）", "县级指标!F80"])])
    (text,) = blocking(found)
    assert "“备注”" in text
    for note, explained in (("含未开办2所", True), ("原填“81所”", False), ("", False)):
        facts = pd.DataFrame([{"sheet": "县级指标", "cell": "F304", "note": note}])
        remarks = record_remarks(found, "2024/230202/03", (), noted_cells(facts))
        assert bool(remarks) is not explained


def test_figures_that_disagree_need_a_note():
    (text,) = blocking(results(contradictions=[doubt()]))
    assert "县级指标!F5" in text and "说明" in text
    assert blocking(results(contradictions=[doubt(note="以合计为准")])) == []
    assert blocking(results(contradictions=[doubt()]), ["招聘教师111人与分项不一致"]) == []
    assert blocking(results(contradictions=[doubt()]), ["另一件事"]) != []
    assert blocking(results(contradictions=[doubt(kind="implausible")])) == []


def test_unconfirmed_rules_and_open_points_are_reminders():
    judged = check(role="pass", law_status="unconfirmed")
    (text,) = reminding(results(checks=[judged, judged | {"result": "undecided"}]))
    assert "1条未经证实的标准" in text
    open_point = {"id": "3.2.1", "title": "资源配置", "result": "undecided"}
    (text,) = reminding(results(points=[open_point]))
    assert "3.2.1 资源配置" in text


def test_evidence_without_a_file_is_a_reminder():
    rows = [{"title": "拨款凭证", "sha256": ""}, {"title": "公告", "sha256": "ab"}]
    (remark,) = evidence_remarks(rows, "2024/230202")
    assert "1件佐证材料" in remark.text and "拨款凭证" in remark.text and not remark.blocking
    assert evidence_remarks(rows[1:], "2024/230202") == []


def test_reminders_of_many_counties_are_a_line_a_kind_and_of_one_county_a_line_each():
    used = check(role="pass", law_status="unconfirmed")
    open_point = {"id": "3.2.1", "title": "资源配置", "result": "undecided"}
    of_county = results(checks=[used, used | {"label": "就近入学"}], points=[open_point])
    pages = [f"2024/2302{n:02}/{book}" for n in range(1, 9) for book in ("03", "10")]
    every = [one for page in pages for one in record_remarks(of_county, page, ())]
    gone = Remark("2024/230299", "已移出数据库", blocking=False)
    lines = grouped([*every, gone], {"230201": "甲县"})
    assert (len(every), len(lines)) == (32, 3)
    assert lines[0] == "提醒　2024/230299：已移出数据库"
    assert "甲县（1个）、230202（1个）" in lines[1] and "等8个县（区）" in lines[1]
    assert "用了2条未经证实的标准" in lines[2]
    alone = [one for one in every if "230201" in one.page]
    assert grouped(alone, {}) == list(map(str, alone))


def test_a_remark_says_whether_it_must_be_mended():
    assert str(Remark("2024/230202", "缺")) == "必须改正　2024/230202：缺"
    assert str(Remark("2024/230202", "缺", blocking=False)).startswith("提醒")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("身份证11010519491231002X", ["身份证号 110105…"]),
        ("身份证110105194912310021", ["身份证号 110105…"]),  # a slip of the pen is a person's too
        ("编号110105194913310021", []),  # there is no thirteenth month
        ("138-0013-8000，+86 138 0013 8001", ["手机号 138…"]),
        ("负责人：县教育局", []),
        ("电话13812345678。", ["手机号 138…"]),
        ("比例0.13812345678", []),
        ("支出13812345678元", []),
        ("联系人：张三丰", ["联系人：张三丰"]),
        ("<td>校长</td><td>126人</td>", []),
        ('<img src="data:image/svg+xml;base64,13812345678">', []),
        ("<style>a{width:13812345678}</style>", []),
    ],
)
def test_persons_are_found_in_what_a_reader_sees(text, found):
    assert personal_data(f"<p>{text}</p>") == found


def test_what_came_of_a_county_is_told_by_the_pages_that_are_there(tmp_path):
    task = Task(folder=tmp_path / "2024" / "230221")
    task.folder.mkdir(parents=True)
    held = {"page": f"{task.label}/02_funding", "blocking": True, "kind": ""}
    failed = {"page": task.label, "blocking": True, "kind": REFUSED}
    assert outcome_of(task, [held]) == "未发布"  # its only appendix is held back
    task.record.write_text(json.dumps(sealed({"summary": {"points": []}})), encoding="utf-8")
    assert outcome_of(task, []) == outcome_of(task, [held | {"blocking": False}]) == "已发布"
    assert outcome_of(task, [held, held]) == "部分发布（缺1册）"
    assert outcome_of(task, [failed]) == "未发布"  # what is there is of the time before
    (task.folder / "02_funding.html").write_text("草稿", encoding="utf-8")
    assert outcome_of(task, [held]) == "已发布"
    assert outcome_of(replace(task, absent=True), []) == "已撤下"
