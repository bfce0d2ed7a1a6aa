"""The pages that lead to the appendices: who stands where, what escapes, how large they grow."""

import re
from functools import partial

import pytest

from dudao.base import reference
from dudao_pipeline.publish.site import site_pages
from dudao_pipeline.publish.site.run_problems import RunProblem
from dudao_pipeline.publish.site.site_pages import write_site
from dudao_pipeline.publish.site.states import WORDS, states
from tests.unit.made_records import summary

HOSTILE = "<script>alert(1)</script>"
RESULTS = ("met", "not_met", "undecided", "not_applicable")


def two() -> list[dict]:
    hostile = summary("990101", HOSTILE, fictional=True, province="虚构与匿名", city="虚构县")
    return [hostile, summary("230202", "龙沙区")]


@pytest.fixture
def site(tmp_path):
    write_site(tmp_path, two(), [])
    return tmp_path


def read(site, name: str) -> str:
    return (site / name).read_text(encoding="utf-8")


def test_a_reader_walks_from_index_to_province_city_county_and_appendix(site):
    assert 'href="2024/province-23.html"' in read(site, "index.html")
    assert 'href="city-2302.html"' in read(site, "2024/province-23.html")
    assert 'href="230202/index.html"' in read(site, "2024/city-2302.html")
    assert 'href="city-2302.xlsx"' not in read(site, "2024/city-2302.html")
    (site / "2024" / "city-2302.xlsx").write_bytes(b"")  # as the tables of a year are written
    write_site(site, two(), [])
    assert 'href="city-2302.xlsx"' in read(site, "2024/city-2302.html")
    assert 'href="02_funding.html"' in read(site, "2024/230202/index.html")
    assert 'href="../../index.html"' in read(site, "2024/230202/index.html")


def test_every_link_inside_the_site_leads_to_a_file_or_an_appendix(site):
    for page in site.rglob("*.html"):
        for href in re.findall(r'href="([^"#]+)"', page.read_text(encoding="utf-8")):
            target = (page.parent / href).resolve()
            assert target.is_file() or target.name == "02_funding.html", (page, href)


def test_counties_are_compared_by_value_limit_and_result(site):
    page = read(site, "2024/province-23-02.html")
    assert "检查1（%），≥0" in page
    assert '<td class="num failed">-1.50<span class="unseen">未达标</span></td>' in page
    assert '<td class="num"></td>' in page


def test_a_result_is_a_word_too_where_only_its_sign_is_seen(site):
    page = read(site, "2024/province-23.html")
    assert '<td class="not-met mark"><span class="unseen">未达标</span></td>' in page
    linked = '<a href="230202/02_funding.html#point-2.1.1" aria-label="龙沙区2.1.1未达标"></a>'
    assert f'<td class="not-met mark">{linked}' in read(site, "2024/city-2302.html")


def test_names_from_data_are_text_and_the_fictional_are_marked(site):
    pages = [page.read_text(encoding="utf-8") for page in site.rglob("*.html")]
    assert not any(HOSTILE in page for page in pages)
    assert "&lt;script&gt;alert(1)" in read(site, "index.html")
    assert ">虚构</span>" in read(site, "index.html")
    assert "本页的县（区）与数字均为虚构" in read(site, "2024/990101/index.html")
    assert "均为虚构" not in read(site, "2024/230202/index.html")


def test_a_county_of_which_a_page_is_a_draft_is_marked_wherever_it_is_named(tmp_path):
    drafted = summary("230202", "龙沙区", blocked=1, drafts=["02_funding"])
    write_site(tmp_path, [drafted, summary("230221", "龙江县")], [])
    pages = ("index", "2024/province-23", "2024/city-2302")
    assert all(read(tmp_path, f"{page}.html").count(">草稿</span>") for page in pages)
    assert read(tmp_path, "index.html").count(">草稿</span>") == 1
    for name in ("index", "brief"):
        page = read(tmp_path, f"2024/230202/{name}.html")
        assert "<strong>草稿</strong>1册没有通过发布检查，不得报送" in page
        assert "草稿" not in read(tmp_path, f"2024/230221/{name}.html")


def test_points_without_a_published_result_are_counted_and_their_appendices_named(tmp_path):
    whole, partly = two()
    whole.pop("held")  # published by an older program
    held = [{"id": "3.2.1", "title": "资源配置", "reason": "所在附件未发布"}]
    partly |= {"kept_back": {"03_basic_education": ["数字自相矛盾<81>。"]}, "blocked": 1}
    partly |= {"unlisted": 14, "held": held}
    write_site(tmp_path, [whole, partly], [])
    own = f"{partly['year']}/{partly['county']}"
    assert read(tmp_path, "index.html").count("未列14") == 1
    assert "另有14个评价要点" in read(tmp_path, f"{own}/brief.html")
    page = read(tmp_path, f"{own}/index.html")
    assert "未发布的附件（1册）" in page and "数字自相矛盾&lt;81&gt;" in page
    assert "另有13个评价要点" in page
    assert "<td>未列</td><td>所在附件未发布</td>" in page
    (state,) = states({}, [partly], (), tmp_path)
    assert (WORDS[state.state], state.remark) == ("部分附件未发布", "1册未发布，1处必须改正")
    assert "未列" not in read(tmp_path, f"{whole['year']}/{whole['county']}/index.html")


