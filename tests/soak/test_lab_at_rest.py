"""The lab left alone for longer than JupyterLab's autosave: the checkout stays as it is."""

import subprocess
from pathlib import Path

from playwright.sync_api import sync_playwright
from tools.draw_explore import browser, lab, open_and_run

ROOT = Path(__file__).parents[2]
AT_REST = 130_000  # milliseconds; JupyterLab saves after 120 s unless it is told not to


def _status() -> str:
    asked = ["git", "status", "--porcelain"]
    return subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def test_nothing_is_saved_by_itself(tmp_path):
    before = _status()
    with lab(tmp_path) as address, sync_playwright() as playwright:
        page = browser(playwright).new_page()
        open_and_run(page, address)
        copies = {path: path.stat().st_mtime_ns for path in (tmp_path / "lab").glob("*.ipynb")}
        page.wait_for_timeout(AT_REST)
        assert {path: path.stat().st_mtime_ns for path in copies} == copies
    assert _status() == before
