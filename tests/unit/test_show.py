"""What a reader sees: escaped tables, charts with alternatives, no missing glyph."""

import math

import pytest

from dudao.base.mime import RESULTS as MIME
from dudao.base.short_lists import name_first, tell_first
from dudao.case import open_case
from dudao.facts.view import Fact
from dudao.indicators import funding, rates
from dudao.show import bar_charts, results, show_formula
from dudao.show.tables import Link, Marked, table
from dudao.show.words import reported_text


def test_every_value_of_a_table_is_escaped():
    attack = "<script>alert(1)</script>"
    html = table(attack, [attack], [[attack], [Marked(attack, "met")], [Link(attack, attack)]])
    assert "<script" not in html._repr_html_()


def test_a_link_goes_only_to_a_public_page():
    html = table("t", ["a"], [[Link("x", "javascript:alert(1)")]])._repr_html_()
    assert "href" not in html
    html = table("t", ["a"], [[Link("x", "https://www.gov.cn/a?b=1&c=2")]])._repr_html_()
    assert 'href="https://www.gov.cn/a?b=1&amp;c=2"' in html


@pytest.mark.parametrize(
    ("qualifier", "status", "shown"),
    [("近…余", "reported", "近2000余"), ("", "reported", "2000"), ("", "missing", "未报")],
)
def test_a_figure_is_shown_with_its_words_around_it(qualifier, status, shown):
    value = 2000.0 if status == "reported" else math.nan
    fact = Fact("education_investment", "all", 2023, value, status, qualifier)
    assert reported_text(fact) == shown


def test_of_many_the_first_are_said_and_how_many_there_are():
    assert name_first(["甲", "乙"], 2, "所") == "甲、乙"
    assert name_first(["甲", "乙", "丙"], 2, "所") == "甲、乙等3所"
    assert name_first(["甲", "乙", "丙"], 2) == "甲、乙等"
    assert [*tell_first(["一", "二", "三"], 2, "另有{}条。")] == ["一", "二", "另有1条。"]
    assert [*tell_first(["一"], 2, "另有{}条。")] == ["一"]


def test_an_empty_table_says_so():
    assert "没有可核对" in table("t", ["a"], [], empty="没有可核对的数据")._repr_html_()


def test_the_formula_shown_is_the_one_that_runs():
    assert "(current / base - 1) * 100" in show_formula(rates.growth_percent)._repr_html_()


def test_a_chart_is_the_same_bytes_twice_and_says_what_it_shows():
    draw = lambda: bar_charts.total_and_parts("招聘教师", 111, {"专任": 96, "特岗": 15})  # noqa: E731
    first, second = draw(), draw()
    assert first.svg == second.svg
    assert "111" in first.alt and "<path" in first.svg


def test_a_chart_changes_with_its_data():
    one = bar_charts.total_and_parts("招聘教师", 111, {"专任": 96})
    other = bar_charts.total_and_parts("招聘教师", 111, {"专任": 97})
    assert one.svg != other.svg


@pytest.mark.parametrize("odd", ["😀", "\ue863"])
def test_a_character_without_a_glyph_is_set_as_a_blank_type_and_named(odd):
    chart = bar_charts.total_and_parts(f"学校{odd}", 1, {f"{odd}村": 1})
    assert f"〓：字库中没有的字（U+{ord(odd):04X}）" in chart.alt
    assert odd not in chart.alt


@pytest.mark.parametrize(
    "name", ["学校（≥85.5%）", "VA级 To小学", "a\u0301村", "葛\U000e0100村", "㐀\u200b"]
)
def test_lettering_of_our_own_is_what_matplotlib_sets(name, monkeypatch):
    from matplotlib.backends.backend_svg import RendererSVG

    from dudao.show import charts

    def drawn():
        return bar_charts.total_and_parts(f"{name}招聘", 111, {name: 96, "专任": 15}).svg

    ours = drawn()
    monkeypatch.setattr(charts, "Renderer", RendererSVG)
    assert ours == drawn()


def test_the_font_is_the_dependency_s_under_our_own_name():
    from matplotlib import font_manager

    from dudao.show import font

    found = font_manager.findfont(font.family(), fallback_to_default=False)
    assert found.endswith("NotoSansCJKsc-Regular.otf")
    assert "mpl_font" in found


def test_charts_leave_matplotlib_s_settings_as_they_were():
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    bar_charts.total_and_parts("招聘教师", 1, {"甲": 1})
    assert dict(mpl.rcParams) == before


def test_results_carry_the_same_records_for_reader_and_runner():
    case = open_case("990001", 2024, "02_funding")
    verdicts = case.judge(case.measures("02_funding"))
    bundle = results(case, verdicts)._repr_mimebundle_()
    record = bundle[MIME]
    assert {check["check"] for check in record["checks"]} == {rule.id for rule in case.thresholds}
    assert record["points"][0]["result"] == "undecided"
    assert (
        "生均一般公共预算教育经费" in bundle["text/html"] or "一般公共预算" in bundle["text/html"]
    )


def test_a_rule_that_nobody_computed_is_an_error_not_a_gap():
    case = open_case("990001", 2024, "02_funding")
    with pytest.raises(Exception, match="heating_quota"):
        case.judge(funding.expenditure_growth(case.facts))
