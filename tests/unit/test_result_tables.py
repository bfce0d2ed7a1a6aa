"""Results as tables: the same figures in each form, no formula, no guess at the encoding."""

import io
import json
import math
from contextlib import contextmanager

import pandas as pd
import pytest
from openpyxl import load_workbook

from dudao.case import open_case
from dudao.show.records import record as results_record
from dudao_pipeline.publish import documents, result_tables
from dudao_pipeline.publish.readers_workbook import county_workbook
from dudao_pipeline.publish.release import provenance
from dudao_pipeline.publish.site import site_pages
from dudao_pipeline.publish.trace import write_trace
from dudao_pipeline.publish.whole import write_whole
from dudao_pipeline.publish.workbooks import width_of
from tests.unit.made_records import record

TWO = ("010203", "010204")  # counties of a city


def table(**changes) -> pd.DataFrame:
    return result_tables.results_table([record(**changes)])


def written(add_to, own: pd.DataFrame) -> bytes:
    file = io.BytesIO()
    with add_to(file) as add:
        add(own)
    return file.getvalue()


def test_one_row_per_check_with_its_point_and_sources():
    row = table().iloc[0]
    assert (row["county"], row["point_title"], row["gap_amount"]) == ("010203", "只增不减", 4531.19)
    assert row["sources"] == "县级指标!F16、县级指标!E16"


def test_a_check_of_several_points_is_a_row_of_each_with_its_title_and_result():
    veto = record(points=["3.2.1", "3.2.2"])
    judged = record() | {"notebook": "03_basic_education", "checks": []}
    judged["points"] = [{"id": "3.2.1", "title": "资源配置", "result": "not_met"}]
    found = result_tables.results_table([veto, judged])
    shown = found[["point", "point_title", "point_result"]].to_numpy().tolist()
    assert shown == [["3.2.1", "资源配置", "not_met"], ["3.2.2", "教育质量", ""]]


def test_what_is_unknown_stays_unknown_in_each_form():
    found = table(value=None, threshold=None, gap=None)
    assert found[["value", "threshold", "gap_amount"]].isna().all(axis=None)
    back = pd.read_parquet(io.BytesIO(written(result_tables.parquet_in, found)))
    assert back[["value", "threshold"]].isna().all(axis=None)
    row = checks_of(record(value=None, threshold=None, gap=None))[1]
    assert row["数值"].value is row["标准"].value is row["差额"].value is None


def test_parquet_gives_back_what_was_put_in():
    found = table()
    pd.testing.assert_frame_equal(
        pd.read_parquet(io.BytesIO(written(result_tables.parquet_in, found))), found
    )


def test_csv_opens_in_a_spreadsheet_with_its_letters_and_codes():
    content = written(result_tables.csv_in, table())
    assert content.startswith(b"\xef\xbb\xbf")
    back = pd.read_csv(io.BytesIO(content), dtype={"county": str})
    assert (back.loc[0, "county"], back.loc[0, "value"]) == ("010203", -5.814)


def test_no_text_starts_a_formula_and_no_number_is_turned_to_text():
    hostile = table(label='=HYPERLINK("http://x")', note="+1", citation="@SUM(A1)", item="\tx")
    back = pd.read_csv(io.BytesIO(written(result_tables.csv_in, hostile)))
    assert back.loc[0, "label"] == '\'=HYPERLINK("http://x")'
    assert back.loc[0, "note"] == "'+1"
    assert back.loc[0, "value"] == -5.814
    found = record(label='=HYPERLINK("http://x")', note="+1", citation="@SUM(A1)")
    kinds = {cell.data_type for cell in checks_of(found)[1].values() if cell.value is not None}
    assert kinds == {"s", "n"}


def workbook(found: dict):
    return load_workbook(io.BytesIO(county_workbook([found], None)))


def checks_of(found: dict) -> tuple[object, dict]:
    """Return the sheet of checks and its first row of cells, by head."""
    sheet = workbook(found)["逐项"]
    heads = [cell.value for cell in sheet[3]]
    return sheet, dict(zip(heads, sheet[4], strict=True))


