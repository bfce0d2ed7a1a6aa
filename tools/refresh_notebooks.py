"""Execute the committed notebooks (or those named) in place: the regression baseline.

A cell whose metadata names a `shared` cell takes its text from the template first: what several
notebooks say is written once, in notebooks/00_template.ipynb.
"""

from __future__ import annotations

import sys

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

from dudao.base import workspace
from dudao_pipeline.runner.plan import notebook_names

TEMPLATE = "00_template"


def shared_texts() -> dict[str, str]:
    """Return the texts of the template's shared cells by their ids."""
    template = nbformat.read(workspace.notebooks() / f"{TEMPLATE}.ipynb", as_version=4)
    return {cell.id: cell.source for cell in template.cells if "shared" in cell.metadata}


def share(notebook: NotebookNode, texts: dict[str, str]) -> NotebookNode:
    """Write the template's text into the notebook's shared cells; KeyError for an unknown one."""
    for cell in notebook.cells:
        if "shared" in cell.metadata:
            cell.source = texts[cell.metadata["shared"]]
    return notebook


def refresh(name: str) -> None:
    """Run one notebook from top to bottom and write it back only if all cells ran."""
    path = workspace.notebooks() / f"{name}.ipynb"
    notebook = share(nbformat.read(path, as_version=4), shared_texts())
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
    for notebook_name in sys.argv[1:] or [*notebook_names(), TEMPLATE]:
        refresh(notebook_name)
