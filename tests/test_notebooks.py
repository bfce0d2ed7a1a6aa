"""The committed notebooks: executed, clean, and a baseline that notices a change."""

import subprocess
import sys

import nbformat
import pytest

from dudao import workspace
from dudao.batch.plan import notebook_names
from dudao.show.results_cell import MIME

CHAPTERS = (
    *("0 准备", "1 依据与口径", "2 数据", "3 数据检查", "4 计算"),
    *("5 判定", "6 图", "7 解读与局限", "8 运行记录"),
)


def _notebook(name):
    return nbformat.read(workspace.notebooks() / f"{name}.ipynb", as_version=4)


def _nbval(path):
    command = [sys.executable, "-m", "pytest", "-q", "--nbval", "--nbval-current-env"]
    done = subprocess.run(
        [*command, "-p", "no:cacheprovider", "--rootdir", str(workspace.root()), str(path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=workspace.root(),
    )
    return done.returncode, done.stdout


@pytest.mark.parametrize("name", notebook_names())
def test_chapters_stand_in_order(name):
    titles = [
        line.removeprefix("## ")
        for cell in _notebook(name).cells
        if cell.cell_type == "markdown"
        for line in cell.source.splitlines()
        if line.startswith("## ")
    ]
    assert tuple(titles) == CHAPTERS


@pytest.mark.parametrize("name", notebook_names())
def test_every_code_cell_is_executed_without_error_or_warning(name):
    for cell in _notebook(name).cells:
        if cell.cell_type == "code":
            assert cell.execution_count is not None
            kinds = {(o.output_type, o.get("name")) for o in cell.outputs}
            assert not {("stream", "stderr"), ("error", None)} & kinds


@pytest.mark.parametrize("name", notebook_names())
def test_one_parameters_cell_and_one_results_cell(name):
    tags = [tag for cell in _notebook(name).cells for tag in cell.metadata.get("tags", ())]
    assert (tags.count("parameters"), tags.count("results")) == (1, 1)


def _spoil_results(notebook):
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            if MIME in output.get("data", {}):
                output["data"][MIME]["checks"][1]["value"] += 0.01


def _spoil_chart(notebook):
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            if "image/svg+xml" in output.get("data", {}):
                output["data"]["image/svg+xml"] += " "


@pytest.mark.parametrize("spoil", [_spoil_results, _spoil_chart])
def test_a_changed_number_or_chart_fails_the_baseline(spoil, tmp_path):
    notebook = _notebook("02_funding")
    spoil(notebook)
    path = tmp_path / "02_funding.ipynb"
    nbformat.write(notebook, path)
    code, output = _nbval(path)
    assert code == 1
    assert "1 failed" in output or "2 failed" in output
