"""Keys: nothing unchanged is run, nothing changed is missed, and a user is told what changed."""

import json
import shutil
from dataclasses import replace

import pytest

from dudao.base import versions, workspace
from dudao.base.errors import DudaoError
from dudao.case import Case, case_of
from dudao.facts import store
from dudao.law import Law
from dudao.law.topics import OVERVIEW, notebooks
from dudao.law.version import rules_used
from dudao_pipeline.intake import storing
from dudao_pipeline.intake.submission import read_submission
from dudao_pipeline.runner import environment, keys, plan, selection
from dudao_pipeline.runner.outcome import failed_path, output_path
from dudao_pipeline.runner.plan import Job
from tests.unit import county

EXAMPLE = workspace.data() / "example"


TWO = ("990103", "990105")
OTHERS = {"990100", "990101", "990102", "990104"}
SIX = sorted({*TWO, *OTHERS})


@pytest.fixture
def filled(store_of, tmp_path, monkeypatch):
    """A store with two fictional counties, and an empty outputs folder."""
    monkeypatch.setenv("DUDAO_STORE", str(shutil.copytree(store_of(*TWO), tmp_path / "store")))
    monkeypatch.setenv("DUDAO_OUTPUTS", str(tmp_path / "outputs"))
    return tmp_path


def pretend_to_run(planned: selection.Plan) -> None:
    """Put a file where each job's result goes and record it, as a run does."""
    for job in planned.jobs:
        output_path(job).parent.mkdir(parents=True, exist_ok=True)
        output_path(job).write_text(f"result of {job}", encoding="utf-8")
    keys.record(planned.jobs, planned.parts)


def everything() -> selection.Plan:
    return selection.expand(["all"], ["all"], ["all"])


def change_a_cell(tmp_path, item: str, value: str) -> None:
    """Correct one cell of 990103 and put the workbook into the store again."""
    made = county.copy(tmp_path / "corrected", EXAMPLE / "990103-2024", "990103")
    county.set_item(made, item, "全县", "数据年", value)
    storing.write(read_submission(made))


def test_what_was_run_is_current_and_does_not_run_again(filled):
    first = everything()
    assert set(first.reasons.values()) == {keys.FIRST}
    pretend_to_run(first)
    again = everything()
    assert again.jobs == () and set(again.unchanged) == set(first.jobs)


def test_a_forced_run_runs_what_is_current(filled):
    pretend_to_run(everything())
    forced = selection.expand(["all"], ["all"], ["all"], force=True)
    assert set(forced.reasons.values()) == {selection.FORCED}


@pytest.mark.parametrize("harm", ["deleted", "truncated", "no record", "broken record"])
def test_a_lost_result_is_made_again(filled, harm):
    pretend_to_run(everything())
    job = Job("990103", 2024, "02_funding")
    record = job.folder / keys.KEYS_FILE
    if harm == "deleted":
        output_path(job).unlink()
    elif harm == "truncated":
        output_path(job).write_text("", encoding="utf-8")
    elif harm == "no record":
        known = json.loads(record.read_text(encoding="utf-8"))
        del known[job.notebook]
        record.write_text(json.dumps(known), encoding="utf-8")
    else:
        record.write_text("{", encoding="utf-8")
    again = everything()
    assert job in again.jobs
    assert {found.county for found in again.jobs} == {"990103"}
    assert harm == "broken record" or again.jobs == (job,)


def test_one_cell_reruns_its_county_and_overviews_that_show_it(filled):
    pretend_to_run(everything())
    change_a_cell(filled, "teachers_recruited", "17")
    again = everything()
    assert {job.county for job in again.jobs if job.notebook != OVERVIEW} == {"990103"}
    assert not [job for job in again.unchanged if job.county == "990103"]
    assert all("本县数据变了" in again.reasons[j] for j in again.jobs if j.county == "990103")


@pytest.fixture
def six(store_of, filled):
    """The same store with all six fictional counties: five is the fewest that are compared."""
    shutil.copytree(store_of(*SIX), filled / "store", dirs_exist_ok=True)
    pretend_to_run(everything())
    return filled


def test_a_peer_reruns_an_overview_only_if_what_it_shows_has_changed(six):
    change_a_cell(six, "exam_recruited_teachers", "1")  # fewer than any of the others
    again = everything()
    others = {job for job in again.jobs if job.county != "990103"}
    assert {job.county for job in others} == OTHERS
    assert {job.notebook for job in others} == {OVERVIEW}
    assert {again.reasons[job] for job in others} == {keys.PARTS["peers"]}


def test_among_fewer_than_five_nobody_is_told_and_nobody_reruns(filled):
    pretend_to_run(everything())
    change_a_cell(filled, "education_expenditure", "2850.43")
    assert {job.county for job in everything().jobs} == {"990103"}