def test_the_workbook_is_for_people():
    book = workbook(record())
    assert book.sheetnames == ["要点结果", "逐项", "问题清单"]
    assert "虚构" in book["要点结果"]["A2"].value
    assert [cell.value for cell in book["要点结果"][4]][:3] == ["2.1.1", "只增不减", "未达标"]
    sheet, row = checks_of(record())
    assert (row["数值"].value, row["数值"].number_format) == (-5.814, "0.00")
    assert (row["标准"].value, row["标准"].number_format) == (0, '"≥ "0')
    assert (row["结果"].value, row["依据"].value) == ("未达标", "按数据计算")
    assert list(row)[-3:] == ["分册", "检查代码", "指标代码"]  # codes last
    assert sheet.freeze_panes == "D4" and sheet.auto_filter.ref.startswith("A3:")
    assert sheet.print_title_rows == "$3:$3" and sheet.page_setup.orientation == "landscape"
    problems = [cell.value for cell in book["问题清单"][4]]
    assert problems[:4] == [1, "2.1.1", "支出增长", -5.814] and problems[6] == 4531.19


def test_heads_are_not_clipped():
    sheet = workbook(record())["逐项"]
    for cell in sheet[3]:
        width = sheet.column_dimensions[cell.column_letter].width - 1
        lines = math.ceil((width_of(cell.value) + 3) / width)
        assert sheet.row_dimensions[3].height >= 15 * lines


def test_the_places_of_cells_are_not_for_the_public(tmp_path):
    result_tables.write_tables(tmp_path, [record()], public=True)
    assert not (tmp_path / "results.parquet").exists()
    texts = [
        (tmp_path / name).read_text("utf-8-sig") for name in ("results.csv", result_tables.METADATA)
    ]
    book = load_workbook(tmp_path / "results.xlsx")
    cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not any("县级指标!F16" in text for text in (*texts, *cells))
    assert "数据来源" not in texts[0] and "sources" not in texts[1]


def test_the_csv_is_described_as_csv_on_the_web(tmp_path):
    result_tables.write_tables(tmp_path, [record()])
    found = json.loads((tmp_path / "results.csv-metadata.json").read_text(encoding="utf-8"))
    names = [column["name"] for column in found["tableSchema"]["columns"]]
    head = (tmp_path / found["url"]).read_text(encoding="utf-8-sig").partition("\n")[0]
    assert names == head.strip().split(",")
    kinds = {c["name"]: c["datatype"] for c in found["tableSchema"]["columns"]}
    assert (kinds["county"], kinds["value"], kinds["year"]) == ("string", "number", "integer")


def test_a_city_has_a_workbook_of_its_counties(tmp_path):
    other = record(result="met", gap=None) | {"county": "010204", "county_name": "乙县"}
    other["points"] = [{"id": "2.1.1", "title": "只增不减", "result": "met"}]
    for name, found in zip(TWO, (record(), other), strict=True):
        result_tables.write_tables(tmp_path / name, [found])
    write_whole(tmp_path, [tmp_path / name / "results.csv" for name in TWO])
    book = load_workbook(tmp_path / "city-0102.xlsx")
    heads, *rows = ([cell.value for cell in row] for row in book["要点"].iter_rows(min_row=3))
    assert heads[-1] == "2.1.1 只增不减" and [row[-1] for row in rows] == ["未达标", "达标"]
    assert [row[0].value for row in book["问题清单"].iter_rows(min_row=4)] == ["虚构县"]
    (tmp_path / "city-9999.xlsx").write_bytes(b"")  # of a city whose counties were withdrawn
    result_tables.write_tables(tmp_path / TWO[0], [record(value=-6.0)])
    write_whole(tmp_path, [tmp_path / name / "results.csv" for name in TWO])
    assert [path.name for path in tmp_path.glob("city-*.xlsx")] == ["city-0102.xlsx"]


def test_a_county_that_is_withdrawn_leaves_its_citys_workbook(tmp_path):
    for name in TWO:
        result_tables.write_tables(tmp_path / name, [record() | {"county": name}])
    write_whole(tmp_path, [tmp_path / name / "results.csv" for name in TWO])
    write_whole(tmp_path, [tmp_path / TWO[0] / "results.csv"])
    rows = load_workbook(tmp_path / "city-0102.xlsx")["要点"].iter_rows(min_row=4)
    assert TWO[0] in str([cell.value for cell in next(rows)]) and not list(rows)


