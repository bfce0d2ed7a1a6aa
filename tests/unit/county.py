"""A small made-up submission (虚构) that tests bend to what they need."""

from __future__ import annotations

import csv
import math
import shutil
from pathlib import Path

import pandas as pd
import yaml

from dudao.facts import schema
from dudao.facts.cells import MISSING, NOT_APPLICABLE, REPORTED
from dudao.facts.measure_groups import computed_group
from dudao.facts.view import Facts
from dudao.indicators.measure import Measure
from dudao.indicators.registry import measures_of
from dudao.judging.checks import gap_of
from dudao.law import EvaluationYear, law_for
from dudao_pipeline.intake.submission import read_submission

PUBLISHED = Path(__file__).parents[2] / "data" / "reported"
PLAIN = PUBLISHED / "410727-2020"
_STATUS = {"不涉及": NOT_APPLICABLE, None: MISSING}
UNFILLED = {
    "Q01",
    "C02",
    "C05",
}  # much is not filled in; printed figures are of other years, or of no item


def copy(target: Path, source: Path = PLAIN, county: str = "990002", year: int = 2024) -> Path:
    """Copy a submission under another code and year; its figures are then fictional."""
    folder = target / f"{county}-{year}"
    shutil.copytree(source, folder)
    meta = yaml.safe_load((folder / "source.meta.yml").read_text(encoding="utf-8"))
    meta |= {"county": county, "year": year, "county_name": "虚构县", "fictional": True}
    text = yaml.safe_dump(meta, allow_unicode=True)
    (folder / "source.meta.yml").write_text(text, encoding="utf-8")
    return folder


def group(notebook: str, name: str, facts: Facts, rules=None) -> list[Measure]:
    """Return the measures of one group of a notebook."""
    return list(measures_of(computed_group(notebook, name), facts, rules))


def problems(folder: Path) -> list:
    """Return what is found wrong in a submission, leaving out what is merely not filled in."""
    return [f for f in read_submission(folder).findings if f.code not in UNFILLED]


def rows(folder: Path, sheet: str) -> list[list[str]]:
    """Read a sheet as rows of text, header first."""
    with (folder / f"{sheet}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def write(folder: Path, sheet: str, lines: list[list[str]], encoding: str = "utf-8") -> None:
    """Write a sheet from rows of text."""
    with (folder / f"{sheet}.csv").open("w", encoding=encoding, newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(lines)


def set_cell(folder: Path, sheet: str, row: int, column: str, text: str) -> None:
    """Set one cell: row as a spreadsheet counts (header is 1), column by its header."""
    lines = rows(folder, sheet)
    lines[row - 1][lines[0].index(column)] = text
    write(folder, sheet, lines)


def set_item(folder: Path, code: str, stage: str, column: str, text: str) -> None:
    """Set an item's cell in 县级指标, adding the row if the sheet has none."""
    lines = rows(folder, "县级指标")
    at = lines[0].index(column)
    for line in lines[1:]:
        if line[0] == code and line[2] == stage:
            line[at] = text
            break
    else:
        line = [code, "", stage, "", "", "", "", ""]
        line[at] = text
        lines.append(line)
    write(folder, "县级指标", lines)


def gap(measure: Measure, rule: str, threshold: float) -> tuple[float, str]:
    """Return what a measure lacks to a threshold of a national rule: amount and unit."""
    found = gap_of(measure, law_for()[rule], threshold)
    return found.amount, found.unit


def facts_of_schools(listed: list[tuple], of_county: dict | None = None) -> Facts:
    """Facts of a school sheet: (code, kind, stage, {item: number, 不涉及 or None}).

    of_county: numbers of the county itself, by item and stage.
    """
    year = EvaluationYear(2024)
    cells = [
        {
            **{"item": item, "stage": stage, "data_year": year.data_year, "school": code},
            "value": value if isinstance(value, (int, float)) else math.nan,
            "status": _STATUS.get(value, REPORTED),
        }
        for code, _, stage, values in listed
        for item, value in values.items()
    ]
    cells += [
        {
            **{"item": item, "stage": stage, "data_year": year.data_year, "school": ""},
            **{"value": value, "status": REPORTED, "qualifier": "", "sheet": "", "cell": ""},
        }
        for (item, stage), value in (of_county or {}).items()
    ]
    schools = [
        {
            "school": code,
            "stage": stage,
            "name": f"虚构{code[-1]}校",
            "kind": kind,
            "location": "",
            "built": 0,
        }
        for code, kind, stage, _ in listed
    ]
    tables = [
        pd.DataFrame(rows).reindex(columns=schema.empty(name).columns)
        for name, rows in (("facts", cells), ("schools", schools))
    ]
    return Facts(tables[0], schema.empty("claims"), year, schools=tables[1])
