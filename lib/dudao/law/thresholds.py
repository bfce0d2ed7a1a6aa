"""Dated thresholds: value at a date, citation, local overlays with precedence."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dudao.base.errors import LawError, nearest
from dudao.law.areas import NATIONAL, areas_of, chain, law_files, read_yaml
from dudao.law.county_kinds import Membership, membership
from dudao.law.dates import EvaluationYear
from dudao.law.exemptions import Exemption, exemptions_of
from dudao.law.rules_check import HELP, is_partial, rules_problem
from dudao.law.values import DatedValue, Reference

if TYPE_CHECKING:
    from dudao.law.framework import Point


@dataclass(frozen=True)
class Threshold:
    """One rule that a value is compared with.

    role: pass, veto (一票否决: one case is enough to fail), or reference (judges nobody).
    topics: what it is about; a veto may be about several. areas: for whom its file is written;
    area: whose rule it is (what is written for several provinces is the nation's).
    """

    id: str
    label: str
    item: str
    stage: str
    topics: tuple[str, ...]
    compare: str
    unit: str
    decimals: int
    role: str
    status: str
    values: tuple[DatedValue, ...]
    areas: tuple[str, ...]
    file: str
    date_rule: str = "calendar_year"
    checked_on: date | None = None
    note: str = ""
    group: str = ""
    exemptions: tuple[Exemption, ...] = ()
    area: str = NATIONAL

    def at(self, day: date) -> DatedValue:
        """Return the value in force on a day; LawError before the first one."""
        in_force = [value for value in self.values if value.start <= day]
        if in_force:
            return in_force[-1]
        first = self.values[0].start
        raise LawError(
            f"标准“{self.label}”（{self.id}）在 {day} 尚未施行："
            f"最早施行日为 {first}（{self.file}）。"
        )

    def in_force(self, day: date) -> bool:
        """Say whether the threshold has a value on a day."""
        return self.values[0].start <= day

    def in_year(self, year: EvaluationYear) -> DatedValue | None:
        """Return the value that judges an evaluation year; None where none is in force yet."""
        day = year.law_date(self.date_rule)
        return self.at(day) if self.in_force(day) else None


@dataclass(frozen=True)
class Law:
    """All thresholds for one area, the more local file overriding the more general one."""

    thresholds: dict[str, Threshold]
    area: str

    def __getitem__(self, name: str) -> Threshold:
        if name not in self.thresholds:
            raise LawError(f"没有名为“{name}”的标准{nearest(name, self.thresholds)}。")
        return self.thresholds[name]

    def value(self, name: str, year: EvaluationYear) -> DatedValue:
        """Return a threshold's value for an evaluation year."""
        threshold = self[name]
        return threshold.at(year.law_date(threshold.date_rule))

    def number(self, name: str, year: EvaluationYear) -> float:
        """Return a threshold's value for an evaluation year as a number, NaN if none was found."""
        value = self.value(name, year).value
        return math.nan if value is None else value

    def assuming(self, values: Mapping[str, float]) -> Law:
        """Return the law with some thresholds at assumed values, at every date.

        A rule that is not in force for the area stays out.
        """
        assumed = Reference("情景假设", convention=True)
        changed = {
            name: replace(self.thresholds[name], values=(DatedValue(date.min, value, assumed),))
            for name, value in values.items()
            if name in self.thresholds
        }
        return Law({**self.thresholds, **changed}, self.area)

    def about(self, topics: Iterable[str]) -> tuple[Threshold, ...]:
        """Return the thresholds about some topics, in the order of the files."""
        wanted = set(topics)
        return tuple(t for t in self.thresholds.values() if wanted & set(t.topics))

    def of_points(self, points: Iterable[Point]) -> tuple[Threshold, ...]:
        """Return the thresholds that decide some points, in the order of the files."""
        listed = tuple(points)
        rules = self.thresholds.values()
        return tuple(t for t in rules if any(p.takes(t.id, t.topics) for p in listed))

    def of_group(self, group: str) -> tuple[Threshold, ...]:
        """Return the thresholds that make up one composite rule, overlays included."""
        return tuple(t for t in self.thresholds.values() if t.group == group)


def _dated(raw: dict[date, Any], references: dict[str, Reference]) -> tuple[DatedValue, ...]:
    return tuple(
        DatedValue(
            start=start,
            value=entry["value"],
            reference=references[entry["reference"]],
            clause=entry.get("clause", ""),
            also=tuple(references[name] for name in entry.get("also", ())),
            kinds=tuple(entry.get("kinds", {}).items()),
        )
        for start, entry in sorted(raw.items())
    )


def _fields(
    name: str, entry: dict[str, Any], references: dict[str, Reference], common: dict[str, Any]
) -> dict[str, Any]:
    """Return what an entry of a file says, by the fields of a threshold; it may leave some out."""
    fields = {"id": name, **common, **entry}
    if "values" in fields:
        fields["values"] = _dated(fields["values"], references)
    if "topic" in fields:
        fields["topics"] = areas_of(fields.pop("topic"))
    if "exemptions" in fields:
        fields["exemptions"] = exemptions_of(fields["exemptions"])
    return fields


def _changed(general: Threshold, fields: dict[str, Any]) -> Threshold:
    """Return a rule with what an overlay changes of it: values before the first of its own stay."""
    values = fields.get("values", ())
    kept = (value for value in general.values if not values or value.start < values[0].start)
    return replace(general, **{**fields, "values": (*kept, *values)})


@cache
def _file_thresholds(path: Path) -> tuple[Threshold | dict[str, Any], ...]:
    """Return the rules of a file; of those that change a more general one, the changed fields."""
    raw = read_yaml(path)
    references = {key: Reference(**value) for key, value in raw["references"].items()}
    common = {"areas": areas_of(raw["area"]), "file": path.name, "checked_on": raw["checked_on"]}
    read: list[Threshold | dict[str, Any]] = []
    for name, entry in raw["thresholds"].items():
        fields = _fields(name, entry, references, common)
        read.append(fields if is_partial(entry) else Threshold(**{"topics": (), **fields}))
    return tuple(read)


def _loaded(path: Path) -> tuple[Threshold | dict[str, Any], ...]:
    if problem := rules_problem(read_yaml(path)):
        raise LawError(f"标准文件 {path.name}：{problem}。请对照 {HELP} 更正后重试。")
    return _file_thresholds(path)


@cache
def _rules(files: tuple[Path, ...]) -> tuple[Threshold, ...]:
    """Return every rule of files, whole: what an overlay leaves out is that of the general rule.

    LawError where there is no such rule to change.
    """
    entries = [entry for path in files for entry in _loaded(path)]
    whole = {number: entry for number, entry in enumerate(entries) if isinstance(entry, Threshold)}
    changes = [(n, entry) for n, entry in enumerate(entries) if isinstance(entry, dict)]
    for number, fields in sorted(changes, key=lambda pair: (len(pair[1]["areas"][0]), pair[0])):
        above = chain(fields["areas"][0])[:-1]
        general = [
            (above.index(area), depth, rule)
            for depth, rule in whole.items()
            for area in rule.areas
            if rule.id == fields["id"] and area in above
        ]
        if not general:
            raise LawError(
                f"标准文件 {fields['file']}：标准“{fields['id']}”没有写全，"
                f"上级也没有同名的标准可依。请对照 {HELP} 写全各项后重试。"
            )
        whole[number] = _changed(max(general, key=lambda candidate: candidate[:2])[2], fields)
    return tuple(whole[number] for number in range(len(entries)))


def all_thresholds() -> tuple[Threshold, ...]:
    """Return every rule of every file, whatever its area."""
    return _rules(law_files("thresholds"))


def law_for(area: str = "") -> Law:
    """Return the law of an area (a county code or its first digits).

    Precedence, later wins: nation, province (2 digits), city (4), county (6); within one area the
    built-in files, then the added ones, each in the order of their names.
    """
    files = law_files("thresholds")
    return Law(_merged(levels(area), membership(area), files), area)


def levels(area: str) -> tuple[str, ...]:
    """Return the areas with rules of their own that hold for an area, the most local last.

    Most counties share them with all others, and with them one law.
    """
    ruling = _ruling_areas(law_files("thresholds"))
    return tuple(level for level in chain(area) if level in ruling)


@cache
def _ruling_areas(files: tuple[Path, ...]) -> frozenset[str]:
    return frozenset(area for rule in _rules(files) for area in rule.areas)


@cache
def _merged(
    levels: tuple[str, ...], kinds: Membership, files: tuple[Path, ...]
) -> dict[str, Threshold]:
    rules = _rules(files)
    return {
        t.id: replace(
            t,
            area=level if len(t.areas) == 1 else NATIONAL,
            values=tuple(value.for_county(kinds) for value in t.values),
        )
        for level in levels
        for t in rules
        if level in t.areas
    }
