"""What an analyst calls: the recipes of the guide run, names are understood, mistakes are told."""

import math
import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import dudao_explore as explore
from dudao import scenarios
from dudao.base.errors import DudaoError
from dudao.case import open_case
from dudao_explore import panels
from dudao_pipeline.intake import storing
from dudao_pipeline.intake.submission import read_submission
from tests.unit import county

GUIDE = Path(__file__).parents[2] / "docs" / "explore.zh-CN.md"


@pytest.fixture(scope="module")
def case():
    return explore.打开("990102", 2024)


def test_every_recipe_of_the_guide_gives_an_answer():
    names = {name: getattr(explore, name) for name in explore.__all__}
    answers = []
    for recipe in re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL):
        *before, last = recipe.strip().splitlines()
        exec("\n".join(before), names)
        answers.append(eval(last, names))
    assert len(answers) == 18
    assert all(len(answer) for answer in answers)


@pytest.mark.parametrize("written", ["990102", 990102, " 990102 ", "９９０１０２"])
def test_a_county_is_opened_by_its_code_however_it_is_written(written):
    assert explore.打开(written, "2024").county == "990102"


def test_two_versions_of_a_submission_stand_side_by_side(tmp_path, monkeypatch):
    monkeypatch.setenv("DUDAO_STORE", str(tmp_path / "store"))
    folder = county.copy(tmp_path)
    storing.write(read_submission(folder))
    county.set_item(folder, "per_pupil_expenditure", "小学", "数据年", "9000")
    storing.write(read_submission(folder))
    before, after = (explore.打开("990002", 2024, version=n) for n in (1, 0))
    frame = explore.比较县(before, after, only_different=True)
    (row,) = frame[frame["检查"].str.endswith("只增不减（小学）")].to_dict("records")
    results = [value for name, value in row.items() if name.endswith("版结果")]
    assert results == ["未达标", "达标"] and 0 < len(frame) < 8
    chooser = panels.Chooser()
    assert chooser.version.options == (("第2版（最新）", 0), ("第1版", 1))
    assert chooser.version.label == "第2版（最新）"
    chooser.version.value = 1
    assert chooser.opened().stored.digest == before.stored.digest


def test_a_county_is_opened_by_its_name():
    named = explore.县().query("数据 == '实际'")
    code = named.index[0]
    assert explore.打开(named.loc[[code], "名称"].iloc[0]).county == code


def test_a_wrong_name_is_answered_with_names_and_codes():
    with pytest.raises(DudaoError, match=r"990109）?没有入库的数据，最接近的是：990\d{3} 虚构县"):
        explore.打开("990109")
    with pytest.raises(DudaoError, match="没有“封邱县”，最接近的是：410727 河南省新乡市封丘县"):
        explore.打开("封邱县")


def test_a_name_of_several_counties_lists_them():
    with pytest.raises(DudaoError, match="不止一个县（区）：990100 虚构县990100、990101"):
        explore.打开("虚构县")


def test_missing_figures_stay_missing_in_the_table_of_data(case):
    table = explore.数据(case)
    missing = table[table["填报"] == "未报"]
    assert len(missing)
    assert missing["数值"].isna().all()


def test_a_trial_gives_the_numbers_of_the_same_scenario_file(case, tmp_path, monkeypatch):
    monkeypatch.setenv("DUDAO_SCENARIOS", str(tmp_path))
    trial = explore.假如(case, {"指标": "专任教师", "学段": "幼儿园", "增加": 33})
    assert "在园幼儿与专任教师之比" in set(trial.changed["检查"])
    trial.save("试一试")
    opened = open_case("990102", 2024, case.notebook, "试一试")
    assert scenarios.names() == ["试一试"]
    pairs = [[(v.check, v.value, v.result) for v in c.verdicts()] for c in (trial.after, opened)]
    assert repr(pairs[0]) == repr(pairs[1])
    assert "变化的检查</b>" not in trial._repr_html_() and "非实际数据" in trial._repr_html_()


@pytest.mark.parametrize(
    "change",
    [
        {"指标": "专任教师", "学段": "幼儿园", "增加": 33},
        {"指标": "在校生", "学段": "初中", "学校": "虚构第一初级中学", "乘以": 2},
    ],
)
def test_what_is_kept_from_the_case_before_changes_no_verdict(case, change):
    case.verdicts()
    after = explore.假如(case, change).after
    anew = replace(after)  # its facts keep nothing
    assert repr(after.verdicts()) == repr(anew.verdicts())


def test_a_saved_trial_is_not_replaced_unasked(case, tmp_path, monkeypatch):
    monkeypatch.setenv("DUDAO_SCENARIOS", str(tmp_path))
    trial = explore.假如(case, {"指标": "专任教师", "学段": "小学", "增加": 1})
    trial.save("甲")
    with pytest.raises(DudaoError, match="已有情景文件"):
        trial.save("甲")


