"""Lines of a list that an office fills in a workbook of its own are put together, each once."""

import pytest
from openpyxl import load_workbook

from dudao.facts.sheet_layout import LAST_ROUND
from dudao_pipeline.intake import template
from dudao_pipeline.intake.template.grid import Grid
from tests.command_line import dudao

LINE = {"序号": 1, "评价要点": "2.1.1", "问题": "虚构的问题", "整改状态": "未整改"}


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "报送表.xlsx"
    workbook = template.build("990102", "虚构县990102", 2024)
    template.save(workbook, path)
    return path


def _lines(path):
    grid = Grid(load_workbook(path)[LAST_ROUND])
    return [problem for _, problem, _ in grid.triples("问题", "问题")]


def test_a_line_of_a_list_is_taken_once_however_often_it_is_handed_in(book, tmp_path):
    part = tmp_path / "督导室.xlsx"
    workbook = load_workbook(book)
    grid = Grid(workbook[LAST_ROUND])
    grid.put(4, {header: text for header, text in LINE.items() if header in grid.columns})
    workbook.save(part)
    for into, out in ((book, "一.xlsx"), (tmp_path / "一.xlsx", "二.xlsx")):
        done = dudao("collect", str(part), "--into", str(into), "-o", str(tmp_path / out))
        assert done.returncode == 0, done.stdout + done.stderr
        assert _lines(tmp_path / out) == ["虚构的问题"]