def test_results_of_the_public_come_back_from_the_csv(tmp_path):
    result_tables.write_tables(tmp_path / TWO[0], [record()], public=True)
    write_whole(tmp_path, [tmp_path / TWO[0] / "results.csv"], public=True)
    assert not (tmp_path / "results.parquet").exists()
    assert load_workbook(tmp_path / "city-0102.xlsx")["逐项"]["E4"].value == -5.814


def test_every_verdict_is_traced_from_cell_to_result(tmp_path):
    case = open_case("990100", 2024, "02_funding")
    verdicts = case.verdicts()
    made = results_record(case, verdicts, case.judge_points(verdicts))
    write_trace(tmp_path, [made], case.stored)
    found = json.loads((tmp_path / "trace.json").read_text(encoding="utf-8"))
    assert (found["schema"], found["version"]) == ("dudao-trace", 1)
    assert len(found["verdicts"]) == len(verdicts)
    wanted = "education_expenditure_growth"
    entry = next(v for v in found["verdicts"] if v["quantity"]["item"] == wanted)
    now, before = (cell["value"] for cell in entry["cells"][:2])
    assert entry["quantity"]["formula"] == "growth"
    assert entry["quantity"]["value"] == pytest.approx((now / before - 1) * 100)
    assert entry["rule"]["compare"] == ">=" and entry["rule"]["citation"]
    assert entry["result"]["result"] == "met"


def test_the_dictionary_explains_every_column():
    told = pd.read_csv(io.BytesIO(result_tables.dictionary_csv()))
    assert list(told["列名"]) == list(table().columns)
    assert told.notna().all(axis=None)


def test_a_year_of_several_cities_is_one_table_with_one_head(tmp_path):
    for code in ("010203", "010204", "010301"):
        result_tables.write_tables(tmp_path / code, [record() | {"county": code}])
    paths = sorted(tmp_path.glob("*/results.csv"))
    write_whole(tmp_path, paths)
    whole = pd.concat([result_tables.read_table(path.parent) for path in paths], ignore_index=True)
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "results.parquet"), whole)
    (tmp_path / "results.parquet").unlink()
    pd.testing.assert_frame_equal(result_tables.read_table(tmp_path), whole)
    assert len(list(tmp_path.glob("city-*.xlsx"))) == 2


def test_same_results_same_bytes():
    for add_to in (result_tables.parquet_in, result_tables.csv_in):
        assert written(add_to, table()) == written(add_to, table())
    assert county_workbook([record()], None) == county_workbook([record()], None)


def test_tables_of_counties_join_to_one(tmp_path):
    result_tables.write_tables(tmp_path / TWO[0], [record()])
    result_tables.write_tables(tmp_path / TWO[1], [record()])
    write_whole(tmp_path, [tmp_path / name / "results.csv" for name in TWO])
    assert len(pd.read_parquet(tmp_path / "results.parquet")) == 2


def test_a_form_of_the_results_is_one_entry(tmp_path, monkeypatch):
    @contextmanager
    def lines_in(file):
        yield lambda own: file.write(own.to_json(orient="records").encode())

    lines = result_tables.Format(".jsonl", lines_in, "JSON", "x/y")
    monkeypatch.setattr(result_tables, "FORMATS", (*result_tables.FORMATS, lines))
    monkeypatch.setattr(result_tables, "FILES", (*result_tables.FILES, "results.jsonl"))
    empty = result_tables.results_table([])
    with result_tables._forms(tmp_path, list(empty), public=True) as (names, add):
        add(empty)
    assert "results.jsonl" in names and "results.parquet" not in names
    assert {path.name for path in tmp_path.iterdir()} == set(names)


@pytest.mark.parametrize("form", result_tables.FORMATS, ids=lambda form: form.suffix)
def test_who_lists_links_and_seals_files_knows_every_form(form):
    assert form.suffix in documents.MADE_HERE
    assert form.suffix in site_pages.DOWNLOADS
    assert f"results{form.suffix}" in site_pages.TITLES
    assert provenance._KINDS[form.suffix] == form.media_type
