"""Scenarios in plans and keys: what runs for whom, why, and where it goes."""

import shutil

import pytest

from dudao.base import workspace
from dudao.base.errors import ScenarioError
from dudao_pipeline.cli import main
from dudao_pipeline.county_years import CountyYear
from dudao_pipeline.intake import storing
from dudao_pipeline.intake.submission import read_submission
from dudao_pipeline.runner import keys, record, selection
from dudao_pipeline.runner.cluster import shared_folders
from dudao_pipeline.runner.outcome import output_path
from dudao_pipeline.runner.outdated import outdated_results
from dudao_pipeline.runner.plan import Job
from dudao_pipeline.runner.submissions import Submission

ALL = (["all"], ["all"], ["all"])
TEXT = "title: 虚构情景\nnote: 试\n{}changes:\n  - item: staff\n    stage: senior\n    {}\n"


@pytest.fixture
def filled(store_of, tmp_path, monkeypatch):
    """Two fictional counties, empty outputs, and two scenarios: one for 990103, one for any."""
    shutil.copytree(store_of("990103", "990105"), tmp_path / "store")
    for name in ("store", "outputs", "scenarios"):
        monkeypatch.setenv(f"DUDAO_{name.upper()}", str(tmp_path / name))
        (tmp_path / name).mkdir(exist_ok=True)
    write(tmp_path, "增聘", "set: 99", "counties: ['990103']\n")
    write(tmp_path, "任何县", "set: 88")
    return tmp_path


def write(base, name: str, operation: str, counties: str = "") -> None:
    path = base / "scenarios" / f"{name}.yaml"
    path.write_text(TEXT.format(counties, operation), encoding="utf-8")


def pretend_to_run(planned: selection.Plan) -> None:
    for job in planned.jobs:
        output_path(job).parent.mkdir(parents=True, exist_ok=True)
        output_path(job).write_text(f"result of {job}", encoding="utf-8")
    keys.record(planned.jobs, planned.parts)


def test_without_a_scenario_only_the_real_data_are_planned(filled):
    assert {job.scenario for job in selection.expand(*ALL).jobs} == {""}


def test_all_counties_means_those_that_a_scenario_is_for(filled):
    found = selection.expand(*ALL, ["增聘", "任何县"])
    counties = {(job.scenario, job.county) for job in found.jobs}
    assert counties == {("增聘", "990103"), ("任何县", "990103"), ("任何县", "990105")}
    assert found.left_out == () or all("没有报送" in why for _, why in found.left_out)


def test_a_scenario_lies_apart_where_nothing_real_looks(filled):
    pretend_to_run(selection.expand(*ALL))
    pretend_to_run(selection.expand(*ALL, ["增聘"]))
    real, supposed = Job("990103", 2024, "06_teachers"), Job("990103", 2024, "06_teachers", "增聘")
    assert supposed.folder == real.folder / "scenarios" / "增聘"
    assert output_path(real).read_text(encoding="utf-8") == f"result of {real}"
    assert (supposed.folder / keys.KEYS_FILE).is_file()
    assert keys.recorded(real.folder).keys() == keys.recorded(supposed.folder).keys()
    output_path(real).unlink()
    for path in real.folder.glob("*.ipynb"):
        path.unlink()
    assert record.collect(real.folder) == {}


def test_a_changed_file_reruns_its_scenario_and_nothing_else(filled):
    for names in ([], ["增聘"], ["任何县"]):
        pretend_to_run(selection.expand(*ALL, names))
    write(filled, "增聘", "set: 100", "counties: ['990103']\n")
    assert selection.expand(*ALL).jobs == ()
    assert selection.expand(*ALL, ["任何县"]).jobs == ()
    again = selection.expand(*ALL, ["增聘"])
    assert again.jobs and set(again.reasons.values()) == {"情景变了"}
    assert not again.unchanged


def test_the_key_of_a_real_result_has_no_part_for_scenarios(filled):
    submission = Submission.of("990103", 2024)
    parts = keys.job_parts(Job("990103", 2024, "06_teachers"), submission)
    supposed = keys.job_parts(Job("990103", 2024, "06_teachers", "增聘"), submission)
    assert set(supposed) - set(parts) == {"scenario"}
    assert {name: supposed[name] for name in parts} == parts
    assert set(supposed) == set(keys.PARTS)


