"""What is done to a notebook before it is run and after: no outputs before, nothing that varies."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from dudao.base.mime import RESULTS

if TYPE_CHECKING:
    from nbformat import NotebookNode


@cache
def bare(path: Path, changed: int) -> Path:
    """Return a copy of a notebook without outputs, made once: papermill drops them anyway.

    changed: when the notebook was last changed; another time makes another copy.
    """
    notebook = json.loads(path.read_text(encoding="utf-8"))  # papermill validates what is left
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    copy = Path(tempfile.gettempdir()) / f"{path.stem}-{changed}-{os.getpid()}.ipynb"
    copy.write_text(json.dumps(notebook), encoding="utf-8")
    return copy


def results_in(notebook: Mapping) -> dict | None:
    """Return the records that a notebook's results cell put out, or None if it has none."""
    outputs = (output for cell in notebook["cells"] for output in cell.get("outputs", ()))
    return next((o["data"][RESULTS] for o in outputs if RESULTS in o.get("data", {})), None)


def _rejoined(outputs: list) -> list:
    """Join the pieces of printed text: a kernel cuts it wherever its clock strikes."""
    joined: list = []
    for output in outputs:
        last = joined[-1] if joined else {}
        if output["output_type"] == "stream" and output["name"] == last.get("name"):
            last["text"] += output["text"]
        else:
            joined.append(output)
    return joined


def normalise(notebook: NotebookNode) -> NotebookNode:
    """Drop what varies from run to run: times, random ids, papermill's record, cuts in print."""
    notebook.metadata.pop("papermill", None)
    for cell in notebook.cells:
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.outputs = _rejoined(cell.outputs)
        if "injected-parameters" in cell.metadata.get("tags", ()):
            cell["id"] = "injected-parameters"
    return notebook


def cell_seconds(notebook: NotebookNode) -> tuple[float, ...]:
    """Return how long each code cell took, from papermill's record."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    times = (cell.metadata.get("papermill", {}).get("duration") for cell in cells)
    return tuple(round(seconds or 0.0, 3) for seconds in times)