def test_a_remark_in_the_workbook_is_part_of_what_a_page_shows(filled):
    before = store.content_of("990103", 2024)
    made = county.copy(filled / "corrected", EXAMPLE / "990103-2024", "990103")
    meta = made / "source.meta.yml"
    text = meta.read_text(encoding="utf-8")
    meta.write_text(text.replace("title:", "title: 更正的", 1), encoding="utf-8")
    storing.write(read_submission(made))
    assert store.content_of("990103", 2024) != before


def test_a_failed_job_runs_again_and_can_be_asked_for_alone(filled):
    pretend_to_run(everything())
    job = Job("990105", 2024, "02_funding")
    failed_path(job).write_text("evidence", encoding="utf-8")
    again = selection.expand(["all"], ["all"], ["all"], only_failed=True)
    assert again.reasons == {job: selection.FAILED_BEFORE}
    failed_path(job).unlink()
    assert selection.expand(["all"], ["all"], ["all"], only_failed=True).jobs == ()


@pytest.mark.parametrize(("at", "part"), [(versions, "library"), (environment, "packages")])
def test_another_program_or_environment_reruns_everything(filled, at, part, monkeypatch):
    first = everything()
    pretend_to_run(first)
    monkeypatch.setattr(at, part, lambda: "another")
    assert everything().jobs == first.jobs


def test_a_changed_cell_of_a_notebook_reruns_it_everywhere_and_an_output_does_not(
    filled, monkeypatch
):
    pretend_to_run(everything())
    folder = filled / "notebooks"
    shutil.copytree(workspace.notebooks(), folder)
    monkeypatch.setattr(workspace, "notebooks", lambda: folder)
    path = folder / "08_language.ipynb"
    content = json.loads(path.read_text(encoding="utf-8"))
    content["cells"][-1]["outputs"] = []
    path.write_text(json.dumps(content), encoding="utf-8")
    assert everything().jobs == ()
    content["cells"][-1]["source"] = "1 + 1"
    path.write_text(json.dumps(content), encoding="utf-8")
    assert {job.notebook for job in everything().jobs} == {"08_language"}


def _added_law(folder, name: str) -> None:
    """An overlay that replaces one national rule for the county's province (99, fictional)."""
    built_in = workspace.root() / "lib/dudao/law/thresholds/language.yaml"
    text = built_in.read_text(encoding="utf-8")
    target = folder / "thresholds" / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text.replace("area: national", 'area: "99"', 1), encoding="utf-8")


def test_a_changed_threshold_reruns_the_notebooks_that_use_it(filled, monkeypatch):
    monkeypatch.setenv("DUDAO_LAW", str(filled / "law"))
    pretend_to_run(everything())
    _added_law(filled / "law", "language_99.yaml")
    again = everything()
    assert {job.notebook for job in again.jobs} == {OVERVIEW, "08_language"}
    assert all(keys.PARTS["law"] in reason for reason in again.reasons.values())


def _with_other_values(case: Case, rules: set[str]) -> Case:
    """Return the case under a law in which some rules have other values."""
    changed = {
        name: replace(rule, values=tuple(replace(v, value=_other(v.value)) for v in rule.values))
        for name, rule in case.law.thresholds.items()
        if name in rules
    }
    return replace(case, law=Law({**case.law.thresholds, **changed}, case.law.area))


def _other(value: float | None) -> float:
    return (value or 0) * 0.5 + 1


@pytest.mark.parametrize("notebook", notebooks())
def test_verdicts_follow_the_rules_in_their_key_and_no_others(notebook, store_of, monkeypatch):
    monkeypatch.setenv("DUDAO_STORE", str(store_of(*SIX)))
    case = case_of(store.read("990102", 2024), "990102", 2024, notebook)
    used = {rule.id for rule in rules_used(case.framework, "990102", notebook)}
    verdicts = repr(case.verdicts())
    assert repr(_with_other_values(case, set(case.law.thresholds) - used).verdicts()) == verdicts
    assert not used or repr(_with_other_values(case, used).verdicts()) != verdicts


WRONG = [
    (["77"], ["all"], "没有代码以“77”开头.*已入库的以99开头"),
    (["9988"], ["all"], "没有代码以“9988”开头.*已入库的以9901开头"),
    (["990199"], ["all"], "最接近的是：990"),
    (["all"], ["2024-2022"], "起始年晚于终止年"),
    (["all"], ["2018-2024"], "没有2018年的评价方案"),
    (["all"], ["24"], "不是四位年份"),
]


@pytest.mark.parametrize(("counties", "years", "message"), WRONG, ids=lambda value: str(value))
def test_a_wrong_selection_is_refused_with_the_place(filled, counties, years, message):
    with pytest.raises(DudaoError, match=message):
        selection.expand(counties, years, ["all"])


def test_prefix_and_range_select(filled):
    assert plan.check_counties("9901") == ["990103", "990105"]
    assert plan.check_counties("99") == ["990103", "990105"]
    assert plan.check_years("2022-2024") == [2022, 2023, 2024]
    found = selection.expand(["9901"], ["2022-2024"], ["02"])
    assert {job.notebook for job in found.jobs} == {"02_funding"}
