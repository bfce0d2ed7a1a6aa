"""A fictional county's submission as the CSV twin of the workbook."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from dudao.base.rounding import fixed, plain
from dudao.facts.items import PROGRAMMES, STAGES, items
from dudao.facts.sheet_layout import (
    CLAIMS,
    COUNTY,
    EVIDENCE,
    EXCEPTIONS,
    FUNDS,
    KINDERGARTENS,
    LAST_ROUND,
    SCHOOLS,
    SELF_RATINGS,
)
from dudao.law import EvaluationYear
from dudao_pipeline.intake.sheet_headers import SHEETS, number_columns
from dudao_pipeline.intake.submission_origin import META_FILE
from tools.example import county as county_figures
from tools.example import registers
from tools.example.flaws import is_blank, with_zeros
from tools.example.funding import funds
from tools.example.last_round import last_round
from tools.example.model import Model
from tools.example.words import FICTIONAL, county_name

Line = tuple[str, ...]
OTHER_SCHOOLS = (
    ("vocational", "中等职业学校", "职业教育中心"),
    ("special", "特殊教育学校", "特殊教育学校"),
)
OTHER_SERIAL = 9001
MONEY = {"万元", "元", "元/生/年"}
# Outturns and annual surveys are not known while the progress year runs.
KNOWN_IN_PROGRESS = (
    *("enrolment", "classes", "kindergartens", "public_", "private_", "inclusive_", "population_"),
    *("new_inclusive_", "full_time_teachers", "schools", "monitoring_", "planned_", "training_"),
    *("budget_progress_", "carryover_progress_", "sports_ground_", "subject_training_"),
    *("teachers_total", "pupils_total", "heads_and_teachers", "certified_heads_and_teachers"),
)


@dataclass(frozen=True)
class ExampleCounty:
    """One fictional submission: its origin and the rows of every sheet, as text."""

    code: str
    year: int
    meta: dict
    sheets: dict[str, tuple[Line, ...]]

    @property
    def folder_name(self) -> str:
        """Return <code>-<year>."""
        return f"{self.code}-{self.year}"


def _text(value: float, unit: str) -> str:
    if math.isnan(value):
        return "不涉及"
    if unit in MONEY:
        return fixed(value, 2)
    return plain(value, 2 if unit else 3)


@cache
def _county_rows() -> tuple[tuple[str, str], ...]:
    """Return item and stage of every row of the county sheet."""
    return tuple(
        (code, stage)
        for code, entry in items().items()
        if COUNTY in entry.sheets and not entry.is_derived
        for stage in entry.stages
    )


def _county(model: Model, years: tuple[int, ...], values: list[dict]) -> Iterator[Line]:
    for code, stage in _county_rows():
        entry, cells = items()[code], []
        for column, (year, drawn) in enumerate(zip(years, values, strict=True)):
            is_due = column < 2 or code.startswith(KNOWN_IN_PROGRESS)
            is_empty = not is_due or is_blank(model, code, stage, year)
            cells.append("" if is_empty else _text(drawn[code, stage], entry.unit))
        yield (code, entry.label, STAGES[stage], entry.unit, *cells, FICTIONAL)


def _numbers(model: Model, sheet: str, key: tuple, drawn: dict) -> Iterator[str]:
    for code in number_columns(sheet).values():
        is_empty = code not in drawn or is_blank(model, *key, code)
        yield "" if is_empty else _text(drawn[code], items()[code].unit)


def _schools(model: Model, year: int) -> Iterator[Line]:
    for unit in model.units:
        numbers = _numbers(model, SCHOOLS, (unit.code, unit.stage, year), unit.values(year))
        stage = STAGES[unit.stage]
        place = (unit.code, unit.name, unit.kind, stage, unit.location, str(unit.built))
        yield (*place, *numbers, unit.note)


def _other_schools(model: Model, drawn: dict) -> Iterator[Line]:
    """Yield the vocational and the special school: all pupils of their stage, no resources."""
    listed = number_columns(SCHOOLS).values()
    for serial, (stage, kind, name) in enumerate(OTHER_SCHOOLS, start=OTHER_SERIAL):
        place = (f"{model.code}{serial}", f"{FICTIONAL}{name}", kind, STAGES[stage], "城区", "2005")
        pupils = plain(drawn["enrolment", stage])
        yield (*place, *(pupils if code == "enrolment" else "" for code in listed), FICTIONAL)


def _kindergartens(model: Model, year: int) -> Iterator[Line]:
    for one in model.kindergartens:
        numbers = _numbers(model, KINDERGARTENS, (one.code, year), one.values(year))
        place = (one.code, one.name, one.kind(year), one.location, str(one.built))
        yield (*place, *numbers, FICTIONAL)


def _funds(model: Model, years: tuple[int, ...]) -> Iterator[Line]:
    for year in years:
        for programme, tiers in funds(model, year).items():
            cells = (
                "" if is_blank(model, programme, year, tier) else fixed(amount, 2)
                for tier, amount in enumerate(tiers)
            )
            yield (PROGRAMMES[programme][0], str(year), *cells, FICTIONAL)


def _meta(model: Model, year: int) -> dict:
    name = county_name(model.code)
    return {
        "county": model.code,
        "year": year,
        "county_name": name,
        "anonymous": False,
        "fictional": True,
        "title": f"{name}人民政府{year}年履行教育职责自查自评报告（{FICTIONAL}数据）",
        "issuer": f"{name}人民政府",
        "published": None,
        "url": None,
        "licence": "MIT",
        "transcription": f"程序生成（python -m tools.example --seed {model.seed}），{FICTIONAL}",
        "left_out": [],
        "notes": [f"{FICTIONAL}县，数字均由程序生成，不得引用：{model.profile.title}"],
    }


def submission(model: Model, year: int) -> ExampleCounty:
    """Return a county's submission for an evaluation year."""
    dates = EvaluationYear(year)
    years = (dates.base_year, dates.data_year, dates.progress_year)
    values = [with_zeros(model, one, county_figures.values(model, one)) for one in years]
    sheets = {
        COUNTY: _county(model, years, values),
        SCHOOLS: (*_schools(model, dates.data_year), *_other_schools(model, values[1])),
        KINDERGARTENS: _kindergartens(model, dates.data_year),
        FUNDS: _funds(model, years[:2]),
        EVIDENCE: registers.evidence(model, dates),
        CLAIMS: registers.claims(model, dates, values[1], values[0]),
        EXCEPTIONS: registers.exceptions(model, dates),
        LAST_ROUND: last_round(model, dates),
        SELF_RATINGS: registers.self_ratings(model, dates),
    }
    rows = {name: tuple(lines) for name, lines in sheets.items()}
    return ExampleCounty(model.code, year, _meta(model, year), rows)


def write(county: ExampleCounty, folder: Path) -> Path:
    """Write every sheet and the origin file below a folder; return <folder>/<code>-<year>."""
    target = Path(folder) / county.folder_name
    target.mkdir(parents=True, exist_ok=True)
    for name, rows in county.sheets.items():
        path, layout = target / f"{name}.csv", SHEETS[name]
        written = {*layout.required, *layout.numbers}
        header = [column for column in layout.printed if column in written]
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows((header, *rows))
    meta = yaml.safe_dump(county.meta, allow_unicode=True, sort_keys=False)
    (target / META_FILE).write_text(meta, encoding="utf-8")
    return target
