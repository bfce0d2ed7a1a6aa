"""The committed notebooks are a baseline that notices a change."""

import subprocess
import sys

import nbformat
import pytest

from dudao.base import workspace
from dudao.base.mime import RESULTS as MIME


def _notebook(name):
    return nbformat.read(workspace.notebooks() / f"{name}.ipynb", as_version=4)


def _nbval(path):
    """Run a notebook against its outputs, on the store of these tests."""
    command = [sys.executable, "-m", "pytest", "-q", "--nbval", "--nbval-current-env"]
    own = ["-p", "no:cacheprovider", "--noconftest", "--rootdir", str(workspace.root())]
    done = subprocess.run(
        [*command, *own, str(path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=workspace.root(),
    )
    return done.returncode, done.stdout


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
