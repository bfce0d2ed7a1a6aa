"""Each single fault of a filled workbook is found at its cell.

A fault is written into the XML of its one sheet and read from there; the sheets beside it are
those that were read once.
"""

import shutil
from xml.sax.saxutils import escape

import openpyxl
import pytest

from dudao_pipeline.intake import book_reading, checks, excel_grid
from dudao_pipeline.intake.excel_grid import read_grids
from dudao_pipeline.intake.grid_reading import read_grid
from dudao_pipeline.intake.submission import read_submission
from tests.cases.faults import FAULTS
from tests.cases.filled import cell_of, write_filled
from tests.cases.odd_workbooks import Parts


class Filled:
    """The filled workbook, read once: its file, its parts, its cells, its grids."""

    def __init__(self, path):
        self.path = path
        self.parts = Parts.of(path.read_bytes())
        self.book = openpyxl.load_workbook(path)
        self.grids, self.sheets = read_grids(path), {}
        self.rest = {name for name in self.parts.parts if "/sheet" not in name}

    def read_grid(self, grid, *more):
        """Read a sheet; those beside the changed one give what they gave before."""
        if not any(grid is one for one in self.grids):
            return read_grid(grid, *more)
        key = (grid.title, *more)
        if key not in self.sheets:
            self.sheets[key] = read_grid(grid, *more)
        sheet, findings = self.sheets[key]
        return sheet, list(findings)

    def cell(self, sheet, key, column):
        return cell_of(self.book[sheet], key, column)

    def write(self, sheet, cell, text, path):
        """Write the parts that this one sheet needs, with a text in one of its cells."""
        kept = {self.parts.sheets[sheet], *self.rest}
        parts = Parts({name: self.parts.parts[name] for name in kept}, self.parts.sheets)
        style = cell.style_id
        if text.startswith("="):
            parts.cell(sheet, cell.coordinate, f"<f>{escape(text[1:])}</f><v></v>", style=style)
        elif text.startswith("#"):
            parts.cell(sheet, cell.coordinate, f"<v>{text}</v>", "e", style)
        elif text:
            inner = f'<is><t xml:space="preserve">{escape(text)}</t></is>'
            parts.cell(sheet, cell.coordinate, inner, "inlineStr", style)
        else:
            parts.cell(sheet, cell.coordinate, "", style=style)
        path.write_bytes(parts.content())


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    return Filled(write_filled(tmp_path_factory.mktemp("filled")))


@pytest.fixture(scope="module")
def folder(tmp_path_factory, filled):
    folder = tmp_path_factory.mktemp("faults")
    shutil.copy(filled.path, folder)
    return folder


def _placed(code, own, filled):
    """Return code@sheet!cell: of the typed cell, as given, or of a figure of the data year."""
    if "@" not in code:
        return f"{code}{own}"
    place, _, key = code.partition("!")
    if "/" not in key:
        return code
    return f"{place}!{filled.cell(place.partition('@')[2], key, '数据年').coordinate}"


@pytest.mark.parametrize(
    ("sheet", "key", "column", "text", "expected"),
    FAULTS,
    ids=[f"{sheet}-{column}-{text}" for sheet, _, column, text, _ in FAULTS],
)
def test_a_single_fault_is_found_at_its_cell(
    filled, folder, monkeypatch, sheet, key, column, text, expected
):
    cell, path = filled.cell(sheet, key, column), folder / filled.path.name
    filled.write(sheet, cell, text, path)
    (changed,) = read_grids(path, lambda title: title == sheet)
    grids = [changed if grid.title == sheet else grid for grid in filled.grids]
    monkeypatch.setattr(excel_grid, "read_grids", lambda path: grids)
    monkeypatch.setattr(book_reading, "read_grid", filled.read_grid)
    found = [f"{f.code}@{f.sheet}!{f.cell}" for f in read_submission(path).findings]
    wanted = [
        _placed(code, f"@{sheet}!{cell.coordinate}", filled) for code in expected if code != "..."
    ]
    assert (found[: len(wanted)] if "..." in expected else found) == wanted


def test_there_is_a_fault_for_every_check_and_habit():
    tried = {code.partition("@")[0] for *_, codes in FAULTS for code in codes}
    covered_elsewhere = {"R05", "I05", "J02", "L01", "L02", "L03", "K03", "K10", "K13", "Q01"}
    covered_elsewhere |= {"C06", "C07", "P11", "P12", "U01", "U02", "U03", "U04"}
    assert set(checks.codes()) <= tried | covered_elsewhere
    assert len(FAULTS) >= 60
