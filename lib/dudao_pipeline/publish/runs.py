"""Executed notebooks of one folder, each with what its results cell put out."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from dudao.base.mime import TABLES
from dudao_pipeline.publish.task import executed
from dudao_pipeline.runner.notebooks import results_in

Notebook = Mapping  # as nbformat 4 has it: cells with outputs, lines joined


@dataclass(frozen=True)
class Run:
    """One executed notebook, with its results if it put any out."""

    name: str
    notebook: Notebook
    results: dict | None


def runs_in(folder: Path) -> list[Run]:
    """Return the notebooks of a folder that were run to the end, in order."""
    read = {name: read_notebook(path) for name, path in executed(folder).items()}
    return [Run(name, notebook, results_in(notebook)) for name, notebook in read.items()]


def read_notebook(path: Path) -> Notebook:
    """Return a notebook that a run wrote; it is not checked against nbformat's schema again."""
    notebook = json.loads(path.read_bytes())
    for cell in notebook["cells"]:
        cell["source"] = _joined(cell["source"])
        for output in cell.get("outputs", ()):
            if "text" in output:
                output["text"] = _joined(output["text"])
            data = output.get("data", {})
            data |= {kind: _joined(data[kind]) for kind in data if not kind.endswith("json")}
    return notebook


def _joined(text: str | list[str]) -> str:
    return "".join(text) if isinstance(text, list) else text


def outputs_of(cells: Iterable[Mapping]) -> Iterator[Mapping]:
    """Yield every output of some cells."""
    for cell in cells:
        yield from cell.get("outputs", ())


def tables_of(output: Mapping) -> list[dict]:
    """Return the tables that an output holds as data."""
    return output.get("data", {}).get(TABLES, {}).get("tables", [])


def has_tag(cell: Mapping, tag: str) -> bool:
    """Say whether a cell carries a tag."""
    return tag in cell["metadata"].get("tags", ())
