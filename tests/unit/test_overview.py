"""The overview: the same points as the single notebooks, three years beside each other."""

from dataclasses import replace

import nbformat
import pytest

from dudao.base.mime import RESULTS as MIME
from dudao.case import open_case
from dudao.comparison.peers.standing import standings
from dudao.comparison.year_on_year import Change, changes
from dudao.facts.measure_groups import notebooks_with_measures
from dudao.judging.shortfall_list import problems
from dudao.show import overview, rectification, supply_tables, year_tables
from dudao_pipeline.intake import storing
from dudao_pipeline.intake.submission import read_submission
from dudao_pipeline.publish.pages.head import page_info
from dudao_pipeline.publish.pages.page import PageInfo, notebook_to_html
from dudao_pipeline.publish.summary import county_summary
from tests.unit.county import copy, set_item

COUNTIES = ("990102", "990105", "990001")  # with all figures, with half of them, a real one


def opened(county="990100", notebook="00_overview"):
    return open_case(county, 2024, notebook)


@pytest.mark.parametrize("county", COUNTIES)
def test_the_points_are_those_of_the_single_notebooks(county):
    case = opened(county)
    whole = [(p.point.id, p.result, p.basis) for p in case.judge_points(case.verdicts())]
    single = []
    for notebook in notebooks_with_measures():
        part = opened(county, notebook)
        single += [(p.point.id, p.result, p.basis) for p in part.judge_points(part.verdicts())]
    assert sorted(whole) == sorted(single)
    assert len(whole) == len(case.framework.points)


def results_of(county):
    case = opened(county)
    verdicts = case.verdicts()
    found = problems(case.judge_points(verdicts), verdicts)
    moves, places = changes(case, verdicts), standings(case)
    cell = overview.overview(case, verdicts, problems=found, changes=moves, standings=places)
    return cell._repr_mimebundle_()[MIME]


def test_the_record_has_all_points_once_and_no_checks():
    found = results_of("990102")
    assert found["checks"] == [] and len({p["id"] for p in found["points"]}) == 29
    assert all(problem["result"] == "未达标" for problem in found["problems"])
    assert all("values" not in place for place in found["peers"])


def test_the_head_of_the_page_counts_every_point():
    found = results_of("990102")
    head = page_info(found, (), ())
    assert sum(number for _, number in head.counts) == 29
    assert head.summary == () and any("未达标" in line for line in head.headline)
    summary = county_summary({"00_overview": found})
    assert len(summary["points"]) == sum(summary["pages"]["00_overview"].values()) == 29


def test_the_first_screen_says_how_the_county_stands():
    page = PageInfo(
        title="自查自评总览",
        county_name="虚构县",
        county="990002",
        year=2024,
        notebook="00 总览",
        framework_title="方案",
        data_version="0",
        counts=(("met", 20), ("not_met", 9)),
        headline=("未达标要点：<3.1.1>。",),
    )
    html = notebook_to_html(nbformat.v4.new_notebook(), page)
    assert "29个评价要点" in html and '<span class="not-met">未达标 <b>9</b></span>' in html
    assert "未达标要点：&lt;3.1.1&gt;。" in html


@pytest.fixture
def enrolment(tmp_path, monkeypatch):
    """A county whose share of children in public kindergartens grew past the standard."""
    monkeypatch.setenv("DUDAO_STORE", str(tmp_path / "store"))
    folder = copy(tmp_path)
    for column, public in {"基准年": "40", "数据年": "60", "进展年": "30"}.items():
        set_item(folder, "enrolment", "幼儿园", column, "100")
        set_item(folder, "public_enrolment", "幼儿园", column, public)
    storing.write(read_submission(folder))
    case = open_case("990002", 2024, "00_overview")
    found = {change.now.check: change for change in changes(case, case.verdicts())}
    return found["public_enrolment_share"]


def test_three_years_by_hand(enrolment):
    one = enrolment
    assert [v.value for v in (one.before, one.now, one.later)] == [40, 60, 30]
    assert (one.before.result, one.now.result, one.change) == ("not_met", "met", "better")
    assert year_tables.change_record(one)["later"] == {"year": 2024, "value": 30, "result": ""}


def test_a_change_needs_two_results(enrolment):
    for before, now, word in (
        ("met", "not_met", "worse"),
        ("met", "met", "same"),
        ("not_met", "not_met", "same"),
        ("undecided", "met", "not_comparable"),
        ("not_applicable", "not_met", "not_comparable"),
        ("reference", "reference", "not_comparable"),
    ):
        pair = [replace(v, result=r) for v, r in ((enrolment.now, now), (enrolment.before, before))]
        assert Change(*pair, None).change == word, (before, now)


def test_a_changed_standard_is_named(enrolment):
    moved = replace(enrolment, before=replace(enrolment.before, threshold=45))
    assert moved.standard_changed and not enrolment.standard_changed
    assert "标准由45改为50" in year_tables.changed_table(opened("990002"), [moved])._repr_html_()


def test_an_undated_figure_of_the_report_counts_in_its_own_year_only():
    case = opened("990001")
    undated = [c.item for c in case.facts.claims if not c.data_year and c.item]
    other = case.in_data_year(case.year.base_year)
    assert undated and {c.data_year for c in other.facts.claims} == {
        c.data_year or case.year.data_year for c in case.facts.claims
    }


def test_what_to_supply_is_listed_once_by_sheet():
    case = opened("990105")
    points = case.judge_points(case.verdicts())
    rows = [row for table in supply_tables.supply_table(points).tables[:1] for row in table.rows]
    sheets = [row[0] for row in rows]
    assert len({row[:3] for row in rows}) == len(rows)
    assert sheets == sorted(sheets, key=sheets.index)  # no sheet comes twice
    assert any(row[0] == "县级指标" and row[2] for row in rows)


def test_last_round_s_problems_stand_beside_the_result_now():
    case = opened("990102")
    points = case.judge_points(case.verdicts())
    results = {found.point.id: found.result for found in points}
    rows = rectification.results_now_table(case, points).rows
    assert len(rows) == len(case.facts.last_round)
    assert all(row[4].mark == results[row[1]] for row in rows)
    assert any("逾期未完成" in row[3].more for row in rows)


def test_a_page_that_is_kept_back_gives_every_point_its_reason_and_the_reviewer_the_doubt():
    doubt = {"kind": "disagrees", "year": 2023, "label": "公办园占比", "working": "71.2与66.6"}
    whole = results_of("990102")
    annex = {**whole, "notebook": "10_schools", "contradictions": []}
    back = {"03_basic_education": ["数字自相矛盾"]}
    unpublished = {"03_basic_education": {**annex, "contradictions": [doubt]}}

    def summary_of(name):
        records = {name: annex if name == "10_schools" else whole}
        return county_summary(records, kept_back=back, unpublished=unpublished)

    told = {point["id"]: point["reason"] for point in summary_of("00_overview")["points"]}
    assert told["3.2.1"].startswith("所在附件（03 基础教育）未发布")
    part = summary_of("10_schools")  # an annex judges no point as a whole
    assert part["points"] == []
    assert "3.2.1" in {point["id"] for point in part["held"]}
    (item,) = (one for one in part["review"] if one["severity"] == "contradiction")
    assert "公办园占比" in item["what"]
