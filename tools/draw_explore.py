"""Make the pictures of docs/explore.zh-CN.md: questions answered in JupyterLab, by clicks.

`python -m tools.draw_explore` starts the lab as its command does, on the counties of the
repository, and pictures each answer (虚构). tests/test_lab.py makes the same clicks.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Locator, Page, Playwright, expect, sync_playwright

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "explore"
COUNTY, OTHER, LACKING = "虚构县990102", "虚构县990101", "虚构县990105"
COMMAND = "import sys; from dudao_pipeline.cli import main; sys.exit(main())"
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/lab\S*token=\w+")
RUN_ALL = re.compile("^运行所有单元格$")
CONNECTED = ".jp-Notebook-ExecutionIndicator[data-status=idle]"
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
MINUTES = 60_000  # milliseconds
HIGHEST = 520  # dots of a picture: what the question needs, not the whole list
COLOURS = 48


@contextmanager
def lab(folder: Path) -> Iterator[str]:
    """Start the lab as its command does, in a folder of its own; yield its address."""
    log = folder / "log"
    environment = {
        **os.environ,
        "DUDAO_LAB": str(folder / "lab"),
        "DUDAO_SCENARIOS": str(folder / "scenarios"),
        "HOME": str(folder / "home"),
    }
    command = [sys.executable, "-c", COMMAND, "lab", "--no-browser", "--port", "0"]
    with log.open("w") as stream:
        process = subprocess.Popen(command, env=environment, stdout=stream, stderr=stream)
    try:
        deadline = time.monotonic() + 120
        while not (match := ADDRESS.search(log.read_text("utf-8"))):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(log.read_text("utf-8"))
            time.sleep(0.2)
        yield match[0]
    finally:
        process.terminate()
        process.wait(30)


def browser(playwright: Playwright) -> Browser:
    """Start the system's Chromium."""
    return playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)


def run_all(page: Page) -> None:
    """Run every cell of the notebook in front, by the menu."""
    page.locator(".lm-MenuBar-itemLabel", has_text="运行").first.click()
    page.locator(".lm-Menu-itemLabel", has_text=RUN_ALL).first.click()


def wait_for_kernel(panel: Page | Locator) -> None:
    """Wait for a kernel: what is run before it is connected is lost, as in any JupyterLab."""
    panel.locator(".jp-KernelName", has_text="Python 3").wait_for(timeout=2 * MINUTES)
    panel.locator(CONNECTED).wait_for(state="attached", timeout=2 * MINUTES)


def open_and_run(page: Page, address: str) -> None:
    """Open the lab, which shows the exploring notebook, and run its cells."""
    page.goto(address)
    page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=2 * MINUTES)
    wait_for_kernel(page)
    run_all(page)
    page.get_by_text("至少需要").first.wait_for(timeout=4 * MINUTES)


@dataclass(frozen=True)
class Question:
    """A question: the heading of its section, the clicks, and the text that answers it."""

    name: str
    heading: str
    ask: Callable[[Locator], None]
    answer: str


def _choose(panel: Locator, county: str = COUNTY, *, at: int = 0) -> None:
    choice = panel.locator(".widget-dropdown", has_text="县").nth(at).locator("select")
    choice.select_option(label=county)
    panel.page.wait_for_timeout(500)  # the kernel is told; what depends on the county comes anew
    panel.page.locator(CONNECTED).first.wait_for(state="attached", timeout=MINUTES)


def _what_fails(panel: Locator) -> None:
    _choose(panel)
    panel.locator(".widget-dropdown", has_text="结果").locator("select").select_option(
        label="未达标"
    )


def _which_schools(panel: Locator) -> None:
    _choose(panel)
    panel.get_by_text("初中", exact=True).click()
    panel.get_by_label("只看未达标的学校").check()


def _where_from(panel: Locator) -> None:
    _choose(panel)
    panel.get_by_text("数从哪来", exact=True).click()


def _by_what_law(panel: Locator) -> None:
    _choose(panel)
    panel.get_by_text("标准的依据", exact=True).click()


