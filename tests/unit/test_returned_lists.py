"""Lists that go out and come back: the problem list of a county, the reviews of a city."""

import pytest
from openpyxl import load_workbook

from dudao.base.errors import FactsError, ParameterError
from dudao.facts import store
from dudao_pipeline.intake.problem_plans import (
    HEAD,
    NAME,
    SHEET,
    is_problem_list,
    keep_plans,
    plans_of,
    problem_key,
)
from dudao_pipeline.publish import reviews
from dudao_pipeline.publish.problem_list import write_problem_list
from dudao_pipeline.publish.site.site_pages import write_site
from dudao_pipeline.publish.site.states import WORDS, expected_counties, states
from tests.unit.made_records import item, summary

COUNTY, YEAR = "990102", 2024


def problem(number: int, **changes) -> dict:
    facts = {
        "points": ["2.1.1"],
        "what": f"支出{number}低于标准",
        "note": "",
        "check": f"check_{number}",
        "value": -5.81,
        "value_text": "-5.81",
        "threshold": 0.0,
        "unit": "%",
        "compare": ">=",
        "gap": {"amount": 4531.19, "unit": "万元", "text": "尚差4531.19万元"},
        "units": ["虚构一小"],
    }
    return facts | changes


def overview(*problems: dict) -> dict:
    found = {"county": COUNTY, "year": YEAR, "county_name": "虚构县", "fictional": True}
    return {"00_overview": found | {"problems": list(problems)}}


@pytest.fixture
def plans(tmp_path, monkeypatch):
    """Entries go to a folder of this test; what the store has of counties stays."""
    monkeypatch.setattr(
        "dudao_pipeline.intake.problem_plans.workspace.store",
        lambda: tmp_path / "store",
        raising=True,
    )
    monkeypatch.setattr("dudao_pipeline.intake.problem_plans.store.meta", lambda *_: {})
    return tmp_path


def fill(path, row: int, **entries: str) -> None:
    book = load_workbook(path)
    sheet = book[SHEET]
    heads = {cell.value: cell.column for cell in sheet[HEAD]}
    for name, text in entries.items():
        sheet.cell(row, heads[name]).value = text
    book.save(path)


def test_a_row_is_as_high_as_its_longest_text(plans):
    write_problem_list(plans, overview(problem(1), problem(2, what="生均支出低于标准" * 20)))
    sheet = load_workbook(plans / NAME)[SHEET]
    heads = {cell.value: cell.column for cell in sheet[HEAD]}
    width = sheet.column_dimensions[sheet.cell(HEAD, heads["问题"]).column_letter].width
    heights = [sheet.row_dimensions[HEAD + at].height for at in (1, 2)]
    assert (heights[0] or 15) < 45 and heights[1] >= 15 * 2 * 160 / width


def test_what_a_county_enters_comes_back_and_stands_in_the_next_list(plans):
    one, other = problem(1), problem(2)
    write_problem_list(plans, overview(one, other))
    path = plans / NAME
    fill(
        path,
        HEAD + 2,
        原因="财力不足",
        整改措施="列入2025年预算",
        责任单位="县财政局",
        整改时限="2025-06",
    )
    assert keep_plans(path) == (COUNTY, YEAR, 1)
    found = plans_of(COUNTY, YEAR)[problem_key(other)]
    assert (found.cause, found.office, found.deadline) == ("财力不足", "县财政局", "2025-06")
    # The next year's figures differ and the order too: the entry follows its problem.
    write_problem_list(plans, overview(other | {"value": -1.0}, one))
    sheet = load_workbook(path)[SHEET]
    row = [cell.value for cell in sheet[HEAD + 1]]
    assert row[2] == "支出2低于标准" and "列入2025年预算" in row
    assert "尚差4531.19万元" in row and "【虚构数据】" in sheet["A1"].value


