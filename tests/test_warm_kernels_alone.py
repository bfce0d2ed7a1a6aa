"""warm_kernels serves somebody else's notebook in an environment where dudao is not installed."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[1]
ENTRY_POINTS = """\
[jupyter_client.kernel_provisioners]
warm = warm_kernels.provisioner:WarmProvisioner
[papermill.engine]
warm = warm_kernels.engine
"""
SCRIPT = """\
import importlib.util, papermill
assert importlib.util.find_spec("dudao") is None
papermill.execute_notebook(
    "in.ipynb", "out.ipynb", {"n": 20}, engine_name="warm", progress_bar=False
)
"""
CELL = (
    "import os\nprint(sum(range(n)), open(f'/proc/{os.getppid()}/cmdline').read().split('\\0')[2])"
)


@pytest.fixture
def interpreter(tmp_path):
    """Return the python of an environment with every package but ours, and warm_kernels."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "env"], check=True)
    packages = tmp_path / "packages"
    packages.mkdir()
    for entry in Path(sysconfig.get_paths()["purelib"]).iterdir():
        if "dudao" not in entry.name:
            (packages / entry.name).symlink_to(entry)
    (packages / "warm_kernels").symlink_to(ROOT / "lib" / "warm_kernels")
    metadata = packages / "warm_kernels-1.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: warm_kernels\nVersion: 1\n")
    (metadata / "entry_points.txt").write_text(ENTRY_POINTS)
    site = next((tmp_path / "env" / "lib").glob("python*/site-packages"))
    (site / "packages.pth").write_text(f"{packages}\n")
    return tmp_path / "env" / "bin" / "python"


def test_a_foreign_notebook_runs_on_a_warm_kernel_without_dudao(tmp_path, interpreter):
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_code_cell("n = 1", metadata={"tags": ["parameters"]}),
            nbformat.v4.new_code_cell(CELL),
        ],
        metadata={"kernelspec": {"name": "python3", "language": "python", "display_name": ""}},
    )
    nbformat.write(notebook, tmp_path / "in.ipynb")
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    subprocess.run(
        [interpreter, "-c", SCRIPT], cwd=tmp_path, env=environment, check=True, timeout=120
    )
    out = nbformat.read(tmp_path / "out.ipynb", as_version=4)
    assert out.cells[-1].outputs[0].text.split() == ["190", "warm_kernels.zygote"]
