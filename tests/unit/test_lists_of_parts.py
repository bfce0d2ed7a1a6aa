"""Lines of a list that an office fills in a workbook of its own are put together, each once."""

import pytest
from openpyxl import load_workbook

from dudao.facts.sheet_layout import GUIDE, LAST_ROUND
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
    workbook = load_workbook(book)
    grid = Grid(workbook[LAST_ROUND])
    grid.put(4, {header: text for header, text in LINE.items() if header in grid.columns})
    for name in {*workbook.sheetnames} - {GUIDE, LAST_ROUND}:
        del workbook[name]
    parts = [str(tmp_path / name) for name in ("督导室.xlsx", "督导室（再交）.xlsx")]
    for part in parts:
        workbook.save(part)
    out = tmp_path / "汇总.xlsx"
    done = dudao("collect", *parts, "--into", str(book), "-o", str(out))
    assert done.returncode == 0, done.stdout + done.stderr
    assert _lines(out) == ["虚构的问题"]
