"""The number sheets as facts: county items, schools, kindergartens, funds."""

from __future__ import annotations

from collections.abc import Iterator

from dudao.facts import units
from dudao.facts.items import PROGRAMMES, items
from dudao.facts.sheet_layout import (
    COUNTY,
    FUNDS,
    KINDERGARTENS,
    SCHOOLS,
    TIER_COLUMNS,
    YEAR_COLUMNS,
    column_of,
    columns_of,
    number_columns,
)
from dudao.law.dates import EvaluationYear
from dudao_pipeline.intake.findings import Finding
from dudao_pipeline.intake.row_reading import Reader
from dudao_pipeline.intake.sheet import Sheet

ID_COLUMNS = {sheet: column_of(sheet, "school").header for sheet in (SCHOOLS, KINDERGARTENS)}


def _check_unit(reader: Reader, row: int, line: dict[str, str]) -> None:
    declared = items()[line["指标代码"]]
    if units.factor(line["单位"], declared.unit) != 1:
        what = f"单位“{line['单位']}”应为“{declared.unit}”。"
        reader.refuse("T07", row, "单位", what, "请换算后填报。")


def _county_facts(reader: Reader, year: EvaluationYear) -> Iterator[dict | None]:
    years = (year.base_year, year.data_year, year.progress_year)
    for row, line in reader.sheet.rows:
        stage = reader.stage(row, line["学段"])
        if stage is None or reader.item(row, line["指标代码"], stage) is None:
            continue
        _check_unit(reader, row, line)
        key = {"item": line["指标代码"], "stage": stage, "note": line["备注"]}
        for column, data_year in zip(YEAR_COLUMNS, years, strict=True):
            yield reader.fact(row, column, line[column], data_year=data_year, **key)


def _fund_facts(reader: Reader, year: EvaluationYear) -> Iterator[dict | None]:
    codes = {title: (code, stage) for code, (title, stage) in PROGRAMMES.items()}
    for row, line in reader.sheet.rows:
        title = reader.one_of(row, "项目", line["项目"], codes)
        data_year = reader.year(row, "资金年度", line["资金年度"], default=year.data_year)
        if title is None or data_year is None:
            continue
        code, stage = codes[title]
        key = {"stage": stage, "data_year": data_year, "note": line["备注"]}
        for column, tier in TIER_COLUMNS.items():
            yield reader.fact(row, column, line[column], item=f"{code}_{tier}", **key)


def _stage_of(reader: Reader, row: int, line: dict[str, str]) -> str | None:
    is_school = reader.sheet.name == SCHOOLS
    return reader.stage(row, line["学段"]) if is_school else "preschool"


def _has_code(reader: Reader, row: int, line: dict[str, str]) -> bool:
    column = ID_COLUMNS[reader.sheet.name]
    if not line[column]:
        reader.refuse("T06", row, column, f"缺少{column}。", "请填写，每校唯一。")
    return bool(line[column])


def _school_rows(reader: Reader) -> Iterator[tuple[int, dict[str, str], str]]:
    """Yield the rows that name a school and a stage, each pair once."""
    column, seen = ID_COLUMNS[reader.sheet.name], {}
    for row, line in reader.sheet.rows:
        stage, named = _stage_of(reader, row, line), _has_code(reader, row, line)
        if stage is None or not named:
            continue
        if first := seen.get((line[column], stage)):
            what = f"{column}“{line[column]}”在同一学段已填过（第{first}行）。"
            reader.refuse("K01", row, column, what, "请核对代码，每校每学段只填一行。")
            continue
        seen[line[column], stage] = row
        yield row, line, stage


def _school_facts(reader: Reader, rows: list, year: EvaluationYear) -> Iterator[dict | None]:
    columns = number_columns(reader.sheet.name)
    for row, line, stage in rows:
        code = line[ID_COLUMNS[reader.sheet.name]]
        key = {"school": code, "stage": stage, "data_year": year.data_year}
        for column, item in columns.items():
            # A blank under an item that this stage does not report is no missing value.
            if line[column] or stage in items()[item].stages:
                yield reader.fact(row, column, line[column], item=item, **key)


def _attributes(reader: Reader, rows: list) -> Iterator[dict]:
    sheet = reader.sheet.name
    declared = [c for c in columns_of(sheet) if c.name and c.name != "stage"]
    for row, line, stage in rows:
        values = {c.name: reader.value(row, c, line.get(c.header, "")) for c in declared}
        yield {**values, "stage": stage, **reader.place(row, ID_COLUMNS[sheet])}


def read_numbers(
    sheets: dict[str, Sheet], year: EvaluationYear, findings: list[Finding]
) -> tuple[list[dict], list[dict]]:
    """Return the facts of the number sheets, and the attributes of schools and kindergartens."""
    facts: list[dict | None] = []
    schools: list[dict] = []
    if COUNTY in sheets:
        facts += _county_facts(Reader(sheets[COUNTY], findings), year)
    if FUNDS in sheets:
        facts += _fund_facts(Reader(sheets[FUNDS], findings), year)
    for name in (SCHOOLS, KINDERGARTENS):
        if name in sheets:
            reader = Reader(sheets[name], findings)
            rows = list(_school_rows(reader))
            facts += _school_facts(reader, rows, year)
            schools += _attributes(reader, rows)
    return [fact for fact in facts if fact is not None], schools
