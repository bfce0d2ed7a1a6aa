"""The lab as an analyst uses it, in Chromium: Chinese, live, offline; the baseline is untouched."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from dudao_pipeline.lab import REFUSED_AFTER_ERROR

ROOT = Path(__file__).parents[1]
COMMAND = "import sys; from dudao_pipeline.cli import main; sys.exit(main())"
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/lab\S*token=\w+")
RUN_ALL = re.compile("^运行所有单元格$")
CONNECTED = ".jp-Notebook-ExecutionIndicator[data-status=idle]"
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """Start the lab as the command does; yield its address and its folder."""
    folder = tmp_path_factory.mktemp("lab")
    scenarios = tmp_path_factory.mktemp("scenarios")
    log = folder / "log"
    environment = {
        **os.environ,
        "DUDAO_LAB": str(folder / "lab"),
        "DUDAO_SCENARIOS": str(scenarios),
        "HOME": str(folder / "home"),
    }
    with log.open("w") as stream:
        process = subprocess.Popen(
            [sys.executable, "-c", COMMAND, "lab", "--no-browser", "--port", "0"],
            env=environment,
            stdout=stream,
            stderr=stream,
        )
    try:
        deadline = time.monotonic() + 120
        while not (match := ADDRESS.search(log.read_text("utf-8"))):
            assert process.poll() is None, log.read_text("utf-8")
            assert time.monotonic() < deadline, log.read_text("utf-8")
            time.sleep(0.2)
        yield match[0], folder
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture(scope="module")
def page(lab):
    """Yield the lab's first page with every cell run; what it asked of other hosts is recorded."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        page = browser.new_page(viewport={"width": 1400, "height": 2600})
        page.outside = []
        page.on(
            "request",
            lambda request: (
                page.outside.append(request.url)
                if not request.url.startswith(
                    ("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:")
                )
                else None
            ),
        )
        page.goto(lab[0])
        page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=120_000)
        # What is run before the kernel is connected is lost, as in any JupyterLab.
        page.locator(".jp-KernelName", has_text="Python 3").wait_for(timeout=120_000)
        page.locator(CONNECTED).wait_for(state="attached", timeout=120_000)
        assert page.locator(".jp-Dialog").count() == 0
        page.locator(".lm-MenuBar-itemLabel", has_text="运行").first.click()
        page.locator(".lm-Menu-itemLabel", has_text=RUN_ALL).first.click()
        page.get_by_text("至少需要").first.wait_for(timeout=240_000)
        yield page
        browser.close()


def test_the_lab_speaks_chinese_and_opens_the_exploring_notebook(page):
    menus = page.locator(".lm-MenuBar-item").all_inner_texts()
    assert menus == ["文件", "编辑", "查看", "运行", "内核", "标签页", "设置", "帮助"]
    assert "探索.ipynb" in page.locator(".lm-TabBar-tabLabel").all_inner_texts()
    assert page.locator(".jp-DirListing-itemText", has_text="03 基础教育").count() == 1


def test_a_slider_moves_a_verdict_and_the_trial_is_saved_as_a_scenario(page, lab):
    panel = page.locator(".jp-OutputArea-output", has=page.get_by_text("情景名称")).first
    slider = panel.locator(".noUi-handle, .slider-handle, [role=slider]").first
    slider.scroll_into_view_if_needed()
    slider.focus()
    for _ in range(4):
        slider.press("PageDown")
    expect(panel).to_contain_text("原结果", timeout=60_000)
    panel.get_by_role("button", name="存为情景文件").click()
    expect(panel.get_by_text("已存为")).to_be_visible(timeout=30_000)


def test_nothing_is_asked_of_another_host(page):
    assert page.outside == []


def test_working_copies_leave_the_baseline_and_the_home_alone(page, lab):
    before = {path: path.read_bytes() for path in (ROOT / "notebooks").iterdir()}
    copy = lab[1] / "lab" / "探索.ipynb"
    saved = copy.stat().st_mtime_ns
    page.keyboard.press("Control+s")
    page.wait_for_timeout(1500)
    assert copy.stat().st_mtime_ns > saved
    assert {path: path.read_bytes() for path in (ROOT / "notebooks").iterdir()} == before
    assert not (lab[1] / "home").exists()


def test_a_misspelt_county_is_one_red_line_and_the_right_one_shows_its_verdicts(page):
    page.set_viewport_size({"width": 1400, "height": 900})
    page.locator(".jp-DirListing-itemText", has_text="03 基础教育").dblclick()
    page.locator(".lm-TabBar-tab.lm-mod-current", has_text="03 基础教育").first.wait_for()
    panel = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
    panel.locator(".jp-KernelName", has_text="Python 3").wait_for(timeout=120_000)
    panel.locator(CONNECTED).wait_for(state="attached", timeout=120_000)
    head = panel.locator("table.dudao thead th").first
    assert head.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(238, 242, 246)"

    def run_with(county):
        panel.locator(".jp-CodeCell").first.locator(".cm-content").click()
        page.keyboard.press("Control+a")
        page.keyboard.insert_text(f'county, year, scenario = "{county}", "2024", ""')
        page.locator(".lm-MenuBar-itemLabel", has_text="运行").first.click()
        page.locator(".lm-Menu-itemLabel", has_text=RUN_ALL).first.click()

    run_with("虚构县99010")
    told = panel.locator("[data-mime-type='application/vnd.jupyter.stderr']")
    expect(told.first).to_be_in_viewport(timeout=120_000)
    line = told.first.inner_text().strip()
    assert "990100 虚构县990100" in line and "\n" not in line and "Traceback" not in line
    page.wait_for_timeout(1000 * REFUSED_AFTER_ERROR)
    assert panel.locator(".jp-CodeCell .jp-OutputArea-output").count() == 1
    run_with("虚构县990102")
    expect(panel.get_by_role("heading", name="判定")).to_be_in_viewport(timeout=120_000)
    verdicts = panel.get_by_role("table", name="评价要点结果")
    expect(verdicts).to_be_in_viewport(timeout=120_000)
    assert told.count() == 0
