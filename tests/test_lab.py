"""The lab as an analyst uses it, in Chromium: Chinese, live, offline; the baseline is untouched."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright
from tools import draw_explore
from tools.draw_explore import QUESTIONS, asked, browser, open_and_run, run_all, wait_for_kernel

from dudao_pipeline.lab import JUPYTER

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "explore"
ALL_PICTURES = 600_000  # bytes
KERNEL = JUPYTER / "ipython" / "profile_default" / "ipython_kernel_config.json"
REFUSED_AFTER_ERROR = json.loads(KERNEL.read_text())["Kernel"]["stop_on_error_timeout"]  # seconds
INSIDE = ("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:")

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """Start the lab as the command does; yield its address and its folder."""
    folder = tmp_path_factory.mktemp("lab")
    with draw_explore.lab(folder) as address:
        yield address, folder


@pytest.fixture(scope="module")
def page(lab):
    """Yield the lab's first page with every cell run; what it asked of other hosts is recorded."""
    with sync_playwright() as playwright:
        chromium = browser(playwright)
        page = chromium.new_page(viewport={"width": 1400, "height": 2600})
        page.outside = []

        def note(request) -> None:
            if not request.url.startswith(INSIDE):
                page.outside.append(request.url)

        page.on("request", note)
        open_and_run(page, lab[0])
        assert page.locator(".jp-Dialog").count() == 0
        yield page
        chromium.close()


def test_the_lab_speaks_chinese_and_opens_the_exploring_notebook(page):
    menus = page.locator(".lm-MenuBar-item").all_inner_texts()
    assert menus == ["文件", "编辑", "查看", "运行", "内核", "标签页", "设置", "帮助"]
    assert "探索.ipynb" in page.locator(".lm-TabBar-tabLabel").all_inner_texts()
    assert page.locator(".jp-DirListing-itemText", has_text="03 基础教育").count() == 1


def test_the_questions_are_answered_by_clicks(page):
    for question in QUESTIONS:
        asked(page, question)
    pictures = {path.stem: path.stat().st_size for path in PICTURES.iterdir()}
    assert set(pictures) == {question.name for question in QUESTIONS}
    assert sum(pictures.values()) < ALL_PICTURES
    guide = (ROOT / "docs" / "explore.zh-CN.md").read_text(encoding="utf-8")
    assert all(f"(explore/{name}.png)" in guide for name in pictures)


def test_what_the_sliders_assume_is_saved_as_a_scenario(page):
    panel = page.locator(".jp-OutputArea-output", has=page.get_by_text("情景名称")).first
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
    wait_for_kernel(panel)
    head = panel.locator("table.dudao thead th").first
    assert head.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(238, 242, 246)"

    def run_with(county):
        panel.locator(".jp-CodeCell").first.locator(".cm-content").click()
        page.keyboard.press("Control+a")
        page.keyboard.insert_text(f'county, year, scenario = "{county}", "2024", ""')
        run_all(page)

    run_with("虚构县99010")
    told = panel.locator("[data-mime-type='application/vnd.jupyter.stderr']")
    expect(told.first).to_be_in_viewport(timeout=120_000)
    line = told.first.inner_text().strip()
    assert "990100 虚构县990100" in line and "\n" not in line and "Traceback" not in line
    page.wait_for_timeout(1000 * REFUSED_AFTER_ERROR)
    expect(panel.locator(".jp-CodeCell .jp-OutputArea-output")).to_have_count(1)
    run_with("虚构县990102")
    expect(panel.get_by_role("heading", name="判定")).to_be_in_viewport(timeout=120_000)
    verdicts = panel.get_by_role("table", name="评价要点结果")
    expect(verdicts).to_be_in_viewport(timeout=120_000)
    assert told.count() == 0
