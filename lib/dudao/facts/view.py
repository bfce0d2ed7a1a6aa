"""Looking up one county's facts and claims by item, stage and year; absent means missing."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property, wraps
from typing import TYPE_CHECKING, Any, TypeVar

from dudao.base.rounding import half_unit
from dudao.facts import schema, units
from dudao.facts.cells import MISSING, NOT_APPLICABLE, REPORTED, UNIVERSAL
from dudao.facts.items import describe, item, item_named, part_named
from dudao.facts.plain_text import replaced
from dudao.facts.sheet_layout import EMPTY, SCHOOL_ATTRIBUTES
from dudao.law.dates import EvaluationYear

if TYPE_CHECKING:
    import pandas as pd

Result = TypeVar("Result")


@dataclass(frozen=True)
class Fact:
    """One value with its status, qualifier and cell; half_width is its printed rounding."""

    item: str
    stage: str
    data_year: int
    value: float = math.nan
    status: str = MISSING
    qualifier: str = ""
    cell: str = ""
    half_width: float = 0.0
    printed_at: str = ""

    @property
    def where(self) -> str:
        """Return the cell, and where the report prints the same figure."""
        return f"{self.cell}（{self.printed_at}）" if self.printed_at else self.cell

    @property
    def is_reported(self) -> bool:
        """Say whether the cell holds a number."""
        return self.status == REPORTED

    @property
    def is_missing(self) -> bool:
        """Say whether the cell is empty or was never there."""
        return self.status == MISSING

    @property
    def is_not_applicable(self) -> bool:
        """Say whether the county has nothing of the kind, which is neither zero nor missing."""
        return self.status == NOT_APPLICABLE

    @property
    def label(self) -> str:
        """Return the Chinese name with stage and year."""
        return f"{self.data_year}年{describe(self.item, self.stage)}"

    @property
    def request(self) -> str:
        """Return what to supply and where, for a value that is missing."""
        sheets = "/".join(item(self.item).sheets)
        return f"{self.label}（{self.cell or sheets}）"


@dataclass(frozen=True)
class Claim:
    """One figure that the county's report prints; value and half_width in the item's unit.

    part: the resource whose coefficient it is, of an item with one for each.
    """

    number: int
    section: str
    name: str
    item: str
    stage: str
    data_year: int
    value: float
    half_width: float
    printed: str
    decimals: int
    unit: str
    qualifier: str
    basis_note: str
    cell: str
    has_unit: bool = True
    formula: str = ""
    raw: float = math.nan
    size: float = 1.0
    part: str = ""

    @property
    def is_universal(self) -> bool:
        """Say whether print states it by a word such as 开齐开足 and gives no number."""
        return self.qualifier in UNIVERSAL

    @property
    def is_comparable(self) -> bool:
        """Say whether the figure is in a unit that can be compared and on the same basis."""
        return self.has_unit and not self.basis_note

    @property
    def reason(self) -> str:
        """Return why the figure is not comparable, "" if it is."""
        if self.has_unit:
            return self.basis_note
        return f"单位“{self.unit}”不能换算为“{item(self.item).unit}”"

    @property
    def position(self) -> str:
        """Return where the report prints it."""
        return f"报告{self.section}第{self.number}项"

    @property
    def source(self) -> str:
        """Return where the report prints it, and where that is recorded."""
        return f"{self.position}（{self.cell}）"


def cell_of(row: Any) -> str:
    """Return sheet!cell of a table row."""
    return f"{row.sheet}!{row.cell}"


def _claim(row: Any) -> Claim:
    code = row.item or item_named(row.name, row.stage, row.unit)
    factor = units.factor(row.unit, item(code).unit) if code else 1.0
    size = 1.0 if factor is None else factor
    shared = ("number", "section", "name", "stage", "data_year", "printed", "decimals", "unit")
    return Claim(
        **{name: getattr(row, name) for name in (*shared, "qualifier", "basis_note", "formula")},
        item=code,
        value=round(row.value * size, 9),
        half_width=half_unit(row.decimals) * size,
        has_unit=factor is not None,
        cell=cell_of(row),
        part=part_named(code, row.name) if code else "",
        raw=row.value,
        size=size,
    )


def _wide(rows: pd.DataFrame, listed: pd.DataFrame) -> pd.DataFrame:
    """Return a column for every item that schools of a stage have, and what is listed of each."""
    wide = rows.pivot(index="school", columns="item", values="value")
    blank = {name: EMPTY[kind] for name, kind in SCHOOL_ATTRIBUTES.items()}
    about = listed.set_index("school")[[*blank]].reindex(wide.index)
    return wide.assign(**about.fillna(blank).astype(SCHOOL_ATTRIBUTES))


@cache
def _no_school_rows() -> pd.DataFrame:
    return _wide(schema.empty("facts"), schema.empty("schools"))


def once_per_county(compute: Callable[..., Result]) -> Callable[..., Result]:
    """Compute a function of a county's facts once for them; nobody may change what is returned.

    A list is given as a copy. What is computed is told apart by texts, numbers and mappings; school
    rules belong to the facts, for a case with other rules has facts of its own.
    """

    @wraps(compute)
    def computed(facts: Facts, *arguments: Any) -> Any:
        given = (tuple(one.items()) if isinstance(one, Mapping) else one for one in arguments)
        what = (compute, *(one for one in given if isinstance(one, str | tuple | int)))
        if what not in facts.remembered:
            facts.remembered[what] = compute(facts, *arguments)
        result = facts.remembered[what]
        return list(result) if isinstance(result, list) else result

    return computed


def once_per_schools(compute: Callable[..., Result]) -> Callable[..., Result]:
    """Compute once what depends on school rows, exceptions and school rules alone.

    Facts take it over from others that differ in county figures only.
    """
    _OF_SCHOOLS.add(compute)
    return once_per_county(compute)


_OF_SCHOOLS: set[Callable[..., Any]] = set()


class Facts:
    """Read-only view of one submission: facts and claims of a county in an evaluation year."""

    def __init__(
        self,
        facts: pd.DataFrame,
        claims: pd.DataFrame,
        year: EvaluationYear,
        *,
        schools: pd.DataFrame | None = None,
        last_round: pd.DataFrame | None = None,
        exceptions: pd.DataFrame | None = None,
    ):
        self.table = facts
        self.school_table = schema.empty("schools") if schools is None else schools
        self.claim_table = claims
        self.last_round = schema.empty("last_round") if last_round is None else last_round
        self.exceptions = schema.empty("exceptions") if exceptions is None else exceptions
        self.year = year
        self.remembered: dict[tuple[Any, ...], Any] = {}  # see `once_per_county`

    @cached_property
    def _by_key(self) -> dict[tuple[Any, ...], Fact]:
        names = ("item", "stage", "data_year", "value", "status", "qualifier")
        county_rows = self.table[self.table["school"] == ""]
        return {
            (row.item, row.stage, row.data_year): Fact(
                **{name: getattr(row, name) for name in names}, cell=cell_of(row)
            )
            for row in county_rows.itertuples()
        }

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """Every printed figure, in the order of the report."""
        return tuple(_claim(row) for row in self.claim_table.itertuples(index=False))

    @cached_property
    def _claims_by_key(self) -> dict[tuple[Any, ...], list[Claim]]:
        by_key: dict[tuple[Any, ...], list[Claim]] = {}
        for claim in self.claims:
            year = claim.data_year or self.year.data_year
            by_key.setdefault((claim.item, claim.stage, year, claim.part), []).append(claim)
        return by_key

    def get(self, code: str, stage: str = "all", data_year: int | None = None) -> Fact:
        """Return a county-level fact; one that was never filled in is missing, not absent."""
        data_year = data_year or self.year.data_year
        fact = self._by_key.get((code, stage, data_year), Fact(code, stage, data_year))
        claim = self.claim(code, stage, data_year)
        if claim is None or not claim.has_unit:
            return fact
        return replace(fact, half_width=claim.half_width, printed_at=claim.position)

    def claim(
        self, code: str, stage: str = "all", data_year: int | None = None, part: str = ""
    ) -> Claim | None:
        """Return the figure the report prints for a quantity, one on the same basis first.

        An undated figure counts for the data year. part: of an item with a figure for each.
        """
        key = (code, stage, data_year or self.year.data_year, part)
        candidates = self._claims_by_key.get(key, ())
        return min(candidates, key=lambda claim: not claim.is_comparable, default=None)

    @once_per_county
    def school_names(self) -> dict[str, str]:
        """Return the names of schools and kindergartens by code, as any machine can show them."""
        codes, names = self.school_table["school"], self.school_table["name"]
        return dict(zip(codes, map(replaced, names), strict=True))

    def schools(self, stage: str, codes: tuple[str, ...]) -> pd.DataFrame:
        """Return school rows of a stage: index school, a column per item (NaN if missing).

        Further columns: SCHOOL_ATTRIBUTES, as kind and location ("" if not given), built (0).
        """
        return self._school_rows(stage).reindex(columns=[*codes, *SCHOOL_ATTRIBUTES])

    @once_per_schools
    def rows_of_schools(self) -> pd.DataFrame:
        """Return the figures of schools in the data year, as they are stored."""
        table, year = self.table, self.year.data_year
        return table[(table["school"] != "") & (table["data_year"] == year)]

    @once_per_schools
    def _school_rows(self, stage: str) -> pd.DataFrame:
        """Return every item that any school of a stage has, and what is known of each school."""
        rows = self.rows_of_schools()
        rows = rows[rows["stage"] == stage]
        if rows.empty:
            return _no_school_rows()
        return _wide(rows, self.school_table[self.school_table["stage"] == stage])

    def added_by_exception(self, code: str) -> pd.DataFrame:
        """Return what exceptions add to schools: columns school, amount, matter, document.

        Only rows that name a reason, a document and an amount count.
        """
        table = self.exceptions
        counted = (table["item"] == code) & (table["amount"] > 0)
        declared = (table["document"] != "") & (table["reason"] != "")
        return table.loc[counted & declared, ["school", "amount", "matter", "document"]]

    def take_over(self, other: Facts) -> None:
        """Keep a view's county figures, and what it computed of school rows, where they are ours.

        A supposed county figure leaves every school as it is; nothing else is taken over.
        """
        if self.table is other.table:
            self._by_key = other._by_key
        tables = ("school_table", "exceptions", "last_round")
        if self.year != other.year or any(
            getattr(self, name) is not getattr(other, name) for name in tables
        ):
            return
        rows, others = (view.table[view.table["school"] != ""] for view in (self, other))
        if rows.reset_index(drop=True).equals(others.reset_index(drop=True)):
            for what, result in other.remembered.items():
                if what[0] in _OF_SCHOOLS:
                    self.remembered.setdefault(what, result)