def _beside_another(panel: Locator) -> None:
    _choose(panel)
    _choose(panel, OTHER, at=1)
    word = panel.locator(".widget-text", has_text="检查").locator("input")
    word.fill("教师")
    word.press("Enter")


def _over_the_years(panel: Locator) -> None:
    _choose(panel)


def _what_if(panel: Locator) -> None:
    """Move the slider until a check changes: the slider of the county before may still stand."""
    _choose(panel)
    for _ in range(5):
        for _ in range(8):
            panel.locator(".noUi-handle").first.press("PageUp")
        try:
            expect(panel.get_by_text("原结果")).to_be_visible(timeout=5_000)
        except AssertionError:
            continue
        return


def _least(panel: Locator) -> None:
    _choose(panel)
    panel.get_by_text("初中", exact=True).click()


def _look_at(panel: Locator, view: str) -> None:
    panel.locator(".widget-dropdown", has_text="看什么").locator("select").select_option(label=view)


def _class_sizes(panel: Locator) -> None:
    _which_schools(panel)
    _look_at(panel, "班额、规模、专用教室")


def _what_spreads(panel: Locator) -> None:
    _which_schools(panel)
    _look_at(panel, "差异系数由谁造成")


def _what_lacks(panel: Locator) -> None:
    _choose(panel, LACKING)


QUESTIONS = (
    Question("1-not-met", "1 各项检查", _what_fails, "尚差"),
    Question("2-schools", "学校", _which_schools, "过线至少还需"),
    Question("3-source", "一个数从哪来", _where_from, "县级指标!"),
    Question("4-law", "一个数从哪来", _by_what_law, "中央编办"),
    Question("5-counties", "两个县并排", _beside_another, f"{OTHER} 2024年结果"),
    Question("6-years", "三年变化", _over_the_years, "变化"),
    Question("7-what-if", "7 试算", _what_if, "原结果"),
    Question("8-least", "最少要增加多少", _least, "至少需要"),
    Question("9-classes", "2 学校", _class_sizes, "至少增加班级"),
    Question("10-spread", "2 学校", _what_spreads, "不计该校时"),
    Question("11-missing", "9 缺什么", _what_lacks, "用于待定要点"),
)


def asked(page: Page, question: Question) -> Locator:
    """Make the clicks of a question and return what holds its answer."""
    heading = page.locator(".jp-MarkdownCell", has=page.get_by_role("heading")).filter(
        has_text=question.heading
    )
    panel = heading.first.locator(
        "xpath=following::div[contains(@class,'jp-CodeCell')][1]"
    ).locator(".jp-Cell-outputWrapper")
    panel.scroll_into_view_if_needed()
    question.ask(panel)
    expect(panel.get_by_text(question.answer).first).to_be_visible(timeout=MINUTES)
    expect(panel.get_by_text("Traceback")).to_have_count(0)  # it would quote the answer's words
    return panel


def keep(picture: Path, name: str) -> None:
    """Keep a picture in few colours, cut below what the question needs."""
    with Image.open(picture) as image:
        cut = image.convert("RGB").crop((0, 0, image.width, min(image.height, HIGHEST)))
        cut.quantize(COLOURS).save(PICTURES / f"{name}.png", optimize=True)


def main() -> None:
    """Ask every question and keep a picture of the answer."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as place,
        lab(Path(place)) as address,
        sync_playwright() as playwright,
    ):
        page = browser(playwright).new_page(viewport={"width": 1480, "height": 2600})
        open_and_run(page, address)
        for question in QUESTIONS:
            panel = asked(page, question)
            page.wait_for_timeout(1500)
            panel.screenshot(path=Path(place) / "shot.png")
            keep(Path(place) / "shot.png", question.name)
    sizes = {path.name: path.stat().st_size for path in sorted(PICTURES.iterdir())}
    print("\n".join(f"{name} {size}" for name, size in sizes.items()), sum(sizes.values()))


if __name__ == "__main__":
    main()
