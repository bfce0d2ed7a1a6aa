"""The record of results is what docs/results-schema.json says, field by field."""

import copy
import json
from pathlib import Path

import jsonschema
import pytest

from dudao.base.mime import RESULTS as MIME
from dudao.case import open_case
from dudao.law.topics import notebooks
from dudao.show.results_cell import results

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "docs/results-schema.json").read_text(encoding="utf-8"))
CHECKER = jsonschema.Draft202012Validator(SCHEMA)


def _committed(name: str) -> dict:
    cells = json.loads((ROOT / f"notebooks/{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    (cell,) = (cell for cell in cells if "results" in cell["metadata"].get("tags", ()))
    (record,) = (out["data"][MIME] for out in cell["outputs"] if MIME in out.get("data", {}))
    return record


def _faults(record: dict) -> list[str]:
    return [f"{list(fault.path)}: {fault.message[:200]}" for fault in CHECKER.iter_errors(record)]


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", notebooks())
def test_what_a_notebook_puts_out_is_as_declared(name):
    assert not _faults(_committed(name))


def test_a_scenario_is_as_declared():
    case = open_case("990102", 2024, "06_teachers", "虚构补短板")
    record = json.loads(json.dumps(results(case, case.verdicts()).data))
    assert record["scenario"]["name"] == "虚构补短板" and not _faults(record)


@pytest.mark.parametrize(
    ("where", "field", "value"),
    [
        ((), "county", "99010"),
        ((), "more", 1),
        (("checks", 0), "result", "passed"),
        (("checks", 0), "value", "93.2"),
        (("points", 0), "to_supply", None),
        (("checks", 0), "gap", {"amount": 1}),
    ],
)
def test_another_shape_is_refused(where, field, value):
    record = copy.deepcopy(_committed("02_funding"))
    part = record
    for step in where:
        part = part[step]
    part[field] = value
    assert _faults(record)
