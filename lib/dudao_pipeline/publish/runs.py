"""Executed notebooks of one folder, each with what its results cell put out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from dudao_pipeline.publish.html import RESULTS
from dudao_pipeline.publish.task import executed


@dataclass(frozen=True)
class Run:
    """One executed notebook, with its results if it put any out."""

    name: str
    notebook: NotebookNode
    found: dict | None


def runs_in(folder: Path) -> list[Run]:
    """Return the notebooks of a folder that were run to the end, in order."""
    read = {name: nbformat.read(path, as_version=4) for name, path in executed(folder).items()}
    return [Run(name, notebook, _results(notebook)) for name, notebook in read.items()]


def _results(notebook: NotebookNode) -> dict | None:
    outputs = (output for cell in notebook.cells for output in cell.get("outputs", ()))
    return next((o["data"][RESULTS] for o in outputs if RESULTS in o.get("data", {})), None)