def test_a_reason_in_brief_ends_with_a_whole_clause():
    assert site_pages.whole_clauses("甲（标准≥1）；乙；丙", 10) == "甲（标准≥1）；乙等"
    assert site_pages.whole_clauses("甲（标准≥1，尚差2）", 3) == "甲（标准≥1，尚差2）"


def test_problems_of_the_run_have_a_page_of_their_own(tmp_path):
    failed = RunProblem("failed", 2024, "990003", "虚构东县", "02_funding", "缺少列<实训>")
    refused = RunProblem("refused", 2024, "010203", "", "00_overview", "县代码不存在")
    write_site(tmp_path, two(), [refused, failed])
    assert "运行失败（1项）" in read(tmp_path, "index.html")
    assert "缺少列&lt;实训&gt;" in read(tmp_path, "problems.html")
    assert "县代码不存在" in read(tmp_path, "problems.html")


def test_pages_do_not_depend_on_the_order_of_counties(site, tmp_path_factory):
    other = tmp_path_factory.mktemp("again")
    write_site(other, list(reversed(two())), [])
    pages = [page.relative_to(site) for page in site.rglob("*.html")]
    assert all(read(site, name) == read(other, name) for name in pages)


def test_an_unchanged_page_is_not_written_again(site):
    before = {page: page.stat().st_mtime_ns for page in site.rglob("*.html")}
    changed = summary("230202", "龙沙区", data_version="第2版")
    write_site(site, [two()[0], changed], [])
    touched = {page.name for page in before if page.stat().st_mtime_ns != before[page]}
    assert touched == {"index.html"}
    assert "第2版" in read(site, "2024/230202/index.html")


def test_an_empty_site_says_so(tmp_path):
    write_site(tmp_path, [], [])
    assert "目前没有可查看的附件" in read(tmp_path, "index.html")


def test_the_first_page_of_the_nation_is_small_and_no_page_is_a_burden(tmp_path):
    found = [
        summary(one.code, one.name, city=one.city, province=one.province)
        for one in reference.counties().values()
    ]
    assert len(found) > 2800
    write_site(tmp_path, found, [])
    assert (tmp_path / "index.html").stat().st_size < 300_000
    assert max(page.stat().st_size for page in tmp_path.rglob("*.html")) < 1_000_000
    assert (tmp_path / "2024" / "230202" / "index.html").is_file()


def test_what_is_left_alone_is_what_a_new_site_would_hold(tmp_path):
    def written(home, counties, record=None):
        made_of = {f"2024/{one['county']}": repr(one) for one in counties}
        write_site(home, counties, [], record=record, made_of=made_of)
        return {p.relative_to(home): p.read_bytes() for p in home.rglob("*") if p.is_file()}

    codes = ("230202", "230203", "230302", "990101")
    counties = [summary(code, f"县{code}", city=f"市{code[:4]}") for code in codes]
    record, home = tmp_path / "site.json", tmp_path / "site"
    assert written(home, counties, record) == written(tmp_path / "0", counties)
    (home / "2024" / "230203" / "brief.html").unlink()
    (home / "2024" / "city-2303.html").write_text("改动", encoding="utf-8")
    assert written(home, counties, record) == written(tmp_path / "0", counties)
    counties[0] |= {"data_version": "第2版", "blocked": 1}
    assert written(home, counties, record) == written(tmp_path / "1", counties)
    counties[0] |= {"city": "改名市"}  # the first county of a city names it, on pages of the others
    assert written(home, counties, record) == written(tmp_path / "2", counties)
    assert written(home, counties[1:], record) == written(tmp_path / "3", counties[1:])


def test_pages_of_a_county_and_of_other_cities_stay_where_another_has_changed(tmp_path):
    counties = [summary(code, code, city=code[:4]) for code in ("230202", "230203", "230302")]
    record, made_of = tmp_path / "site.json", {f"2024/{one['county']}": "1" for one in counties}
    write_site(tmp_path, counties, [], record=record, made_of=made_of)
    read_again = []
    loads = [partial(_noted, read_again, one) for one in counties]
    write_site(tmp_path, loads, [], record=record, made_of=made_of | {"2024/230203": "2"})
    assert read_again == ["230202", "230203", "230302", "230202", "230203"]


def _noted(notes, one):
    notes.append(one["county"])
    return one
