"""Results as tables: one row per check, for people in a spreadsheet and for other programs."""

import csv
import gc
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import BinaryIO

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from dudao.base import reference
from dudao.facts.store import Stored
from dudao_pipeline import digests
from dudao_pipeline.files import replacing, write
from dudao_pipeline.intake.storing import as_stored
from dudao_pipeline.publish.readers_workbook import city_workbook, county_workbook
from dudao_pipeline.publish.summary import NO_PROVINCE
from dudao_pipeline.publish.whole import CITY, CITY_WORKBOOK
from dudao_pipeline.publish.workbooks import STARTS_FORMULA

NAME, DICTIONARY = "results", "results-dictionary.csv"
METADATA = f"{NAME}.csv-metadata.json"  # where CSV on the Web looks for it
INTERNAL = ("sources",)  # columns that the public does not get
SELDOM = (100_000, 20, 20)  # new objects, and rounds, after which garbage is looked for
BOM = "\ufeff"  # without it a spreadsheet takes UTF-8 for the system's own encoding
Add = Callable[[pd.DataFrame], None]
HEAD, KIND, MEANING = "中文", "类型", "含义"  # what is declared of a column


def _read_columns() -> dict[str, dict[str, str]]:
    lines = Path(__file__).with_name("result_columns.csv").read_text(encoding="utf-8").splitlines()
    return {row["列名"]: row for row in csv.DictReader(lines)}


COLUMNS = _read_columns()
_COMMON = ("year", "county", "county_name", "fictional", "notebook", "data_version", "law_version")


def _rows(record: dict, results: Mapping[str, str]) -> Iterable[dict]:
    decided = ((check, point) for check in record["checks"] for point in check["points"])
    for check, point in decided:
        gap = check["gap"] or {}
        yield {
            **{name: check[name] for name in COLUMNS if name in check},
            **{name: record[name] for name in _COMMON},
            "point": point,
            "point_title": record["titles"][point],
            "point_result": results.get(point, ""),
            "gap_amount": gap.get("amount"),
            "gap_unit": gap.get("unit", ""),
            "gap_text": gap.get("text", ""),
            "sources": "、".join(check["sources"]),
        }


def results_table(records: Iterable[dict]) -> pd.DataFrame:
    """Return one row per check and point of the given results, columns as in COLUMNS.

    A point has the result of the notebook that answers for it, wherever its check stands.
    """
    listed = list(records)
    results: dict[tuple, dict[str, str]] = {}
    for record in listed:
        judged = {point["id"]: point["result"] for point in record["points"]}
        results.setdefault((record["county"], record["year"]), {}).update(judged)
    rows = [
        r for record in listed for r in _rows(record, results[record["county"], record["year"]])
    ]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table.astype({name: column[KIND] for name, column in COLUMNS.items()})


@contextmanager
def parquet_in(file: BinaryIO) -> Iterator[Add]:
    """Give what adds tables to a file of Parquet: types and names as they are."""
    writers: list[pq.ParquetWriter] = []

    def add(table: pd.DataFrame) -> None:
        rows = pa.Table.from_pandas(as_stored(table), preserve_index=False)
        if not writers:
            writers.append(pq.ParquetWriter(file, rows.schema))
        writers[0].write_table(rows)

    yield add
    for writer in writers:
        writer.close()


def _harmless(value: object) -> object:
    """Set an apostrophe before text that a spreadsheet would take for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(STARTS_FORMULA) else value


def _as_it_was(text: str) -> str:
    """Take away the apostrophe that `_harmless` set."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(STARTS_FORMULA) else text


@contextmanager
def csv_in(file: BinaryIO) -> Iterator[Add]:
    """Give what adds tables to a CSV that a spreadsheet opens rightly: BOM, no formula."""

    def add(table: pd.DataFrame) -> None:
        is_first = file.tell() == 0
        texts = [name for name in table if COLUMNS[name][KIND] == "str"]
        safe = table.assign(**{name: table[name].map(_harmless) for name in texts})
        text = safe.to_csv(index=False, header=is_first, lineterminator="\r\n")
        file.write(f"{BOM if is_first else ''}{text}".encode())

    yield add


def dictionary_csv(columns: Iterable[str] = tuple(COLUMNS)) -> bytes:
    """Return the data dictionary: column, head, type, meaning."""
    table = pd.DataFrame([COLUMNS[name] for name in columns])
    return (BOM + table.to_csv(index=False, lineterminator="\r\n")).encode()


_DATATYPES = {"int64": "integer", "Int64": "integer", "float64": "number", "bool": "boolean"}


def csvw(columns: Sequence[str], url: str) -> str:
    """Return the metadata of a CSV file as CSV on the Web: names, heads, types, meanings."""
    described = [
        {
            "name": name,
            "titles": name,
            "datatype": _DATATYPES.get(COLUMNS[name][KIND], "string"),
            "dc:title": {"@value": COLUMNS[name][HEAD], "@language": "zh"},
            "dc:description": {"@value": COLUMNS[name][MEANING], "@language": "zh"},
        }
        for name in columns
    ]
    metadata = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "zh"}],
        "url": url,
        "dc:title": "自查自评逐项结果",
        "dialect": {"encoding": "utf-8", "lineTerminators": ["\r\n"], "header": True},
        "tableSchema": {"columns": described},
    }
    return json.dumps(metadata, ensure_ascii=False, indent=1) + "\n"


