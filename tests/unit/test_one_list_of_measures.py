"""measures.yaml is the one list of what a notebook shows; the template the one text of many."""

from __future__ import annotations

import re

import nbformat
import pytest
from tools.refresh_notebooks import TEMPLATE, shared_texts

from dudao.base import workspace
from dudao.base.errors import FactsError
from dudao.base.yaml_text import read_own
from dudao.case import open_case
from dudao.facts import measure_groups
from dudao.facts.items import item, items
from dudao.law import framework_for, law_for
from dudao.law.rules_check import REFERENCE_LINE
from dudao.show import report
from dudao_pipeline.runner.plan import notebook_names

NOTEBOOKS = measure_groups.notebooks_with_measures()
README = (workspace.root() / "README.zh-CN.md").read_text(encoding="utf-8")


def _cells(name: str) -> list:
    return nbformat.read(workspace.notebooks() / f"{name}.ipynb", as_version=4).cells


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_shows_every_group_of_its_list_and_no_other(name):
    code = "\n".join(cell.source for cell in _cells(name) if cell.cell_type == "code")
    computed = re.findall(r'measures_table\(case\.group\("(\w+)"\)\)', code)
    reported = re.findall(r'facts_table\(case, "(\w+)"\)', code)
    assert sorted(computed) == sorted(measure_groups.computed_groups(name))
    assert sorted(reported) == sorted(read_own(measure_groups.FILE)[name]["reported"])


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_every_item_of_the_list_is_in_the_dictionary(name):
    for shown in read_own(measure_groups.FILE)[name]["reported"]:
        assert set(measure_groups.reported_group(name, shown).items) <= set(items())
    for group in measure_groups.computed_groups(name).values():
        for entry in group.measures:
            if not entry.startswith("="):
                code, _, stages = entry.removesuffix(":progress").partition("@")
                assert set(stages.split()) <= set(item(code).stages), entry


def test_a_group_that_is_not_there_names_the_nearest():
    case = open_case("990001", 2024, "06_teachers")
    with pytest.raises(FactsError, match="最接近的是：rotation"):
        case.group("rotations")


def test_a_formula_is_shown_in_words_and_with_the_numbers_of_the_county():
    case = open_case("990100", 2024, "06_teachers")
    text = report.formulas_table(case.group("staffing"))._repr_html_()
    assert "<td>在校生 ÷ 教职工<td>" in text
    enrolment, staff = (case.facts.get(code, "primary").value for code in ("enrolment", "staff"))
    assert f"{enrolment:,.0f} ÷ {staff:,.0f}" in text


@pytest.mark.parametrize("name", [*notebook_names(), TEMPLATE])
def test_a_text_of_several_notebooks_is_that_of_the_template(name):
    texts = shared_texts()
    for cell in _cells(name):
        shared = cell.metadata.get("shared")
        assert shared is None or cell.source == texts[shared], "run: make refresh"
        assert shared or cell.source not in texts.values(), f"{cell.id} repeats a shared cell"


def test_the_guide_says_how_many_points_the_self_rating_decides():
    law, points = law_for(), framework_for(2024).points
    by_people = [
        point
        for point in points
        if point.qualitative or all(r.role == REFERENCE_LINE for r in law.of_points([point]))
    ]
    assert f"{len(points)}个评价要点中有{len(by_people)}个要由评审人员认定" in README


def test_the_guide_lists_every_sheet():
    from dudao.facts.sheet_layout import GUIDE
    from dudao_pipeline.intake.sheet_headers import SHEETS

    for sheet in (GUIDE, *SHEETS):
        assert f"| {sheet} |" in README, sheet
