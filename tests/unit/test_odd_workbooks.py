"""A workbook that is odd in one way is read as meant, or refused where it cannot be known."""

import io
import math
import struct

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font
from python_calamine import CalamineError, CalamineWorkbook

from dudao.base.errors import FactsError
from dudao.facts.sheet_layout import COUNTY, SCHOOLS
from dudao_pipeline.intake import excel_grid
from dudao_pipeline.intake.findings import errors
from dudao_pipeline.intake.submission import read_submission
from tests.cases.odd_workbooks import REFUSED, SAME, VARIANTS, base, plain_workbook
from tests.cases.old_workbook import of_excel_95, to_bytes

KEY = ["data_year", "item", "stage", "school"]
LARGE = 10_000  # rows; a stray cell at the end of all is not laid out here
SAID = [*KEY, "value", "status", "qualifier"]


def _read(content, folder):
    path = folder / "报送表.xlsx"
    path.write_bytes(content)
    return read_submission(path)


def _facts(submission):
    return submission.tables.facts.sort_values(KEY)[SAID].reset_index(drop=True)


@pytest.fixture(scope="module")
def wanted(tmp_path_factory):
    submission = _read(base(), tmp_path_factory.mktemp("base"))
    assert errors(submission.findings) == []
    return _facts(submission)


@pytest.mark.parametrize("variant", VARIANTS, ids=[variant.name for variant in VARIANTS])
def test_an_odd_workbook_is_read_as_meant_or_refused(variant, wanted, tmp_path):
    outcome, _, code = variant.expected.partition(" ")
    if outcome == REFUSED:
        with pytest.raises(FactsError, match=r"。$"):
            _read(variant.make(), tmp_path)
        return
    submission = _read(variant.make(), tmp_path)
    wrong = {finding.code for finding in errors(submission.findings)}
    if outcome != SAME:
        assert outcome in wrong
        return
    assert wrong == set(), errors(submission.findings)
    assert _facts(submission).equals(wanted)
    assert not code or code in {finding.code for finding in submission.findings}
    _check_against_second_reader(submission, tmp_path / "报送表.xlsx")


def _old(folder, change):
    book = load_workbook(io.BytesIO(base()))
    change(book)
    path = folder / "报送表.et"
    path.write_bytes(to_bytes(book))
    return read_submission(path)


def _spoil(book):
    """Put into a workbook what its values do not tell."""
    book[COUNTY]["F4"] = "=1+1"
    book[COUNTY]["F5"] = "120²"
    book[COUNTY]["F6"], book[COUNTY]["F6"].number_format = 0.354, "0.00%"
    for cell in book[SCHOOLS][5]:
        cell.font = Font(strike=True)


def test_an_old_workbook_is_taken_like_a_new_one(wanted, tmp_path):
    submission = _old(tmp_path, lambda book: None)
    assert errors(submission.findings) == [] and _facts(submission).equals(wanted)
    spoilt = _old(tmp_path, _spoil)
    found = {(f.code, f.sheet, f.cell) for f in errors(spoilt.findings)}
    assert found >= {("T08", COUNTY, "F4"), ("T01", COUNTY, "F5"), ("T01", SCHOOLS, "A5")}
    rate = spoilt.tables.facts.query("item == 'first_tier_admission_rate'")
    assert 35.4 in rate["value"].tolist()


def _check_against_second_reader(submission, path):
    """Every plain number that is stored stands as that number in its cell, read by another way."""
    seen = _values(path)
    for fact in submission.tables.facts.itertuples():
        raw = seen.get((fact.sheet, fact.cell))
        if fact.status == "reported" and isinstance(raw, float):
            shown = raw * 100 if fact.item == "first_tier_admission_rate" and raw < 1 else raw
            assert math.isclose(fact.value, shown, rel_tol=1e-12), fact.cell
        elif fact.status == "missing":
            assert raw in (None, ""), fact.cell


def _values(path):
    try:
        return _values_of(path)
    except CalamineError:  # this reader refuses some of them
        return {}


def _values_of(path):
    with CalamineWorkbook.from_path(path) as book:
        if any(
            sheet.total_height > 10_000 for sheet in map(book.get_sheet_by_name, book.sheet_names)
        ):
            return {}
        return {
            (name, f"{chr(65 + column)}{row}"): value
            for name in book.sheet_names
            for row, line in enumerate(
                book.get_sheet_by_name(name).to_python(skip_empty_area=False), start=1
            )
            for column, value in enumerate(line[:26])
        }


