"""Results as tables: one row per check, for people in a spreadsheet and for other programs."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from dudao.base import digests
from dudao.base.files import write, write_json
from dudao.show.words import BASES, LAW_STATUS, RESULTS, ROLES
from dudao_pipeline.intake.template.saving import to_bytes
from dudao_pipeline.publish.workbooks import STARTS_FORMULA, as_text

NAME, DICTIONARY = "results", "results-dictionary.csv"
BOM = "\ufeff"  # without it a spreadsheet takes UTF-8 for the system's own encoding
# Column -> type, Chinese head, what it says.
COLUMNS = {
    "year": ("int64", "评价年度", "评价年度；数据年通常为其上一年"),
    "county": ("str", "区划代码", "六位代码；99开头为虚构或匿名"),
    "county_name": ("str", "县（区）", "县（区）名称"),
    "fictional": ("bool", "虚构", "是否虚构数据；虚构数据不得引用"),
    "notebook": ("str", "分册", "得出结果的笔记本"),
    "point": ("str", "要点", "评价要点编号"),
    "point_title": ("str", "要点名称", "评价要点名称"),
    "point_result": ("str", "要点结果", "要点的判定：met、not_met、undecided、not_applicable"),
    "check": ("str", "检查代码", "检查的标识，年度之间不变"),
    "label": ("str", "检查", "检查的名称"),
    "item": ("str", "指标代码", "指标字典中的标识"),
    "stage": ("str", "学段", "学段标识"),
    "data_year": ("Int64", "数据年", "数值所属年度"),
    "value": ("float64", "数值", "未舍入的数值；空为没有数据"),
    "unit": ("str", "单位", "数值、标准的单位"),
    "compare": ("str", "比较", "数值与标准比较的方向"),
    "threshold": ("float64", "标准", "标准值；空为尚未施行或未查到"),
    "decimals": ("Int64", "判定位数", "判定时舍入到的小数位数"),
    "result": ("str", "结果", "检查的判定；reference 为参考线，不判定"),
    "basis": (
        "str",
        "依据",
        "computed 按数据，attested 据陈述，contradicted 与数据不符",
    ),
    "role": ("str", "性质", "pass 达标线，veto 一票否决，reference 参考线"),
    "gap_amount": ("float64", "差距", "还差多少；空为不差或无法计算"),
    "gap_unit": ("str", "差距单位", "差距的单位"),
    "missing_inputs": ("Int64", "缺数据项数", "计算所缺的数据项数"),
    "citation": ("str", "出处", "标准的文件、文号、条款"),
    "law_status": ("str", "出处状态", "sourced 有出处，unconfirmed 未经证实"),
    "area": ("str", "标准范围", "标准适用的区划；national 为全国"),
    "note": ("str", "说明", "判定的说明"),
    "sources": ("str", "数据来源", "数据在报送表中的位置，顿号分隔"),
    "data_version": ("str", "数据版本", "报送数据的版本"),
    "law_version": ("str", "法规版本", "所用方案与标准的版本"),
}
_WORDS = {"result": {k: v[0] for k, v in RESULTS.items()}, "basis": BASES, "role": ROLES}
_WORDS |= {"point_result": _WORDS["result"], "law_status": LAW_STATUS}
_COMMON = ("year", "county", "county_name", "fictional", "notebook", "data_version", "law_version")
_WIDEST, _NARROWEST = 48, 8


def _rows(found: dict) -> Iterable[dict]:
    points = {point["id"]: point for point in found["points"]}
    for check in found["checks"]:
        point, gap = points.get(check["point"], {}), check["gap"] or {}
        yield {
            **{name: check[name] for name in COLUMNS if name in check},
            **{name: found[name] for name in _COMMON},
            "point_title": point.get("title", ""),
            "point_result": point.get("result", ""),
            "gap_amount": gap.get("amount"),
            "gap_unit": gap.get("unit", ""),
            "sources": "、".join(check["sources"]),
        }


def results_table(records: Iterable[dict]) -> pd.DataFrame:
    """Return one row per check of the given results, columns as in COLUMNS."""
    rows = [row for found in records for row in _rows(found)]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table.astype({name: kind for name, (kind, _, _) in COLUMNS.items()})


def to_parquet(table: pd.DataFrame) -> bytes:
    """Return the table as Parquet: types and names as they are."""
    written = io.BytesIO()
    table.to_parquet(written, index=False)
    return written.getvalue()


def _harmless(value: object) -> object:
    """Set an apostrophe before text that a spreadsheet would take for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(STARTS_FORMULA) else value


