"""Applying a scenario to one submission: a pure function; it lists every changed figure."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from dudao.base.errors import ScenarioError, nearest
from dudao.base.rounding import plain, round_half_up
from dudao.facts import schema
from dudao.facts.cells import MISSING, NOT_APPLICABLE, REPORTED
from dudao.facts.items import WHOLE_UNITS, describe, item
from dudao.facts.store import Stored
from dudao.law.dates import EvaluationYear
from dudao.scenarios.scenario_files import ADD, MULTIPLY, SET, Change, Scenario

if TYPE_CHECKING:
    import pandas as pd

SHEET = "情景"  # stands where a reported figure names its sheet
CLAIMS_LEFT_OUT = "情景推演不采用、不核对报告所列数据：它们说的是实际数据"
_NOISE = 9  # decimals; beyond them a product holds binary noise only
_ALL = 100  # per cent
_RESULTS: dict[str, Callable[[float, float], float]] = {
    SET: lambda _before, amount: amount,
    ADD: lambda before, amount: before + amount,
    MULTIPLY: lambda before, amount: before * amount,
}
_ABSENT = {MISSING: "未报", NOT_APPLICABLE: "填为不涉及"}


@dataclass(frozen=True)
class Effect:
    """One changed figure: what, whose (a school's name, or empty), before and after.

    before is NaN where nothing was reported; status says why, qualifier what print said beside it.
    """

    label: str
    school: str
    unit: str
    before: float
    status: str
    qualifier: str
    after: float


@dataclass(frozen=True)
class Applied:
    """A scenario with all that it changed in one submission."""

    scenario: Scenario
    effects: tuple[Effect, ...]


@dataclass(frozen=True)
class _Target:
    """The figures that one change is about, in one submission."""

    scenario: Scenario
    change: Change
    stored: Stored
    year: EvaluationYear

    @property
    def data_year(self) -> int:
        return int(getattr(self.year, self.change.year))

    @property
    def what(self) -> str:
        """Name the figure in an error: year, stage if one is given, item, school if any."""
        change, declared = self.change, item(self.change.item)
        label = describe(change.item, change.stage) if change.stage else declared.label
        return f"{self.data_year}年{label}{f'（{change.school}）' if change.school else ''}"

    def error(self, what: str) -> ScenarioError:
        return self.scenario.error(f"{self.stored.meta['county']} {what}", self.change)

    def rows(self, facts: pd.DataFrame) -> pd.DataFrame:
        """Return the rows that the change names; none is an error, except for a county's set."""
        self._check_school()
        change = self.change
        matching = facts[
            (facts["item"] == change.item)
            & (facts["data_year"] == self.data_year)
            & (facts["school"] == change.school)
        ]
        if change.stage:
            matching = matching[matching["stage"] == change.stage]
        if matching.empty and (change.school or change.operation != SET):
            hint = "学校只有数据年的数。" if change.school else "请先报送，或改用 set。"
            raise self.error(f"没有“{self.what}”这个数。请核对代码、学段和 year；{hint}")
        self._check_single(matching)
        return matching

    def _check_school(self) -> None:
        codes = set(self.stored.schools["school"])
        if self.change.school and self.change.school not in codes:
            hint = nearest(self.change.school, sorted(codes))
            raise self.error(f"没有代码为“{self.change.school}”的学校或幼儿园{hint}。请核对代码。")

    def _check_single(self, rows: pd.DataFrame) -> None:
        """Only a product may be taken of several stages at once."""
        change = self.change
        stages = tuple(rows["stage"]) if change.school else item(change.item).stages
        if change.operation != MULTIPLY and not change.stage and len(stages) > 1:
            raise self.error(f"“{self.what}”有几个学段。请用 stage 写明：{'、'.join(stages)}。")

    def changed(self, row: dict[str, Any]) -> dict[str, Any]:
        """Return a row as the scenario has it: reported, exact, its place in the scenario."""
        file, value = self.scenario.file, self._value(row["value"])
        new = {"value": value, "status": REPORTED, "qualifier": "", "note": self.scenario.title}
        source = {"file": file, "sheet": SHEET, "cell": f"{file}第{self.change.number}条"}
        return {**row, **new, **source}

    def _value(self, before: float) -> float:
        """Return the new value; what could not be reported is refused, a product made whole."""
        change, unit = self.change, item(self.change.item).unit
        whole = unit in WHOLE_UNITS
        value = round(_RESULTS[change.operation](before, change.amount), _NOISE)
        if change.operation == MULTIPLY and whole:
            value = round_half_up(value, 0)
        if value < 0 and unit != "百分点":
            raise self.error(f"“{self.what}”会成为负数{plain(value)}。请改小减少的数。")
        if whole and value != int(value):
            raise self.error(f"“{self.what}”会成为{plain(value)}，但以“{unit}”计须是整数。请改数。")
        if unit == "%" and value > _ALL:
            raise self.error(f"“{self.what}”会成为{plain(value)}%，超过100%。请改数。")
        return value

    def effect(self, before: dict[str, Any], after: dict[str, Any]) -> Effect:
        names = self.stored.schools.drop_duplicates("school").set_index("school")["name"]
        return Effect(
            label=f"{before['data_year']}年{describe(before['item'], before['stage'])}",
            school=names[before["school"]] if before["school"] else "",
            unit=item(before["item"]).unit,
            before=before["value"],
            status=before["status"],
            qualifier=before["qualifier"],
            after=after["value"],
        )

    def numbers(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Return the rows that the change can be made in: nothing is added to what is no number."""
        reported = rows[rows["status"] == REPORTED]
        if self.change.operation == SET:
            return rows
        if reported.empty:
            why = _ABSENT[rows["status"].iloc[0]]
            raise self.error(f"“{self.what}”{why}，不能增减或乘。请改用 set，或删去这一条。")
        return reported

    def missing_row(self) -> dict[str, Any]:
        """Return the row of a county's figure that was never reported."""
        stage = self.change.stage or item(self.change.item).stages[0]
        meta = self.stored.meta
        return {
            **{"county": str(meta["county"]), "year": self.year.year, "school": ""},
            **{"data_year": self.data_year, "item": self.change.item, "stage": stage},
            **{"value": math.nan, "status": MISSING, "qualifier": ""},
        }


def applied(scenario: Scenario, stored: Stored, year: EvaluationYear) -> tuple[Stored, Applied]:
    """Return the submission as the scenario has it, without the report's printed figures."""
    county = str(stored.meta["county"])
    if scenario.counties and county not in scenario.counties:
        allowed = "、".join(scenario.counties)
        raise scenario.error(f"只用于{allowed}，不用于{county}。请换县，或补入 counties。")
    facts, effects = stored.facts, []
    for change in scenario.changes:
        target = _Target(scenario, change, stored, year)
        pairs = list(_pairs(target, facts))
        facts = _with(facts, [(at, after) for at, _, after in pairs])
        effects += [target.effect(before, after) for _, before, after in pairs]
    assumed = replace(stored, facts=facts, claims=schema.empty("claims"))
    return assumed, Applied(scenario, tuple(effects))


def _pairs(
    target: _Target, facts: pd.DataFrame
) -> Iterator[tuple[int, dict[str, Any], dict[str, Any]]]:
    """Yield place in the table, row before and row after of every figure that changes."""
    rows = target.rows(facts)
    if rows.empty:
        before = target.missing_row()
        yield len(facts), before, target.changed(before)
        return
    for at, row in target.numbers(rows).iterrows():
        yield at, dict(row), target.changed(dict(row))


def _with(facts: pd.DataFrame, changed: list[tuple[int, dict[str, Any]]]) -> pd.DataFrame:
    import pandas as pd

    rows = pd.DataFrame([row for _, row in changed], index=[at for at, _ in changed])
    kept = facts.drop(index=[at for at, _ in changed if at in facts.index])
    return pd.concat([kept, rows[list(facts.columns)].astype(schema.FACTS)]).sort_index()
