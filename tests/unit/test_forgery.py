"""A figure that somebody changes is found by status, publish and release."""

import json
import os
import re
import shutil
from pathlib import Path

import pytest

from dudao.base import workspace
from dudao_pipeline.cli import main
from dudao_pipeline.intake import storing
from dudao_pipeline.intake.submission import read_submission
from dudao_pipeline.runner import keys, record, selection
from dudao_pipeline.runner.outcome import output_path
from dudao_pipeline.runner.plan import Job
from tests.unit import county

COUNTY, YEAR = "990001", 2024
PLACE = ("--county", COUNTY, "--year", str(YEAR))
BOOKS = ("01_leadership", "02_funding")
RELEASE = ("release", *PLACE, "--date", "2025-01-10", "--with-blanks")


def run_as_committed() -> None:
    """Record the committed notebooks, executed on this county, as the results of a run."""
    planned = selection.expand([COUNTY], [str(YEAR)], list(BOOKS), force=True)
    for job in planned.jobs:
        output_path(job).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(workspace.notebooks() / f"{job.notebook}.ipynb", output_path(job))
    keys.record(planned.jobs, planned.parts)
    record.write_county(planned.jobs[0].folder)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The county of the committed notebooks, run and published as a draft that has nothing open."""
    base = tmp_path_factory.mktemp("改动")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DUDAO_STORE", str(base / "store"))
        patch.setenv("DUDAO_OUTPUTS", str(base / "outputs"))
        storing.write(read_submission(workspace.data() / f"reported/{COUNTY}-{YEAR}"))
        run_as_committed()
        main(["publish"])
        yield base


@pytest.fixture
def outputs(made, tmp_path, monkeypatch):
    """A copy of what was published, for one test to damage."""
    for name in ("store", "outputs"):
        shutil.copytree(made / name, tmp_path / name, copy_function=shutil.copy2)
        monkeypatch.setenv(f"DUDAO_{name.upper()}", str(tmp_path / name))
    return tmp_path / "outputs"


def forge(path: Path, after: str = "value") -> None:
    """Change one digit behind a word; size and time of the file stay as they were."""
    before, text = path.stat(), path.read_bytes()
    at = re.compile(after.encode() + rb"\D{0,40}\d").search(text).end() - 1
    digit = b"1" if text[at : at + 1] != b"1" else b"2"
    path.write_bytes(text[:at] + digit + text[at + 1 :])
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size and path.stat().st_mtime_ns == before.st_mtime_ns


def said(capsys, *arguments: str) -> tuple[int, str]:
    code = main(list(arguments))
    captured = capsys.readouterr()
    return code, captured.out + captured.err


def test_what_nobody_touched_is_current_and_released(outputs, capsys):
    assert said(capsys, "status", *PLACE, "--notebook", ",".join(BOOKS))[0] == 0
    code, text = said(capsys, "publish")
    assert (code, "改动" in text) == (0, False)
    code, text = said(capsys, *RELEASE)
    assert (code, "第1版" in text) == (0, True), text


def test_a_figure_changed_in_an_executed_notebook_is_found_everywhere(outputs, capsys):
    said(capsys, "status")  # remembers every digest
    forge(outputs / "2024" / COUNTY / "02_funding.ipynb")
    code, text = said(capsys, "status", *PLACE, "--notebook", "02")
    assert code == 1 and "990001 2024 02_funding：结果文件在运行后被改动" in text
    code, text = said(capsys, *RELEASE)
    assert code == 2 and "02_funding 不是最新的：结果文件在运行后被改动" in text
    code, text = said(capsys, "publish")
    assert code == 1 and "结果文件在运行后被改动" in text
    assert not (outputs / "2024" / COUNTY / "02_funding.html").exists()
    assert (outputs / "2024" / COUNTY / "01_leadership.html").is_file()


def test_a_figure_changed_in_the_collected_results_is_found_and_collected_again(outputs, capsys):
    path = outputs / "2024" / COUNTY / "results.json"
    before = path.read_bytes()
    forge(path)
    code, text = said(capsys, "status", *PLACE, "--notebook", "02")
    assert code == 1 and "results.json 在运行后被改动" in text
    assert "results.json 在运行后被改动" in said(capsys, *RELEASE)[1]
    assert "results.json 在运行后被改动" in said(capsys, "publish")[1]
    record.write_county(path.parent)
    assert path.read_bytes() == before


def test_what_somebody_changed_in_a_notebook_is_not_collected(outputs):
    folder = outputs / "2024" / COUNTY
    forge(folder / "02_funding.ipynb")
    assert list(record.collect(folder)) == ["01_leadership"]


@pytest.mark.parametrize("name", ["02_funding.html", "results.csv", "results.xlsx", "report.docx"])
def test_a_changed_page_or_table_is_named_refused_and_made_again(outputs, capsys, name):
    path = outputs / "2024" / COUNTY / name
    before = path.read_bytes()
    forge(path, "") if path.suffix in (".html", ".csv") else path.write_bytes(before[:-1] + b"x")
    assert f"{name} 在发布后被改动或删除" in said(capsys, *RELEASE)[1]
    assert f"2024/{COUNTY}/{name} 在发布后被改动或删除" in said(capsys, "publish")[1]
    assert path.read_bytes() == before


def test_the_tables_of_the_year_are_made_again_whatever_happened_to_them(outputs, capsys):
    folder = outputs / "2024"
    kept = {path: path.read_bytes() for path in folder.glob("results*")}
    assert len(kept) == 4  # CSV with its metadata, Parquet, xlsx
    forge(folder / "results.csv", "")
    (folder / "results.parquet").unlink()
    said(capsys, "publish")
    assert {path: path.read_bytes() for path in folder.glob("results*")} == kept


def test_a_record_of_publication_that_was_changed_is_refused(outputs, capsys):
    path = outputs / "2024" / COUNTY / "published.json"
    found = json.loads(path.read_text(encoding="utf-8"))
    found["remarks"] = []
    found["summary"]["points"][0]["result"] = "met"
    path.write_text(json.dumps(found, ensure_ascii=False, sort_keys=True), encoding="utf-8")
    code, text = said(capsys, *RELEASE)
    assert code == 2 and "published.json 在发布后被改动" in text


def test_data_corrected_and_not_run_are_not_released(outputs, capsys, tmp_path):
    made = county.copy(tmp_path / "更正", workspace.data() / f"reported/{COUNTY}-{YEAR}", COUNTY)
    county.set_item(made, "teachers_recruited", "全县", "数据年", "17")
    storing.write(read_submission(made))
    code, text = said(capsys, *RELEASE)
    assert code == 2 and "本县数据变了" in text and "dudao run" in text
    run_as_committed()
    code, text = said(capsys, *RELEASE)
    assert code == 2 and "还没有重新发布" in text and "dudao publish" in text


def test_a_changed_file_of_an_edition_is_named_and_no_other_is_released(outputs, capsys):
    assert said(capsys, *RELEASE)[0] == 0
    forge(outputs / "2024" / COUNTY / "editions" / "1" / "02_funding.html", "")
    code, text = said(capsys, *RELEASE)
    assert code == 2 and "editions/1/02_funding.html" in text


def test_a_county_that_left_the_store_is_withdrawn_and_its_results_stay(outputs, capsys):
    storing.write(read_submission(workspace.data() / "example/990100-2024"))
    (Path(os.environ["DUDAO_STORE"]) / "manifest" / f"{COUNTY}-{YEAR}.json").unlink()
    text = said(capsys, "publish")[1]
    folder = outputs / "2024" / COUNTY
    assert "库中没有这份附件所据的数据" in text
    assert not [path for path in folder.iterdir() if path.suffix in (".html", ".docx", ".csv")]
    assert (folder / "02_funding.ipynb").is_file() and not (outputs / "2024/results.csv").exists()


def test_one_county_that_cannot_be_published_keeps_back_no_other(outputs, capsys):
    other = outputs / "2024" / "990002"
    shutil.copytree(outputs / "2024" / COUNTY, other)
    path = other / "02_funding.ipynb"
    path.write_text("{}", encoding="utf-8")
    manifest = Path(os.environ["DUDAO_STORE"]) / "manifest"
    shutil.copyfile(manifest / f"{COUNTY}-{YEAR}.json", manifest / f"990002-{YEAR}.json")
    names = ("02_funding.html", "data.html", "report.docx", "results.xlsx")
    before = [(other / name).read_bytes() for name in names]
    code, text = said(capsys, "publish")
    assert code == 1 and "2024/990002：发布时出现意外错误" in text
    assert "上次发布的页面和文件保留未变" in text and "重新导入" in text
    assert "990002 未发布" in text and "未发布1个县" in text and "Error" not in text
    assert before == [(other / name).read_bytes() for name in names]
    (other / "published.json").unlink()  # nothing was published that could stay
    assert "本县未发布，其他县" in said(capsys, "publish")[1] and not list(other.glob("*.html"))
    assert (outputs / "2024" / COUNTY / "02_funding.html").is_file()
    assert "02_funding" in (outputs / "index.html").read_text(encoding="utf-8")


def test_notes_that_are_empty_or_one_text_are_notes():
    from dudao_pipeline.publish.county import _notes

    assert _notes({"notes": None}) == () == _notes({})
    assert _notes({"notes": "班数含教学点"}) == ("班数含教学点",)
    assert _notes({"notes": ["一", 2]}) == ("一", "2")


def test_a_job_of_a_record_that_is_none_runs(outputs):
    job = Job(COUNTY, YEAR, "02_funding")
    (job.folder / keys.KEYS_FILE).write_text('{"02_funding": 1}', encoding="utf-8")
    assert keys.recorded(job.folder) == {}
