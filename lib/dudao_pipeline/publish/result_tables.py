"""Results as tables: one row per check, for people in a spreadsheet and for other programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from dudao.base import digests, reference
from dudao.base.files import write, write_json
from dudao.facts.store import Stored
from dudao_pipeline.publish.readers_workbook import city_workbook, county_workbook
from dudao_pipeline.publish.task import program
from dudao_pipeline.publish.workbooks import CITY_WORKBOOK, STARTS_FORMULA

NAME, DICTIONARY = "results", "results-dictionary.csv"
METADATA = f"{NAME}.csv-metadata.json"  # where CSV on the Web looks for it
INTERNAL = ("sources",)  # columns that the public does not get
CITY = 4  # digits of a code that name the city
BOM = "\ufeff"  # without it a spreadsheet takes UTF-8 for the system's own encoding
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


def to_parquet(table: pd.DataFrame) -> bytes:
    """Return the table as Parquet: types and names as they are."""
    written = io.BytesIO()
    table.to_parquet(written, index=False)
    return written.getvalue()


def _harmless(value: object) -> object:
    """Set an apostrophe before text that a spreadsheet would take for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(STARTS_FORMULA) else value


def _as_it_was(text: str) -> str:
    """Take away the apostrophe that `_harmless` set."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(STARTS_FORMULA) else text


def to_csv(table: pd.DataFrame) -> bytes:
    """Return the table as CSV that a spreadsheet opens rightly: UTF-8 with BOM, no formula."""
    texts = [name for name in table if COLUMNS[name][KIND] == "str"]
    safe = table.assign(**{name: table[name].map(_harmless) for name in texts})
    return (BOM + safe.to_csv(index=False, lineterminator="\r\n")).encode()


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

    title: as the county's page calls it. internal: kept from the public.
    """

    suffix: str
    to_bytes: Callable[[pd.DataFrame], bytes]
    title: str
    media_type: str
    internal: bool = False


# A further form is one entry here: who writes, withdraws, lists, links and seals them reads this.
FORMATS = (
    Format(".csv", to_csv, "CSV", "text/csv"),
    Format(".parquet", to_parquet, "Parquet", "application/vnd.apache.parquet", internal=True),
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
    _write_formats(folder, shown, public=public)
    book = county_workbook(records, stored, with_places=not public)
    write(folder / f"{NAME}.xlsx", book)


def _write_formats(folder: Path, table: pd.DataFrame, *, public: bool) -> list[str]:
    """Write a table in every form; return the names of what was written."""
    names = [METADATA, DICTIONARY]
    write(folder / METADATA, csvw(list(table.columns), f"{NAME}.csv"))
    write(folder / DICTIONARY, dictionary_csv(table.columns))
    for form, name in zip(FORMATS, FILES, strict=True):
        if public and form.internal:
            (folder / name).unlink(missing_ok=True)
            continue
        write(folder / name, form.to_bytes(table))
        names.append(name)
    return names


YEAR_RECORD, YEAR_RECORD_OPENLY = "tables.json", "tables-public.json"
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


def write_whole(
    folder: Path, counties: Sequence[Path], record: Path | None = None, *, public: bool = False
) -> None:
    """Write the results of all counties of a year in every form, and a workbook per city.

    counties: the CSV of each. record: says what they were made of, and is written last; while it
    holds nothing is done. It lies beside the tables unless another file is named. Without a county
    the tables are withdrawn. The public gets no internal form.
    """
    record = record or folder / YEAR_RECORD
    if not counties:
        tables = (folder / name for name in _OF_A_YEAR)
        for path in (record, *tables, *folder.glob("city-*.xlsx")):
            path.unlink(missing_ok=True)
        return
    made_of = {path.parent.name: digests.remembered(path) for path in counties}
    made_of["program"] = program()
    if _is_current(folder, record, made_of):
        return
    whole = pd.concat([read_table(path.parent) for path in counties], ignore_index=True)
    names = _write_formats(folder, whole, public=public)
    for code, own in whole.groupby(whole["county"].str[:CITY]):
        names.append(CITY_WORKBOOK.format(code))
        write(folder / names[-1], city_workbook(own, _city_name(own), _year(own)))
    for path in folder.glob(CITY_WORKBOOK.format("[0-9]" * CITY)):
        if path.name not in names:
            path.unlink()
    files = {name: digests.sha256(folder / name) for name in names}
    write_json(record, {"made_of": made_of, "files": files})


def _is_current(folder: Path, record: Path, made_of: dict[str, str]) -> bool:
    try:
        kept = json.loads(record.read_text(encoding="utf-8"))
        return kept["made_of"] == made_of and all(
            digests.is_as_recorded(folder / name, digest) for name, digest in kept["files"].items()
        )
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _year(table: pd.DataFrame) -> int:
    return int(table["year"].iloc[0])


def _city_name(table: pd.DataFrame) -> str:
    county = reference.counties().get(table["county"].iloc[0])
    return county.city if county else "虚构与匿名"
