"""Results as tables: the same figures in each form, no formula, no guess at the encoding."""

import io

import pandas as pd
from openpyxl import load_workbook

from dudao_pipeline.publish import tables


def record(**changes) -> dict:
    check = {
        "point": "2.1.1",
        "check": "growth",
        "label": "支出增长",
        "item": "growth",
        "stage": "primary",
        "data_year": 2023,
        "value": -5.814,
        "unit": "%",
        "compare": ">=",
        "threshold": 0,
        "decimals": 2,
        "result": "not_met",
        "basis": "computed",
        "role": "pass",
        "gap": {"amount": 4531.19, "unit": "万元"},
        "missing_inputs": 0,
        "citation": "国办发〔2018〕82号",
        "law_status": "sourced",
        "area": "national",
        "note": "",
        "sources": ["县级指标!F16", "县级指标!E16"],
    }
    facts = {
        "year": 2024,
        "county": "010203",
        "county_name": "虚构县",
        "fictional": True,
        "notebook": "02_funding",
        "data_version": "a",
        "law_version": "b",
        "points": [{"id": "2.1.1", "title": "只增不减", "result": "not_met"}],
        "checks": [check | changes],
    }
    return facts


def table(**changes) -> pd.DataFrame:
    return tables.results_table([record(**changes)])


def test_one_row_per_check_with_its_point_and_sources():
    row = table().iloc[0]
    assert (row["county"], row["point_title"], row["gap_amount"]) == ("010203", "只增不减", 4531.19)
    assert row["sources"] == "县级指标!F16、县级指标!E16"


def test_what_is_unknown_stays_unknown_in_each_form():
    found = table(value=None, threshold=None, gap=None)
    assert found[["value", "threshold", "gap_amount"]].isna().all(axis=None)
    back = pd.read_parquet(io.BytesIO(tables.to_parquet(found)))
    assert back[["value", "threshold"]].isna().all(axis=None)
    sheet = load_workbook(io.BytesIO(tables.to_xlsx(found, 2024))).active
    assert sheet.cell(2, list(tables.COLUMNS).index("value") + 1).value is None


def test_parquet_gives_back_what_was_put_in():
    found = table()
    pd.testing.assert_frame_equal(pd.read_parquet(io.BytesIO(tables.to_parquet(found))), found)


def test_csv_opens_in_a_spreadsheet_with_its_letters_and_codes():
    written = tables.to_csv(table())
    assert written.startswith(b"\xef\xbb\xbf")
    back = pd.read_csv(io.BytesIO(written), dtype={"county": str})
    assert (back.loc[0, "county"], back.loc[0, "value"]) == ("010203", -5.814)


def test_no_text_starts_a_formula_and_no_number_is_turned_to_text():
    hostile = table(label='=HYPERLINK("http://x")', note="+1", citation="@SUM(A1)", item="\tx")
    back = pd.read_csv(io.BytesIO(tables.to_csv(hostile)))
    assert back.loc[0, "label"] == '\'=HYPERLINK("http://x")'
    assert back.loc[0, "note"] == "'+1"
    assert back.loc[0, "value"] == -5.814
    sheet = load_workbook(io.BytesIO(tables.to_xlsx(hostile, 2024))).active
    kinds = {cell.data_type for cell in sheet[2] if cell.value is not None}
    assert kinds == {"s", "n"}


def test_the_workbook_speaks_chinese():
    sheet = load_workbook(io.BytesIO(tables.to_xlsx(table(), 2024))).active
    heads = [cell.value for cell in sheet[1]]
    assert heads[:3] == ["评价年度", "区划代码", "县（区）"]
    row = dict(zip(heads, (cell.value for cell in sheet[2]), strict=True))
    assert (row["结果"], row["虚构"], row["依据"]) == ("未达标", "是", "按数据计算")


def test_the_dictionary_explains_every_column():
    told = pd.read_csv(io.BytesIO(tables.dictionary_csv()))
    assert list(told["列名"]) == list(table().columns)
    assert told.notna().all(axis=None)


def test_same_results_same_bytes():
    for write in (tables.to_parquet, tables.to_csv, lambda t: tables.to_xlsx(t, 2024)):
        assert write(table()) == write(table())


def test_tables_of_counties_join_to_one(tmp_path):
    tables.write_tables(tmp_path / "a", [record()])
    tables.write_tables(tmp_path / "b", [record()])
    paths = [tmp_path / name / "results.parquet" for name in "ab"]
    tables.write_whole(tmp_path, paths)
    assert len(pd.read_parquet(tmp_path / "results.parquet")) == 2