def test_an_assumed_standard_is_judged_and_shown_apart(case):
    rule = next(v for v in case.verdicts() if v.result == "not_met" and v.compare == "<=")
    trial = explore.假如(case, standards={rule.check: 10_000})
    results = {v.check: v.result for v in trial.after.verdicts()}
    assert results[rule.check] == "met"
    assert {v.check: v.result for v in case.verdicts()}[rule.check] == "not_met"


def test_a_wrong_item_of_a_trial_is_named_with_the_nearest(case):
    with pytest.raises(DudaoError, match=r"没有“专任老师”，最接近的是：.*专任教师"):
        explore.假如(case, {"指标": "专任老师", "增加": 1})


def test_prices_need_a_source_and_every_resource(case):
    with pytest.raises(DudaoError, match="单价表缺少"):
        explore.最省(case, "小学", explore.单价({"教学及辅助用房面积": 2500}, "虚构"))
    full = dict.fromkeys(panels.SCHOOL_RESOURCES, 1.0)
    for prices, source, message in (
        (full, " ", "没有写来源"),
        (full | {"仪器设备": 1}, "虚构", "“仪器设备”不是七项资源"),
        (full | {"equipment_value": 0}, "虚构", "应大于零"),
    ):
        with pytest.raises(DudaoError, match=message):
            explore.最省(case, "小学", explore.单价(prices, source))


def test_the_cheapest_plan_says_what_it_costs_and_what_nothing_undercuts(case):
    full = dict.fromkeys(panels.SCHOOL_RESOURCES, 2.0)
    plan = explore.最省(case, "初中", explore.单价(full, "虚构单价"))
    assert plan.plan.bound <= plan.plan.cost <= plan.plan.bound * 1.01
    assert "任何方案不少于" in plan.sentence
    assert "虚构单价" in plan.sentence
    assert plan.sentence in plan._repr_html_() and "合计" in plan._repr_html_()


@pytest.fixture
def trial():
    panel = panels.WhatIfPanel()
    panel.chooser.county.value = "虚构县990102"
    return panel


def test_a_trial_names_every_check_that_moves_whatever_notebook_shows_it(trial):
    trial.item.value = "小学在校生（人）"
    trial.exact.value += 100
    moved = set(trial.trial().changed["检查"])
    assert {"小学学生与教职工之比", "小学免费教科书覆盖率"} <= moved


def test_a_written_number_may_lie_beyond_the_slider(trial):
    trial.school.value = "虚构第一初级中学"
    trial.item.value = "初中体育艺术专任教师（人）"
    before = trial.slider.value
    trial.exact.value = before + 120
    assert trial.slider.value == before + 120
    assert "增加 120人" in trial.actual.value


def test_a_misspelt_school_is_never_the_county(trial):
    trial.school.value = "虚构第一初"
    assert "本县没有学校“虚构第一初”，最接近的是：虚构第一初级中学" in trial.text.value
    trial._keep(None)
    assert trial.kept == []


def test_what_was_kept_of_a_county_is_not_assumed_of_another(trial):
    trial._keep(None)
    assert trial.kept
    trial.chooser.county.value = "虚构县990101"
    assert trial.kept == []


def test_a_name_of_two_schools_asks_for_the_code(case):
    twins = case.facts.school_table.iloc[:2].assign(name="虚构小学")
    both = replace(case, stored=replace(case.stored, schools=twins))
    with pytest.raises(DudaoError, match="名为“虚构小学”的学校不止一所：9901020001、9901020002"):
        explore.假如(both, {"指标": "在校生", "学段": "小学", "学校": "虚构小学", "增加": 1})


def test_a_trial_says_what_hangs_on_printed_figures_alone():
    case = explore.打开("990001")
    trial = explore.假如(case, {"指标": "教育投入资金", "改为": 2000})
    assert f"{len(trial.changed)}项因此缺数据，与改动无关" in trial.note


def test_schools_are_asked_for_their_classes_spread_and_shares(case):
    classes = explore.班额表(case, "初中").loc["9901020041"]
    assert (classes["最大班额"], classes["班额上限"], classes["班额"]) == (59, 50, "未达标")
    assert classes["至少增加班级"] == 1  # 399 pupils in 7 classes, 8 hold them
    spread = explore.离差表(case, "初中", "仪器设备")
    assert spread["占离差（%）"].sum() == pytest.approx(100, abs=1)
    assert spread.index[0] == "9901020038"
    places = explore.分组表(case, "初中").set_index("城乡")
    group = explore.学校表(case, "初中").query("城乡 == '城区'")
    assert places.loc["城区", "在校生"] == group["在校生"].sum()
    equipment = "教学仪器设备值（标准2500）"
    at = explore.离差表(case, "初中", "仪器设备").loc[group.index]
    assert list(at["本校"]) == list(group[equipment].loc[at.index])
    assert group[equipment].min() < places.loc["城区", equipment] < group[equipment].max()
    shared = explore.共用表(case).query("共用 == '学校图书'")
    parts = shared["折算小学"] + shared["折算初中"]
    nine = shared[shared["学段"] == "小学、初中"].index
    assert (parts[nine] - shared.loc[nine, "全校"]).abs().max() < 0.011