def to_csv(table: pd.DataFrame) -> bytes:
    """Return the table as CSV that a spreadsheet opens rightly: UTF-8 with BOM, no formula."""
    texts = [name for name, (kind, _, _) in COLUMNS.items() if kind == "str" and name in table]
    safe = table.assign(**{name: table[name].map(_harmless) for name in texts})
    return (BOM + safe.to_csv(index=False, lineterminator="\r\n")).encode()


def dictionary_csv() -> bytes:
    """Return the data dictionary: column, head, type, meaning."""
    rows = [(name, head, kind, says) for name, (kind, head, says) in COLUMNS.items()]
    table = pd.DataFrame(rows, columns=["列名", "中文", "类型", "含义"])
    return (BOM + table.to_csv(index=False, lineterminator="\r\n")).encode()


def to_xlsx(table: pd.DataFrame, year: int) -> bytes:
    """Return the table for reading: Chinese heads and words, numbers as numbers, no formula."""
    book = Workbook()
    sheet = book.active
    sheet.title = "结果"
    book.properties.creator, book.properties.created = "dudao", datetime(year, 12, 31)
    for column, (name, (_, head, _)) in enumerate(COLUMNS.items(), 1):
        cell = as_text(sheet.cell(1, column), head)
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="EEF1F4")
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        words = _WORDS.get(name, {})
        for row, value in enumerate(table[name], 2):
            _fill(sheet.cell(row, column), words.get(value, value) if words else value)
        longest = max(len(str(cell.value or "")) for cell in sheet[get_column_letter(column)])
        width = min(max(2 * longest, _NARROWEST), _WIDEST)
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes, sheet.auto_filter.ref = "A2", sheet.dimensions
    sheet.print_title_rows = "1:1"
    return to_bytes(book)


def _fill(cell, value: object) -> None:
    if isinstance(value, str):
        as_text(cell, value)
    elif isinstance(value, bool):
        as_text(cell, "是" if value else "否")
    elif not pd.isna(value):
        cell.value = value


def write_tables(folder: Path, records: Sequence[dict]) -> None:
    """Write results of one county as Parquet, CSV and xlsx, and the dictionary beside them."""
    table = results_table(records)
    write(folder / f"{NAME}.parquet", to_parquet(table))
    write(folder / f"{NAME}.csv", to_csv(table))
    write(folder / f"{NAME}.xlsx", to_xlsx(table, records[0]["year"]))
    write(folder / DICTIONARY, dictionary_csv())


YEAR_RECORD, YEAR_RECORD_OPENLY = "tables.json", "tables-public.json"
_OF_A_YEAR = (f"{NAME}.parquet", f"{NAME}.csv", DICTIONARY)
OF_A_COUNTY = (*_OF_A_YEAR, f"{NAME}.xlsx")


def write_whole(folder: Path, counties: Sequence[Path], record: Path | None = None) -> None:
    """Write the results of all counties of a year as Parquet and CSV, from each county's own.

    record: says what they were made of, and is written last; while it holds nothing is done. It
    lies beside the tables unless another file is named. Without a county the tables are withdrawn.
    """
    record = record or folder / YEAR_RECORD
    if not counties:
        for path in (record, *(folder / name for name in _OF_A_YEAR)):
            path.unlink(missing_ok=True)
        return
    made_of = {path.parent.name: digests.remembered(path) for path in counties}
    made_of["program"] = digests.sha256(Path(__file__))
    if _is_current(folder, record, made_of):
        return
    whole = pd.concat([pd.read_parquet(path) for path in counties], ignore_index=True)
    contents = (to_parquet(whole), to_csv(whole), dictionary_csv())
    for name, content in zip(_OF_A_YEAR, contents, strict=True):
        write(folder / name, content)
    files = {name: digests.sha256(folder / name) for name in _OF_A_YEAR}
    write_json(record, {"made_of": made_of, "files": files})


def _is_current(folder: Path, record: Path, made_of: dict[str, str]) -> bool:
    try:
        found = json.loads(record.read_text(encoding="utf-8"))
        return found["made_of"] == made_of and all(
            digests.is_as_recorded(folder / name, found["files"][name]) for name in _OF_A_YEAR
        )
    except (OSError, ValueError, KeyError, TypeError):
        return False