def test_the_list_is_the_same_bytes_from_the_same_results(plans):
    write_problem_list(plans, overview(problem(1)))
    first = (plans / NAME).read_bytes()
    write_problem_list(plans / "again", overview(problem(1)))
    assert (plans / "again" / NAME).read_bytes() == first


def test_a_formula_in_a_name_stays_text(plans):
    write_problem_list(plans, overview(problem(1, units=["=1+1"])))
    assert load_workbook(plans / NAME)[SHEET].cell(HEAD + 1, 7).data_type == "s"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda sheet: sheet.cell(HEAD + 1, 12, None), "第4行填了内容而没有编号"),
        (lambda sheet: sheet.cell(HEAD, 12, "号"), "缺少“编号”列"),
        (lambda sheet: setattr(sheet["A2"], "value", ""), "A2没有写明区划代码和评价年度"),
        (lambda sheet: setattr(sheet, "title", "甲"), "没有“问题清单”工作表"),
    ],
)
def test_a_list_that_cannot_be_read_back_is_refused_and_what_was_kept_stays(plans, change, message):
    write_problem_list(plans, overview(problem(1)))
    path = plans / NAME
    fill(path, HEAD + 1, 原因="财力不足")
    keep_plans(path)
    book = load_workbook(path)
    change(book[SHEET])
    if message.startswith("第4行"):
        book[SHEET].cell(HEAD + 1, 12).value = None
    book.save(path)
    with pytest.raises(FactsError, match=message):
        keep_plans(path)
    assert len(plans_of(COUNTY, YEAR)) == 1


def test_a_problem_list_is_known_by_its_name(tmp_path):
    assert is_problem_list(tmp_path / "990102问题清单（报）.xlsx")
    assert not is_problem_list(tmp_path / "报送表.xlsx")


@pytest.fixture
def city(tmp_path, monkeypatch):
    """Two counties of a city, with one finding each."""
    monkeypatch.setenv("DUDAO_REVIEWS", str(tmp_path / "reviews"))
    return [
        summary("990101", "虚构甲县", review=[item("veto", "违规择校：2起")]),
        summary("990102", "虚构乙县", review=[item("not_met", "教育支出：降")]),
    ]


def _reviewed(path, row: int, *entries: str) -> None:
    book = load_workbook(path)
    sheet = book[reviews.SHEET]
    for column, text in enumerate(entries, 6):
        sheet.cell(row, column).value = text
    book.save(path)


def test_an_opinion_comes_back_with_role_date_and_version_and_nothing_said_is_lost(city, tmp_path):
    path = tmp_path / "review.xlsx"
    reviews.write_review(path, city, "虚构市", 2024)
    _reviewed(path, 4, "属实", "已到校核实", "市教育督导室复核员", "2025-03-01")
    assert reviews.keep_reviews([path]) == 1
    assert reviews.keep_reviews([path]) == 0  # the same file again says nothing new
    _reviewed(path, 4, "已整改", "复查通过", "市教育督导室复核员", "2025-05-01")
    reviews.keep_reviews([path])
    (said,) = reviews.opinions_of("990101", 2024).values()
    assert [(one.outcome, one.date) for one in said] == [
        ("已整改", "2025-05-01"),
        ("属实", "2025-03-01"),
    ]
    assert said[0].data_version == "第1版"
    write_site(tmp_path / "site", city, [])
    page = (tmp_path / "site" / "2024" / "990101" / "index.html").read_text(encoding="utf-8")
    assert "复核（市教育督导室复核员，2025-05-01，数据版本第1版）：复查通过" in page
    write_site(tmp_path / "open", city, [], is_public=True)
    page = (tmp_path / "open" / "2024" / "990101" / "index.html").read_text(encoding="utf-8")
    assert "复核" not in page
    assert not list((tmp_path / "open").rglob("*.xlsx"))


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        (("属实", "无", "", "2025-03-01"), "第4行填了复核意见而没有填意见人职责"),
        (("属实", "无", "复核员", "三月"), "第4行的复核日期“三月”应写作年-月-日"),
    ],
)
def test_an_opinion_without_role_or_date_is_refused(city, tmp_path, entries, message):
    path = tmp_path / "review.xlsx"
    reviews.write_review(path, city, "虚构市", 2024)
    _reviewed(path, 4, *entries)
    with pytest.raises(FactsError, match=message):
        reviews.keep_reviews([path])
    assert not reviews.opinions_of("990101", 2024)


