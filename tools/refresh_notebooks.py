"""Execute the committed notebooks (or those named) in place: the regression baseline."""

from __future__ import annotations

import sys

import nbformat
from nbclient import NotebookClient

from dudao.base import workspace
from dudao_pipeline.runner.plan import notebook_names


def refresh(name: str) -> None:
    """Run one notebook from top to bottom and write it back only if all cells ran."""
    path = workspace.notebooks() / f"{name}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(
        notebook,
        timeout=120,
        kernel_name="python3",
        record_timing=False,
        extra_arguments=["--log-level=CRITICAL"],
        resources={"metadata": {"path": str(path.parent)}},
    ).execute()
    notebook.metadata.get("language_info", {}).pop("version", None)
    nbformat.write(notebook, path)
    print(f"{name}：已重新执行")


if __name__ == "__main__":
    for notebook_name in sys.argv[1:] or notebook_names():
        refresh(notebook_name)
