"""The sheets of a book: which is which by its name, else by its header; none is left out unsaid."""

from collections.abc import Iterable

from dudao.facts.sheet_layout import (
    COUNTY,
    EVIDENCE,
    FUNDS,
    GUIDE,
    SELF_RATINGS,
    columns_of,
)
from dudao.law.dates import EvaluationYear
from dudao_pipeline.intake.cell_reading import year_of
from dudao_pipeline.intake.findings import Finding, of_reading
from dudao_pipeline.intake.grid_reading import HEADER_WORDS, find_header, guide_of, read_grid
from dudao_pipeline.intake.headers import column_of, guide_key, plain
from dudao_pipeline.intake.sheet import Grid, Sheet
from dudao_pipeline.intake.sheet_headers import SHEETS, YEAR_COLUMNS

ALIKE = 0.6  # of a sheet's required columns: more of them make another sheet one of that kind
_NAMES = {plain(name): name for name in (GUIDE, *SHEETS)}
# What the template itself writes into a sheet.
_GIVEN = {
    sheet: frozenset(c.header for c in columns_of(sheet) if c.marks & {"key", "fixed"})
    for sheet in (FUNDS, EVIDENCE, SELF_RATINGS)
}
_GIVEN[COUNTY] = frozenset(SHEETS[COUNTY].columns) - {*YEAR_COLUMNS, "备注"}


def _kind_of(grid: Grid) -> str:
    """Return the sheet whose header or entries a grid has, "" for none."""
    if len(_entries(grid)) >= HEADER_WORDS:
        return GUIDE
    for name, layout in SHEETS.items():
        if header := find_header(grid, name):
            columns = {column_of(name, text) for text in header[1]} & set(layout.required)
            if len(columns) >= ALIKE * len(layout.required):
                return name
    return ""


def _entries(grid: Grid) -> dict[str, str]:
    """Return the entries of a guide sheet by key."""
    lines = [{i: raw.text for i, raw in line.items()} for line in guide_of(grid).rows.values()]
    entries = {guide_key(line.get(1, "")): line.get(2, "") for line in lines}
    return {key: text for key, text in entries.items() if key and text}


def _rows(grid: Grid, name: str, file: str) -> list[dict[str, str]]:
    if name == GUIDE:
        return [_entries(grid)]
    sheet, _ = read_grid(grid, name, file)
    return [line for _, line in sheet.rows] if sheet else []


def _is_filled(name: str, lines: list[dict[str, str]]) -> bool:
    """Say whether a sheet holds more than the words that the template itself writes into it."""
    given = _GIVEN.get(name, frozenset())
    return any(text for line in lines for column, text in line.items() if column not in given)


def _why_left(grid: Grid, name: str, read: Grid | None, file: str) -> str:
    """Say why a sheet that looks like a known one may be left out, "" where it may hold data."""
    if not grid.visible:
        return "是隐藏的"
    lines = _rows(grid, name, file)
    is_same = read is not None and lines == _rows(read, name, file)
    return "没有另外的数据" if is_same or not _is_filled(name, lines) else ""


def _by_name(grids: Iterable[Grid], file: str, findings: list[Finding]) -> dict[str, Grid]:
    """Return the grid of each sheet: the one of its name, else the only one with its header.

    One of another name that looks like a sheet and has data of its own is an error.
    """

    def tell(name: str, sheet: str, /, **words: str) -> None:
        findings.append(of_reading(name, file, sheet, **words))

    by_name: dict[str, Grid] = {}
    alike: dict[str, list[Grid]] = {}
    for grid in grids:
        name = _NAMES.get(plain(grid.title), "")
        if name in by_name:
            tell("sheet_twice", name)
        elif name:
            by_name[name] = grid
            if not grid.visible:
                tell("hidden", name, hidden="工作表")
        elif kind := _kind_of(grid):
            alike.setdefault(kind, []).append(grid)
        elif grid.visible:  # hidden sheets of unknown name hold drop-down lists
            tell("sheet_unknown", grid.title)
    for name, similar in alike.items():
        visible = [grid for grid in similar if grid.visible]
        if name not in by_name and len(visible) == 1:
            by_name[name] = visible[0]
            title = visible[0].title
            tell("sheet_read_as", title, title=title, kind=name)
            continue
        for grid in similar:
            if why := _why_left(grid, name, by_name.get(name), file):
                tell("sheet_left_out", grid.title, kind=name, why=why)
            else:
                tell("sheet_contested", grid.title, kind=name)
    return by_name


def read_sheets(
    grids: Iterable[Grid], file: str, year: EvaluationYear | None = None
) -> tuple[dict[str, Sheet], list[Finding]]:
    """Read sheets by name; findings name every cell that cannot stand and every sheet left out.

    year: the evaluation year that headers with a year must agree with; else the guide states it.
    """
    findings: list[Finding] = []
    by_name = _by_name(grids, file, findings)
    if year is None and GUIDE in by_name:
        stated = year_of(_entries(by_name[GUIDE]).get("year", ""))
        year = EvaluationYear(stated) if stated else None
    sheets = {}
    for name, grid in by_name.items():
        sheet, problems = read_grid(grid, name, file, year)
        findings += problems
        sheets |= {name: sheet} if sheet else {}
    return sheets, findings
