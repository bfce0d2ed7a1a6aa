"""The sheets of a submission as rows of its tables: numbers as facts, registers as declared."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from dudao.facts import units
from dudao.facts.cells import REPORTED
from dudao.facts.items import PROGRAMMES, STAGES, item, item_named, items
from dudao.facts.plain_text import half_width
from dudao.facts.sheet_layout import (
    CLAIMS,
    COUNTY,
    EVIDENCE,
    FUNDS,
    KINDERGARTENS,
    SCHOOLS,
    SELF_RATINGS,
    TABLE_OF,
    columns_of,
)
from dudao.law.dates import EvaluationYear
from dudao_pipeline.intake import attachments, cell_reading, universal_words
from dudao_pipeline.intake.cell_reading import Cell
from dudao_pipeline.intake.findings import Finding
from dudao_pipeline.intake.headers import plain, unit_in
from dudao_pipeline.intake.row_reading import Reader
from dudao_pipeline.intake.sheet import Sheet
from dudao_pipeline.intake.sheet_headers import (
    NO_PAPER,
    ON_FILE,
    OPTIONAL_SHEETS,
    TICK,
    TIER_COLUMNS,
    YEAR_COLUMNS,
    header_of,
    number_columns,
)

WORD_DECIMALS = 2  # 99.99 % is not 全部
_YES, _NO = ("✓", "✔", "是", "有", "已备"), ("×", "✗", "否", "没有", "未备")
_WITH_UNIT = re.compile(
    r"([^0-9]{0,2}[0-9][0-9,. ]*)((?:万|亿|千|百万)?[^0-9\s,.%]{1,6}?)(以上|余|多|以下|左右)?"
)


@cache
def _codes_by_label() -> dict[str, set[str]]:
    codes: dict[str, set[str]] = {}
    for code, listed in items().items():
        codes.setdefault(plain(listed.label), set()).add(code)
    return codes


def check_item(reader: Reader, row: int, line: dict[str, str]) -> bool:
    """Refuse a row that names another item than its code, or has another unit.

    The unit stands in its own column or behind the item's name.
    """
    code, before = line["指标代码"], len(reader.findings)
    wanted, name = items()[code].unit, line["指标名称"]
    if code not in _codes_by_label().get(plain(name), {code}):
        label = items()[code].label
        reader.tell("other_name", row, "指标名称", text=name, item=code, label=label)
    if units.factor(line["单位"], wanted) != 1:
        reader.tell("other_unit", row, "单位", text=line["单位"], wanted=wanted)
    stated, _ = unit_in(plain(re.sub(r"\s+", "，", name.strip())))
    if stated and units.factor(stated, wanted) != 1 and stated != wanted.partition("/")[0]:
        reader.tell("other_unit_in_name", row, "指标名称", text=stated, wanted=wanted)
    return len(reader.findings) == before


def _is_new(reader: Reader, row: int, key: tuple, seen: set[tuple], *, column: str) -> bool:
    """Refuse a row that reports again what one before it has reported."""
    if key in seen:
        reader.tell("reported_twice", row, column, text=key[0])
        return False
    seen.add(key)
    return True


def _county_facts(reader: Reader, year: EvaluationYear) -> Iterator[dict | None]:
    seen: set[tuple] = set()
    for row, line in reader.sheet.rows:
        stage, code = reader.stage(row, line["学段"]), line["指标代码"]
        if stage is None or reader.item(row, code, stage) is None:
            continue
        check_item(reader, row, line)
        if not _is_new(reader, row, (items()[code].label, stage, code), seen, column="基准年"):
            continue
        key = {"item": line["指标代码"], "stage": stage, "note": line["备注"]}
        for column, data_year in zip(YEAR_COLUMNS, year.all, strict=True):
            yield reader.fact(row, column, line[column], data_year=data_year, **key)


def _fund_facts(reader: Reader, year: EvaluationYear) -> Iterator[dict | None]:
    codes = {title: (code, stage) for code, (title, stage) in PROGRAMMES.items()}
    seen: set[tuple] = set()
    for row, line in reader.sheet.rows:
        title = reader.one_of(row, "项目", line["项目"], codes)
        data_year = year.data_year
        if stated := line["资金年度"]:
            data_year = reader.whole(row, "资金年度", stated, kind="year", fault="no_year")
        if title is None or data_year is None:
            continue
        if not _is_new(reader, row, (title, data_year), seen, column="项目"):
            continue
        code, stage = codes[title]
        key = {"stage": stage, "data_year": data_year, "note": line["备注"]}
        for column, tier in TIER_COLUMNS.items():
            yield reader.fact(row, column, line[column], item=f"{code}_{tier}", **key)


def _school_rows(reader: Reader) -> Iterator[tuple[int, dict[str, str], str]]:
    """Yield the rows that name a school and a stage, each pair once."""
    column, seen = header_of(reader.sheet.name, "school"), {}
    for row, line in reader.sheet.rows:
        is_school = reader.sheet.name == SCHOOLS
        stage = reader.stage(row, line["学段"]) if is_school else "preschool"
        if not line[column]:
            reader.tell("no_school_code", row, column)
        if stage is None or not line[column]:
            continue
        if first := seen.get((line[column], stage)):
            reader.tell("school_twice", row, column, text=line[column], first=first)
            continue
        seen[line[column], stage] = row
        yield row, line, stage


def _school_facts(reader: Reader, rows: list, year: EvaluationYear) -> Iterator[dict | None]:
    listed = number_columns(reader.sheet.name).items()
    columns = {header: code for header, code in listed if header in reader.sheet.header}
    for row, line, stage in rows:
        code = line[header_of(reader.sheet.name, "school")]
        key = {"school": code, "stage": stage, "data_year": year.data_year}
        for column, number in columns.items():
            if stage in items()[number].stages:
                yield reader.fact(row, column, line[column], item=number, **key)
            elif line[column]:  # a blank is no missing value here
                words = {"label": items()[number].label, "stage": STAGES[stage]}
                reader.tell("column_of_other_stage", row, column, **words)


def _attributes(reader: Reader, rows: list) -> Iterator[dict]:
    sheet = reader.sheet.name
    declared = [c for c in columns_of(sheet) if c.name and c.name != "stage"]
    for row, line, stage in rows:
        values = {c.name: reader.value(row, c, line.get(c.header, "")) for c in declared}
        yield {**values, "stage": stage, **reader.place(row, header_of(sheet, "school"))}


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


def _printed(line: dict[str, str]) -> tuple[str, str]:
    """Return a printed figure and its unit, which may stand in the same cell or in its own.

    A scale in the cell (9.39亿) is part of the unit: nothing is multiplied twice.
    """
    text, unit = line["原文数字"], line["单位"]
    match = _WITH_UNIT.fullmatch(half_width(text).strip())
    if match is None:
        return text, unit
    figure, written = f"{match[1]}{match[3] or ''}", match[2].strip()
    if not unit:
        return figure, written
    return (figure, unit) if units.factor(written, unit) == 1 else (text, unit)


def _claim(reader: Reader, row: int, line: dict[str, str]) -> dict | None:
    stage = reader.stage(row, line["学段"])
    word = universal_words.word_of(line["原文数字"])
    code = line["指标代码"] or (
        universal_words.item_stated(line["名称"], word, stage) if word else ""
    )
    code = code or _named_item(reader, row, line, stage)
    is_listed = not code or reader.item(row, code)
    # A printed figure stands as printed: its unit is a column of its own.
    figure, unit = _printed(line)
    parsed = None
    if word and is_listed:
        parsed = _stated(reader, row, word, code)
    elif cell_reading.has_scale(figure):
        reader.tell("number_scaled_twice", row, "原文数字", text=figure, unit=unit)
    else:
        parsed = reader.number(row, "原文数字", figure, "%" if unit == "%" else "")
    number = reader.whole(row, "序号", line["序号"], kind="serial") or 0
    year = reader.whole(row, "年份", line["年份"], kind="year") or 0
    decimals = re.search(r"\.(\d+)", line["原文数字"])
    if stage is None or parsed is None or not is_listed:
        return None
    return {
        **{c.name: line.get(c.header, "") for c in columns_of(CLAIMS) if not c.reads},
        "number": number,
        "stage": stage,
        "data_year": year,
        "value": parsed.value,
        "decimals": WORD_DECIMALS if word else len(decimals[1]) if decimals else 0,
        "unit": unit,
        "qualifier": line["限定词"] or parsed.qualifier,
        "item": code,
        **reader.place(row, "原文数字"),
    }


def _named_item(reader: Reader, row: int, line: dict[str, str], stage: str | None) -> str:
    """Return the item that has exactly the printed name and unit, and say so; empty if none.

    A rate of growth is often printed without its 率. Nothing is guessed from a likeness.
    """
    code = item_named(line["名称"], stage or "", line["单位"]) if line["单位"] else ""
    if not code:
        return ""
    words = {"text": line["名称"], "label": item(code).label, "item": code}
    reader.tell("item_by_name", row, "指标代码", **words)
    return code


def _stated(reader: Reader, row: int, word: str, code: str) -> Cell | None:
    """Return what a universal word states of an item; a finding where it cannot."""
    unit = item(code).unit if code else "%"
    if not universal_words.fits(word, unit):
        words = {"text": word, "unit": unit or "系数", "label": item(code).label}
        reader.tell("word_states_nothing", row, "原文数字", **words)
        return None
    return Cell(universal_words.value_of(word), REPORTED, word)


def _claims(reader: Reader) -> list[dict]:
    """Return the figures that the county's report prints."""
    listed = (_claim(reader, row, line) for row, line in reader.sheet.rows)
    claims = [claim for claim in listed if claim is not None]
    if narrative := [claim for claim in claims if not claim["item"]]:
        reader.findings.append(reader.sheet.finding("without_item", number=len(narrative)))
    return claims


