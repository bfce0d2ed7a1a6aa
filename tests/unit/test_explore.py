"""What an analyst calls: the recipes of the guide run, names are understood, mistakes are told."""

import re
from dataclasses import replace
from pathlib import Path

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
    assert len(answers) == 8
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
    name = "03_basic_education"
    shown, opened = after.shown_by(name), open_case("990102", 2024, name)
    assert [v.check for v in shown.verdicts()] == [v.check for v in opened.verdicts()]


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
    with pytest.raises(DudaoError, match="没有写来源"):
        explore.最省(case, "小学", explore.单价(full, " "))


def test_the_cheapest_plan_says_what_it_costs_and_what_nothing_undercuts(case):
    full = dict.fromkeys(panels.SCHOOL_RESOURCES, 2.0)
    plan = explore.最省(case, "初中", explore.单价(full, "虚构单价"))
    assert plan.plan.bound <= plan.plan.cost <= plan.plan.bound * 1.01
    assert "任何方案不少于" in plan.sentence
    assert "虚构单价" in plan.sentence
