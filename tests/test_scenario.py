"""A scenario end to end: run by papermill, published apart, and nothing real is touched."""

import hashlib
import json
import re
import shutil
from pathlib import Path

import nbformat
import pandas as pd
import pytest

from dudao.base import workspace
from tests.command_line import dudao

NAME, BOOKS = "虚构补短板", "00,06,07"
MARK = "情景推演，非实际数据"
COUNTY = Path("2024") / "990102"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """990102 run and published without, then with its scenario; files of the first time by digest.

    Of the second publication everything but the county's page and its record must be the same.
    """
    base = tmp_path_factory.mktemp("情景")
    homes = {"DUDAO_STORE": str(base / "库"), "DUDAO_OUTPUTS": str(base / "出")}
    homes["DUDAO_SCENARIOS"] = str(shutil.copytree(workspace.scenarios(), base / "情景"))
    assert dudao("ingest", str(workspace.data() / "example/990102-2024"), **homes).returncode == 0
    _done("run", "--notebook", BOOKS, **homes)
    _done("publish", "--draft", **homes)
    before = _digests(base / "出")
    _done("run", "--notebook", BOOKS, "--county", "990102", "--scenario", NAME, **homes)
    run = json.loads((base / "出" / "run.json").read_text(encoding="utf-8"))
    _done("publish", "--draft", **homes)
    return base, homes, before, run


def _done(*arguments, **environment):
    done = dudao(*arguments, **environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def _digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


def _text(made, *parts: str) -> str:
    return (made[0] / "出" / COUNTY).joinpath(*parts).read_text(encoding="utf-8")


def test_the_real_results_and_pages_are_untouched(made):
    base, _, before, _ = made
    after = _digests(base / "出")
    changed = {name for name in before if after.get(name) != before[name]}
    assert changed == {"run.json", "site.json", f"{COUNTY}/index.html", f"{COUNTY}/published.json"}
    assert all(f"{COUNTY}/scenarios/{NAME}/" in name for name in set(after) - set(before))


def test_the_scenario_has_notebooks_results_and_keys_of_its_own(made):
    base, _, _, run = made
    folder = base / "出" / COUNTY / "scenarios" / NAME
    names = {path.name for path in folder.iterdir()}
    books = {"00_overview", "06_teachers", "07_safety_health"}
    pages = {f"{book}{suffix}" for book in books for suffix in (".ipynb", ".html")}
    assert names == pages | {"keys.json", "results.json"}
    results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    assert {found["scenario"]["name"] for found in results.values()} == {NAME}
    assert {job["scenario"] for job in run["jobs"]} == {NAME}
    executed = nbformat.read(folder / "06_teachers.ipynb", as_version=4)
    injected = [c for c in executed.cells if "injected-parameters" in c.metadata.get("tags", ())]
    escaped = NAME.encode("unicode_escape").decode()  # as papermill writes it
    assert f'scenario = "{escaped}"' in injected[0].source


def test_results_follow_the_figures(made):
    real, supposed = (
        {check["check"]: check for book in json.loads(text).values() for check in book["checks"]}
        for text in (_text(made, "results.json"), _text(made, "scenarios", NAME, "results.json"))
    )
    # 51 of 61 schools with guards, then all; 117 of 1387 teachers moved, then 139
    for check, before, after in (
        ("guard_rate", 51 / 61 * 100, 100),
        ("rotation_rate", 117 / 1387 * 100, 139 / 1387 * 100),
    ):
        assert real[check]["value"] == pytest.approx(before)
        assert supposed[check]["value"] == pytest.approx(after)
        assert (real[check]["result"], supposed[check]["result"]) == ("not_met", "met")


def test_every_page_of_it_says_what_it_is(made):
    for book in ("00_overview", "06_teachers", "07_safety_health"):
        page = _text(made, "scenarios", NAME, f"{book}.html")
        assert "watermark-scenario" in page and f"<strong>{MARK}</strong>" in page
        assert re.search(r"<title>情景推演 · [^<]+</title>", page)
        alts = re.findall(r'<svg class="chart" role="img" aria-label="([^"]*)"', page)
        assert alts and all(MARK in alt for alt in alts)
        links = re.findall(r'href="([^":#]+\.html)"', page)
        home = made[0] / "出" / COUNTY / "scenarios" / NAME
        assert links and all((home / link).resolve().is_file() for link in links)
        assert "不采用、不核对报告所列数据" in page
        assert MARK not in _text(made, f"{book}.html")


def test_the_county_page_shows_what_is_assumed_and_what_moves(made):
    page = _text(made, "index.html")
    section = page[page.index("<h2>情景推演</h2>") :]
    assert MARK in section and "虚构：补教师、补经费、增保安" in section
    assert re.search(r"交流轮岗教师</th><td></td><td class=\"num\">117</td>.*?>139<", section)
    assert "83.61% → 100.00%" in section and "8.44% → 10.02%" in section
    assert "检查3项" in section
    assert f'href="scenarios/{NAME}/06_teachers.html"' in section


def test_nothing_of_it_is_handed_in(made):
    base, homes, _, _ = made
    table = pd.read_parquet(base / "出" / COUNTY / "results.parquet")
    assert table.loc[table["check"] == "guard_rate", "result"].tolist() == ["not_met"]
    whole = pd.read_parquet(base / "出" / "2024" / "results.parquet")
    assert len(whole) == len(table)
    listed = json.loads(_text(made, "published.json"))
    assert not [name for name in listed["files"] if "scenarios" in name]
    public = base / "公开"
    dudao("publish", "--public", str(public), **homes)
    assert public.is_dir()
    texts = [path.read_text(encoding="utf-8") for path in public.rglob("*.html")]
    assert texts and not any("情景推演" in text for text in texts)
    assert not list(public.rglob("scenarios"))
    _done(
        "release",
        "--county",
        "990102",
        "--year",
        "2024",
        "--date",
        "2025-01-10",
        "--with-blanks",
        **homes,
    )
    edition = base / "出" / COUNTY / "editions" / "1"
    released = [path.name for path in edition.rglob("*")]
    assert "06_teachers.html" in released and "scenarios" not in released
    assert MARK not in (edition / "06_teachers.html").read_text(encoding="utf-8")


def test_a_scenario_that_changed_is_not_published_until_it_is_run_again(made):
    base, homes, _, _ = made
    path = Path(homes["DUDAO_SCENARIOS"]) / f"{NAME}.yaml"
    text = path.read_text(encoding="utf-8")
    try:
        path.write_text(text.replace("add: 22", "add: 2"), encoding="utf-8")
        done = _done("publish", "--draft", **homes)
        assert (
            f"提醒　2024/990102/scenarios/{NAME}：结果不是最新的：情景变了，3册未发布"
            in done.stderr
        )
        assert not list((base / "出" / COUNTY / "scenarios" / NAME).glob("*.html"))
        assert "<h2>情景推演</h2>" not in _text(made, "index.html")
    finally:
        path.write_text(text, encoding="utf-8")
    assert "发布1个县" in _done("publish", "--draft", **homes).stdout
    assert "<h2>情景推演</h2>" in _text(made, "index.html")
    assert "未变1个县" in _done("publish", "--draft", **homes).stdout


def test_a_page_that_was_lost_is_made_again(made):
    _, homes, _, _ = made
    page = made[0] / "出" / COUNTY / "scenarios" / NAME / "06_teachers.html"
    page.unlink()
    assert "发布1个县" in _done("publish", "--draft", **homes).stdout
    assert page.is_file()