def _evidence(reader: Reader, folder: Path) -> list[dict]:
    """Return the evidence register, each file sealed; one that is not found is a warning."""
    rows, lacking = [], []
    for row, line in reader.sheet.rows:
        state = _on_file(reader, row, line)
        if not state:
            lacking += [row] if state is False else []
            continue
        name = line["文件"]
        path = attachments.find(name, folder)
        if path is None and (parts := attachments.several(name)):
            reader.tell("several_files", row, "文件", number=len(parts))
        elif attachments.is_too_long(name):
            reader.tell("file_name_too_long", row, "文件", text=cell_reading.shown(name))
        elif name and path is None and attachments.is_plain_name(name):
            reader.tell("file_missing", row, "文件", text=name, folder=attachments.FOLDER)
        if entry := reader.line(row, line):
            rows.append({**entry, **attachments.seal(path)})
    if lacking:
        reader.tell("not_ticked", lacking[0], ON_FILE, number=len(lacking), tick=TICK)
    return rows


def _on_file(reader: Reader, row: int, line: dict[str, str]) -> bool | None:
    """Say whether a row registers a paper that is there; None for a word that is neither.

    Without the column every row does, as it did before the template listed the papers. A row that
    is not ticked and yet says who issued the paper is registered, and a notice says so.
    """
    if ON_FILE not in line:
        return True
    word = line[ON_FILE]
    if word in (TICK, *_YES):
        return True
    if word in (NO_PAPER, *_NO):
        return False
    if word:
        reader.one_of(row, ON_FILE, word, (TICK, NO_PAPER))
        return None
    details = [line[column] for column in ("出具单位", "文号", "日期", "文件") if line[column]]
    if details:
        words = {"text": line["材料名称"], "detail": details[0], "none": NO_PAPER}
        reader.tell("taken_as_ticked", row, ON_FILE, **words)
    return bool(details)


def _is_as_listed(sheet: Sheet, line: dict[str, str]) -> bool:
    """Say whether a self-rating says nothing of its point, as the template lists it."""
    headers = (c.header for c in columns_of(sheet.name, "required") if "key" not in c.marks)
    return sheet.name == SELF_RATINGS and not any(line[header] for header in headers)


def read_registers(
    sheets: dict[str, Sheet], folder: Path, findings: list[Finding]
) -> dict[str, list[dict]]:
    """Return the rows of every register by its table; folder: where evidence files lie."""
    tables = {}
    for name in (EVIDENCE, CLAIMS, *OPTIONAL_SHEETS):
        reader = Reader(sheets.get(name, Sheet("", name, (), ())), findings)
        if name == EVIDENCE:
            tables[TABLE_OF[name]] = _evidence(reader, folder)
        elif name == CLAIMS:
            tables[TABLE_OF[name]] = _claims(reader)
        else:  # needs no other reading than is declared
            rows = (
                reader.line(row, line)
                for row, line in reader.sheet.rows
                if not _is_as_listed(reader.sheet, line)
            )
            tables[TABLE_OF[name]] = [row for row in rows if row is not None]
    return tables
