"""The committed notebooks are a baseline that notices a change."""

import re
import subprocess
import sys

import nbformat
import pytest

from dudao.base import workspace
from dudao.base.mime import RESULTS as MIME


def _notebook(name):
    return nbformat.read(workspace.notebooks() / f"{name}.ipynb", as_version=4)


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


SPOILT = {"number": _spoil_results, "chart": _spoil_chart}


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    """Run spoilt notebooks against their outputs, on the store of these tests."""
    folder = tmp_path_factory.mktemp("spoilt")
    for name, spoil in SPOILT.items():
        notebook = _notebook("02_funding")
        spoil(notebook)
        nbformat.write(notebook, folder / f"{name}.ipynb")
    command = [sys.executable, "-m", "pytest", "-q", "--nbval", "--nbval-current-env"]
    own = ["-p", "no:cacheprovider", "-p", "dudao_pipeline.exit_codes", "--rootdir", str(folder)]
    return subprocess.run(
        [*command, *own, *(str(folder / f"{name}.ipynb") for name in SPOILT)],
        capture_output=True,
        text=True,
        check=False,
        cwd=workspace.root(),
    )


@pytest.mark.parametrize("name", SPOILT)
def test_a_changed_number_or_chart_fails_the_baseline(name, compared):
    assert compared.returncode == 1
    cells = re.findall(rf"^FAILED \S*/{name}\.ipynb::", compared.stdout, re.MULTILINE)
    assert len(cells) in (1, 2), compared.stdout
