"""What a whole run and publication give: names that fonts may lack, same bytes, true figures."""

import hashlib
import re
import shutil
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tools import example

from tests.command_line import dudao

POOR = 3  # a county with problems of the last round: a picture names them
NOTEBOOKS = "00,02,10"
RARE = "𱍐"  # U+31350: in no font that this product uses
UNTIMED = {"run.json"}  # says when and where, and is not for readers


def _made(base: Path, replaced: dict[str, str], *, nth: int = 1) -> dict[str, str]:
    """Ingest the nth county of the generator with some names replaced; return its places."""
    homes = {"DUDAO_STORE": str(base / "库"), "DUDAO_OUTPUTS": str(base / "甲")}
    *_, made = example.make(nth, 1, 1, 2024)
    example.write(made, base / "数据")
    for path in (base / "数据").rglob("*.csv"):
        text = path.read_text(encoding="utf-8")
        for old, new in replaced.items():
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
    done = dudao("ingest", str(base / "数据"), **homes)
    assert done.returncode == 0, done.stdout + done.stderr
    return homes


@pytest.fixture(scope="module")
def twice(tmp_path_factory):
    """One county run and published in two folders; in one the booklet is bound afterwards."""
    base = tmp_path_factory.mktemp("两次")
    homes = _made(base, {"虚构第一初级中学": "虚构㛃中学", "虚构第二初级中学": "虚构䶮中学"})
    for name in ("甲", "乙"):
        places = homes | {"DUDAO_OUTPUTS": str(base / name)}
        ran = dudao("run", "--notebook", NOTEBOOKS, **places)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        for more in ((), ("--pdf",)) if name == "乙" else (("--pdf",),):
            done = dudao("publish", "--draft", *more, **places)
            assert done.returncode == 0, done.stdout + done.stderr
    return base


def _digests(folder: Path) -> dict[str, str]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
        if path.name not in UNTIMED
    }


def test_two_folders_hold_the_same_bytes(twice):
    first, second = _digests(twice / "甲"), _digests(twice / "乙")
    kinds = {Path(name).suffix for name in first}
    assert kinds >= {".html", ".docx", ".pdf", ".parquet", ".csv", ".xlsx", ".ipynb"}
    assert first == second


def _county(base: Path) -> Path:
    (folder,) = (base / "甲").glob("2024/9*")
    return folder


def test_a_booklet_stays_while_it_is_current_and_its_going_is_said(twice, tmp_path):
    homes = {"DUDAO_STORE": str(twice / "库"), "DUDAO_OUTPUTS": str(tmp_path / "乙")}
    shutil.copytree(twice / "乙", tmp_path / "乙")
    (booklet,) = tmp_path.rglob("appendices.pdf")
    same = dudao("publish", "--draft", **homes)
    assert "发布0个县" in same.stdout and "撤下" not in same.stdout and booklet.is_file()
    other = dudao("publish", **homes)  # no draft: other pages
    assert "附件合订本（PDF）不再是最新，已撤下" in other.stdout and "--pdf" in other.stdout
    assert not booklet.exists()


def test_pages_of_the_site_are_made_again_where_they_were_changed_or_something_came(
    twice, tmp_path
):
    homes = {"DUDAO_STORE": str(twice / "库"), "DUDAO_OUTPUTS": str(tmp_path / "乙")}
    shutil.copytree(twice / "乙", tmp_path / "乙")
    (city,) = tmp_path.glob("乙/2024/city-9*.html")
    county = next(tmp_path.glob("乙/2024/9*/results.csv")).parent
    before = _digests(tmp_path)
    city.unlink()
    (county / "brief.html").write_text("改动", encoding="utf-8")
    assert "发布0个县" in dudao("publish", "--draft", **homes).stdout
    assert _digests(tmp_path) == before
    pages = {page: page.stat().st_mtime_ns for page in (county / "index.html", city)}
    assert "发布0个县" in dudao("publish", "--draft", **homes).stdout
    assert pages == {page: page.stat().st_mtime_ns for page in pages}
    (county / "editions" / "1").mkdir(parents=True)
    assert "发布0个县" in dudao("publish", "--draft", **homes).stdout
    assert "editions/index.html" in (county / "index.html").read_text(encoding="utf-8")


def test_rare_characters_of_the_font_keep_no_chart_from_being_drawn(twice):
    page = (_county(twice) / "10_schools.html").read_text(encoding="utf-8")
    assert "虚构㛃中学" in page and "虚构䶮中学" in page
    assert page.count('<svg class="chart" ') == 2


def test_what_a_page_refers_to_in_itself_is_there(twice):
    pages = list((twice / "甲").rglob("*.html"))
    assert len(pages) > 5
    for page in pages:
        text = re.sub(r"<script>.*?</script>", "", page.read_text(encoding="utf-8"), flags=re.S)
        used = set(re.findall(r'(?:href=|url\()"?#([^"\s>)]+)', text))
        assert used <= set(re.findall(r' id="?([^"\s>]+)', text)), page.name


def test_every_cell_names_its_font_and_size(twice):
    """Without them each program shows what it likes."""
    books = sorted(twice.rglob("*.xlsx"))
    for path in books:
        fonts = [cell.font for sheet in load_workbook(path) for row in sheet for cell in row]
        assert all(font.name and font.size for font in fonts), path.name
    assert len(books) > 2


def test_a_character_without_a_glyph_is_marked_in_the_picture_and_named(tmp_path):
    homes = _made(tmp_path, {"一季度教育支出": f"{RARE}季度教育支出"}, nth=POOR)
    ran = dudao("run", "--notebook", "09", **homes)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    done = dudao("publish", "--draft", **homes)
    (page,) = (tmp_path / "甲").rglob("09_supervision.html")
    assert "字库中没有的字（U+31350）" in page.read_text(encoding="utf-8"), done.stderr


def test_a_report_and_the_list_of_what_to_supply_stand_beside_the_pages(twice):
    names = {path.name for path in _county(twice).iterdir()}
    assert {"report.docx", "补充资料清单.xlsx", "results.xlsx"} <= names
