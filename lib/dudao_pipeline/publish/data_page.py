"""The page of what a county submitted: every row of every sheet, so that a source is a link."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from dudao.facts import sheet_layout
from dudao.facts.items import STAGES, items
from dudao.facts.store import Stored
from dudao.show.words import reported_text
from dudao_pipeline.intake import sheet_headers
from dudao_pipeline.publish.pages.page_tables import SLUGS
from dudao_pipeline.publish.site.site_pages import render

SHOWN = {  # of a register: the columns of its stored table, under the heads of the sheet
    sheet_layout.EVIDENCE: ("point", "title", "number"),
    sheet_layout.CLAIMS: ("section", "name", "data_year", "printed"),
    sheet_layout.EXCEPTIONS: ("name", "matter", "reason"),
    sheet_layout.LAST_ROUND: ("point", "problem", "state"),
    sheet_layout.SELF_RATINGS: ("point", "rating", "reason"),
}
_CELL = re.compile(r"([A-Z]+)(\d+)")


@dataclass(frozen=True)
class SheetRows:
    """One sheet: name, slug, heads, rows by their number."""

    name: str
    slug: str
    heads: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def _at(cell: str) -> tuple[int, str]:
    """Return row number and column of a cell, columns in the order of a spreadsheet."""
    match = _CELL.fullmatch(cell)
    return (int(match[2]), match[1].rjust(3)) if match else (0, cell)


def _facts_by_row(facts: pd.DataFrame) -> dict[int, dict[str, object]]:
    """Return the facts of a sheet by row number and column."""
    by_row: dict[int, dict[str, object]] = {}
    for fact in facts.itertuples(index=False):
        row, column = _at(fact.cell)
        by_row.setdefault(row, {})[column] = fact
    return {row: by_row[row] for row in sorted(by_row)}


def _county(facts: pd.DataFrame) -> SheetRows:
    rows = _facts_by_row(facts)
    years = sorted({fact.data_year for cells in rows.values() for fact in cells.values()})
    shown = []
    for number, cells in rows.items():
        first = next(iter(cells.values()))
        by_year = {fact.data_year: reported_text(fact) for fact in cells.values()}
        name = (items()[first.item].label, STAGES[first.stage], items()[first.item].unit)
        shown.append((number, (*name, *(by_year.get(year, "") for year in years))))
    heads = ("指标", "学段", "单位", *(f"{year}年" for year in years))
    return SheetRows(sheet_layout.COUNTY, SLUGS[sheet_layout.COUNTY], heads, tuple(shown))


def _wide(name: str, facts: pd.DataFrame, schools: pd.DataFrame) -> SheetRows:
    """Return a sheet of schools, or of funds: a row each, a column per item."""
    rows = _facts_by_row(facts)
    columns: dict[str, str] = {}
    for cells in rows.values():
        for column, fact in cells.items():
            columns.setdefault(column, _head(fact))
    titles = {_at(row.cell)[0]: row.name for row in schools.itertuples(index=False)}
    order = sorted(columns)
    shown = []
    for number, cells in rows.items():
        first = next(iter(cells.values()))
        is_programme = first.sheet == sheet_layout.FUNDS
        programme = items()[first.item].label.partition("（")[0] if is_programme else ""
        values = (reported_text(cells[column]) if column in cells else "" for column in order)
        shown.append((number, (titles.get(number) or programme, STAGES[first.stage], *values)))
    heads = ("名称", "学段", *(columns[column] for column in order))
    return SheetRows(name, SLUGS[name], heads, tuple(shown))


def _head(fact) -> str:
    tier = fact.item.rpartition("_")[2]
    if fact.sheet == sheet_layout.FUNDS:
        heads = {name: head for head, name in sheet_headers.TIER_COLUMNS.items()}
        return heads.get(tier, tier)
    declared = items()[fact.item]
    return f"{declared.label}（{declared.unit}）" if declared.unit else declared.label


def _register(name: str, table: pd.DataFrame) -> SheetRows:
    rows = [
        (_at(row["cell"])[0], tuple(str(row[column] or "") for column in SHOWN[name]))
        for _, row in table.iterrows()
    ]
    heads = tuple(sheet_headers.header_of(name, column) for column in SHOWN[name])
    return SheetRows(name, SLUGS[name], heads, tuple(rows))


def sheets_of(stored: Stored) -> Iterator[SheetRows]:
    """Yield every sheet of a submission that has rows, in the order of the workbook."""
    layout = sheet_layout
    for name in (layout.COUNTY, layout.FUNDS, layout.SCHOOLS, layout.KINDERGARTENS):
        facts = stored.facts[stored.facts["sheet"] == name]
        if facts.empty:
            continue
        schools = stored.schools[stored.schools["sheet"] == name]
        yield _county(facts) if name == sheet_layout.COUNTY else _wide(name, facts, schools)
    for name in SHOWN:
        table = getattr(stored, sheet_layout.TABLE_OF[name])
        if not table.empty:
            yield _register(name, table)


def data_page(stored: Stored) -> str:
    """Return the page of a submission: a table per sheet, each row with an anchor."""
    sheets = list(sheets_of(stored))
    return render("data", meta=stored.meta, sheets=sheets, data_version=stored.digest[:12])
