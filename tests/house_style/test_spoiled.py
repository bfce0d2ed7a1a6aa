"""Each rule of the house style finds what it forbids, and lets the ordinary case pass."""

import json

import pytest

from tests import test_house_style as held
from tests.house_style import law, layers, library, notebook_code, notebook_text
from tests.house_style.source import Code, notebook

PARAMETERS = 'county: str = "990001"  # 县\nyear: int = 2024  # 年\nscenario: str = ""  # 情景'


def _md(source, **more):
    return {"cell_type": "markdown", "id": "md", "metadata": {}, "source": source, **more}


def _code(source="1", tags=(), outputs=(), **more):
    raw = {"cell_type": "code", "id": "code", "metadata": {"tags": list(tags)}, "source": source}
    return {**raw, "execution_count": 1, "outputs": list(outputs), **more}


def _table(text):
    table = {"caption": "表", "columns": [], "rows": [[text]]}
    data = {notebook_code.TABLES: {"tables": [table]}}
    return {"output_type": "execute_result", "data": data, "metadata": {}}


def _svg(alt):
    kind = notebook_code.SVG
    return {"output_type": "execute_result", "data": {kind: ""}, "metadata": {kind: {"alt": alt}}}


def _book(*cells):
    return notebook("09_spoiled", json.dumps({"cells": cells}))


def _table_then_figure(printed, alt):
    return _book(_code(outputs=[_table(printed)]), _code(outputs=[_svg(alt)]))


def _python(text, name="lib/dudao/indicators/spoiled.py"):
    return Code(name, text)


def _body(lines, head="def f():"):
    return _python(head + "\n    x = 1" * lines)


