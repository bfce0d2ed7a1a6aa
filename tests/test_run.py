"""The runner on real papermill kernels: a second county, failures, refusals, same bytes."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from dudao.base import workspace
from dudao_pipeline.cli import main
from tests.command_line import dudao, dudao_process
from tests.unit import county

SCHOOL_HEADER = county.rows(county.PLAIN, "学校")[0]


def _other_county(folder: Path) -> Path:
    """A fictional county unlike 990001: one junior school, two primaries, zero and 不涉及 cells."""
    made = county.copy(folder, county.PUBLISHED / "990001-2024", "990002")
    lines = county.rows(made, "县级指标")
    for line in lines[1:]:
        line[4:7] = ["", "", ""]
    county.write(made, "县级指标", lines)
    county.write(made, "报告所列数据", county.rows(made, "报告所列数据")[:1])
    county.set_item(made, "teachers_recruited", "全县", "数据年", "0")
    county.set_item(made, "education_expenditure", "全县", "基准年", "5000")
    county.set_item(made, "education_expenditure", "全县", "数据年", "4900")
    county.set_item(made, "per_pupil_expenditure", "小学", "基准年", "0")
    county.set_item(made, "per_pupil_expenditure", "小学", "数据年", "8000")
    county.set_item(made, "boarding_supplement", "义务教育", "数据年", "不涉及")
    county.set_item(made, "population_3_5", "幼儿园", "数据年", "1000")
    county.set_item(made, "enrolment", "幼儿园", "数据年", "849")
    county.set_item(made, "public_enrolment", "幼儿园", "数据年", "400")
    schools = [
        ["P1", "<b>虚构一小</b>", "小学", "小学", "乡村", "", "80", "6", *["10"] * 7, ""],
        ["P2", "虚构二小", "小学", "小学", "城区", "", "900", "20", *["90"] * 7, ""],
        ["J1", "虚构中学", "初级中学", "初中", "城区", "", "700", "16", *["50"] * 7, ""],
    ]
    county.write(made, "学校", [SCHOOL_HEADER, *schools])
    return made


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A store and an outputs folder in a path with spaces and Chinese, with one county run."""
    base = tmp_path_factory.mktemp("督导 评估")
    environment = {"DUDAO_STORE": str(base / "库"), "DUDAO_OUTPUTS": str(base / "输出 一")}
    done = dudao("ingest", str(_other_county(base)), **environment)
    assert done.returncode == 0, done.stderr
    done = dudao_process("run", "--county", "990002", **environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return base, environment, done


def _results(base):
    path = base / "输出 一" / "2024" / "990002" / "results.json"
    found = json.loads(path.read_text(encoding="utf-8"))
    return {check["check"]: check for notebook in found.values() for check in notebook["checks"]}


def test_all_notebooks_run_for_a_county_of_another_shape(home):
    base, _, done = home
    folder = base / "输出 一" / "2024" / "990002"
    assert sorted(p.name for p in folder.glob("*.ipynb")) == [
        "00_overview.ipynb",
        "01_leadership.ipynb",
        "02_funding.ipynb",
        "03_basic_education.ipynb",
        "10_schools.ipynb",
    ]
    assert "[5/5]" in done.stdout and "完成5，失败0" in done.stdout


def test_its_results_are_what_its_data_say(home):
    checks = _results(home[0])
    fall = checks["education_expenditure_never_decreases"]
    assert (fall["result"], fall["gap"]["text"]) == ("not_met", "尚差100万元")
    zero_base = checks["per_pupil_expenditure_never_decreases_primary"]
    assert (zero_base["value"], zero_base["result"]) == (None, "undecided")
    share = checks["gross_enrolment_ratio"]
    assert (share["result"], share["gap"]["text"]) == ("not_met", "尚差1人")
    assert checks["public_enrolment_share"]["gap"]["text"] == "尚差25人"
    assert checks["schools_on_standard_primary"]["result"] == "not_met"
    assert checks["resource_cv_junior"]["result"] == "undecided"


def test_outputs_carry_the_parameters_and_nothing_that_varies(home):
    path = home[0] / "输出 一" / "2024" / "990002" / "02_funding.ipynb"
    notebook = nbformat.read(path, as_version=4)
    injected = [c for c in notebook.cells if "injected-parameters" in c.metadata.get("tags", ())]
    assert 'county = "990002"' in injected[0].source
    assert "papermill" not in notebook.metadata
    assert str(home[0]) not in path.read_text(encoding="utf-8")
    errors = [o for c in notebook.cells for o in c.get("outputs", ()) if o.get("name") == "stderr"]
    assert errors == []


def test_same_inputs_give_the_same_bytes(home):
    base, environment, _ = home
    first = {p.name: p.read_bytes() for p in (base / "输出 一" / "2024" / "990002").iterdir()}
    again = {**environment, "DUDAO_OUTPUTS": str(base / "又一次")}
    assert dudao("run", "--notebook", "02", "--workers", "1", **again).returncode == 0
    second = base / "又一次" / "2024" / "990002" / "02_funding.ipynb"
    assert second.read_bytes() == first["02_funding.ipynb"]


@pytest.fixture(scope="module")
def published(home):
    """The county published as a draft, and what the command printed."""
    base, environment, _ = home
    done = dudao("publish", "--draft", **environment)
    assert done.returncode == 0, done.stderr
    return base, done


def test_publishing_makes_offline_pages_and_an_index(published):
    base, done = published
    index = base / "输出 一" / "index.html"
    assert str(index) in done.stdout
    assert "虚构" in index.read_text(encoding="utf-8")
    page = (base / "输出 一" / "2024" / "990002" / "02_funding.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "虚构" in page
    assert page.count('<svg class="chart" ') == 2


@pytest.mark.browser
def test_every_page_opens_from_disk_without_network_script_or_missing_character(published):
    from playwright.sync_api import sync_playwright

    base, _ = published
    pages = sorted((base / "输出 一").rglob("*.html"))
    assert len([page for page in pages if page.parent.name == "990002"]) == 8
    wanted, complaints = [], []
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=[*arguments, "--no-first-run"]
        )
        context = browser.new_context(offline=True, viewport={"width": 390, "height": 800})
        page = context.new_page()
        page.on("request", lambda request: wanted.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        for path in pages:
            page.goto(path.as_uri())
            assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
            assert all(page.evaluate("[...document.images].map(i => i.naturalWidth > 0)")), path
            assert "\ufffd" not in page.inner_text("body")
        browser.close()
    assert complaints == []
    assert all(url.startswith(("file:", "data:")) for url in wanted)


REFUSALS = [
    (["run", "--county", "99001"], "六位代码"),
    (["run", "--county", "990111"], "最接近的是：990101"),
    (["run", "--county", "230221"], "没有入库的数据"),
    (["run", "--county", "990001", "--year", "2019"], "没有2019年的评价方案"),
    (["run", "--county", "990001", "--year", "2022"], "已有年度：2024"),
    (["run", "--county", "990001", "--year", "二四"], "不是四位年份"),
    (["run", "--notebook", "2_funding"], "最接近的是：02_funding"),
    (["run", "-p", "yaer", "2024"], "最接近的是：year"),
    (
        ["run", "--county", "410727", "--year", "2020", "--notebook", "03"],
        "没有已施行的标准|没有报送",
    ),
    (["run", "--nonsense"], "参数有误"),
    (["ingest", "不存在"], "找不到文件夹"),
    (["publishh"], "参数有误"),
]


@pytest.mark.parametrize(("arguments", "message"), REFUSALS, ids=lambda value: str(value)[:40])
def test_a_wrong_parameter_is_refused_before_a_kernel_starts(
    arguments, message, tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("DUDAO_OUTPUTS", str(tmp_path))
    try:
        code = main(arguments)
    except SystemExit as left:
        code = left.code
    assert code == 2
    assert re.search(message, capsys.readouterr().err)
    assert list(tmp_path.iterdir()) == []


def test_a_county_may_be_named_and_a_parameter_given_as_papermill_users_do(tmp_path):
    empty = {"DUDAO_OUTPUTS": str(tmp_path)}
    named = dudao("run", "--county", "栾川县", "--dry-run", **empty)
    jobs = [line.split("：")[0] for line in named.stdout.splitlines()]
    assert jobs[:2] == ["410324 2022 00_overview", "410324 2022 02_funding"]
    assert jobs[2].startswith("需运行2")
    given = dudao("run", "-p", "county", "410324", "-p", "year", "2022", "--dry-run", **empty)
    assert given.stdout == named.stdout


def test_one_failure_stops_nobody_and_leaves_nothing_that_looks_done(tmp_path):
    """A notebook that raises for one county: the other is done, the failed one keeps evidence."""
    shutil.copytree(workspace.notebooks(), tmp_path / "notebooks")
    path = tmp_path / "notebooks" / "02_funding.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for at, cell in enumerate(notebook.cells):
        if "parameters" in cell.metadata.get("tags", ()):
            broken = nbformat.v4.new_code_cell('assert county != "410324", "停在这里"')
            notebook.cells.insert(at + 1, broken)
            break
    nbformat.write(notebook, path)
    done = dudao(
        *("run", "--county", "410324,410329", "--notebook", "02"),
        DUDAO_NOTEBOOKS=str(tmp_path / "notebooks"),
        DUDAO_OUTPUTS=str(tmp_path / "outputs"),
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "失败 410324 2022 02_funding：AssertionError：停在这里" in done.stdout
    folder = tmp_path / "outputs" / "2022"
    assert (folder / "410329" / "02_funding.ipynb").is_file()
    assert not (folder / "410324" / "02_funding.ipynb").exists()
    assert (folder / "410324" / "02_funding.failed.ipynb").is_file()
    run = json.loads((tmp_path / "outputs" / "run.json").read_text(encoding="utf-8"))
    assert [bool(job["error"]) for job in run["jobs"]] == [True, False]


def test_help_does_not_pay_for_the_notebook_stack():
    code = "import sys; from dudao_pipeline.cli import _parser; _parser(); print(*sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"papermill", "nbformat", "pandas", "matplotlib"} & set(found.stdout.split())