def test_the_states_of_expected_counties(tmp_path, monkeypatch):
    path = tmp_path / "expected.csv"
    monkeypatch.setenv("DUDAO_EXPECTED", str(path))
    assert expected_counties() == {}
    rows = "990101,甲\n990102,乙\n990103,丙\n990104,\n990106,己\n"
    path.write_text(f"区划代码,名称\n{rows}", encoding="utf-8")
    (tmp_path / "2024" / "990105" / "editions" / "1").mkdir(parents=True)
    gone = {"removed": "2024-11-30T08:00", "reason": "县代码填错"}
    monkeypatch.setattr(store, "removal", lambda code, _: gone if code == "990106" else None)
    reported = [
        summary("990101", "甲县"),
        summary("990102", "乙县", blocked=2),
        summary("990105", "戊县"),
    ]
    unread = {"990101": "更正.xls：有密码保护。", "990107": "庚.xls：有密码保护。"}
    names = {**expected_counties(), "990107": "庚"}
    found = states(names, reported, {"990103"}, tmp_path / "2024", unread=unread)
    assert found[-2].remark == "2024-11-30：县代码填错"
    assert [(one.code, one.state) for one in found] == [
        ("990101", "published"),
        ("990102", "draft"),
        ("990103", "faulty"),
        ("990104", "absent"),
        ("990105", "released"),
        ("990106", "removed"),
        ("990107", "unread"),
    ]
    assert found[0].remark == "更正未能读入：更正.xls：有密码保护。"
    assert WORDS[found[-1].state] == "已报送，未能读入" and found[-1].remark == unread["990107"]
    path.write_text("区划代码,名称\n99010,甲\n", encoding="utf-8")
    with pytest.raises(ParameterError, match="第2行的区划代码“99010”不是六位数字"):
        expected_counties()


def test_a_city_lists_its_gravest_county_first_and_links_every_number(city, tmp_path):
    write_site(tmp_path, list(reversed(city)), [])
    page = (tmp_path / "2024" / "city-9901.html").read_text(encoding="utf-8")
    queue = page.partition("</table>")[0]
    assert queue.index("虚构甲县") < queue.index("虚构乙县")
    assert 'href="990101/index.html#review-veto"' in queue
    county = (tmp_path / "2024" / "990101" / "index.html").read_text(encoding="utf-8")
    assert 'id="review-veto"' in county and 'href="02_funding.html#point-2.1.1"' in county
    assert "检查1：-1.50%（标准≥0%）" in county


def test_pages_of_a_hundred_counties_are_small(tmp_path):
    checks = [
        {**summary("990101", "")["checks"]["02_funding"][0], "check": f"c{n}", "label": f"检查{n}"}
        for n in range(30)
    ]
    found = [
        summary(
            f"99{city:02d}{number:02d}",
            f"虚构第{city * 10 + number}县",
            city=f"虚构第{city}市",
            province="虚构省",
            fictional=True,
            checks={
                "02_funding": [{**check, "value": number - 5.5 + city / 9} for check in checks]
            },
        )
        for city in range(1, 11)
        for number in range(10)
    ]
    write_site(tmp_path, found, [])
    pages = list(tmp_path.rglob("*.html"))
    assert max(page.stat().st_size for page in pages) < 300_000
    strips = (tmp_path / "2024" / "province-99-02.html").read_text(encoding="utf-8")
    assert strips.count("<svg") == 30 and "100个县，最低" in strips
    assert (tmp_path / "2024" / "province-99-p2.1.1.html").is_file()