def test_a_county_named_outright_must_be_one_that_the_scenario_fits(filled):
    with pytest.raises(ScenarioError, match="只用于990103，不用于990105"):
        selection.expand(["990105"], ["all"], ["all"], ["增聘"])
    write(filled, "任何县", "add: 3")  # 990105 does not report it
    with pytest.raises(ScenarioError, match=r"990105 .*(没有|未报)"):
        selection.expand(["990105"], ["all"], ["all"], ["任何县"])


def test_of_all_counties_one_that_does_not_fit_is_left_out_and_listed(filled):
    write(filled, "任何县", "add: 3")
    found = selection.expand(*ALL, ["任何县"])
    assert {job.county for job in found.jobs} == {"990103"}
    (line,) = [why for job, why in found.left_out if job.county == "990105"]
    assert line.startswith("情景文件 任何县.yaml changes 第1条：990105")
    write(filled, "别处", "set: 1", "counties: ['230221']\n")
    with pytest.raises(ScenarioError, match="没有 counties 所列的县（230221）的数据。请先导入"):
        selection.expand(*ALL, ["别处"])
    write(filled, "任何县", "add: -999999")
    with pytest.raises(ScenarioError, match="负数"):
        selection.expand(*ALL, ["任何县"])


def test_a_scenario_gives_what_a_notebook_lacks(filled):
    storing.write(read_submission(workspace.data() / "reported" / "410329-2022"))
    real, supposed = (Job("410329", 2022, "06_teachers", name) for name in ("", "任何县"))
    assert "没有报送" in selection.obstacle(real)
    assert selection.obstacle(supposed) == ""


@pytest.mark.parametrize(
    "options", [["--scenario", "增聘"], ["-p", "scenario", "增聘"], ["--scenario", "任何县，增聘"]]
)
def test_the_option_and_the_parameter_choose_scenarios(filled, options, capsys):
    assert main(["run", "--dry-run", "--county", "990103", "--notebook", "06", *options]) == 0
    out = capsys.readouterr().out
    assert "990103 2024 06_teachers 情景“增聘”：首次运行" in out
    assert f"需运行{2 if '任何县' in options[-1] else 1}，" in out


def test_a_mistake_is_refused_before_anything_runs(filled, capsys):
    write(filled, "增聘", "add: 一")
    assert main(["run", "--scenario", "增聘"]) == 2
    assert "情景文件 增聘.yaml changes 第1条：add 的“一”不是数" in capsys.readouterr().err
    assert main(["status", "--scenario", "没有"]) == 2
    assert "没有名为“没有”的情景" in capsys.readouterr().err
    assert not any((filled / "outputs").iterdir())


def test_status_tells_which_part_has_changed(filled, capsys):
    pretend_to_run(selection.expand(*ALL, ["增聘"]))
    assert main(["status", "--scenario", "增聘"]) == 0
    write(filled, "增聘", "set: 100", "counties: ['990103']\n")
    assert main(["status", "--scenario", "增聘"]) == 1
    assert "情景“增聘”：情景变了" in capsys.readouterr().out


def test_publishing_is_told_of_scenarios_that_are_no_longer_what_they_say(filled):
    pretend_to_run(selection.expand(*ALL))
    pretend_to_run(selection.expand(*ALL, ["增聘"]))
    assert outdated_results().get(CountyYear("990103", 2024), {}) == {}
    write(filled, "增聘", "set: 100", "counties: ['990103']\n")
    found = outdated_results()[CountyYear("990103", 2024)]
    assert found["scenarios/增聘/06_teachers"] == "情景变了" and "06_teachers" not in found
    write(filled, "增聘", "set: 100", "counties: ['990105']\n")
    (why,) = set(outdated_results()[CountyYear("990103", 2024)].values())
    assert "只用于990105，不用于990103" in why
    (filled / "scenarios" / "增聘.yaml").unlink()
    (why, *_) = outdated_results()[CountyYear("990103", 2024)].values()
    assert "没有名为“增聘”的情景" in why


def test_nodes_of_a_cluster_are_told_where_scenarios_lie(filled):
    assert shared_folders()["DUDAO_SCENARIOS"] == str(filled / "scenarios")
