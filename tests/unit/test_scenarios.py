"""Scenarios: figures worked by hand, every mistake told, nothing mistaken for the real data."""

import math

import pandas as pd
import pytest

from dudao import scenarios
from dudao.base import workspace
from dudao.base.errors import ScenarioError
from dudao.case import open_case
from dudao.comparison.peers import ranks_store
from dudao.comparison.peers.county_measures import with_scenario
from dudao.comparison.peers.standing import standings
from dudao.facts import store
from dudao.law import EvaluationYear
from dudao.show import charts, report
from dudao.show.bar_charts import against_own_standard
from dudao.show.records import record

COUNTY, YEAR = "990102", 2024
HEAD = "title: 虚构情景\nnote: 试一试\n"
SCHOOL = "9901020009"  # 虚构第九小学: no art room, 488 pupils


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder of scenarios of this test."""
    monkeypatch.setenv("DUDAO_SCENARIOS", str(tmp_path))
    return tmp_path


def write(folder, changes: str, name: str = "试", head: str = HEAD) -> str:
    """Write a scenario; return its name."""
    (folder / f"{name}.yaml").write_text(f"{head}changes:\n{changes}", encoding="utf-8")
    return name


def apply(folder, changes: str, county: str = COUNTY):
    stored = store.read(county, YEAR)
    told = scenarios.read(write(folder, changes))
    return scenarios.applied(told, stored, EvaluationYear(YEAR))


def value_of(stored, item: str, stage: str, school: str = "", data_year: int = 2023):
    facts = stored.facts.set_index(["item", "stage", "school", "data_year"])
    return facts.loc[(item, stage, school, data_year)]


# What is written, which figure, what it was and what it becomes, worked by hand.
WORKED = [
    ("item: full_time_teachers\n    stage: preschool\n    add: 33", "341", "374"),
    ("item: full_time_teachers\n    stage: 幼儿园\n    add: -41", "341", "300"),
    ("item: operating_fund_quota\n    stage: primary\n    set: 720", "648", "720"),
    ("item: training_expenditure\n    multiply: 1.02", "161.08", "164.3016"),
    ("item: training_expenditure\n    year: base\n    multiply: 2", "162.16", "324.32"),
    # 20506 × 1.05 = 21531.3: pupils are whole
    ("item: enrolment\n    stage: primary\n    multiply: 1.05", "20506", "21531"),
    (f"item: art_rooms\n    school: '{SCHOOL}'\n    add: 1", "0", "1"),
    (f"item: art_room_area\n    school: '{SCHOOL}'\n    set: 90", "不涉及", "90"),
    ("item: education_expenditure\n    year: progress\n    set: 80000", "未报", "80000"),
]


@pytest.mark.parametrize(("change", "before", "after"), WORKED)
def test_changes_are_those_worked_by_hand(folder, change, before, after):
    case = open_case(COUNTY, YEAR, "06_teachers", write(folder, f"  - {change}\n"))
    (told,) = report.changes(case)
    assert (told["from"], told["to"]) == (before, after)


def test_a_product_without_a_stage_takes_every_reported_stage(folder):
    found, applied = apply(folder, "  - item: enrolment\n    multiply: 1.05\n")
    # 5597, 20506, 9228, 9310, 3619 and 110 pupils, times 1.05, half up
    assert [effect.after for effect in applied.effects] == [5877, 21531, 9689, 9776, 3800, 116]
    assert value_of(found, "enrolment", "special")["value"] == 116
    assert value_of(found, "enrolment", "special", data_year=2022)["value"] != 116


def test_changes_follow_each_other(folder):
    twice = "  - item: training_expenditure\n    set: 100\n"
    twice += "  - item: training_expenditure\n    multiply: 1.5\n"
    assert value_of(apply(folder, twice)[0], "training_expenditure", "compulsory")["value"] == 150


def test_a_changed_figure_is_exact_and_says_where_it_comes_from(folder):
    before = value_of(store.read("990001", YEAR), "education_investment", "all")
    found, _ = apply(folder, "  - item: education_investment\n    add: 100\n", "990001")
    row = value_of(found, "education_investment", "all")
    assert (before["qualifier"], row["qualifier"]) == ("近…余", "")
    assert (row["value"], row["status"], row["file"]) == (2100, "reported", "试.yaml")
    assert f"{row['sheet']}!{row['cell']}" == "情景!试.yaml第1条"


def test_a_figure_that_the_county_never_reported_is_filled_in(folder):
    facts = store.read("410329", 2022).facts
    assert not ((facts["item"] == "staff") & (facts["stage"] == "senior")).any()
    name = write(folder, "  - item: staff\n    stage: senior\n    set: 80\n")
    fact = open_case("410329", 2022, "06_teachers", name).facts.get("staff", "senior")
    assert (fact.value, fact.is_reported) == (80, True)


def test_the_rest_of_the_submission_stays_and_the_reports_figures_go(folder):
    stored = store.read(COUNTY, YEAR)
    before = stored.facts.copy()
    told = scenarios.read(write(folder, "  - item: schools_with_guards\n    add: 10\n"))
    found, _ = scenarios.applied(told, stored, EvaluationYear(YEAR))
    pd.testing.assert_frame_equal(stored.facts, before)
    assert found.claims.empty and not stored.claims.empty
    for table in ("evidence", "schools", "exceptions", "last_round", "self_ratings"):
        pd.testing.assert_frame_equal(getattr(found, table), getattr(stored, table))
    same = found.facts["item"] != "schools_with_guards"
    kept = before["item"] != "schools_with_guards"
    pd.testing.assert_frame_equal(found.facts[same], before[kept])


def test_a_check_follows_its_figures_and_names_the_scenario(folder):
    # 5597 children: 341 teachers give 16.41, 374 give 14.97; the standard is 15
    name = write(folder, "  - item: full_time_teachers\n    stage: preschool\n    add: 33\n")
    real, supposed = (
        {v.check: v for v in open_case(COUNTY, YEAR, "03_basic_education", told).verdicts()}
        for told in ("", name)
    )
    check = "children_per_teacher"
    assert (real[check].result, supposed[check].result) == ("not_met", "met")
    assert math.isclose(supposed[check].value, 5597 / 374)
    assert "情景!试.yaml第1条" in supposed[check].sources
    moved = {c for c in real if real[c].result != supposed[c].result}
    assert moved == {check}


ITEM = "  - item: staff\n    stage: senior\n"
MISTAKES = [
    (ITEM.replace("staff", "stafff") + "    add: 1\n", "第1条.*“stafff”.*最接近的是：staff"),
    ("  - add: 1\n", "第1条.*缺少“item”"),
    ("  - item: rotation_rate\n    set: 10\n", "由其他数算出.*rotated_teachers"),
    (ITEM.replace("senior", "seniors") + "    add: 1\n", "没有学段“seniors”，最接近的是：senior"),
    (ITEM.replace("senior", "special") + "    add: 1\n", "“special”。请改用：primary（小学）"),
    ("  - item: staff\n    add: 1\n", "几个学段。请用 stage 写明：primary、junior、senior"),
    (ITEM, "须且只须写一个，一个也没写"),
    (ITEM + "    set: 1\n    add: 1\n", "须且只须写一个，写了set、add"),
    (ITEM + "    add: 十二\n", "add 的“十二”不是数"),
    (ITEM + "    set: true\n", "set 的“True”不是数"),
    (ITEM + "    multiply: .inf\n", "不是数"),
    (ITEM + "    plus: 1\n", "不认识的“plus”.*可用：item"),
    (ITEM + "    set: 1\n" + ITEM + "    yaer: base\n    set: 1\n", "第2条.*“yaer”，最接近.*year"),
    (ITEM + "    year: 2023\n    set: 1\n", "year“2023”应为 data"),
    (ITEM + "    add: -735\n", "990102 .*会成为负数-1"),
    (ITEM + "    add: 0.5\n", "以“人”计须是整数"),
    ("  - item: monitoring_variation\n    stage: primary\n    add: -1\n", "会成为负数"),
    ("  - item: art_rooms\n    add: 1\n", "按校填报。请用 school"),
    ("  - item: art_rooms\n    school: 9901020009\n    add: 1\n", "须加引号"),
    ("  - item: art_rooms\n    school: '9901020099'\n    add: 1\n", "没有代码为.*最接近.*990102"),
    (ITEM + f"    school: '{SCHOOL}'\n    set: 1\n", "没有“2023年.*这个数"),
    (
        f"  - item: art_rooms\n    school: '{SCHOOL}'\n    year: base\n    set: 1\n",
        "2022年美术专用教室.*学校只有数据年",
    ),
    (f"  - item: art_room_area\n    school: '{SCHOOL}'\n    add: 9\n", "填为不涉及，不能增减或乘"),
    (
        "  - item: education_expenditure\n    year: progress\n    add: 1\n",
        "2024年.*未报，不能增减或乘。请改用 set",
    ),
    ("  staff: 3\n", "“changes”应是列表"),
    ("", "“changes”应是列表，每条以“- item: …”开始"),
    ("  - item: budget_progress_q1\n    add: 99\n", "超过100%"),
    ("  - staff\n", "第1条：应写成“名称: 内容”"),
    ("  - item: [staff]\n    set: 1\n", "不在指标字典中"),
    ("  - item: 'staff\n", "无法解析"),
    (ITEM + "    multiply: .nan\n", "multiply 的“nan”不是数"),
    (f"{ITEM}    set: 1\nstandards: x\n", "“standards”应是列表"),
    (f"{ITEM}    set: 1\nstandards:\n  - rule: x\n", "standards 第1条：缺少“value”"),
    (
        f"{ITEM}    set: 1\nstandards:\n  - rule: guard_rat\n    value: 1\n",
        "standards 第1条：没有名为“guard_rat”的标准，最接近的是：guard_rate",
    ),
    (
        f"{ITEM}    set: 1\nstandards:\n  - rule: guard_rate\n    value: 多\n",
        "standards 第1条：value 的“多”不是数",
    ),
]


@pytest.mark.parametrize(("changes", "message"), MISTAKES)
def test_every_mistake_says_file_entry_and_what_to_do(folder, changes, message):
    with pytest.raises(ScenarioError, match=message) as told:
        apply(folder, changes)
    assert str(told.value).startswith("情景文件 试.yaml")


HEADS = [
    ("title: 虚构\n", "缺少“note”"),
    ("title: 虚构\nnote: ''\n", "缺少“note”"),
    (HEAD + "author: 某\n", "不认识的“author”"),
    (HEAD + "counties: [990102]\n", "“990102”不是六位代码。请加引号"),
    (HEAD + "counties: 990102\n", "“990102”不是六位代码。请加引号"),
    (HEAD + "counties: ['990101', '990103']\n", "只用于990101、990103，不用于990102"),
]


@pytest.mark.parametrize(("head", "message"), HEADS)
def test_a_wrong_head_is_refused(folder, head, message):
    write(folder, ITEM + "    add: 1\n", head=head)
    with pytest.raises(ScenarioError, match=message):
        open_case(COUNTY, YEAR, "06_teachers", "试")


def test_a_name_that_does_not_exist_names_the_nearest_and_one_with_a_path_is_refused(folder):
    write(folder, ITEM + "    add: 1\n", name="增聘教师")
    with pytest.raises(ScenarioError, match="没有名为“增聘老师”的情景，最接近的是：增聘教师"):
        scenarios.read("增聘老师")
    with pytest.raises(ScenarioError, match="只能用字母、数字、汉字"):
        scenarios.read("../增聘教师")


def test_head_claims_record_and_charts_say_that_it_is_a_scenario(folder):
    name = write(folder, ITEM + "    add: 11\n")
    real, case = (open_case(COUNTY, YEAR, "06_teachers", told) for told in ("", name))
    page = report.case_table(case)._repr_mimebundle_()["text/html"]
    for words in ("情景推演，非实际数据", "虚构情景（试.yaml）", "试一试", "734", "745"):
        assert words in page
    assert scenarios.CLAIMS_LEFT_OUT in report.claims_table(case)._repr_html_()
    assert "情景" not in report.case_table(real)._repr_html_()
    verdicts = case.verdicts()
    told = record(case, verdicts, case.judge_points(verdicts))["scenario"]
    assert (told["name"], told["title"], len(told["digest"])) == ("试", "虚构情景", 12)
    assert "scenario" not in record(real, real.verdicts(), [])
    drawn = against_own_standard(case, "师生比", verdicts).alt
    assert drawn.startswith(f"{charts.FICTIONAL}　{charts.SCENARIO}。")
    drawn = against_own_standard(real, "师生比", real.verdicts()).alt
    assert drawn.startswith(f"{charts.FICTIONAL}。师生比")


def test_an_assumed_standard_is_told_with_the_one_in_force(folder):
    name = write(folder, "standards:\n  - rule: guard_rate\n    value: 90\n")
    (told,) = report.changes(open_case(COUNTY, YEAR, "07_safety_health", name))
    assert told["what"].startswith("标准：")
    assert (told["from"], told["to"], told["unit"]) == ("100", "90", "%")


def test_among_its_peers_only_the_county_itself_is_supposed(folder):
    name = write(folder, "  - item: schools_with_guards\n    add: 10\n")
    case, table = open_case(COUNTY, YEAR, "00_overview", name), ranks_store.summary(YEAR)
    found = with_scenario(table, case)
    guards = found[found["item"] == "guard_rate"].set_index("county")["value"]
    before = table[table["item"] == "guard_rate"].set_index("county")["value"]
    assert guards[COUNTY] == 100 and before[COUNTY] < 100
    pd.testing.assert_series_equal(
        guards.drop(COUNTY).sort_index(), before.drop(COUNTY).sort_index()
    )
    own = {(one.item, one.stage): one for one in standings(case)}
    assert own["guard_rate", "all"].value == 100
    assert with_scenario(table, open_case(COUNTY, YEAR, "00_overview")) is table


def test_the_example_is_of_a_fictional_county_and_moves_nine_checks():
    assert "虚构" in scenarios.read("虚构补短板").title + scenarios.read("虚构补短板").note
    moved = []
    for notebook in ("02_funding", "03_basic_education", "06_teachers", "07_safety_health"):
        real, supposed = (
            {
                (v.check, v.label): v.result
                for v in open_case(COUNTY, YEAR, notebook, told).verdicts()
            }
            for told in ("", "虚构补短板")
        )
        moved += [(real[key], supposed[key]) for key in real if real[key] != supposed[key]]
    assert moved == [("not_met", "met")] * 9
    assert workspace.scenarios().name == "scenarios"