@dataclass(frozen=True)
class Format:
    """One form in which results are written: of a county, and of all counties of a year.

    add_to: gives what adds tables to a file, one after the other: a year is never in memory whole.
    title: as the county's page calls it. internal: kept from the public.
    """

    suffix: str
    add_to: Callable[[BinaryIO], AbstractContextManager[Add]]
    title: str
    media_type: str
    internal: bool = False


# A further form is one entry here: who writes, withdraws, lists, links and seals them reads this.
FORMATS = (
    Format(".csv", csv_in, "CSV", "text/csv"),
    Format(".parquet", parquet_in, "Parquet", "application/vnd.apache.parquet", internal=True),
)
FILES = tuple(f"{NAME}{form.suffix}" for form in FORMATS)


def write_tables(
    folder: Path, records: Sequence[dict], stored: Stored | None = None, *, public: bool = False
) -> None:
    """Write results of one county in every form, with what describes them, and as a workbook.

    The public gets no internal form and no places of cells.
    """
    table = results_table(records)
    shown = table.drop(columns=list(INTERNAL)) if public else table
    with _forms(folder, list(shown), public=public) as (_, add):
        add(shown)
    book = county_workbook(records, stored, with_cells=not public)
    write(folder / f"{NAME}.xlsx", book)


@contextmanager
def _forms(
    folder: Path, columns: Sequence[str], *, public: bool
) -> Iterator[tuple[list[str], Add]]:
    """Give the names of what is written, and what adds tables of these columns in every form."""
    names, adds = [METADATA, DICTIONARY], []
    write(folder / METADATA, csvw(columns, f"{NAME}.csv"))
    write(folder / DICTIONARY, dictionary_csv(columns))
    with ExitStack() as stack:
        for form, name in zip(FORMATS, FILES, strict=True):
            if public and form.internal:
                (folder / name).unlink(missing_ok=True)
                continue
            partial = stack.enter_context(replacing(folder / name))
            file = stack.enter_context(partial.open("wb"))
            adds.append(stack.enter_context(form.add_to(file)))
            names.append(name)

        def add(table: pd.DataFrame) -> None:
            for add_to_form in adds:
                add_to_form(table)

        yield names, add


_OF_A_YEAR = (*FILES, METADATA, DICTIONARY)
OF_A_COUNTY = (*_OF_A_YEAR, f"{NAME}.xlsx")


def read_table(folder: Path) -> pd.DataFrame | None:
    """Return the results of a county as published: from Parquet, or from the CSV of the public."""
    if (folder / f"{NAME}.parquet").is_file():
        return pd.read_parquet(folder / f"{NAME}.parquet")
    if not (folder / f"{NAME}.csv").is_file():
        return None
    texts = {name: str for name, column in COLUMNS.items() if column[KIND] == "str"}
    table = pd.read_csv(folder / f"{NAME}.csv", dtype=texts, keep_default_na=False, na_values=[""])
    texts_present = [name for name in texts if name in table.columns]
    table[texts_present] = table[texts_present].fillna("").map(_as_it_was)
    return table.astype({name: COLUMNS[name][KIND] for name in table.columns})


def write_year(folder: Path, counties: Sequence[Path], *, public: bool) -> dict[str, str]:
    """Write the results of all counties of a year, in every form; return the sha256 of the files.

    counties: the CSV of each; without one the tables are withdrawn.
    """
    look_for_garbage_seldom()
    if not counties:
        for name in _OF_A_YEAR:
            (folder / name).unlink(missing_ok=True)
        return {}
    columns = _columns(public=public)
    with _forms(folder, columns, public=public) as (names, add):
        for _, own in groupby(counties, key=lambda path: path.parent.name[:CITY]):
            add(_table(own, columns))
    return {name: digests.sha256(folder / name) for name in names}


def write_city(
    folder: Path, code: str, counties: Sequence[Path], *, public: bool
) -> dict[str, str]:
    """Write the results of a city's counties as a workbook; return its sha256 by its name.

    counties: the CSV of each; without a result there is no workbook.
    """
    look_for_garbage_seldom()
    table, name = _table(counties, _columns(public=public)), CITY_WORKBOOK.format(code)
    if table.empty:
        return {}
    write(folder / name, city_workbook(table, _city_name(table)))
    gc.collect()  # a workbook is a circle of many small objects
    return {name: digests.sha256(folder / name)}


def _columns(*, public: bool) -> list[str]:
    return [name for name in COLUMNS if not (public and name in INTERNAL)]


def _table(counties: Iterable[Path], columns: Sequence[str]) -> pd.DataFrame:
    """Return the results of some counties, of which the CSV is given, as one table."""
    tables = [read_table(path.parent) for path in counties]
    return pd.concat(tables, ignore_index=True).reindex(columns=columns)


@cache
def look_for_garbage_seldom() -> None:
    """Leave what is loaded out of the search for garbage, and search less often.

    A workbook is hundreds of thousands of small objects in circles: they go with their county.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SELDOM)


def _city_name(table: pd.DataFrame) -> str:
    county = reference.counties().get(table["county"].iloc[0])
    return county.city if county else NO_PROVINCE