@pytest.mark.parametrize(
    "ask", ["数据", "判定", "要点", "先改", "比较年", "比较数据", "位次", "各县", "依据", "来源"]
)
def test_a_word_that_nothing_is_called_by_is_answered_with_words_that_exist(case, ask):
    with pytest.raises(DudaoError, match=r"没有“火星”|名称中有“火星”"):
        getattr(explore, ask)(case, "火星")


def test_two_counties_are_compared_by_the_title_of_a_point_and_a_wrong_word_is_refused(case):
    assert len(explore.比较县(explore.打开("990101"), case, word="编制"))
    with pytest.raises(DudaoError, match="没有“火星”。有这些："):
        explore.比较县(explore.打开("990101"), case, word="火星")
    with pytest.raises(DudaoError, match="七项资源的名称中没有“火星”。有这些：高于规定学历教师"):
        explore.离差表(case, "小学", "火星")


def test_one_quantity_stands_over_all_counties_with_its_standard_and_who_lacks_it(case):
    frame = explore.各县(case, "在园幼儿与专任教师之比").set_index("代码")
    own = explore.判定(case, "在园幼儿与专任教师之比").iloc[0]
    row = frame.loc["990102"]
    assert (f"{row['数值']:.2f}{row['单位']}", row["标准"], row["结果"]) == tuple(
        own[["数值", "标准", "结果"]]
    )
    assert set(frame["县"]) == {f"虚构县{code}" for code in frame.index}
    known = frame["数值"].dropna()
    assert list(known) == sorted(known) and set(frame["结果"][frame["数值"].isna()]) <= {"没有数值"}


def test_what_is_reported_stands_beside_the_year_before(case):
    frame = explore.比较数据(case, "一般公共预算教育支出").set_index("指标")
    row = frame.loc["一般公共预算教育支出"]
    assert (row["2022年"], row["2023年"]) == ("78047.60", "73516.41")  # alike
    assert (row["增减"], row["增减（%）"]) == (-4531.19, -5.81)


def test_what_lacks_is_listed_with_its_cell():
    case = explore.打开("990105")
    frame = explore.缺数据(case)
    cells = set(zip(frame["工作表"], frame["单元格"], strict=True))
    table = case.facts.table.query("status == 'missing' and school == '' and data_year == 2023")
    assert set(zip(table["sheet"], table["cell"], strict=True)) <= cells
    assert frame.iloc[0]["用于待定要点"]


def test_a_standard_is_found_by_what_its_point_and_its_document_are_called(case):
    by_point = explore.依据(case, "编制")
    assert by_point["标准"].str.contains("教职工之比").any()
    assert len(explore.判定(case, "编制"))
    assert explore.依据(case, "3.2.1")["标准"].nunique() > 20
    with pytest.raises(DudaoError, match=r"没有哪条标准、要点或文件.*最接近的是"):
        explore.依据(case, "小学学生与教职工之笔")


def test_every_point_has_its_reason_and_the_weightiest_problem_stands_first(case):
    told = explore.要点(case)
    assert len(told) == 29
    open_ones = told[told["结果"] != "达标"]
    assert ((open_ones["为什么"] + open_ones["要补什么"]) != "").all()
    (row,) = explore.要点(case, "3.2.1").to_dict("records")
    assert row["结果"] == "未达标"
    assert row["为什么"].startswith("违规择校2起（标准＝0起）")  # what weighs most comes first
    first = explore.先改(case)
    assert first["问题"].head(2).str.contains("一票否决").all()


def test_the_panel_of_points_shows_reasons_and_what_to_mend():
    panel = panels.points_panel()
    assert list(panel.children[0].children[1].options) == ["各要点和原因", "先改什么"]


def test_a_table_of_a_panel_prints_numbers_alike_and_nothing_for_none(monkeypatch):
    shown = []
    monkeypatch.setattr(panels.itables, "show", lambda frame, **_: shown.append(frame))
    panels._table(pd.DataFrame({"数": [0.5, math.nan, 0.125], "位": [1.0, 2.0, math.nan]}))
    assert shown[0].to_dict("list") == {"数": ["0.500", "", "0.125"], "位": ["1", "2", ""]}
