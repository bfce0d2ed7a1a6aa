"""Inputs that nobody meant: no traceback, no hang, bounded memory."""

from __future__ import annotations

import random
import resource
import time
from functools import partial
from pathlib import Path

import pytest
import yaml

from dudao.base import workspace
from dudao.base.errors import DudaoError
from dudao.base.yaml_text import load
from dudao.facts import cells
from dudao.law.areas import read_yaml
from dudao.scenarios import scenario_files
from dudao_pipeline.intake import cell_reading, csv_twin, submission_origin
from dudao_pipeline.runner import plan

LONGEST = 5.0  # seconds of computing that one input may take
_SIGNS = (
    "0123456789.,，％%+-－万亿约近不足以上余 　\t\n\r'\"“”:：{}[]&*!|>#@`<>/\\年月日①²㉓"
    "\u200b\ufeff\ufffe\x00\x7f"
)
_WORDS = (
    *("不涉及", "无", "2024年", "1e309", "NaN", "inf", "0x10", "１２３", "9" * 40, "=1+1", "null"),
    *("&a", "*a", "<<: *a", "!!python/object:os.system", "- - - -", "2024-13-45", "~", "true"),
)


def text(chance: random.Random) -> str:
    """Return a text of signs and words that mean something to some reader."""
    parts = []
    for _ in range(chance.randint(0, 8)):
        if chance.random() < 0.3:
            parts.append(chance.choice(_WORDS))
        elif chance.random() < 0.05:
            parts.append(chr(chance.randrange(0x110000)))
        else:
            parts.append(chance.choice(_SIGNS))
    return "".join(parts)


def mutated(chance: random.Random, content: bytes) -> bytes:
    """Return a file with some bytes changed, doubled, cut out, or put in."""
    data = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(data) + 1)
        what = chance.randrange(4)
        if what == 0 and data:
            data[at % len(data)] = chance.randrange(256)
        elif what == 1:
            data[at:at] = text(chance).encode("utf-8", "surrogatepass")
        elif what == 2:
            del data[at : at + chance.randint(1, 40)]
        else:
            data[at:at] = data[at : at + chance.randint(1, 200)]
    return bytes(data)


def _cell(chance, folder):
    return partial(cell_reading.parse, text(chance), chance.choice(("", "人", "万元", "%")))


def _day(chance, folder):
    return partial(
        chance.choice((cells.day_of, cell_reading.month_of, cell_reading.year_of)), text(chance)
    )


def _parameter(chance, folder):
    check = chance.choice((plan.check_years, plan.check_counties, plan.check_notebook))
    return partial(check, text(chance))


def _file(name: str, source: Path, reader):
    content = source.read_bytes()

    def make(chance, folder):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(mutated(chance, content))
        return partial(reader, path)

    return make


def _yaml_text(chance, folder):
    return partial(load, "\n".join(text(chance) for _ in range(chance.randint(1, 6))))


EXAMPLE = workspace.data() / "example" / "990103-2024"
LAW = next(iter(sorted((workspace.root() / "lib/dudao/law/thresholds").glob("*.yaml"))))
KINDS = {  # what is read, with how large a share
    "cells": (400, _cell),
    "days": (200, _day),
    "parameters": (100, _parameter),
    "YAML texts": (100, _yaml_text),
    "CSV files": (
        40,
        _file(
            "990103-2024/县级指标.csv",
            EXAMPLE / "县级指标.csv",
            lambda p: csv_twin.read_folder(p.parent),
        ),
    ),
    "origins": (
        40,
        _file(
            "990103-2024/source.meta.yml",
            EXAMPLE / "source.meta.yml",
            lambda p: submission_origin.of_folder(p.parent).meta,
        ),
    ),
    "law files": (4, _file("law.yaml", LAW, read_yaml.__wrapped__)),
    "scenarios": (
        40,
        _file(
            "虚构补短板.yaml",
            workspace.data() / "scenarios" / "虚构补短板.yaml",
            lambda p: scenario_files.read(p.stem),
        ),
    ),
}


def test_no_input_ends_in_a_traceback_or_a_hang(inputs, tmp_path, monkeypatch):
    monkeypatch.setenv("DUDAO_SCENARIOS", str(tmp_path))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    slowest = 0.0
    names, weights = zip(*((name, weight) for name, (weight, _) in KINDS.items()), strict=True)
    for number in inputs.rounds():
        (name,) = inputs.chance.choices(names, weights)
        read = KINDS[name][1](inputs.chance, tmp_path)
        began = time.process_time()  # a busy machine is no hang
        try:
            read()
        except (DudaoError, yaml.YAMLError):
            inputs.count("refused")
        except Exception as error:
            pytest.fail(f"seed {inputs.seed}, input {number} of {name}: {error!r}")
        took = time.process_time() - began
        slowest = max(slowest, took)
        assert took < LONGEST, (inputs.seed, number, name)
        inputs.count(name)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
    inputs.count("tracebacks", 0)
    inputs.count("slowest input in ms", int(slowest * 1000))
    inputs.count("memory gained in MB", grown)
    assert grown < 1024