text, cells = notebook_text, notebook_code
SPOILED = [
    (text.chapters_stand_in_order, _book(_md("## 2 数据"), _md("## 1 依据与口径"))),
    (text.prose_accompanies_code, _book(_md("一"), _code(), _code())),
    (text.prose_is_brief, _book(_md("字" * 181))),
    (text.no_result_is_typed_in_prose, _book(_md("## 2 数据\n\n达标率97%。"))),
    (text.no_result_is_typed_in_prose, _book(_md("### 3.1 普及普惠\n\n入园率为93.2。"))),
    (text.code_is_announced, _book(_code("x = 1"), _code("y"))),
    (cells.cells_are_plain_python, _book(_code("%matplotlib inline"))),
    (cells.cells_hold_no_library_code, _book(_code("for x in y:\n    x"))),
    (cells.cells_hold_no_library_code, _book(_code("f = lambda x: (\n    x)"))),
    (cells.cells_name_no_path, _book(_code("open(name)"))),
    (cells.cells_name_no_path, _book(_code('read("../data/a.csv")'))),
    (cells.cells_name_no_path, _book(_code("import sys\nsys.path.append(x)"))),
    (cells.imports_stand_in_one_cell, _book(_code("import a"), _code("import b"))),
    (cells.parameters_are_county_year_and_scenario, _book(_code("year = 2024", ["parameters"]))),
    (
        cells.parameters_are_county_year_and_scenario,
        _book(_code(PARAMETERS + "\nbase = year - 1", ["parameters"])),
    ),
    (cells.one_cell_is_tagged_results, _book(_code())),
    (cells.cells_ran_from_top_to_bottom, _book(_code(execution_count=None))),
    (cells.cells_ran_from_top_to_bottom, _book(_code(execution_count=2))),
    (
        cells.outputs_hold_no_error_and_no_warning,
        _book(_code(outputs=[{"output_type": "stream", "name": "stderr", "text": "!"}])),
    ),
    (
        cells.outputs_hold_no_error_and_no_warning,
        _book(_code(outputs=[{"output_type": "error", "ename": "E"}])),
    ),
    (cells.cells_have_ids, _book(_md("一", id=""))),
    (cells.cells_have_ids, _book(_md("一"), _md("二"))),
    (cells.figures_repeat_a_table, _table_then_figure("93.2", "毛入园率93.3")),
    (cells.figures_repeat_a_table, _table_then_figure("3.2", "增长-3.2")),
    (cells.figures_repeat_a_table, _table_then_figure("F93", "毛入园率93")),
    (cells.figures_repeat_a_table, _book(_code(outputs=[_svg("合计4"), _table("4")]))),
    (cells.figures_repeat_a_table, _book(_code(outputs=[_svg("")]))),
    (library.functions_take_few_positional_arguments, _body(1, "def f(a, b, c, d, e):")),
    (library.names_say_what_they_hold, _python("found = 1")),
    (library.names_say_what_they_hold, _python("def f(known): pass")),
    (library.names_say_what_they_hold, _python("[told for told in ()]")),
    (library.no_bare_reminder_is_left, _python("x = 1  # TODO: more")),
    (library.private_names_are_used, _python("_LEFT = 1")),
    (library.private_names_are_used, _python("def _left(): pass")),
    (library.formulas_are_one_expression, _body(1)),
    (
        library.formulas_are_one_expression,
        _python("def f(a):" + "\n    a" * 15 + "\n    return a"),
    ),
    (
        library.formulas_are_one_expression,
        _python("def f(a):\n    if a:\n        return a * 2\n    return a"),
    ),
    (
        law.rules_have_boundary_cases,
        Code("a.yaml", "rules: {r: {before: none, cases: {1: met, 2: met}}}"),
    ),
    (
        law.rules_have_boundary_cases,
        Code("a.yaml", "rules: {r: {cases: {1: met, 2: met, 3: met}}}"),
    ),
    (law.comparisons_hold_no_legal_number, _python("x = rate >= 85")),
    (law.comparisons_hold_no_legal_number, _python("x = rate >= total * 0.85")),
    (law.comparisons_hold_no_legal_number, _python("x = rates.ge(85)")),
    (law.comparisons_hold_no_legal_number, _python("x = size in (45, 50)")),
    (layers.imports_point_one_way, _python("from dudao.law import law_for")),
    (layers.imports_point_one_way, _python("from dudao import case")),
    (layers.imports_point_one_way, _python("from ..facts import store")),
    (layers.imports_point_one_way, _python("x = 1", "lib/dudao/novel.py")),
    (layers.imports_point_one_way, _python("from dudao.facts import store", "02_funding:02-04")),
    (layers.packages_stay_in_their_part, _python("def f():\n    import matplotlib.pyplot as plt")),
    (layers.formulas_touch_nothing, _python("from pathlib import Path")),
    (layers.formulas_touch_nothing, _python("today = date.today()")),
    (layers.formulas_touch_nothing, _python("table = pd.read_csv(name)")),
]
CLEAN = [
    (
        text.no_result_is_typed_in_prose,
        _book(_md("## 1 依据与口径\n\n达标线85%。"), _md("## 4 计算\n\n### 3.1 学前")),
    ),
    (text.prose_is_brief, _book(_md("字" * 180 + "$$a b c d$$"))),
    (text.code_is_announced, _book(_md("一"), _code("x = 1"), _code("x"))),
    (cells.cells_hold_no_library_code, _book(_code("[f(x) for x in y]\ng = lambda x: x"))),
    (
        cells.cells_name_no_path,
        _book(_code('case = open_case(county, year, "02_funding")\nt("元/人")')),
    ),
    (cells.parameters_are_county_year_and_scenario, _book(_code(PARAMETERS, ["parameters"]))),
    (cells.figures_repeat_a_table, _table_then_figure("1,702.50，-3.20%", "合计1702.5，增长-3.2%")),
    (
        library.functions_take_few_positional_arguments,
        _python("class A:\n    def f(self, a, b, c, d, *, e): 1"),
    ),
    (
        library.formulas_are_one_expression,
        _python("def f(a):\n    if a:\n        return math.nan\n    return a / 2"),
    ),
    (
        law.rules_have_boundary_cases,
        Code("a.yaml", "rules: {r: {before: none, cases: {99.99: x, 100: y}}}"),
    ),
    (
        law.comparisons_hold_no_legal_number,
        _python("x = rate > 0 and rate <= limit and flag == True"),
    ),
    (layers.imports_point_one_way, _python("from dudao.facts.view import Facts")),
]


@pytest.mark.parametrize(
    ("rule", "target"), SPOILED, ids=lambda value: getattr(value, "__name__", "")
)
def test_the_rule_finds_it(rule, target):
    assert list(rule(target))


@pytest.mark.parametrize(
    ("rule", "target"), CLEAN, ids=lambda value: getattr(value, "__name__", "")
)
def test_the_rule_lets_it_pass(rule, target):
    assert not list(rule(target))


def test_every_rule_has_a_spoiled_example():
    assert {rule for rule, _ in SPOILED} == set(held.HELD)