def test_words_merged_over_numbers_stand_for_all_of_them(tmp_path):
    book = plain_workbook()
    book["县级指标"]["E4"], book["县级指标"]["F4"] = "不涉及", None
    book["县级指标"].merge_cells("E4:F4")
    book.save(tmp_path / "报送表.xlsx")
    facts = read_submission(tmp_path / "报送表.xlsx").tables.facts
    told = facts[facts["item"] == "education_investment"].set_index("data_year")["status"]
    assert [told[2022], told[2023], told[2024]] == ["not_applicable"] * 2 + ["reported"]


@pytest.mark.parametrize(("column", "cell"), [(9, "E4"), (3, "F4")])
def test_a_finding_names_the_column_as_the_sheet_has_it(tmp_path, column, cell):
    book = plain_workbook()
    sheet = book["佐证材料"]
    sheet["E4"] = "去年二月"
    sheet.insert_cols(column)
    book.save(tmp_path / "报送表.xlsx")
    (found,) = errors(read_submission(tmp_path / "报送表.xlsx").findings)
    assert (found.code, found.cell) == ("E02", cell)


def test_there_are_more_variants_than_the_kinds_that_broke_once():
    assert len(VARIANTS) >= 150
    assert len({variant.name for variant in VARIANTS}) == len(VARIANTS)


def test_a_third_reader_sees_the_same_base():
    book = load_workbook(io.BytesIO(base()))
    assert book["县级指标"]["F4"].value == 2442.77


def _old_file(folder, change=lambda content: content):
    book = Workbook()
    book.active.append(["学校", "人数"])
    book.active.append(["虚构小学", 240])
    book.active.merge_cells("A3:B3")
    path = folder / "旧.xls"
    path.write_bytes(change(to_bytes(book)))
    return path


def _with(content: bytes, kind: int, length: int, at: int, *numbers: int) -> bytes:
    """Return an old workbook with other numbers at a place of its first record of a kind."""
    place = content.index(struct.pack("<HH", kind, length)) + at
    changed = struct.pack(f"<{len(numbers)}H", *numbers)
    return content[:place] + changed + content[place + len(changed) :]


BROKEN = {
    "a download that broke off": lambda content: content[:-300],
    "a sheet where none begins": lambda content: _with(content, 0x85, 18, 4, 30, 0),
}


@pytest.mark.parametrize("change", BROKEN.values(), ids=BROKEN)
def test_a_damaged_old_workbook_is_refused(change, tmp_path):
    with pytest.raises(FactsError, match="文件不完整或已损坏"):
        excel_grid.read_grids(_old_file(tmp_path, change))


OTHERWISE = {
    "its root has another name": lambda content: content.replace(b"R\0o\0o\0", b"R\0\0\0\0\0", 1),
    "a number of the program": lambda content: content[:8] + b"\x20\x08\2" * 5 + content[23:],
    "texts counted wrong": lambda content: _with(content, 0xFC, 33, 8, 9),
    "links over the whole sheet": lambda content: _with(content, 0xE5, 10, 0, 0x1B8),
}


@pytest.mark.parametrize("change", OTHERWISE.values(), ids=OTHERWISE)
def test_what_other_programs_write_otherwise_is_read_alike(change, tmp_path):
    (grid,) = excel_grid.read_grids(_old_file(tmp_path, change))
    assert [grid.text(2, 1), grid.text(2, 2)] == ["虚构小学", "240"]


def test_a_stray_cell_in_the_last_row_of_an_old_workbook_is_read(tmp_path, monkeypatch):
    path = _old_file(tmp_path, lambda content: _with(content, 0xFD, 10, 4, 65_535, 255))
    (grid,) = excel_grid.read_grids(path)
    assert grid.text(65_536, 256) == "学校" and grid.text(2, 2) == "240"
    monkeypatch.setattr(excel_grid, "DEEPEST", 65_535)  # of all sheets together
    with pytest.raises(FactsError, match="工作表“Sheet”内容过多。请在该表按"):
        excel_grid.read_grids(path)


def test_chinese_of_excel_95_is_read(tmp_path):
    path = tmp_path / "旧.xls"
    path.write_bytes(of_excel_95("学校", "虚构小学"))
    (grid,) = excel_grid.read_grids(path)
    assert (grid.title, grid.text(1, 1)) == ("学校", "虚构小学")
