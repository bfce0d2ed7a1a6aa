"""What a notebook computes and what is computed without opening it are one list."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

import nbformat
import pytest

from dudao.indicators import registry
from dudao.law import framework_for, law_for
from dudao.law.thresholds import REFERENCE

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted(registry.MEASURES)


def _calls(source: str, argument: str) -> set[str]:
    """Return the functions that are called with the county's facts as their first argument."""
    return {
        ast.unparse(node.func).rpartition(".")[2]
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and node.args and ast.unparse(node.args[0]) == argument
    }


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_shows_exactly_the_measures_of_the_registry(name):
    notebook = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
    cells = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    listed = inspect.getsource(registry.MEASURES[name])
    assert _calls(cells, "case.facts") == _calls(listed, "facts")


def test_the_guide_says_how_many_points_the_self_rating_decides():
    law, points = law_for(), framework_for(2024).points
    by_people = [
        point
        for point in points
        if point.qualitative or all(r.role == REFERENCE for r in law.of_points([point]))
    ]
    text = (ROOT / "README.zh-CN.md").read_text(encoding="utf-8")
    assert f"{len(points)}个评价要点中有{len(by_people)}个要由评审人员认定" in text


def test_the_guide_lists_every_sheet():
    from dudao.facts.layout import GUIDE, SHEETS

    text = (ROOT / "README.zh-CN.md").read_text(encoding="utf-8")
    for sheet in (GUIDE, *SHEETS):
        assert f"| {sheet} |" in text, sheet
