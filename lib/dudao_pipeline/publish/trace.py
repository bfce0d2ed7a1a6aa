"""The way of every verdict as data: cells, quantity, formula, rule, result; with a version."""

import json
import math
from collections.abc import Iterator, Sequence
from pathlib import Path

from dudao.facts.items import STAGES, items
from dudao.facts.store import Stored
from dudao.law.topics import is_topical
from dudao_pipeline.files import write

NAME, SCHEMA, VERSION = "trace.json", "dudao-trace", 1


def write_trace(folder: Path, records: Sequence[dict], stored: Stored | None) -> None:
    """Write one entry per verdict; the values of its cells where what was reported is at hand."""
    cells = dict(_cells(stored)) if stored is not None else {}
    last = records[-1]
    trace = {
        "schema": SCHEMA,
        "version": VERSION,
        **{name: last[name] for name in ("county", "county_name", "year", "fictional")},
        **{name: last[name] for name in ("framework", "data_version", "law_version")},
        "verdicts": [
            _entry(check, record["notebook"], cells)
            for record in records
            if is_topical(record["notebook"])
            for check in record["checks"]
        ],
    }
    write(folder / NAME, json.dumps(trace, ensure_ascii=False, indent=1) + "\n")


def _cells(stored: Stored) -> Iterator[tuple[str, dict]]:
    """Yield what each cell of the workbook says, by its place."""
    for row in stored.facts.itertuples():
        names = ("item", "stage", "data_year", "school", "value", "status")
        entry = {name: getattr(row, name) for name in names}
        if math.isnan(row.value):
            entry["value"] = None
        yield f"{row.sheet}!{row.cell}", entry
    for row in stored.claims.itertuples():
        cell = f"{row.sheet}!{row.cell}"
        yield cell, {"printed": row.printed, "unit": row.unit, "data_year": row.data_year}


def _entry(check: dict, notebook: str, cells: dict[str, dict]) -> dict:
    declared = items()[check["item"]]
    return {
        "point": "、".join(check["points"]),
        "notebook": notebook,
        "check": check["check"],
        "label": check["label"],
        "cells": [{"place": cell, **_cell_entry(cell, cells)} for cell in check["sources"]],
        "missing": check["missing"],
        "quantity": {
            "item": check["item"],
            "label": declared.label,
            "stage": check["stage"],
            "stage_label": STAGES[check["stage"]],
            "data_year": check["data_year"],
            "kind": declared.kind,
            "formula": declared.formula,
            "inputs": declared.inputs,
            "value": check["value"],
            "unit": check["unit"],
        },
        "rule": {name: check[name] for name in ("compare", "threshold", "decimals", "role")}
        | {name: check[name] for name in ("citation", "area", "law_status")},
        "result": {name: check[name] for name in ("result", "basis", "gap", "stated", "note")},
    }


def _cell_entry(cell: str, cells: dict[str, dict]) -> dict:
    """Return what a cell says; of a printed figure the place in brackets is the cell."""
    inner = cell.rpartition("（")[2].rstrip("）")
    return cells.get(cell) or cells.get(inner) or {}
