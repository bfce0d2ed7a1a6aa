"""A case, facts, measures, verdicts and schools at the end of a cell are tables in Chinese."""

import pytest
from IPython.core.interactiveshell import InteractiveShell

from dudao.case import open_case
from dudao.indicators.stage_schools import stage_schools
from dudao_explore import objects

BASIC = "03_basic_education"


@pytest.fixture(scope="module")
def formatted():
    shell = InteractiveShell.instance()
    objects.load_ipython_extension(shell)
    bundles, text = shell.display_formatter.mimebundle_formatter, shell.display_formatter.formatters
    return lambda value: (bundles(value)[0].get("text/html"), text["text/plain"](value))


def test_each_is_a_captioned_table_and_its_text_is_one_line(formatted):
    case = open_case("990102", 2024, BASIC)
    schools = stage_schools(case.facts, "primary", case.school_rules)
    for value, words in (
        (case, ("本县与本年度", "虚构县990102", "评价年度")),
        (case.facts, ("报送的数据", "出处", "县级指标!")),
        (schools, ("小学基础数据", "在校生", "小学各校达标情况", "结论")),
        (case.verdicts(), ("逐项判定", "差额", "未达标")),
        (case.verdicts()[0], ("逐项判定", "依据")),
        (case.measures(BASIC), ("算式", "方式")),
        (case.facts.get("enrolment", "primary", 2023), ("在校生", "人")),
    ):
        html, text = formatted(value)
        assert all(word in html for word in words)
        lines = text.split("\n")
        assert isinstance(value, list) or all(line.startswith("表：") for line in lines)


def test_other_lists_are_left_to_ipython(formatted):
    assert formatted([1, 2])[0] is None and formatted([])[0] is None


def test_a_county_is_opened_by_its_name():
    assert open_case("虚构县990102", "2024", BASIC).county == "990102"
    assert repr(open_case("990102", 2024, BASIC)).endswith("（990102）2024年度")
