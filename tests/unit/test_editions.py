"""What was released stays; a correction needs a reason and says what changed."""

import pytest

from dudao.base.errors import ParameterError
from dudao_pipeline.publish.release.editions import editions, release
from dudao_pipeline.publish.result_tables import write_tables
from dudao_pipeline.publish.site.site_pages import write_editions
from tests.unit.made_records import record


def publish(folder, text: str = "页面", **changes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    books = ("02_funding", "10_schools")  # both judge it
    write_tables(folder, [record(**changes) | {"notebook": book} for book in books])
    (folder / "02_funding.html").write_text(text, encoding="utf-8")


@pytest.fixture
def folder(tmp_path):
    found = tmp_path / "2024" / "990100"
    publish(found)
    return found


def test_the_first_edition_needs_no_reason_and_keeps_every_file(folder):
    made, is_new = release(folder, "2025-01-10", "")
    assert (made.number, is_new, made.changes) == (1, True, ())
    kept = folder / "editions" / "1" / "02_funding.html"
    assert kept.read_text(encoding="utf-8") == "页面"
    assert set(made.files) >= {"02_funding.html", "results.csv", "results.parquet"}


def test_the_same_publication_is_no_new_edition(folder):
    release(folder, "2025-01-10", "")
    again, is_new = release(folder, "2025-02-01", "")
    assert (again.number, is_new) == (1, False)


def test_a_correction_without_a_reason_is_refused_and_nothing_is_written(folder):
    release(folder, "2025-01-10", "")
    publish(folder, "改过的页面", value=1.5, result="met")
    with pytest.raises(ParameterError, match="--reason"):
        release(folder, "2025-03-01", "  ")
    assert len(editions(folder)) == 1


def test_a_correction_says_why_and_what_changed_and_keeps_the_old(folder):
    release(folder, "2025-01-10", "")
    publish(folder, "改过的页面", value=1.5, result="met")
    made, _ = release(folder, "2025-03-01", "学生数误报")
    assert (made.number, made.reason) == (2, "学生数误报")
    (change,) = made.changes
    assert change == {
        "point": "2.1.1",
        "label": "支出增长",
        "before": "-5.81%，未达标",
        "after": "1.50%，达标",
    }
    kept = folder / "editions" / "1" / "02_funding.html"
    assert kept.read_text(encoding="utf-8") == "页面"


@pytest.mark.parametrize("day", ["2025-13-01", "今天", "20250101x"])
def test_a_day_that_is_none_is_refused(folder, day):
    with pytest.raises(ParameterError, match="年-月-日"):
        release(folder, day, "")


def test_a_correction_is_not_older_than_what_it_corrects(folder):
    release(folder, "2025-01-10", "")
    publish(folder, "改过的页面")
    with pytest.raises(ParameterError, match="早于"):
        release(folder, "2025-01-09", "错")


def test_nothing_published_is_nothing_to_release(tmp_path):
    empty = tmp_path / "2024" / "990100"
    empty.mkdir(parents=True)
    with pytest.raises(ParameterError, match="dudao publish"):
        release(empty, "2025-01-10", "")


def test_the_page_of_editions_shows_reason_changes_and_digests_escaped(folder):
    release(folder, "2025-01-10", "")
    publish(folder, "改过的页面", value=1.5, result="met")
    release(folder, "2025-03-01", "<b>误报</b>")
    page = write_editions(folder).read_text(encoding="utf-8")
    assert "&lt;b&gt;误报" in page and "-5.81%，未达标" in page
    assert "<h1>虚构县 2024年度历次定稿" in page
    assert page.index("第2版") < page.index("第1版")
    assert page.count("现行") == page.count("已更正") == 1
    assert 'href="1/02_funding.html"' in page
